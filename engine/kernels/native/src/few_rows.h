// The forward run of very few rows, as in inference. A thread of its own for each group of rows would leave the others idle: here the
// threads share the units of the state, and each keeps the weights of its own in its core's cache.
#pragma once

#include "forward_rows.h"

namespace unroll::UNROLL_ISA {

constexpr int kFewRows = 4;
// Steps whose input products are made at once.
constexpr int kStepsAhead = 64;
// Products of a step that are worth another thread, and of a run that are worth waking it.
constexpr long kStepWork = 1l << 15;
constexpr long kRunWork = 1l << 21;

// Sums with the input's products only, of the steps `first` … `last`-1 of a unit: `[step and row][sums][lanes]`.
template <class Cell>
void products_ahead(const ForwardTask& task, int d, const Chunk& chunk, const Unit<Cell>& unit, int first, int last, const Factor* packed,
                    const float* bias, const float** x, float* sums) {
  int pairs = 0;
  for (int s = first; s < last; s++)
    for (int row = 0; row < chunk.live[s]; row++)
      x[pairs++] = task.x + position(task.direction[d], task.sizes, chunk, row, s) * task.sizes.input;
  const int input = task.sizes.input;
  Cell::products({x, input, nullptr, 0, pairs, packed + unit.packed_at(input, task.sizes.hidden), bias + unit.first * Cell::kGroups * kLanes, 0, sums},
                 unit.width);
}

template <class Cell>
void forward_few_rows(const ForwardTask& task, Factor* const* packed, float* const* bias) {
  using Rows = ForwardRows<Cell>;
  const Chunk& chunk = task.direction[0].chunk[0];
  const int input = task.sizes.input;
  const int hidden = task.sizes.hidden;
  const int directions = task.directions;
  const long step_work = static_cast<long>(directions) * chunk.count * Cell::kGates * hidden * hidden;
  const long run_work = static_cast<long>(directions) * (chunk.steps * chunk.count + 1) * Cell::kGates * hidden * (hidden + input);
  const long wanted = run_work < kRunWork ? 1 : 1 + step_work / kStepWork;
  const int threads = static_cast<int>(least(wanted, static_cast<long>(thread_count())));
  const int all = units<Cell>(hidden);
  const int pieces = threads == 1 ? 1 : least(all, 2 * threads);  // of each direction
  const int share = pieces % threads == 0 ? directions * pieces / threads : 1;  // of each thread, as far as it is the same

  const long pairs = static_cast<long>(kStepsAhead) * chunk.count;
  const long own = Rows::own_bytes(task, chunk) + Memory::bytes<float*>(pairs), state = Rows::state_bytes(task, chunk);
  const long ahead = least(static_cast<long>(chunk.steps), static_cast<long>(kStepsAhead)) * chunk.count;
  const long sums_of_unit = ahead * Cell::kUnit * Cell::kGroups * kLanes;
  Scratch scratch(directions * (threads * own + state + Memory::bytes<float>(all * sums_of_unit)));
  char* const own_memory = scratch.take<char>(directions * threads * own);
  char* const state_memory = scratch.take<char>(directions * state);
  float* sums[2];
  for (int d = 0; d < directions; d++) sums[d] = scratch.take<float>(all * sums_of_unit);
  const auto memory = [&](int d, int thread) UNROLL_LAMBDA { return Memory(own_memory + (d * threads + thread) * own); };
  const auto shared = [&](int d) UNROLL_LAMBDA { return Memory(state_memory + d * state); };

  // Stages come in groups: the input's products of some steps, before the first of which the weights are packed; then step after step.
  const long groups = (chunk.steps + kStepsAhead - 1) / kStepsAhead;
  // Every second stage goes backwards through a thread's units: where their weights are more than its cache holds, the last stage's are there.
  in_stages(threads, groups + chunk.steps, directions * pieces, [&](int thread, long stage, int number) {
    const bool backwards = stage % 2 != 0;
    const int piece = backwards ? number / share * share + share - 1 - number % share : number;
    const int d = piece / pieces;
    const int from = static_cast<int>(static_cast<long>(all) * (piece % pieces) / pieces);
    const int to = static_cast<int>(static_cast<long>(all) * (piece % pieces + 1) / pieces);
    const int first = static_cast<int>(stage / (kStepsAhead + 1)) * kStepsAhead;
    const int s = first + static_cast<int>(stage % (kStepsAhead + 1)) - 1;
    const Chunk& rows = task.direction[d].chunk[0];
    Memory own_parts = memory(d, thread);
    const float** x = own_parts.take<const float*>(pairs);
    if (s < first) {
      for (int index = from; index < to; index++) {
        if (first == 0) Cell::pack(task.direction[d], task.sizes, index, packed[d]);
        products_ahead<Cell>(task, d, rows, Unit<Cell>(hidden, index), first, least(chunk.steps, first + kStepsAhead), packed[d], bias[d], x,
                             sums[d] + index * sums_of_unit);
      }
      return;
    }
    const Rows own_rows(task, d, rows, own_parts, shared(d));
    ForwardStep step = own_rows.first();
    own_rows.move(step, s);
    for (int i = from; i < to; i++) {
      const int index = backwards ? to - 1 - (i - from) : i;
      const Unit<Cell> unit(hidden, index);
      const long stride = static_cast<long>(unit.sums()) * kLanes;
      const float* start = sums[d] + index * sums_of_unit + (rows.offset[s] - rows.offset[first]) * stride;
      const Factor* weights = packed[d] + unit.packed_at(input, hidden) + static_cast<long>(input) * Cell::kGates * unit.width * kLanes;
      Cell::products({nullptr, 0, step.before, hidden, step.live, weights, start, stride, step.sums}, unit.width);
      unit.states(step);
    }
  });
  for (int d = 0; d < directions; d++) Rows(task, d, task.direction[d].chunk[0], memory(d, 0), shared(d)).end();
}

}  // namespace unroll::UNROLL_ISA
