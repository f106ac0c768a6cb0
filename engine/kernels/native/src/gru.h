// The three forms of the GRU.
#pragma once

#include "step.h"

namespace unroll::UNROLL_ISA {

// As in torch.nn.GRU and cuDNN: r, z = σ; n = tanh(x_n + r * (h W_hnᵀ + b_hn)); h = (1 - z) * n + z * h.
struct GruResetAfter {
  static constexpr int kGates = 3;
  static constexpr int kSaved = 4;  // r, z, n, and h W_hnᵀ + b_hn
  static constexpr bool kCell = false;
  static constexpr int kPeepholes = 0;
  static constexpr bool kRelevance = false;
  static constexpr bool kProjected = false;
  // Gradients of r, z, n through the input, and of n through the state.
  static constexpr int kUnit = 1;
  static constexpr int kGroups = 4;
  static constexpr int kInputGroups[3] = {0, 1, 2};
  static constexpr int kHiddenGroups[3] = {0, 1, 3};

  static long packed_size(const Sizes& sizes) { return packed_gates_size<kGates>(sizes); }

  static void pack(const Direction& direction, const Sizes& sizes, int block, Factor* packed) {
    pack_gates<kGates>(direction, sizes, block, packed);
  }

  static void products(const Products& p, int) { gate_products<3, 4, 0, 1, 3>(p); }
  static void forward(const ForwardStep& s) { forward_units<GruResetAfter>(s); }

  static UNROLL_INLINE void state(const ForwardStep& s, int block, int row, Vec (&sum)[kGroups]) {
    const Vec r = sigmoid(sum[0]), update = sigmoid(sum[1]);
    const Vec n = tanh(sum[2] + r * sum[3]);
    const Vec kept[kSaved] = {r, update, n, sum[3]};
    s.keep(block, row, kept);
    store(s.h[row] + block * kLanes, n + update * (s.previous_hidden(block, row) - n), s.width(block));
  }

  static void backward(const BackwardStep& s) {
    for (int block = 0; block < s.blocks(); block++) {
      Vec sums[kGroups] = {};
      for (int row = 0; row < s.live; row++) {
        const float* kept = s.kept(block, row, kSaved);
        const Vec r = load(kept), z = load(kept + kLanes), n = load(kept + 2 * kLanes), hidden_n = load(kept + 3 * kLanes);
        const Vec dh = s.hidden_gradient(block, row);
        const Vec dn = dh * (1.0f - z) * (1.0f - n * n);
        const Vec d[kGroups] = {
            dn * hidden_n * r * (1.0f - r),
            dh * (s.previous_hidden(block, row) - n) * z * (1.0f - z),
            dn,
            dn * r,
        };
        store(s.state_gradient(s.dh, block, row), dh * z);
        s.emit(block, row, d, sums);
      }
      s.add_bias(block, sums);
    }
  }
};

// The lectures' simplified form: u = σ alone, which weighs the candidate n = tanh; h = u * n + (1 - u) * h.
struct GruSimplified {
  static constexpr int kGates = 2;
  static constexpr int kSaved = 2;  // u, n
  static constexpr bool kCell = false;
  static constexpr int kPeepholes = 0;
  static constexpr bool kRelevance = false;
  static constexpr bool kProjected = false;
  static constexpr int kUnit = 1;
  static constexpr int kGroups = 2;
  static constexpr int kInputGroups[2] = {0, 1};
  static constexpr int kHiddenGroups[2] = {0, 1};

  static long packed_size(const Sizes& sizes) { return packed_gates_size<kGates>(sizes); }

  static void pack(const Direction& direction, const Sizes& sizes, int block, Factor* packed) {
    pack_gates<kGates>(direction, sizes, block, packed);
  }

  static void products(const Products& p, int) { gate_products<2, 2, 0, 1>(p); }
  static void forward(const ForwardStep& s) { forward_units<GruSimplified>(s); }

  static UNROLL_INLINE void state(const ForwardStep& s, int block, int row, Vec (&sum)[kGroups]) {
    const Vec kept[kSaved] = {sigmoid(sum[0]), tanh(sum[1])};
    const Vec before = s.previous_hidden(block, row);
    s.keep(block, row, kept);
    store(s.h[row] + block * kLanes, before + kept[0] * (kept[1] - before), s.width(block));
  }

  static void backward(const BackwardStep& s) {
    for (int block = 0; block < s.blocks(); block++) {
      Vec sums[kGroups] = {};
      for (int row = 0; row < s.live; row++) {
        const float* kept = s.kept(block, row, kSaved);
        const Vec u = load(kept), n = load(kept + kLanes);
        const Vec dh = s.hidden_gradient(block, row);
        const Vec d[kGroups] = {dh * (n - s.previous_hidden(block, row)) * u * (1.0f - u), dh * u * (1.0f - n * n)};
        store(s.state_gradient(s.dh, block, row), dh * (1.0f - u));
        s.emit(block, row, d, sums);
      }
      s.add_bias(block, sums);
    }
  }
};

// The lectures' full form: the relevance gate r is applied before the product. r, u = σ; n = tanh(x_n + (r * h) W_hnᵀ + b_n);
// h = u * n + (1 - u) * h. Two products a step: the candidate's needs all of r first.
struct GruRelevanceBefore {
  static constexpr int kGates = 3;
  static constexpr int kSaved = 3;  // r, u, n
  static constexpr bool kCell = false;
  static constexpr int kPeepholes = 0;
  static constexpr bool kRelevance = true;
  static constexpr bool kProjected = false;
  static constexpr int kUnit = 1;
  static constexpr int kGroups = 3;
  static constexpr int kInputGroups[3] = {0, 1, 2};
  static constexpr int kHiddenGroups[3] = {0, 1, 2};

  // The gates' weights as elsewhere, with only r and u of the recurrent weight; then the candidate's, in panels.
  static long block_size(int input, int hidden) { return static_cast<long>(factors(input) * 3 + factors(hidden) * 2) * kLanes; }
  static long gates_size(int input, int hidden) { return vectors(hidden) * block_size(input, hidden); }
  static long packed_size(const Sizes& sizes) { return gates_size(sizes.input, sizes.hidden) + packed_panels_size(sizes.hidden, sizes.hidden); }

  static void pack(const Direction& direction, const Sizes& sizes, int block, Factor* packed) {
    const int input = sizes.input, hidden = sizes.hidden;
    Factor* to = packed + block * block_size(input, hidden);
    for (int gate = 0; gate < 3; gate++) {
      pack_turned(direction.input_weight + static_cast<long>(gate) * hidden * input, hidden, input, block * kLanes, to + gate * kLanes, 3 * kLanes);
      if (gate < 2)
        pack_turned(direction.hidden_weight + static_cast<long>(gate) * hidden * hidden, hidden, hidden, block * kLanes,
                    to + (static_cast<long>(factors(input)) * 3 + gate) * kLanes, 2 * kLanes);
    }
    const int panel = block / kPanel;
    if (block % kPanel == 0)
      pack_panel(direction.hidden_weight + 2l * hidden * hidden, hidden, hidden, panel, packed + gates_size(input, hidden) + static_cast<long>(factors(hidden)) * block * kLanes);
  }

  static void forward(const ForwardStep& s) {
    for (int block = 0; block < s.blocks(); block++) {
      gate_products<3, 3, 0, 1>({s.x, s.input, s.before, s.hidden, s.live, s.packed + block * block_size(s.input, s.hidden), s.bias + block * kGroups * kLanes, 0, s.sums});
      for (int row = 0; row < s.live; row++) {
        Vec sum[kGroups];
        for (int n = 0; n < kGroups; n++) sum[n] = load(s.sums + (row * kGroups + n) * kLanes);
        state(s, block, row, sum);
      }
    }
    in_panels(s, s.inner, s.hidden, s.packed + gates_size(s.input, s.hidden), s.hidden,
              [&](int block, int row, Vec product) UNROLL_LAMBDA { candidate(s, block, row, product); });
  }

  // Both gates of a row, and what its candidate's product will be made of.
  static UNROLL_INLINE void state(const ForwardStep& s, int block, int row, Vec (&sum)[kGroups]) {
    const long at = (static_cast<long>(row) * s.blocks() + block) * kLanes;
    const Vec r = sigmoid(sum[0]), u = sigmoid(sum[1]);
    store(s.inner[row] + block * kLanes, r * s.previous_hidden(block, row));
    store(s.update + at, u);
    store(s.from_input + at, sum[2]);
    if (s.saved == nullptr) return;
    float* kept = s.saved + (static_cast<long>(block) * s.live + row) * kSaved * kLanes;
    store(kept, r);
    store(kept + kLanes, u);
  }

  // The state from the candidate's product.
  static UNROLL_INLINE void candidate(const ForwardStep& s, int block, int row, Vec product) {
    const long at = (static_cast<long>(row) * s.blocks() + block) * kLanes;
    const Vec n = tanh(product + load(s.from_input + at));
    const Vec before = s.previous_hidden(block, row);
    if (s.saved != nullptr) store(s.saved + ((static_cast<long>(block) * s.live + row) * kSaved + 2) * kLanes, n);
    store(s.h[row] + block * kLanes, before + load(s.update + at) * (n - before), s.width(block));
  }

  // What is known before the candidate's product: gradients of u and n. r's place holds nothing yet.
  static void backward(const BackwardStep& s) {
    for (int block = 0; block < s.blocks(); block++) {
      Vec sums[2] = {};
      for (int row = 0; row < s.live; row++) {
        const float* kept = s.kept(block, row, kSaved);
        const Vec r = load(kept), u = load(kept + kLanes), n = load(kept + 2 * kLanes);
        const Vec dh = s.hidden_gradient(block, row);
        const Vec before = s.previous_hidden(block, row);
        const Vec du = dh * (n - before) * u * (1.0f - u);
        const Vec dn = dh * u * (1.0f - n * n);
        s.gates.put(1, block, s.first + row, du);
        s.gates.put(2, block, s.first + row, dn);
        store(s.inner + (s.first + row) * s.blocks() * kLanes + block * kLanes, r * before);
        store(s.state_gradient(s.dh, block, row), dh * (1.0f - u));
        sums[0] += du;
        sums[1] += dn;
      }
      for (int gate = 0; gate < 2; gate++) {
        float* to = s.bias + ((gate + 1) * s.blocks() + block) * kLanes;
        store(to, load(to) + sums[gate]);
      }
    }
  }

  // One vector of the gradient of r * h, from the candidate's product.
  static UNROLL_INLINE void relevance(const BackwardStep& s, int block, int row, Vec d_relevant) {
    const Vec r = load(s.kept(block, row, kSaved));
    const Vec dr = d_relevant * s.previous_hidden(block, row) * r * (1.0f - r);
    s.gates.put(0, block, s.first + row, dr);
    float* bias = s.bias + block * kLanes;
    store(bias, load(bias) + dr);
    float* carried = s.state_gradient(s.dh, block, row);
    store(carried, load(carried) + d_relevant * r);
  }
};

}  // namespace unroll::UNROLL_ISA
