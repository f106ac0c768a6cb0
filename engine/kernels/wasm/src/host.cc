// What the host calls. All numbers and addresses of a call are written into a block that the host takes: `Call`, 32-bit words in the
// order below. The host checks shapes; here they are trusted.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "../../native/src/problem.h"
#include "../../native/src/schedule.h"
#include "../../native/src/threads.h"
#include "export.h"

// In place of the C++ library's, which would write a message to a file before they give up.
void* operator new(size_t bytes, std::align_val_t alignment) {
  const size_t unit = static_cast<size_t>(alignment);
  void* const data = std::aligned_alloc(unit, (bytes + unit - 1) / unit * unit);
  if (data == nullptr) __builtin_trap();
  return data;
}
void* operator new(size_t bytes) { return operator new(bytes, std::align_val_t{16}); }
void* operator new(size_t bytes, const std::nothrow_t&) noexcept { return std::malloc(bytes); }
void operator delete(void* data) noexcept { std::free(data); }
void operator delete(void* data, size_t) noexcept { std::free(data); }
void operator delete(void* data, std::align_val_t) noexcept { std::free(data); }
void operator delete(void* data, size_t, std::align_val_t) noexcept { std::free(data); }

_LIBCPP_BEGIN_NAMESPACE_STD
void __libcpp_verbose_abort(const char*, ...) noexcept { __builtin_trap(); }
_LIBCPP_END_NAMESPACE_STD
extern "C" void __cxa_pure_virtual() { __builtin_trap(); }

namespace unroll {

namespace UNROLL_ISA {
extern const Implementation kImplementation;
}
const Implementation& implementation() { return UNROLL_ISA::kImplementation; }

namespace {

// Of one direction. A null address: not there, not wanted, or zero, as in `problem.h`.
struct CallDirection {
  const float* input_weight;
  const float* hidden_weight;
  const float* input_bias;
  const float* hidden_bias;
  const float* projection;
  const float* peepholes;
  const float* initial[2];
  float* gates;
  float* cells;
  // Forwards, the state; backwards, its gradient.
  float* final[2];
  // Backwards only.
  float* d_input_weight;
  float* d_hidden_weight;
  float* d_input_bias;
  float* d_hidden_bias;
  float* d_projection;
  float* d_peepholes;
  float* d_initial[2];
};

struct Call {
  int32_t cell;
  int32_t reverse;
  int32_t directions;
  int32_t steps;
  int32_t rows;
  int32_t input;
  int32_t hidden;
  int32_t output;           // P: width of h
  const float* x;
  const int32_t* lengths;
  float* sequence;          // `[T, B, D·P]`
  const float* d_sequence;  // backwards only
  float* dx;
  CallDirection direction[2];
};

// What both tasks have in common.
template <class Task>
void fill(Task& task, const Call& call, const Schedule& schedule) {
  task.cell = static_cast<Cell>(call.cell);
  task.sizes = {call.steps, call.rows, call.input, call.hidden, call.output};
  task.x = call.x;
  task.directions = call.directions;
  task.sequence_stride = static_cast<long>(call.directions) * call.output;
  for (int d = 0; d < call.directions; d++) {
    const CallDirection& from = call.direction[d];
    Direction& to = task.direction[d];
    to.reverse = (call.reverse != 0) != (d == 1);
    to.input_weight = from.input_weight;
    to.hidden_weight = from.hidden_weight;
    to.input_bias = from.input_bias;
    to.hidden_bias = from.hidden_bias;
    to.projection = from.projection;
    to.peepholes = from.peepholes;
    for (int part = 0; part < 2; part++) to.initial[part] = from.initial[part];
    task.saved[d] = {from.gates, from.cells};
    task.sequence[d] = call.sequence + static_cast<long>(d) * call.output;
    schedule.fill(to);
  }
}

}  // namespace

UNROLL_EXPORT void* take(int32_t bytes) { return new Scratch(bytes); }
UNROLL_EXPORT void* address(Scratch* block) { return block->take<char>(0); }
UNROLL_EXPORT void give_back(Scratch* block) { delete block; }

// The number of a cell of this name, or -1.
UNROLL_EXPORT int32_t cell_number(const char* name) {
  for (int32_t number = 0; number < kCells; number++)
    if (std::strcmp(shape_of(static_cast<Cell>(number)).name, name) == 0) return number;
  return -1;
}
UNROLL_EXPORT int32_t saved_numbers(int32_t cell) { return shape_of(static_cast<Cell>(cell)).saved; }

UNROLL_EXPORT void forward(const Call* call) {
  const Schedule schedule(call->lengths, call->rows, call->steps, call->directions);
  ForwardTask task{};
  fill(task, *call, schedule);
  for (int d = 0; d < call->directions; d++)
    for (int part = 0; part < 2; part++) task.final[d][part] = call->direction[d].final[part];
  implementation().forward(task);
}

UNROLL_EXPORT void backward(const Call* call) {
  const Schedule schedule(call->lengths, call->rows, call->steps, call->directions);
  BackwardTask task{};
  fill(task, *call, schedule);
  task.dx = call->dx;
  for (int d = 0; d < call->directions; d++) {
    const CallDirection& from = call->direction[d];
    task.d_sequence[d] = call->d_sequence == nullptr ? nullptr : call->d_sequence + static_cast<long>(d) * call->output;
    task.d_input_weight[d] = from.d_input_weight;
    task.d_hidden_weight[d] = from.d_hidden_weight;
    task.d_input_bias[d] = from.d_input_bias;
    task.d_hidden_bias[d] = from.d_hidden_bias;
    task.d_projection[d] = from.d_projection;
    task.d_peepholes[d] = from.d_peepholes;
    for (int part = 0; part < 2; part++) {
      task.d_final[d][part] = from.final[part];
      task.d_initial[d][part] = from.d_initial[part];
    }
  }
  implementation().backward(task);
}

}  // namespace unroll
