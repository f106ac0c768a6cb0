#include "functions.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "../threads.h"
#include "kernels.h"

namespace unroll {

#if defined(__x86_64__)
namespace avx512 {
extern const StepKernels kStepKernels;
}
namespace avx2 {
extern const StepKernels kStepKernels;
}
#endif
namespace portable {
extern const StepKernels kStepKernels;
}

const StepKernels& step_kernels() {
#if defined(__x86_64__)
  static const StepKernels& chosen = []() -> const StepKernels& {
    // A set that adds to AVX-512 computes these in the same way.
    if (std::strncmp(implementation().name, "avx512", 6) == 0) return avx512::kStepKernels;
    if (std::strcmp(implementation().name, "avx2") == 0) return avx2::kStepKernels;
    return portable::kStepKernels;
  }();
  return chosen;
#else
  return portable::kStepKernels;
#endif
}

namespace {

// Numbers that are worth another thread, where each is only read and written.
constexpr long kNumbers = 1l << 16;

// `body(first, last)` for stretches of `count` things of so many numbers, which may be done at the same time.
template <class Body>
void in_stretches(long count, long numbers, const Body& body) {
  const long parts = numbers < kNumbers ? 1 : std::min<long>(count, thread_count());
  parallel(static_cast<int>(parts), [&](int part) { body(count * part / parts, count * (part + 1) / parts); });
}

}  // namespace

void linear(const float* x, long rows, int inputs, const float* weight, const float* bias, int outputs, float* y) {
  step_kernels().multiply(x, rows, inputs, weight, true, bias, outputs, y);
}

void linear_gradient(const float* x, const float* dy, long rows, int inputs, const float* weight, int outputs, float* dx, float* d_weight, float* d_bias) {
  const StepKernels& kernels = step_kernels();
  if (dx != nullptr) kernels.multiply(dy, rows, outputs, weight, false, nullptr, inputs, dx);
  Scratch scratch(Scratch::bytes<float>(rows * outputs));
  float* const turned = scratch.take<float>(rows * outputs);
  for (long row = 0; row < rows; row++)
    for (int column = 0; column < outputs; column++) turned[column * rows + row] = dy[row * outputs + column];
  kernels.multiply(turned, outputs, rows, x, false, nullptr, inputs, d_weight);
  kernels.sum_rows(dy, rows, outputs, d_bias);
}

void pool_steps(const Pooling& p, const float* sequence, float* pooled, float* at) {
  in_stretches(p.rows, static_cast<long>(p.steps) * p.rows * p.features, [&](long first, long last) {
    const StepKernels& kernels = step_kernels();
    if (p.pool == Pool::kMax) kernels.max_steps(sequence, p.lengths, p.rows, p.features, static_cast<int>(first), static_cast<int>(last), pooled, at);
    else kernels.mean_steps(sequence, p.lengths, p.rows, p.features, static_cast<int>(first), static_cast<int>(last), pooled);
  });
}

void pool_gradient(const Pooling& p, const float* gradient, const float* at, float* d_sequence) {
  const long numbers = static_cast<long>(p.steps) * p.rows * p.features;
  if (p.pool == Pool::kMean) {
    in_stretches(p.rows, numbers, [&](long first, long last) {
      step_kernels().spread_mean(gradient, p.lengths, p.steps, p.rows, p.features, static_cast<int>(first), static_cast<int>(last), d_sequence);
    });
    return;
  }
  std::memset(d_sequence, 0, static_cast<size_t>(numbers) * sizeof(float));
  const long each = static_cast<long>(p.rows) * p.features;
  for (long i = 0; i < each; i++) d_sequence[static_cast<long>(at[i]) * each + i] = gradient[i];
}

void look_up(const float* table, const int* ids, long count, int width, float* out) {
  in_stretches(count, count * width, [&](long first, long last) {
    for (long i = first; i < last; i++) std::memcpy(out + i * width, table + static_cast<long>(ids[i]) * width, static_cast<size_t>(width) * sizeof(float));
  });
}

void add_rows(const float* values, const int* ids, long count, int width, int rows, float* sums) {
  // Each thread owns a stretch of the table and takes what belongs there, in order: the same sums whatever the threads.
  in_stretches(rows, std::max(count, static_cast<long>(rows)) * width, [&](long first, long last) {
    std::memset(sums + first * width, 0, static_cast<size_t>((last - first) * width) * sizeof(float));
    step_kernels().add_rows(values, ids, count, width, static_cast<int>(first), static_cast<int>(last), sums);
  });
}

void drop(const Dropout& dropout, const float* from, long count, float* out) {
  in_stretches(count, count, [&](long first, long last) { step_kernels().drop(from, first, last, dropout.key, dropout.threshold, dropout.kept, out); });
}

namespace {

float cross_entropy(const float* logits, long rows, int classes, const int* targets, const float* weights, float* gradient) {
  const long piece = std::max(1L, 16384l / classes);
  const int tasks = static_cast<int>((rows + piece - 1) / piece);
  std::vector<double> losses(static_cast<size_t>(tasks));
  parallel(tasks, [&](int task) {
    losses[static_cast<size_t>(task)] =
        step_kernels().cross_entropy(logits, targets, weights, task * piece, std::min(rows, (task + 1) * piece), classes, gradient);
  });
  double loss = 0;
  for (double part : losses) loss += part;
  return static_cast<float>(loss);
}

}  // namespace

float loss_of(Loss loss, const float* logits, long rows, int columns, const int* targets, const float* numbers, float* gradient) {
  const long count = rows * columns;
  switch (loss) {
    case Loss::kCrossEntropy:
      return cross_entropy(logits, rows, columns, targets, numbers, gradient);
    case Loss::kBinaryLogLoss:
      return static_cast<float>(step_kernels().binary_log_loss(logits, targets, numbers, count, gradient));
    case Loss::kMse:
    case Loss::kRmse: {
      const float factor = static_cast<float>(2.0 / static_cast<double>(count));
      const float mean = static_cast<float>(step_kernels().squares(logits, numbers, count, factor, gradient) / static_cast<double>(count));
      if (loss == Loss::kMse) return mean;
      // The smallest term that keeps the square root's gradient finite when every prediction is exact.
      const float root = std::sqrt(mean + 1e-12f);
      for (long i = 0; i < count; i++) gradient[i] *= 0.5f / root;
      return root;
    }
  }
  return 0;
}

bool is_correct(const float* logits, int columns, int target) {
  int best = columns == 1 && logits[0] > 0 ? 1 : 0;
  for (int c = 1; c < columns; c++)
    if (logits[c] > logits[best]) best = c;
  return best == target;
}

float adam_step(const AdamSettings& settings, const std::vector<AdamPiece>& pieces) {
  const Implementation& compiled = implementation();
  const float limit = settings.clip_value > 0 ? settings.clip_value : INFINITY;
  const int tasks = static_cast<int>(pieces.size());
  std::vector<double> sums(pieces.size());
  // Small ones are put together, so that a thread gets something to do.
  std::vector<int> ends;
  for (int first = 0; first < tasks;) {
    long count = 0;
    while (first < tasks && count < kAdamPiece) count += pieces[static_cast<size_t>(first++)].count;
    ends.push_back(first);
  }
  const auto each = [&](int group, const auto& body) {
    for (int i = group == 0 ? 0 : ends[static_cast<size_t>(group - 1)]; i < ends[static_cast<size_t>(group)]; i++) body(static_cast<size_t>(i));
  };
  parallel(static_cast<int>(ends.size()), [&](int group) {
    each(group, [&](size_t i) { sums[i] = compiled.adam_squares(pieces[i].gradient, pieces[i].count, limit); });
  });
  double sum = 0;
  for (double part : sums) sum += part;
  const float norm = static_cast<float>(std::sqrt(sum));
  // As torch.nn.utils.clip_grad_norm_: the 1e-6 keeps a zero norm from dividing by zero.
  const float factor = settings.clip_norm > 0 ? std::min(settings.clip_norm / (norm + 1e-6f), 1.0f) : 1.0f;
  parallel(static_cast<int>(ends.size()), [&](int group) {
    each(group, [&](size_t i) {
      const AdamPiece& piece = pieces[i];
      if (piece.updated != piece.weights) return compiled.adam_update(piece, settings, limit, factor);
      // The kernel is compiled for memory of its own.
      constexpr long kAtOnce = 1024;
      float updated[kAtOnce];
      for (long start = 0; start < piece.count; start += kAtOnce) {
        AdamPiece part = piece;
        part.count = std::min(kAtOnce, piece.count - start);
        part.weights += start;
        part.gradient += start;
        part.mean += start;
        part.square += start;
        part.updated = updated;
        compiled.adam_update(part, settings, limit, factor);
        std::memcpy(piece.updated + start, updated, static_cast<size_t>(part.count) * sizeof(float));
      }
    });
  });
  return norm;
}

}  // namespace unroll
