// The functions of a training step, on all threads: ops call them one by one, and a whole step calls them in turn, so that both give the
// same numbers to the last bit. Sizes are trusted.
#pragma once

#include <vector>

#include "../problem.h"

namespace unroll {

// y [N, O] = x [N, I] Wᵀ + b.
void linear(const float* x, long rows, int inputs, const float* weight, const float* bias, int outputs, float* y);
// Its gradients; `dx` null: not wanted.
void linear_gradient(const float* x, const float* dy, long rows, int inputs, const float* weight, int outputs, float* dx, float* d_weight, float* d_bias);

enum class Pool { kMax, kMean };

// What is pooled: [steps, rows, features] of which each row has so many real steps, one at least.
struct Pooling {
  Pool pool;
  const int* lengths;
  int steps;
  int rows;
  int features;
};
// `at` [rows, features]: the step that holds the maximum, a whole number; not used for the mean.
void pool_steps(const Pooling& pooling, const float* sequence, float* pooled, float* at);
void pool_gradient(const Pooling& pooling, const float* gradient, const float* at, float* d_sequence);

// Rows of a table `[rows, width]` by id.
void look_up(const float* table, const int* ids, long count, int width, float* out);
// Its gradient: sums of the rows with each id, but for id 0.
void add_rows(const float* values, const int* ids, long count, int width, int rows, float* sums);

// Inverted dropout, and its gradient.
struct Dropout {
  unsigned key;
  unsigned threshold;
  float kept;
};
void drop(const Dropout& dropout, const float* from, long count, float* out);

enum class Loss { kCrossEntropy, kBinaryLogLoss, kMse, kRmse };

// The loss of logits [rows, columns] and its gradient. Of classes: `targets` and the weight of each row; of numbers: `numbers` [rows, columns].
float loss_of(Loss loss, const float* logits, long rows, int columns, const int* targets, const float* numbers, float* gradient);
// Whether `target` is a class of so many columns; one column has two.
inline bool is_class(int target, int columns) { return target >= 0 && target < (columns == 1 ? 2 : columns); }
// Whether the most probable class of a row is its target.
bool is_correct(const float* logits, int columns, int target);

// One Adam update of all pieces, in place where `updated` is `weights`; @returns the gradients' norm.
float adam_step(const AdamSettings& settings, const std::vector<AdamPiece>& pieces);
// Numbers of a piece at most: enough to be worth a thread's attention, few enough to stay in its cache.
inline constexpr long kAdamPiece = 16384;

}  // namespace unroll
