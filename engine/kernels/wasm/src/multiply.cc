// Products of matrices for the WASM backend, on all threads: the register tile of the recurrences over packed operands.
#include <cstdint>

#include "../../native/src/products.h"
#include "../../native/src/step.h"
#include "export.h"

namespace unroll::UNROLL_ISA {
namespace {

// c[i] = a[i] b[i], `[M, N]` each, of a[i] `[M, K]` or turned `[K, M]` and b[i] `[K, N]` or turned `[N, K]`, for `count` pairs.
struct Call {
  int32_t count;
  int32_t m;
  int32_t n;
  int32_t k;
  int32_t turn_a;
  int32_t turn_b;
  const float* a;
  const float* b;
  float* c;
};

// Rows of c that are computed together, and columns of a: so many of a's numbers stay in a core's cache while b's panels pass.
constexpr int kRows = 64;
constexpr int kDepth = 512;

// Multiplications that are worth waking a thread: half a millisecond. Where other programs run, waiting for it may cost more.
constexpr float kWork = 1 << 23;

// Rows `from` … `from + rows`-1 of one product, of a's rows `stride` apart.
void multiply_rows(const float* a, long stride, const float* packed, float* c, int from, int rows, int n, int k) {
  const int all = vectors(n);
  const long depth = static_cast<long>(vectors(k)) * kLanes;
  for (int first = 0; first < k; first += kDepth) {
    const int count = least(kDepth, k - first);
    for (int panel = 0; panel < panels(all); panel++) {
      const int width = least(kPanel, all - panel * kPanel);
      const float* b = packed + (depth * panel * kPanel + static_cast<long>(first) * width) * kLanes;
      with_width(width, [&](auto v) UNROLL_LAMBDA {
        constexpr int V = decltype(v)::value;
        in_tiles(rows, [&](int row, auto r) UNROLL_LAMBDA {
          constexpr int R = decltype(r)::value;
          Tile<R, V> tile;
          clear(tile);
          const float* of_a[R];
          for (int i = 0; i < R; i++) of_a[i] = a + (from + row + i) * stride + first;
          add_panel_product<V>(tile, of_a, b, count);
          for (int i = 0; i < R; i++) {
            for (int j = 0; j < V; j++) {
              const int column = (panel * kPanel + j) * kLanes;
              float* to = c + static_cast<long>(from + row + i) * n + column;
              const int numbers = least(kLanes, n - column);
              store(to, first == 0 ? tile.sum[i][j] : tile.sum[i][j] + load(to, numbers), numbers);
            }
          }
        });
      });
    }
  }
}

// `body(task)` for each task, on all threads if there is enough to do.
template <class Body>
void share(bool on_all_threads, int tasks, const Body& body) {
  if (on_all_threads) return parallel(tasks, body);
  for (int task = 0; task < tasks; task++) body(task);
}

}  // namespace

UNROLL_EXPORT void multiply(const Call* call) {
  const auto [count, m, n, k, turn_a, turn_b, a, b, c] = *call;
  const int of_b = panels(vectors(n));
  const int of_a = turn_a != 0 ? vectors(k) : 0;
  const long depth = static_cast<long>(vectors(k)) * kLanes;
  const long size_b = packed_right_size(1, vectors(k), n);
  const long size_a = turn_a != 0 ? m * depth : 0;
  Scratch scratch(Scratch::bytes<float>(count * size_b) + Scratch::bytes<float>(count * size_a));
  float* const packed_b = scratch.take<float>(count * size_b);
  float* const turned_a = scratch.take<float>(count * size_a);
  const bool on_all_threads = static_cast<float>(count) * m * n * k >= kWork;
  share(on_all_threads, count * (of_a + of_b), [&](int index) {
    const long pair = index / (of_a + of_b);
    const int part = index % (of_a + of_b);
    if (part < of_a) {
      pack_turned(a + pair * m * k, k, m, part * kLanes, turned_a + pair * size_a + part * kLanes, depth);
      return;
    }
    const int panel = part - of_a;
    const float* from = b + pair * k * n;
    float* const to = packed_b + pair * size_b;
    if (turn_b != 0) pack_panel(from, n, k, panel, to + depth * panel * kPanel * kLanes);
    else pack_right(from, 1, k, n, panel, to);
  });
  const int groups = (m + kRows - 1) / kRows;
  share(on_all_threads, count * groups, [&](int index) {
    const long pair = index / groups;
    const int from = index % groups * kRows;
    const float* const rows = turn_a != 0 ? turned_a + pair * size_a : a + pair * m * k;
    multiply_rows(rows, turn_a != 0 ? depth : k, packed_b + pair * size_b, c + pair * m * n, from, least(kRows, m - from), n, k);
  });
}

}  // namespace unroll::UNROLL_ISA
