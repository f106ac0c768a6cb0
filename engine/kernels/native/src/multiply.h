// A product of two matrices outside of recurrences, each of them turned or not, over the register tile.
#pragma once

#include "products.h"

namespace unroll::UNROLL_ISA {

// Rows of the result that a thread takes at once, whole tiles and whole vectors of them; and numbers along the sum: so many of the left side
// stay in its core's cache while the right side's panels pass.
constexpr int kRowsOfProduct = 16 * kTileRows;
constexpr int kAlongProduct = 512;

// Rows `from` … `from + rows`-1 of the result and panels `first_panel` … `last_panel`-1 of its columns; `right` is packed, `depth` factors along the sum.
inline void multiply_part(const MatrixProduct& p, int from, int rows, int first_panel, int last_panel, const Factor* right, long depth) {
  const int all = vectors(p.n);
  const int tiled = (rows + kTileRows - 1) / kTileRows * kTileRows;
  Scratch scratch(Memory::bytes<float*>(kAlongProduct) + LeftRows::bytes(rows, kAlongProduct) + Memory::bytes<Factor>(packed_left_size(tiled, kAlongProduct)));
  const float** const pointers = scratch.take<const float*>(kAlongProduct);
  const LeftRows left_rows(scratch, rows, least(p.k, kAlongProduct));
  Factor* const left = scratch.take<Factor>(packed_left_size(tiled, kAlongProduct));
  for (int first = 0; first < p.k; first += kAlongProduct) {
    const int count = least(kAlongProduct, p.k - first);
    const long along = factors(count);
    const Factor* const* of_a = nullptr;
    if (p.turn_a) {
      for (int k = 0; k < count; k++) pointers[k] = p.a + static_cast<long>(first + k) * p.m + from;
      pack_left(pointers, count, rows, left);
    } else {
      for (int row = 0; row < rows; row++) pointers[row] = p.a + static_cast<long>(from + row) * p.k + first;
      of_a = left_rows.of(pointers, rows, count);
    }
    for (int panel = first_panel; panel < last_panel; panel++) {
      const int width = least(kPanel, all - panel * kPanel);
      const Factor* const b = right + (depth * panel * kPanel + factors(static_cast<long>(first)) * width) * kLanes;
      with_width(width, [&](auto v) UNROLL_LAMBDA {
        constexpr int V = decltype(v)::value;
        const auto put = [&](int row, int count_of_rows, const float* values) UNROLL_LAMBDA {
          for (int i = 0; i < count_of_rows; i++)
            for (int n = 0; n < V; n++, values += kLanes) {
              const int column = (panel * kPanel + n) * kLanes;
              float* const to = p.c + static_cast<long>(from + row + i) * p.n + column;
              const int numbers = least(kLanes, p.n - column);
              store(to, first == 0 ? load(values) : load(values) + load(to, numbers), numbers);
            }
        };
        if (p.turn_a) {
          const Factor* a = left;
          for (int row = 0; row < rows; row += kTileRows, a += kTileRows * along) {
            Tile<kTileRows, V> tile;
            clear(tile);
            add_packed_product(tile, a, b, along);
            float values[kTileRows * V * kLanes];
            spill(tile, values);
            put(row, least(kTileRows, rows - row), values);
          }
          return;
        }
        in_tiles(rows, [&](int row, auto r) UNROLL_LAMBDA {
          constexpr int R = decltype(r)::value;
          Tile<R, V> tile;
          clear(tile);
          const Factor* a[R];
#pragma GCC unroll 8
          for (int i = 0; i < R; i++) a[i] = of_a[row + i];
          add_panel_product<V>(tile, a, b, along);
          float values[R * V * kLanes];
          spill(tile, values);
          put(row, R, values);
        });
      });
    }
  }
}

inline void multiply(const MatrixProduct& p) {
  const int all = panels(vectors(p.n));
  const long depth = static_cast<long>(vectors(p.k)) * kFactorLanes;
  const long size = packed_right_size(1, vectors(p.k), p.n);
  Scratch scratch(Scratch::bytes<Factor>(size));
  Factor* const right = scratch.take<Factor>(size);
  parallel(all, [&](int panel) {
    if (p.turn_b) pack_panel(p.b, p.n, p.k, panel, right + depth * panel * kPanel * kLanes);
    else pack_right(p.b, 1, p.k, p.n, panel, right);
  });
  const int rows = (p.m + kRowsOfProduct - 1) / kRowsOfProduct;
  // Where there are too few rows for all threads, they share the columns as well.
  const int columns = rows >= 2 * thread_count() ? 1 : least(all, 2 * thread_count());
  parallel(rows * columns, [&](int task) {
    const int from = task / columns * kRowsOfProduct;
    const int share = task % columns;
    multiply_part(p, from, least(kRowsOfProduct, p.m - from), all * share / columns, all * (share + 1) / columns, right, depth);
  });
}

}  // namespace unroll::UNROLL_ISA
