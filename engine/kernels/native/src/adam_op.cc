// UnrollAdam: one Adam or AdamW update of all parameters at once, with clipping and the gradients' norm (Kingma & Ba 2015; Loshchilov &
// Hutter 2019). Ten passes over every weight become two.
#include <algorithm>
#include <cmath>

#include "op.h"
#include "ops.h"
#include "threads.h"

namespace unroll {
namespace {

using Shape = std::vector<int64_t>;

// Numbers of one task: enough to be worth a thread's attention, few enough to stay in its cache.
constexpr long kPiece = 16384;

// The settings of a step, in the order of the op's first input.
struct Settings {
  float rate;         // learning rate with both bias corrections
  float beta1;
  float beta2;
  float epsilon;      // with the second bias correction
  float clip_norm;    // 0: off
  float clip_value;   // 0: off
};
constexpr int kSettings = sizeof(Settings) / sizeof(float);

struct Piece {
  const float* weights;
  const float* gradient;
  float* updated;
  long offset;  // in the averages
  long count;
  float decay;   // added to the gradient for each weight (L2)
  float shrink;  // factor of the weights before the step (decoupled decay)
};

float clipped(float gradient, float limit) { return limit > 0 ? std::min(std::max(gradient, -limit), limit) : gradient; }

double squares(const Piece& piece, float limit) {
  double sum = 0;
  // Sums of 256 in single precision, then in double: as exact as the data, and still vectorized.
  for (long start = 0; start < piece.count; start += 256) {
    const long end = std::min(piece.count, start + 256);
    float part = 0;
    for (long i = start; i < end; i++) {
      const float gradient = clipped(piece.gradient[i], limit);
      part += gradient * gradient;
    }
    sum += part;
  }
  return sum;
}

void update(const Piece& piece, const Settings& set, float factor, const float* __restrict__ mean, const float* __restrict__ square,
            float* __restrict__ new_mean, float* __restrict__ new_square) {
  const float* __restrict__ weights = piece.weights;
  const float* __restrict__ gradients = piece.gradient;
  float* __restrict__ updated = piece.updated;
  const float limit = set.clip_value > 0 ? set.clip_value : INFINITY;
  const float keep1 = 1 - set.beta1;
  const float keep2 = 1 - set.beta2;
  for (long i = 0; i < piece.count; i++) {
    const float gradient = std::min(std::max(gradients[i], -limit), limit) * factor + piece.decay * weights[i];
    const float m = set.beta1 * mean[i] + keep1 * gradient;
    const float v = set.beta2 * square[i] + keep2 * (gradient * gradient);
    new_mean[i] = m;
    new_square[i] = v;
    updated[i] = piece.shrink * weights[i] - set.rate * (m / (std::sqrt(v) + set.epsilon));
  }
}

class Adam {
 public:
  explicit Adam(OpAttributes& attributes) : count_(attributes.integer("N")) {}

  // Inputs: settings, decay [N], shrink [N], N weights, N gradients, mean [S], square [S]. Outputs: N weights, mean, square, norm.
  void run(OpContext& context) const {
    Settings set;
    const float* numbers = context.floats(0, {kSettings}, "settings");
    std::copy(numbers, numbers + kSettings, reinterpret_cast<float*>(&set));
    const float* decay = context.floats(1, {count_}, "decay");
    const float* shrink = context.floats(2, {count_}, "shrink");
    std::vector<Piece> pieces;
    long total = 0;
    for (int i = 0; i < count_; i++) {
      const Shape shape = context.shape(3 + i);
      long size = 1;
      for (int64_t dimension : shape) size *= dimension;
      const float* weights = context.floats(3 + i, shape, "weights");
      const float* gradient = context.floats(3 + count_ + i, shape, "gradient");
      float* updated = context.output(i, shape);
      for (long start = 0; start < size; start += kPiece) {
        pieces.push_back({weights + start, gradient + start, updated + start, total + start, std::min(kPiece, size - start), decay[i], shrink[i]});
      }
      total += size;
    }
    const float* mean = context.floats(3 + 2 * count_, {total}, "mean");
    const float* square = context.floats(4 + 2 * count_, {total}, "square");
    float* new_mean = context.output(count_, {total});
    float* new_square = context.output(count_ + 1, {total});
    const int tasks = static_cast<int>(pieces.size());
    std::vector<double> sums(pieces.size());
    parallel(tasks, [&](int task) { sums[static_cast<size_t>(task)] = squares(pieces[static_cast<size_t>(task)], set.clip_value); });
    double sum = 0;
    for (double part : sums) sum += part;
    const float norm = static_cast<float>(std::sqrt(sum));
    // As torch.nn.utils.clip_grad_norm_: the 1e-6 keeps a zero norm from dividing by zero.
    const float factor = set.clip_norm > 0 ? std::min(set.clip_norm / (norm + 1e-6f), 1.0f) : 1.0f;
    parallel(tasks, [&](int task) {
      const Piece& piece = pieces[static_cast<size_t>(task)];
      update(piece, set, factor, mean + piece.offset, square + piece.offset, new_mean + piece.offset, new_square + piece.offset);
    });
    *context.output(count_ + 2, {}) = norm;
  }

 private:
  int count_;
};

}  // namespace

void register_adam() {
  register_op<Adam>({"UnrollAdam",
                     {"N: int >= 1"},
                     {"settings: float", "decay: float", "shrink: float", "weights: N * float", "gradients: N * float", "mean: float", "square: float"},
                     {"updated: N * float", "new_mean: float", "new_square: float", "norm: float"}});
}

}  // namespace unroll
