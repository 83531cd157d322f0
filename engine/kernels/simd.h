/* Vectors as wide as the instruction set this file is compiled for: GCC's vector extensions, so one text serves x86 and Arm. Operations are
 * lane by lane and rounded as the scalar ones; nothing here fuses. Included by kernels; owns nothing, never fails. */
#ifndef RLSP_ENGINE_KERNELS_SIMD_H
#define RLSP_ENGINE_KERNELS_SIMD_H

#include <string.h>

#include "engine/types.h"

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

/* ex_quiet: lanes below 2^-51 become +0. */
SIMD_INLINE simd_f32 simd_quiet(simd_f32 x) {
  const simd_u32 bits = (simd_u32)x;
  return (simd_f32)(bits & ~(simd_u32)((bits & 0x7fffffffu) < 0x26000000u));
}

#if SIMD_WIDTH == 16
#define SIMD_ZIP_LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define SIMD_ZIP_HIGH(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
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
