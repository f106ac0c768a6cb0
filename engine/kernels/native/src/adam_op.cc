// UnrollAdam: one Adam or AdamW update of all parameters at once, with clipping and the gradients' norm (Kingma & Ba 2015; Loshchilov &
// Hutter 2019). Ten passes over every weight become two.
#include <algorithm>

#include "op.h"
#include "ops.h"
#include "problem.h"
#include "step/functions.h"

namespace unroll {
namespace {

using Shape = std::vector<int64_t>;

constexpr int kSettings = sizeof(AdamSettings) / sizeof(float);

class Adam {
 public:
  explicit Adam(OpAttributes& attributes) : count_(attributes.integer("N")) {}

  // Inputs: settings (those of the step, then decay [N], shrink [N]), N weights, N gradients, mean [S], square [S]. Outputs: N weights,
  // norm. The averages are updated in place: they are the optimizer's own, and half as much memory has to be written.
  void run(OpContext& context) const {
    AdamSettings set;
    const float* numbers = context.floats(0, {kSettings + 2 * count_}, "settings");
    std::copy(numbers, numbers + kSettings, reinterpret_cast<float*>(&set));
    const float* decay = numbers + kSettings;
    const float* shrink = decay + count_;
    std::vector<AdamPiece> pieces;
    long total = 0;
    for (int i = 0; i < count_; i++) {
      const Shape shape = context.shape(1 + i);
      long size = 1;
      for (int64_t dimension : shape) size *= dimension;
      const float* weights = context.floats(1 + i, shape, "weights");
      const float* gradient = context.floats(1 + count_ + i, shape, "gradient");
      float* updated = context.output(i, shape);
      for (long start = 0; start < size; start += kAdamPiece)
        pieces.push_back({weights + start, gradient + start, updated + start, nullptr, nullptr, std::min(kAdamPiece, size - start), decay[i], shrink[i]});
      total += size;
    }
    float* mean = context.floats_in_place(1 + 2 * count_, {total}, "mean");
    float* square = context.floats_in_place(2 + 2 * count_, {total}, "square");
    for (AdamPiece& piece : pieces) {
      piece.mean = mean;
      piece.square = square;
      mean += piece.count;
      square += piece.count;
    }
    *context.output(count_, {}) = adam_step(set, pieces);
  }

 private:
  int count_;
};

}  // namespace

void register_adam() {
  register_op<Adam>({"UnrollAdam",
                     {"N: int >= 1"},
                     {"settings: float", "weights: N * float", "gradients: N * float", "mean: float", "square: float"},
                     {"updated: N * float", "norm: float"}});
}

}  // namespace unroll
