/* The order of a row sum, written once: lane l of 64 takes elements l, l + 64, ... in order, starting from its first
 * (one without elements holds 0); then the fixed tree adds lanes l and l + 32, then 16, 8, 4, 2, 1 apart. And the
 * sortable integer key behind every maximum, which has no order to agree on. Included by kernels; owns nothing, never
 * fails. */
#ifndef RLSP_ENGINE_KERNELS_LANES_H
#define RLSP_ENGINE_KERNELS_LANES_H

#include "shaders/exact_math.h"

#define ROW_LANES 64u

static inline f32 row_sum_tree(f32 lane[ROW_LANES]) {
  for (u32 l = 0; l < 32; l++)
    lane[l] = lane[l] + lane[l + 32]; /* five loops of constant length: each becomes vectors */
  for (u32 l = 0; l < 16; l++) lane[l] = lane[l] + lane[l + 16];
  for (u32 l = 0; l < 8; l++) lane[l] = lane[l] + lane[l + 8];
  for (u32 l = 0; l < 4; l++) lane[l] = lane[l] + lane[l + 4];
  for (u32 l = 0; l < 2; l++) lane[l] = lane[l] + lane[l + 2];
  return lane[0] + lane[1];
}

/* Keys compare as the floats do (-0 below +0, NaN beyond the infinities). */
static inline i32 row_key(f32 x) {
  const u32 bits = ex_bits(x);
  return (i32)(bits ^ ((0u - (bits >> 31)) & EX_MAGNITUDE));
}
static inline f32 row_from_key(i32 key) {
  const u32 bits = (u32)key;
  return ex_from_bits(bits ^ ((0u - (bits >> 31)) & EX_MAGNITUDE));
}

/* Elements base .. base + count - 1 of a row go to their lanes; base is a multiple of 64, count at most 64. base 0
 * starts every lane. */
static inline void lanes_add(f32 lane[ROW_LANES], u32 base, const f32 *value, u32 count) {
  if (base == 0) {
    for (u32 l = 0; l < ROW_LANES; l++) lane[l] = 0;
    for (u32 l = 0; l < count; l++) lane[l] = value[l];
  } else if (count == ROW_LANES) {
    for (u32 l = 0; l < ROW_LANES; l++) lane[l] = lane[l] + value[l];
  } else {
    for (u32 l = 0; l < count; l++) lane[l] = lane[l] + value[l];
  }
}

/* The sum of a whole row; an empty row is 0. */
static inline f32 lanes_sum(const f32 *value, u32 count) {
  f32 lane[ROW_LANES] = {0};
  for (u32 base = 0; base < count; base += ROW_LANES)
    lanes_add(lane, base, value + base, count - base < ROW_LANES ? count - base : ROW_LANES);
  return row_sum_tree(lane);
}

/* count at least 1 */
static inline f32 lanes_max(const f32 *value, u32 count) {
  i32 best = INT32_MIN;
  for (u32 i = 0; i < count; i++) {
    const i32 key = row_key(value[i]);
    best = key > best ? key : best;
  }
  return row_from_key(best);
}

#endif
