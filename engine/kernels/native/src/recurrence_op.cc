// UnrollRecurrence: a recurrent cell over a whole padded batch, one direction or both, and UnrollRecurrenceGrad, its back-propagation
// through time.
#include <algorithm>
#include <array>

#include "op.h"
#include "ops.h"
#include "problem.h"
#include "schedule.h"

namespace unroll {
namespace {

using Shape = std::vector<int64_t>;

Cell cell_of(const std::string& name) {
  for (int cell = 0; cell < kCells; cell++)
    if (name == shape_of(static_cast<Cell>(cell)).name) return static_cast<Cell>(cell);
  fail("there is no cell " + name);
}

// What both ops are given, checked.
struct Batch {
  Cell cell;
  CellShape shape;
  Sizes sizes;
  const float* x;
  const int32_t* lengths;
  int directions;
  std::array<Direction, 2> direction;
  std::vector<float> zeros;  // an initial state that was left out
};

// Attributes that both ops have.
struct Settings {
  explicit Settings(OpAttributes& attributes)
      : cell(cell_of(attributes.text("cell"))),
        reverse(attributes.boolean("reverse")),
        bfloat16(attributes.boolean("rounded")),
        directions(attributes.integer("directions")),
        weights(attributes.integer("weights")),
        parts(attributes.integer("parts")) {
    const CellShape& shape = shape_of(cell);
    if (directions < 1 || directions > 2) fail("directions must be 1 or 2, but is " + std::to_string(directions));
    if (weights != shape.weights() * directions)
      fail(std::string(shape.name) + " takes " + std::to_string(shape.weights() * directions) + " weights, but there are " + std::to_string(weights));
    if (parts != shape.parts * directions && parts != 0)
      fail("the initial state has " + std::to_string(shape.parts * directions) + " parts, but there are " + std::to_string(parts));
    finals = attributes.integer("finals");
  }

  // Parts of the final state, of all directions.
  int final_parts() const { return shape_of(cell).parts * directions; }
  int weights_each() const { return weights / directions; }
  // Inputs that both ops begin with: x, lengths, weights, initial state.
  int common_inputs() const { return 2 + weights + parts; }

  Batch batch(OpContext& context) const {
    Batch batch{};
    batch.cell = cell;
    batch.shape = shape_of(cell);
    batch.directions = directions;
    const Shape x = context.shape(0);
    const Shape hidden_weight = context.shape(3);
    if (x.size() != 3) fail("x must be [T, B, I], but has the shape " + shape_text(x));
    if (hidden_weight.size() != 2) fail("the recurrent weight must be a matrix, but has the shape " + shape_text(hidden_weight));
    const int64_t T = x[0], B = x[1], I = x[2], P = hidden_weight[1], G = batch.shape.gates, H = batch.shape.projected ? hidden_weight[0] / G : P;
    constexpr int64_t kMost = 1 << 24;
    if (B < 1 || I < 1 || H < 1) fail("x and the weights must not be empty, but x has the shape " + shape_text(x) + " and H is " + std::to_string(H));
    if (T > kMost || B > kMost || I > kMost || H > kMost) fail("a dimension is above 2^24: x has the shape " + shape_text(x));
    if (P < 1 || P > H) fail("the projected h must be 1 … " + std::to_string(H) + " wide, as c is, but the recurrent weight has " + std::to_string(P) + " columns");
    batch.sizes = {static_cast<int>(T), static_cast<int>(B), static_cast<int>(I), static_cast<int>(H), static_cast<int>(P)};
    batch.x = context.floats(0, {T, B, I}, "x");
    batch.lengths = context.ints(1, {B}, "lengths");
    for (int64_t row = 0; row < B; row++) {
      if (batch.lengths[row] < 0 || batch.lengths[row] > T)
        fail("lengths must be 0 … " + std::to_string(T) + ", but row " + std::to_string(row) + " has " + std::to_string(batch.lengths[row]));
    }
    for (int d = 0; d < directions; d++) {
      Direction& direction = batch.direction[static_cast<size_t>(d)];
      const int at = 2 + d * weights_each();
      direction.reverse = reverse != (d == 1);
      direction.input_weight = context.floats(at, {G * H, I}, "the input weight");
      direction.hidden_weight = context.floats(at + 1, {G * H, P}, "the recurrent weight");
      direction.input_bias = context.floats(at + 2, {G * H}, "the input bias");
      direction.hidden_bias = batch.shape.biases == 2 ? context.floats(at + 3, {G * H}, "the recurrent bias") : nullptr;
      direction.projection = batch.shape.projected ? context.floats(at + batch.shape.projection_at(), {P, H}, "the projection") : nullptr;
      const int64_t N = batch.shape.peepholes;
      direction.peepholes = N > 0 ? context.floats(at + batch.shape.peepholes_at(), {N * H}, "the peepholes") : nullptr;
      if (parts == 0) batch.zeros.resize(static_cast<size_t>(B * H));
      for (int part = 0; part < batch.shape.parts; part++)
        direction.initial[part] =
            parts == 0 ? batch.zeros.data() : context.floats(2 + weights + d * batch.shape.parts + part, {B, batch.sizes.width(part)}, "the initial state");
    }
    return batch;
  }

  Cell cell;
  bool reverse;
  bool bfloat16;  // what the matrix products multiply is rounded
  int directions;
  int weights;
  int parts;   // of the initial state; 0: it is zero
  int finals;  // parts of the final state that are made, or whose gradient is given
};

// Shapes of the outputs of UnrollRecurrence.
struct Shapes {
  Shapes(const Batch& batch, int64_t pairs, bool keep) {
    const int64_t T = batch.sizes.steps, B = batch.sizes.rows, D = batch.directions;
    sequence = {T, B, D * batch.sizes.output};
    for (int part = 0; part < 2; part++) final[part] = {B, batch.sizes.width(part)};
    gates = {D, keep ? pairs : 0, batch.shape.saved * padded(batch.sizes.hidden)};
    cells = {D, keep && batch.shape.parts == 2 ? pairs : 0, padded(batch.sizes.hidden)};
  }
  Shape sequence, final[2], gates, cells;
};

float* part_of(float* all, int64_t index, const Shape& shape) { return all == nullptr ? nullptr : all + index * shape[1] * shape[2]; }
const float* part_of(const float* all, int64_t index, const Shape& shape) {
  return all == nullptr ? nullptr : all + index * shape[1] * shape[2];
}

class Recurrence {
 public:
  explicit Recurrence(OpAttributes& attributes) : settings_(attributes), keep_(attributes.boolean("keep")) {
    if (settings_.finals != settings_.final_parts()) fail("the final state has " + std::to_string(settings_.final_parts()) + " parts");
  }

  void run(OpContext& context) const {
    Batch batch = settings_.batch(context);
    const int64_t pairs = Schedule::pairs_of(batch.lengths, batch.sizes.rows);
    const Shapes shapes(batch, pairs, keep_);
    float* sequence = context.output(0, shapes.sequence);
    float* gates = context.output(1, shapes.gates);
    float* cells = context.output(2, shapes.cells);
    const Schedule schedule(batch.lengths, batch.sizes.rows, batch.sizes.steps, batch.directions);
    ForwardTask task{};
    task.cell = batch.cell;
    task.sizes = batch.sizes;
    task.x = batch.x;
    task.directions = batch.directions;
    task.sequence_stride = shapes.sequence[2];
    for (int d = 0; d < batch.directions; d++) {
      task.direction[d] = batch.direction[static_cast<size_t>(d)];
      schedule.fill(task.direction[d]);
      task.saved[d] = {keep_ && batch.shape.saved > 0 ? part_of(gates, d, shapes.gates) : nullptr,
                       keep_ && batch.shape.parts == 2 ? part_of(cells, d, shapes.cells) : nullptr};
      task.sequence[d] = sequence + static_cast<long>(d) * batch.sizes.output;
      for (int part = 0; part < batch.shape.parts; part++)
        task.final[d][part] = context.output(3 + d * batch.shape.parts + part, shapes.final[part]);
    }
    implementation_for(settings_.bfloat16).forward(task);
  }

 private:
  Settings settings_;
  bool keep_;
};

class RecurrenceGrad {
 public:
  explicit RecurrenceGrad(OpAttributes& attributes) : settings_(attributes), input_gradient_(attributes.boolean("input_gradient")) {
    if (settings_.finals != 0 && settings_.finals != settings_.final_parts()) fail("the final state has " + std::to_string(settings_.final_parts()) + " parts");
  }

  void run(OpContext& context) const {
    Batch batch = settings_.batch(context);
    const int64_t pairs = Schedule::pairs_of(batch.lengths, batch.sizes.rows);
    const Shapes shapes(batch, pairs, true);
    const int at = settings_.common_inputs();
    const float* sequence = context.floats(at, shapes.sequence, "the sequence");
    const float* gates = context.floats(at + 1, shapes.gates, "the gates that were kept");
    const float* cells = context.floats(at + 2, shapes.cells, "the cell states that were kept");
    const float* d_sequence = context.optional_floats(at + 3, shapes.sequence, "the gradient of the sequence");
    const int64_t T = batch.sizes.steps, B = batch.sizes.rows, I = batch.sizes.input, H = batch.sizes.hidden, P = batch.sizes.output, G = batch.shape.gates;
    const Schedule schedule(batch.lengths, batch.sizes.rows, batch.sizes.steps, batch.directions);
    BackwardTask task{};
    task.cell = batch.cell;
    task.sizes = batch.sizes;
    task.x = batch.x;
    task.directions = batch.directions;
    task.sequence_stride = shapes.sequence[2];
    float* dx = context.output(0, input_gradient_ ? Shape{T, B, I} : Shape{0});
    task.dx = input_gradient_ ? dx : nullptr;
    for (int d = 0; d < batch.directions; d++) {
      task.direction[d] = batch.direction[static_cast<size_t>(d)];
      schedule.fill(task.direction[d]);
      // The gradient only reads what was kept.
      task.saved[d] = {const_cast<float*>(part_of(gates, d, shapes.gates)), const_cast<float*>(part_of(cells, d, shapes.cells))};
      const long column = static_cast<long>(d) * batch.sizes.output;
      task.sequence[d] = sequence + column;
      task.d_sequence[d] = d_sequence == nullptr ? nullptr : d_sequence + column;
      const int out = 1 + d * settings_.weights_each();
      task.d_input_weight[d] = context.output(out, {G * H, I});
      task.d_hidden_weight[d] = context.output(out + 1, {G * H, P});
      task.d_input_bias[d] = context.output(out + 2, {G * H});
      task.d_hidden_bias[d] = batch.shape.biases == 2 ? context.output(out + 3, {G * H}) : nullptr;
      task.d_projection[d] = batch.shape.projected ? context.output(out + batch.shape.projection_at(), {P, H}) : nullptr;
      const int64_t N = batch.shape.peepholes;
      task.d_peepholes[d] = N > 0 ? context.output(out + batch.shape.peepholes_at(), {N * H}) : nullptr;
      for (int part = 0; part < batch.shape.parts; part++) {
        const int index = d * batch.shape.parts + part;
        task.d_final[d][part] = settings_.finals == 0 ? nullptr : context.floats(at + 4 + index, shapes.final[part], "the gradient of the final state");
        task.d_initial[d][part] = settings_.parts == 0 ? nullptr : context.output(1 + settings_.weights + index, shapes.final[part]);
      }
    }
    implementation_for(settings_.bfloat16).backward(task);
  }

 private:
  Settings settings_;
  bool input_gradient_;
};

}  // namespace

void register_recurrence() {
  const std::vector<const char*> attributes{"cell: string", "reverse: bool", "rounded: bool", "directions: int", "weights: int", "parts: int >= 0", "finals: int >= 0"};
  const std::vector<const char*> inputs{"x: float", "lengths: int32", "weight: weights * float", "initial: parts * float"};

  OpDefinition forward{"UnrollRecurrence", attributes, inputs, {"sequence: float", "gates: float", "cells: float", "final: finals * float"}};
  forward.attributes.push_back("keep: bool");
  register_op<Recurrence>(forward);

  OpDefinition backward{"UnrollRecurrenceGrad", attributes, inputs, {"dx: float", "d_weight: weights * float", "d_initial: parts * float"}};
  backward.attributes.push_back("input_gradient: bool");
  for (const char* input : {"sequence: float", "gates: float", "cells: float", "d_sequence: float", "d_final: finals * float"}) backward.inputs.push_back(input);
  register_op<RecurrenceGrad>(backward);
}

}  // namespace unroll
