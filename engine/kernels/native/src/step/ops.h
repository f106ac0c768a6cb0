// As `../ops.h`, of the training step.
#pragma once

namespace unroll {

void register_linear();
void register_pool();
void register_losses();
void register_step();

}  // namespace unroll
