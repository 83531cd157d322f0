/* Double functions from + - * / and integers alone: the same bits on every machine, compiler and C library, for what is
 * computed on the host and reaches the weights (RoPE tables, schedules, initialisation scales). Not for kernels:
 * devices need not have double.
 *
 * Called by model and learn. Header only, owns nothing, never fails. Accurate to a few units of the last place inside
 * the ranges given; no NaNs, infinities or denormals are catered for outside them. */
#ifndef RLSP_ENGINE_KERNELS_EXACT_DOUBLE_H
#define RLSP_ENGINE_KERNELS_EXACT_DOUBLE_H

#include <string.h>

#include "engine/types.h"

#define EXACT_LN2_HIGH 6.93147180369123816490e-01 /* 33 bits: its products with exponents are exact */
#define EXACT_LN2_LOW 1.90821492927058770002e-10
#define EXACT_ROUNDER 6755399441055744.0 /* 1.5 * 2^52: adding it rounds to an integer, held in the low bits */

static inline u64 exact_bits64(f64 x) {
  u64 bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline f64 exact_from_bits64(u64 bits) {
  f64 x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* x to the nearest integer: as a double, and its low bits. |x| < 2^51. */
static inline f64 exact_round64(f64 x, u64 *integer) {
  const f64 shifted = x + EXACT_ROUNDER;
  *integer = exact_bits64(shifted) - exact_bits64(EXACT_ROUNDER);
  return shifted - EXACT_ROUNDER;
}

/* e^x: |x| <= 700 (beyond: 0, or the value at 700). Taylor's series on |r| <= ln2 / 2, 20 terms. */
static inline f64 exact_exp64(f64 x) {
  if (x < -700) return 0;
  if (x > 700) x = 700;
  u64 n;
  const f64 n_float = exact_round64(x * 1.4426950408889634, &n);
  f64 r = x - n_float * EXACT_LN2_HIGH;
  r = r - n_float * EXACT_LN2_LOW;
  f64 sum = 1.0;
  for (int i = 20; i > 0; i--) sum = 1.0 + sum * (r / i);
  return exact_from_bits64(exact_bits64(sum) + (n << 52));
}

/* log x: x a positive normal number. log m = 2 atanh((m - 1) / (m + 1)), sqrt(1/2) <= m < sqrt 2, 24 terms. */
static inline f64 exact_log64(f64 x) {
  const u64 bits = exact_bits64(x);
  const u64 root_half = 0x3fe6a09e667f3bcdu;
  const i64 e = ((i64)(bits - root_half)) >> 52;
  const f64 m = exact_from_bits64(bits - ((u64)e << 52));
  const f64 s = (m - 1.0) / (m + 1.0), z = s * s;
  f64 tail = 0;
  for (int i = 24; i > 0; i--) tail = z * (tail + 1.0 / (2 * i + 1));
  return (f64)e * EXACT_LN2_HIGH + ((f64)e * EXACT_LN2_LOW + 2.0 * s * tail + 2.0 * s);
}

/* sin x and cos x: |x| <= 2^20. Reduced by pi/2 in three parts, Taylor's series on |r| <= pi/4. */
static inline void exact_sincos64(f64 x, f64 *sine, f64 *cosine) {
  u64 n;
  const f64 n_float = exact_round64(x * 6.36619772367581382433e-01, &n);
  f64 r = x - n_float * 1.57079632673412561417;
  r = r - n_float * 6.07710050630396597660e-11;
  r = r - n_float * 2.02226624879595063154e-21;
  const f64 z = r * r;
  f64 s = 1.0, c = 1.0;
  for (int i = 11; i > 0; i--) {
    s = 1.0 - s * (z / (2 * i * (2 * i + 1)));
    c = 1.0 - c * (z / ((2 * i - 1) * 2 * i));
  }
  s = s * r;
  const f64 first = n & 1 ? c : s, second = n & 1 ? s : c;
  *sine = n & 2 ? -first : first;
  *cosine = (n + 1) & 2 ? -second : second;
}

static inline f64 exact_sin64(f64 x) {
  f64 sine, cosine;
  exact_sincos64(x, &sine, &cosine);
  return sine;
}

static inline f64 exact_cos64(f64 x) {
  f64 sine, cosine;
  exact_sincos64(x, &sine, &cosine);
  return cosine;
}

/* base^exponent: base a positive normal number, |exponent * log(base)| <= 700; relative error about that product's size
 * in units of 2^-52. */
static inline f64 exact_pow64(f64 base, f64 exponent) { return exact_exp64(exponent * exact_log64(base)); }

/* sqrt x: x >= 0, 0 or normal; within one unit of the last place. Newton's steps from the exponent's half. */
static inline f64 exact_sqrt64(f64 x) {
  if (x <= 0) return 0;
  f64 root = exact_from_bits64((exact_bits64(x) >> 1) + 0x1ff7a3bea91d9b1bu);
  for (int i = 0; i < 5; i++) root = 0.5 * (root + x / root);
  return root;
}

#endif
