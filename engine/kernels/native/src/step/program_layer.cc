// A recurrence out of its equations within a network in a line: what `../program_op.cc` computes as an op of its own.
#include <string>

#include "../op.h"
#include "../program_parser.h"
#include "../schedule.h"
#include "chain.h"

namespace unroll::chain {
namespace {

// Numbers of weights in the program's order. A vector is one weight or the sum of two; so a sum over rows may be the gradient of two. -1: no second one.
struct Places {
  const int32_t* matrices;
  const int32_t (*vectors)[2];
  const int32_t* outers;  // whose gradient each is
  const int32_t (*sums)[2];
};

class ProgramRecurrent : public Layer {
 public:
  ProgramRecurrent(const int32_t* words, int64_t count) {
    if (count < 4) fail("a recurrence has too few words");
    directions_ = words[0];
    reverse_ = words[1] != 0;
    last_ = words[2] != 0;
    const int64_t own = words[3];
    if (directions_ < 1 || directions_ > 2 || own < 0 || own > count - 4) fail("a recurrence has wrong words");
    const char* error = nullptr;
    program_ = ParsedProgram::parse(words + 4, static_cast<long>(own), error);
    if (program_ == nullptr) fail(std::string("the program of the cell was refused: ") + error);
    const int64_t each = int64_t{cell().matrices.count} + 2 * cell().vectors.count + outers() + 2 * sums();
    if (count - 4 - own != each * directions_) fail("a recurrence has a wrong number of weights");
    weights_.assign(words + 4 + own, words + count);
  }

  Value forward(Batch& batch, const Value& input) override {
    if (input.data == nullptr || !input.per_step || input.features != cell().inputs) fail("the cell reads a sequence of " + std::to_string(cell().inputs) + " features");
    if (cell().is_too_large_for(batch.rows)) fail("the cell is too large for a batch of " + std::to_string(batch.rows) + " rows");
    input_ = input;
    schedule_ = std::make_unique<Schedule>(batch.lengths, batch.rows, batch.steps, directions_);
    zeros_.assign(static_cast<size_t>(batch.rows) * static_cast<size_t>(cell().widest_state()), 0);
    initial_.assign(static_cast<size_t>(parts()), zeros_.data());
    program::ForwardTask task{};
    const int64_t P = cell().states[0];
    task.cell = &cell();
    task.sizes = sizes(batch);
    task.x = input.data;
    task.directions = directions_;
    task.sequence_stride = directions_ * P;
    sequence_ = batch.memory.floats(batch.positions() * directions_ * P);
    std::vector<float*> finals[2];
    for (int d = 0; d < directions_; d++) {
      take_weights(batch, d);
      task.direction[d] = direction(d);
      saved_[d] = batch.keep ? batch.memory.floats(task.direction[d].rows.pairs * cell().saved_size()) : nullptr;
      task.saved[d] = saved_[d];
      task.sequence[d] = sequence_ + d * P;
      for (const int32_t width : cell().states) finals[d].push_back(batch.memory.floats(static_cast<long>(batch.rows) * width));
      task.final[d] = finals[d].data();
    }
    implementation_for(batch.rounded).program->forward(task);
    if (!last_) return {sequence_, true, static_cast<int>(directions_ * P), true};
    if (directions_ == 1) return {finals[0][0], false, static_cast<int>(P), true};
    return {side_by_side(batch, {finals[0][0], finals[1][0]}, P), false, static_cast<int>(2 * P), true};
  }

  const float* backward(Batch& batch, const float* gradient) override {
    const int64_t P = cell().states[0];
    program::BackwardTask task{};
    task.cell = &cell();
    task.sizes = sizes(batch);
    task.x = input_.data;
    task.directions = directions_;
    task.sequence_stride = directions_ * P;
    task.dx = input_.differentiable ? batch.memory.floats(batch.positions() * cell().inputs) : nullptr;
    std::vector<const float*> d_finals[2];
    std::vector<float*> d_outers[2], d_sums[2];
    for (int d = 0; d < directions_; d++) {
      task.direction[d] = direction(d);
      task.saved[d] = saved_[d];
      task.sequence[d] = sequence_ + d * P;
      if (!last_) task.d_sequence[d] = gradient + d * P;
      else {
        d_finals[d].assign(static_cast<size_t>(parts()), nullptr);
        d_finals[d][0] = directions_ == 1 ? gradient : one_side(batch, gradient, d, P);
        task.d_final[d] = d_finals[d].data();
      }
      const Places places = places_of(d);
      for (int index = 0; index < outers(); index++) {
        const program::Outer& outer = cell().backward.outers[index];
        const int64_t rows = cell().backward.lefts[outer.left], columns = outer.right.width;
        // Looked at first: no more memory is taken than the weights have.
        Parameter& matrix = batch.parameter(places.outers[index], {rows, columns}, "a matrix");
        d_outers[d].push_back(matrix.gradient = batch.memory.floats(rows * columns));
      }
      for (int index = 0; index < sums(); index++) {
        const long size = numbers(cell().backward.row_sums[index]);
        d_sums[d].push_back(batch.memory.floats(size));
        vector(batch, places.sums[index][0], size).gradient = d_sums[d].back();
        if (places.sums[index][1] >= 0) vector(batch, places.sums[index][1], size).gradient = d_sums[d].back();
      }
      task.d_outers[d] = d_outers[d].data();
      task.d_row_sums[d] = d_sums[d].data();
    }
    implementation_for(batch.rounded).program->backward(task);
    return task.dx;
  }

 private:
  const program::CellProgram& cell() const { return program_->cell(); }
  int parts() const { return cell().states.count; }
  int outers() const { return cell().backward.outers.count; }
  int sums() const { return cell().backward.row_sums.count; }
  // Of a width of the program's.
  static long numbers(int32_t width) { return width == 0 ? 1 : width; }

  Sizes sizes(const Batch& batch) const { return {batch.steps, batch.rows, cell().inputs, cell().states[0], cell().states[0]}; }

  Places places_of(int d) const {
    const int matrices = cell().matrices.count, vectors = cell().vectors.count;
    const int32_t* const first = weights_.data() + d * (matrices + 2 * vectors + outers() + 2 * sums());
    const int32_t* const of_outers = first + matrices + 2 * vectors;
    return {first, reinterpret_cast<const int32_t(*)[2]>(first + matrices), of_outers, reinterpret_cast<const int32_t(*)[2]>(of_outers + outers())};
  }

  // A weight of so many numbers, in any shape.
  static Parameter& vector(Batch& batch, int32_t index, long size) {
    Parameter& found = batch.parameter(index);
    if (found.size() != size) fail("a vector must have " + std::to_string(size) + " numbers, but has the shape " + shape_text(found.shape));
    return found;
  }

  void take_weights(Batch& batch, int d) {
    const Places places = places_of(d);
    for (int index = 0; index < cell().matrices.count; index++) {
      const program::Matrix& matrix = cell().matrices[index];
      matrices_[d].push_back(batch.parameter(places.matrices[index], {matrix.rows, matrix.columns}, "a matrix").data);
    }
    for (int index = 0; index < cell().vectors.count; index++) {
      const long size = numbers(cell().vectors[index]);
      const float* const first = vector(batch, places.vectors[index][0], size).data;
      vectors_[d].push_back(first);
      if (places.vectors[index][1] < 0) continue;
      const float* const second = vector(batch, places.vectors[index][1], size).data;
      float* const sum = batch.memory.floats(size);
      for (long i = 0; i < size; i++) sum[i] = first[i] + second[i];
      vectors_[d].back() = sum;
    }
  }

  program::Weights direction(int d) const {
    program::Weights made{};
    made.rows.reverse = reverse_ != (d == 1);
    made.matrices = matrices_[d].data();
    made.vectors = vectors_[d].data();
    made.initial = initial_.data();
    schedule_->fill(made.rows);
    return made;
  }

  std::unique_ptr<ParsedProgram> program_;
  int directions_;
  bool reverse_;
  bool last_;
  std::vector<int32_t> weights_;
  Value input_{};
  std::unique_ptr<Schedule> schedule_;
  std::vector<float> zeros_;
  std::vector<const float*> initial_;
  std::vector<const float*> matrices_[2], vectors_[2];
  float* sequence_ = nullptr;
  float* saved_[2]{};
};

}  // namespace

std::unique_ptr<Layer> program_layer(const int32_t* words, int64_t count) { return std::make_unique<ProgramRecurrent>(words, count); }

}  // namespace unroll::chain
