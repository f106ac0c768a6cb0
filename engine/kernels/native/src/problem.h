// What a recurrence over a padded batch is given and must fill in, without TensorFlow: plain sizes and pointers, so that the cells can
// be compiled for several instruction sets, and run on their own by the sanitizer's test.
//
// Files that are compiled for one instruction set include no header of the C++ library that defines functions: the linker would keep
// one copy of such a function for all, perhaps the one with instructions that this processor lacks.
#pragma once

namespace unroll {

enum class Cell {
  kLstm,
  kLstmPeepholes,
  kLstmCoupled,
  kLstmCoupledPeepholes,
  kGruResetAfter,
  kGruRelevanceBefore,
  kGruSimplified,
  kVanillaTanh,
  kVanillaSigmoid,
  kVanillaRelu,
  kVanillaIdentity,
  kLstmProjected,
  kLstmPeepholesProjected,
  kLstmCoupledProjected,
  kLstmCoupledPeepholesProjected,
};
inline constexpr int kCells = 15;

// Its name in the op, and sizes of its weights and state.
struct CellShape {
  const char* name;
  int gates;      // G: weight rows are G·H
  int biases;     // 2, or 1
  int peepholes;  // gates that see c
  int parts;      // of the state: h, or h and c
  int saved;      // numbers kept for each element of the state and step, for the gradient
  bool projected = false;  // h is (o * tanh(c)) W_hrᵀ

  // Places among its weights, and their number.
  constexpr int projection_at() const { return 2 + biases; }
  constexpr int peepholes_at() const { return projection_at() + (projected ? 1 : 0); }
  constexpr int weights() const { return peepholes_at() + (peepholes > 0 ? 1 : 0); }
};

const CellShape& shape_of(Cell cell);

struct Sizes {
  int steps;   // T
  int rows;    // B
  int input;   // I
  int hidden;  // H, of c and the gates
  int output;  // P, of h: H unless the cell projects it, then at most H

  // Of a part of the state: h or c.
  __attribute__((always_inline)) constexpr int width(int part) const { return part == 0 ? output : hidden; }
};

// A group of rows that one thread runs through time. Rows are sorted, longest first, so the rows that still run at a step come first.
// Steps count in running order: for a backward recurrence, step 0 is each row's own last real step.
struct Chunk {
  int count;           // rows
  const int* rows;     // in the batch
  const int* lengths;  // of those rows
  int steps;           // longest length
  const int* live;     // rows that run at each step
  const long* offset;  // (row, step) pairs before each step, counted over all chunks of a direction
};

// One direction: weights in PyTorch's orientation `[G·H, I]`, `[G·H, P]`, `[G·H]`, `[G·H]` (null where the cell has one bias).
struct Direction {
  bool reverse;
  const float* input_weight;
  const float* hidden_weight;
  const float* input_bias;
  const float* hidden_bias;
  const float* projection;   // `[P, H]`; null where h is not projected
  const float* peepholes;    // `[N·H]` of the gates that see c
  const float* initial[2];   // `[B, P]` and `[B, H]`: h and c
  int chunks;
  const Chunk* chunk;
  long pairs;  // (row, step) pairs: the sum of all lengths
};

// Numbers kept from the forward run for the gradient. A row of 'lanes' H is padded to whole vectors of the widest instruction set.
struct Saved {
  float* gates;  // [pairs, saved · padded H]
  float* cells;  // [pairs, padded H], for a cell with c
};

struct ForwardTask {
  Cell cell;
  Sizes sizes;
  const float* x;  // [T, B, I]
  int directions;
  Direction direction[2];
  Saved saved[2];       // null pointers when no gradient will be asked for
  float* sequence[2];   // h after each step, rows `sequence_stride` apart; zero at padding
  long sequence_stride;
  float* final[2][2];   // by direction and part, [B, P] and [B, H]
};

struct BackwardTask {
  Cell cell;
  Sizes sizes;
  const float* x;
  int directions;
  Direction direction[2];
  Saved saved[2];
  const float* sequence[2];    // as the forward run made it
  const float* d_sequence[2];  // null: zero
  long sequence_stride;
  const float* d_final[2][2];  // null: zero
  float* dx;                   // [T, B, I]; null when not wanted
  float* d_input_weight[2];
  float* d_hidden_weight[2];
  float* d_input_bias[2];
  float* d_hidden_bias[2];  // null where the cell has one bias
  float* d_projection[2];   // null where h is not projected
  float* d_peepholes[2];
  float* d_initial[2][2];      // null: not wanted
};

// H rounded up so that rows of saved numbers are whole vectors in every instruction set.
inline constexpr int kWidestLanes = 16;
constexpr long padded(int hidden) { return (hidden + kWidestLanes - 1) / kWidestLanes * kWidestLanes; }

// The settings of an Adam step, in the order of the op's first input.
struct AdamSettings {
  float rate;        // learning rate with both bias corrections
  float beta1;
  float beta2;
  float epsilon;     // with the second bias correction
  float clip_norm;   // 0: off
  float clip_value;  // 0: off
};

// A stretch of one parameter.
struct AdamPiece {
  const float* weights;
  const float* gradient;
  float* updated;
  float* mean;  // of the gradient; updated in place
  float* square;
  long count;
  float decay;   // added to the gradient for each weight (L2)
  float shrink;  // factor of the weights before the step (decoupled decay)
};

// c = a b `[M, N]` of a `[M, K]`, or turned `[K, M]`, and b `[K, N]`, or turned `[N, K]`.
struct MatrixProduct {
  int m;
  int n;
  int k;
  bool turn_a;
  bool turn_b;
  const float* a;
  const float* b;
  float* c;
};

struct ProgramImplementation;

// What is compiled for one instruction set.
struct Implementation {
  const char* name;
  void (*forward)(const ForwardTask&);
  void (*backward)(const BackwardTask&);
  // Sum of the squares of gradients clipped to `limit`.
  double (*adam_squares)(const float* gradient, long count, float limit);
  // One update, with gradients clipped to `limit`, then times `factor`.
  void (*adam_update)(const AdamPiece&, const AdamSettings&, float limit, float factor);
  // For the test of their accuracy: y[i] = tanh(x[i]), σ(x[i]); count is a multiple of 16.
  void (*tanh)(const float* x, float* y, long count);
  void (*sigmoid)(const float* x, float* y, long count);
  const ProgramImplementation* program;  // of `program.h`
  void (*multiply)(const MatrixProduct&);  // null: TensorFlow's product is as good
};

// The best implementation that this processor can run; `UNROLL_SIMD` (avx512, avx2, portable) may name a lesser one.
const Implementation& implementation();
// The one that rounds what its matrix products multiply to bfloat16, with instructions for it; null where the processor or the compiler has
// none, or `UNROLL_SIMD` names another. It is never chosen by itself.
const Implementation* bfloat16_implementation();
// All that this processor can run, best first; `count` receives how many.
const Implementation* const* implementations(int& count);

}  // namespace unroll
