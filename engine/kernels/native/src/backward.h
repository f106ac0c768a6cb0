// Back-propagation through time of a cell over a padded batch; chunks run as they do forwards.
#pragma once

#include "forward_rows.h"

namespace unroll::UNROLL_ISA {

// What a chunk adds to the gradients of the weights.
struct Sums {
  float* input;       // `[G·blocks][left_columns(I)][lanes]`
  float* hidden;      // the same for P
  float* bias;        // `[groups + peepholes][blocks][lanes]`
  float* projection;  // `[blocks of P][left_columns(H)][lanes]`, of a projected cell
};

// The only group of weights, and of gradients, of the projection.
constexpr int kProjectionGroups[1] = {0};

// Rows (pairs of row and step) that the gradient of the weights takes at once.
constexpr long kRowsAtOnce = 256;

template <class Cell>
void backward_chunk(const BackwardTask& task, int d, const Chunk& chunk, const Factor* packed_input, const Factor* packed_hidden,
                    const Factor* packed_projection, float* dx, const Sums& sums) {
  const Sizes& sizes = task.sizes;
  const Direction& direction = task.direction[d];
  const int hidden = sizes.hidden;
  const int output = sizes.output;
  const int input = sizes.input;
  const int blocks = vectors(hidden);
  const int output_blocks = vectors(output);
  const long wide = padded(hidden);
  const int rows = chunk.count;
  const long capacity = rows > kRowsAtOnce ? factors(static_cast<long>(rows)) * kPerFactor : kRowsAtOnce;
  const long state = static_cast<long>(blocks) * rows * kLanes;
  const long output_state = static_cast<long>(output_blocks) * rows * kLanes;
  const long left = packed_left_size(input > hidden ? input : hidden, capacity);
  constexpr bool kInner = Cell::kRelevance || Cell::kProjected;
  const long inner_size = kInner ? capacity * blocks * kLanes : 0;
  const long gates_size = Blocked::size(Cell::kGroups * blocks, capacity);
  const long outputs_size = Cell::kProjected ? Blocked::size(output_blocks, capacity) : 0;
  const long d_inner_size = Cell::kProjected ? state : 0;
  Scratch scratch(3 * Scratch::bytes<float*>(rows) + 4 * Scratch::bytes<float*>(capacity) + Scratch::bytes<float>(output_state) +
                  Scratch::bytes<float>(state) + Scratch::bytes<Factor>(left) + Scratch::bytes<Factor>(gates_size) +
                  Scratch::bytes<float>(inner_size) + Scratch::bytes<Factor>(outputs_size) + Scratch::bytes<float>(d_inner_size));
  const float** h = scratch.take<const float*>(rows);
  const float** d_sequence = scratch.take<const float*>(rows);
  const float** initial_c = scratch.take<const float*>(rows);
  const float** x = scratch.take<const float*>(capacity);
  const float** previous = scratch.take<const float*>(capacity);
  float** dx_rows = scratch.take<float*>(capacity);
  const float** inner_rows = scratch.take<const float*>(capacity);
  float* dh = scratch.take<float>(output_state);
  float* dc = scratch.take<float>(state);  // without c: of r * h
  Factor* turned = scratch.take<Factor>(left);
  const Blocked gates{scratch.take<Factor>(gates_size), capacity, blocks};
  // What a second product within the step took; of a projected cell the gradients of h and of that.
  float* inner = scratch.take<float>(inner_size);
  const Blocked outputs{scratch.take<Factor>(outputs_size), capacity, output_blocks};
  float* d_inner = scratch.take<float>(d_inner_size);
  for (long row = 0; kInner && row < capacity; row++) inner_rows[row] = inner + row * blocks * kLanes;

  std::memset(sums.input, 0, Cell::kGates * blocks * left_columns(input) * kLanes * sizeof(float));
  std::memset(sums.hidden, 0, Cell::kGates * blocks * left_columns(output) * kLanes * sizeof(float));
  if (Cell::kProjected) std::memset(sums.projection, 0, output_blocks * left_columns(hidden) * kLanes * sizeof(float));
  std::memset(sums.bias, 0, (Cell::kGroups + Cell::kPeepholes) * blocks * kLanes * sizeof(float));
  for (int part = 0; part < (Cell::kCell ? 2 : 1); part++) {
    float* to = part == 0 ? dh : dc;
    const float* from = task.d_final[d][part];
    const int width = sizes.width(part);
    for (int block = 0; block < vectors(width); block++)
      for (int row = 0; row < rows; row++)
        store(to + (static_cast<long>(block) * rows + row) * kLanes,
              from == nullptr ? Vec{} : load(from + static_cast<long>(chunk.rows[row]) * width + block * kLanes, least(kLanes, width - block * kLanes)));
  }

  constexpr int G = Cell::kGates;
  long held = 0;
  const auto flush = [&] {
    if (held == 0) return;
    if (dx != nullptr) {
      times_weights(gates, Cell::kInputGroups, G, 0, G, 0, static_cast<int>(held), packed_input, input, Result::to_rows(dx_rows, input));
    }
    gates.pair_rows(Cell::kGroups, held);
    if (Cell::kProjected) outputs.pair_rows(1, held);
    pack_left(x, held, input, turned);
    add_weight_gradient(gates, Cell::kInputGroups, 0, G, held, turned, input, sums.input);
    pack_left(previous, held, output, turned);
    add_weight_gradient(gates, Cell::kHiddenGroups, 0, Cell::kRelevance ? 2 : G, held, turned, output, sums.hidden);
    if constexpr (kInner) pack_left(inner_rows, held, hidden, turned);
    if constexpr (Cell::kRelevance) add_weight_gradient(gates, Cell::kHiddenGroups, 2, 3, held, turned, hidden, sums.hidden);
    if constexpr (Cell::kProjected) add_weight_gradient(outputs, kProjectionGroups, 0, 1, held, turned, hidden, sums.projection);
    held = 0;
  };

  BackwardStep step{};
  step.cell = task.cell;
  step.hidden = hidden;
  step.h = h;
  step.dh = Cell::kProjected ? d_inner : dh;
  step.dc = dc;
  step.rows = rows;
  step.gates = gates;
  step.bias = sums.bias;
  step.peepholes = direction.peepholes;
  step.inner = inner;
  for (int s = chunk.steps - 1; s >= 0; s--) {
    const int live = chunk.live[s];
    if (held + live > capacity) flush();
    for (int row = 0; row < live; row++) {
      const long at = position(direction, sizes, chunk, row, s);
      x[held + row] = task.x + at * input;
      if (dx != nullptr) dx_rows[held + row] = dx + at * input;
      h[row] = task.sequence[d] + at * task.sequence_stride;
      previous[held + row] = s == 0 ? direction.initial[0] + static_cast<long>(chunk.rows[row]) * output
                                    : task.sequence[d] + position(direction, sizes, chunk, row, s - 1) * task.sequence_stride;
      if (task.d_sequence[d] != nullptr) d_sequence[row] = task.d_sequence[d] + at * task.sequence_stride;
      if (Cell::kCell && s == 0) initial_c[row] = direction.initial[1] + static_cast<long>(chunk.rows[row]) * hidden;
    }
    step.live = live;
    step.previous = previous + held;
    step.d_sequence = Cell::kProjected || task.d_sequence[d] == nullptr ? nullptr : d_sequence;
    step.saved = Cell::kSaved > 0 ? task.saved[d].gates + chunk.offset[s] * wide * Cell::kSaved : nullptr;
    if (Cell::kCell) {
      step.initial_c = s == 0 ? initial_c : nullptr;
      step.cells_before = s == 0 ? nullptr : task.saved[d].cells + chunk.offset[s - 1] * wide;
      step.live_before = s == 0 ? 0 : chunk.live[s - 1];
      step.cells = task.saved[d].cells + chunk.offset[s] * wide;
    }
    step.first = held;
    if constexpr (Cell::kProjected) {
      // The gradient of h, kept for the projection's, and out of it that of o * tanh(c).
      for (int block = 0; block < output_blocks; block++)
        for (int row = 0; row < live; row++) {
          Vec sum = load(dh + (static_cast<long>(block) * rows + row) * kLanes);
          if (task.d_sequence[d] != nullptr) sum += load(d_sequence[row] + block * kLanes, least(kLanes, output - block * kLanes));
          outputs.put(0, block, held + row, sum);
        }
      times_weights(outputs, kProjectionGroups, 1, 0, 1, held, live, packed_projection, hidden, Result::to_state(d_inner, rows, false));
    }
    Cell::backward(step);
    const Result carry = Result::to_state(dh, rows, !Cell::kProjected);
    if constexpr (Cell::kRelevance) {
      times_weights(gates, Cell::kHiddenGroups, G, 2, 3, held, live, packed_hidden, hidden, Result::to_state(dc, rows, false));
      for (int block = 0; block < blocks; block++)
        for (int row = 0; row < live; row++) Cell::relevance(step, block, row, load(step.state_gradient(dc, block, row)));
      times_weights(gates, Cell::kHiddenGroups, G, 0, 2, held, live, packed_hidden, hidden, carry);
    } else {
      times_weights(gates, Cell::kHiddenGroups, G, 0, G, held, live, packed_hidden, output, carry);
    }
    held += live;
  }
  flush();

  for (int part = 0; part < (Cell::kCell ? 2 : 1); part++) {
    if (task.d_initial[d][part] == nullptr) continue;
    const float* from = part == 0 ? dh : dc;
    const int width = sizes.width(part);
    for (int row = 0; row < rows; row++)
      for (int block = 0; block < vectors(width); block++)
        store(task.d_initial[d][part] + static_cast<long>(chunk.rows[row]) * width + block * kLanes,
              load(from + (static_cast<long>(block) * rows + row) * kLanes), least(kLanes, width - block * kLanes));
  }
  if (dx != nullptr) {
    for (int row = 0; row < rows; row++)
      for (int t = chunk.lengths[row]; t < sizes.steps; t++)
        std::memset(dx + (static_cast<long>(t) * sizes.rows + chunk.rows[row]) * input, 0, input * sizeof(float));
  }
}

// Adds up the chunks' sums for one block of gate rows and turns them into rows of the weight's gradient.
inline void gather_weight(const Sums* sums, float* Sums::*which, int chunks, int group, int block, int blocks, int hidden, int columns,
                          float* weight) {
  const long size = left_columns(columns) * kLanes;
  const long from = (group * blocks + block) * size;
  const int count = least(kLanes, hidden - block * kLanes);
  for (int column = 0; column < columns; column++) {
    Vec sum = {};
    for (int chunk = 0; chunk < chunks; chunk++) sum += load(sums[chunk].*which + from + column * kLanes);
    float* to = weight + (static_cast<long>(group) * hidden + block * kLanes) * columns + column;
    for (int lane = 0; lane < count; lane++) to[static_cast<long>(lane) * columns] = sum[lane];
  }
}

inline void gather_bias(const Sums* sums, int chunks, int group, int from_group, int block, int blocks, int hidden, float* bias) {
  Vec sum = {};
  for (int chunk = 0; chunk < chunks; chunk++) sum += load(sums[chunk].bias + (from_group * blocks + block) * kLanes);
  store(bias + static_cast<long>(group) * hidden + block * kLanes, sum, least(kLanes, hidden - block * kLanes));
}

template <class Cell>
void run_backward(const BackwardTask& task) {
  const int input = task.sizes.input;
  const int hidden = task.sizes.hidden;
  const int output = task.sizes.output;
  const int blocks = vectors(hidden);
  const int projected_blocks = Cell::kProjected ? vectors(output) : 0;
  const long input_weights = packed_right_size(Cell::kGates, blocks, input);
  const long hidden_weights = packed_right_size(Cell::kGates, blocks, output);
  const long projection_weights = packed_right_size(1, projected_blocks, hidden);
  const long input_sums = Cell::kGates * blocks * left_columns(input) * kLanes;
  const long hidden_sums = Cell::kGates * blocks * left_columns(output) * kLanes;
  const long projection_sums = projected_blocks * left_columns(hidden) * kLanes;
  const long bias_sums = static_cast<long>(Cell::kGroups + Cell::kPeepholes) * blocks * kLanes;
  const long x_size = static_cast<long>(task.sizes.steps) * task.sizes.rows * input;
  const int first = task.direction[0].chunks;
  const int chunks = first + (task.directions > 1 ? task.direction[1].chunks : 0);
  const bool second_dx = task.directions > 1 && task.dx != nullptr;
  Scratch scratch(task.directions * (Scratch::bytes<Factor>(input_weights) + Scratch::bytes<Factor>(hidden_weights) +
                                     Scratch::bytes<Factor>(projection_weights)) +
                  chunks * (Scratch::bytes<float>(input_sums) + Scratch::bytes<float>(hidden_sums) + Scratch::bytes<float>(bias_sums) +
                            Scratch::bytes<float>(projection_sums)) +
                  Scratch::bytes<Sums>(chunks) + (second_dx ? Scratch::bytes<float>(x_size) : 0));
  Factor* packed_input[2];
  Factor* packed_hidden[2];
  Factor* packed_projection[2];
  for (int d = 0; d < task.directions; d++) {
    packed_input[d] = scratch.take<Factor>(input_weights);
    packed_hidden[d] = scratch.take<Factor>(hidden_weights);
    packed_projection[d] = scratch.take<Factor>(projection_weights);
  }
  Sums* sums = scratch.take<Sums>(chunks);
  for (int chunk = 0; chunk < chunks; chunk++) {
    sums[chunk].input = scratch.take<float>(input_sums);
    sums[chunk].hidden = scratch.take<float>(hidden_sums);
    sums[chunk].bias = scratch.take<float>(bias_sums);
    sums[chunk].projection = scratch.take<float>(projection_sums);
  }
  // Both directions run at the same time, so the second one's share of dx is kept apart and added at the end.
  float* dx[2] = {task.dx, second_dx ? scratch.take<float>(x_size) : nullptr};

  const int of_input = task.dx == nullptr ? 0 : panels(vectors(input));
  const int of_hidden = panels(vectors(output));
  const int of_all = of_input + of_hidden + (Cell::kProjected ? panels(blocks) : 0);
  parallel(task.directions * of_all, [&](int index) {
    const int d = index / of_all;
    const int part = index % of_all;
    const Direction& direction = task.direction[d];
    if (part < of_input) pack_right(direction.input_weight, Cell::kGates, hidden, input, part, packed_input[d]);
    else if (part < of_input + of_hidden) pack_right(direction.hidden_weight, Cell::kGates, hidden, output, part - of_input, packed_hidden[d]);
    else pack_right(direction.projection, 1, output, hidden, part - of_input - of_hidden, packed_projection[d]);
  });
  parallel(chunks, [&](int index) {
    const int d = index < first ? 0 : 1;
    backward_chunk<Cell>(task, d, task.direction[d].chunk[d == 0 ? index : index - first], packed_input[d], packed_hidden[d],
                         packed_projection[d], dx[d], sums[index]);
  });
  const int rows = Cell::kGates * blocks + projected_blocks;
  const int slices = second_dx ? thread_count() : 0;
  parallel(task.directions * rows + slices, [&](int index) {
    if (index >= task.directions * rows) {
      const int slice = index - task.directions * rows;
      const long end = x_size * (slice + 1) / slices;
      for (long i = x_size * slice / slices; i < end; i++) dx[0][i] += dx[1][i];
      return;
    }
    const int d = index / rows;
    const int group = index % rows / blocks;
    const int block = index % rows % blocks;
    const Sums* own = sums + (d == 0 ? 0 : first);
    const int count = task.direction[d].chunks;
    if (group == Cell::kGates) return gather_weight(own, &Sums::projection, count, 0, block, projected_blocks, output, hidden, task.d_projection[d]);
    gather_weight(own, &Sums::input, count, group, block, blocks, hidden, input, task.d_input_weight[d]);
    gather_weight(own, &Sums::hidden, count, group, block, blocks, hidden, output, task.d_hidden_weight[d]);
    gather_bias(own, count, group, Cell::kInputGroups[group], block, blocks, hidden, task.d_input_bias[d]);
    if (task.d_hidden_bias[d] != nullptr)
      gather_bias(own, count, group, Cell::kHiddenGroups[group], block, blocks, hidden, task.d_hidden_bias[d]);
    if (task.d_peepholes[d] != nullptr && group < Cell::kPeepholes) gather_bias(own, count, group, Cell::kGroups + group, block, blocks, hidden, task.d_peepholes[d]);
  });
}

}  // namespace unroll::UNROLL_ISA
