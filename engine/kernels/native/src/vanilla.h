// Elman cell: h = g(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh), with g one of tanh, σ, relu and identity.
#pragma once

#include "step.h"

namespace unroll::UNROLL_ISA {

// One type for all four, chosen for each vector: beside its product the choice costs nothing, and each more type costs the compiler seconds.
UNROLL_INLINE Vec activate(Cell cell, Vec z) {
  switch (cell) {
    case Cell::kVanillaTanh:
      return tanh(z);
    case Cell::kVanillaSigmoid:
      return sigmoid(z);
    case Cell::kVanillaRelu:
      return z > 0.0f ? z : Vec{};
    default:
      return z;
  }
}

// g' from g's value.
UNROLL_INLINE Vec slope(Cell cell, Vec h) {
  switch (cell) {
    case Cell::kVanillaTanh:
      return 1.0f - h * h;
    case Cell::kVanillaSigmoid:
      return h * (1.0f - h);
    case Cell::kVanillaRelu:
      return h > 0.0f ? splat(1.0f) : Vec{};
    default:
      return splat(1.0f);
  }
}

struct Vanilla {
  static constexpr int kGates = 1;
  static constexpr int kSaved = 0;
  static constexpr bool kCell = false;
  static constexpr int kPeepholes = 0;
  static constexpr bool kRelevance = false;
  static constexpr bool kProjected = false;
  static constexpr int kUnit = kPanel;
  static constexpr int kGroups = 1;
  static constexpr int kInputGroups[1] = {0};
  static constexpr int kHiddenGroups[1] = {0};

  // One gate: four blocks of the state side by side fill the register tile.
  static long packed_size(const Sizes& sizes) { return packed_panels_size(sizes.input, sizes.hidden) + packed_panels_size(sizes.hidden, sizes.hidden); }

  static void pack(const Direction& direction, const Sizes& sizes, int panel, Factor* packed) {
    const int input = sizes.input, hidden = sizes.hidden;
    const int first = panel * kPanel;
    const int width = least(kPanel, vectors(hidden) - first);
    Factor* to = packed + static_cast<long>(factors(input) + factors(hidden)) * first * kLanes;
    pack_panel(direction.input_weight, hidden, input, panel, to);
    pack_panel(direction.hidden_weight, hidden, hidden, panel, to + static_cast<long>(factors(input)) * width * kLanes);
  }

  static void products(const Products& p, int width) { panel_products(p, width); }
  static void forward(const ForwardStep& s) { forward_units<Vanilla>(s); }

  static UNROLL_INLINE void state(const ForwardStep& s, int block, int row, Vec (&sum)[kGroups]) {
    store(s.h[row] + block * kLanes, activate(s.cell, sum[0]), s.width(block));
  }

  static void backward(const BackwardStep& s) {
    for (int block = 0; block < s.blocks(); block++) {
      Vec sums[kGroups] = {};
      for (int row = 0; row < s.live; row++) {
        const Vec d[kGroups] = {s.hidden_gradient(block, row) * slope(s.cell, load(s.h[row] + block * kLanes, s.width(block)))};
        store(s.state_gradient(s.dh, block, row), Vec{});
        s.emit(block, row, d, sums);
      }
      s.add_bias(block, sums);
    }
  }
};

}  // namespace unroll::UNROLL_ISA
