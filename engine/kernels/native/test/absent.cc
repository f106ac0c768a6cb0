// In place of the kernels for an instruction set that the processor lacks: what is named where the best set is chosen, and never chosen.
#include "../src/problem.h"
#include "../src/step/kernels.h"

namespace unroll::UNROLL_ISA {

extern const Implementation kImplementation;
const Implementation kImplementation{};
extern const StepKernels kStepKernels;
const StepKernels kStepKernels{};

}  // namespace unroll::UNROLL_ISA
