/* Elementary functions with the same bits on every device: one text for C and for GLSL.
 *
 * Read by every kernel (engine/kernels) and every shader. Owns nothing, never fails. Only + - * on float, comparisons
 * and integer operations: what every device rounds alike (ARCHITECTURE.md, Numerics). No branches: a compiler turns a
 * loop over any of these into vector code, and a GPU does not diverge.
 *
 *   function     largest error       special values
 *   ex_exp       0.98 ulp            x < -87: +0; x > 88.72283: inf; the result is never denormal
 *   ex_log       0.84 ulp            0 and denormals: -inf; negative: NaN
 *   ex_div       correctly rounded   denormal operands are 0; below 2^-126, after rounding to 24 bits: 0
 *   ex_sqrt      correctly rounded   denormals: 0 with their sign; negative: NaN
 *   ex_rsqrt     1.5 ulp             two roundings: 1 / sqrt
 *   ex_sigmoid   2.5 ulp             three roundings
 *   ex_silu      2.5 ulp             -inf: NaN
 *   ex_tanh      1.45 ulp            denormals: 0 with their sign
 *
 * NaN results are all 0x7fc00000. In C the thread must flush denormals (platform/cpu does) wherever operands or results
 * may be denormal.
 *
 * Three thresholds make values safe against devices that keep denormals and devices that flush them:
 *
 *   ex_ftz    |x| < 2^-126: 0 with x's sign   for reading what may be denormal
 *   ex_flush  |x| < 2^-100: +0                stored by elementwise kernels: their sums are never denormal
 *   ex_quiet  |x| < 2^-51: +0                 operands of matrix products: no product or partial sum is denormal
 */
#ifndef RLSP_SHADERS_EXACT_MATH_H
#define RLSP_SHADERS_EXACT_MATH_H

/* P marks a float result that must not be contracted or reassociated; in C -ffp-contract=off does that for all. */
#ifdef GL_core_profile
#define P precise
#define EX_FUNCTION
#define EX_UINT(x) uint(x)
#define EX_INT(x) int(x)
#define EX_FLOAT(x) float(x)
#define ex_bits floatBitsToUint
#define ex_from_bits uintBitsToFloat
#else
#include <string.h>

#include "engine/types.h"

#define P
#define EX_FUNCTION static inline
#define EX_UINT(x) ((uint)(x))
#define EX_INT(x) ((i32)(x))
#define EX_FLOAT(x) ((f32)(x))
typedef u32 uint;
EX_FUNCTION uint ex_bits(float x) {
  uint bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
EX_FUNCTION float ex_from_bits(uint bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
#endif

#define EX_SIGN 0x80000000u
#define EX_MAGNITUDE 0x7fffffffu
#define EX_MANTISSA 0x007fffffu
#define EX_IMPLICIT 0x00800000u /* the mantissa's leading one; also the smallest normal number's bits */
#define EX_ONE_BITS 0x3f800000u
#define EX_INF_BITS 0x7f800000u
#define EX_NAN_BITS 0x7fc00000u
#define EX_NAN ex_from_bits(EX_NAN_BITS)
#define EX_INF ex_from_bits(EX_INF_BITS)

EX_FUNCTION float ex_ftz(float x) {
  uint bits = ex_bits(x);
  return ex_from_bits((bits & EX_MAGNITUDE) < EX_IMPLICIT ? bits & EX_SIGN : bits);
}
/* Magnitudes below the number with these bits become +0. */
EX_FUNCTION float ex_zero_below(float x, uint threshold_bits) {
  uint bits = ex_bits(x);
  return ex_from_bits((bits & EX_MAGNITUDE) < threshold_bits ? 0u : bits);
}
EX_FUNCTION float ex_quiet(float x) { return ex_zero_below(x, 0x26000000u); }   /* 2^-51 */
EX_FUNCTION float ex_quiet60(float x) { return ex_zero_below(x, 0x21800000u); } /* 2^-60, for squares */
EX_FUNCTION float ex_flush(float x) { return ex_zero_below(x, 0x0d800000u); }   /* 2^-100 */
EX_FUNCTION float ex_canonical(float x) {
  uint bits = ex_bits(x);
  return ex_from_bits((bits & EX_MAGNITUDE) > EX_INF_BITS ? EX_NAN_BITS : bits);
}

/* ln 2 in two parts: the high one has 15 bits, so that its products with exponents are exact. */
#define EX_LN2_HIGH ex_from_bits(0x3f317200u)
#define EX_LN2_LOW ex_from_bits(0x35bfbe8eu)

/* e^x = 2^n e^r, |r| <= ln2 / 2 (Cody and Waite); e^r = 1 + r + r^2 q(r), q of degree 4 (minimax). Gives the bits;
 * x is from -87 to 88.72283. */
EX_FUNCTION uint ex_exp_bits(float x) {
  P float scaled = x * ex_from_bits(0x3fb8aa3bu); /* log2 e */
  P float shifted = scaled + 12582912.0f;         /* 1.5 * 2^23: the integer part lands in the low bits */
  uint n = ex_bits(shifted) - 0x4b400000u;
  P float n_float = shifted - 12582912.0f;
  P float high = n_float * EX_LN2_HIGH;
  P float r = x - high;
  P float low = n_float * EX_LN2_LOW;
  r = r - low;
  P float q = r * ex_from_bits(0x3ab5109eu);
  q = q + ex_from_bits(0x3c091dcfu);
  q = q * r;
  q = q + ex_from_bits(0x3d2aac7eu);
  q = q * r;
  q = q + ex_from_bits(0x3e2aaa48u);
  q = q * r;
  q = q + ex_from_bits(0x3efffffeu);
  P float r2 = r * r;
  P float sum = r2 * q;
  sum = sum + r;
  sum = sum + 1.0f;
  return ex_bits(sum) + (n << 23);
}

EX_FUNCTION float ex_exp(float x) {
  uint x_bits = ex_bits(x), result = ex_exp_bits(x);
  result = x_bits > 0xc2ae0000u ? 0u : result;                              /* x < -87 */
  result = x_bits > 0x42b17217u && x_bits < EX_SIGN ? EX_INF_BITS : result; /* x > 88.72283 */
  result = (x_bits & EX_MAGNITUDE) > EX_INF_BITS ? EX_NAN_BITS : result;
  return ex_from_bits(result);
}

/* x = 2^e (1 + f), sqrt(1/2) <= 1 + f < sqrt 2; log(1 + f) = f - f^2 / 2 + f^3 p(f), p of degree 8 (minimax). */
EX_FUNCTION float ex_log(float x) {
  uint x_bits = ex_bits(x);
  uint e = (x_bits - 0x3f3504f3u) >> 23;
  e = e >= 256u ? e | 0xfffffe00u : e; /* an arithmetic shift, spelled without signs */
  P float f = ex_from_bits(x_bits - (e << 23));
  f = f - 1.0f;
  P float e_float = EX_FLOAT(EX_INT(e));
  P float p = f * ex_from_bits(0x3d8a2ae9u);
  p = p + ex_from_bits(0xbdef1e1du);
  p = p * f;
  p = p + ex_from_bits(0x3df378abu);
  p = p * f;
  p = p + ex_from_bits(0xbdfe1105u);
  p = p * f;
  p = p + ex_from_bits(0x3e119babu);
  p = p * f;
  p = p + ex_from_bits(0xbe2aae26u);
  p = p * f;
  p = p + ex_from_bits(0x3e4cd25bu);
  p = p * f;
  p = p + ex_from_bits(0xbe800003u);
  p = p * f;
  p = p + ex_from_bits(0x3eaaaaa4u);
  P float f2 = f * f;
  P float f3 = f2 * f;
  P float y = f3 * p;
  P float low = e_float * EX_LN2_LOW;
  y = y + low;
  P float half_square = f2 * 0.5f;
  y = y - half_square;
  y = y + f;
  P float high = e_float * EX_LN2_HIGH;
  y = y + high;
  uint result = ex_bits(y);
  result = x_bits == EX_INF_BITS ? EX_INF_BITS : result;
  result = x_bits > EX_INF_BITS ? EX_NAN_BITS : result; /* NaN, and everything negative */
  result = (x_bits & EX_MAGNITUDE) < EX_IMPLICIT ? 0xff800000u : result;
  return ex_from_bits(result);
}

/* 1 / b within a few ulp, b in [1, 2): three Newton steps. */
EX_FUNCTION float ex_reciprocal_mantissa(float b) {
  P float y = ex_from_bits(0x7ef311c7u - ex_bits(b));
  P float e;
  e = b * y;
  e = 2.0f - e;
  y = y * e;
  e = b * y;
  e = 2.0f - e;
  y = y * e;
  e = b * y;
  e = 2.0f - e;
  y = y * e;
  return y;
}

/* a / b: a quotient of 25 bits from floats, made exact by its integer remainder, then rounded to nearest even. */
EX_FUNCTION float ex_div_by_integers(float a, float b) {
  uint a_bits = ex_bits(a), b_bits = ex_bits(b);
  uint sign = (a_bits ^ b_bits) & EX_SIGN;
  uint a_size = a_bits & EX_MAGNITUDE, b_size = b_bits & EX_MAGNITUDE;
  uint a_mantissa = (a_size & EX_MANTISSA) | EX_IMPLICIT, b_mantissa = (b_size & EX_MANTISSA) | EX_IMPLICIT;
  uint smaller = a_mantissa < b_mantissa ? 1u : 0u;
  uint exponent = (a_size >> 23) - (b_size >> 23) + 127u - smaller; /* may wrap: bit 31 is its sign */

  P float b_float = ex_from_bits((b_size & EX_MANTISSA) | EX_ONE_BITS);
  P float a_float = ex_from_bits((a_size & EX_MANTISSA) | EX_ONE_BITS);
  P float y = ex_reciprocal_mantissa(b_float);
  P float estimate = a_float * y;
  estimate = estimate * (smaller != 0u ? 33554432.0f : 16777216.0f);
  uint quotient = EX_UINT(EX_INT(estimate));
  uint rest = (a_mantissa << (24u + smaller)) - quotient * b_mantissa; /* exact modulo 2^32; the true one is small */
  P float correction = EX_FLOAT(EX_INT(rest));
  correction = correction * y;
  correction = correction * 1.1920928955078125e-07f;
  uint step = EX_UINT(EX_INT(correction)); /* at most about 8 either way, then at most one or two */
  quotient = quotient + step;
  rest = rest - step * b_mantissa;
  uint off = rest >> 31;
  quotient = quotient - off;
  rest = rest + ((0u - off) & b_mantissa);
  off = rest >> 31;
  quotient = quotient - off;
  rest = rest + ((0u - off) & b_mantissa);
  off = rest >= b_mantissa ? 1u : 0u;
  quotient = quotient + off;
  rest = rest - ((0u - off) & b_mantissa);

  uint rounded = quotient >> 1;
  uint sticky = rest != 0u ? 1u : 0u;
  rounded = rounded + (quotient & (sticky | rounded) & 1u);
  uint result = sign | ((exponent << 23) + (rounded - EX_IMPLICIT)); /* a carry moves up into the exponent */
  exponent = exponent + (rounded >> 24);
  result = EX_INT(exponent) >= 255 ? sign | EX_INF_BITS : result;
  result = EX_INT(exponent) <= 0 ? sign : result;

  uint zero_infinite = sign | EX_INF_BITS; /* what 0 / 0 and inf / inf overrule below */
  result = a_size < EX_IMPLICIT ? sign : result;
  result = b_size == EX_INF_BITS ? sign : result;
  result = b_size < EX_IMPLICIT ? (a_size < EX_IMPLICIT ? EX_NAN_BITS : zero_infinite) : result;
  result = a_size == EX_INF_BITS ? (b_size == EX_INF_BITS ? EX_NAN_BITS : zero_infinite) : result;
  result = a_size > EX_INF_BITS ? EX_NAN_BITS : result;
  result = b_size > EX_INF_BITS ? EX_NAN_BITS : result;
  return ex_from_bits(result);
}

/* sqrt x: a root of 25 bits from floats, made exact by its integer remainder, then rounded to nearest even. */
EX_FUNCTION float ex_sqrt_by_integers(float x) {
  uint x_bits = ex_bits(x), size = x_bits & EX_MAGNITUDE;
  uint exponent = size >> 23, mantissa = (size & EX_MANTISSA) | EX_IMPLICIT;
  uint odd = (exponent & 1u) ^ 1u;
  P float m = ex_from_bits((size & EX_MANTISSA) | EX_ONE_BITS);
  m = m * (odd != 0u ? 2.0f : 1.0f); /* in [1, 4) */
  P float y = ex_from_bits(0x5f375a86u - (ex_bits(m) >> 1));
  P float half_m = m * 0.5f;
  P float t;
  t = y * y;
  t = t * half_m;
  t = 1.5f - t;
  y = y * t;
  t = y * y;
  t = t * half_m;
  t = 1.5f - t;
  y = y * t;
  t = y * y;
  t = t * half_m;
  t = 1.5f - t;
  y = y * t;
  P float estimate = m * y;
  estimate = estimate * 16777216.0f;
  uint root = EX_UINT(EX_INT(estimate));
  uint rest = (mantissa << (25u + odd)) - root * root; /* exact modulo 2^32; the true one is small */
  P float correction = EX_FLOAT(EX_INT(rest));
  correction = correction * y;
  correction = correction * 2.98023223876953125e-08f;
  uint step = EX_UINT(EX_INT(correction));
  rest = rest - step * (root + root + step);
  root = root + step;
  uint off = rest >> 31;
  root = root - off;
  rest = rest + ((0u - off) & (root + root + 1u));
  off = rest >> 31;
  root = root - off;
  rest = rest + ((0u - off) & (root + root + 1u));
  off = rest >= root + root + 1u ? 1u : 0u;
  rest = rest - ((0u - off) & (root + root + 1u));
  root = root + off;

  uint rounded = root >> 1;
  uint sticky = rest != 0u ? 1u : 0u;
  rounded = rounded + (root & (sticky | rounded) & 1u);
  uint result = (((exponent - odd + 127u) >> 1) << 23) + (rounded - EX_IMPLICIT);
  result = size == EX_INF_BITS ? EX_INF_BITS : result;
  result = x_bits > EX_SIGN || size > EX_INF_BITS ? EX_NAN_BITS : result;
  result = size < EX_IMPLICIT ? x_bits & EX_SIGN : result;
  return ex_from_bits(result);
}

/* x86 rounds division and square root correctly, flushes operands under DAZ and, under FTZ, results that are tiny after
 * rounding: the same bits but for NaNs (proved by comparison: tests/exact_math_test.c). Arm flushes what is tiny before
 * rounding, so it does without. */
#if defined(__x86_64__) && !defined(GL_core_profile)
EX_FUNCTION float ex_div(float a, float b) { return ex_canonical(a / b); }
EX_FUNCTION float ex_sqrt(float x) { return ex_canonical(__builtin_sqrtf(x)); }
#else
EX_FUNCTION float ex_div(float a, float b) { return ex_div_by_integers(a, b); }
EX_FUNCTION float ex_sqrt(float x) { return ex_sqrt_by_integers(x); }
#endif

EX_FUNCTION float ex_rsqrt(float x) { return ex_div(1.0f, ex_sqrt(x)); }

EX_FUNCTION float ex_sigmoid(float x) {
  P float denominator = ex_exp(-x);
  denominator = denominator + 1.0f;
  return ex_div(1.0f, denominator);
}

EX_FUNCTION float ex_silu(float x) {
  P float denominator = ex_exp(-x);
  denominator = denominator + 1.0f;
  return ex_div(x, denominator);
}

/* |x| < 0.55: x + x^3 p(x^2), p of degree 4 (minimax); beyond: 1 - 2 / (e^2|x| + 1), which is 1 from 9.02 on. */
EX_FUNCTION float ex_tanh(float x) {
  uint x_bits = ex_bits(x), size = x_bits & EX_MAGNITUDE;
  P float a = ex_from_bits(size);
  P float z = a * a;
  P float p = z * ex_from_bits(0xbbc185f3u);
  p = p + ex_from_bits(0x3caa700au);
  p = p * z;
  p = p + ex_from_bits(0xbd5c4f6cu);
  p = p * z;
  p = p + ex_from_bits(0x3e0884eeu);
  p = p * z;
  p = p + ex_from_bits(0xbeaaaa9fu);
  P float near = z * p;
  near = near * a;
  near = near + a;
  P float twice = ex_from_bits(size < 0x41200000u ? size : 0x41200000u); /* at most 10 */
  twice = twice + twice;
  P float denominator = ex_from_bits(ex_exp_bits(twice));
  denominator = denominator + 1.0f;
  P float far = ex_div(2.0f, denominator);
  far = 1.0f - far;
  uint result = size < 0x3f0ccccdu ? ex_bits(ex_ftz(near)) : ex_bits(far); /* 0.55 */
  result = result | (x_bits & EX_SIGN);
  result = size > EX_INF_BITS ? EX_NAN_BITS : result;
  return ex_from_bits(result);
}

#ifndef GL_core_profile
#undef P
#undef EX_FUNCTION
#undef EX_UINT
#undef EX_INT
#undef EX_FLOAT
#endif

#endif
