// UnrollLinear, x Wᵀ + b, and UnrollLinearGrad. For products that are too small to be worth what TensorFlow does around one.
#include "../op.h"
#include "functions.h"
#include "ops.h"

namespace unroll {
namespace {

// x [N, I], W [O, I].
struct Shapes {
  explicit Shapes(OpContext& context) {
    const std::vector<int64_t> x = context.shape(0), weight = context.shape(1);
    if (x.size() != 2 || weight.size() != 2 || weight[0] < 1 || weight[1] < 1) fail("x and the weight must be matrices, but have the shapes " + shape_text(x) + " and " + shape_text(weight));
    rows = x[0];
    inputs = weight[1];
    outputs = weight[0];
    if (rows > kMost || inputs > kMost || outputs > kMost) fail("a dimension is above 2^24");
  }
  static constexpr int64_t kMost = 1 << 24;
  int64_t rows, inputs, outputs;
};

class Linear {
 public:
  explicit Linear(OpAttributes&) {}

  void run(OpContext& context) const {
    const Shapes s(context);
    const float* x = context.floats(0, {s.rows, s.inputs}, "x");
    const float* weight = context.floats(1, {s.outputs, s.inputs}, "the weight");
    const float* bias = context.floats(2, {s.outputs}, "the bias");
    linear(x, s.rows, static_cast<int>(s.inputs), weight, bias, static_cast<int>(s.outputs), context.output(0, {s.rows, s.outputs}));
  }
};

class LinearGrad {
 public:
  explicit LinearGrad(OpAttributes& attributes) : input_gradient_(attributes.boolean("input_gradient")) {}

  void run(OpContext& context) const {
    const Shapes s(context);
    const float* x = context.floats(0, {s.rows, s.inputs}, "x");
    const float* weight = context.floats(1, {s.outputs, s.inputs}, "the weight");
    const float* dy = context.floats(2, {s.rows, s.outputs}, "the gradient");
    float* dx = context.output(0, input_gradient_ ? std::vector<int64_t>{s.rows, s.inputs} : std::vector<int64_t>{0});
    float* d_weight = context.output(1, {s.outputs, s.inputs});
    float* d_bias = context.output(2, {s.outputs});
    linear_gradient(x, dy, s.rows, static_cast<int>(s.inputs), weight, static_cast<int>(s.outputs), input_gradient_ ? dx : nullptr, d_weight, d_bias);
  }

 private:
  bool input_gradient_;
};

}  // namespace

void register_linear() {
  register_op<Linear>({"UnrollLinear", {}, {"x: float", "weight: float", "bias: float"}, {"y: float"}});
  register_op<LinearGrad>({"UnrollLinearGrad",
                           {"input_gradient: bool"},
                           {"x: float", "weight: float", "dy: float"},
                           {"dx: float", "d_weight: float", "d_bias: float"}});
}

}  // namespace unroll
