// A cell's step and its gradient as a program: data that comes with the op, checked once, and run by `program_forward.h` and
// `program_backward.h`. It is written by `engine/cells/program`, whose `format.ts` says what its words mean.
#pragma once

#include <cstdint>

#include "problem.h"

namespace unroll {

// A list that somebody else keeps.
template <class T>
struct List {
  const T* data = nullptr;
  int count = 0;

  __attribute__((always_inline)) const T& operator[](int index) const { return data[index]; }
  __attribute__((always_inline)) const T* begin() const { return data; }
  __attribute__((always_inline)) const T* end() const { return data + count; }
};

namespace program {

// As `placeKinds` in `format.ts`.
enum Kind : int32_t {
  kNone,
  kRegister,
  kTarget,
  kVector,
  kConstant,
  kState,
  kNext,
  kGradient,
  kBefore,
  kSaved,
  kBuffer,
  kLeft,
  kRight,
  kRowSum,
  kInput,
  kInputGradient,
};
inline constexpr int kKinds = 16;

// As `operations` in `format.ts`.
enum Operation : int32_t {
  kCopy,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kMin,
  kMax,
  kMultiplyAdd,
  kMultiplySubtract,
  kSubtractProduct,
  kNegative,
  kSigmoid,
  kTanh,
  kRelu,
  kSoftplus,
  kExp,
  kLog,
  kSqrt,
  kAbs,
  kStep,
  kSign,
  kSumRows,
  kSumUnits,
  kMaxUnits,
};
inline constexpr int kOperations = 24;

// Where an instruction reads or writes. Width 0: one number a row.
struct Place {
  int32_t kind;
  int32_t index;
  int32_t width;
};

struct Product {
  Place of;
  int32_t matrix;
  int32_t turned;
  int32_t target;
};

struct Instruction {
  int32_t operation;
  Place to;
  Place from[3];
};

// Columns of units, one after the other: products first, then the instructions, for a tile of rows at a time.
struct Run {
  int32_t width;  // 0: one number a row
  List<Place> start;  // of each target; kind kNone: zero
  List<Product> products;
  List<Instruction> instructions;
};

struct Outer {
  int32_t left;
  Place right;
};

struct InputTerm {
  int32_t left;
  int32_t matrix;
};

struct Step {
  int32_t registers;
  List<int32_t> buffers;
  List<int32_t> lefts;
  List<int32_t> rights;
  List<int32_t> row_sums;
  List<Outer> outers;
  List<InputTerm> input_terms;
  bool writes_input_gradient;
  bool reads_input;  // by an instruction
  List<Run> runs;
};

struct Matrix {
  int32_t rows;
  int32_t columns;
};

struct CellProgram {
  int32_t inputs;
  List<Matrix> matrices;
  List<int32_t> vectors;  // widths; 0: one number
  List<float> constants;
  List<int32_t> states;
  List<int32_t> saved;
  Step forward;
  Step backward;

  // Numbers kept for each row and step.
  long saved_size() const {
    long size = 0;
    for (const int32_t width : saved) size += padded(width == 0 ? 1 : width);
    return size;
  }

  // Whether so many rows would need more at once than a step may.
  bool is_too_large_for(long rows) const {
    constexpr int64_t kMostAtOnce = int64_t{1} << 31;
    const int64_t numbers = saved_size() + at_once(states) + at_once(forward) + at_once(backward);
    return (rows + 256) * numbers > kMostAtOnce;
  }

  int32_t widest_state() const {
    int32_t widest = 0;
    for (const int32_t width : states) widest = width > widest ? width : widest;
    return widest;
  }

 private:
  static int64_t at_once(const List<int32_t>& widths) {
    int64_t numbers = 0;
    for (const int32_t width : widths) numbers += 2 * padded(width == 0 ? 1 : width);
    return numbers;
  }
  static int64_t at_once(const Step& step) { return at_once(step.buffers) + at_once(step.lefts) + at_once(step.rights); }
};

// One direction's weights and state. Matrices and vectors in the cell's order.
struct Weights {
  Direction rows;  // only its schedule and `reverse` are used
  const float* const* matrices;
  const float* const* vectors;
  const float* const* initial;  // `[B, width]` of each part
};

struct ForwardTask {
  const CellProgram* cell;
  Sizes sizes;  // input is I, hidden and output the width of the first part
  const float* x;
  int directions;
  Weights direction[2];
  float* saved[2];  // `[pairs, saved_size]`; null: not kept
  float* sequence[2];
  long sequence_stride;
  float* const* final[2];  // of each part
};

struct BackwardTask {
  const CellProgram* cell;
  Sizes sizes;
  const float* x;
  int directions;
  Weights direction[2];
  const float* saved[2];
  const float* sequence[2];
  const float* d_sequence[2];  // null: zero
  long sequence_stride;
  const float* const* d_final[2];  // null: zero
  float* dx;                       // null: not wanted
  float* const* d_outers[2];
  float* const* d_row_sums[2];
  float* const* d_initial[2];  // null: not wanted
};

}  // namespace program

// What is compiled for one instruction set.
struct ProgramImplementation {
  void (*forward)(const program::ForwardTask&);
  void (*backward)(const program::BackwardTask&);
  // For the test of their accuracy: y[i] = f(x[i]) of an operation with one operand; count is a multiple of 16.
  void (*apply)(int operation, const float* x, float* y, long count);
};

}  // namespace unroll
