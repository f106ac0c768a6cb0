// Back-propagation through time of a program over a padded batch; chunks run as they do forwards.
#pragma once

#include "forward_rows.h"
#include "program_memory.h"

namespace unroll::UNROLL_ISA {

// Rows (pairs of row and step) that the gradients of the matrices take at once.
constexpr long kPairsAtOnce = 256;

// What a chunk adds to the gradients: of each matrix `[blocks of left][left_columns(right)][lanes]`, and sums over rows.
struct ProgramSums {
  float** outers;
  Where* row_sums;

  static long outer_size(const program::Step& step, int index) {
    const program::Outer& outer = step.outers[index];
    return vectors(step.lefts[outer.left]) * left_columns(outer.right.width) * kLanes;
  }
  static long row_sum_size(int width) { return padded(width == 0 ? 1 : width); }

  static long bytes(const program::Step& step) {
    long bytes = Memory::bytes<float*>(step.outers.count) + Memory::bytes<Where>(step.row_sums.count);
    for (int index = 0; index < step.outers.count; index++) bytes += Memory::bytes<float>(outer_size(step, index));
    for (const int32_t width : step.row_sums) bytes += Memory::bytes<float>(row_sum_size(width));
    return bytes;
  }

  ProgramSums(const program::Step& step, Memory memory) : outers(memory.take<float*>(step.outers.count)), row_sums(memory.take<Where>(step.row_sums.count)) {
    for (int index = 0; index < step.outers.count; index++) outers[index] = memory.take<float>(outer_size(step, index));
    for (int index = 0; index < step.row_sums.count; index++)
      row_sums[index] = Where::shared(memory.take<float>(row_sum_size(step.row_sums[index])), step.row_sums[index]);
  }

  void clear(const program::Step& step) const {
    for (int index = 0; index < step.outers.count; index++) std::memset(outers[index], 0, outer_size(step, index) * sizeof(float));
    for (int index = 0; index < step.row_sums.count; index++) std::memset(row_sums[index].data, 0, row_sum_size(step.row_sums[index]) * sizeof(float));
  }
};

// A chunk on its way back: what is held until there are rows enough for the products that take many at once.
class BackwardRows {
 public:
  BackwardRows(const program::BackwardTask& task, int d, const Chunk& chunk, const StepPlan& plan, const RunPlan* input, const Factor* packed, float* dx, const ProgramSums& sums)
      : task_(task), cell_(*task.cell), step_(task.cell->backward), d_(d), chunk_(chunk), plan_(plan), input_(input), packed_(packed), dx_(dx), sums_(sums), capacity_(capacity(chunk)) {}

  void run(const SharedPlaces& shared) {
    const int rows = chunk_.count, parts = cell_.states.count;
    Scratch memory(bytes());
    const StepMemory own(cell_, step_, plan_, rows, capacity_, memory);
    Where* gradients[2] = {take_rows(memory, cell_.states, rows), take_rows(memory, cell_.states, rows)};
    Where* const saved = memory.take<Where>(cell_.saved.count);
    lefts_ = memory.take<Where>(step_.lefts.count);
    rights_ = memory.take<Where>(step_.rights.count);
    left_data_ = memory.take<float*>(step_.lefts.count);
    right_data_ = memory.take<float*>(step_.rights.count);
    for (int index = 0; index < step_.lefts.count; index++) left_data_[index] = memory.take<float>(vectors(step_.lefts[index]) * capacity_ * kLanes);
    for (int index = 0; index < step_.rights.count; index++) right_data_[index] = memory.take<float>(capacity_ * row_size(step_.rights[index]));
    x_ = memory.take<const float*>(capacity_);
    previous_ = memory.take<const float*>(capacity_);
    right_rows_ = memory.take<const float*>(capacity_);
    dx_rows_ = memory.take<float*>(capacity_);
    turned_ = memory.take<Factor>(turned_size());
    paired_ = memory.take<Factor>(paired_size());
    own_sums_ = own.sums;
    own_left_ = own.left;
    float* const input_gradient = memory.take<float>(step_.writes_input_gradient ? rows * row_size(cell_.inputs) : 0);
    Where input_gradient_place = Where::rows(input_gradient, cell_.inputs);

    Places places{};
    places.of[program::kVector] = shared.vectors;
    places.of[program::kConstant] = shared.constants;
    places.of[program::kSaved] = saved;
    places.of[program::kBuffer] = own.buffers;
    places.of[program::kInput] = own.input;
    places.of[program::kLeft] = lefts_;
    places.of[program::kRight] = rights_;
    places.of[program::kRowSum] = sums_.row_sums;
    places.of[program::kInputGradient] = &input_gradient_place;
    sums_.clear(step_);
    const long saved_size = cell_.saved_size();
    int side = 0, running = 0;
    for (int s = chunk_.steps - 1; s >= 0; s--, side = 1 - side) {
      const int live = chunk_.live[s];
      if (held_ + live > capacity_) flush(places);
      start(running, live, gradients[side]);
      running = live;
      for (int row = 0; row < live; row++) {
        const long at = position(direction(), task_.sizes, chunk_, row, s);
        x_[held_ + row] = task_.x + at * cell_.inputs;
        if (dx_ != nullptr) dx_rows_[held_ + row] = dx_ + at * cell_.inputs;
        previous_[held_ + row] = s == 0 ? initial(row) : task_.sequence[d_] + position(direction(), task_.sizes, chunk_, row, s - 1) * task_.sequence_stride;
        if (task_.d_sequence[d_] != nullptr) add_row(task_.d_sequence[d_] + at * task_.sequence_stride, cell_.states[0], gradients[side][0].data + row * gradients[side][0].row);
      }
      if (step_.reads_input) own.gather_input(x_ + held_, cell_.inputs, live);
      // The gradient only reads what was kept.
      place_saved(cell_, const_cast<float*>(task_.saved[d_]) + chunk_.offset[s] * saved_size, live, saved);
      for (int index = 0; index < step_.lefts.count; index++) lefts_[index] = Where::blocks(left_data_[index] + held_ * kLanes, capacity_, step_.lefts[index]);
      for (int index = 0; index < step_.rights.count; index++) {
        const int width = step_.rights[index];
        rights_[index] = Where::rows(right_data_[index] + held_ * row_size(width), width);
      }
      places.of[program::kGradient] = gradients[side];
      places.of[program::kBefore] = gradients[1 - side];
      for (int run = 0; run < step_.runs.count; run++) execute(plan_.run[run], places, x_ + held_, live, packed_, own.registers, own.sums, own.left);
      for (int row = 0; dx_ != nullptr && step_.writes_input_gradient && row < live; row++)
        std::memcpy(dx_rows_[held_ + row], input_gradient + row * input_gradient_place.row, cell_.inputs * sizeof(float));
      held_ += live;
    }
    flush(places);
    start(running, rows, gradients[side]);
    for (int part = 0; part < parts; part++) {
      const int width = cell_.states[part];
      for (int row = 0; task_.d_initial[d_] != nullptr && row < rows; row++)
        std::memcpy(task_.d_initial[d_][part] + static_cast<long>(chunk_.rows[row]) * width, gradients[side][part].data + row * gradients[side][part].row, width * sizeof(float));
    }
    if (dx_ != nullptr) clear_padding();
  }

 private:
  static long capacity(const Chunk& chunk) { return chunk.count > kPairsAtOnce ? factors(static_cast<long>(chunk.count)) * kPerFactor : kPairsAtOnce; }
  const Direction& direction() const { return task_.direction[d_].rows; }

  long turned_size() const {
    int widest = 1;
    for (const program::Outer& outer : step_.outers)
      if (outer.right.width > widest) widest = outer.right.width;
    return packed_left_size(widest, capacity_);
  }

  // Where the gradients of a left side are rounded.
  long paired_size() const {
    int widest = 0;
    for (const int32_t width : step_.lefts)
      if (width > widest) widest = width;
    return kBfloat16 ? Blocked::size(vectors(widest), capacity_) : 0;
  }

  // One of the left sides for the product that sums over rows.
  Blocked left_side(int left) const {
    const int blocks = vectors(step_.lefts[left]);
#if defined(UNROLL_BFLOAT16)
    const Blocked to{paired_, capacity_, blocks};
    for (int block = 0; block < blocks; block++)
      for (long row = 0; row < held_; row += 2) {
        const float* from = left_data_[left] + (block * capacity_ + row) * kLanes;
        store_factors(to.at(0, block, row), across(load(from), row + 1 < held_ ? load(from + kLanes) : Vec{}));
      }
    return to;
#else
    return {left_data_[left], capacity_, blocks};
#endif
  }

  long bytes() const {
    long bytes = StepMemory::bytes(cell_, step_, plan_, chunk_.count, capacity_) + 2 * rows_bytes(cell_.states, chunk_.count) + Memory::bytes<Where>(cell_.saved.count) +
                 Memory::bytes<Where>(step_.lefts.count) + Memory::bytes<Where>(step_.rights.count) + Memory::bytes<float*>(step_.lefts.count) +
                 Memory::bytes<float*>(step_.rights.count) + 4 * Memory::bytes<float*>(capacity_) + Memory::bytes<Factor>(turned_size()) + Memory::bytes<Factor>(paired_size()) +
                 Memory::bytes<float>(step_.writes_input_gradient ? chunk_.count * row_size(cell_.inputs) : 0);
    for (const int32_t width : step_.lefts) bytes += Memory::bytes<float>(vectors(width) * capacity_ * kLanes);
    for (const int32_t width : step_.rights) bytes += Memory::bytes<float>(capacity_ * row_size(width));
    return bytes;
  }

  // The output before the first step.
  const float* initial(int row) const {
    const float* all = task_.direction[d_].initial[0];
    return all + static_cast<long>(chunk_.rows[row]) * cell_.states[0];
  }

  // Rows from `from` on end here: their gradient is that of the final state.
  void start(int from, int to, const Where* gradients) const {
    for (int part = 0; part < cell_.states.count; part++) {
      const int width = cell_.states[part];
      const float* all = task_.d_final[d_] == nullptr ? nullptr : task_.d_final[d_][part];
      for (int row = from; row < to; row++)
        StepMemory::copy_row(all == nullptr ? nullptr : all + static_cast<long>(chunk_.rows[row]) * width, width, gradients[part].data + row * gradients[part].row);
    }
  }

  static UNROLL_INLINE void add_row(const float* from, int width, float* to) {
    for (int block = 0; block < vectors(width); block++)
      store(to + block * kLanes, load(to + block * kLanes) + load(from + block * kLanes, least(kLanes, width - block * kLanes)));
  }

  // Gradients of the matrices and of the input, from the rows that are held.
  void flush(Places& places) {
    if (held_ == 0) return;
    if (dx_ != nullptr && input_ != nullptr) input_gradient(places);
    for (int index = 0; index < step_.outers.count; index++) {
      const Place right = step_.outers[index].right;
      bool known = false;
      for (int before = 0; before < index; before++) known = known || same(step_.outers[before].right, right);
      if (known) continue;
      pack_left(rows_of(right), held_, right.width, turned_);
      for (int other = index; other < step_.outers.count; other++) {
        if (!same(step_.outers[other].right, right)) continue;
        const int all[1] = {0};
        add_weight_gradient(left_side(step_.outers[other].left), all, 0, 1, held_, turned_, right.width, sums_.outers[other]);
      }
    }
    held_ = 0;
  }

  static bool same(const Place& a, const Place& b) { return a.kind == b.kind && a.index == b.index; }

  const float* const* rows_of(const Place& right) {
    if (right.kind == program::kInput) return x_;
    if (right.kind == program::kState) return previous_;
    for (long row = 0; row < held_; row++) right_rows_[row] = right_data_[right.index] + row * row_size(step_.rights[right.index]);
    return right_rows_;
  }

  void input_gradient(Places& places) {
    for (int index = 0; index < step_.lefts.count; index++) lefts_[index] = Where::blocks(left_data_[index], capacity_, step_.lefts[index]);
    const Lefts lefts(*input_, places, nullptr, static_cast<int>(held_), own_left_);
    for (int unit = 0; unit < input_->units(); unit++) {
      for (int first = 0; first < held_; first += kRunRows) {
        const int rows = static_cast<int>(least(static_cast<long>(kRunRows), held_ - first));
        multiply_unit(*input_, unit, lefts, first, rows, packed_, own_sums_);
        for (int row = 0; row < rows; row++)
          for (int column = 0; column < input_->width(unit); column++) {
            const int at = (unit * input_->unit + column) * kLanes;
            store(dx_rows_[first + row] + at, load(own_sums_ + (row * input_->columns + column) * kLanes), least(kLanes, cell_.inputs - at));
          }
      }
    }
  }

  void clear_padding() const {
    const bool none = input_ == nullptr && !step_.writes_input_gradient;
    for (int row = 0; row < chunk_.count; row++)
      for (int t = none ? 0 : chunk_.lengths[row]; t < task_.sizes.steps; t++)
        std::memset(dx_ + (static_cast<long>(t) * task_.sizes.rows + chunk_.rows[row]) * cell_.inputs, 0, cell_.inputs * sizeof(float));
  }

  const program::BackwardTask& task_;
  const program::CellProgram& cell_;
  const program::Step& step_;
  const int d_;
  const Chunk& chunk_;
  const StepPlan& plan_;
  const RunPlan* const input_;
  const Factor* const packed_;
  float* const dx_;
  const ProgramSums& sums_;
  const long capacity_;
  long held_ = 0;
  Where* lefts_ = nullptr;
  Where* rights_ = nullptr;
  float** left_data_ = nullptr;
  float** right_data_ = nullptr;
  const float** x_ = nullptr;
  const float** previous_ = nullptr;
  const float** right_rows_ = nullptr;
  float** dx_rows_ = nullptr;
  Factor* turned_ = nullptr;
  Factor* paired_ = nullptr;
  float* own_sums_ = nullptr;
  Factor* own_left_ = nullptr;
};

// Adds up the chunks' sums for one gradient of a matrix, and turns them into its rows.
inline void gather_outer(const ProgramSums* sums, int chunks, int index, int rows, int columns, float* to) {
  const long size = left_columns(columns) * kLanes;
  for (int block = 0; block < vectors(rows); block++) {
    const int lanes = least(kLanes, rows - block * kLanes);
    for (int column = 0; column < columns; column++) {
      Vec sum = {};
      for (int chunk = 0; chunk < chunks; chunk++) sum += load(sums[chunk].outers[index] + block * size + column * kLanes);
      float* const row = to + static_cast<long>(block) * kLanes * columns + column;
      for (int lane = 0; lane < lanes; lane++) row[static_cast<long>(lane) * columns] = sum[lane];
    }
  }
}

inline void gather_row_sum(const ProgramSums* sums, int chunks, int index, int width, float* to) {
  for (int block = 0; block < (width == 0 ? 1 : vectors(width)); block++) {
    Vec sum = {};
    for (int chunk = 0; chunk < chunks; chunk++) sum += load(sums[chunk].row_sums[index].data + block * kLanes);
    store(to + block * kLanes, sum, width == 0 ? 1 : least(kLanes, width - block * kLanes));
  }
}

inline void run_program_backward(const program::BackwardTask& task) {
  const program::CellProgram& cell = *task.cell;
  const program::Step& step = cell.backward;
  const int terms = step.input_terms.count;
  const bool input = task.dx != nullptr && terms > 0;
  // The gradient of the input as the products of a run of its own, after the others.
  Scratch of_input(Memory::bytes<program::Product>(terms) + Memory::bytes<Place>(1));
  program::Product* const products = of_input.take<program::Product>(terms);
  for (int index = 0; index < terms; index++) {
    const program::InputTerm& term = step.input_terms[index];
    products[index] = {{program::kLeft, term.left, step.lefts[term.left]}, term.matrix, 1, 0};
  }
  Place* const start = of_input.take<Place>(1);
  *start = {program::kNone, 0, 0};
  const program::Run extra{cell.inputs, {start, 1}, {products, terms}, {}};
  const program::Run* const own = input ? &extra : nullptr;

  const int first = task.direction[0].rows.chunks;
  const int chunks = first + (task.directions > 1 ? task.direction[1].rows.chunks : 0);
  const bool second_dx = task.directions > 1 && task.dx != nullptr;
  const long x_size = static_cast<long>(task.sizes.steps) * task.sizes.rows * cell.inputs;
  const long plan_bytes = StepPlan::bytes(step, own), shared_bytes = SharedPlaces::bytes(cell), sums_bytes = ProgramSums::bytes(step);
  Scratch scratch(Memory::bytes<char>(plan_bytes) + task.directions * Memory::bytes<char>(shared_bytes) + chunks * Memory::bytes<char>(sums_bytes) +
                  Memory::bytes<ProgramSums>(chunks) + (second_dx ? Memory::bytes<float>(x_size) : 0));
  const StepPlan plan(step, own, cell, Memory(scratch.take<char>(plan_bytes)));
  const SharedPlaces shared[2] = {
      SharedPlaces(cell, task.direction[0].vectors, Memory(scratch.take<char>(shared_bytes))),
      task.directions == 1 ? SharedPlaces() : SharedPlaces(cell, task.direction[1].vectors, Memory(scratch.take<char>(shared_bytes))),
  };
  ProgramSums* const sums = scratch.take<ProgramSums>(chunks);
  for (int chunk = 0; chunk < chunks; chunk++) sums[chunk] = ProgramSums(step, Memory(scratch.take<char>(sums_bytes)));
  // Both directions run at the same time, so the second one's share of dx is kept apart and added at the end.
  float* const dx[2] = {task.dx, second_dx ? scratch.take<float>(x_size) : nullptr};
  Scratch matrices(task.directions * Memory::bytes<Factor>(plan.packed));
  Factor* packed[2] = {};
  for (int d = 0; d < task.directions; d++) packed[d] = matrices.take<Factor>(plan.packed);
  pack_runs(plan, cell, task.direction, task.directions, packed);
  parallel(chunks, [&](int index) {
    const int d = index < first ? 0 : 1;
    BackwardRows(task, d, task.direction[d].rows.chunk[d == 0 ? index : index - first], plan, input ? plan.run + step.runs.count : nullptr, packed[d], dx[d], sums[index]).run(shared[d]);
  });
  const int gradients = step.outers.count + step.row_sums.count;
  const int slices = second_dx ? thread_count() : 0;
  parallel(task.directions * gradients + slices, [&](int index) {
    if (index >= task.directions * gradients) {
      const int slice = index - task.directions * gradients;
      const long end = x_size * (slice + 1) / slices;
      for (long i = x_size * slice / slices; i < end; i++) dx[0][i] += dx[1][i];
      return;
    }
    const int d = index / gradients;
    const int which = index % gradients;
    const ProgramSums* const own_sums = sums + (d == 0 ? 0 : first);
    const int count = task.direction[d].rows.chunks;
    if (which < step.outers.count) {
      const program::Outer& outer = step.outers[which];
      return gather_outer(own_sums, count, which, step.lefts[outer.left], outer.right.width, task.d_outers[d][which]);
    }
    const int row_sum = which - step.outers.count;
    gather_row_sum(own_sums, count, row_sum, step.row_sums[row_sum], task.d_row_sums[d][row_sum]);
  });
}

}  // namespace unroll::UNROLL_ISA
