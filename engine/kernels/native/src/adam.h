// The numbers of an Adam update, for a stretch of one parameter.
#pragma once

#include "problem.h"
#include "simd.h"

namespace unroll::UNROLL_ISA {

inline double adam_squares(const float* gradient, long count, float limit) {
  double sum = 0;
  const Vec most = splat(limit);
  // Sums of 256 in single precision, then in double: as exact as the data, and still fast.
  for (long start = 0; start < count; start += 256) {
    const long end = count - start < 256 ? count : start + 256;
    Vec part = {};
    for (long i = start; i < end; i += kLanes) {
      Vec g = load(gradient + i, static_cast<int>(end - i < kLanes ? end - i : kLanes));
      g = g < -most ? -most : g;
      g = g > most ? most : g;
      part += g * g;
    }
    float lanes = 0;
    for (int lane = 0; lane < kLanes; lane++) lanes += part[lane];
    sum += static_cast<double>(lanes);
  }
  return sum;
}

inline void adam_update(const AdamPiece& piece, const AdamSettings& set, float limit, float factor) {
  const float* __restrict__ weights = piece.weights;
  const float* __restrict__ gradients = piece.gradient;
  float* __restrict__ updated = piece.updated;
  float* __restrict__ mean = piece.mean;
  float* __restrict__ square = piece.square;
  const float decay = piece.decay, shrink = piece.shrink;
  const float rate = set.rate, epsilon = set.epsilon;
  const float beta1 = set.beta1, beta2 = set.beta2;
  const float keep1 = 1 - beta1, keep2 = 1 - beta2;
  for (long i = 0; i < piece.count; i++) {
    float g = gradients[i];
    g = g < -limit ? -limit : g;
    g = g > limit ? limit : g;
    g = g * factor + decay * weights[i];
    const float m = beta1 * mean[i] + keep1 * g;
    const float v = beta2 * square[i] + keep2 * (g * g);
    mean[i] = m;
    square[i] = v;
    updated[i] = shrink * weights[i] - rate * (m / (__builtin_sqrtf(v) + epsilon));
  }
}

}  // namespace unroll::UNROLL_ISA
