#include <cstdlib>
#include <cstring>

#include "problem.h"

namespace unroll {

#if defined(__x86_64__)
namespace avx512 {
extern const Implementation kImplementation;
}
namespace avx2 {
extern const Implementation kImplementation;
}
#endif
namespace portable {
extern const Implementation kImplementation;
}

const Implementation* const* implementations(int& count) {
  static const Implementation* found[3];
  static const int number = [] {
    int n = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) found[n++] = &avx512::kImplementation;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found[n++] = &avx2::kImplementation;
#endif
    found[n++] = &portable::kImplementation;
    return n;
  }();
  count = number;
  return found;
}

const Implementation& implementation() {
  static const Implementation& chosen = []() -> const Implementation& {
    int count = 0;
    const Implementation* const* all = implementations(count);
    const char* wanted = std::getenv("UNROLL_SIMD");
    for (int index = 0; wanted != nullptr && index < count; index++) {
      if (std::strcmp(all[index]->name, wanted) == 0) return *all[index];
    }
    return *all[0];
  }();
  return chosen;
}

}  // namespace unroll
