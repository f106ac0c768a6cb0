// Compiled once for each instruction set, with UNROLL_ISA its name and the compiler's options for it. A set that is there for products of
// bfloat16 has none of this: here all is float32.
#if !defined(UNROLL_BFLOAT16)
#include "../functions.h"
#include "../products.h"
#include "kernels.h"

namespace unroll::UNROLL_ISA {
namespace {

// Multiplications that are worth another thread.
constexpr long kWork = 1l << 19;

// A panel of the right side: `[count][V][lanes]`.
void pack(const float* weight, bool turned, long count, int columns, int panel, float* to) {
  const int first = panel * kPanel;
  const int width = least(kPanel, vectors(columns) - first);
  if (turned) {
    for (int n = 0; n < width; n++) pack_turned(weight, columns, static_cast<int>(count), (first + n) * kLanes, to + n * kLanes, width * kLanes);
    return;
  }
  for (long k = 0; k < count; k++, to += width * kLanes)
    for (int n = 0; n < width; n++)
      store(to + n * kLanes, load(weight + k * columns + (first + n) * kLanes, least(kLanes, columns - (first + n) * kLanes)));
}

// The rows `from` … `to`-1 times one packed panel.
void multiply_panel(const float* a, long from, long to, long count, const float* packed, int panel, const float* bias, int columns, float* out) {
  const int first = panel * kPanel;
  with_width(least(kPanel, vectors(columns) - first), [&](auto v) UNROLL_LAMBDA {
    constexpr int V = decltype(v)::value;
    Vec start[V];
    for (int n = 0; n < V; n++) {
      const int column = (first + n) * kLanes;
      start[n] = bias == nullptr ? Vec{} : load(bias + column, least(kLanes, columns - column));
    }
    in_tiles(static_cast<int>(to - from), [&](int row, auto r) UNROLL_LAMBDA {
      constexpr int R = decltype(r)::value;
      Tile<R, V> tile;
      const float* rows[R];
      for (int i = 0; i < R; i++) {
        rows[i] = a + (from + row + i) * count;
        for (int n = 0; n < V; n++) tile.sum[i][n] = start[n];
      }
      add_panel_product<V>(tile, rows, packed, count);
      for (int i = 0; i < R; i++)
        for (int n = 0; n < V; n++) {
          const int column = (first + n) * kLanes;
          store(out + (from + row + i) * columns + column, tile.sum[i][n], least(kLanes, columns - column));
        }
    });
  });
}

void multiply(const float* a, long rows, long count, const float* weight, bool turned, const float* bias, int columns, float* out) {
  const int all = panels(vectors(columns));
  const long panel_size = count * kPanel * kLanes;
  Scratch scratch(Scratch::bytes<float>(all * panel_size));
  float* const packed = scratch.take<float>(all * panel_size);
  const bool alone = rows * count * columns < kWork;
  const int parts = alone ? 1 : static_cast<int>(least((rows + 2 * kTileRows - 1) / (2 * kTileRows), static_cast<long>(thread_count())));
  const auto packing = [&](int panel) { pack(weight, turned, count, columns, panel, packed + panel * panel_size); };
  const auto product = [&](int task) {
    const int panel = task % all;
    const long part = task / all;
    multiply_panel(a, rows * part / parts, rows * (part + 1) / parts, count, packed + panel * panel_size, panel, bias, columns, out);
  };
  if (alone) {
    for (int panel = 0; panel < all; panel++) packing(panel);
    for (int panel = 0; panel < all; panel++) product(panel);
    return;
  }
  parallel(all, packing);
  parallel(all * parts, product);
}

void sum_rows(const float* from, long rows, int columns, float* out) {
  for (int block = 0; block < vectors(columns); block++) {
    const int width = least(kLanes, columns - block * kLanes);
    Vec sum = {};
    for (long row = 0; row < rows; row++) sum += load(from + row * columns + block * kLanes, width);
    store(out + block * kLanes, sum, width);
  }
}

void max_steps(const float* from, const int* lengths, int rows, int features, int first, int last, float* out, float* at) {
  for (int row = first; row < last; row++) {
    float* __restrict__ best = out + static_cast<long>(row) * features;
    float* __restrict__ step = at + static_cast<long>(row) * features;
    std::memcpy(best, from + static_cast<long>(row) * features, features * sizeof(float));
    std::memset(step, 0, features * sizeof(float));
    for (int t = 1; t < lengths[row]; t++) {
      const float* __restrict__ x = from + (static_cast<long>(t) * rows + row) * features;
      const float now = static_cast<float>(t);
      for (int f = 0; f < features; f++) {
        const bool better = !(x[f] <= best[f]) & (best[f] == best[f]);
        best[f] = better ? x[f] : best[f];
        step[f] = better ? now : step[f];
      }
    }
  }
}

void mean_steps(const float* from, const int* lengths, int rows, int features, int first, int last, float* out) {
  for (int row = first; row < last; row++) {
    float* __restrict__ sum = out + static_cast<long>(row) * features;
    std::memcpy(sum, from + static_cast<long>(row) * features, features * sizeof(float));
    for (int t = 1; t < lengths[row]; t++) {
      const float* __restrict__ x = from + (static_cast<long>(t) * rows + row) * features;
      for (int f = 0; f < features; f++) sum[f] += x[f];
    }
    const float count = static_cast<float>(lengths[row]);
    for (int f = 0; f < features; f++) sum[f] /= count;
  }
}

void spread_mean(const float* gradient, const int* lengths, int steps, int rows, int features, int first, int last, float* out) {
  for (int row = first; row < last; row++) {
    const float* __restrict__ d = gradient + static_cast<long>(row) * features;
    const float count = static_cast<float>(lengths[row]);
    for (int t = 0; t < steps; t++) {
      float* __restrict__ to = out + (static_cast<long>(t) * rows + row) * features;
      const bool real = t < lengths[row];
      for (int f = 0; f < features; f++) to[f] = real ? d[f] / count : 0.0f;
    }
  }
}

void add_rows(const float* from, const int* ids, long count, int width, int first, int last, float* sums) {
  for (long i = 0; i < count; i++) {
    const int id = ids[i];
    if (id == 0 || id < first || id >= last) continue;
    const float* __restrict__ x = from + i * width;
    float* __restrict__ to = sums + static_cast<long>(id) * width;
    for (int column = 0; column < width; column++) to[column] += x[column];
  }
}

void drop(const float* from, long first, long last, unsigned key, unsigned threshold, float kept, float* out) {
  for (long i = first; i < last; i++) {
    unsigned z = (static_cast<unsigned>(i + 1) * 0x9e3779b9u) ^ key;
    z = (z ^ (z >> 16)) * 0x21f0aaadu;
    z = (z ^ (z >> 15)) * 0x735a2d97u;
    out[i] = from[i] * ((z ^ (z >> 15)) < threshold ? 0.0f : kept);
  }
}

double sum_of(Vec values) {
  double sum = 0;
  for (int lane = 0; lane < kLanes; lane++) sum += static_cast<double>(values[lane]);
  return sum;
}

double cross_entropy(const float* logits, const int* targets, const float* weights, long first, long last, int classes, float* gradient) {
  double loss = 0;
  for (long row = first; row < last; row++) {
    const float* x = logits + row * classes;
    float* out = gradient + row * classes;
    const float weight = weights[row];
    if (weight == 0) {
      std::memset(out, 0, classes * sizeof(float));
      continue;
    }
    float largest = x[0];
    int c = 0;
    if (classes >= kLanes) {
      Vec most = load(x);
      for (c = kLanes; c + kLanes <= classes; c += kLanes) {
        const Vec next = load(x + c);
        most = next > most ? next : most;
      }
      for (int lane = 0; lane < kLanes; lane++) largest = most[lane] > largest ? most[lane] : largest;
    }
    for (; c < classes; c++) largest = x[c] > largest ? x[c] : largest;
    Vec sums = {};
    for (c = 0; c < classes; c += kLanes) {
      const int width = least(kLanes, classes - c);
      store(out + c, exp(load(x + c, width) - splat(largest)), width);
      sums += load(out + c, width);
    }
    const double sum = sum_of(sums);
    loss -= static_cast<double>(weight) * (static_cast<double>(x[targets[row]] - largest) - __builtin_log(sum));
    const Vec scale = splat(weight / static_cast<float>(sum));
    for (c = 0; c < classes; c += kLanes) {
      const int width = least(kLanes, classes - c);
      store(out + c, load(out + c, width) * scale, width);
    }
    out[targets[row]] -= weight;
  }
  return loss;
}

double binary_log_loss(const float* logits, const int* targets, const float* weights, long count, float* gradient) {
  double loss = 0;
  for (long i = 0; i < count; i += kLanes) {
    const int width = static_cast<int>(least(static_cast<long>(kLanes), count - i));
    Vec y = {};
    for (int lane = 0; lane < width; lane++) y[lane] = static_cast<float>(targets[i + lane]);
    const Vec x = load(logits + i, width), weight = load(weights + i, width);
    loss += sum_of(weight * (softplus(x) - x * y));
    store(gradient + i, weight * (sigmoid(x) - y), width);
  }
  return loss;
}

double squares(const float* x, const float* y, long count, float factor, float* gradient) {
  double sum = 0;
  for (long i = 0; i < count; i += kLanes) {
    const int width = static_cast<int>(least(static_cast<long>(kLanes), count - i));
    const Vec error = load(x + i, width) - load(y + i, width);
    sum += sum_of(error * error);
    store(gradient + i, error * factor, width);
  }
  return sum;
}

}  // namespace

extern const StepKernels kStepKernels;
const StepKernels kStepKernels{multiply, sum_rows, max_steps, mean_steps, spread_mean, add_rows, drop, cross_entropy, binary_log_loss, squares};

}  // namespace unroll::UNROLL_ISA
#endif
