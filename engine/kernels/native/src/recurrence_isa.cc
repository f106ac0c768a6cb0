// Compiled once for each instruction set, with UNROLL_ISA its name and the compiler's options for it.
#include <type_traits>

#include "adam.h"
#include "backward.h"
#include "forward.h"
#include "gru.h"
#include "lstm.h"
#include "multiply.h"
#include "problem.h"
#include "vanilla.h"

#define UNROLL_TEXT(name) UNROLL_TEXT_OF(name)
#define UNROLL_TEXT_OF(name) #name

namespace unroll::UNROLL_ISA {
namespace {

// Calls `body` with a null pointer to the cell's type.
template <class Body>
void with_cell(Cell cell, const Body& body) {
  switch (cell) {
    case Cell::kLstm:
    case Cell::kLstmPeepholes:
      return body(static_cast<Lstm<false>*>(nullptr));
    case Cell::kLstmCoupled:
    case Cell::kLstmCoupledPeepholes:
      return body(static_cast<Lstm<true>*>(nullptr));
    case Cell::kGruResetAfter:
      return body(static_cast<GruResetAfter*>(nullptr));
    case Cell::kGruRelevanceBefore:
      return body(static_cast<GruRelevanceBefore*>(nullptr));
    case Cell::kGruSimplified:
      return body(static_cast<GruSimplified*>(nullptr));
    case Cell::kVanillaTanh:
    case Cell::kVanillaSigmoid:
    case Cell::kVanillaRelu:
    case Cell::kVanillaIdentity:
      return body(static_cast<Vanilla*>(nullptr));
    case Cell::kLstmProjected:
    case Cell::kLstmPeepholesProjected:
      return body(static_cast<ProjectedLstm<false>*>(nullptr));
    case Cell::kLstmCoupledProjected:
    case Cell::kLstmCoupledPeepholesProjected:
      return body(static_cast<ProjectedLstm<true>*>(nullptr));
  }
}

void forward(const ForwardTask& task) {
  with_cell(task.cell, [&](auto* type) { run_forward<std::remove_pointer_t<decltype(type)>>(task); });
}

void backward(const BackwardTask& task) {
  with_cell(task.cell, [&](auto* type) { run_backward<std::remove_pointer_t<decltype(type)>>(task); });
}

void tanh_of(const float* x, float* y, long count) {
  for (long i = 0; i < count; i += kLanes) store(y + i, tanh(load(x + i)));
}

void sigmoid_of(const float* x, float* y, long count) {
  for (long i = 0; i < count; i += kLanes) store(y + i, sigmoid(load(x + i)));
}

}  // namespace

extern const ProgramImplementation kProgramImplementation;
extern const Implementation kImplementation;
const Implementation kImplementation{UNROLL_TEXT(UNROLL_ISA), forward, backward, adam_squares, adam_update, tanh_of, sigmoid_of, &kProgramImplementation, kBfloat16 ? multiply : nullptr};

}  // namespace unroll::UNROLL_ISA
