// Compiled once for each instruction set, with UNROLL_ISA its name and the compiler's options for it.
#include <type_traits>

#include "gru.h"
#include "lstm.h"
#include "problem.h"
#include "sequence.h"
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
      return body(static_cast<Lstm<false, false>*>(nullptr));
    case Cell::kLstmPeepholes:
      return body(static_cast<Lstm<false, true>*>(nullptr));
    case Cell::kLstmCoupled:
      return body(static_cast<Lstm<true, false>*>(nullptr));
    case Cell::kLstmCoupledPeepholes:
      return body(static_cast<Lstm<true, true>*>(nullptr));
    case Cell::kGruResetAfter:
      return body(static_cast<GruResetAfter*>(nullptr));
    case Cell::kGruRelevanceBefore:
      return body(static_cast<GruRelevanceBefore*>(nullptr));
    case Cell::kGruSimplified:
      return body(static_cast<GruSimplified*>(nullptr));
    case Cell::kVanillaTanh:
      return body(static_cast<Vanilla<Tanh>*>(nullptr));
    case Cell::kVanillaSigmoid:
      return body(static_cast<Vanilla<Sigmoid>*>(nullptr));
    case Cell::kVanillaRelu:
      return body(static_cast<Vanilla<Relu>*>(nullptr));
    case Cell::kVanillaIdentity:
      return body(static_cast<Vanilla<Identity>*>(nullptr));
  }
}

void forward(Cell cell, const ForwardTask& task) {
  with_cell(cell, [&](auto* type) { run_forward<std::remove_pointer_t<decltype(type)>>(task); });
}

void backward(Cell cell, const BackwardTask& task) {
  with_cell(cell, [&](auto* type) { run_backward<std::remove_pointer_t<decltype(type)>>(task); });
}

void tanh_of(const float* x, float* y, long count) {
  for (long i = 0; i < count; i += kLanes) store(y + i, tanh(load(x + i)));
}

void sigmoid_of(const float* x, float* y, long count) {
  for (long i = 0; i < count; i += kLanes) store(y + i, sigmoid(load(x + i)));
}

}  // namespace

extern const Implementation kImplementation;
const Implementation kImplementation{UNROLL_TEXT(UNROLL_ISA), forward, backward, tanh_of, sigmoid_of};

}  // namespace unroll::UNROLL_ISA
