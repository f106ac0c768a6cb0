// What a cell's step reads and writes.
#pragma once

#include "problem.h"
#include "products.h"

namespace unroll::UNROLL_ISA {

// One step of one chunk, forwards. Rows 0 … live-1 run; vectors of the state are in blocks: `[block][row][lanes]`.
struct ForwardStep {
  Cell cell;
  int input;
  int hidden;
  int output;
  int live;
  const Factor* const* x;        // of each row
  const Factor* const* before;   // h before the step, of each row, as products take it
  const float* const* previous;  // the same as it is
  float* const* h;               // after it; of a projected cell `inner`
  float* saved;                  // `[block][row][saved][lanes]`; null when nothing is kept
  const float* const* initial_c; // c of the first step, of each row; null at later steps
  const float* cells_before;     // `[block][row][lanes]`, `live_before` rows
  int live_before;
  float* cells;                  // `[block][row][lanes]`, `live` rows, or `cells_rows` where c is not kept
  int cells_rows;
  const Factor* packed;          // weights
  const float* bias;             // `[block][groups][lanes]`
  const float* peepholes;        // of the gates that see c, `[N·H]`
  float* sums;                   // room for the sums of one unit: four vectors for each row
  float* update;                 // of a cell with a relevance gate: its other gate, and the input's share of the candidate, rows of
  float* from_input;             // whole vectors
  float* const* inner;           // what a second product takes, of each row: r * h, or of a projected cell o * tanh(c)
  const LeftRows* second;        // for the second product's rows
  float* const* projected;       // h of a projected cell, after the step

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
  Cell cell;
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
  float* inner;                   // of each row, from row `first` on: r * h, or of a projected cell o * tanh(c); rows of whole vectors

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
      gates.put(n, block, first + row, values[n]);
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

// Weights `[G·H, I]` and `[G·H, P]` for the forward step: for each block of the state, factors `[I][G][lanes]` then `[P][G][lanes]`.
template <int G>
inline long packed_gates_size(const Sizes& sizes) {
  return static_cast<long>(vectors(sizes.hidden)) * (factors(sizes.input) + factors(sizes.output)) * G * kLanes;
}

template <int G>
inline void pack_gates(const Direction& direction, const Sizes& sizes, int block, Factor* packed) {
  const int input = sizes.input, hidden = sizes.hidden, output = sizes.output;
  Factor* to = packed + static_cast<long>(block) * (factors(input) + factors(output)) * G * kLanes;
  for (int gate = 0; gate < G; gate++) {
    pack_turned(direction.input_weight + static_cast<long>(gate) * hidden * input, hidden, input, block * kLanes, to + gate * kLanes, G * kLanes);
    pack_turned(direction.hidden_weight + static_cast<long>(gate) * hidden * output, hidden, output, block * kLanes,
                to + (static_cast<long>(factors(input)) * G + gate) * kLanes, G * kLanes);
  }
}

// Weights `[H, columns]` of one gate in panels of four blocks of the state: factors `[columns][V][lanes]` each.
UNROLL_INLINE long packed_panels_size(int columns, int hidden) { return static_cast<long>(factors(columns)) * vectors(hidden) * kLanes; }

// Bias of one gate for one block of the state.
UNROLL_INLINE Vec bias_of(const float* bias, int hidden, int gate, int block) {
  return bias == nullptr ? Vec{} : load(bias + static_cast<long>(gate) * hidden + block * kLanes, least(kLanes, hidden - block * kLanes));
}

// The bias that each of a cell's sums begins with, for one block of the state: of the gates whose products it takes.
template <class Cell>
inline void pack_bias(const Direction& direction, int hidden, int block, float* bias) {
  for (int group = 0; group < Cell::kGroups; group++) {
    Vec sum = {};
    for (int gate = 0; gate < Cell::kGates; gate++) {
      if (Cell::kInputGroups[gate] == group) sum += bias_of(direction.input_bias, hidden, gate, block);
      if (Cell::kHiddenGroups[gate] == group) sum += bias_of(direction.hidden_bias, hidden, gate, block);
    }
    store(bias + (block * Cell::kGroups + group) * kLanes, sum);
  }
}

// Weights of one panel of a cell with one gate: factors `[I][V][lanes]`, then `[H][V][lanes]`.
UNROLL_INLINE void pack_panel(const float* weight, int hidden, int columns, int panel, Factor* to) {
  const int first = panel * kPanel;
  const int width = least(kPanel, vectors(hidden) - first);
  for (int n = 0; n < width; n++) pack_turned(weight, hidden, columns, (first + n) * kLanes, to + n * kLanes, width * kLanes);
}

// The products of some rows with a unit's weights: start + x W_ihᵀ + h W_hhᵀ, all its vectors for each row `[row][vectors][lanes]`.
struct Products {
  const Factor* const* x;  // of each row
  int input;               // its width; 0: no product with x
  const Factor* const* h;
  int hidden;
  int rows;
  const Factor* weights;  // of x, then of h
  const float* start;     // `[vectors][lanes]` for each row, `stride` apart (0: the same for all)
  long stride;
  float* sums;

  template <int R, int V>
  UNROLL_INLINE void begin(int row, Tile<R, V>& z, const Factor* (&from_x)[R], const Factor* (&from_h)[R]) const {
#pragma GCC unroll 8
    for (int i = 0; i < R; i++) {
      if (input > 0) from_x[i] = x[row + i];
      if (hidden > 0) from_h[i] = h[row + i];
#pragma GCC unroll 8
      for (int n = 0; n < V; n++) z.sum[i][n] = load(start + (row + i) * stride + n * kLanes);
    }
  }
};

// For a cell of G gates with S sums: a unit is one block of the state. `Hidden` says which sum each gate of h W_hhᵀ adds to.
template <int G, int S, int... Hidden>
__attribute__((noinline)) void gate_products(const Products& p) {
  in_tiles(p.rows, [&](int row, auto r) UNROLL_LAMBDA {
    constexpr int R = decltype(r)::value;
    Tile<R, S> z;
    const Factor* x[R];
    const Factor* h[R];
    p.begin(row, z, x, h);
    add_panel_product<G>(z, x, p.weights, factors(p.input));
    add_product<Hidden...>(z, h, p.weights + static_cast<long>(factors(p.input)) * G * kLanes, factors(p.hidden));
    spill(z, p.sums + row * S * kLanes);
  });
}

// For one gate: a unit is a panel of `width` blocks.
__attribute__((noinline)) inline void panel_products(const Products& p, int width) {
  with_width(width, [&](auto v) UNROLL_LAMBDA {
    constexpr int V = decltype(v)::value;
    in_tiles(p.rows, [&](int row, auto r) UNROLL_LAMBDA {
      constexpr int R = decltype(r)::value;
      Tile<R, V> z;
      const Factor* x[R];
      const Factor* h[R];
      p.begin(row, z, x, h);
      add_panel_product<V>(z, x, p.weights, factors(p.input));
      add_panel_product<V>(z, h, p.weights + static_cast<long>(factors(p.input)) * V * kLanes, factors(p.hidden));
      spill(z, p.sums + row * V * kLanes);
    });
  });
}

// The product of each live row of `count` numbers with packed panels of `[columns, count]` weights: `take(block, row, vector)` gets it
// vector by vector, out of `s.sums`.
template <class Take>
UNROLL_INLINE void in_panels(const ForwardStep& s, const float* const* rows, int count, const Factor* packed, int columns, const Take& take) {
  const Factor* const* const left = s.second->of(rows, s.live);
  const int blocks = vectors(columns);
  const float zeros[kPanel * kLanes] = {};
  for (int panel = 0; panel < panels(blocks); panel++) {
    const int first = panel * kPanel;
    const int width = least(kPanel, blocks - first);
    panel_products({nullptr, 0, left, count, s.live, packed + static_cast<long>(factors(count)) * first * kLanes, zeros, 0, s.sums}, width);
    for (int row = 0; row < s.live; row++)
      for (int n = 0; n < width; n++) take(first + n, row, load(s.sums + (row * width + n) * kLanes));
  }
}

// Blocks of the state whose weights are packed together, and whose products are made at once: units.
template <class Cell>
UNROLL_INLINE int units(int hidden) { return (vectors(hidden) + Cell::kUnit - 1) / Cell::kUnit; }

// A unit of a cell whose gates need nothing but the products of x and h.
template <class Cell>
struct Unit {
  int first;  // block
  int width;  // blocks

  UNROLL_INLINE Unit(int hidden, int index) : first(index * Cell::kUnit), width(least(Cell::kUnit, vectors(hidden) - first)) {}

  UNROLL_INLINE long packed_at(int input, int output) const { return static_cast<long>(factors(input) + factors(output)) * Cell::kGates * first * kLanes; }
  // Vectors of its sums.
  UNROLL_INLINE int sums() const { return width * Cell::kGroups; }
  // The state of every live row, from `step.sums`.
  UNROLL_INLINE void states(const ForwardStep& step) const {
    for (int row = 0; row < step.live; row++) {
      for (int block = 0; block < width; block++) {
        Vec sum[Cell::kGroups];
        for (int n = 0; n < Cell::kGroups; n++) sum[n] = load(step.sums + ((row * width + block) * Cell::kGroups + n) * kLanes);
        Cell::state(step, first + block, row, sum);
      }
    }
  }
};

template <class Cell>
UNROLL_INLINE void forward_units(const ForwardStep& s) {
  for (int index = 0; index < units<Cell>(s.hidden); index++) {
    const Unit<Cell> unit(s.hidden, index);
    const Factor* weights = s.packed + unit.packed_at(s.input, s.output);
    Cell::products({s.x, s.input, s.before, s.output, s.live, weights, s.bias + unit.first * Cell::kGroups * kLanes, 0, s.sums}, unit.width);
    unit.states(s);
  }
}

}  // namespace unroll::UNROLL_ISA
