// float16 (IEEE 754 binary16) in plain arithmetic: not every compiler has the type.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace half {

// The nearest number of float16, ties to even: 11 bits, fewer below 2^-14, none below 2^-25; infinity beyond 65504.
inline double nearest(double value) {
  if (!std::isfinite(value) || value == 0) return value;
  int exponent = 0;
  std::frexp(value, &exponent);
  const int last = (exponent < -13 ? -13 : exponent) - 11;
  const double number = std::ldexp(std::nearbyint(std::ldexp(value, -last)), last);
  return std::fabs(number) > 65504 ? std::copysign(std::numeric_limits<double>::infinity(), value) : number;
}

inline uint16_t to_bits(double value) {
  const double number = nearest(value), size = std::fabs(number);
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(number)) return sign | 0x7e00;
  if (std::isinf(number)) return sign | 0x7c00;
  // Below 2^-14 a whole number of 2^-24.
  if (size < std::ldexp(1, -14)) return sign | static_cast<uint16_t>(std::ldexp(size, 24));
  int exponent = 0;
  const double fraction = std::frexp(size, &exponent);
  return sign | static_cast<uint16_t>(((exponent + 14) << 10) + static_cast<int>(std::ldexp(fraction, 11)) - 1024);
}

inline float from_bits(uint16_t bits) {
  const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
  const double size = exponent == 0    ? std::ldexp(fraction, -24)
                      : exponent < 31  ? std::ldexp(1024 + fraction, exponent - 25)
                      : fraction == 0  ? std::numeric_limits<double>::infinity()
                                       : std::numeric_limits<double>::quiet_NaN();
  return static_cast<float>((bits & 0x8000) != 0 ? -size : size);
}

}  // namespace half
