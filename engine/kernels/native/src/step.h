// What a cell's step reads and writes.
#pragma once

#include "problem.h"
#include "products.h"

namespace unroll::UNROLL_ISA {

// One step of one chunk, forwards. Rows 0 … live-1 run; vectors of the state are in blocks: `[block][row][lanes]`.
struct ForwardStep {
  int input;
  int hidden;
  int live;
  const float* const* x;         // of each row
  const float* const* previous;  // h before the step, of each row
  float* const* h;               // after it
  float* saved;                  // `[block][row][saved][lanes]`; null when nothing is kept
  const float* const* initial_c; // c of the first step, of each row; null at later steps
  const float* cells_before;     // `[block][row][lanes]`, `live_before` rows
  int live_before;
  float* cells;                  // `[block][row][lanes]`, `live` rows, or `cells_rows` where c is not kept
  int cells_rows;
  const float* packed;           // weights
  const float* bias;             // `[block][…][lanes]` as the cell packs it
  const float* peepholes;        // of the gates that see c, `[N·H]`
  float* temporary;              // Cell::kTemporary numbers for each element of the state

  UNROLL_INLINE int blocks() const { return vectors(hidden); }
  UNROLL_INLINE int width(int block) const { return least(kLanes, hidden - block * kLanes); }
  UNROLL_INLINE Vec cell_before(int block, int row) const {
    if (initial_c != nullptr) return load(initial_c[row] + block * kLanes, width(block));
    return load(cells_before + (static_cast<long>(block) * live_before + row) * kLanes);
  }
  UNROLL_INLINE Vec previous_hidden(int block, int row) const { return load(previous[row] + block * kLanes, width(block)); }
  UNROLL_INLINE void keep_cell(int block, int row, Vec c) const {
    store(cells + (static_cast<long>(block) * cells_rows + row) * kLanes, c);
  }
  template <int N>
  UNROLL_INLINE void keep(int block, int row, const Vec (&values)[N]) const {
    if (saved == nullptr) return;
    float* to = saved + (static_cast<long>(block) * live + row) * N * kLanes;
    for (int n = 0; n < N; n++) store(to + n * kLanes, values[n]);
  }
};

// One step backwards: gradients of the gates from the gradient of the state.
struct BackwardStep {
  int hidden;
  int live;
  const float* const* h;          // after the step, of each row
  const float* const* previous;   // before it
  const float* const* d_sequence; // of each row; null: zero
  const float* saved;
  const float* const* initial_c;
  const float* cells_before;
  int live_before;
  const float* cells;
  float* dh;                      // `[block][rows][lanes]`: of the state after the step; the cell leaves what passes the gates by
  float* dc;
  int rows;                       // of dh and dc
  Blocked gates;                  // to be filled, from row `first` on
  long first;
  float* bias;                    // `[group][block][lanes]`, added to; after the groups, those of the peepholes
  const float* peepholes;
  float* relevant;                // r * h of each row, from row `first` on, rows of whole vectors

  UNROLL_INLINE int blocks() const { return vectors(hidden); }
  UNROLL_INLINE int width(int block) const { return least(kLanes, hidden - block * kLanes); }
  UNROLL_INLINE float* state_gradient(float* of, int block, int row) const { return of + (static_cast<long>(block) * rows + row) * kLanes; }
  UNROLL_INLINE Vec hidden_gradient(int block, int row) const {
    const Vec carried = load(state_gradient(dh, block, row));
    return d_sequence == nullptr ? carried : carried + load(d_sequence[row] + block * kLanes, width(block));
  }
  UNROLL_INLINE Vec previous_hidden(int block, int row) const { return load(previous[row] + block * kLanes, width(block)); }
  UNROLL_INLINE Vec cell_before(int block, int row) const {
    if (initial_c != nullptr) return load(initial_c[row] + block * kLanes, width(block));
    return load(cells_before + (static_cast<long>(block) * live_before + row) * kLanes);
  }
  UNROLL_INLINE const float* kept(int block, int row, int count) const {
    return saved + (static_cast<long>(block) * live + row) * count * kLanes;
  }
  // Stores the gradients of N gates of a row, and adds them to the bias's.
  template <int N>
  UNROLL_INLINE void emit(int block, int row, const Vec (&values)[N], Vec (&sums)[N]) const {
    for (int n = 0; n < N; n++) {
      store(gates.at(n, block, first + row), values[n]);
      sums[n] += values[n];
    }
  }
  template <int N>
  UNROLL_INLINE void add_bias(int block, const Vec (&sums)[N]) const {
    for (int n = 0; n < N; n++) {
      float* to = bias + (n * blocks() + block) * kLanes;
      store(to, load(to) + sums[n]);
    }
  }
};

// Weights `[G·H, I]` and `[G·H, H]` for the forward step: for each block of the state, `[I][G][lanes]` then `[H][G][lanes]`.
template <int G>
inline long packed_gates_size(int input, int hidden) {
  return static_cast<long>(vectors(hidden)) * (input + hidden) * G * kLanes;
}

template <int G>
inline void pack_gates(const Direction& direction, int input, int hidden, int block, float* packed) {
  float* to = packed + static_cast<long>(block) * (input + hidden) * G * kLanes;
  for (int gate = 0; gate < G; gate++) {
    pack_turned(direction.input_weight + static_cast<long>(gate) * hidden * input, hidden, input, block * kLanes, to + gate * kLanes, G * kLanes);
    pack_turned(direction.hidden_weight + static_cast<long>(gate) * hidden * hidden, hidden, hidden, block * kLanes,
                to + (static_cast<long>(input) * G + gate) * kLanes, G * kLanes);
  }
}

// Weights `[H, columns]` of one gate in panels of four blocks of the state: `[columns][V][lanes]` each.
UNROLL_INLINE long packed_panels_size(int columns, int hidden) { return static_cast<long>(columns) * vectors(hidden) * kLanes; }

// Bias of one gate for one block of the state.
UNROLL_INLINE Vec bias_of(const float* bias, int hidden, int gate, int block) {
  return bias == nullptr ? Vec{} : load(bias + static_cast<long>(gate) * hidden + block * kLanes, least(kLanes, hidden - block * kLanes));
}

// Both biases of each gate together, for one block of the state: `[G][lanes]`.
template <int G>
inline void pack_summed_bias(const Direction& direction, int hidden, int block, float* bias) {
  for (int gate = 0; gate < G; gate++)
    store(bias + (block * G + gate) * kLanes,
          bias_of(direction.input_bias, hidden, gate, block) + bias_of(direction.hidden_bias, hidden, gate, block));
}

// The forward step of a cell whose weights are packed by `pack_gates`: for each block of the state and group of rows, `body` gets a tile
// of `Sums` sums that begin as the bias, the block's weights, and the rows' x and h.
template <int Sums, class Body>
UNROLL_INLINE void for_each_tile(const ForwardStep& s, int gates, const Body& body) {
  const long panel = static_cast<long>(s.input + s.hidden) * gates * kLanes;
  for (int block = 0; block < s.blocks(); block++) {
    const float* w = s.packed + block * panel;
    const float* bias = s.bias + block * Sums * kLanes;
    in_tiles(s.live, [&](int row, auto r) UNROLL_LAMBDA {
      constexpr int R = decltype(r)::value;
      Tile<R, Sums> z;
      const float* x[R];
      const float* h[R];
      for (int i = 0; i < R; i++) {
        x[i] = s.x[row + i];
        h[i] = s.previous[row + i];
        for (int n = 0; n < Sums; n++) z.sum[i][n] = load(bias + n * kLanes);
      }
      body(block, row, w, z, x, h);
    });
  }
}

}  // namespace unroll::UNROLL_ISA
