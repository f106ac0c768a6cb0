// What the matrix products multiply: float32 numbers or, compiled with UNROLL_BFLOAT16, two bfloat16 numbers at a time, which follow each
// other along the sum. Sums are float32 in both. Everything that a product reads is made of factors; what it gives is not.
#pragma once

#include "simd.h"

#if defined(UNROLL_BFLOAT16) && defined(__AVX512BF16__)
#include <immintrin.h>
#endif

namespace unroll::UNROLL_ISA {

// A factor is as large as a float in any case, so that a vector of factors has as many lanes.
#if defined(UNROLL_BFLOAT16)
constexpr bool kBfloat16 = true;
constexpr int kPerFactor = 2;
typedef unsigned Factor;  // the first number in the lower half
#else
constexpr bool kBfloat16 = false;
constexpr int kPerFactor = 1;
typedef float Factor;
#endif
typedef Factor FactorVec __attribute__((vector_size(kLanes * sizeof(Factor))));

// Factors of a row's block of lanes.
constexpr int kFactorLanes = kLanes / kPerFactor;

// Factors that `count` numbers along a sum take; where one is left over, the second number of its factor is zero.
constexpr int factors(int count) { return (count + kPerFactor - 1) / kPerFactor; }
constexpr long factors(long count) { return (count + kPerFactor - 1) / kPerFactor; }

UNROLL_INLINE FactorVec load_factors(const Factor* from) {
  FactorVec value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

#if defined(UNROLL_BFLOAT16)

UNROLL_INLINE void store_factors(Factor* to, FactorVec value) { std::memcpy(to, &value, sizeof value); }
UNROLL_INLINE FactorVec splat(Factor value) { return FactorVec{} + value; }

#if defined(__AVX512BF16__)

// sum + the products of both numbers of each lane.
UNROLL_INLINE Vec multiply_add(FactorVec a, FactorVec b, Vec sum) {
  return (Vec)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
}
// Rounded, the numbers of `first`, then those of `second`.
UNROLL_INLINE FactorVec along(Vec first, Vec second) { return (FactorVec)_mm512_cvtne2ps_pbh((__m512)second, (__m512)first); }
// Each lane's number of `first` and of `second`, out of `along`.
UNROLL_INLINE FactorVec paired(FactorVec both) {
  alignas(64) static constexpr unsigned short places[32] = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  return (FactorVec)_mm512_permutexvar_epi16(_mm512_load_si512(places), (__m512i)both);
}
// To the factors of one block of a row.
UNROLL_INLINE void store_block(Factor* to, Vec numbers) {
  const __m256bh rounded = _mm512_cvtneps_pbh((__m512)numbers);
  std::memcpy(to, &rounded, sizeof rounded);
}

#else

// The same with float32 instructions: what a processor with bfloat16 instructions is to compute, for tests on any other.
UNROLL_INLINE Vec multiply_add(FactorVec a, FactorVec b, Vec sum) {
  const Vec second = of_bits(a & 0xFFFF0000u) * of_bits(b & 0xFFFF0000u);
  return sum + (second + of_bits(a << 16) * of_bits(b << 16));
}
// The upper half of a number, to the nearest and to even.
UNROLL_INLINE unsigned rounded(float number) {
  unsigned bits;
  std::memcpy(&bits, &number, sizeof bits);
  if (number != number) return bits >> 16 | 0x40u;
  return (bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16;
}
UNROLL_INLINE FactorVec along(Vec first, Vec second) {
  Factor to[kLanes];
  for (int lane = 0; lane < kFactorLanes; lane++) {
    to[lane] = rounded(first[2 * lane]) | rounded(first[2 * lane + 1]) << 16;
    to[kFactorLanes + lane] = rounded(second[2 * lane]) | rounded(second[2 * lane + 1]) << 16;
  }
  return load_factors(to);
}
UNROLL_INLINE FactorVec paired(FactorVec both) {
  unsigned short from[2 * kLanes], to[2 * kLanes];
  std::memcpy(from, &both, sizeof from);
  for (int lane = 0; lane < kLanes; lane++) {
    to[2 * lane] = from[lane];
    to[2 * lane + 1] = from[kLanes + lane];
  }
  FactorVec value;
  std::memcpy(&value, to, sizeof value);
  return value;
}
UNROLL_INLINE void store_block(Factor* to, Vec numbers) {
  const FactorVec both = along(numbers, Vec{});
  std::memcpy(to, &both, kFactorLanes * sizeof(Factor));
}

#endif

// Each lane's number of `first` and of `second`: of two rows of a matrix.
UNROLL_INLINE FactorVec across(Vec first, Vec second) { return paired(along(first, second)); }

// A row of numbers, whose blocks of lanes lie `stride` apart, as factors, to whole vectors of them: the rest is zero.
UNROLL_INLINE void round_row(const float* from, int count, long stride, Factor* to) {
  for (; count > 0; count -= 2 * kLanes, from += 2 * stride, to += kLanes)
    store_factors(to, along(load(from, count), count > kLanes ? load(from + stride, count - kLanes) : Vec{}));
}

#else

UNROLL_INLINE void store_factors(Factor* to, FactorVec value) { store(to, value); }
UNROLL_INLINE FactorVec across(Vec first, Vec) { return first; }
UNROLL_INLINE void store_block(Factor* to, Vec numbers) { store(to, numbers); }

#endif

}  // namespace unroll::UNROLL_ISA
