// UnrollBinaryLogLoss and UnrollSquaredError: losses of one logit and of numbers, with the gradient. As UnrollCrossEntropy, which is the
// loss of several classes.
#include "../op.h"
#include "functions.h"
#include "ops.h"

namespace unroll {
namespace {

class BinaryLogLoss {
 public:
  explicit BinaryLogLoss(OpAttributes&) {}

  // logits [N], targets [N] of 0 or 1, weights [N] -> loss, gradient [N]
  void run(OpContext& context) const {
    const std::vector<int64_t> shape = context.shape(0);
    if (shape.size() != 1) fail("logits must be [N], but has the shape " + shape_text(shape));
    const float* logits = context.floats(0, shape, "logits");
    const int32_t* targets = context.ints(1, shape, "targets");
    const float* weights = context.floats(2, shape, "weights");
    for (int64_t i = 0; i < shape[0]; i++)
      if (!is_class(targets[i], 1)) fail("target " + std::to_string(targets[i]) + " is neither 0 nor 1");
    float* gradient = context.output(1, shape);
    *context.output(0, {}) = loss_of(Loss::kBinaryLogLoss, logits, shape[0], 1, targets, weights, gradient);
  }
};

class SquaredError {
 public:
  explicit SquaredError(OpAttributes& attributes) : loss_(attributes.boolean("root") ? Loss::kRmse : Loss::kMse) {}

  // predicted [N], targets [N] -> mean of the squares or its root, gradient [N]
  void run(OpContext& context) const {
    const std::vector<int64_t> shape = context.shape(0);
    if (shape.size() != 1 || shape[0] < 1) fail("what is predicted must be [N], but has the shape " + shape_text(shape));
    const float* predicted = context.floats(0, shape, "what is predicted");
    const float* targets = context.floats(1, shape, "targets");
    float* gradient = context.output(1, shape);
    *context.output(0, {}) = loss_of(loss_, predicted, shape[0], 1, nullptr, targets, gradient);
  }

 private:
  Loss loss_;
};

}  // namespace

void register_losses() {
  register_op<BinaryLogLoss>({"UnrollBinaryLogLoss",
                              {},
                              {"logits: float", "targets: int32", "weights: float"},
                              {"loss: float", "gradient: float"}});
  register_op<SquaredError>({"UnrollSquaredError", {"root: bool"}, {"predicted: float", "targets: float"}, {"loss: float", "gradient: float"}});
}

}  // namespace unroll
