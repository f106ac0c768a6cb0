// Elman cell: h = g(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh), with g one of tanh, σ, relu and identity.
#pragma once

#include "step.h"

namespace unroll::UNROLL_ISA {

struct Tanh {
  static UNROLL_INLINE Vec value(Vec z) { return tanh(z); }
  // g' from g's value.
  static UNROLL_INLINE Vec slope(Vec h) { return 1.0f - h * h; }
};
struct Sigmoid {
  static UNROLL_INLINE Vec value(Vec z) { return sigmoid(z); }
  static UNROLL_INLINE Vec slope(Vec h) { return h * (1.0f - h); }
};
struct Relu {
  static UNROLL_INLINE Vec value(Vec z) { return z > 0.0f ? z : Vec{}; }
  static UNROLL_INLINE Vec slope(Vec h) { return h > 0.0f ? splat(1.0f) : Vec{}; }
};
struct Identity {
  static UNROLL_INLINE Vec value(Vec z) { return z; }
  static UNROLL_INLINE Vec slope(Vec) { return splat(1.0f); }
};

template <class Activation>
struct Vanilla {
  static constexpr int kGates = 1;
  static constexpr int kSaved = 0;
  static constexpr bool kCell = false;
  static constexpr int kBiases = 1;
  static constexpr int kPeepholes = 0;
  static constexpr int kTemporary = 0;
  static constexpr bool kRelevance = false;
  static constexpr int kGroups = 1;
  static constexpr int kInputGroups[1] = {0};
  static constexpr int kHiddenGroups[1] = {0};

  // One gate: four blocks of the state side by side fill the register tile.
  static long packed_size(int input, int hidden) { return packed_panels_size(input + hidden, hidden); }
  static int pack_tasks(int hidden) { return panels(vectors(hidden)); }

  static void pack(const Direction& direction, int input, int hidden, int panel, float* packed, float* bias) {
    const int first = panel * kPanel;
    const int width = least(kPanel, vectors(hidden) - first);
    float* to = packed + static_cast<long>(input + hidden) * first * kLanes;
    for (int n = 0; n < width; n++) {
      const int block = first + n;
      pack_turned(direction.input_weight, hidden, input, block * kLanes, to + n * kLanes, width * kLanes);
      pack_turned(direction.hidden_weight, hidden, hidden, block * kLanes, to + (static_cast<long>(input) * width + n) * kLanes, width * kLanes);
      store(bias + block * kLanes, bias_of(direction.input_bias, hidden, 0, block) + bias_of(direction.hidden_bias, hidden, 0, block));
    }
  }

  static void forward(const ForwardStep& s) {
    for (int panel = 0; panel < panels(s.blocks()); panel++) {
      const int block = panel * kPanel;
      const float* w = s.packed + static_cast<long>(s.input + s.hidden) * block * kLanes;
      with_width(least(kPanel, s.blocks() - block), [&](auto v) UNROLL_LAMBDA {
        constexpr int V = decltype(v)::value;
        in_tiles(s.live, [&](int first, auto r) UNROLL_LAMBDA {
          constexpr int R = decltype(r)::value;
          Tile<R, V> z;
          const float* x[R];
          const float* h[R];
          for (int i = 0; i < R; i++) {
            x[i] = s.x[first + i];
            h[i] = s.previous[first + i];
            for (int n = 0; n < V; n++) z.sum[i][n] = load(s.bias + (block + n) * kLanes);
          }
          add_panel_product(z, x, w, s.input);
          add_panel_product(z, h, w + static_cast<long>(s.input) * V * kLanes, s.hidden);
          for (int i = 0; i < R; i++)
            for (int n = 0; n < V; n++) store(s.h[first + i] + (block + n) * kLanes, Activation::value(z.sum[i][n]), s.width(block + n));
        });
      });
    }
  }

  static void backward(const BackwardStep& s) {
    for (int block = 0; block < s.blocks(); block++) {
      Vec sums[kGroups] = {};
      for (int row = 0; row < s.live; row++) {
        const Vec d[kGroups] = {s.hidden_gradient(block, row) * Activation::slope(load(s.h[row] + block * kLanes, s.width(block)))};
        store(s.state_gradient(s.dh, block, row), Vec{});
        s.emit(block, row, d, sums);
      }
      s.add_bias(block, sums);
    }
  }
};

}  // namespace unroll::UNROLL_ISA
