// LSTM: i, f, g, o = σ, σ, tanh, σ; c = f * c + i * g; h = o * tanh(c).
// Coupled: i = 1 - f, so weights have the gates f, g, o. Peepholes: i and f also see p * c from before the step, o from after it.
// Projected: h = (o * tanh(c)) W_hrᵀ.
#pragma once

#include "step.h"

namespace unroll::UNROLL_ISA {

template <bool Coupled>
struct Lstm {
  static constexpr int kGates = Coupled ? 3 : 4;
  static constexpr int kF = Coupled ? 0 : 1, kG = kF + 1, kO = kF + 2;
  static constexpr int kSaved = kGates;
  static constexpr bool kCell = true;
  static constexpr int kPeepholes = kGates - 1;  // where the cell has them
  static constexpr bool kRelevance = false;
  static constexpr bool kProjected = false;
  static constexpr int kUnit = 1;
  // Gradients of the gates; every one meets all weights.
  static constexpr int kGroups = kGates;
  static constexpr int kInputGroups[4] = {0, 1, 2, 3};
  static constexpr int kHiddenGroups[4] = {0, 1, 2, 3};

  static long packed_size(const Sizes& sizes) { return packed_gates_size<kGates>(sizes); }

  static void pack(const Direction& direction, const Sizes& sizes, int block, Factor* packed) {
    pack_gates<kGates>(direction, sizes, block, packed);
  }

  // Peephole of a gate for one block; they are numbered without g.
  static UNROLL_INLINE Vec peephole(const float* peepholes, int hidden, int gate, int block) {
    return bias_of(peepholes, hidden, gate > kG ? gate - 1 : gate, block);
  }

  static void products(const Products& p, int) {
    if constexpr (Coupled) gate_products<3, 3, 0, 1, 2>(p);
    else gate_products<4, 4, 0, 1, 2, 3>(p);
  }
  static void forward(const ForwardStep& s) { forward_units<Lstm>(s); }

  // One row's state from its sums.
  static UNROLL_INLINE void state(const ForwardStep& s, int block, int row, Vec (&sum)[kGroups]) {
    const Vec before = s.cell_before(block, row);
    const bool peeps = s.peepholes != nullptr;
    if (peeps) sum[kF] += before * peephole(s.peepholes, s.hidden, kF, block);
    if (peeps && !Coupled) sum[0] += before * peephole(s.peepholes, s.hidden, 0, block);
    Vec gates[kGates];
    gates[kF] = sigmoid(sum[kF]);
    gates[kG] = tanh(sum[kG]);
    if constexpr (!Coupled) gates[0] = sigmoid(sum[0]);
    const Vec i = Coupled ? 1.0f - gates[kF] : gates[0];
    const Vec c = gates[kF] * before + i * gates[kG];
    if (peeps) sum[kO] += c * peephole(s.peepholes, s.hidden, kO, block);
    gates[kO] = sigmoid(sum[kO]);
    s.keep(block, row, gates);
    s.keep_cell(block, row, c);
    store(s.h[row] + block * kLanes, gates[kO] * tanh(c), s.width(block));
  }

  static void backward(const BackwardStep& s) { gradients<false>(s); }

  template <bool Projected>
  static void gradients(const BackwardStep& s) {
    if (s.peepholes != nullptr) gradients<true, Projected>(s);
    else gradients<false, Projected>(s);
  }

  template <bool Peepholes, bool Projected>
  static void gradients(const BackwardStep& s) {
    for (int block = 0; block < s.blocks(); block++) {
      Vec sums[kGroups] = {};
      Vec peephole_sums[kPeepholes] = {};
      for (int row = 0; row < s.live; row++) {
        const float* gates = s.kept(block, row, kSaved);
        const Vec f = load(gates + kF * kLanes), g = load(gates + kG * kLanes), o = load(gates + kO * kLanes);
        const Vec i = Coupled ? 1.0f - f : load(gates);
        const Vec c = load(s.cells + (static_cast<long>(block) * s.live + row) * kLanes);
        const Vec before = s.cell_before(block, row);
        const Vec tanh_c = tanh(c);
        const Vec dh = s.hidden_gradient(block, row);
        float* carried = s.state_gradient(s.dc, block, row);
        Vec d[kGroups];
        d[kO] = dh * tanh_c * o * (1.0f - o);
        Vec dc = load(carried) + dh * o * (1.0f - tanh_c * tanh_c);
        if constexpr (Peepholes) dc += d[kO] * peephole(s.peepholes, s.hidden, kO, block);
        d[kF] = dc * (Coupled ? before - g : before) * f * (1.0f - f);
        d[kG] = dc * i * (1.0f - g * g);
        if constexpr (!Coupled) d[0] = dc * g * i * (1.0f - i);
        Vec passed = dc * f;
        if constexpr (Peepholes) {
          passed += d[kF] * peephole(s.peepholes, s.hidden, kF, block);
          if constexpr (!Coupled) passed += d[0] * peephole(s.peepholes, s.hidden, 0, block);
          peephole_sums[kF] += d[kF] * before;
          if constexpr (!Coupled) peephole_sums[0] += d[0] * before;
          peephole_sums[kPeepholes - 1] += d[kO] * c;
        }
        store(carried, passed);
        if constexpr (Projected) store(s.inner + ((s.first + row) * s.blocks() + block) * kLanes, o * tanh_c);
        else store(s.state_gradient(s.dh, block, row), Vec{});
        s.emit(block, row, d, sums);
      }
      s.add_bias(block, sums);
      for (int gate = 0; Peepholes && gate < kPeepholes; gate++) {
        float* to = s.bias + ((kGroups + gate) * s.blocks() + block) * kLanes;
        store(to, load(to) + peephole_sums[gate]);
      }
    }
  }
};

// The gates are the plain cell's; behind their packed weights lie those of the projection, in panels.
template <bool Coupled>
struct ProjectedLstm : Lstm<Coupled> {
  using Plain = Lstm<Coupled>;
  static constexpr bool kProjected = true;

  static long packed_size(const Sizes& sizes) { return Plain::packed_size(sizes) + packed_panels_size(sizes.hidden, sizes.output); }

  static void pack(const Direction& direction, const Sizes& sizes, int block, Factor* packed) {
    Plain::pack(direction, sizes, block, packed);
    const int panel = block / kPanel;
    if (block % kPanel == 0 && block < vectors(sizes.output))
      pack_panel(direction.projection, sizes.output, sizes.hidden, panel, packed + Plain::packed_size(sizes) + static_cast<long>(factors(sizes.hidden)) * block * kLanes);
  }

  static void forward(const ForwardStep& s) {
    Plain::forward(s);
    in_panels(s, s.h, s.hidden, s.packed + Plain::packed_size({0, 0, s.input, s.hidden, s.output}), s.output,
              [&](int block, int row, Vec h) UNROLL_LAMBDA { store(s.projected[row] + block * kLanes, h, least(kLanes, s.output - block * kLanes)); });
  }

  static void backward(const BackwardStep& s) { Plain::template gradients<true>(s); }
};

}  // namespace unroll::UNROLL_ISA
