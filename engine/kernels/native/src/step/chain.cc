#include "chain.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <string>

#include "../op.h"
#include "../schedule.h"

namespace unroll::chain {
namespace {

using Shape = std::vector<int64_t>;

constexpr int64_t kMost = 1 << 24;
// What the run before this one took: the first block is made so large.
std::atomic<long> expected{1 << 20};

class Lookup : public Layer {
 public:
  explicit Lookup(const int32_t* words) : table_(words[0]) {}

  Value forward(Batch& batch, const Value& input) override {
    if (input.data != nullptr || batch.tokens == nullptr) fail("only tokens are looked up");
    const Parameter& table = batch.parameter(table_);
    if (table.shape.size() != 2 || table.shape[0] < 1 || table.shape[1] < 1 || table.shape[1] > kMost) fail("a table must be a matrix, but has the shape " + shape_text(table.shape));
    width_ = static_cast<int>(table.shape[1]);
    for (long i = 0; i < batch.positions(); i++)
      if (batch.tokens[i] < 0 || batch.tokens[i] >= table.shape[0])
        fail("id " + std::to_string(batch.tokens[i]) + " is outside of the table's " + std::to_string(table.shape[0]) + " rows");
    float* out = batch.memory.floats(batch.positions() * width_);
    look_up(table.data, batch.tokens, batch.positions(), width_, out);
    return {out, true, width_, batch.is_trained(table_)};
  }

  const float* backward(Batch& batch, const float* gradient) override {
    Parameter& table = batch.parameter(table_);
    if (gradient == nullptr) return nullptr;
    table.gradient = batch.memory.floats(table.size());
    add_rows(gradient, batch.tokens, batch.positions(), width_, static_cast<int>(table.shape[0]), table.gradient);
    return nullptr;
  }

 private:
  int32_t table_;
  int width_ = 0;
};

class Series : public Layer {
 public:
  Value forward(Batch& batch, const Value& input) override {
    if (input.data != nullptr || batch.series == nullptr) fail("the batch has no numbers");
    return {batch.series, true, batch.features, false};
  }

  const float* backward(Batch&, const float*) override { return nullptr; }
};

class Drop : public Layer {
 public:
  explicit Drop(const int32_t* words) : index_(words[0]) {
    std::memcpy(&dropout_.threshold, words + 1, sizeof dropout_.threshold);
    std::memcpy(&dropout_.kept, words + 2, sizeof dropout_.kept);
  }

  Value forward(Batch& batch, const Value& input) override {
    if (input.data == nullptr || index_ < 0 || index_ >= batch.key_count) fail("dropout has no input or no key");
    std::memcpy(&dropout_.key, batch.keys + index_, sizeof dropout_.key);
    input_ = input;
    return {dropped(batch, input.data), input.per_step, input.features, input.differentiable};
  }

  const float* backward(Batch& batch, const float* gradient) override { return gradient == nullptr ? nullptr : dropped(batch, gradient); }

 private:
  float* dropped(Batch& batch, const float* from) const {
    const long count = input_.count(batch) * input_.features;
    float* out = batch.memory.floats(count);
    drop(dropout_, from, count, out);
    return out;
  }

  int32_t index_;
  Dropout dropout_{};
  Value input_{};
};

class Recurrent : public Layer {
 public:
  Recurrent(const int32_t* words, int64_t count) {
    if (count < 4) fail("a recurrence has too few words");
    directions_ = words[0];
    reverse_ = words[1] != 0;
    last_ = words[2] != 0;
    const int64_t letters = words[3];
    if (directions_ < 1 || directions_ > 2 || letters < 0 || letters > count - 4) fail("a recurrence has wrong words");
    const std::string name(words + 4, words + 4 + letters);
    int cell = 0;
    while (cell < kCells && name != shape_of(static_cast<Cell>(cell)).name) cell++;
    if (cell == kCells) fail("there is no cell " + name);
    cell_ = static_cast<Cell>(cell);
    if (count - 4 - letters != static_cast<int64_t>(shape_of(cell_).weights()) * directions_) fail("a recurrence has a wrong number of weights");
    weights_.assign(words + 4 + letters, words + count);
  }

  Value forward(Batch& batch, const Value& input) override {
    if (input.data == nullptr || !input.per_step) fail("a recurrence reads a sequence");
    input_ = input;
    const CellShape& shape = shape_of(cell_);
    const Shape hidden = batch.parameter(weights_[1]).shape;
    if (hidden.size() != 2) fail("the recurrent weight must be a matrix, but has the shape " + shape_text(hidden));
    const int64_t P = hidden[1], H = shape.projected ? hidden[0] / shape.gates : P;
    if (P < 1 || H < P || H > kMost) fail("a recurrent weight has the shape " + shape_text(hidden));
    sizes_ = {batch.steps, batch.rows, input.features, static_cast<int>(H), static_cast<int>(P)};
    schedule_ = std::make_unique<Schedule>(batch.lengths, batch.rows, batch.steps, directions_);
    zeros_.assign(static_cast<size_t>(batch.rows * H), 0);
    ForwardTask task{};
    task.cell = cell_;
    task.sizes = sizes_;
    task.x = input.data;
    task.directions = directions_;
    task.sequence_stride = directions_ * P;
    sequence_ = batch.memory.floats(batch.positions() * directions_ * P);
    const int parts = shape.parts;
    for (int d = 0; d < directions_; d++) {
      task.direction[d] = direction(batch, d);
      const long pairs = task.direction[d].pairs;
      saved_[d] = {batch.keep && shape.saved > 0 ? batch.memory.floats(pairs * shape.saved * padded(sizes_.hidden)) : nullptr,
                   batch.keep && parts == 2 ? batch.memory.floats(pairs * padded(sizes_.hidden)) : nullptr};
      task.saved[d] = saved_[d];
      task.sequence[d] = sequence_ + d * P;
      for (int part = 0; part < parts; part++) task.final[d][part] = batch.memory.floats(batch.rows * sizes_.width(part));
    }
    implementation_for(batch.rounded).forward(task);
    if (!last_) return {sequence_, true, static_cast<int>(directions_ * P), true};
    if (directions_ == 1) return {task.final[0][0], false, static_cast<int>(P), true};
    return {side_by_side(batch, {task.final[0][0], task.final[1][0]}, P), false, static_cast<int>(2 * P), true};
  }

  const float* backward(Batch& batch, const float* gradient) override {
    const CellShape& shape = shape_of(cell_);
    const int64_t P = sizes_.output;
    BackwardTask task{};
    task.cell = cell_;
    task.sizes = sizes_;
    task.x = input_.data;
    task.directions = directions_;
    task.sequence_stride = directions_ * P;
    task.dx = input_.differentiable ? batch.memory.floats(batch.positions() * sizes_.input) : nullptr;
    for (int d = 0; d < directions_; d++) {
      task.direction[d] = direction(batch, d);
      task.saved[d] = saved_[d];
      task.sequence[d] = sequence_ + d * P;
      if (!last_) task.d_sequence[d] = gradient + d * P;
      else if (directions_ == 1) task.d_final[0][0] = gradient;
      else task.d_final[d][0] = one_side(batch, gradient, d, P);
      const auto made = [&](int index) {
        Parameter& parameter = batch.parameter(weights_[static_cast<size_t>(d * shape.weights() + index)]);
        return parameter.gradient = batch.memory.floats(parameter.size());
      };
      task.d_input_weight[d] = made(0);
      task.d_hidden_weight[d] = made(1);
      task.d_input_bias[d] = made(2);
      task.d_hidden_bias[d] = shape.biases == 2 ? made(3) : nullptr;
      task.d_projection[d] = shape.projected ? made(shape.projection_at()) : nullptr;
      task.d_peepholes[d] = shape.peepholes > 0 ? made(shape.peepholes_at()) : nullptr;
    }
    implementation_for(batch.rounded).backward(task);
    return task.dx;
  }

 private:
  Direction direction(Batch& batch, int d) const {
    const CellShape& shape = shape_of(cell_);
    const int64_t I = sizes_.input, H = sizes_.hidden, P = sizes_.output, G = shape.gates, N = shape.peepholes;
    const auto weight = [&](int index, const Shape& wanted, const char* name) {
      return batch.parameter(weights_[static_cast<size_t>(d * shape.weights() + index)], wanted, name).data;
    };
    Direction made{};
    made.reverse = reverse_ != (d == 1);
    made.input_weight = weight(0, {G * H, I}, "the input weight");
    made.hidden_weight = weight(1, {G * H, P}, "the recurrent weight");
    made.input_bias = weight(2, {G * H}, "the input bias");
    made.hidden_bias = shape.biases == 2 ? weight(3, {G * H}, "the recurrent bias") : nullptr;
    made.projection = shape.projected ? weight(shape.projection_at(), {P, H}, "the projection") : nullptr;
    made.peepholes = N > 0 ? weight(shape.peepholes_at(), {N * H}, "the peepholes") : nullptr;
    for (int part = 0; part < shape.parts; part++) made.initial[part] = zeros_.data();
    schedule_->fill(made);
    return made;
  }

  Cell cell_;
  int directions_;
  bool reverse_;
  bool last_;
  std::vector<int32_t> weights_;
  Value input_{};
  Sizes sizes_{};
  std::unique_ptr<Schedule> schedule_;
  std::vector<float> zeros_;
  float* sequence_ = nullptr;
  Saved saved_[2]{};
};

class Pooled : public Layer {
 public:
  explicit Pooled(const int32_t* words) : pool_(words[0] == 1 ? Pool::kMean : Pool::kMax) {
    if (words[0] != 0 && words[0] != 1) fail("there is no such pooling");
  }

  Value forward(Batch& batch, const Value& input) override {
    if (input.data == nullptr || !input.per_step) fail("only a sequence is pooled");
    input_ = input;
    const long count = static_cast<long>(batch.rows) * input.features;
    float* out = batch.memory.floats(count);
    at_ = batch.memory.floats(pool_ == Pool::kMax ? count : 0);
    pool_steps(pooling(batch), input.data, out, at_);
    return {out, false, input.features, input.differentiable};
  }

  const float* backward(Batch& batch, const float* gradient) override {
    if (!input_.differentiable) return nullptr;
    float* out = batch.memory.floats(batch.positions() * input_.features);
    pool_gradient(pooling(batch), gradient, at_, out);
    return out;
  }

 private:
  Pooling pooling(const Batch& batch) const { return {pool_, batch.lengths, batch.steps, batch.rows, input_.features}; }

  Pool pool_;
  Value input_{};
  float* at_ = nullptr;
};

class Linear : public Layer {
 public:
  explicit Linear(const int32_t* words) : weight_(words[0]), bias_(words[1]) {}

  Value forward(Batch& batch, const Value& input) override {
    if (input.data == nullptr) fail("a linear map has no input");
    input_ = input;
    const Shape shape = batch.parameter(weight_).shape;
    if (shape.size() != 2 || shape[0] < 1 || shape[0] > kMost) fail("a weight must be a matrix, but has the shape " + shape_text(shape));
    outputs_ = static_cast<int>(shape[0]);
    const float* weight = batch.parameter(weight_, {outputs_, input.features}, "the weight").data;
    float* out = batch.memory.floats(input.count(batch) * outputs_);
    linear(input.data, input.count(batch), input.features, weight, batch.parameter(bias_, {outputs_}, "the bias").data, outputs_, out);
    return {out, input.per_step, outputs_, true};
  }

  const float* backward(Batch& batch, const float* gradient) override {
    const long count = input_.count(batch);
    Parameter& weight = batch.parameter(weight_);
    Parameter& bias = batch.parameter(bias_);
    weight.gradient = batch.memory.floats(weight.size());
    bias.gradient = batch.memory.floats(bias.size());
    float* dx = input_.differentiable ? batch.memory.floats(count * input_.features) : nullptr;
    linear_gradient(input_.data, gradient, count, input_.features, weight.data, outputs_, dx, weight.gradient, bias.gradient);
    return dx;
  }

 private:
  int32_t weight_;
  int32_t bias_;
  Value input_{};
  int outputs_ = 0;
};

std::unique_ptr<Layer> layer_of(int32_t word, const int32_t* words, int64_t count) {
  const auto expect = [&](int64_t wanted) {
    if (count != wanted) fail("a layer of the program has " + std::to_string(count) + " words instead of " + std::to_string(wanted));
  };
  switch (static_cast<Word>(word)) {
    case Word::kLookup:
      expect(1);
      return std::make_unique<Lookup>(words);
    case Word::kSeries:
      expect(0);
      return std::make_unique<Series>();
    case Word::kDropout:
      expect(3);
      return std::make_unique<Drop>(words);
    case Word::kRecurrence:
      return std::make_unique<Recurrent>(words, count);
    case Word::kPool:
      expect(1);
      return std::make_unique<Pooled>(words);
    case Word::kLinear:
      expect(2);
      return std::make_unique<Linear>(words);
    case Word::kProgram:
      return program_layer(words, count);
  }
  fail("the program has a layer " + std::to_string(word));
}

}  // namespace

Arena::Arena() = default;

Arena::~Arena() { expected.store(used_, std::memory_order_relaxed); }

float* Arena::floats(long count) {
  const long bytes = Scratch::bytes<float>(count);
  if (blocks_.empty() || left_ < bytes) {
    const long size = std::max(bytes, blocks_.empty() ? expected.load(std::memory_order_relaxed) : used_ / 2);
    blocks_.emplace_back(size);
    left_ = size;
  }
  left_ -= bytes;
  used_ += bytes;
  return blocks_.back().take<float>(count);
}

long Parameter::size() const {
  long size = 1;
  for (int64_t dimension : shape) size *= dimension;
  return size;
}

Parameter& Batch::parameter(int32_t index) {
  if (index < 0 || static_cast<size_t>(index) >= parameters.size()) fail("there is no weight " + std::to_string(index));
  return parameters[static_cast<size_t>(index)];
}

Parameter& Batch::parameter(int32_t index, const std::vector<int64_t>& shape, const char* name) {
  Parameter& found = parameter(index);
  if (found.shape != shape) fail(std::string(name) + " must have the shape " + shape_text(shape) + ", but has " + shape_text(found.shape));
  return found;
}

float* side_by_side(Batch& batch, const float* const (&states)[2], int64_t width) {
  float* both = batch.memory.floats(2l * batch.rows * width);
  for (int row = 0; row < batch.rows; row++)
    for (int d = 0; d < 2; d++) std::memcpy(both + (2l * row + d) * width, states[d] + row * width, static_cast<size_t>(width) * sizeof(float));
  return both;
}

float* one_side(Batch& batch, const float* gradient, int d, int64_t width) {
  float* own = batch.memory.floats(batch.rows * width);
  for (int row = 0; row < batch.rows; row++) std::memcpy(own + row * width, gradient + (2l * row + d) * width, static_cast<size_t>(width) * sizeof(float));
  return own;
}

std::vector<std::unique_ptr<Layer>> layers_of(const int32_t* words, int64_t count) {
  std::vector<std::unique_ptr<Layer>> layers;
  for (int64_t at = 0; at < count;) {
    if (count - at < 2 || words[at + 1] < 0 || words[at + 1] > count - at - 2) fail("the program ends within a layer");
    layers.push_back(layer_of(words[at], words + at + 2, words[at + 1]));
    at += 2 + words[at + 1];
  }
  if (layers.empty()) fail("the program is empty");
  return layers;
}

}  // namespace unroll::chain
