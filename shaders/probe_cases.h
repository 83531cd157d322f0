/* What the exact profile asks of a device, as small cases: one text for C, which says what comes out, and for GLSL, which is asked.
 * Inputs are words from a buffer, so that no compiler knows them. Included by shaders/probe.comp and platform/probe.c. Owns nothing,
 * never fails. */
#ifndef RLSP_SHADERS_PROBE_CASES_H
#define RLSP_SHADERS_PROBE_CASES_H

#include "shaders/exact_math.h"
#include "shaders/philox.h"
#ifdef GL_core_profile
#define PROBE_FUNCTION
#define PROBE_P precise
#define PROBE_FLOAT(x) float(x)
#define PROBE_INT(x) int(x)
#define PROBE_UINT(x) uint(x)
#else
#define PROBE_FUNCTION static inline
#define PROBE_P
#define PROBE_FLOAT(x) ((float)(x))
#define PROBE_INT(x) ((i32)(x))
#define PROBE_UINT(x) ((uint)(x))
#endif

/* Functions of exact_math.h: any word may come in. */
#define PROBE_EXP 0u
#define PROBE_LOG 1u
#define PROBE_SQRT 2u
#define PROBE_RSQRT 3u
#define PROBE_SIGMOID 4u
#define PROBE_SILU 5u
#define PROBE_TANH 6u
#define PROBE_DIVISION 7u
/* Traps: sums and products of ordinary floats that a fused, reordered or simplified operation would change. */
#define PROBE_ADD_PRODUCT 8u
#define PROBE_SUBTRACT_PRODUCT 9u
#define PROBE_SUM_OF_PRODUCTS 10u
#define PROBE_ADD_AND_TAKE_AWAY 11u
#define PROBE_SUM_ORDER 12u
#define PROBE_PRODUCT_ORDER 13u
#define PROBE_DISTRIBUTION 14u
#define PROBE_ERROR_OF_SUM 15u
#define PROBE_LONG_SUM 16u
/* Where devices flush, or keep, what is denormal: nothing may be seen of it. */
#define PROBE_THRESHOLDS 17u
#define PROBE_TINY_PRODUCT 18u
#define PROBE_NEGATIVE_ZERO 19u
/* Comparisons, integers, conversions. */
#define PROBE_COMPARISON 20u
#define PROBE_SHIFT 21u
#define PROBE_INTEGER_PRODUCT 22u
#define PROBE_CONVERSION 23u
/* Between the invocations of a workgroup. */
#define PROBE_ROW_SUM 24u
#define PROBE_EXCHANGE 25u
#define PROBE_OPERATIONS 26u

#define PROBE_GROUP 256u /* cases of a workgroup */

/* A float that is a quarter to four times 1, from any word: its sums and products are never denormal. */
PROBE_FUNCTION float probe_ordinary(uint word) {
  return ex_from_bits((word & 0x807fffffu) | (125u + ((word >> 23) & 3u)) << 23);
}

/* 64 products, summed one after another from the first. */
PROBE_FUNCTION uint probe_long_sum(uint a, uint b) {
  PROBE_P float sum = probe_ordinary(a) * probe_ordinary(b);
  for (uint i = 1u; i < 64u; i++) {
    a = a * 1664525u + 1013904223u;
    b = b * 22695477u + 1u;
    PROBE_P float product = probe_ordinary(a ^ a >> 16) * probe_ordinary(b ^ b >> 16);
    sum = sum + product;
  }
  return ex_bits(sum);
}

PROBE_FUNCTION uint probe_trap(uint operation, uint a_word, uint b_word, uint c_word) {
  PROBE_P float a = probe_ordinary(a_word), b = probe_ordinary(b_word), c = probe_ordinary(c_word);
  PROBE_P float x = a * b, y;
  if (operation == PROBE_ADD_PRODUCT) {
    x = x + c;
  } else if (operation == PROBE_SUBTRACT_PRODUCT) {
    x = c - x;
  } else if (operation == PROBE_SUM_OF_PRODUCTS) {
    y = b * c;
    x = x - y;
  } else if (operation == PROBE_ADD_AND_TAKE_AWAY) {
    x = a + b;
    x = x - a;
  } else if (operation == PROBE_SUM_ORDER) {
    x = a + b;
    x = x + c;
    x = x + a;
  } else if (operation == PROBE_PRODUCT_ORDER) {
    x = x * c;
    x = x * a;
  } else if (operation == PROBE_DISTRIBUTION) {
    y = a * c;
    x = x + y;
  } else { /* PROBE_ERROR_OF_SUM: what rounding a + b lost (Knuth) */
    x = a + b;
    y = x - a;
    PROBE_P float z = x - y;
    z = a - z;
    y = b - y;
    x = z + y;
  }
  return ex_bits(x);
}

PROBE_FUNCTION uint probe_threshold(uint a, uint b) {
  uint edge = (b & 1u) != 0u ? 0x26000000u : 0x0d800000u; /* 2^-51, 2^-100 */
  uint near = (a & EX_SIGN) | (edge - 8u + (a & 15u));
  float x = ex_from_bits((b & 6u) != 0u ? near : a);
  return ex_bits(ex_quiet(x)) ^ ex_bits(ex_flush(x)) << 1 ^ ex_bits(ex_ftz(x)) >> 1;
}

/* Operands of a matrix product at the smallest they may be: products near 2^-102, their sums, and what is stored of it. */
PROBE_FUNCTION uint probe_tiny_product(uint a_word, uint b_word, uint c_word) {
  float a = ex_from_bits((a_word & 0x807fffffu) | 76u << 23), b = ex_from_bits((b_word & 0x807fffffu) | 76u << 23);
  float c = ex_from_bits((c_word & 0x807fffffu) | 76u << 23);
  PROBE_P float first = a * b;
  PROBE_P float second = b * c;
  PROBE_P float sum = first + second;
  sum = sum + first;
  return ex_bits(sum) ^ ex_bits(ex_flush(first)) << 1 ^ ex_bits(ex_quiet(sum)) << 2;
}

PROBE_FUNCTION uint probe_negative_zero(uint a_word, uint b_word) {
  float zero = ex_from_bits(b_word & EX_SIGN), a = (a_word & 7u) == 0u ? ex_from_bits(a_word & EX_SIGN) : probe_ordinary(a_word);
  PROBE_P float sum = a + zero;
  PROBE_P float product = a * zero;
  PROBE_P float difference = zero - a;
  return ex_bits(sum) ^ ex_bits(product) >> 1 ^ ex_bits(difference) >> 2;
}

PROBE_FUNCTION uint probe_comparison(uint a_word, uint b_word) {
  /* Half of the time near each other; denormals aside, which compare as zeros where they are flushed. */
  float a = ex_ftz(ex_from_bits(a_word)), b = ex_ftz(ex_from_bits((b_word & 1u) != 0u ? a_word ^ (b_word & EX_SIGN) : b_word));
  uint bits = a < b ? 1u : 0u;
  bits = bits | (a <= b ? 2u : 0u) | (a > b ? 4u : 0u) | (a >= b ? 8u : 0u) | (a == b ? 16u : 0u);
  return bits | (a != b ? 32u : 0u);
}

PROBE_FUNCTION uint probe_shift(uint a, uint b) {
  uint by = b & 31u;
  uint kept = PROBE_UINT(PROBE_INT(a >> 1) >> PROBE_INT(by)) ^ (0u - (a >> 31));
  return (a << by) ^ (a >> by) ^ kept ^ (a / (b | 1u)) ^ (a % (b | 1u));
}

PROBE_FUNCTION uint probe_integer_product(uint a, uint b, uint c) {
  uint counter[4], key[2], words[4];
  counter[0] = a;
  counter[1] = b;
  counter[2] = c;
  counter[3] = 3u;
  key[0] = b ^ 0xdeadbeefu;
  key[1] = c;
  philox4x32_10(counter, key, words);
  return words[0] ^ words[1] ^ words[2] ^ words[3];
}

PROBE_FUNCTION uint probe_conversion(uint a, uint b) {
  PROBE_P float up = PROBE_FLOAT(a >> 8);
  PROBE_P float down = PROBE_FLOAT(PROBE_INT(b >> 8) - 8388608);
  return ex_bits(up) ^ ex_bits(down) << 1 ^ PROBE_UINT(PROBE_INT(up)) ^ PROBE_UINT(PROBE_INT(down));
}

/* The case of one invocation; not for those between invocations. */
PROBE_FUNCTION uint probe_case(uint operation, uint a, uint b, uint c) {
  float x = ex_from_bits(a);
  if (operation == PROBE_EXP) return ex_bits(ex_exp(x));
  if (operation == PROBE_LOG) return ex_bits(ex_log(x));
  if (operation == PROBE_SQRT) return ex_bits(ex_sqrt(x));
  if (operation == PROBE_RSQRT) return ex_bits(ex_rsqrt(x));
  if (operation == PROBE_SIGMOID) return ex_bits(ex_sigmoid(x));
  if (operation == PROBE_SILU) return ex_bits(ex_silu(x));
  if (operation == PROBE_TANH) return ex_bits(ex_tanh(x));
  if (operation == PROBE_DIVISION) return ex_bits(ex_div(x, ex_from_bits(b)));
  if (operation <= PROBE_ERROR_OF_SUM) return probe_trap(operation, a, b, c);
  if (operation == PROBE_LONG_SUM) return probe_long_sum(a, b);
  if (operation == PROBE_THRESHOLDS) return probe_threshold(a, b);
  if (operation == PROBE_TINY_PRODUCT) return probe_tiny_product(a, b, c);
  if (operation == PROBE_NEGATIVE_ZERO) return probe_negative_zero(a, b);
  if (operation == PROBE_COMPARISON) return probe_comparison(a, b);
  if (operation == PROBE_SHIFT) return probe_shift(a, b);
  if (operation == PROBE_INTEGER_PRODUCT) return probe_integer_product(a, b, c);
  return probe_conversion(a, b);
}

/* Who reads whose word in the exchange. */
PROBE_FUNCTION uint probe_partner(uint lane, uint word) { return (lane * 67u + word) % PROBE_GROUP; }

#ifndef GL_core_profile
#undef PROBE_FUNCTION
#undef PROBE_P
#undef PROBE_FLOAT
#undef PROBE_INT
#undef PROBE_UINT
#endif

#endif
