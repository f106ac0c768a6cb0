// UnrollForward: a network whose layers follow each other (`chain.h`) as one op. UnrollStep: a whole step of training it: forwards, loss,
// back through time, clipping and Adam. What an op computes for each layer alone is the same functions, so the numbers are the same.
#include <algorithm>
#include <cmath>

#include "../op.h"
#include "chain.h"
#include "ops.h"

namespace unroll {
namespace {

using Shape = std::vector<int64_t>;

// Places of the inputs that both ops begin with; the weights follow.
enum Input { kProgram, kTokens, kSeries, kLengths, kKeys, kWeights };

const int32_t* int_list(OpContext& context, int index, int64_t& count, const char* name) {
  const Shape shape = context.shape(index);
  if (shape.size() != 1) fail(std::string(name) + " must be a list, but has the shape " + shape_text(shape));
  count = shape[0];
  return context.ints(index, shape, name);
}

void read_batch(OpContext& context, int weights, int trained, bool keep, chain::Batch& batch) {
  constexpr int64_t kMost = 1 << 24;
  const Shape tokens = context.shape(kTokens), series = context.shape(kSeries);
  const bool numbers = series.size() == 3;
  const Shape& axis = numbers ? series : tokens;
  if ((numbers ? tokens.size() != 1 || tokens[0] != 0 : tokens.size() != 2 || series.size() != 1 || series[0] != 0))
    fail("the input must be tokens [T, B] or numbers [T, B, F], but has the shapes " + shape_text(tokens) + " and " + shape_text(series));
  for (int64_t dimension : axis)
    if (dimension < 1 || dimension > kMost) fail("the input has the shape " + shape_text(axis));
  batch.steps = static_cast<int>(axis[0]);
  batch.rows = static_cast<int>(axis[1]);
  batch.tokens = numbers ? nullptr : context.ints(kTokens, tokens, "tokens");
  batch.series = numbers ? context.floats(kSeries, series, "the series") : nullptr;
  batch.features = numbers ? static_cast<int>(series[2]) : 0;
  batch.lengths = context.ints(kLengths, {batch.rows}, "lengths");
  for (int row = 0; row < batch.rows; row++)
    if (batch.lengths[row] < 1 || batch.lengths[row] > batch.steps)
      fail("lengths must be 1 … " + std::to_string(batch.steps) + ", but row " + std::to_string(row) + " has " + std::to_string(batch.lengths[row]));
  batch.keys = int_list(context, kKeys, batch.key_count, "keys");
  batch.keep = keep;
  batch.trained = trained;
  for (int i = 0; i < weights; i++) {
    const Shape shape = context.shape(kWeights + i);
    batch.parameters.push_back({context.floats(kWeights + i, shape, "a weight"), shape, nullptr});
  }
}

std::vector<std::unique_ptr<chain::Layer>> read_layers(OpContext& context) {
  int64_t count = 0;
  const int32_t* words = int_list(context, kProgram, count, "the program");
  return chain::layers_of(words, count);
}

chain::Value run_layers(const std::vector<std::unique_ptr<chain::Layer>>& layers, chain::Batch& batch) {
  chain::Value value{};
  for (const auto& layer : layers) value = layer->forward(batch, value);
  return value;
}

class Forward {
 public:
  explicit Forward(OpAttributes& attributes) : weights_(attributes.integer("N")) {}

  // -> the last layer's value [T, B, F] or [B, F]
  void run(OpContext& context) const {
    chain::Batch batch{};
    read_batch(context, weights_, 0, false, batch);
    const auto layers = read_layers(context);
    const chain::Value value = run_layers(layers, batch);
    const Shape shape = value.per_step ? Shape{batch.steps, batch.rows, value.features} : Shape{batch.rows, value.features};
    const long count = value.count(batch) * value.features;
    std::copy(value.data, value.data + count, context.output(0, shape));
  }

 private:
  int weights_;
};

Loss loss_named(const std::string& name) {
  if (name == "cross-entropy") return Loss::kCrossEntropy;
  if (name == "binary-log-loss") return Loss::kBinaryLogLoss;
  if (name == "mse") return Loss::kMse;
  if (name == "rmse") return Loss::kRmse;
  fail("there is no loss " + name);
}

class Step {
 public:
  explicit Step(OpAttributes& attributes)
      : weights_(attributes.integer("N")), trained_(attributes.integer("trained")), rounded_(attributes.boolean("rounded")), loss_(loss_named(attributes.text("loss"))) {
    if (trained_ < 1 || trained_ > weights_) fail("some of the weights must be trained");
  }

  // After the weights, of which the first `trained` are updated in place: they and the averages must be shared with nobody. mean [S],
  // square [S], settings (as UnrollAdam's), targets (classes [N], or none), numbers (a weight for each class [N], or targets [N·K])
  // -> loss, correct targets, norm
  void run(OpContext& context) const {
    chain::Batch batch{};
    batch.rounded = rounded_;
    read_batch(context, weights_, trained_, true, batch);
    const auto layers = read_layers(context);
    const chain::Value logits = run_layers(layers, batch);

    const int after = kWeights + weights_;
    const bool classes = loss_ == Loss::kCrossEntropy || loss_ == Loss::kBinaryLogLoss;
    const long rows = logits.count(batch);
    if (loss_ == Loss::kBinaryLogLoss && logits.features != 1) fail("the binary loss takes one logit, not " + std::to_string(logits.features));
    const int32_t* targets = context.ints(after + 3, {classes ? rows : 0}, "targets");
    const float* numbers = context.floats(after + 4, {classes ? rows : rows * logits.features}, "the numbers of the loss");
    float correct = 0;
    for (long row = 0; classes && row < rows; row++) {
      if (!is_class(targets[row], logits.features)) fail("target " + std::to_string(targets[row]) + " is none of the classes");
      const bool real = !logits.per_step || row / batch.rows < batch.lengths[row % batch.rows];
      if (real && is_correct(logits.data + row * logits.features, logits.features, targets[row])) correct++;
    }
    float* gradient = batch.memory.floats(rows * logits.features);
    const float loss = loss_of(loss_, logits.data, rows, logits.features, targets, numbers, gradient);

    const float* back = gradient;
    for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) back = (*layer)->backward(batch, back);
    const float norm = update(context, batch, after);
    float* figures = context.output(0, {3});
    figures[0] = loss;
    figures[1] = correct;
    figures[2] = norm;
  }

 private:
  float update(OpContext& context, const chain::Batch& batch, int after) const {
    long total = 0;
    for (int i = 0; i < trained_; i++) total += batch.parameters[static_cast<size_t>(i)].size();
    float* mean = context.floats_in_place(after, {total}, "mean");
    float* square = context.floats_in_place(after + 1, {total}, "square");
    constexpr int kNumbers = sizeof(AdamSettings) / sizeof(float);
    const float* settings = context.floats(after + 2, {kNumbers + 2 * trained_}, "settings");
    AdamSettings set;
    std::copy(settings, settings + kNumbers, reinterpret_cast<float*>(&set));
    std::vector<AdamPiece> pieces;
    for (int i = 0; i < trained_; i++) {
      const chain::Parameter& parameter = batch.parameters[static_cast<size_t>(i)];
      if (parameter.gradient == nullptr) fail("weight " + std::to_string(i) + " has no gradient");
      float* data = context.floats_in_place(kWeights + i, parameter.shape, "a weight");
      const long size = parameter.size();
      for (long start = 0; start < size; start += kAdamPiece) {
        const long count = std::min(kAdamPiece, size - start);
        pieces.push_back({data + start, parameter.gradient + start, data + start, mean, square, count, settings[kNumbers + i], settings[kNumbers + trained_ + i]});
        mean += count;
        square += count;
      }
    }
    return adam_step(set, pieces);
  }

  int weights_;
  int trained_;
  bool rounded_;
  Loss loss_;
};

}  // namespace

void register_step() {
  const std::vector<const char*> inputs{"program: int32", "tokens: int32", "series: float", "lengths: int32", "keys: int32", "weights: N * float"};
  register_op<Forward>({"UnrollForward", {"N: int >= 1"}, inputs, {"value: float"}});
  OpDefinition step{"UnrollStep", {"N: int >= 1", "trained: int >= 1", "rounded: bool", "loss: string"}, inputs, {"figures: float"}};
  for (const char* input : {"mean: float", "square: float", "settings: float", "targets: int32", "numbers: float"}) step.inputs.push_back(input);
  register_op<Step>(step);
}

}  // namespace unroll
