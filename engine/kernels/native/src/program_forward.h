// A program over a padded batch, forwards. Each chunk of rows runs on one thread from its first step to its last, as a cell of its own kernel does.
#pragma once

#include "forward_rows.h"
#include "program_memory.h"

namespace unroll::UNROLL_ISA {

inline void program_forward_chunk(const program::ForwardTask& task, int d, const Chunk& chunk, const StepPlan& plan, const Factor* packed, const SharedPlaces& shared) {
  const program::CellProgram& cell = *task.cell;
  const program::Step& step = cell.forward;
  const program::Weights& direction = task.direction[d];
  const int rows = chunk.count, parts = cell.states.count, output = task.sizes.output;
  const long saved_size = cell.saved_size();
  const bool keep = task.saved[d] != nullptr;
  Scratch scratch(StepMemory::bytes(cell, step, plan, rows, rows) + 2 * rows_bytes(cell.states, rows) + Memory::bytes<Where>(cell.saved.count) +
                  Memory::bytes<float>(keep ? 0 : rows * saved_size) + Memory::bytes<float*>(rows));
  const StepMemory own(cell, step, plan, rows, rows, scratch);
  Where* states[2] = {take_rows(scratch, cell.states, rows), take_rows(scratch, cell.states, rows)};
  Where* const saved = scratch.take<Where>(cell.saved.count);
  float* const unkept = scratch.take<float>(keep ? 0 : rows * saved_size);
  const float** x = scratch.take<const float*>(rows);

  for (int part = 0; part < parts; part++) {
    const int width = cell.states[part];
    const float* initial = direction.initial[part];
    for (int row = 0; row < rows; row++) {
      StepMemory::copy_row(initial + static_cast<long>(chunk.rows[row]) * width, width, states[0][part].data + row * states[0][part].row);
    }
  }
  // The state of rows that end before step `s`, from place `from` on.
  const auto finish = [&](int from, int to, const Where* state) {
    for (int part = 0; part < parts; part++) {
      const int width = cell.states[part];
      for (int row = from; row < to; row++)
        std::memcpy(task.final[d][part] + static_cast<long>(chunk.rows[row]) * width, state[part].data + row * state[part].row, width * sizeof(float));
    }
  };

  Places places{};
  places.of[program::kVector] = shared.vectors;
  places.of[program::kConstant] = shared.constants;
  places.of[program::kSaved] = saved;
  places.of[program::kBuffer] = own.buffers;
  places.of[program::kInput] = own.input;
  int running = rows;
  for (int s = 0; s < chunk.steps; s++) {
    const int live = chunk.live[s];
    finish(live, running, states[s % 2]);
    running = live;
    for (int row = 0; row < live; row++) x[row] = task.x + position(direction.rows, task.sizes, chunk, row, s) * cell.inputs;
    if (step.reads_input) own.gather_input(x, cell.inputs, live);
    place_saved(cell, keep ? task.saved[d] + chunk.offset[s] * saved_size : unkept, live, saved);
    places.of[program::kState] = states[s % 2];
    places.of[program::kNext] = states[1 - s % 2];
    for (int run = 0; run < plan.runs; run++) execute(plan.run[run], places, x, live, packed, own.registers, own.sums, own.left);
    const Where& hidden = states[1 - s % 2][0];
    for (int row = 0; row < live; row++)
      std::memcpy(task.sequence[d] + position(direction.rows, task.sizes, chunk, row, s) * task.sequence_stride, hidden.data + row * hidden.row, output * sizeof(float));
  }
  finish(0, running, states[chunk.steps % 2]);
  for (int row = 0; row < rows; row++)
    for (int t = chunk.lengths[row]; t < task.sizes.steps; t++)
      std::memset(task.sequence[d] + (static_cast<long>(t) * task.sizes.rows + chunk.rows[row]) * task.sequence_stride, 0, output * sizeof(float));
}

inline void run_program_forward(const program::ForwardTask& task) {
  const program::CellProgram& cell = *task.cell;
  const long shared_bytes = SharedPlaces::bytes(cell);
  Scratch plans(StepPlan::bytes(cell.forward, nullptr) + task.directions * Memory::bytes<char>(shared_bytes));
  const StepPlan plan(cell.forward, nullptr, cell, Memory(plans.take<char>(StepPlan::bytes(cell.forward, nullptr))));
  const SharedPlaces shared[2] = {
      SharedPlaces(cell, task.direction[0].vectors, Memory(plans.take<char>(shared_bytes))),
      task.directions == 1 ? SharedPlaces() : SharedPlaces(cell, task.direction[1].vectors, Memory(plans.take<char>(shared_bytes))),
  };
  Scratch matrices(task.directions * Memory::bytes<Factor>(plan.packed));
  Factor* packed[2] = {};
  for (int d = 0; d < task.directions; d++) packed[d] = matrices.take<Factor>(plan.packed);
  pack_runs(plan, cell, task.direction, task.directions, packed);
  const int first = task.direction[0].rows.chunks;
  parallel(first + (task.directions > 1 ? task.direction[1].rows.chunks : 0), [&](int index) {
    const int d = index < first ? 0 : 1;
    program_forward_chunk(task, d, task.direction[d].rows.chunk[d == 0 ? index : index - first], plan, packed[d], shared[d]);
  });
}

}  // namespace unroll::UNROLL_ISA
