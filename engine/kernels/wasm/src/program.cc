// Calls of a register program (`../../native/src/program.h`). The words of a call are the members of `Head`, then for each direction the
// addresses of its arrays in the order of the program's tables.
#include <cstdint>
#include <memory>

#include "../../native/src/program_parser.h"
#include "../../native/src/schedule.h"
#include "export.h"

namespace unroll {
namespace {

struct Head {
  int32_t count;  // of the program's words
  const int32_t* words;
  int32_t reverse;
  int32_t directions;
  int32_t steps;
  int32_t rows;
  const float* x;
  const int32_t* lengths;
  float* sequence;          // `[T, B, D·P]`
  const float* d_sequence;  // backwards only
  float* dx;
};

// What follows the head.
class Addresses {
 public:
  explicit Addresses(const Head* head) : next_(reinterpret_cast<float* const*>(head + 1)) {}

  float* one() { return *next_++; }
  float* const* list(int count) {
    float* const* const first = next_;
    next_ += count;
    return first;
  }

 private:
  float* const* next_;
};

// What both tasks have in common. Addresses of a direction begin with its matrices, vectors and initial state.
template <class Task>
void fill(Task& task, const Head& head, const program::CellProgram& cell) {
  task.cell = &cell;
  task.sizes = {head.steps, head.rows, cell.inputs, cell.states[0], cell.states[0]};
  task.x = head.x;
  task.directions = head.directions;
  task.sequence_stride = static_cast<long>(head.directions) * cell.states[0];
}

program::Weights weights(Addresses& from, const Head& head, const program::CellProgram& cell, const Schedule& schedule, int d) {
  program::Weights made{};
  made.rows.reverse = (head.reverse != 0) != (d == 1);
  made.matrices = from.list(cell.matrices.count);
  made.vectors = from.list(cell.vectors.count);
  made.initial = from.list(cell.states.count);
  schedule.fill(made.rows);
  return made;
}

template <class Task, class Run>
const char* with_program(const Head& head, const Run& run) {
  const char* error = nullptr;
  const std::unique_ptr<ParsedProgram> parsed = ParsedProgram::parse(head.words, head.count, error);
  if (parsed == nullptr) return error;
  const Schedule schedule(head.lengths, head.rows, head.steps, head.directions);
  Task task{};
  fill(task, head, parsed->cell());
  run(task, parsed->cell(), schedule);
  return nullptr;
}

}  // namespace

UNROLL_EXPORT const char* program_forward(const Head* head) {
  return with_program<program::ForwardTask>(*head, [&](program::ForwardTask& task, const program::CellProgram& cell, const Schedule& schedule) {
    Addresses from(head);
    for (int d = 0; d < head->directions; d++) {
      task.direction[d] = weights(from, *head, cell, schedule, d);
      task.saved[d] = from.one();
      task.final[d] = from.list(cell.states.count);
      task.sequence[d] = head->sequence + static_cast<long>(d) * cell.states[0];
    }
    implementation().program->forward(task);
  });
}

UNROLL_EXPORT const char* program_backward(const Head* head) {
  return with_program<program::BackwardTask>(*head, [&](program::BackwardTask& task, const program::CellProgram& cell, const Schedule& schedule) {
    Addresses from(head);
    task.dx = head->dx;
    for (int d = 0; d < head->directions; d++) {
      task.direction[d] = weights(from, *head, cell, schedule, d);
      task.saved[d] = from.one();
      // Empty where the gradient is zero, or not wanted.
      const float* const* const d_final = from.list(cell.states.count);
      task.d_final[d] = d_final[0] == nullptr ? nullptr : d_final;
      task.d_outers[d] = from.list(cell.backward.outers.count);
      task.d_row_sums[d] = from.list(cell.backward.row_sums.count);
      float* const* const d_initial = from.list(cell.states.count);
      task.d_initial[d] = d_initial[0] == nullptr ? nullptr : d_initial;
      task.sequence[d] = head->sequence + static_cast<long>(d) * cell.states[0];
      task.d_sequence[d] = head->d_sequence == nullptr ? nullptr : head->d_sequence + static_cast<long>(d) * cell.states[0];
    }
    implementation().program->backward(task);
  });
}

}  // namespace unroll
