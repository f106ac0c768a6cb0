// Compiled once for each instruction set, with UNROLL_ISA its name and the compiler's options for it.
#include "program_backward.h"
#include "program_forward.h"

namespace unroll::UNROLL_ISA {
namespace {

void apply(int operation, const float* x, float* y, long count) {
  const Column from[3] = {{const_cast<float*>(x), kLanes}, {}, {}};
  calculate(operation, static_cast<int>(count / kLanes), {y, kLanes}, from, kLanes, true);
}

}  // namespace

extern const ProgramImplementation kProgramImplementation;
const ProgramImplementation kProgramImplementation{run_program_forward, run_program_backward, apply};

}  // namespace unroll::UNROLL_ISA
