// One function for each family of ops; addon.cc calls them all.
#pragma once

namespace unroll {

void register_recurrence();
void register_program();
void register_adam();
void register_rows();
void register_cross_entropy();
void register_correct();
void register_product();

}  // namespace unroll
