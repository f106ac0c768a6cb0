// The matrix products round the cells: packing of weights, and the two products of the gradient that take many rows at once.
#pragma once

#include "threads.h"
#include "tile.h"

namespace unroll::UNROLL_ISA {

UNROLL_INLINE int least(int a, int b) { return a < b ? a : b; }
UNROLL_INLINE long least(long a, long b) { return a < b ? a : b; }
// Vectors that hold `count` numbers.
UNROLL_INLINE int vectors(int count) { return (count + kLanes - 1) / kLanes; }

// Columns are taken four vectors at a time: a panel. Its rows of packed weights lie one after the other.
constexpr int kPanel = 4;
UNROLL_INLINE int panels(int blocks) { return (blocks + kPanel - 1) / kPanel; }

// Calls `body(Count<V>)` for a panel of `width` vectors, 1 … 4.
template <class Body>
UNROLL_INLINE void with_width(int width, const Body& body) {
  switch (width) {
    case 1:
      return body(Count<1>{});
    case 2:
      return body(Count<2>{});
    case 3:
      return body(Count<3>{});
    default:
      return body(Count<4>{});
  }
}

// Rows behind pointers as a product takes them: as they are, or rounded into memory of their own.
class LeftRows {
 public:
  static long bytes(long rows, int width) {
    return kBfloat16 ? Memory::bytes<Factor*>(rows) + Memory::bytes<Factor>(rows * row_size(width)) : 0;
  }

  LeftRows(Memory& memory, long rows, int width) : width_(width) {
    if constexpr (kBfloat16) {
      rounded_ = memory.take<Factor*>(rows);
      Factor* data = memory.take<Factor>(rows * row_size(width));
      for (long row = 0; row < rows; row++) rounded_[row] = data + row * row_size(width);
    }
  }

  // Not a power of two apart: rows would share their places in the cache. 0 where they are not rounded.
  static constexpr long row_size(int width) { return kBfloat16 ? (factors(width) + kLanes - 1) / kLanes * kLanes + kLanes : 0; }

  // The first `count` of them; what it gave before is overwritten.
  UNROLL_INLINE const Factor* const* of(const float* const* rows, int count) const { return of(rows, count, width_); }
  // Their first `width` numbers.
  UNROLL_INLINE const Factor* const* of(const float* const* rows, int count, int width) const {
#if defined(UNROLL_BFLOAT16)
    for (int row = 0; row < count; row++) round_row(rows[row], width, kLanes, rounded_[row]);
    return rounded_;
#else
    return rows;
#endif
  }

 private:
  int width_;
  Factor** rounded_ = nullptr;
};

// Exchanges the groups of `S` lanes off the diagonal of two vectors: a[S…] ↔ b[0…].
template <int S, int... Lane>
UNROLL_INLINE void exchange(Vec& a, Vec& b, Lanes<Lane...>) {
  const Vec first = choose<((Lane & S) != 0 ? kLanes + Lane - S : Lane)...>(a, b);
  b = choose<((Lane & S) != 0 ? kLanes + Lane : Lane + S)...>(a, b);
  a = first;
}

// Turns a square: its quarters off the diagonal change places, then each quarter is turned, all at once.
template <int S = kLanes / 2>
UNROLL_INLINE void turn(Vec (&square)[kLanes]) {
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; i++)
    if ((i & S) == 0) exchange<S>(square[i], square[i + S], AllLanes{});
  if constexpr (S > 1) turn<S / 2>(square);
}

// `to[k * stride + lane]` is factor k of `from[(first + lane) * columns …]`, zero where first + lane reaches `rows`: a block of a matrix's rows, turned.
inline void pack_turned(const float* from, int rows, int columns, int first, Factor* to, long stride) {
  const int count = least(kLanes, rows - first);
  from += static_cast<long>(first) * columns;
  int k = 0;
  for (; count == kLanes && k + kLanes <= columns; k += kLanes, to += kFactorLanes * stride) {
    Vec square[kLanes];
#pragma GCC unroll 16
    for (int lane = 0; lane < kLanes; lane++) square[lane] = load(from + static_cast<long>(lane) * columns + k);
    turn(square);
#pragma GCC unroll 16
    for (int i = 0; i < kLanes; i += kPerFactor) store_factors(to + i / kPerFactor * stride, across(square[i], square[i + kPerFactor - 1]));
  }
  for (; k < columns; k += kPerFactor, to += stride) {
    float numbers[2][kLanes] = {};
    for (int lane = 0; lane < count; lane++)
      for (int i = 0; i < least(kPerFactor, columns - k); i++) numbers[i][lane] = from[static_cast<long>(lane) * columns + k + i];
    store_factors(to, across(load(numbers[0]), load(numbers[1])));
  }
}

// A gradient of gates in blocks of columns, factors of a row: `[group][block][row][lanes of factors]`, rows up to `capacity`, a multiple of `kPerFactor`.
struct Blocked {
  Factor* data;
  long capacity;
  int blocks;  // of each group

  static long size(int blocks, long capacity) { return blocks * capacity * kFactorLanes; }
  UNROLL_INLINE long stride() const { return capacity * kFactorLanes; }
  UNROLL_INLINE Factor* at(int group, int block, long row) const { return data + (group * blocks + block) * stride() + row * kFactorLanes; }
  UNROLL_INLINE void put(int group, int block, long row, Vec numbers) const { store_block(at(group, block, row), numbers); }

  // For the product that sums over rows: factors of two rows instead of two columns, of the first `rows` of `groups` groups, in their place.
  void pair_rows(int groups, long rows) const {
#if defined(UNROLL_BFLOAT16)
    for (int block = 0; block < groups * blocks; block++) {
      Factor* to = at(0, block, 0);
      if (rows % 2 != 0) std::memset(to + rows * kFactorLanes, 0, kFactorLanes * sizeof(Factor));
      for (long row = 0; row < rows; row += 2, to += kLanes) store_factors(to, paired(load_factors(to)));
    }
#endif
  }
};

// Weights `[Groups·H, columns]` as the right side of `gates × weights`: panels of four vectors of columns, `[Groups][factors of blocks·lanes][V][lanes]`
// each, with zeros where the gates are padding.
inline long packed_right_size(int groups, int blocks, int columns) {
  return static_cast<long>(groups) * blocks * kFactorLanes * panels(vectors(columns)) * kPanel * kLanes;
}

inline void pack_right(const float* weight, int groups, int hidden, int columns, int panel, Factor* packed) {
  const int blocks = vectors(hidden);
  const int first = panel * kPanel * kLanes;
  const int width = least(kPanel, vectors(columns) - panel * kPanel);
  Factor* to = packed + static_cast<long>(groups) * blocks * kFactorLanes * first;
  for (int group = 0; group < groups; group++) {
    for (int k = 0; k < blocks * kLanes; k += kPerFactor, to += width * kLanes) {
      const float* from = weight + (static_cast<long>(group) * hidden + k) * columns + first;
      const auto row = [&](int i, int n) UNROLL_LAMBDA {
        return k + i < hidden ? load(from + static_cast<long>(i) * columns + n * kLanes, least(kLanes, columns - first - n * kLanes)) : Vec{};
      };
      for (int n = 0; n < width; n++) store_factors(to + n * kLanes, across(row(0, n), row(kPerFactor - 1, n)));
    }
  }
}

// Where the rows of a product go: behind pointers, or into a state's gradient `[block][rows][lanes]`, to which they may be added.
struct Result {
  float* const* row;
  int columns;
  float* state;
  int rows;
  bool add;

  static UNROLL_INLINE Result to_rows(float* const* row, int columns) { return {row, columns, nullptr, 0, false}; }
  static UNROLL_INLINE Result to_state(float* state, int rows, bool add) { return {nullptr, 0, state, rows, add}; }

  // `values` are `[count][width]` vectors, of the rows from `index` on and the blocks from `block` on. One copy of this serves all tiles.
  __attribute__((noinline)) void put(int index, int count, int block, int width, const float* values) const {
    for (int i = 0; i < count; i++) {
      for (int n = 0; n < width; n++, values += kLanes) {
        if (row != nullptr) {
          store(row[index + i] + (block + n) * kLanes, load(values), least(kLanes, columns - (block + n) * kLanes));
          continue;
        }
        float* to = state + (static_cast<long>(block + n) * rows + index + i) * kLanes;
        store(to, add ? load(to) + load(values) : load(values));
      }
    }
  }
};

// gates × weights for `rows` rows. Of the packed groups of weight rows, `from` … `to`-1 take part; `group` says which gate gradients each
// of them meets.
__attribute__((noinline)) inline void times_weights(const Blocked& gates, const int* group, int packed_groups, int from, int to, long first,
                                                    int rows, const Factor* packed, int columns, const Result& result) {
  const int all = vectors(columns);
  const Factor* b = packed;
  for (int panel = 0; panel < panels(all); panel++) {
    const int width = least(kPanel, all - panel * kPanel);
    const long size = static_cast<long>(gates.blocks) * kFactorLanes * width * kLanes;
    with_width(width, [&](auto v) UNROLL_LAMBDA {
      constexpr int V = decltype(v)::value;
      in_tiles(rows, [&](int row, auto r) UNROLL_LAMBDA {
        constexpr int R = decltype(r)::value;
        Tile<R, V> tile;
        clear(tile);
        for (int g = from; g < to; g++)
          add_blocked_product(tile, gates.at(group[g], 0, first + row), gates.stride(), b + g * size, gates.blocks);
        float values[R * V * kLanes];
        spill(tile, values);
        result.put(row, R, panel * kPanel, V, values);
      });
    });
    b += packed_groups * size;
  }
}

// Rows behind pointers as the left side of `rowsᵀ × gates`: `[columns / R][factors of rows][R]` with R the rows of a tile, zeros past the last column.
inline long packed_left_size(int columns, long count) { return static_cast<long>((columns + kTileRows - 1) / kTileRows) * kTileRows * factors(count); }

#if defined(UNROLL_BFLOAT16)

inline void pack_left(const float* const* row, long count, int columns, Factor* packed) {
  constexpr int kAtOnce = kTileRows * kLanes;  // columns that are whole tiles and whole vectors
  const long tile = factors(count) * kTileRows;
  for (long k = 0; k < count; k += 2, packed += kTileRows) {
    Factor* to = packed;
    for (int first = 0; first < columns; first += kAtOnce) {
      Factor numbers[kAtOnce];
      const int width = least(kAtOnce, columns - first);
      for (int column = 0; column < width; column += kLanes) {
        const Vec second = k + 1 < count ? load(row[k + 1] + first + column, width - column) : Vec{};
        store_factors(numbers + column, across(load(row[k] + first + column, width - column), second));
      }
      for (int column = 0; column < width; column += kTileRows, to += tile) {
        if (column + kTileRows <= width) std::memcpy(to, numbers + column, kTileRows * sizeof(Factor));
        else
          for (int i = 0; i < kTileRows; i++) to[i] = column + i < width ? numbers[column + i] : 0;
      }
    }
  }
}

#else

inline void pack_left(const float* const* row, long count, int columns, Factor* packed) {
  for (int first = 0; first < columns; first += kTileRows) {
    const int width = least(kTileRows, columns - first);
    if (width == kTileRows) {
      for (long k = 0; k < count; k++, packed += kTileRows)
        for (int i = 0; i < kTileRows; i++) packed[i] = row[k][first + i];
    } else {
      for (long k = 0; k < count; k++, packed += kTileRows)
        for (int i = 0; i < kTileRows; i++) packed[i] = i < width ? row[k][first + i] : 0.0f;
    }
  }
}

#endif

// Sums of rowsᵀ × gates: `[block of gates][column of rows, padded to tiles][lanes]`.
inline long left_columns(int columns) { return (columns + kTileRows - 1) / kTileRows * kTileRows; }

// Adds the product over `count` rows to `sums`, for weight groups `from` … `to`-1; `group` says which gate gradients each of them meets. Their rows are paired.
__attribute__((noinline)) inline void add_weight_gradient(const Blocked& gates, const int* group, int from, int to, long count, const Factor* left, int columns, float* sums) {
  const long depth = factors(count);
  const int blocks = to * gates.blocks;
  const long stride = left_columns(columns) * kLanes;
  for (int first = from * gates.blocks; first < blocks; first += kPanel) {
    with_width(least(kPanel, blocks - first), [&](auto v) UNROLL_LAMBDA {
      constexpr int V = decltype(v)::value;
      const Factor* b[V];
#pragma GCC unroll 8
      for (int n = 0; n < V; n++) b[n] = gates.at(group[(first + n) / gates.blocks], (first + n) % gates.blocks, 0);
      const Factor* a = left;
      for (int column = 0; column < columns; column += kTileRows, a += kTileRows * depth) {
        Tile<kTileRows, V> tile;
        clear(tile);
        add_outer_product(tile, a, b, depth);
#pragma GCC unroll 8
        for (int n = 0; n < V; n++) {
          float* to = sums + (first + n) * stride + column * kLanes;
#pragma GCC unroll 8
          for (int i = 0; i < kTileRows; i++) store(to + i * kLanes, load(to + i * kLanes) + tile.sum[i][n]);
        }
      }
    });
  }
}

}  // namespace unroll::UNROLL_ISA
