/* The order of a row sum, written once: lane l of 64 adds elements l, l + 64, ... in order from +0; then the fixed tree adds lanes l and l + 32, then 16,
 * 8, 4, 2, 1 apart. And the sortable integer key behind every maximum. Included by kernels; owns nothing, never fails. */
#ifndef RLSP_ENGINE_KERNELS_ROW_SUM_H
#define RLSP_ENGINE_KERNELS_ROW_SUM_H

#include "shaders/exact_math.h"

#define ROW_LANES 64u

static inline f32 row_sum_tree(f32 lane[ROW_LANES]) {
  for (u32 half = ROW_LANES / 2; half > 0; half /= 2)
    for (u32 l = 0; l < half; l++) lane[l] = lane[l] + lane[l + half];
  return lane[0];
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

#endif
