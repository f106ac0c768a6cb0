// The register tile of every matrix product here: R rows times up to four vectors of columns are summed in registers over k.
#pragma once

#include "factors.h"

namespace unroll::UNROLL_ISA {

template <int R, int V>
struct Tile {
  static constexpr int kRows = R;
  Vec sum[R][V];
};

// sum[r][Map[n]] += Σ_k a[r][k] b[k][n], with b packed `[count][N][lanes]`, for `count` factors k. `Map` says which sum each vector of b adds to.
template <int... Map, int R, int V>
UNROLL_INLINE void add_product(Tile<R, V>& tile, const Factor* const (&a)[R], const Factor* b, long count) {
  constexpr int N = sizeof...(Map);
  constexpr int map[N] = {Map...};
  for (long k = 0; k < count; k++, b += N * kLanes) {
    FactorVec columns[N];
#pragma GCC unroll 8
    for (int n = 0; n < N; n++) columns[n] = load_factors(b + n * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < R; r++) {
      const FactorVec row = splat(a[r][k]);
#pragma GCC unroll 8
      for (int n = 0; n < N; n++) tile.sum[r][map[n]] = multiply_add(row, columns[n], tile.sum[r][map[n]]);
    }
  }
}

// Each of b's N vectors adds to the sum of its own column.
template <int N, int R, int V>
UNROLL_INLINE void add_panel_product(Tile<R, V>& tile, const Factor* const (&a)[R], const Factor* b, long count) {
  if constexpr (N == 1) add_product<0>(tile, a, b, count);
  else if constexpr (N == 2) add_product<0, 1>(tile, a, b, count);
  else if constexpr (N == 3) add_product<0, 1, 2>(tile, a, b, count);
  else add_product<0, 1, 2, 3>(tile, a, b, count);
}

// The same, with a's rows kept in blocks of columns: a[r][k] lies at `a[(k / L) * stride + r * L + k % L]` with L the factors of a block.
template <int R, int V>
UNROLL_INLINE void add_blocked_product(Tile<R, V>& tile, const Factor* a, long stride, const Factor* b, long blocks) {
  for (long block = 0; block < blocks; block++, a += stride) {
// Two steps at once would need more registers than AVX2 has.
#pragma GCC unroll 1
    for (int k = 0; k < kFactorLanes; k++, b += V * kLanes) {
      FactorVec columns[V];
#pragma GCC unroll 8
      for (int n = 0; n < V; n++) columns[n] = load_factors(b + n * kLanes);
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) {
        const FactorVec row = splat(a[r * kFactorLanes + k]);
#pragma GCC unroll 8
        for (int n = 0; n < V; n++) tile.sum[r][n] = multiply_add(row, columns[n], tile.sum[r][n]);
      }
    }
  }
}

// sum[r][n] += Σ_k a[k][r] b[n][k], with a packed `[count][R]` and each vector of b in a stream `[count][lanes]` of its own.
template <int R, int V>
UNROLL_INLINE void add_outer_product(Tile<R, V>& tile, const Factor* a, const Factor* const (&b)[V], long count) {
#pragma GCC unroll 1
  for (long k = 0; k < count; k++, a += R) {
    FactorVec columns[V];
#pragma GCC unroll 8
    for (int n = 0; n < V; n++) columns[n] = load_factors(b[n] + k * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < R; r++) {
      const FactorVec row = splat(a[r]);
#pragma GCC unroll 8
      for (int n = 0; n < V; n++) tile.sum[r][n] = multiply_add(row, columns[n], tile.sum[r][n]);
    }
  }
}

// sum[r][n] += Σ_k a[k][r] b[k][n], with a packed `[count][R]` and b `[count][V][lanes]`.
template <int R, int V>
UNROLL_INLINE void add_packed_product(Tile<R, V>& tile, const Factor* a, const Factor* b, long count) {
#pragma GCC unroll 1
  for (long k = 0; k < count; k++, a += R, b += V * kLanes) {
    FactorVec columns[V];
#pragma GCC unroll 8
    for (int n = 0; n < V; n++) columns[n] = load_factors(b + n * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < R; r++) {
      const FactorVec row = splat(a[r]);
#pragma GCC unroll 8
      for (int n = 0; n < V; n++) tile.sum[r][n] = multiply_add(row, columns[n], tile.sum[r][n]);
    }
  }
}

template <int R, int V>
UNROLL_INLINE void clear(Tile<R, V>& tile) {
#pragma GCC unroll 8
  for (int r = 0; r < R; r++)
#pragma GCC unroll 8
    for (int n = 0; n < V; n++) tile.sum[r][n] = Vec{};
}

// To `[R][V][lanes]`.
template <int R, int V>
UNROLL_INLINE void spill(const Tile<R, V>& tile, float* to) {
#pragma GCC unroll 8
  for (int r = 0; r < R; r++)
#pragma GCC unroll 8
    for (int n = 0; n < V; n++) store(to + (r * V + n) * kLanes, tile.sum[r][n]);
}

template <int N>
struct Count {
  static constexpr int value = N;
};

// Rows of a tile of fewer vectors: more of them, so that enough sums are under way for a multiply-add to follow the other.
constexpr int tile_rows(int width) { return kTileRows * 4 / width < 6 ? kTileRows * 4 / width : 6; }

// Calls `body(first, Count<R>)` for consecutive groups of rows, as equal as they can be and none above `Most`.
template <int Most = kTileRows, class Body>
UNROLL_INLINE void in_tiles(int rows, const Body& body) {
  static_assert(Most <= 6, "the switch below has six cases");
  const int groups = (rows + Most - 1) / Most;
  for (int group = 0, first = 0; group < groups; group++) {
    const int size = (rows - first) / (groups - group);
    switch (size) {
      case 1:
        body(first, Count<1>{});
        break;
      case 2:
        if constexpr (Most >= 2) body(first, Count<2>{});
        break;
      case 3:
        if constexpr (Most >= 3) body(first, Count<3>{});
        break;
      case 4:
        if constexpr (Most >= 4) body(first, Count<4>{});
        break;
      case 5:
        if constexpr (Most >= 5) body(first, Count<5>{});
        break;
      case 6:
        if constexpr (Most >= 6) body(first, Count<6>{});
        break;
    }
    first += size;
  }
}

}  // namespace unroll::UNROLL_ISA
