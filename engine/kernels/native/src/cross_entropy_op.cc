// UnrollCrossEntropy: softmax and cross entropy over classes with a weight for each row (0: padding), and the gradient of the logits.
// One pass over them instead of twelve.
#include "op.h"
#include "ops.h"
#include "step/functions.h"

namespace unroll {
namespace {

class CrossEntropy {
 public:
  explicit CrossEntropy(OpAttributes&) {}

  // logits [N, C], targets [N], weights [N] -> loss, gradient [N, C]
  void run(OpContext& context) const {
    const std::vector<int64_t> shape = context.shape(0);
    if (shape.size() != 2 || shape[1] < 1) fail("logits must be [N, C], but has the shape " + shape_text(shape));
    const long rows = shape[0];
    const long classes = shape[1];
    const float* logits = context.floats(0, shape, "logits");
    const int32_t* targets = context.ints(1, {rows}, "targets");
    const float* weights = context.floats(2, {rows}, "weights");
    for (long row = 0; row < rows; row++) {
      if (targets[row] < 0 || targets[row] >= classes)
        fail("target " + std::to_string(targets[row]) + " is none of " + std::to_string(classes) + " classes");
    }
    float* gradient = context.output(1, shape);
    *context.output(0, {}) = loss_of(Loss::kCrossEntropy, logits, rows, static_cast<int>(classes), targets, weights, gradient);
  }
};

}  // namespace

void register_cross_entropy() {
  register_op<CrossEntropy>({"UnrollCrossEntropy",
                             {},
                             {"logits: float", "targets: int32", "weights: float"},
                             {"loss: float", "gradient: float"}});
}

}  // namespace unroll
