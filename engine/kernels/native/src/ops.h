// One function for each family of ops; addon.cc calls them all.
#pragma once

namespace unroll {

void register_recurrence();

}  // namespace unroll
