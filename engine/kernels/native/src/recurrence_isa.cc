// Compiled once for each instruction set, with UNROLL_ISA its name and the compiler's options for it.
#include "lstm.h"
#include "problem.h"
#include "sequence.h"

#define UNROLL_TEXT(name) UNROLL_TEXT_OF(name)
#define UNROLL_TEXT_OF(name) #name

namespace unroll::UNROLL_ISA {
namespace {

void forward(Cell cell, const ForwardTask& task) {
  switch (cell) {
    case Cell::kLstm:
      return run_forward<Lstm>(task);
    default:
      return;
  }
}

void backward(Cell cell, const BackwardTask& task) {
  switch (cell) {
    case Cell::kLstm:
      return run_backward<Lstm>(task);
    default:
      return;
  }
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
