// exp, log and what is made of them, for vectors; beside tanh and σ of `simd.h`.
#pragma once

#include "simd.h"

namespace unroll::UNROLL_ISA {

typedef int IntVec __attribute__((vector_size(sizeof(Vec))));

// 2ⁿ for n from -126 to 127.
UNROLL_INLINE Vec power_of_two(BitsVec n) { return of_bits((n + 127u) << 23); }

// e^x as 2ⁿ e^r with |r| ≤ ln 2 / 2 and a polynomial of degree 6 for e^r (Cephes). Relative error below 2e-7; ∞ above 88.72, and what is
// below the least number is 0.
UNROLL_INLINE Vec exp(Vec x) {
  x = x > splat(89.0f) ? splat(89.0f) : x;
  x = x < splat(-104.0f) ? splat(-104.0f) : x;
  // Adding this rounds to an integer, which then stands in the lowest bits.
  const Vec magic = splat(12582912.0f);
  const Vec shifted = x * 1.44269504088896341f + magic;
  const BitsVec n = bits_of(shifted) - 0x4B400000u;
  const Vec whole = shifted - magic;
  const Vec r = x - whole * 0.693359375f + whole * 2.12194440e-4f;
  Vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const BitsVec half = (BitsVec)((IntVec)n >> 1);
  return p * power_of_two(half) * power_of_two(n - half);
}

// ln x as n ln 2 + ln m with m from √½ to √2 (FreeBSD's logf). Relative error below 2e-7; of 0 it is -∞, below that NaN.
UNROLL_INLINE Vec log(Vec x) {
  // Numbers below the least normal one have fewer digits: they are made larger first.
  const IntVec tiny = x < splat(1.17549435e-38f);
  const Vec scaled = tiny ? x * 8388608.0f : x;
  const BitsVec bits = bits_of(scaled) - 0x3F330000u;
  const IntVec n = ((IntVec)bits >> 23) - (tiny ? IntVec{} + 23 : IntVec{});
  const Vec f = of_bits((bits & 0x007FFFFFu) + 0x3F330000u) - 1.0f;
  const Vec s = f / (f + 2.0f);
  const Vec z = s * s;
  Vec r = z * 0.24279078841f + 0.28498786688f;
  r = r * z + 0.40000972152f;
  r = r * z + 0.66666662693f;
  r = r * z;
  const Vec half = f * f * 0.5f;
  const Vec whole = __builtin_convertvector(n, Vec);
  const Vec value = s * (half + r) + whole * 9.0580006145e-06f - half + f + whole * 6.9313812256e-01f;
  const Vec infinity = splat(__builtin_inff());
  // ∞ and NaN are given on; what is below zero has none.
  const Vec above = x < infinity ? value : x;
  return x > Vec{} ? above : (x == Vec{} ? -infinity : splat(__builtin_nanf("")));
}

UNROLL_INLINE Vec absolute(Vec x) { return of_bits(bits_of(x) & 0x7FFFFFFFu); }

// ln(1 + p) for p from 0 to 1: what is lost where 1 + p is rounded is made good by the quotient (Kahan).
UNROLL_INLINE Vec log_of_one_and(Vec p) {
  const Vec sum = p + 1.0f;
  const Vec rounded = sum - 1.0f;
  return rounded == Vec{} ? p : log(sum) * (p / rounded);
}

// ln(1 + e^x) as max(x, 0) + ln(1 + e^-|x|).
UNROLL_INLINE Vec softplus(Vec x) { return (x < Vec{} ? Vec{} : x) + log_of_one_and(exp(-absolute(x))); }

UNROLL_INLINE Vec square_root(Vec x) {
  float lanes[kLanes];
  store(lanes, x);
  for (int lane = 0; lane < kLanes; lane++) lanes[lane] = __builtin_sqrtf(lanes[lane]);
  return load(lanes);
}

}  // namespace unroll::UNROLL_ISA
