// What a training step computes around its recurrences, compiled for each instruction set: without TensorFlow, plain sizes and pointers.
#pragma once

namespace unroll {

struct StepKernels {
  // out [rows, columns] = a [rows, count] × right + bias (null: none). The right side is `weight` [columns, count] turned round, or
  // [count, columns] as it lies. Every number of it is the same sum whatever the threads.
  void (*multiply)(const float* a, long rows, long count, const float* weight, bool turned, const float* bias, int columns, float* out);
  // Sum of the rows of [rows, columns].
  void (*sum_rows)(const float* from, long rows, int columns, float* out);
  // Largest number of each feature over the real steps of the rows `first` … `last`-1 of [steps, rows, features], and the first step
  // where it is; NaN where one is NaN.
  void (*max_steps)(const float* from, const int* lengths, int rows, int features, int first, int last, float* out, float* at);
  // Mean over the real steps.
  void (*mean_steps)(const float* from, const int* lengths, int rows, int features, int first, int last, float* out);
  // Gradient of the mean, for all `steps`: zero at padding.
  void (*spread_mean)(const float* gradient, const int* lengths, int steps, int rows, int features, int first, int last, float* out);
  // Adds each row of `from` whose id is `first` … `last`-1 to that row of `sums`; id 0 is padding.
  void (*add_rows)(const float* from, const int* ids, long count, int width, int first, int last, float* sums);
  // Inverted dropout (`kernels/dropout-mask.ts`): numbers `first` … `last`-1 times 0 or `kept`.
  void (*drop)(const float* from, long first, long last, unsigned key, unsigned threshold, float kept, float* out);
  // Σ w · -log softmax(x)[target] over the rows `first` … `last`-1 of logits, and w · (softmax(x) - onehot) of each.
  double (*cross_entropy)(const float* logits, const int* targets, const float* weights, long first, long last, int classes, float* gradient);
  // Σ w · -log p(target) with p = σ(x) for class 1, and w · (p - target) of each.
  double (*binary_log_loss)(const float* logits, const int* targets, const float* weights, long count, float* gradient);
  // Σ (x - y)², and factor · (x - y) of each.
  double (*squares)(const float* x, const float* y, long count, float factor, float* gradient);
};

// Of the instruction set in use.
const StepKernels& step_kernels();

}  // namespace unroll
