/* Vectors as wide as the instruction set this file is compiled for: GCC's vector extensions, so one text serves x86 and
 * Arm. Operations are lane by lane and rounded as the scalar ones; nothing here fuses. Included by kernels; owns
 * nothing, never fails. */
#ifndef RLSP_ENGINE_KERNELS_SIMD_H
#define RLSP_ENGINE_KERNELS_SIMD_H

#include <string.h>

#include "shaders/exact_math.h"

#if defined(__AVX512F__)
#define SIMD_WIDTH 16u
#define SIMD_REGISTERS 32u
#elif defined(__AVX__)
#define SIMD_WIDTH 8u
#define SIMD_REGISTERS 16u
#else
#define SIMD_WIDTH 4u
#define SIMD_REGISTERS 16u
#endif
#define SIMD_BYTES (4 * SIMD_WIDTH)
#define SIMD_INLINE static inline __attribute__((always_inline))

typedef f32 simd_f32 __attribute__((vector_size(SIMD_BYTES)));
typedef u32 simd_u32 __attribute__((vector_size(SIMD_BYTES)));
typedef i32 simd_i32 __attribute__((vector_size(SIMD_BYTES)));

SIMD_INLINE simd_f32 simd_load(const f32 *from) {
  simd_f32 x;
  memcpy(&x, from, sizeof x);
  return x;
}
SIMD_INLINE void simd_store(f32 *to, simd_f32 x) { memcpy(to, &x, sizeof x); }
SIMD_INLINE simd_f32 simd_zero(void) { return (simd_f32){0}; }
/* All lanes x. (x - 0 is x, whatever x's sign.) */
SIMD_INLINE simd_f32 simd_all(f32 x) { return x - (simd_f32){0}; }

/* The first `count` lanes; the others are 0. */
SIMD_INLINE simd_f32 simd_load_part(const f32 *from, u32 count) {
  f32 lane[SIMD_WIDTH] = {0};
  memcpy(lane, from, sizeof(f32) * count);
  return simd_load(lane);
}
SIMD_INLINE void simd_store_part(f32 *to, simd_f32 x, u32 count) {
  f32 lane[SIMD_WIDTH];
  simd_store(lane, x);
  memcpy(to, lane, sizeof(f32) * count);
}

/* Lane by lane: yes where the mask is all ones, no where it is 0. */
SIMD_INLINE simd_u32 simd_choose(simd_u32 mask, simd_u32 yes, simd_u32 no) { return (yes & mask) | (no & ~mask); }

/* exact_math.h's functions, lane by lane and bit for bit; a loop over those is not always made into vectors. */
SIMD_INLINE simd_f32 simd_quiet(simd_f32 x) {
  const simd_u32 bits = (simd_u32)x;
  return (simd_f32)(bits & ~(simd_u32)((bits & EX_MAGNITUDE) < 0x26000000u));
}
SIMD_INLINE simd_f32 simd_canonical(simd_f32 x) {
  const simd_u32 bits = (simd_u32)x;
  return (simd_f32)simd_choose((simd_u32)((bits & EX_MAGNITUDE) > EX_INF_BITS), bits - bits + EX_NAN_BITS, bits);
}
/* quiet(ex_div(a, b)): where hardware would round a tiny quotient otherwise, the quieting takes it. */
SIMD_INLINE simd_f32 simd_quiet_div(simd_f32 a, simd_f32 b) { return simd_quiet(simd_canonical(a / b)); }
/* quiet(exp(x)) where x <= 0 or NaN. */
SIMD_INLINE simd_f32 simd_quiet_exp(simd_f32 x) {
  const simd_u32 bits = (simd_u32)x;
  const simd_f32 shifted = x * ex_from_bits(0x3fb8aa3bu) + 12582912.0f;
  const simd_u32 n = (simd_u32)shifted - 0x4b400000u;
  const simd_f32 n_float = shifted - 12582912.0f;
  const simd_f32 r = (x - n_float * EX_LN2_HIGH) - n_float * EX_LN2_LOW;
  simd_f32 q = r * ex_from_bits(0x3ab5109eu) + ex_from_bits(0x3c091dcfu);
  q = q * r + ex_from_bits(0x3d2aac7eu);
  q = q * r + ex_from_bits(0x3e2aaa48u);
  q = q * r + ex_from_bits(0x3efffffeu);
  const simd_f32 sum = ((r * r) * q + r) + 1.0f;
  const simd_u32 magnitude = bits & EX_MAGNITUDE, result = (simd_u32)sum + (n << 23);
  /* x < -87, whose power would not be a normal number, or a power (never negative) below 2^-51: +0 */
  const simd_u32 small = (simd_u32)(magnitude > 0x42ae0000u) | (simd_u32)(result < 0x26000000u);
  return (simd_f32)simd_choose((simd_u32)(magnitude > EX_INF_BITS), bits - bits + EX_NAN_BITS, result & ~small);
}

/* lanes.h's key of each lane, and the larger lanes. */
SIMD_INLINE simd_i32 simd_key(simd_f32 x) {
  const simd_u32 bits = (simd_u32)x;
  return (simd_i32)(bits ^ ((0u - (bits >> 31)) & EX_MAGNITUDE));
}
SIMD_INLINE simd_i32 simd_max(simd_i32 a, simd_i32 b) {
  return (simd_i32)simd_choose((simd_u32)(a > b), (simd_u32)a, (simd_u32)b);
}

/* Lane l of the result is lane l + n; what comes round is not used. */
#if SIMD_WIDTH == 16
#define SIMD_DOWN(x, n)                                                                                             \
  __builtin_shufflevector(x, x, n, (n) + 1, (n) + 2, (n) + 3, (n) + 4, (n) + 5, (n) + 6, (n) + 7, (n) + 8, (n) + 9, \
                          (n) + 10, (n) + 11, (n) + 12, (n) + 13, (n) + 14, (n) + 15)
#elif SIMD_WIDTH == 8
#define SIMD_DOWN(x, n) __builtin_shufflevector(x, x, n, (n) + 1, (n) + 2, (n) + 3, (n) + 4, (n) + 5, (n) + 6, (n) + 7)
#else
#define SIMD_DOWN(x, n) __builtin_shufflevector(x, x, n, (n) + 1, (n) + 2, (n) + 3)
#endif

SIMD_INLINE i32 simd_max_lane(simd_i32 x) {
#if SIMD_WIDTH == 16
  x = simd_max(x, SIMD_DOWN(x, 8));
#endif
#if SIMD_WIDTH >= 8
  x = simd_max(x, SIMD_DOWN(x, 4));
#endif
  x = simd_max(x, SIMD_DOWN(x, 2));
  x = simd_max(x, SIMD_DOWN(x, 1));
  return x[0];
}

/* The 64 lanes of a row sum, and their fixed tree (lanes.h). */
#define SIMD_LANES (64u / SIMD_WIDTH)
SIMD_INLINE f32 simd_tree(simd_f32 lane[SIMD_LANES]) {
  for (u32 half = SIMD_LANES / 2; half > 0; half /= 2)
    for (u32 i = 0; i < half; i++) lane[i] = lane[i] + lane[i + half];
  simd_f32 x = lane[0];
#if SIMD_WIDTH == 16
  x = x + SIMD_DOWN(x, 8);
#endif
#if SIMD_WIDTH >= 8
  x = x + SIMD_DOWN(x, 4);
#endif
  x = x + SIMD_DOWN(x, 2);
  x = x + SIMD_DOWN(x, 1);
  return x[0];
}

#if SIMD_WIDTH == 16
#define SIMD_ZIP_LOW(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define SIMD_ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif SIMD_WIDTH == 8
#define SIMD_ZIP_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define SIMD_ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#else
#define SIMD_ZIP_LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define SIMD_ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#endif

/* Zips row i with row i + W/2, W = the width: done log2 W times, that transposes W rows of W. */
SIMD_INLINE void simd_zip_rows(const simd_f32 *from, simd_f32 *to) {
  for (u32 i = 0; i < SIMD_WIDTH / 2; i++) {
    to[2 * i] = SIMD_ZIP_LOW(from[i], from[i + SIMD_WIDTH / 2]);
    to[2 * i + 1] = SIMD_ZIP_HIGH(from[i], from[i + SIMD_WIDTH / 2]);
  }
}
SIMD_INLINE void simd_transpose(simd_f32 row[SIMD_WIDTH]) {
  simd_f32 other[SIMD_WIDTH];
  simd_zip_rows(row, other);
  simd_zip_rows(other, row);
#if SIMD_WIDTH == 8
  simd_zip_rows(row, other);
  for (u32 i = 0; i < SIMD_WIDTH; i++) row[i] = other[i];
#elif SIMD_WIDTH == 16
  simd_zip_rows(row, other);
  simd_zip_rows(other, row);
#endif
}

#endif
