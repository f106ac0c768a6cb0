// Random problems through the ops, under the sanitizers: values against a double-precision reference, gradients against its directional
// derivative, and wrong shapes, which must be refused. Prints how much was done; any failure ends it with 1.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "../src/ops.h"
#include "../src/problem.h"
#include "fake_tensorflow.h"
#include "fuzz_programs.h"
#include "fuzz_step.h"
#include "reference.h"

namespace {

std::mt19937 random_source(20);
int below(int limit) { return static_cast<int>(random_source() % static_cast<unsigned>(limit)); }
double normal() { return std::normal_distribution<double>(0, 0.5)(random_source); }

[[noreturn]] void stop(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

// Whether the products' factors are rounded to bfloat16: where `UNROLL_SIMD` names such instructions.
bool bfloat16() {
  const char* wanted = std::getenv("UNROLL_SIMD");
  return wanted != nullptr && unroll::bfloat16_implementation() != nullptr;
}

struct Case {
  fake::Attributes attributes;
  std::vector<fake::Tensor> inputs;
  int hidden;
  int output;  // width of h
  int weights;
  int parts;   // of the initial state that are given
  int finals;  // of the final state
};

fake::Tensor random_tensor(const std::vector<int64_t>& shape) {
  fake::Tensor tensor(TF_FLOAT, shape);
  for (size_t i = 0; i < tensor.data.size() / 4; i++) tensor.floats()[i] = static_cast<float>(normal());
  return tensor;
}

// `wider`: by how much h is wider than c, which is refused.
Case random_case(unroll::Cell cell, int wider = 0) {
  const unroll::CellShape& shape = unroll::shape_of(cell);
  // Few rows have a way of their own, which takes 64 steps at a time, and several threads only where the state is wide.
  const bool few = below(3) == 0;
  const int T = few && below(2) == 0 ? 60 + below(12) : 1 + below(7), B = 1 + below(few ? 4 : 20), I = 1 + below(40), D = 1 + below(2), G = shape.gates;
  const int H = few && below(2) == 0 ? 120 + below(30) : 1 + below(70);
  // Sometimes as wide as c, or as narrow as can be.
  const int P = wider > 0 ? H + wider : !shape.projected || below(6) == 0 ? H : below(6) == 0 ? 1 : 1 + below(H);
  Case made;
  made.hidden = H;
  made.output = P;
  made.weights = shape.weights() * D;
  made.finals = shape.parts * D;
  made.parts = below(4) == 0 ? 0 : made.finals;
  made.attributes.text["cell"] = shape.name;
  made.attributes.integer = {{"reverse", below(2)}, {"rounded", bfloat16()}, {"directions", D}, {"weights", made.weights}, {"parts", made.parts}, {"finals", made.finals}, {"keep", 1}, {"input_gradient", below(4) > 0}};
  made.inputs.push_back(random_tensor({T, B, I}));
  fake::Tensor lengths(TF_INT32, {B});
  for (int b = 0; b < B; b++) lengths.ints()[b] = below(4) == 0 ? T : below(T + 1);
  made.inputs.push_back(lengths);
  for (int d = 0; d < D; d++) {
    made.inputs.push_back(random_tensor({G * H, I}));
    made.inputs.push_back(random_tensor({G * H, P}));
    for (int bias = 0; bias < shape.biases; bias++) made.inputs.push_back(random_tensor({G * H}));
    if (shape.projected) made.inputs.push_back(random_tensor({P, H}));
    if (shape.peepholes > 0) made.inputs.push_back(random_tensor({shape.peepholes * H}));
  }
  for (int part = 0; part < made.parts; part++) made.inputs.push_back(random_tensor({B, part % shape.parts == 0 ? P : H}));
  // Wide sums would drown the comparison in rounding.
  for (size_t index = 2; index < 2 + static_cast<size_t>(made.weights); index++)
    for (size_t i = 0; i < made.inputs[index].data.size() / 4; i++) made.inputs[index].floats()[i] *= 2 / std::sqrt(static_cast<float>(I + H));
  return made;
}

reference::Numbers numbers(const fake::Tensor& tensor) {
  const float* data = reinterpret_cast<const float*>(tensor.data.data());
  return {data, data + tensor.data.size() / 4};
}

reference::Problem reference_of(const Case& made) {
  reference::Problem p;
  const auto& x = made.inputs[0].shape;
  p.cell = made.attributes.text.at("cell");
  p.steps = static_cast<int>(x[0]);
  p.rows = static_cast<int>(x[1]);
  p.input = static_cast<int>(x[2]);
  p.hidden = made.hidden;
  p.output = made.output;
  p.directions = static_cast<int>(made.attributes.integer.at("directions"));
  p.reverse = made.attributes.integer.at("reverse") != 0;
  const int32_t* lengths = reinterpret_cast<const int32_t*>(made.inputs[1].data.data());
  p.lengths.assign(lengths, lengths + p.rows);
  p.x = numbers(made.inputs[0]);
  for (int index = 0; index < made.weights; index++) p.weights.push_back(numbers(made.inputs[static_cast<size_t>(2 + index)]));
  for (int index = 0; index < made.parts; index++) p.initial.push_back(numbers(made.inputs[static_cast<size_t>(2 + made.weights + index)]));
  for (int index = 0; made.parts == 0 && index < made.finals; index++)
    p.initial.emplace_back(static_cast<size_t>(p.rows * (index % (made.finals / p.directions) == 0 ? p.output : p.hidden)));
  return p;
}

double dot(const reference::Numbers& a, const reference::Numbers& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); i++) sum += a[i] * b[i];
  return sum;
}

void expect_close(const char* what, const Case& made, double found, double expected, double tolerance) {
  if (std::fabs(found - expected) <= tolerance * (1 + std::fabs(expected))) return;
  const auto& x = made.inputs[0].shape;
  stop(made.attributes.text.at("cell") + ": " + what + " is " + std::to_string(found) + ", not " + std::to_string(expected) + ", at T=" + std::to_string(x[0]) +
       " B=" + std::to_string(x[1]) + " I=" + std::to_string(x[2]) + " H=" + std::to_string(made.hidden) + " P=" + std::to_string(made.output));
}

void check_numbers(Case made) {
  const fake::Result forward = fake::run("UnrollRecurrence", made.attributes, made.inputs, 3 + made.finals);
  if (!forward.error.empty()) stop("refused: " + forward.error);
  const reference::Problem problem = reference_of(made);
  const reference::State expected = reference::run(problem);
  const reference::Numbers sequence = numbers(forward.outputs[0]);
  reference::Numbers final;
  for (int part = 0; part < made.finals; part++)
    for (double number : numbers(forward.outputs[static_cast<size_t>(3 + part)])) final.push_back(number);
  // A state without bounds grows, and its rounding with it.
  double largest = 0;
  if (problem.cell == "rnn-identity" || problem.cell == "rnn-relu")
    for (double number : expected.sequence) largest = std::fmax(largest, std::fabs(number));
  // Each step's sums are of at most 1.5 where weights are as large as here, and rounding changes both factors of their products by 2^-8.
  const double tolerance_of_state = (bfloat16() ? std::ldexp(1.5, -7) * problem.steps : 2e-5) * (1 + largest);
  for (size_t i = 0; i < sequence.size(); i++) expect_close("h", made, sequence[i], expected.sequence[i], tolerance_of_state);
  if (final.size() != expected.final.size()) stop("the final state has another size");
  for (size_t i = 0; i < final.size(); i++) expect_close("the final state", made, final[i], expected.final[i], tolerance_of_state);

  Case unkept = made;
  unkept.attributes.integer["keep"] = 0;
  const fake::Result alone = fake::run("UnrollRecurrence", unkept.attributes, unkept.inputs, 3 + made.finals);
  if (alone.outputs[0].data != forward.outputs[0].data || alone.outputs[3].data != forward.outputs[3].data) stop("without keeping, the values differ");

  std::vector<fake::Tensor> inputs = made.inputs;
  for (size_t index : {0, 1, 2}) inputs.push_back(forward.outputs[index]);
  const int given = below(3);  // gradients of the sequence, of the final state, or both
  const fake::Tensor d_sequence = given == 1 ? fake::Tensor(TF_FLOAT, {0}) : random_tensor(forward.outputs[0].shape);
  inputs.push_back(d_sequence);
  reference::Numbers d_final;
  made.attributes.integer["finals"] = given == 0 ? 0 : made.finals;
  for (int part = 0; given != 0 && part < made.finals; part++) {
    inputs.push_back(random_tensor(forward.outputs[static_cast<size_t>(3 + part)].shape));
    for (double number : numbers(inputs.back())) d_final.push_back(number);
  }
  const fake::Result backward = fake::run("UnrollRecurrenceGrad", made.attributes, inputs, 1 + made.weights + made.parts);
  if (!backward.error.empty()) stop("refused: " + backward.error);

  // A random direction in the space of all arguments.
  const double step = 1e-5;
  reference::Problem plus = problem, minus = problem;
  double found = 0, scale = 0;
  const auto move = [&](reference::Numbers& up, reference::Numbers& down, const fake::Tensor& gradient) {
    if (gradient.data.size() != up.size() * 4) stop("a gradient has another size than its argument");
    const reference::Numbers g = numbers(gradient);
    for (size_t i = 0; i < up.size(); i++) {
      const double direction = normal();
      up[i] += step * direction;
      down[i] -= step * direction;
      found += g[i] * direction;
      scale += std::fabs(g[i] * direction);
    }
  };
  if (made.attributes.integer["input_gradient"] != 0) move(plus.x, minus.x, backward.outputs[0]);
  for (int index = 0; index < made.weights; index++)
    move(plus.weights[static_cast<size_t>(index)], minus.weights[static_cast<size_t>(index)], backward.outputs[static_cast<size_t>(1 + index)]);
  for (int index = 0; index < made.parts; index++)
    move(plus.initial[static_cast<size_t>(index)], minus.initial[static_cast<size_t>(index)], backward.outputs[static_cast<size_t>(1 + made.weights + index)]);
  const auto loss = [&](const reference::Problem& at) {
    const reference::State state = reference::run(at);
    return (given == 1 ? 0 : dot(state.sequence, numbers(d_sequence))) + (given == 0 ? 0 : dot(state.final, d_final));
  };
  const double derivative = (loss(plus) - loss(minus)) / (2 * step);
  // relu has no derivative at a kink, which a step may cross.
  // In bfloat16 each step multiplies once more by factors that are rounded, on the way forwards and on the way back.
  const double tolerance = bfloat16() ? std::ldexp(1.0, -7) * (1 + std::sqrt(problem.steps)) : made.attributes.text["cell"] == "rnn-relu" ? 1e-3 : 3e-6;
  if (std::fabs(found - derivative) > tolerance * (1 + scale)) expect_close("the gradient along a direction", made, found, derivative, 0);
}

// One input with another shape, or a length out of range: an error, and nothing read or written outside.
void check_refused(unroll::Cell cell) {
  const Case made = random_case(cell);
  const fake::Result forward = fake::run("UnrollRecurrence", made.attributes, made.inputs, 3 + made.finals);
  for (const char* op : {"UnrollRecurrence", "UnrollRecurrenceGrad"}) {
    std::vector<fake::Tensor> inputs = made.inputs;
    int outputs = 3 + made.finals;
    if (op == std::string("UnrollRecurrenceGrad")) {
      for (size_t index : {0, 1, 2}) inputs.push_back(forward.outputs[index]);
      inputs.push_back(random_tensor(forward.outputs[0].shape));
      for (int part = 0; part < made.finals; part++) inputs.push_back(random_tensor(forward.outputs[static_cast<size_t>(3 + part)].shape));
      outputs = 1 + made.weights + made.parts;
    }
    fake::Tensor& wrong = inputs[static_cast<size_t>(below(static_cast<int>(inputs.size())))];
    if (wrong.type == TF_INT32 && below(2) == 0) {
      wrong.ints()[below(static_cast<int>(wrong.shape[0]))] = below(2) == 0 ? -1 - below(1000) : static_cast<int32_t>(made.inputs[0].shape[0]) + 1 + below(1000);
    } else {
      std::vector<int64_t> shape = wrong.shape;
      if (below(3) == 0) shape.push_back(1 + below(2));
      else if (below(3) == 0 && !shape.empty()) shape.pop_back();
      else if (&wrong == &inputs[0]) shape[static_cast<size_t>(1 + below(2))] += 1;  // more steps than the lengths need are not wrong
      else if (!shape.empty()) shape[static_cast<size_t>(below(static_cast<int>(shape.size())))] += 1 + below(3);
      if (wrong.type == TF_INT32) wrong = fake::Tensor(TF_INT32, shape);
      else wrong = random_tensor(shape);
    }
    if (fake::run(op, made.attributes, inputs, outputs).error.empty()) stop(std::string(op) + " took a wrong shape");
  }
  if (unroll::shape_of(cell).projected) {
    const Case wide = random_case(cell, 1 + below(20));
    if (fake::run("UnrollRecurrence", wide.attributes, wide.inputs, 3 + wide.finals).error.empty()) stop("took an h wider than c");
  }
  for (const char* name : {"directions", "weights", "parts", "finals"}) {
    Case other = made;
    other.attributes.integer[name] += 1 + below(3);
    if (fake::run("UnrollRecurrence", other.attributes, other.inputs, 3 + made.finals).error.empty()) stop(std::string("took a wrong number of ") + name);
  }
}

void expect_close(float found, double wanted, const char* what) {
  if (!(std::fabs(found - wanted) <= 1e-5 * std::fmax(1, std::fabs(wanted)))) stop(std::string(what) + ": " + std::to_string(found) + " instead of " + std::to_string(wanted));
}

void expect_refused(const char* op, const fake::Attributes& attributes, std::vector<fake::Tensor> inputs, size_t wrong, fake::Tensor with, int outputs) {
  inputs[wrong] = std::move(with);
  if (fake::run(op, attributes, inputs, outputs).error.empty()) stop(std::string(op) + " took a wrong input " + std::to_string(wrong));
}

fake::Tensor random_ids(int count, int limit) {
  fake::Tensor ids(TF_INT32, {count});
  for (int i = 0; i < count; i++) ids.ints()[i] = below(limit);
  return ids;
}

fake::Tensor one_wrong(fake::Tensor ids, int limit) {
  ids.ints()[below(static_cast<int>(ids.shape[0]))] = below(2) == 0 ? -1 - below(9) : limit + below(9);
  return ids;
}

void check_add_rows() {
  const int N = 1 + below(40), D = 1 + below(33), V = 1 + below(12);
  fake::Attributes attributes;
  attributes.integer["rows"] = V;
  std::vector<fake::Tensor> inputs = {random_tensor({N, D}), random_ids(N, V)};
  fake::Result result = fake::run("UnrollAddRows", attributes, inputs, 1);
  if (!result.error.empty()) stop(result.error);
  std::vector<double> sums(static_cast<size_t>(V * D));
  for (int i = 0; i < N; i++) {
    const int id = inputs[1].ints()[i];
    for (int d = 0; d < D && id > 0; d++) sums[static_cast<size_t>(id * D + d)] += inputs[0].floats()[i * D + d];
  }
  for (int at = 0; at < V * D; at++) expect_close(result.outputs[0].floats()[at], sums[static_cast<size_t>(at)], "rows");
  expect_refused("UnrollAddRows", attributes, inputs, 0, random_tensor({N + 1, D}), 1);
  expect_refused("UnrollAddRows", attributes, inputs, 0, random_tensor({N * D}), 1);
  expect_refused("UnrollAddRows", attributes, inputs, 1, random_ids(N + 1, V), 1);
  expect_refused("UnrollAddRows", attributes, inputs, 1, one_wrong(inputs[1], V), 1);
}

void check_cross_entropy() {
  const int N = 1 + below(50), C = 1 + below(60);
  std::vector<fake::Tensor> inputs = {random_tensor({N, C}), random_ids(N, C), random_tensor({N})};
  for (int i = 0; i < N; i++) inputs[2].floats()[i] = below(3) == 0 ? 0 : std::fabs(inputs[2].floats()[i]);
  for (int i = 0; i < N * C; i++) inputs[0].floats()[i] *= 20;
  fake::Result result = fake::run("UnrollCrossEntropy", {}, inputs, 2);
  if (!result.error.empty()) stop(result.error);
  double loss = 0;
  for (int i = 0; i < N; i++) {
    const float* x = inputs[0].floats() + i * C;
    const double weight = inputs[2].floats()[i];
    double sum = 0, largest = x[0];
    for (int c = 0; c < C; c++) largest = std::fmax(largest, x[c]);
    for (int c = 0; c < C; c++) sum += std::exp(x[c] - largest);
    const int target = inputs[1].ints()[i];
    loss -= weight * (x[target] - largest - std::log(sum));
    for (int c = 0; c < C; c++)
      expect_close(result.outputs[1].floats()[i * C + c], weight * (std::exp(x[c] - largest) / sum - (c == target ? 1 : 0)), "gradient of the logits");
  }
  expect_close(result.outputs[0].floats()[0], loss, "cross entropy");
  expect_refused("UnrollCrossEntropy", {}, inputs, 0, random_tensor({N, C, 1}), 2);
  expect_refused("UnrollCrossEntropy", {}, inputs, 1, random_ids(N + 1, C), 2);
  expect_refused("UnrollCrossEntropy", {}, inputs, 1, one_wrong(inputs[1], C), 2);
  expect_refused("UnrollCrossEntropy", {}, inputs, 2, random_tensor({N, 1}), 2);
}

void check_correct() {
  const int N = 1 + below(50), C = 1 + below(9);
  std::vector<fake::Tensor> inputs = {random_tensor({N, C}), random_ids(N, C == 1 ? 2 : C), fake::Tensor(TF_FLOAT, {0})};
  if (below(2) == 0) {
    inputs[2] = random_tensor({N});
    for (int i = 0; i < N; i++) inputs[2].floats()[i] = static_cast<float>(below(2));
  }
  fake::Result result = fake::run("UnrollCorrect", {}, inputs, 1);
  if (!result.error.empty()) stop(result.error);
  int correct = 0;
  for (int i = 0; i < N; i++) {
    const float* x = inputs[0].floats() + i * C;
    const int best = C == 1 ? (x[0] > 0 ? 1 : 0) : static_cast<int>(std::max_element(x, x + C) - x);
    correct += best == inputs[1].ints()[i] && (inputs[2].shape[0] == 0 || inputs[2].floats()[i] != 0) ? 1 : 0;
  }
  expect_close(result.outputs[0].floats()[0], correct, "correct targets");
  expect_refused("UnrollCorrect", {}, inputs, 0, random_tensor({N, C, 1}), 1);
  expect_refused("UnrollCorrect", {}, inputs, 1, random_ids(N + 1, C), 1);
  expect_refused("UnrollCorrect", {}, inputs, 2, random_tensor({N + 1}), 1);
}

// Within the rounding of both factors by 2^-8 each, and of the sum.
void check_rounded_product() {
  const bool turn_a = below(2) == 0, turn_b = below(2) == 0;
  const auto size = [] { return below(4) == 0 ? 1 + below(700) : 1 + below(120); };
  const int M = size(), K = size(), N = size();
  fake::Attributes attributes;
  attributes.integer = {{"transpose_a", turn_a}, {"transpose_b", turn_b}};
  const std::vector<fake::Tensor> inputs = {turn_a ? random_tensor({K, M}) : random_tensor({M, K}), turn_b ? random_tensor({N, K}) : random_tensor({K, N})};
  fake::Result result = fake::run("UnrollRoundedProduct", attributes, inputs, 1);
  if (!bfloat16()) {
    if (result.error.empty()) stop("made a product in bfloat16 without instructions for it");
    return;
  }
  if (!result.error.empty()) stop(result.error);
  const reference::Numbers a = numbers(inputs[0]), b = numbers(inputs[1]);
  for (int i = 0; i < M; i++)
    for (int j = 0; j < N; j++) {
      double sum = 0, all = 0;
      for (int k = 0; k < K; k++) {
        const double term = a[turn_a ? k * M + i : i * K + k] * b[turn_b ? j * K + k : k * N + j];
        sum += term;
        all += std::fabs(term);
      }
      if (!(std::fabs(result.outputs[0].floats()[i * N + j] - sum) <= std::ldexp(1.01, -7) * all)) stop("a product in bfloat16 is off: " + std::to_string(M) + " " + std::to_string(K) + " " + std::to_string(N));
    }
  expect_refused("UnrollRoundedProduct", attributes, inputs, 0, random_tensor(turn_a ? std::vector<int64_t>{K + 1, M} : std::vector<int64_t>{M, K + 1}), 1);
  expect_refused("UnrollRoundedProduct", attributes, inputs, 1, random_tensor({K * N}), 1);
}

void check_adam() {
  const int N = 1 + below(4);
  fake::Attributes attributes;
  attributes.integer["N"] = N;
  std::vector<fake::Tensor> weights, gradients;
  int total = 0;
  for (int i = 0; i < N; i++) {
    const int rows = 1 + below(6), columns = 1 + below(6000);
    weights.push_back(random_tensor({rows, columns}));
    gradients.push_back(random_tensor({rows, columns}));
    total += rows * columns;
  }
  fake::Tensor settings = random_tensor({6 + 2 * N});
  const float numbers[] = {0.01f, 0.9f, 0.99f, 1e-6f, below(2) == 0 ? 0.0f : 0.3f, below(2) == 0 ? 0.0f : 0.2f};
  std::copy(numbers, numbers + 6, settings.floats());
  const float* decay = settings.floats() + 6;
  const float* shrink = decay + N;
  std::vector<fake::Tensor> inputs = {settings};
  inputs.insert(inputs.end(), weights.begin(), weights.end());
  inputs.insert(inputs.end(), gradients.begin(), gradients.end());
  fake::Tensor mean = random_tensor({total}), square = random_tensor({total});
  for (int i = 0; i < total; i++) square.floats()[i] = std::fabs(square.floats()[i]);
  inputs.push_back(mean);
  inputs.push_back(square);
  fake::Result result = fake::run("UnrollAdam", attributes, inputs, N + 1);
  if (!result.error.empty()) stop(result.error);
  const auto clipped = [&](float g) { return numbers[5] > 0 ? std::fmin(std::fmax(g, -numbers[5]), numbers[5]) : g; };
  double squares = 0;
  for (fake::Tensor& gradient : gradients)
    for (size_t i = 0; i < gradient.data.size() / 4; i++) squares += std::pow(static_cast<double>(clipped(gradient.floats()[i])), 2);
  const double norm = std::sqrt(squares);
  expect_close(result.outputs[static_cast<size_t>(N)].floats()[0], norm, "norm");
  const double factor = numbers[4] > 0 ? std::fmin(numbers[4] / (norm + 1e-6), 1) : 1;
  int offset = 0;
  for (int i = 0; i < N; i++) {
    const int size = static_cast<int>(weights[static_cast<size_t>(i)].data.size() / 4);
    for (int k = 0; k < size; k++) {
      const double w = weights[static_cast<size_t>(i)].floats()[k];
      const double g = clipped(gradients[static_cast<size_t>(i)].floats()[k]) * factor + decay[i] * w;
      const double m = numbers[1] * mean.floats()[offset + k] + (1 - numbers[1]) * g;
      const double v = numbers[2] * square.floats()[offset + k] + (1 - numbers[2]) * g * g;
      expect_close(result.outputs[static_cast<size_t>(i)].floats()[k], shrink[i] * w - numbers[0] * m / (std::sqrt(v) + numbers[3]), "weight");
      expect_close(result.inputs[inputs.size() - 2].floats()[offset + k], m, "mean");
      expect_close(result.inputs[inputs.size() - 1].floats()[offset + k], v, "square");
    }
    offset += size;
  }
  const size_t first_gradient = 1 + static_cast<size_t>(N);
  expect_refused("UnrollAdam", attributes, inputs, 0, random_tensor({7 + 2 * N}), N + 1);
  expect_refused("UnrollAdam", attributes, inputs, first_gradient, random_tensor({1 + below(3)}), N + 1);
  expect_refused("UnrollAdam", attributes, inputs, inputs.size() - 2, random_tensor({total - 1}), N + 1);
  expect_refused("UnrollAdam", attributes, inputs, inputs.size() - 1, random_tensor({total + 1}), N + 1);
}

}  // namespace

// Rounds, a file of register programs, and how often each of them is changed.
int main(int count, char** arguments) {
  if (count != 4) stop("fuzz ROUNDS PROGRAMS CHANGES");
  unroll::register_recurrence();
  unroll::register_adam();
  unroll::register_rows();
  unroll::register_cross_entropy();
  unroll::register_correct();
  unroll::register_product();
  const int rounds = std::atoi(arguments[1]);
  for (int round = 0; round < rounds; round++) {
    check_add_rows();
    check_cross_entropy();
    check_correct();
    check_rounded_product();
    check_adam();
    for (int cell = 0; cell < unroll::kCells; cell++) {
      check_numbers(random_case(static_cast<unroll::Cell>(cell)));
      check_refused(static_cast<unroll::Cell>(cell));
    }
  }
  double tanh_error = 0, sigmoid_error = 0;
  constexpr int kCount = 16000;
  std::vector<float> x(kCount), y(kCount);
  for (int band = -24; band < 5; band++) {
    for (int i = 0; i < kCount; i++) x[static_cast<size_t>(i)] = static_cast<float>(std::ldexp(1 + i / static_cast<double>(kCount), band) * (i % 2 == 0 ? 1 : -1));
    unroll::implementation().tanh(x.data(), y.data(), kCount);
    for (size_t i = 0; i < kCount; i++) tanh_error = std::fmax(tanh_error, std::fabs(y[i] - std::tanh(static_cast<double>(x[i]))));
    unroll::implementation().sigmoid(x.data(), y.data(), kCount);
    for (size_t i = 0; i < kCount; i++) sigmoid_error = std::fmax(sigmoid_error, std::fabs(y[i] - reference::sigma(x[i])));
  }
  const ProgramsResult programs = fuzz_programs(arguments[2], std::atoi(arguments[3]), bfloat16());
  const StepsResult steps = fuzz_steps(arguments[2], 3 * rounds, bfloat16());
  std::printf("{\"steps\":%d,\"stepsAccepted\":%d,\"stepsRefused\":%d,\"stepsCells\":%d,", steps.steps, steps.accepted, steps.refused, steps.cells);
  std::printf("\"instructions\":\"%s\",\"problems\":%d,\"tanhError\":%.3g,\"sigmoidError\":%.3g,\"programs\":%d,\"refused\":%d,\"accepted\":%d,"
              "\"functionsError\":%.3g,\"sums\":[%s]}\n",
              (bfloat16() ? *unroll::bfloat16_implementation() : unroll::implementation()).name, rounds * unroll::kCells, tanh_error, sigmoid_error, programs.programs, programs.refused, programs.accepted,
              programs.largest_error, programs.sums.c_str());
  return 0;
}
