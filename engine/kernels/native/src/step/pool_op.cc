// UnrollPool: the maximum or the mean of each feature over a row's real steps, and UnrollPoolGrad. The maximum's gradient goes to the
// first step that holds it, as in PyTorch.
#include "../op.h"
#include "functions.h"
#include "ops.h"

namespace unroll {
namespace {

using Shape = std::vector<int64_t>;

Pool pool_of(OpAttributes& attributes) {
  const std::string name = attributes.text("pool");
  if (name == "max") return Pool::kMax;
  if (name == "mean") return Pool::kMean;
  fail("there is no pooling " + name);
}

// `shape` is that of the sequence [T, B, F]; lengths are the op's second input.
Pooling pooling_of(OpContext& context, Pool pool, const Shape& shape) {
  if (shape.size() != 3 || shape[0] < 1 || shape[2] < 1) fail("the sequence must be [T, B, F], but has the shape " + shape_text(shape));
  if (shape[0] > 1 << 24 || shape[1] > 1 << 24 || shape[2] > 1 << 24) fail("a dimension is above 2^24");
  const int32_t* lengths = context.ints(1, {shape[1]}, "lengths");
  for (int64_t row = 0; row < shape[1]; row++)
    if (lengths[row] < 1 || lengths[row] > shape[0]) fail("lengths must be 1 … " + std::to_string(shape[0]) + ", but row " + std::to_string(row) + " has " + std::to_string(lengths[row]));
  return {pool, lengths, static_cast<int>(shape[0]), static_cast<int>(shape[1]), static_cast<int>(shape[2])};
}

class PoolSteps {
 public:
  explicit PoolSteps(OpAttributes& attributes) : pool_(pool_of(attributes)) {}

  // sequence [T, B, F], lengths [B] -> pooled [B, F], the steps of the maxima [B, F]
  void run(OpContext& context) const {
    const Shape shape = context.shape(0);
    const Pooling pooling = pooling_of(context, pool_, shape);
    const float* sequence = context.floats(0, shape, "the sequence");
    float* pooled = context.output(0, {shape[1], shape[2]});
    float* at = context.output(1, pool_ == Pool::kMax ? Shape{shape[1], shape[2]} : Shape{0});
    pool_steps(pooling, sequence, pooled, at);
  }

 private:
  Pool pool_;
};

class PoolGrad {
 public:
  explicit PoolGrad(OpAttributes& attributes) : pool_(pool_of(attributes)), steps_(attributes.integer("steps")) {}

  // gradient [B, F], lengths [B], steps of the maxima -> gradient of the sequence [T, B, F]
  void run(OpContext& context) const {
    const Shape given = context.shape(0);
    if (given.size() != 2) fail("the gradient must be [B, F], but has the shape " + shape_text(given));
    const Shape shape{steps_, given[0], given[1]};
    const Pooling pooling = pooling_of(context, pool_, shape);
    const float* gradient = context.floats(0, given, "the gradient");
    const float* at = context.floats(2, pool_ == Pool::kMax ? given : Shape{0}, "the steps of the maxima");
    for (int64_t i = 0; pool_ == Pool::kMax && i < given[0] * given[1]; i++)
      if (!(at[i] >= 0 && at[i] < static_cast<float>(steps_))) fail("step " + std::to_string(at[i]) + " is none of " + std::to_string(steps_));
    pool_gradient(pooling, gradient, at, context.output(0, shape));
  }

 private:
  Pool pool_;
  int steps_;
};

}  // namespace

void register_pool() {
  register_op<PoolSteps>({"UnrollPool", {"pool: string"}, {"sequence: float", "lengths: int32"}, {"pooled: float", "at: float"}});
  register_op<PoolGrad>({"UnrollPoolGrad",
                         {"pool: string", "steps: int >= 1"},
                         {"gradient: float", "lengths: int32", "at: float"},
                         {"d_sequence: float"}});
}

}  // namespace unroll
