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

// A number of rows, read one after the other. A copy of the column: what is stored could be a column itself, for all that the compiler knows,
// which would have it read places again in each row.
struct Reader {
  const float* at;
  const long row;

  explicit UNROLL_INLINE Reader(const Column& column) : at(column.at), row(column.row) {}
  UNROLL_INLINE Vec next() {
    const Vec value = load(at);
    at += row;
    return value;
  }
};

// `f(what each operand gives)` for each row.
template <int Operands, class F>
UNROLL_INLINE void each(int rows, const Column& to, const Column (&from)[3], const F& f) {
  Reader a(from[0]), b(from[1]), c(from[2]);
  float* at = to.at;
  const long next = to.row;
  for (int row = 0; row < rows; row++, at += next) {
    if constexpr (Operands == 1) store(at, f(a.next()));
    else if constexpr (Operands == 2) store(at, f(a.next(), b.next()));
    else store(at, f(a.next(), b.next(), c.next()));
  }
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
    case kCopy: return each<1>(rows, to, from, [](Vec a) UNROLL_LAMBDA { return a; });
    case kAdd: return each<2>(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a + b; });
    case kSubtract: return each<2>(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a - b; });
    case kMultiply: return each<2>(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a * b; });
    case kDivide: return each<2>(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a / b; });
    // NaN is given on: a run that goes wrong must be seen.
    case kMin: return each<2>(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a < b ? a : (a != a ? a : b); });
    case kMax: return each<2>(rows, to, from, [](Vec a, Vec b) UNROLL_LAMBDA { return a > b ? a : (a != a ? a : b); });
    case kMultiplyAdd: return each<3>(rows, to, from, [](Vec a, Vec b, Vec c) UNROLL_LAMBDA { return multiply_add(a, b, c); });
    case kMultiplySubtract: return each<3>(rows, to, from, [](Vec a, Vec b, Vec c) UNROLL_LAMBDA { return multiply_add(a, b, -c); });
    case kSubtractProduct: return each<3>(rows, to, from, [](Vec a, Vec b, Vec c) UNROLL_LAMBDA { return multiply_add(-a, b, c); });
    case kNegative: return each<1>(rows, to, from, [](Vec a) UNROLL_LAMBDA { return -a; });
    case kSigmoid: return each<1>(rows, to, from, [](Vec a) UNROLL_LAMBDA { return sigmoid(a); });
    case kTanh: return each<1>(rows, to, from, [](Vec a) UNROLL_LAMBDA { return tanh(a); });
    case kRelu: return each<1>(rows, to, from, [=](Vec a) UNROLL_LAMBDA { return a < zero ? zero : a; });
    case kSoftplus: return each<1>(rows, to, from, [](Vec a) UNROLL_LAMBDA { return softplus(a); });
    case kExp: return each<1>(rows, to, from, [](Vec a) UNROLL_LAMBDA { return exp(a); });
    case kLog: return each<1>(rows, to, from, [](Vec a) UNROLL_LAMBDA { return log(a); });
    case kSqrt: return each<1>(rows, to, from, [](Vec a) UNROLL_LAMBDA { return square_root(a); });
    case kAbs: return each<1>(rows, to, from, [](Vec a) UNROLL_LAMBDA { return absolute(a); });
    case kStep: return each<1>(rows, to, from, [=](Vec a) UNROLL_LAMBDA { return a > zero ? one : zero; });
    case kSign: return each<1>(rows, to, from, [=](Vec a) UNROLL_LAMBDA { return a > zero ? one : (a < zero ? -one : zero); });
    case kSumRows: {
      Reader a(from[0]);
      Vec sum = load(to.at);
      for (int row = 0; row < rows; row++) sum += a.next();
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
