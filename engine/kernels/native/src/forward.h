// A cell over a padded batch, forwards. Each chunk of rows runs on one thread from its first step to its last: nothing is exchanged on
// the way, and its weights stay in that core's cache.
#pragma once

#include "few_rows.h"
#include "forward_rows.h"

namespace unroll::UNROLL_ISA {

template <class Cell>
void forward_chunk(const ForwardTask& task, int d, const Chunk& chunk, const Factor* packed, const float* bias) {
  const long own = ForwardRows<Cell>::own_bytes(task, chunk);
  Scratch scratch(own + ForwardRows<Cell>::state_bytes(task, chunk));
  char* const memory = scratch.take<char>(own);
  ForwardRows<Cell> rows(task, d, chunk, Memory(memory), Memory(memory + own));
  ForwardStep step = rows.first();
  step.packed = packed;
  step.bias = bias;
  for (int s = 0; s < chunk.steps; s++) {
    rows.move(step, s);
    Cell::forward(step);
  }
  rows.end();
}

template <class Cell>
void run_forward(const ForwardTask& task) {
  const int hidden = task.sizes.hidden;
  const int blocks = vectors(hidden);
  const long weights = Cell::packed_size(task.sizes);
  const long biases = static_cast<long>(Cell::kGroups) * blocks * kLanes;
  Scratch scratch(task.directions * (Scratch::bytes<Factor>(weights) + Scratch::bytes<float>(biases)));
  Factor* packed[2];
  float* bias[2];
  for (int d = 0; d < task.directions; d++) {
    packed[d] = scratch.take<Factor>(weights);
    bias[d] = scratch.take<float>(biases);
    for (int block = 0; block < blocks; block++) pack_bias<Cell>(task.direction[d], hidden, block, bias[d]);
  }
  // What bfloat16 is for has rows enough.
  if constexpr (!Cell::kRelevance && !Cell::kProjected && !kBfloat16) {
    if (task.direction[0].chunks == 1 && task.direction[0].chunk[0].count <= kFewRows) return forward_few_rows<Cell>(task, packed, bias);
  }
  const int tasks = units<Cell>(hidden);
  parallel(task.directions * tasks, [&](int index) {
    const int d = index / tasks;
    Cell::pack(task.direction[d], task.sizes, index % tasks, packed[d]);
  });
  const int first = task.direction[0].chunks;
  parallel(first + (task.directions > 1 ? task.direction[1].chunks : 0), [&](int index) {
    const int d = index < first ? 0 : 1;
    forward_chunk<Cell>(task, d, task.direction[d].chunk[d == 0 ? index : index - first], packed[d], bias[d]);
  });
}

}  // namespace unroll::UNROLL_ISA
