/* Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011): random words as a
 * function of a key and a counter. One text for C and for GLSL, without 64-bit integers. Owns nothing, never fails.
 *
 * Called by engine/random.c and the sample kernel; what the counter's words mean is written there. Equal to Random123
 * (tests/philox_test.c). */
#ifndef RLSP_SHADERS_PHILOX_H
#define RLSP_SHADERS_PHILOX_H

#ifdef GL_core_profile
#define PHILOX_FUNCTION
#define PHILOX_OUT out
#define PHILOX_FLOAT(x) float(x)
#else
#include "engine/types.h"
#define PHILOX_FUNCTION static inline
#define PHILOX_OUT
#define PHILOX_FLOAT(x) ((f32)(x))
typedef u32 uint;
#endif

/* The high half of a * b, from products of 16-bit halves. */
PHILOX_FUNCTION uint philox_multiply_high(uint a, uint b) {
  uint a_low = a & 0xffffu, a_high = a >> 16, b_low = b & 0xffffu, b_high = b >> 16;
  uint middle = a_high * b_low + ((a_low * b_low) >> 16);
  uint carry = a_low * b_high + (middle & 0xffffu);
  return a_high * b_high + (middle >> 16) + (carry >> 16);
}

PHILOX_FUNCTION void philox4x32_10(const uint counter[4], const uint key[2], PHILOX_OUT uint words[4]) {
  uint w0 = counter[0], w1 = counter[1], w2 = counter[2], w3 = counter[3];
  uint key0 = key[0], key1 = key[1];
  for (uint round = 0u; round < 10u; round++) {
    uint high0 = philox_multiply_high(0xd2511f53u, w0), low0 = 0xd2511f53u * w0;
    uint high1 = philox_multiply_high(0xcd9e8d57u, w2), low1 = 0xcd9e8d57u * w2;
    w0 = high1 ^ w1 ^ key0;
    w1 = low1;
    w2 = high0 ^ w3 ^ key1;
    w3 = low0;
    key0 = key0 + 0x9e3779b9u;
    key1 = key1 + 0xbb67ae85u;
  }
  words[0] = w0;
  words[1] = w1;
  words[2] = w2;
  words[3] = w3;
}

/* Uniform on [0, 1): a multiple of 2^-24, exact. */
PHILOX_FUNCTION float philox_unit(uint word) { return PHILOX_FLOAT(word >> 8) * 5.9604644775390625e-08f; }

#ifndef GL_core_profile
#undef PHILOX_FUNCTION
#undef PHILOX_OUT
#undef PHILOX_FLOAT
#endif

#endif
