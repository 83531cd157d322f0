/* The pieces of a fixed order that several kernels share: the 64 strided lanes of a row sum, and the maximum by integer key.
 * Called by kernels only. Owns nothing, fails never.
 *
 * A row sum: lane l adds elements l, l + 64, l + 128, ... in order, starting from its first; a lane without elements holds 0. Then the
 * fixed tree: lane l adds lane l + 32, then l + 16, 8, 4, 2, 1. The order is the row's alone, so no device and no batch changes it. */
#ifndef RLSP_ENGINE_KERNELS_LANES_H
#define RLSP_ENGINE_KERNELS_LANES_H

#include "engine/types.h"
#include "shaders/exact_math.h"

#define LANES 64u

/* Elements base .. base + count - 1 of a row (base a multiple of 64, count <= 64) go to their lanes. base 0 starts every lane. */
static inline void lanes_add(f32 lane[LANES], u32 base, const f32 *value, u32 count) {
  if (base == 0) {
    for (u32 l = 0; l < LANES; l++) lane[l] = 0;
    for (u32 l = 0; l < count; l++) lane[l] = value[l];
  } else if (count == LANES) {
    for (u32 l = 0; l < LANES; l++) lane[l] = lane[l] + value[l];
  } else {
    for (u32 l = 0; l < count; l++) lane[l] = lane[l] + value[l];
  }
}

/* The fixed tree; leaves lane[] changed. */
static inline f32 lanes_tree(f32 lane[LANES]) {
  for (u32 l = 0; l < 32; l++) lane[l] = lane[l] + lane[l + 32];
  for (u32 l = 0; l < 16; l++) lane[l] = lane[l] + lane[l + 16];
  for (u32 l = 0; l < 8; l++) lane[l] = lane[l] + lane[l + 8];
  for (u32 l = 0; l < 4; l++) lane[l] = lane[l] + lane[l + 4];
  for (u32 l = 0; l < 2; l++) lane[l] = lane[l] + lane[l + 2];
  return lane[0] + lane[1];
}

/* The sum of a whole row; an empty row is 0. */
static inline f32 lanes_sum(const f32 *value, u32 count) {
  f32 lane[LANES] = {0};
  for (u32 base = 0; base < count; base += LANES) lanes_add(lane, base, value + base, count - base < LANES ? count - base : LANES);
  return lanes_tree(lane);
}

/* Keys sort as the numbers do (-0 below +0, +NaN above all), and a maximum of integers has no order to agree on. */
static inline i32 max_key(f32 x) {
  const u32 bits = F2U(x);
  return (i32)(bits ^ ((bits >> 31) != 0u ? 0x7fffffffu : 0u));
}

static inline f32 max_unkey(i32 key) {
  const u32 bits = (u32)key;
  return U2F(bits ^ ((bits >> 31) != 0u ? 0x7fffffffu : 0u));
}

static inline f32 max_by_key(const f32 *value, u32 count) {
  i32 key = INT32_MIN;
  for (u32 i = 0; i < count; i++) key = max_key(value[i]) > key ? max_key(value[i]) : key;
  return max_unkey(key);
}

#endif
