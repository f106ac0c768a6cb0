// Where the numbers of a program lie, and its instructions over a tile of rows.
#pragma once

#include "functions.h"
#include "products.h"
#include "program.h"

namespace unroll::UNROLL_ISA {

using program::Place;

// Rows that a run takes at once: with them the registers stay in the nearest cache.
constexpr int kRunRows = kLanes == 16 ? 48 : 64;

// Numbers of a row of `width`, each row on cache lines of its own and not a power of two apart from the next, which would share their places in the cache.
UNROLL_INLINE long row_size(int width) { return padded(width == 0 ? 1 : width) + kWidestLanes; }

// A place's numbers: those of row r and block b lie at `data + r * row + b * block`.
struct Where {
  float* data;
  long row;
  long block;
  long tile;  // what a tile's first row moves it by, for each row: `row`, or 0 for what all tiles share

  // `[row][row_size]`, or one vector a row where all units share one number.
  static UNROLL_INLINE Where rows(float* data, int width) {
    const long row = row_size(width);
    return {data, row, width == 0 ? 0 : kLanes, row};
  }
  // `[block][rows][lanes]`
  static UNROLL_INLINE Where blocks(float* data, long rows, int width) { return {data, kLanes, width == 0 ? 0 : rows * kLanes, kLanes}; }
  // `[block][lanes]`, the same for all rows.
  static UNROLL_INLINE Where shared(float* data, int width) { return {data, 0, width == 0 ? 0 : kLanes, 0}; }

  UNROLL_INLINE float* at(int block, int row_index) const { return data + block * this->block + row_index * tile; }
};

// A list of places for each kind.
struct Places {
  Where* of[program::kKinds];

  UNROLL_INLINE Where& operator[](const Place& place) const { return of[place.kind][place.index]; }
  UNROLL_INLINE Where& get(program::Kind kind, int index) const { return of[kind][index]; }
};

struct Column {
  float* at;
  long row;
};

template <class F>
UNROLL_INLINE void each(int rows, const Column& to, const Column (&from)[3], const F& f) {
  for (int row = 0; row < rows; row++) store(to.at + row * to.row, f(load(from[0].at + row * from[0].row)));
}

template <class F>
UNROLL_INLINE void each_pair(int rows, const Column& to, const Column (&from)[3], const F& f) {
  for (int row = 0; row < rows; row++)
    store(to.at + row * to.row, f(load(from[0].at + row * from[0].row), load(from[1].at + row * from[1].row)));
}

template <class F>
UNROLL_INLINE void each_three(int rows, const Column& to, const Column (&from)[3], const F& f) {
  for (int row = 0; row < rows; row++)
    store(to.at + row * to.row, f(load(from[0].at + row * from[0].row), load(from[1].at + row * from[1].row), load(from[2].at + row * from[2].row)));
}

// The lanes from `count` on as `fill`.
UNROLL_INLINE Vec without_padding(Vec value, int count, float fill) {
  if (count >= kLanes) return value;
  float lanes[kLanes];
  store(lanes, value);
  for (int lane = count; lane < kLanes; lane++) lanes[lane] = fill;
  return load(lanes);
}

// One instruction for one column of `rows` rows; `count`: units in this block, of which it is the `first` one or not.
__attribute__((noinline)) inline void calculate(int operation, int rows, const Column& to, const Column (&from)[3], int count, bool first) {
  using namespace program;
  const Vec zero = {};
  const Vec one = splat(1.0f);
  switch (operation) {
    case kCopy: return each(rows, to, from, [](Vec a) UNROLL_LAMBDA { return a; });
    case kAdd: return each_pair(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a + b; });
    case kSubtract: return each_pair(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a - b; });
    case kMultiply: return each_pair(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a * b; });
    case kDivide: return each_pair(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a / b; });
    // NaN is given on: a run that goes wrong must be seen.
    case kMin: return each_pair(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a < b ? a : (a != a ? a : b); });
    case kMax: return each_pair(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a > b ? a : (a != a ? a : b); });
    case kMultiplyAdd: return each_three(rows, to, from, [](Vec a, Vec b, Vec c) UNROLL_LAMBDA { return multiply_add(a, b, c); });
    case kMultiplySubtract: return each_three(rows, to, from, [](Vec a, Vec b, Vec c) UNROLL_LAMBDA { return multiply_add(a, b, -c); });
    case kSubtractProduct: return each_three(rows, to, from, [](Vec a, Vec b, Vec c) UNROLL_LAMBDA { return multiply_add(-a, b, c); });
    case kNegative: return each(rows, to, from, [](Vec a) UNROLL_LAMBDA { return -a; });
    case kSigmoid: return each(rows, to, from, [](Vec a) UNROLL_LAMBDA { return sigmoid(a); });
    case kTanh: return each(rows, to, from, [](Vec a) UNROLL_LAMBDA { return tanh(a); });
    case kRelu: return each(rows, to, from, [=](Vec a) UNROLL_LAMBDA { return a < zero ? zero : a; });
    case kSoftplus: return each(rows, to, from, [](Vec a) UNROLL_LAMBDA { return softplus(a); });
    case kExp: return each(rows, to, from, [](Vec a) UNROLL_LAMBDA { return exp(a); });
    case kLog: return each(rows, to, from, [](Vec a) UNROLL_LAMBDA { return log(a); });
    case kSqrt: return each(rows, to, from, [](Vec a) UNROLL_LAMBDA { return square_root(a); });
    case kAbs: return each(rows, to, from, [](Vec a) UNROLL_LAMBDA { return absolute(a); });
    case kStep: return each(rows, to, from, [=](Vec a) UNROLL_LAMBDA { return a > zero ? one : zero; });
    case kSign: return each(rows, to, from, [=](Vec a) UNROLL_LAMBDA { return a > zero ? one : (a < zero ? -one : zero); });
    case kSumRows: {
      Vec sum = load(to.at);
      for (int row = 0; row < rows; row++) sum += load(from[0].at + row * from[0].row);
      return store(to.at, sum);
    }
    case kSumUnits:
      for (int row = 0; row < rows; row++) {
        const Vec value = without_padding(load(from[0].at + row * from[0].row), count, 0.0f);
        store(to.at + row * to.row, first ? value : load(to.at + row * to.row) + value);
      }
      return;
    case kMaxUnits:
      for (int row = 0; row < rows; row++) {
        const Vec value = without_padding(load(from[0].at + row * from[0].row), count, -__builtin_inff());
        const Vec before = load(to.at + row * to.row);
        store(to.at + row * to.row, first ? value : (value > before ? value : (value != value ? value : before)));
      }
      return;
  }
}

// What was gathered lane by lane, as one number in all lanes.
inline void finish_gathering(int operation, int rows, const Where& to) {
  for (int row = 0; row < rows; row++) {
    float* const at = to.data + row * to.row;
    float all = at[0];
    for (int lane = 1; lane < kLanes; lane++) {
      if (operation == program::kSumUnits) all += at[lane];
      else all = at[lane] > all || at[lane] != at[lane] ? at[lane] : all;
    }
    store(at, splat(all));
  }
}

}  // namespace unroll::UNROLL_ISA
