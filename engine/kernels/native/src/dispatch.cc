#include <cstdlib>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "problem.h"

namespace unroll {

#if defined(__x86_64__)
namespace avx512 {
extern const Implementation kImplementation;
}
namespace avx2 {
extern const Implementation kImplementation;
}
// Not there where the compiler does not know the instructions.
namespace avx512bf16 {
extern const Implementation kImplementation __attribute__((weak));
}
#endif
#if defined(UNROLL_EMULATED_BFLOAT16)
namespace emulated {
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

namespace {

#if defined(__x86_64__)
bool has_bfloat16() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  // Beside the instructions themselves it is asked whether the operating system keeps their registers.
  return __builtin_cpu_supports("avx512bw") && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a >> 5 & 1) != 0;
}
#endif

}  // namespace

const Implementation* bfloat16_implementation() {
  const char* wanted = std::getenv("UNROLL_SIMD");
#if defined(UNROLL_EMULATED_BFLOAT16)
  if (wanted != nullptr && std::strcmp(wanted, "emulated") == 0) return &emulated::kImplementation;
#endif
#if defined(__x86_64__)
  const Implementation* const found = &avx512bf16::kImplementation;
  if (found != nullptr && (wanted == nullptr || std::strcmp(wanted, "avx512bf16") == 0) && has_bfloat16()) return found;
#endif
  return nullptr;
}

}  // namespace unroll
