// UnrollCrossEntropy: softmax and cross entropy over classes with a weight for each row (0: padding), and the gradient of the logits.
// One pass over them instead of twelve.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "op.h"
#include "ops.h"
#include "threads.h"

namespace unroll {
namespace {

// e^x for x <= 0: 2^n times a polynomial of degree 6 on [-ln 2 / 2, ln 2 / 2] (relative error below 2e-7), written so that compilers
// vectorize a loop of it.
inline float exponential(float x) {
  x = std::max(x, -87.0f);
  const float whole = static_cast<float>(static_cast<int32_t>(x * 1.44269504f - 0.5f));
  const float r = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
  float y = 1.9875691500e-4f;
  y = y * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * r * r + r + 1.0f;
  const int32_t bits = (static_cast<int32_t>(whole) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return y * power;
}

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
    const long piece = std::max(1L, 16384 / classes);
    const int tasks = static_cast<int>((rows + piece - 1) / piece);
    std::vector<double> losses(static_cast<size_t>(tasks));
    parallel(tasks, [&](int task) {
      double loss = 0;
      for (long row = task * piece; row < std::min(rows, (task + 1) * piece); row++) {
        float* __restrict__ out = gradient + row * classes;
        const float* __restrict__ x = logits + row * classes;
        const float weight = weights[row];
        if (weight == 0) {
          std::memset(out, 0, static_cast<size_t>(classes) * sizeof(float));
          continue;
        }
        float largest = x[0];
        for (long c = 1; c < classes; c++) largest = std::max(largest, x[c]);
        float sum = 0;
        for (long c = 0; c < classes; c++) {
          out[c] = exponential(x[c] - largest);
          sum += out[c];
        }
        const int target = targets[row];
        loss -= static_cast<double>(weight) * (static_cast<double>(x[target] - largest) - std::log(static_cast<double>(sum)));
        const float scale = weight / sum;
        for (long c = 0; c < classes; c++) out[c] *= scale;
        out[target] -= weight;
      }
      losses[static_cast<size_t>(task)] = loss;
    });
    double loss = 0;
    for (double part : losses) loss += part;
    *context.output(0, {}) = static_cast<float>(loss);
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
