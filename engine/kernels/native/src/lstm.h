// LSTM: i, f, g, o = σ, σ, tanh, σ; c = f * c + i * g; h = o * tanh(c).
// Coupled: i = 1 - f, so weights have the gates f, g, o. Peepholes: i and f also see p * c from before the step, o from after it.
#pragma once

#include "step.h"

namespace unroll::UNROLL_ISA {

template <bool Coupled, bool Peepholes>
struct Lstm {
  static constexpr int kGates = Coupled ? 3 : 4;
  static constexpr int kF = Coupled ? 0 : 1, kG = kF + 1, kO = kF + 2;
  static constexpr int kSaved = kGates;
  static constexpr bool kCell = true;
  static constexpr int kBiases = kGates;
  static constexpr int kPeepholes = Peepholes ? kGates - 1 : 0;
  static constexpr int kTemporary = 0;
  static constexpr bool kRelevance = false;
  // Gradients of the gates; every one meets all weights.
  static constexpr int kGroups = kGates;
  static constexpr int kInputGroups[4] = {0, 1, 2, 3};
  static constexpr int kHiddenGroups[4] = {0, 1, 2, 3};

  static long packed_size(int input, int hidden) { return packed_gates_size<kGates>(input, hidden); }
  static int pack_tasks(int hidden) { return vectors(hidden); }

  static void pack(const Direction& direction, int input, int hidden, int block, float* packed, float* bias) {
    pack_gates<kGates>(direction, input, hidden, block, packed);
    pack_summed_bias<kGates>(direction, hidden, block, bias);
  }

  // Peephole of a gate for one block; they are numbered without g.
  static UNROLL_INLINE Vec peephole(const float* peepholes, int hidden, int gate, int block) {
    return bias_of(peepholes, hidden, gate > kG ? gate - 1 : gate, block);
  }

  static void forward(const ForwardStep& s) {
    for_each_tile<kGates>(s, kGates, [&](int block, int row, const float* w, auto& z, const auto& x, const auto& h) UNROLL_LAMBDA {
      if constexpr (Coupled) {
        add_product<0, 1, 2>(z, x, w, s.input);
        add_product<0, 1, 2>(z, h, w + static_cast<long>(s.input) * kGates * kLanes, s.hidden);
      } else {
        add_product<0, 1, 2, 3>(z, x, w, s.input);
        add_product<0, 1, 2, 3>(z, h, w + static_cast<long>(s.input) * kGates * kLanes, s.hidden);
      }
      for (int k = 0; k < z.kRows; k++) {
        const Vec before = s.cell_before(block, row + k);
        Vec (&sum)[kGates] = z.sum[k];
        if constexpr (Peepholes) sum[kF] += before * peephole(s.peepholes, s.hidden, kF, block);
        if constexpr (Peepholes && !Coupled) sum[0] += before * peephole(s.peepholes, s.hidden, 0, block);
        Vec gates[kGates];
        gates[kF] = sigmoid(sum[kF]);
        gates[kG] = tanh(sum[kG]);
        if constexpr (!Coupled) gates[0] = sigmoid(sum[0]);
        const Vec i = Coupled ? 1.0f - gates[kF] : gates[0];
        const Vec c = gates[kF] * before + i * gates[kG];
        if constexpr (Peepholes) sum[kO] += c * peephole(s.peepholes, s.hidden, kO, block);
        gates[kO] = sigmoid(sum[kO]);
        s.keep(block, row + k, gates);
        s.keep_cell(block, row + k, c);
        store(s.h[row + k] + block * kLanes, gates[kO] * tanh(c), s.width(block));
      }
    });
  }

  static void backward(const BackwardStep& s) {
    for (int block = 0; block < s.blocks(); block++) {
      Vec sums[kGroups] = {};
      Vec peephole_sums[kPeepholes + 1] = {};
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
        store(s.state_gradient(s.dh, block, row), Vec{});
        s.emit(block, row, d, sums);
      }
      s.add_bias(block, sums);
      for (int gate = 0; gate < kPeepholes; gate++) {
        float* to = s.bias + ((kGroups + gate) * s.blocks() + block) * kLanes;
        store(to, load(to) + peephole_sums[gate]);
      }
    }
  }
};

}  // namespace unroll::UNROLL_ISA
