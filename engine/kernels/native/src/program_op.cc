// UnrollProgram: a cell that is given as a register program (`program.h`) over a whole padded batch, one direction or both, and
// UnrollProgramGrad, its back-propagation through time. The program comes as an attribute: it is checked once, when the kernel is made.
#include <array>

#include "op.h"
#include "ops.h"
#include "program_parser.h"
#include "schedule.h"

namespace unroll {
namespace {

using Shape = std::vector<int64_t>;

// What both ops are given, checked. Of a step: the one that the op runs.
struct Batch {
  Sizes sizes;
  const float* x;
  const int32_t* lengths;
  std::vector<float> zeros;  // an initial state that was left out
  std::array<std::vector<const float*>, 2> matrices, vectors, initial;

  program::Weights weights(int d, bool reverse) const {
    const size_t at = static_cast<size_t>(d);
    program::Weights made{};
    made.rows.reverse = reverse != (d == 1);
    made.matrices = matrices[at].data();
    made.vectors = vectors[at].data();
    made.initial = initial[at].data();
    return made;
  }
};

class Settings {
 public:
  explicit Settings(OpAttributes& attributes)
      : reverse(attributes.boolean("reverse")), bfloat16(attributes.boolean("rounded")), directions(attributes.integer("directions")), parts(attributes.integer("parts")), finals(attributes.integer("finals")) {
    const std::vector<int32_t> words = attributes.integers("program");
    const char* error = nullptr;
    program_ = ParsedProgram::parse(words.data(), static_cast<long>(words.size()), error);
    if (program_ == nullptr) fail(std::string("the program of the cell was refused: ") + error);
    if (directions < 1 || directions > 2) fail("directions must be 1 or 2, but is " + std::to_string(directions));
    expect("matrices", attributes.integer("matrices"), cell().matrices.count);
    expect("vectors", attributes.integer("vectors"), cell().vectors.count);
    if (parts != 0) expect("parts", parts, cell().states.count);
  }

  const program::CellProgram& cell() const { return program_->cell(); }
  int all_parts() const { return cell().states.count * directions; }

  void expect(const char* what, int found, int each) const {
    if (found != each * directions) fail(std::string(what) + " must be " + std::to_string(each * directions) + ", but is " + std::to_string(found));
  }

  // Inputs that both ops begin with: x, lengths, matrices, vectors, initial state.
  int common_inputs() const { return 2 + directions * (cell().matrices.count + cell().vectors.count) + parts; }

  Batch batch(OpContext& context) const {
    Batch batch{};
    const program::CellProgram& cell = this->cell();
    const Shape x = context.shape(0);
    if (x.size() != 3) fail("x must be [T, B, I], but has the shape " + shape_text(x));
    const int64_t T = x[0], B = x[1], I = cell.inputs;
    constexpr int64_t kMost = 1 << 24;
    if (B < 1 || T > kMost || B > kMost) fail("x must have 1 … 2^24 rows and at most as many steps, but has the shape " + shape_text(x));
    batch.x = context.floats(0, {T, B, I}, "x");
    batch.lengths = context.ints(1, {B}, "lengths");
    for (int64_t row = 0; row < B; row++)
      if (batch.lengths[row] < 0 || batch.lengths[row] > T)
        fail("lengths must be 0 … " + std::to_string(T) + ", but row " + std::to_string(row) + " has " + std::to_string(batch.lengths[row]));
    batch.sizes = {static_cast<int>(T), static_cast<int>(B), static_cast<int>(I), cell.states[0], cell.states[0]};
    if (cell.is_too_large_for(B)) fail("the cell is too large for a batch of " + std::to_string(B) + " rows");
    if (parts == 0) batch.zeros.resize(static_cast<size_t>(B) * static_cast<size_t>(cell.widest_state()));
    int at = 2;
    for (int d = 0; d < directions; d++)
      for (const program::Matrix& matrix : cell.matrices) batch.matrices[static_cast<size_t>(d)].push_back(context.floats(at++, {matrix.rows, matrix.columns}, "a matrix"));
    for (int d = 0; d < directions; d++)
      for (const int32_t width : cell.vectors) batch.vectors[static_cast<size_t>(d)].push_back(context.flat_floats(at++, width == 0 ? 1 : width, "a vector"));
    for (int d = 0; d < directions; d++)
      for (const int32_t width : cell.states)
        batch.initial[static_cast<size_t>(d)].push_back(parts == 0 ? batch.zeros.data() : context.floats(at++, {B, width}, "the initial state"));
    return batch;
  }

  bool reverse;
  bool bfloat16;  // what the matrix products multiply is rounded
  int directions;
  int parts;   // of the initial state, of all directions; 0: it is zero
  int finals;  // parts of the final state that are made, or whose gradient is given

 private:
  std::unique_ptr<ParsedProgram> program_;
};

Shape saved_shape(const program::CellProgram& cell, int directions, int64_t pairs) { return {directions, pairs, cell.saved_size()}; }

class Program {
 public:
  explicit Program(OpAttributes& attributes) : settings_(attributes), keep_(attributes.boolean("keep")) {
    settings_.expect("finals", settings_.finals, settings_.cell().states.count);
  }

  void run(OpContext& context) const {
    const program::CellProgram& cell = settings_.cell();
    const Batch batch = settings_.batch(context);
    const int64_t T = batch.sizes.steps, B = batch.sizes.rows, D = settings_.directions, P = cell.states[0];
    const int64_t pairs = Schedule::pairs_of(batch.lengths, batch.sizes.rows);
    const Shape kept = saved_shape(cell, settings_.directions, keep_ ? pairs : 0);
    float* sequence = context.output(0, {T, B, D * P});
    float* saved = context.output(1, kept);
    const Schedule schedule(batch.lengths, batch.sizes.rows, batch.sizes.steps, settings_.directions);
    program::ForwardTask task{};
    task.cell = &cell;
    task.sizes = batch.sizes;
    task.x = batch.x;
    task.directions = settings_.directions;
    task.sequence_stride = D * P;
    std::array<std::vector<float*>, 2> finals;
    for (int d = 0; d < settings_.directions; d++) {
      task.direction[d] = batch.weights(d, settings_.reverse);
      schedule.fill(task.direction[d].rows);
      task.saved[d] = keep_ ? saved + d * kept[1] * kept[2] : nullptr;
      task.sequence[d] = sequence + d * P;
      std::vector<float*>& own = finals[static_cast<size_t>(d)];
      for (int part = 0; part < cell.states.count; part++) own.push_back(context.output(2 + d * cell.states.count + part, {B, cell.states[part]}));
      task.final[d] = own.data();
    }
    implementation_for(settings_.bfloat16).program->forward(task);
  }

 private:
  Settings settings_;
  bool keep_;
};

class ProgramGrad {
 public:
  explicit ProgramGrad(OpAttributes& attributes) : settings_(attributes), input_gradient_(attributes.boolean("input_gradient")) {
    const program::Step& step = settings_.cell().backward;
    if (settings_.finals != 0) settings_.expect("finals", settings_.finals, settings_.cell().states.count);
    settings_.expect("outers", attributes.integer("outers"), step.outers.count);
    settings_.expect("sums", attributes.integer("sums"), step.row_sums.count);
  }

  void run(OpContext& context) const {
    const program::CellProgram& cell = settings_.cell();
    const program::Step& step = cell.backward;
    const Batch batch = settings_.batch(context);
    const int64_t T = batch.sizes.steps, B = batch.sizes.rows, D = settings_.directions, P = cell.states[0];
    const int64_t pairs = Schedule::pairs_of(batch.lengths, batch.sizes.rows);
    const Shape kept = saved_shape(cell, settings_.directions, pairs);
    int at = settings_.common_inputs();
    const float* sequence = context.floats(at++, {T, B, D * P}, "the sequence");
    const float* saved = context.floats(at++, kept, "what was kept");
    const float* d_sequence = context.optional_floats(at++, {T, B, D * P}, "the gradient of the sequence");
    const Schedule schedule(batch.lengths, batch.sizes.rows, batch.sizes.steps, settings_.directions);
    program::BackwardTask task{};
    task.cell = &cell;
    task.sizes = batch.sizes;
    task.x = batch.x;
    task.directions = settings_.directions;
    task.sequence_stride = D * P;
    float* dx = context.output(0, input_gradient_ ? Shape{T, B, cell.inputs} : Shape{0});
    task.dx = input_gradient_ ? dx : nullptr;
    std::array<std::vector<float*>, 2> outers, sums, initial;
    std::array<std::vector<const float*>, 2> finals;
    int out = 1;
    for (size_t d = 0; d < static_cast<size_t>(D); d++)
      for (const program::Outer& outer : step.outers) outers[d].push_back(context.output(out++, {step.lefts[outer.left], outer.right.width}));
    for (size_t d = 0; d < static_cast<size_t>(D); d++)
      for (const int32_t width : step.row_sums) sums[d].push_back(context.output(out++, {width == 0 ? 1 : width}));
    for (size_t d = 0; d < static_cast<size_t>(D); d++)
      for (const int32_t width : cell.states) {
        if (settings_.finals != 0) finals[d].push_back(context.floats(at++, {B, width}, "the gradient of the final state"));
        if (settings_.parts != 0) initial[d].push_back(context.output(out++, {B, width}));
      }
    for (int d = 0; d < settings_.directions; d++) {
      const size_t own = static_cast<size_t>(d);
      task.direction[d] = batch.weights(d, settings_.reverse);
      schedule.fill(task.direction[d].rows);
      task.saved[d] = saved + d * kept[1] * kept[2];
      task.sequence[d] = sequence + d * P;
      task.d_sequence[d] = d_sequence == nullptr ? nullptr : d_sequence + d * P;
      task.d_final[d] = settings_.finals == 0 ? nullptr : finals[own].data();
      task.d_outers[d] = outers[own].data();
      task.d_row_sums[d] = sums[own].data();
      task.d_initial[d] = settings_.parts == 0 ? nullptr : initial[own].data();
    }
    implementation_for(settings_.bfloat16).program->backward(task);
  }

 private:
  Settings settings_;
  bool input_gradient_;
};

}  // namespace

void register_program() {
  const std::vector<const char*> attributes{"program: list(int)", "reverse: bool", "rounded: bool",  "directions: int",
                                            "matrices: int >= 0", "vectors: int >= 0", "parts: int >= 0", "finals: int >= 0"};
  const std::vector<const char*> inputs{"x: float", "lengths: int32", "matrix: matrices * float", "vector: vectors * float", "initial: parts * float"};

  OpDefinition forward{"UnrollProgram", attributes, inputs, {"sequence: float", "saved: float", "final: finals * float"}};
  forward.attributes.push_back("keep: bool");
  register_op<Program>(forward);

  OpDefinition backward{"UnrollProgramGrad", attributes, inputs, {"dx: float", "d_matrix: outers * float", "d_vector: sums * float", "d_initial: parts * float"}};
  for (const char* attribute : {"outers: int >= 0", "sums: int >= 0", "input_gradient: bool"}) backward.attributes.push_back(attribute);
  for (const char* input : {"sequence: float", "saved: float", "d_sequence: float", "d_final: finals * float"}) backward.inputs.push_back(input);
  register_op<ProgramGrad>(backward);
}

}  // namespace unroll
