// The recurrences of cuDNN's documentation, one row at a time in double precision: what the ops of TensorFlow must compute.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reference {

// How the numbers that go into products are rounded. With float16 every number that is kept from one step to another is, too.
enum class Rounding { none, tf32, float16 };

struct Layer {
  std::string mode;  // "rnn_tanh", "rnn_relu", "gru", "lstm"
  int directions;
  int64_t steps, rows, inputs, hidden;
  Rounding rounding;

  int gates() const { return mode == "lstm" ? 4 : mode == "gru" ? 3 : 1; }
  // Numbers kept of one step: the gates' values, and the LSTM's c or the GRU's share of h in n.
  int64_t notes() const { return (gates() + 1) * hidden; }
  int64_t reserve() const { return directions * rows * steps * notes(); }
  int64_t biases() const { return directions * 2 * gates() * hidden; }
  int64_t matrices() const { return directions * gates() * hidden * (inputs + hidden); }
  // An opaque layout of our own: biases before matrices, backwards from the last direction to the first.
  int64_t parameters() const { return biases() + matrices(); }
  int64_t bias_at(int direction, int half, int gate) const { return (((directions - 1 - direction) * 2 + half) * gates() + gate) * hidden; }
  int64_t matrix_at(int direction, int half, int gate) const {
    const int64_t block = gates() * hidden * (inputs + hidden);
    const int64_t from = half == 0 ? gate * hidden * inputs : gates() * hidden * inputs + gate * hidden * hidden;
    return biases() + (directions - 1 - direction) * block + from;
  }
};

struct Inputs {
  const float* x;           // [T, B, I]
  const float* h;           // [D, B, H]
  const float* c;           // [D, B, H], null for others than the LSTM
  const float* parameters;
  const int32_t* lengths;   // [B]
};

struct Outputs {
  float* sequence;  // [T, B, D·H]
  float* h;
  float* c;
  float* reserve;
};

struct Gradients {
  float* x;
  float* h;
  float* c;
  float* parameters;
};

struct Upstream {
  const float* sequence;
  const float* h;
  const float* c;
};

void forward(const Layer& layer, const Inputs& in, const Outputs& out);
void backward(const Layer& layer, const Inputs& in, const float* reserve, const float* sequence, const Upstream& up, const Gradients& d);

}  // namespace reference
