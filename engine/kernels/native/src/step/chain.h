// A network whose layers follow each other in a line, as data that comes with the op: what each layer is, one after the other, written by
// `kernels/native/step-program.ts`. Each value is [T, B, F], or [B, F] once there is one for each row.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "../threads.h"
#include "functions.h"

namespace unroll::chain {

// First word of a layer; the second is how many follow.
enum class Word : int32_t {
  kLookup = 1,      // table
  kSeries = 2,      // the batch's own numbers
  kDropout = 3,     // which of the batch's keys, threshold, bits of the factor
  kRecurrence = 4,  // directions, reverse, last state or every step, letters of the cell's name and they, its weights
  kPool = 5,        // 0: maximum, 1: mean
  kLinear = 6,      // weight, bias
  kProgram = 7,     // directions, reverse, last state or every step, words of the register program and they, its weights (`program_layer.cc`)
};

// Memory for the length of one run, in as few pieces as there can be.
class Arena {
 public:
  Arena();
  ~Arena();
  float* floats(long count);

 private:
  std::deque<Scratch> blocks_;
  long left_ = 0;
  long used_ = 0;
};

struct Parameter {
  const float* data;
  std::vector<int64_t> shape;
  float* gradient;  // made on the way back

  long size() const;
};

// What a run is given, checked, and its memory.
struct Batch {
  int steps;
  int rows;
  const int32_t* lengths;  // 1 … steps each
  const int32_t* tokens;   // [steps, rows]; null where there are none
  const float* series;     // [steps, rows, features]; null where there are none
  int features;
  const int32_t* keys;  // of dropout
  int64_t key_count;
  bool keep;     // whether there will be a way back
  bool rounded;  // whether products of recurrences are of bfloat16
  int trained;   // so many of the weights come first and are trained
  std::vector<Parameter> parameters;
  Arena memory;

  long positions() const { return static_cast<long>(steps) * rows; }
  // A weight that must have this shape.
  Parameter& parameter(int32_t index, const std::vector<int64_t>& shape, const char* name);
  Parameter& parameter(int32_t index);
  bool is_trained(int32_t index) const { return index < trained; }
};

struct Value {
  const float* data;
  bool per_step;
  int features;
  bool differentiable;

  long count(const Batch& batch) const { return per_step ? batch.positions() : batch.rows; }
};

class Layer {
 public:
  virtual ~Layer() = default;
  virtual Value forward(Batch& batch, const Value& input) = 0;
  // Makes the gradients of its weights; @returns that of its input, null where it is not differentiable.
  virtual const float* backward(Batch& batch, const float* gradient) = 0;
};

// A recurrence out of its equations. Throws OpError where the words say none.
std::unique_ptr<Layer> program_layer(const int32_t* words, int64_t count);
// The last state of both directions, [B, P] each, side by side; and its gradient, which one of them gets.
float* side_by_side(Batch& batch, const float* const (&states)[2], int64_t width);
float* one_side(Batch& batch, const float* gradient, int d, int64_t width);

// The layers that some words say. Throws OpError where they say nothing.
std::vector<std::unique_ptr<Layer>> layers_of(const int32_t* words, int64_t count);

}  // namespace unroll::chain
