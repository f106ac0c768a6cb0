// LSTM: i, f, g, o = σ, σ, tanh, σ; c = f * c + i * g; h = o * tanh(c).
#pragma once

#include "step.h"

namespace unroll::UNROLL_ISA {

struct Lstm {
  static constexpr int kGates = 4;
  static constexpr int kSaved = 4;
  static constexpr bool kCell = true;
  static constexpr int kBiases = 4;
  // Groups of gate gradients, and which of them each block of weight rows meets.
  static constexpr int kGroups = 4;
  static constexpr int kInputGroups[4] = {0, 1, 2, 3};
  static constexpr int kHiddenGroups[4] = {0, 1, 2, 3};

  static long packed_size(int input, int hidden) { return packed_gates_size<kGates>(input, hidden); }
  static int pack_tasks(int hidden) { return vectors(hidden); }

  static void pack(const Direction& direction, int input, int hidden, int block, float* packed, float* bias) {
    pack_gates<kGates>(direction, input, hidden, block, packed);
    for (int gate = 0; gate < kGates; gate++)
      store(bias + (block * kBiases + gate) * kLanes,
            bias_of(direction.input_bias, hidden, gate, block) + bias_of(direction.hidden_bias, hidden, gate, block));
  }

  static void forward(const ForwardStep& s) {
    const long panel = static_cast<long>(s.input + s.hidden) * kGates * kLanes;
    for (int block = 0; block < s.blocks(); block++) {
      const float* w = s.packed + block * panel;
      const float* bias = s.bias + block * kBiases * kLanes;
      const int width = s.width(block);
      in_tiles(s.live, [&](int first, auto r) UNROLL_LAMBDA {
        constexpr int R = decltype(r)::value;
        Tile<R, kGates> z;
        const float* x[R];
        const float* h[R];
        for (int i = 0; i < R; i++) {
          x[i] = s.x[first + i];
          h[i] = s.previous[first + i];
          for (int gate = 0; gate < kGates; gate++) z.sum[i][gate] = load(bias + gate * kLanes);
        }
        add_product<0, 1, 2, 3>(z, x, w, s.input);
        add_product<0, 1, 2, 3>(z, h, w + static_cast<long>(s.input) * kGates * kLanes, s.hidden);
        for (int i = 0; i < R; i++) {
          const int row = first + i;
          const Vec gates[kGates] = {sigmoid(z.sum[i][0]), sigmoid(z.sum[i][1]), tanh(z.sum[i][2]), sigmoid(z.sum[i][3])};
          const Vec c = gates[1] * s.cell_before(block, row) + gates[0] * gates[2];
          s.keep(block, row, gates);
          s.keep_cell(block, row, c);
          store(s.h[row] + block * kLanes, gates[3] * tanh(c), width);
        }
      });
    }
  }

  static void backward(const BackwardStep& s) {
    for (int block = 0; block < s.blocks(); block++) {
      Vec sums[kGroups] = {};
      for (int row = 0; row < s.live; row++) {
        const float* gates = s.kept(block, row, kSaved);
        const Vec i = load(gates), f = load(gates + kLanes), g = load(gates + 2 * kLanes), o = load(gates + 3 * kLanes);
        const Vec tanh_c = tanh(load(s.cells + (static_cast<long>(block) * s.live + row) * kLanes));
        const Vec dh = s.hidden_gradient(block, row);
        float* carried = s.state_gradient(s.dc, block, row);
        const Vec dc = load(carried) + dh * o * (1.0f - tanh_c * tanh_c);
        const Vec d[kGroups] = {
            dc * g * i * (1.0f - i),
            dc * s.cell_before(block, row) * f * (1.0f - f),
            dc * i * (1.0f - g * g),
            dh * tanh_c * o * (1.0f - o),
        };
        store(carried, dc * f);
        store(s.state_gradient(s.dh, block, row), Vec{});
        s.emit(block, row, d, sums);
      }
      s.add_bias(block, sums);
    }
  }
};

}  // namespace unroll::UNROLL_ISA
