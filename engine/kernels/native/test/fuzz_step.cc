#include "fuzz_step.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <random>

#include "../src/ops.h"
#include "../src/problem.h"
#include "../src/program_parser.h"
#include "../src/step/ops.h"
#include "fake_tensorflow.h"
#include "fuzz_programs.h"

namespace {

std::mt19937 random_source(41);
int below(int limit) { return static_cast<int>(random_source() % static_cast<unsigned>(limit)); }
double normal() { return std::normal_distribution<double>(0, 0.5)(random_source); }

[[noreturn]] void stop(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

using Tensors = std::vector<fake::Tensor>;
using Programs = std::vector<std::vector<int32_t>>;

fake::Tensor numbers(const std::vector<int64_t>& shape) {
  fake::Tensor tensor(TF_FLOAT, shape);
  for (size_t i = 0; i < tensor.data.size() / 4; i++) tensor.floats()[i] = static_cast<float>(normal());
  return tensor;
}

fake::Tensor integers(const std::vector<int64_t>& shape, int least, int limit) {
  fake::Tensor tensor(TF_INT32, shape);
  for (size_t i = 0; i < tensor.data.size() / 4; i++) tensor.ints()[i] = least + below(limit - least);
  return tensor;
}

fake::Tensor list(const std::vector<int32_t>& values) {
  fake::Tensor tensor(TF_INT32, {static_cast<int64_t>(values.size())});
  std::copy(values.begin(), values.end(), tensor.ints());
  return tensor;
}

fake::Tensor reshaped(fake::Tensor tensor, std::vector<int64_t> shape) {
  tensor.shape = std::move(shape);
  return tensor;
}

fake::Result run(const char* op, const fake::Attributes& attributes, const Tensors& inputs, int outputs) {
  fake::Result result = fake::run(op, attributes, inputs, outputs);
  if (!result.error.empty()) stop(std::string(op) + " refused: " + result.error);
  return result;
}

void expect_refused(const char* op, const fake::Attributes& attributes, Tensors inputs, size_t wrong, fake::Tensor with, int outputs) {
  inputs[wrong] = std::move(with);
  if (fake::run(op, attributes, inputs, outputs).error.empty()) stop(std::string(op) + " took a wrong input " + std::to_string(wrong));
}

void expect_close(float found, double wanted, const char* what, double tolerance = 2e-5) {
  if (!(std::fabs(found - wanted) <= tolerance * std::fmax(1, std::fabs(wanted)))) stop(std::string(what) + ": " + std::to_string(found) + " instead of " + std::to_string(wanted));
}

void check_linear() {
  // Sometimes large enough for several threads.
  const bool large = below(6) == 0;
  const int N = 1 + below(large ? 300 : 40), I = 1 + below(large ? 200 : 90), O = 1 + below(large ? 200 : 90);
  Tensors inputs{numbers({N, I}), numbers({O, I}), numbers({O})};
  const fake::Result forward = run("UnrollLinear", {}, inputs, 1);
  const fake::Tensor output = forward.outputs[0];
  fake::Tensor dy = numbers({N, O});
  fake::Attributes wanted;
  wanted.integer["input_gradient"] = below(4) > 0;
  const fake::Result back = run("UnrollLinearGrad", wanted, {inputs[0], inputs[1], dy}, 3);
  const float *x = inputs[0].floats(), *w = inputs[1].floats(), *b = inputs[2].floats(), *d = dy.floats();
  const float* y = const_cast<fake::Tensor&>(output).floats();
  const auto gradient = [&](int index) { return reinterpret_cast<const float*>(back.outputs[static_cast<size_t>(index)].data.data()); };
  for (int n = 0; n < N; n++)
    for (int o = 0; o < O; o++) {
      double sum = b[o];
      for (int i = 0; i < I; i++) sum += static_cast<double>(x[n * I + i]) * w[o * I + i];
      expect_close(y[n * O + o], sum, "x W + b");
    }
  for (int n = 0; n < N && wanted.integer["input_gradient"] != 0; n++)
    for (int i = 0; i < I; i++) {
      double sum = 0;
      for (int o = 0; o < O; o++) sum += static_cast<double>(d[n * O + o]) * w[o * I + i];
      expect_close(gradient(0)[n * I + i], sum, "gradient of x");
    }
  for (int o = 0; o < O; o++) {
    double bias = 0;
    for (int n = 0; n < N; n++) bias += d[n * O + o];
    expect_close(gradient(2)[o], bias, "gradient of b");
    for (int i = 0; i < I; i++) {
      double sum = 0;
      for (int n = 0; n < N; n++) sum += static_cast<double>(d[n * O + o]) * x[n * I + i];
      expect_close(gradient(1)[o * I + i], sum, "gradient of W");
    }
  }
  expect_refused("UnrollLinear", {}, inputs, 0, numbers({N, I + 1}), 1);
  expect_refused("UnrollLinear", {}, inputs, 1, numbers({O * I}), 1);
  expect_refused("UnrollLinear", {}, inputs, 2, numbers({O + 1}), 1);
  expect_refused("UnrollLinearGrad", wanted, {inputs[0], inputs[1], dy}, 2, numbers({N, O + 1}), 3);
  expect_refused("UnrollLinearGrad", wanted, {inputs[0], inputs[1], dy}, 0, numbers({N + 1, I}), 3);
}

void check_pool() {
  const bool large = below(6) == 0;
  const int T = 1 + below(large ? 40 : 8), B = 1 + below(large ? 40 : 8), F = 1 + below(large ? 100 : 40);
  const bool mean = below(2) == 0;
  fake::Attributes attributes;
  attributes.text["pool"] = mean ? "mean" : "max";
  Tensors inputs{numbers({T, B, F}), integers({B}, 1, T + 1)};
  // Some are equal: the first counts.
  for (size_t i = 0; i < inputs[0].data.size() / 4; i++)
    if (below(3) == 0) inputs[0].floats()[i] = 0.25f;
  const fake::Result forward = run("UnrollPool", attributes, inputs, 2);
  fake::Attributes back_attributes = attributes;
  back_attributes.integer["steps"] = T;
  fake::Tensor dy = numbers({B, F});
  const Tensors back_inputs{dy, inputs[1], forward.outputs[1]};
  const fake::Result back = run("UnrollPoolGrad", back_attributes, back_inputs, 1);
  const auto floats = [](const fake::Tensor& tensor) { return reinterpret_cast<const float*>(tensor.data.data()); };
  for (int b = 0; b < B; b++) {
    const int length = inputs[1].ints()[b];
    for (int f = 0; f < F; f++) {
      const auto at = [&](int t) { return (t * B + b) * F + f; };
      double sum = 0;
      int best = 0;
      for (int t = 0; t < length; t++) {
        sum += inputs[0].floats()[at(t)];
        if (inputs[0].floats()[at(t)] > inputs[0].floats()[at(best)]) best = t;
      }
      expect_close(floats(forward.outputs[0])[b * F + f], mean ? sum / length : inputs[0].floats()[at(best)], "what was pooled");
      for (int t = 0; t < T; t++) {
        const double share = t >= length ? 0 : mean ? 1.0 / length : t == best ? 1 : 0;
        expect_close(floats(back.outputs[0])[at(t)], share * dy.floats()[b * F + f], "gradient of what was pooled");
      }
    }
  }
  inputs[0].floats()[((inputs[1].ints()[0] - 1) * B) * F] = NAN;
  if (!std::isnan(floats(run("UnrollPool", attributes, inputs, 2).outputs[0])[0])) stop("a NaN was lost");
  expect_refused("UnrollPool", attributes, inputs, 1, integers({B}, T + 1, T + 3), 2);
  expect_refused("UnrollPool", attributes, inputs, 1, integers({B}, -1, 1), 2);
  expect_refused("UnrollPool", attributes, inputs, 1, integers({B + 1}, 1, T + 1), 2);
  expect_refused("UnrollPool", attributes, inputs, 0, numbers({T, B * F}), 2);
  expect_refused("UnrollPoolGrad", back_attributes, back_inputs, 0, numbers({B + 1, F}), 1);
  if (!mean) {
    fake::Tensor at = forward.outputs[1];
    at.floats()[below(B * F)] = below(2) == 0 ? -1.0f : static_cast<float>(T);
    expect_refused("UnrollPoolGrad", back_attributes, back_inputs, 2, at, 1);
    at.floats()[below(B * F)] = NAN;
    expect_refused("UnrollPoolGrad", back_attributes, back_inputs, 2, at, 1);
  }
}

void check_losses() {
  const int N = 1 + below(60);
  Tensors inputs{numbers({N}), integers({N}, 0, 2), numbers({N})};
  for (int i = 0; i < N; i++) inputs[0].floats()[i] *= 30;
  const fake::Result binary = run("UnrollBinaryLogLoss", {}, inputs, 2);
  double loss = 0, squares = 0;
  const auto floats = [](const fake::Tensor& tensor) { return reinterpret_cast<const float*>(tensor.data.data()); };
  for (int i = 0; i < N; i++) {
    const double x = inputs[0].floats()[i], y = inputs[1].ints()[i], w = inputs[2].floats()[i];
    loss += w * (std::fmax(x, 0) - x * y + std::log1p(std::exp(-std::fabs(x))));
    expect_close(floats(binary.outputs[1])[i], w * (1 / (1 + std::exp(-x)) - y), "gradient of the binary loss");
    squares += (x - w) * (x - w);
  }
  expect_close(floats(binary.outputs[0])[0], loss, "the binary loss");
  expect_refused("UnrollBinaryLogLoss", {}, inputs, 1, integers({N}, 2, 5), 2);
  expect_refused("UnrollBinaryLogLoss", {}, inputs, 1, integers({N + 1}, 0, 2), 2);
  expect_refused("UnrollBinaryLogLoss", {}, inputs, 2, numbers({N + 1}), 2);
  for (int root = 0; root < 2; root++) {
    fake::Attributes attributes;
    attributes.integer["root"] = root;
    const fake::Result result = run("UnrollSquaredError", attributes, {inputs[0], inputs[2]}, 2);
    const double mean = squares / N;
    expect_close(floats(result.outputs[0])[0], root != 0 ? std::sqrt(mean) : mean, "the squared error");
    for (int i = 0; i < N; i++) {
      const double slope = 2 * (static_cast<double>(inputs[0].floats()[i]) - inputs[2].floats()[i]) / N;
      expect_close(floats(result.outputs[1])[i], root != 0 ? slope / (2 * std::sqrt(mean)) : slope, "gradient of the squared error");
    }
    expect_refused("UnrollSquaredError", attributes, {inputs[0], inputs[2]}, 1, numbers({N + 1}), 2);
  }
}

// One layer of a network in a line, as the ops one by one compute it.
struct Network {
  std::vector<int32_t> program;
  Tensors weights;
  int T, B;
  fake::Tensor tokens{TF_INT32, {0}}, series{TF_FLOAT, {0}}, lengths{TF_INT32, {0}}, keys{TF_INT32, {0}};
  bool per_step = true;
  int features = 0;
  bool differentiable = false;
  bool rounded = false;
  // Forwards, each from the value before it; backwards, each from the gradient after it. Gradients of weights by their number.
  std::vector<std::function<fake::Tensor(const fake::Tensor&)>> forward;
  std::vector<std::function<fake::Tensor(const fake::Tensor&, Tensors&)>> backward;

  int weight(const std::vector<int64_t>& shape) {
    weights.push_back(numbers(shape));
    for (size_t i = 0; i < weights.back().data.size() / 4; i++) weights.back().floats()[i] *= 2 / std::sqrt(static_cast<float>(shape.back()));
    return static_cast<int>(weights.size()) - 1;
  }
  void say(int32_t word, const std::vector<int32_t>& rest) {
    program.push_back(word);
    program.push_back(static_cast<int32_t>(rest.size()));
    program.insert(program.end(), rest.begin(), rest.end());
  }
  std::vector<int64_t> shape() const { return per_step ? std::vector<int64_t>{T, B, features} : std::vector<int64_t>{B, features}; }
};

void add_lookup(Network& net) {
  const int V = 2 + below(9), D = 1 + below(20);
  net.tokens = integers({net.T, net.B}, 0, V);
  const int table = net.weight({V, D});
  net.say(1, {table});
  net.features = D;
  net.differentiable = true;
  net.forward.push_back([&net, table, D](const fake::Tensor&) {
    fake::Tensor out(TF_FLOAT, {net.T, net.B, D});
    for (int i = 0; i < net.T * net.B; i++) std::copy_n(net.weights[static_cast<size_t>(table)].floats() + net.tokens.ints()[i] * D, D, out.floats() + i * D);
    return out;
  });
  net.backward.push_back([&net, table, V](const fake::Tensor& d, Tensors& gradients) {
    fake::Attributes attributes;
    attributes.integer["rows"] = V;
    gradients[static_cast<size_t>(table)] = run("UnrollAddRows", attributes, {d, net.tokens}, 1).outputs[0];
    return fake::Tensor(TF_FLOAT, {0});
  });
}

void add_series(Network& net) {
  net.features = 1 + below(9);
  net.series = numbers({net.T, net.B, net.features});
  net.say(2, {});
  net.forward.push_back([&net](const fake::Tensor&) { return net.series; });
  net.backward.push_back([](const fake::Tensor&, Tensors&) { return fake::Tensor(TF_FLOAT, {0}); });
}

void add_dropout(Network& net) {
  const float rate = static_cast<float>(1 + below(8)) / 10;
  const float kept = 1 / (1 - rate);
  const uint32_t threshold = static_cast<uint32_t>(std::ceil(static_cast<double>(rate) * 4294967296.0));
  const int index = static_cast<int>(net.keys.shape[0]);
  std::vector<int32_t> keys(net.keys.ints(), net.keys.ints() + index);
  keys.push_back(static_cast<int32_t>(random_source()));
  net.keys = list(keys);
  int32_t bits, limit;
  std::memcpy(&bits, &kept, 4);
  std::memcpy(&limit, &threshold, 4);
  net.say(3, {index, limit, bits});
  const auto drop = [&net, index, threshold, kept](fake::Tensor values) {
    const uint32_t key = static_cast<uint32_t>(net.keys.ints()[index]);
    for (size_t i = 0; i < values.data.size() / 4; i++) {
      uint32_t z = (static_cast<uint32_t>(i + 1) * 0x9e3779b9u) ^ key;
      z = (z ^ (z >> 16)) * 0x21f0aaadu;
      z = (z ^ (z >> 15)) * 0x735a2d97u;
      values.floats()[i] *= (z ^ (z >> 15)) < threshold ? 0.0f : kept;
    }
    return values;
  };
  net.forward.push_back(drop);
  net.backward.push_back([drop](const fake::Tensor& d, Tensors&) { return d.data.empty() ? d : drop(d); });
}

// The last state of each direction, of `parts` parts from an op's output `first` on, side by side [B, D·P]; and what of a gradient is one direction's.
fake::Tensor side_by_side(fake::Result& result, int first, int parts, int D, int P) {
  if (D == 1) return result.outputs[static_cast<size_t>(first)];
  const int64_t B = result.outputs[static_cast<size_t>(first)].shape[0];
  fake::Tensor all(TF_FLOAT, {B, D * P});
  for (int row = 0; row < B; row++)
    for (int d = 0; d < D; d++) std::copy_n(result.outputs[static_cast<size_t>(first + d * parts)].floats() + row * P, P, all.floats() + (row * D + d) * P);
  return all;
}

fake::Tensor one_side(const fake::Tensor& gradient, int d, int D, int P) {
  const int64_t B = gradient.shape[0];
  fake::Tensor own(TF_FLOAT, {B, P});
  for (int row = 0; row < B; row++) std::copy_n(const_cast<fake::Tensor&>(gradient).floats() + (row * D + d) * P, P, own.floats() + row * P);
  return own;
}

void add_recurrence(Network& net) {
  const auto cell = static_cast<unroll::Cell>(below(unroll::kCells));
  const unroll::CellShape& shape = unroll::shape_of(cell);
  const int I = net.features, H = 1 + below(40), G = shape.gates, D = 1 + below(2), P = shape.projected ? 1 + below(H) : H;
  const bool reverse = D == 1 && below(2) == 0, last = below(3) == 0;
  std::vector<int> weights;
  for (int d = 0; d < D; d++) {
    weights.push_back(net.weight({G * H, I}));
    weights.push_back(net.weight({G * H, P}));
    for (int bias = 0; bias < shape.biases; bias++) weights.push_back(net.weight({G * H}));
    if (shape.projected) weights.push_back(net.weight({P, H}));
    if (shape.peepholes > 0) weights.push_back(net.weight({shape.peepholes * H}));
  }
  const std::string name = shape.name;
  std::vector<int32_t> words{D, reverse, last, static_cast<int32_t>(name.size())};
  words.insert(words.end(), name.begin(), name.end());
  words.insert(words.end(), weights.begin(), weights.end());
  net.say(4, words);
  fake::Attributes attributes;
  attributes.text["cell"] = name;
  const int finals = shape.parts * D;
  attributes.integer = {{"reverse", reverse}, {"rounded", net.rounded}, {"directions", D}, {"weights", static_cast<int>(weights.size())}, {"parts", 0}, {"finals", finals}, {"keep", 1}, {"input_gradient", net.differentiable}};
  auto inputs = std::make_shared<Tensors>();
  auto forward = std::make_shared<fake::Result>();
  net.forward.push_back([=, &net](const fake::Tensor& x) {
    *inputs = {x, net.lengths};
    for (int index : weights) inputs->push_back(net.weights[static_cast<size_t>(index)]);
    *forward = run("UnrollRecurrence", attributes, *inputs, 3 + finals);
    return last ? side_by_side(*forward, 3, shape.parts, D, P) : forward->outputs[0];
  });
  net.backward.push_back([=, &net](const fake::Tensor& d, Tensors& gradients) {
    fake::Attributes back = attributes;
    back.integer["finals"] = last ? finals : 0;
    Tensors given = *inputs;
    for (size_t index : {0, 1, 2}) given.push_back(forward->outputs[index]);
    given.push_back(last ? fake::Tensor(TF_FLOAT, {0}) : d);
    for (int part = 0; last && part < finals; part++)
      given.push_back(part % shape.parts == 0 ? one_side(d, part / shape.parts, D, P) : fake::Tensor(TF_FLOAT, {net.B, H}));
    const fake::Result result = run("UnrollRecurrenceGrad", back, given, 1 + static_cast<int>(weights.size()));
    for (size_t i = 0; i < weights.size(); i++) gradients[static_cast<size_t>(weights[i])] = result.outputs[1 + i];
    return result.outputs[0];
  });
  net.per_step = !last;
  net.features = D * P;
  net.differentiable = true;
}

// A recurrence out of a register program that reads as many features as there are; false where there is none, or where its gradients cannot
// be dealt to weights: each matrix gets the first outer product of its shape, each vector the first sum of its width.
bool add_program(Network& net, const Programs& programs) {
  std::vector<const std::vector<int32_t>*> fitting;
  for (const auto& words : programs)
    if (words[1] == net.features) fitting.push_back(&words);
  if (fitting.empty()) return false;
  const std::vector<int32_t>& words = *fitting[static_cast<size_t>(below(static_cast<int>(fitting.size())))];
  const char* error = nullptr;
  const std::shared_ptr<unroll::ParsedProgram> parsed = unroll::ParsedProgram::parse(words.data(), static_cast<long>(words.size()), error);
  const unroll::program::CellProgram& cell = parsed->cell();
  const int M = cell.matrices.count, V = cell.vectors.count, states = cell.states.count, P = cell.states[0];
  if (cell.backward.outers.count != M || cell.backward.row_sums.count != V) return false;
  std::vector<int> matrix_of, vector_of;
  const auto deal = [](std::vector<int>& dealt, int count, const auto& fits) {
    for (int index = 0; index < count; index++)
      if (std::find(dealt.begin(), dealt.end(), index) == dealt.end() && fits(index)) return dealt.push_back(index), true;
    return false;
  };
  for (const auto& outer : cell.backward.outers)
    if (!deal(matrix_of, M, [&](int m) { return cell.matrices[m].rows == cell.backward.lefts[outer.left] && cell.matrices[m].columns == outer.right.width; })) return false;
  for (const int32_t width : cell.backward.row_sums)
    if (!deal(vector_of, V, [&](int v) { return cell.vectors[v] == width; })) return false;

  const int D = 1 + below(2);
  const bool reverse = D == 1 && below(2) == 0, last = below(3) == 0;
  std::vector<int> matrices;                // of all directions
  std::vector<std::array<int, 2>> vectors;  // the second: -1, or added to the first
  std::vector<int32_t> said{D, reverse, last, static_cast<int32_t>(words.size())};
  said.insert(said.end(), words.begin(), words.end());
  for (int d = 0; d < D; d++) {
    for (const auto& matrix : cell.matrices) said.push_back(matrices.emplace_back(net.weight({matrix.rows, matrix.columns})));
    for (const int32_t width : cell.vectors) {
      const int64_t size = width == 0 ? 1 : width;
      const int one = net.weight({size});
      vectors.push_back({one, below(2) == 0 ? -1 : net.weight({size})});
      said.insert(said.end(), vectors.back().begin(), vectors.back().end());
    }
    for (int index : matrix_of) said.push_back(matrices[static_cast<size_t>(d * M + index)]);
    for (int index : vector_of) said.insert(said.end(), vectors[static_cast<size_t>(d * V + index)].begin(), vectors[static_cast<size_t>(d * V + index)].end());
  }
  net.say(7, said);
  fake::Attributes attributes;
  attributes.integers["program"] = {words.begin(), words.end()};
  const int finals = D * states;
  attributes.integer = {{"reverse", reverse}, {"rounded", net.rounded}, {"directions", D}, {"matrices", D * M}, {"vectors", D * V}, {"parts", 0},
                        {"finals", finals}, {"keep", 1}, {"input_gradient", net.differentiable}, {"outers", D * M}, {"sums", D * V}};
  auto inputs = std::make_shared<Tensors>();
  auto forward = std::make_shared<fake::Result>();
  net.forward.push_back([=, &net](const fake::Tensor& x) {
    *inputs = {x, net.lengths};
    for (int index : matrices) inputs->push_back(net.weights[static_cast<size_t>(index)]);
    for (const auto& [one, other] : vectors) {
      fake::Tensor sum = net.weights[static_cast<size_t>(one)];
      for (size_t i = 0; other >= 0 && i < sum.data.size() / 4; i++) sum.floats()[i] += net.weights[static_cast<size_t>(other)].floats()[i];
      inputs->push_back(sum);
    }
    *forward = run("UnrollProgram", attributes, *inputs, 2 + finals);
    return last ? side_by_side(*forward, 2, states, D, P) : forward->outputs[0];
  });
  net.backward.push_back([=, &net](const fake::Tensor& d, Tensors& gradients) {
    fake::Attributes back = attributes;
    back.integer["finals"] = last ? finals : 0;
    Tensors given = *inputs;
    for (size_t index : {0, 1}) given.push_back(forward->outputs[index]);
    given.push_back(last ? fake::Tensor(TF_FLOAT, {0}) : d);
    for (int part = 0; last && part < finals; part++)
      given.push_back(part % states == 0 ? one_side(d, part / states, D, P) : fake::Tensor(TF_FLOAT, {net.B, parsed->cell().states[part % states]}));
    const fake::Result result = run("UnrollProgramGrad", back, given, 1 + D * (M + V));
    for (int i = 0; i < D * M; i++)
      gradients[static_cast<size_t>(matrices[static_cast<size_t>(i / M * M + matrix_of[static_cast<size_t>(i % M)])])] = result.outputs[static_cast<size_t>(1 + i)];
    for (int i = 0; i < D * V; i++)
      for (int weight : vectors[static_cast<size_t>(i / V * V + vector_of[static_cast<size_t>(i % V)])])
        if (weight >= 0) gradients[static_cast<size_t>(weight)] = result.outputs[static_cast<size_t>(1 + D * M + i)];
    return result.outputs[0];
  });
  net.per_step = !last;
  net.features = D * P;
  net.differentiable = true;
  return true;
}

// Whether the register programs within a changed program of a network are small, if they are any.
bool holds_only_small(const fake::Tensor& program) {
  const int32_t* const words = reinterpret_cast<const int32_t*>(program.data.data());
  const int64_t count = program.shape[0];
  for (int64_t at = 0; at + 2 <= count && words[at + 1] >= 0; at += 2 + int64_t{words[at + 1]}) {
    if (words[at] != 7 || at + 6 > count || words[at + 5] < 0 || words[at + 5] > count - at - 6) continue;
    const char* error = nullptr;
    const auto parsed = unroll::ParsedProgram::parse(words + at + 6, words[at + 5], error);
    if (parsed != nullptr && !is_small(parsed->cell())) return false;
  }
  return true;
}

void add_pool(Network& net) {
  const bool mean = below(2) == 0;
  net.say(5, {mean});
  fake::Attributes attributes;
  attributes.text["pool"] = mean ? "mean" : "max";
  attributes.integer["steps"] = net.T;
  auto at = std::make_shared<fake::Tensor>(TF_FLOAT, std::vector<int64_t>{0});
  const bool differentiable = net.differentiable;
  net.forward.push_back([=, &net](const fake::Tensor& x) {
    const fake::Result result = run("UnrollPool", attributes, {x, net.lengths}, 2);
    *at = result.outputs[1];
    return result.outputs[0];
  });
  net.backward.push_back([=, &net](const fake::Tensor& d, Tensors&) {
    return differentiable ? run("UnrollPoolGrad", attributes, {d, net.lengths, *at}, 1).outputs[0] : fake::Tensor(TF_FLOAT, {0});
  });
  net.per_step = false;
}

void add_linear(Network& net, int outputs) {
  const int weight = net.weight({outputs, net.features}), bias = net.weight({outputs});
  net.say(6, {weight, bias});
  const int features = net.features;
  const bool per_step = net.per_step, differentiable = net.differentiable;
  auto x = std::make_shared<fake::Tensor>(TF_FLOAT, std::vector<int64_t>{0});
  const auto rows = [=, &net] { return per_step ? net.T * net.B : net.B; };
  const auto shaped = [=, &net](fake::Tensor tensor, int width) {
    return reshaped(std::move(tensor), per_step ? std::vector<int64_t>{net.T, net.B, width} : std::vector<int64_t>{net.B, width});
  };
  net.forward.push_back([=, &net](const fake::Tensor& value) {
    *x = reshaped(value, {rows(), features});
    return shaped(run("UnrollLinear", {}, {*x, net.weights[static_cast<size_t>(weight)], net.weights[static_cast<size_t>(bias)]}, 1).outputs[0], outputs);
  });
  net.backward.push_back([=, &net](const fake::Tensor& d, Tensors& gradients) {
    fake::Attributes attributes;
    attributes.integer["input_gradient"] = differentiable;
    const fake::Result result = run("UnrollLinearGrad", attributes, {*x, net.weights[static_cast<size_t>(weight)], reshaped(d, {rows(), outputs})}, 3);
    gradients[static_cast<size_t>(weight)] = result.outputs[1];
    gradients[static_cast<size_t>(bias)] = result.outputs[2];
    return differentiable ? shaped(result.outputs[0], features) : fake::Tensor(TF_FLOAT, {0});
  });
  net.features = outputs;
  net.differentiable = true;
}

void expect_same(const fake::Tensor& found, const fake::Tensor& wanted, const std::string& what) {
  if (found.shape != wanted.shape || found.data != wanted.data) stop(what + " differs between a whole step and its ops one by one");
}

// A whole step gives the bits of its ops one by one; changed programs and inputs are refused, or at least harmless.
void check_step(StepsResult& result, const Programs& programs, bool rounded) {
  Network net;
  net.rounded = rounded;
  const bool large = below(8) == 0;
  net.T = 1 + below(large ? 30 : 7);
  net.B = 1 + below(large ? 40 : 9);
  net.lengths = integers({net.B}, 1, net.T + 1);
  if (below(3) > 0) add_lookup(net);
  else add_series(net);
  if (below(2) == 0) add_dropout(net);
  for (int layers = 1 + below(2); layers > 0 && net.per_step; layers--) {
    if (below(2) == 0 && add_program(net, programs)) result.cells++;
    else add_recurrence(net);
  }
  if (net.per_step && below(2) == 0) add_pool(net);
  if (below(2) == 0) add_linear(net, 1 + below(20));
  if (below(3) == 0) add_dropout(net);
  const char* const losses[] = {"cross-entropy", "binary-log-loss", "mse", "rmse"};
  const int loss = below(4);
  add_linear(net, loss == 1 ? 1 : 1 + below(7));
  const int rows = net.per_step ? net.T * net.B : net.B;
  const bool classes = loss < 2;
  const fake::Tensor targets = classes ? integers({rows}, 0, loss == 1 || net.features == 1 ? (loss == 1 ? 2 : 1) : net.features) : fake::Tensor(TF_INT32, {0});
  const fake::Tensor given = numbers({classes ? rows : rows * net.features});

  // One by one.
  fake::Tensor value(TF_FLOAT, {0});
  for (const auto& layer : net.forward) value = layer(value);
  fake::Attributes root;
  root.integer["root"] = loss == 3;
  const fake::Tensor flat = reshaped(value, {rows * net.features});
  const fake::Result judged = loss == 0   ? run("UnrollCrossEntropy", {}, {reshaped(value, {rows, net.features}), targets, given}, 2)
                              : loss == 1 ? run("UnrollBinaryLogLoss", {}, {flat, targets, given}, 2)
                                          : run("UnrollSquaredError", root, {flat, given}, 2);
  Tensors gradients(net.weights.size(), fake::Tensor(TF_FLOAT, {0}));
  fake::Tensor back = reshaped(judged.outputs[1], value.shape);
  for (auto layer = net.backward.rbegin(); layer != net.backward.rend(); ++layer) back = (*layer)(back, gradients);
  const int N = static_cast<int>(net.weights.size());
  fake::Attributes adam;
  adam.integer["N"] = N;
  fake::Tensor settings = numbers({6 + 2 * N});
  const float first[] = {0.01f, 0.9f, 0.99f, 1e-6f, below(2) == 0 ? 0.0f : 0.3f, below(2) == 0 ? 0.0f : 0.2f};
  std::copy(first, first + 6, settings.floats());
  int64_t total = 0;
  for (const fake::Tensor& weight : net.weights) total += static_cast<int64_t>(weight.data.size() / 4);
  fake::Tensor mean = numbers({total}), square = numbers({total});
  for (int i = 0; i < total; i++) square.floats()[i] = std::fabs(square.floats()[i]);
  Tensors update{settings};
  update.insert(update.end(), net.weights.begin(), net.weights.end());
  update.insert(update.end(), gradients.begin(), gradients.end());
  update.push_back(mean);
  update.push_back(square);
  const fake::Result updated = run("UnrollAdam", adam, update, N + 1);

  // As a whole.
  Tensors inputs{list(net.program), net.tokens, net.series, net.lengths, net.keys};
  inputs.insert(inputs.end(), net.weights.begin(), net.weights.end());
  fake::Attributes attributes;
  attributes.integer["N"] = N;
  if (!rounded) expect_same(run("UnrollForward", attributes, inputs, 1).outputs[0], value, "the output");
  for (const fake::Tensor& tensor : {mean, square, settings, targets, given}) inputs.push_back(tensor);
  attributes.integer["trained"] = N;
  attributes.text["loss"] = losses[loss];
  attributes.integer["rounded"] = rounded;
  const fake::Result whole = run("UnrollStep", attributes, inputs, 1);
  for (int i = 0; i < N; i++) expect_same(whole.inputs[static_cast<size_t>(5 + i)], updated.outputs[static_cast<size_t>(i)], "weight " + std::to_string(i));
  for (size_t i = 0; i < 2; i++) expect_same(whole.inputs[static_cast<size_t>(5 + N) + i], updated.inputs[update.size() - 2 + i], "an average");
  const float* figures = reinterpret_cast<const float*>(whole.outputs[0].data.data());
  if (std::memcmp(figures, judged.outputs[0].data.data(), 4) != 0 || std::memcmp(figures + 2, updated.outputs[static_cast<size_t>(N)].data.data(), 4) != 0) stop("the loss or the norm differs");
  if (classes) {
    fake::Tensor mask(TF_FLOAT, {net.per_step ? rows : 0});
    for (int i = 0; net.per_step && i < rows; i++) mask.floats()[i] = i / net.B < net.lengths.ints()[i % net.B] ? 1 : 0;
    const fake::Result correct = run("UnrollCorrect", {}, {reshaped(value, {rows, net.features}), targets, mask}, 1);
    if (std::memcmp(figures + 1, correct.outputs[0].data.data(), 4) != 0) stop("the correct targets differ");
  }
  result.steps++;

  for (int change = 0; change < 6; change++) {
    Tensors wrong = inputs;
    fake::Tensor& program = wrong[0];
    const int at = below(static_cast<int>(program.shape[0]));
    program.ints()[at] = below(3) == 0 ? static_cast<int32_t>(random_source()) : below(12) - 2;
    if (below(6) == 0) program = list(std::vector<int32_t>(net.program.begin(), net.program.begin() + below(static_cast<int>(net.program.size()))));
    if (!holds_only_small(program)) continue;
    (fake::run("UnrollStep", attributes, wrong, 1).error.empty() ? result.accepted : result.refused)++;
  }
  const auto refused = [&](size_t index, fake::Tensor with) { expect_refused("UnrollStep", attributes, inputs, index, std::move(with), 1); };
  if (net.series.shape.size() == 1) refused(1, integers({net.T, net.B}, 12, 20));
  refused(1, integers({net.T * net.B}, 0, 1));
  refused(3, integers({net.B}, net.T + 1, net.T + 4));
  refused(3, integers({net.B}, -2, 1));
  refused(3, integers({net.B + 1}, 1, net.T + 1));
  if (net.keys.shape[0] > 0) refused(4, fake::Tensor(TF_INT32, {0}));
  const size_t any = static_cast<size_t>(5 + below(N));
  std::vector<int64_t> shape = inputs[any].shape;
  shape.push_back(2);
  refused(any, numbers(shape));
  const size_t after = static_cast<size_t>(5 + N);
  refused(after, numbers({total + 1}));
  refused(after + 1, numbers({total - 1}));
  refused(after + 2, numbers({5 + 2 * N}));
  refused(after + 3, integers({rows + 1}, 0, 1));
  if (classes) refused(after + 3, integers({rows}, 40, 50));
  refused(after + 4, numbers({rows * net.features + rows + 1}));
  for (const char* name : {"N", "trained"}) {
    fake::Attributes other = attributes;
    other.integer[name] = 0;
    if (fake::run("UnrollStep", other, inputs, 1).error.empty()) stop(std::string("took a wrong number of ") + name);
  }
}

}  // namespace

StepsResult fuzz_steps(const char* programs, int rounds, bool rounded) {
  unroll::register_linear();
  unroll::register_pool();
  unroll::register_losses();
  unroll::register_step();
  const Programs all = programs_in(programs);
  StepsResult result{};
  for (int round = 0; round < rounds; round++) {
    check_linear();
    check_pool();
    check_losses();
    check_step(result, all, rounded);
  }
  return result;
}
