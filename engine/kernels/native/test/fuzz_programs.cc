#include "fuzz_programs.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <vector>

#include "../src/ops.h"
#include "../src/program_parser.h"
#include "fake_tensorflow.h"

namespace {

std::mt19937 random_source(7);
bool in_bfloat16 = false;
int below(int limit) { return static_cast<int>(random_source() % static_cast<unsigned>(limit)); }

[[noreturn]] void stop(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

fake::Tensor random_tensor(const std::vector<int64_t>& shape, double scale = 0.5) {
  fake::Tensor tensor(TF_FLOAT, shape);
  for (size_t i = 0; i < tensor.data.size() / 4; i++) tensor.floats()[i] = static_cast<float>(scale * std::normal_distribution<double>(0, 1)(random_source));
  return tensor;
}

double sum_of(const std::vector<fake::Tensor>& tensors) {
  double sum = 0;
  for (const fake::Tensor& tensor : tensors)
    for (size_t i = 0; i < tensor.data.size() / 4; i++) sum += std::fabs(reinterpret_cast<const float*>(tensor.data.data())[i]);
  return sum;
}

struct Batch {
  fake::Attributes attributes;
  std::vector<fake::Tensor> inputs;
  int finals;
};

Batch random_batch(const std::vector<int32_t>& words, const unroll::program::CellProgram& cell, bool small) {
  const int T = 1 + below(5), B = 1 + below(small ? 5 : 70), D = 1 + below(2), states = cell.states.count;
  Batch made;
  made.finals = D * states;
  const int parts = below(4) == 0 ? 0 : made.finals;
  made.attributes.integers["program"] = {words.begin(), words.end()};
  made.attributes.integer = {{"reverse", below(2)}, {"rounded", in_bfloat16}, {"directions", D}, {"matrices", D * cell.matrices.count}, {"vectors", D * cell.vectors.count}, {"parts", parts},
                             {"finals", made.finals}, {"keep", 1}, {"input_gradient", below(4) > 0}, {"outers", D * cell.backward.outers.count}, {"sums", D * cell.backward.row_sums.count}};
  made.inputs.push_back(random_tensor({T, B, cell.inputs}));
  fake::Tensor lengths(TF_INT32, {B});
  for (int b = 0; b < B; b++) lengths.ints()[b] = below(4) == 0 ? T : below(T + 1);
  made.inputs.push_back(lengths);
  for (int d = 0; d < D; d++)
    for (const auto& matrix : cell.matrices) made.inputs.push_back(random_tensor({matrix.rows, matrix.columns}, 0.5 / std::sqrt(matrix.columns)));
  for (int d = 0; d < D; d++)
    for (const int32_t width : cell.vectors) made.inputs.push_back(random_tensor({width == 0 ? 1 : width}));
  for (int part = 0; part < parts; part++) made.inputs.push_back(random_tensor({B, cell.states[part % states]}));
  return made;
}

// Forwards and back; the sum of all results.
double run(Batch batch) {
  const auto& integer = batch.attributes.integer;
  const fake::Result forward = fake::run("UnrollProgram", batch.attributes, batch.inputs, 2 + batch.finals);
  if (!forward.error.empty()) stop("refused: " + forward.error);
  Batch unkept = batch;
  unkept.attributes.integer["keep"] = 0;
  const fake::Result alone = fake::run("UnrollProgram", unkept.attributes, unkept.inputs, 2 + batch.finals);
  if (alone.outputs[0].data != forward.outputs[0].data) stop("without keeping, the values differ");
  std::vector<fake::Tensor> inputs = batch.inputs;
  inputs.push_back(forward.outputs[0]);
  inputs.push_back(forward.outputs[1]);
  const int given = below(3);  // gradients of the sequence, of the final state, or both
  inputs.push_back(given == 1 ? fake::Tensor(TF_FLOAT, {0}) : random_tensor(forward.outputs[0].shape));
  batch.attributes.integer["finals"] = given == 0 ? 0 : batch.finals;
  for (int part = 0; given != 0 && part < batch.finals; part++) inputs.push_back(random_tensor(forward.outputs[static_cast<size_t>(2 + part)].shape));
  const int outputs = static_cast<int>(1 + integer.at("outers") + integer.at("sums") + integer.at("parts"));
  const fake::Result backward = fake::run("UnrollProgramGrad", batch.attributes, inputs, outputs);
  if (!backward.error.empty()) stop("refused: " + backward.error);
  // One input of another size.
  fake::Tensor& wrong = inputs[static_cast<size_t>(below(static_cast<int>(inputs.size())))];
  std::vector<int64_t> shape = wrong.shape;
  shape.back() += 1 + below(3);
  wrong = fake::Tensor(wrong.type, shape);
  if (fake::run("UnrollProgramGrad", batch.attributes, inputs, outputs).error.empty()) stop("took a wrong shape");
  std::vector<fake::Tensor> results = backward.outputs;
  results.push_back(forward.outputs[0]);
  for (int part = 0; part < batch.finals; part++) results.push_back(forward.outputs[static_cast<size_t>(2 + part)]);
  return sum_of(results);
}

std::vector<int32_t> changed(std::vector<int32_t> words) {
  static const int32_t edges[] = {0, 1, -1, 2, 3, 16, 255, 1 << 16, (1 << 16) + 1, 5 << 16, 9 << 16, 10 << 16, 12 << 16, 14 << 16, 16 << 16, INT32_MAX, INT32_MIN};
  for (int count = 1 + below(3); count > 0 && !words.empty(); count--) {
    const size_t at = static_cast<size_t>(below(static_cast<int>(words.size())));
    switch (below(7)) {
      case 0: words[at] = edges[below(sizeof edges / sizeof *edges)]; break;
      case 1: words[at] += below(2) == 0 ? 1 : -1; break;
      case 2: words[at] ^= 1 << below(31); break;
      case 3: words[at] = words[static_cast<size_t>(below(static_cast<int>(words.size())))]; break;
      case 4: words.erase(words.begin() + static_cast<long>(at)); break;
      case 5: words.insert(words.begin() + static_cast<long>(at), below(70000)); break;
      case 6: words.resize(at); break;
    }
  }
  return words;
}

double error_of_functions() {
  using namespace unroll::program;
  double largest = 0;
  constexpr int kCount = 16000;
  std::vector<float> x(kCount), y(kCount);
  const auto check = [&](int operation, double (*exact)(double), double from, double to) {
    for (int i = 0; i < kCount; i++) x[static_cast<size_t>(i)] = static_cast<float>(from + (to - from) * i / kCount);
    unroll::implementation().program->apply(operation, x.data(), y.data(), kCount);
    for (size_t i = 0; i < kCount; i++) {
      const double wanted = exact(x[i]);
      largest = std::fmax(largest, std::fabs(y[i] - wanted) / std::fmax(1e-30, std::fabs(wanted)));
    }
  };
  check(kExp, [](double v) { return std::exp(v); }, -80, 88);
  check(kLog, [](double v) { return std::log(v); }, 1.01, 1e6);
  check(kLog, [](double v) { return std::log(v); }, 1e-30, 0.99);
  check(kSqrt, [](double v) { return std::sqrt(v); }, 0, 100);
  check(kSoftplus, [](double v) { return std::log1p(std::exp(v)); }, -20, 30);
  const float edges[16] = {0.0f, -0.0f, -1.0f, INFINITY, NAN, 1e-42f, -INFINITY, 100.0f, -200.0f};
  float found[16];
  unroll::implementation().program->apply(kLog, edges, found, 16);
  if (found[0] != -INFINITY || !std::isnan(found[2]) || found[3] != INFINITY || !std::isnan(found[4]) || std::fabs(found[5] + 96.71) > 0.01) stop("log of an edge");
  unroll::implementation().program->apply(kExp, edges, found, 16);
  if (found[0] != 1 || found[3] != INFINITY || !std::isnan(found[4]) || found[6] != 0 || found[7] != INFINITY || found[8] != 0) stop("exp of an edge");
  for (const int operation : {kRelu, kAbs, kSigmoid, kTanh, kSoftplus, kSqrt}) {
    unroll::implementation().program->apply(operation, edges, found, 16);
    if (!std::isnan(found[4])) stop("NaN is lost by operation " + std::to_string(operation));
  }
  return largest;
}

}  // namespace

bool is_small(const unroll::program::CellProgram& cell) {
  long numbers = cell.inputs + cell.saved_size();
  for (const auto& matrix : cell.matrices) numbers += static_cast<long>(matrix.rows) * matrix.columns;
  for (const auto* step : {&cell.forward, &cell.backward})
    for (const auto& widths : {step->buffers, step->lefts, step->rights, step->row_sums})
      for (const int32_t width : widths) numbers += width;
  for (const int32_t width : cell.states) numbers += width;
  return numbers < 200000;
}

std::vector<std::vector<int32_t>> programs_in(const char* file) {
  std::vector<std::vector<int32_t>> programs;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream numbers(line);
    programs.emplace_back();
    for (int32_t word; numbers >> word;) programs.back().push_back(word);
  }
  return programs;
}

ProgramsResult fuzz_programs(const char* file, int changed_for_each, bool bfloat16) {
  in_bfloat16 = bfloat16;
  unroll::register_program();
  ProgramsResult result;
  result.largest_error = error_of_functions();
  for (const std::vector<int32_t>& words : programs_in(file)) {
    const char* error = nullptr;
    const auto program = unroll::ParsedProgram::parse(words.data(), static_cast<long>(words.size()), error);
    if (program == nullptr) stop(std::string("a program was refused: ") + error);
    random_source.seed(static_cast<unsigned>(words.size()));
    char text[32];
    std::snprintf(text, sizeof text, "%s%.6g", result.programs == 0 ? "" : ",", run(random_batch(words, program->cell(), false)));
    result.sums += text;
    result.programs++;
    for (int round = 0; round < changed_for_each; round++) {
      const std::vector<int32_t> other = changed(words);
      // In memory of exactly its size, so that a step beyond it is seen.
      const std::vector<int32_t> exact(other.begin(), other.end());
      const auto parsed = unroll::ParsedProgram::parse(exact.data(), static_cast<long>(exact.size()), error);
      if (parsed == nullptr) {
        result.refused++;
        Batch batch = random_batch(words, program->cell(), true);
        batch.attributes.integers["program"] = {other.begin(), other.end()};
        if (round % 16 == 0 && fake::run("UnrollProgram", batch.attributes, batch.inputs, 2 + batch.finals).error.empty()) stop("took a program that is refused");
        continue;
      }
      result.accepted++;
      if (is_small(parsed->cell())) run(random_batch(other, parsed->cell(), true));
    }
  }
  return result;
}
