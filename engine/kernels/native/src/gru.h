// The three forms of the GRU.
#pragma once

#include "step.h"

namespace unroll::UNROLL_ISA {

// As in torch.nn.GRU and cuDNN: r, z = σ; n = tanh(x_n + r * (h W_hnᵀ + b_hn)); h = (1 - z) * n + z * h.
struct GruResetAfter {
  static constexpr int kGates = 3;
  static constexpr int kSaved = 4;  // r, z, n, and h W_hnᵀ + b_hn
  static constexpr bool kCell = false;
  static constexpr int kBiases = 4;
  static constexpr int kPeepholes = 0;
  static constexpr int kTemporary = 0;
  static constexpr bool kRelevance = false;
  // Gradients of r, z, n through the input, and of n through the state.
  static constexpr int kGroups = 4;
  static constexpr int kInputGroups[3] = {0, 1, 2};
  static constexpr int kHiddenGroups[3] = {0, 1, 3};

  static long packed_size(int input, int hidden) { return packed_gates_size<kGates>(input, hidden); }
  static int pack_tasks(int hidden) { return vectors(hidden); }

  static void pack(const Direction& direction, int input, int hidden, int block, float* packed, float* bias) {
    pack_gates<kGates>(direction, input, hidden, block, packed);
    float* to = bias + block * kBiases * kLanes;
    for (int gate = 0; gate < 2; gate++)
      store(to + gate * kLanes, bias_of(direction.input_bias, hidden, gate, block) + bias_of(direction.hidden_bias, hidden, gate, block));
    store(to + 2 * kLanes, bias_of(direction.input_bias, hidden, 2, block));
    store(to + 3 * kLanes, bias_of(direction.hidden_bias, hidden, 2, block));
  }

  static void forward(const ForwardStep& s) {
    for_each_tile<4>(s, kGates, [&](int block, int row, const float* w, auto& z, const auto& x, const auto& h) UNROLL_LAMBDA {
      add_product<0, 1, 2>(z, x, w, s.input);
      add_product<0, 1, 3>(z, h, w + static_cast<long>(s.input) * kGates * kLanes, s.hidden);
      for (int i = 0; i < z.kRows; i++) {
        const Vec r = sigmoid(z.sum[i][0]), update = sigmoid(z.sum[i][1]);
        const Vec n = tanh(z.sum[i][2] + r * z.sum[i][3]);
        const Vec kept[kSaved] = {r, update, n, z.sum[i][3]};
        s.keep(block, row + i, kept);
        store(s.h[row + i] + block * kLanes, n + update * (s.previous_hidden(block, row + i) - n), s.width(block));
      }
    });
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
  static constexpr int kBiases = 2;
  static constexpr int kPeepholes = 0;
  static constexpr int kTemporary = 0;
  static constexpr bool kRelevance = false;
  static constexpr int kGroups = 2;
  static constexpr int kInputGroups[2] = {0, 1};
  static constexpr int kHiddenGroups[2] = {0, 1};

  static long packed_size(int input, int hidden) { return packed_gates_size<kGates>(input, hidden); }
  static int pack_tasks(int hidden) { return vectors(hidden); }

  static void pack(const Direction& direction, int input, int hidden, int block, float* packed, float* bias) {
    pack_gates<kGates>(direction, input, hidden, block, packed);
    pack_summed_bias<kGates>(direction, hidden, block, bias);
  }

  static void forward(const ForwardStep& s) {
    for_each_tile<kGates>(s, kGates, [&](int block, int row, const float* w, auto& z, const auto& x, const auto& h) UNROLL_LAMBDA {
      add_product<0, 1>(z, x, w, s.input);
      add_product<0, 1>(z, h, w + static_cast<long>(s.input) * kGates * kLanes, s.hidden);
      for (int i = 0; i < z.kRows; i++) {
        const Vec kept[kSaved] = {sigmoid(z.sum[i][0]), tanh(z.sum[i][1])};
        const Vec before = s.previous_hidden(block, row + i);
        s.keep(block, row + i, kept);
        store(s.h[row + i] + block * kLanes, before + kept[0] * (kept[1] - before), s.width(block));
      }
    });
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
  static constexpr int kBiases = 3;
  static constexpr int kPeepholes = 0;
  static constexpr int kTemporary = 3;  // r * h, u, and the input's share of n
  static constexpr bool kRelevance = true;
  static constexpr int kGroups = 3;
  static constexpr int kInputGroups[3] = {0, 1, 2};
  static constexpr int kHiddenGroups[3] = {0, 1, 2};

  // The gates' weights as elsewhere, with only r and u of the recurrent weight; then the candidate's, in panels.
  static long gates_size(int input, int hidden) { return static_cast<long>(vectors(hidden)) * (input * 3 + hidden * 2) * kLanes; }
  static long packed_size(int input, int hidden) { return gates_size(input, hidden) + packed_panels_size(hidden, hidden); }
  static int pack_tasks(int hidden) { return vectors(hidden); }

  static void pack(const Direction& direction, int input, int hidden, int block, float* packed, float* bias) {
    float* to = packed + static_cast<long>(block) * (input * 3 + hidden * 2) * kLanes;
    for (int gate = 0; gate < 3; gate++) {
      pack_turned(direction.input_weight + static_cast<long>(gate) * hidden * input, hidden, input, block * kLanes, to + gate * kLanes, 3 * kLanes);
      if (gate < 2)
        pack_turned(direction.hidden_weight + static_cast<long>(gate) * hidden * hidden, hidden, hidden, block * kLanes,
                    to + (static_cast<long>(input) * 3 + gate) * kLanes, 2 * kLanes);
    }
    const int first = block / kPanel * kPanel;
    const int width = least(kPanel, vectors(hidden) - first);
    float* candidate = packed + gates_size(input, hidden) + static_cast<long>(hidden) * first * kLanes;
    pack_turned(direction.hidden_weight + 2l * hidden * hidden, hidden, hidden, block * kLanes, candidate + (block - first) * kLanes, width * kLanes);
    pack_summed_bias<kGates>(direction, hidden, block, bias);
  }

  static void forward(const ForwardStep& s) {
    const long wide = static_cast<long>(s.blocks()) * kLanes;
    float* const relevant = s.temporary;
    float* const update = relevant + s.live * wide;
    float* const from_input = update + s.live * wide;
    const long gates = static_cast<long>(s.input * 3 + s.hidden * 2) * kLanes;
    for (int block = 0; block < s.blocks(); block++) {
      const float* w = s.packed + block * gates;
      in_tiles(s.live, [&](int row, auto r) UNROLL_LAMBDA {
        constexpr int R = decltype(r)::value;
        Tile<R, 3> z;
        const float* x[R];
        const float* h[R];
        for (int i = 0; i < R; i++) {
          x[i] = s.x[row + i];
          h[i] = s.previous[row + i];
          for (int gate = 0; gate < 3; gate++) z.sum[i][gate] = load(s.bias + (block * kBiases + gate) * kLanes);
        }
        add_product<0, 1, 2>(z, x, w, s.input);
        add_product<0, 1>(z, h, w + static_cast<long>(s.input) * 3 * kLanes, s.hidden);
        for (int i = 0; i < R; i++) {
          const long at = (row + i) * wide + block * kLanes;
          const Vec relevance = sigmoid(z.sum[i][0]), u = sigmoid(z.sum[i][1]);
          store(relevant + at, relevance * s.previous_hidden(block, row + i));
          store(update + at, u);
          store(from_input + at, z.sum[i][2]);
          if (s.saved == nullptr) continue;
          float* kept = s.saved + (static_cast<long>(block) * s.live + row + i) * kSaved * kLanes;
          store(kept, relevance);
          store(kept + kLanes, u);
        }
      });
    }
    const float* candidate = s.packed + gates_size(s.input, s.hidden);
    for (int panel = 0; panel < panels(s.blocks()); panel++) {
      const int first = panel * kPanel;
      with_width(least(kPanel, s.blocks() - first), [&](auto v) UNROLL_LAMBDA {
        constexpr int V = decltype(v)::value;
        in_tiles(s.live, [&](int row, auto r) UNROLL_LAMBDA {
          constexpr int R = decltype(r)::value;
          Tile<R, V> z;
          const float* rows[R];
          for (int i = 0; i < R; i++) {
            rows[i] = relevant + (row + i) * wide;
            for (int n = 0; n < V; n++) z.sum[i][n] = load(from_input + (row + i) * wide + (first + n) * kLanes);
          }
          add_panel_product(z, rows, candidate + static_cast<long>(s.hidden) * first * kLanes, s.hidden);
          for (int i = 0; i < R; i++) {
            for (int n = 0; n < V; n++) {
              const int block = first + n;
              const Vec value = tanh(z.sum[i][n]);
              const Vec before = s.previous_hidden(block, row + i);
              const Vec u = load(update + (row + i) * wide + block * kLanes);
              if (s.saved != nullptr) store(s.saved + ((static_cast<long>(block) * s.live + row + i) * kSaved + 2) * kLanes, value);
              store(s.h[row + i] + block * kLanes, before + u * (value - before), s.width(block));
            }
          }
        });
      });
    }
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
        store(s.gates.at(1, block, s.first + row), du);
        store(s.gates.at(2, block, s.first + row), dn);
        store(s.relevant + (s.first + row) * s.blocks() * kLanes + block * kLanes, r * before);
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
    store(s.gates.at(0, block, s.first + row), dr);
    float* bias = s.bias + block * kLanes;
    store(bias, load(bias) + dr);
    float* carried = s.state_gradient(s.dh, block, row);
    store(carried, load(carried) + d_relevant * r);
  }
};

}  // namespace unroll::UNROLL_ISA
