// One vector of floats, as wide as the instructions this file is compiled for: 16 with AVX-512, 8 with AVX2, 4 otherwise (SSE2, NEON).
// The compiler's own vector type is used instead of intrinsics, so the cells read like their equations on every processor.
#pragma once

#include <cstring>

#ifndef UNROLL_ISA
#error "UNROLL_ISA names the namespace that this instruction set's kernels are compiled into"
#endif

#define UNROLL_INLINE inline __attribute__((always_inline))
// Between a lambda's parameters and its body.
#define UNROLL_LAMBDA __attribute__((always_inline))

namespace unroll::UNROLL_ISA {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

// Not named in signatures of functions that are called across files: its size differs between instruction sets.
typedef float Vec __attribute__((vector_size(kLanes * sizeof(float))));

// Rows of a register tile. With four vectors a row its sums fill most registers: 24 of 32, or 12 of 16. The sanitizers' build takes
// fewer, to be compiled in reasonable time.
#if defined(UNROLL_TILE_ROWS)
constexpr int kTileRows = UNROLL_TILE_ROWS;
#elif defined(__AVX512F__) || defined(__aarch64__)
constexpr int kTileRows = 6;
#elif defined(__wasm__)
constexpr int kTileRows = 2;
#else
constexpr int kTileRows = 3;
#endif

UNROLL_INLINE Vec load(const float* from) {
  Vec value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

UNROLL_INLINE void store(float* to, Vec value) { std::memcpy(to, &value, sizeof value); }

// The last vector of a row whose width is not a multiple of the lanes.
UNROLL_INLINE Vec load(const float* from, int count) {
  if (count >= kLanes) return load(from);
  Vec value = {};
  std::memcpy(&value, from, count * sizeof(float));
  return value;
}

UNROLL_INLINE void store(float* to, Vec value, int count) {
  if (count >= kLanes) return store(to, value);
  std::memcpy(to, &value, count * sizeof(float));
}

UNROLL_INLINE Vec splat(float value) { return value - Vec{}; }

// a * b + c, in one instruction where there is one.
UNROLL_INLINE Vec multiply_add(Vec a, Vec b, Vec c) {
#if defined(__wasm_relaxed_simd__)
  return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
  return a * b + c;
#endif
}

// Not signed: sums of bits may leave the numbers of 32 bits, where a number is NaN.
typedef unsigned BitsVec __attribute__((vector_size(sizeof(Vec))));

UNROLL_INLINE BitsVec bits_of(Vec value) {
  BitsVec bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
UNROLL_INLINE Vec of_bits(BitsVec bits) {
  Vec value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// Numbers of lanes, as a list.
template <int... Lane>
struct Lanes {};
#if defined(__AVX512F__)
using AllLanes = Lanes<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15>;
#elif defined(__AVX2__)
using AllLanes = Lanes<0, 1, 2, 3, 4, 5, 6, 7>;
#else
using AllLanes = Lanes<0, 1, 2, 3>;
#endif

// A vector out of two: lane by lane the one at `Lane` of a, or of b from kLanes on.
template <int... Lane>
UNROLL_INLINE Vec choose(Vec a, Vec b) {
#if defined(__clang__) || __GNUC__ >= 12
  return __builtin_shufflevector(a, b, Lane...);
#else
  typedef int Index __attribute__((vector_size(sizeof(Vec))));
  return __builtin_shuffle(a, b, Index{Lane...});
#endif
}

// tanh as x P(x²) / Q(x²) with P of degree 5 and Q of degree 4, a minimax fit of the relative error on [0, 8] (3.3e-10 before
// rounding); beyond 8, tanh(8). Largest error: 3e-7 (5 units in the last place), never above 1 (native-ops.test.ts).
UNROLL_INLINE Vec tanh(Vec x) {
  const Vec limit = splat(8.0f);
  x = x > limit ? limit : x;
  x = x < -limit ? -limit : x;
  const Vec t = x * x;
  Vec p = t * -1.4546535850867848e-11f + 3.357042643870045e-08f;
  p = p * t + 2.9204371458035894e-05f;
  p = p * t + 0.00392660079523921f;
  p = p * t + 0.13726182281970978f;
  p = p * t + 1.0f;
  Vec q = t * 1.3723190477321623e-06f + 0.00040420793811790645f;
  q = q * t + 0.027458325028419495f;
  q = q * t + 0.4705951511859894f;
  q = q * t + 1.0f;
  return x * p / q;
}

// Largest error: 2e-7. Exactly 0 and 1 are not reached before the argument's rounding reaches them.
UNROLL_INLINE Vec sigmoid(Vec x) { return tanh(x * 0.5f) * 0.5f + 0.5f; }

}  // namespace unroll::UNROLL_ISA
