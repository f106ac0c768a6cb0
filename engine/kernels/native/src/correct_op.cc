// UnrollCorrect: how many targets the most probable class hits. One op instead of five.
#include "op.h"
#include "ops.h"
#include "step/functions.h"

namespace unroll {
namespace {

class Correct {
 public:
  explicit Correct(OpAttributes&) {}

  // logits [N, C] (C = 1: above zero is class 1), targets [N], mask of N numbers, or none: 0 where a row does not count -> their number
  void run(OpContext& context) const {
    const std::vector<int64_t> shape = context.shape(0);
    if (shape.size() != 2 || shape[1] < 1) fail("logits must be [N, C], but has the shape " + shape_text(shape));
    const long rows = shape[0];
    const long classes = shape[1];
    const float* logits = context.floats(0, shape, "logits");
    const int32_t* targets = context.ints(1, {rows}, "targets");
    const float* mask = context.optional_floats(2, {rows}, "the mask");
    long correct = 0;
    for (long row = 0; row < rows; row++) {
      if (mask != nullptr && mask[row] == 0) continue;
      correct += is_correct(logits + row * classes, static_cast<int>(classes), targets[row]) ? 1 : 0;
    }
    *context.output(0, {}) = static_cast<float>(correct);
  }
};

}  // namespace

void register_correct() {
  register_op<Correct>({"UnrollCorrect", {}, {"logits: float", "targets: int32", "mask: float"}, {"correct: float"}});
}

}  // namespace unroll
