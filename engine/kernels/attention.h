/* What the attention kernels' definitions share: the scalar product in its order, and the gradient of one score.
 * Included by those kernels; owns nothing, never fails. */
#ifndef RLSP_ENGINE_KERNELS_ATTENTION_H
#define RLSP_ENGINE_KERNELS_ATTENTION_H

#include "shaders/exact_math.h"

#define ATTENTION_BLOCK 64u /* of head dimensions, of keys and of queries */

/* a . b, d in blocks of 64: each from its first product, blocks in order. */
static inline f32 attention_dot(const f32 *a, const f32 *b, u32 dim) {
  f32 total = 0;
  for (u32 d0 = 0; d0 < dim; d0 += ATTENTION_BLOCK) {
    const u32 d1 = dim - d0 < ATTENTION_BLOCK ? dim : d0 + ATTENTION_BLOCK;
    f32 block = a[d0] * b[d0];
    for (u32 d = d0 + 1; d < d1; d++) block = block + a[d] * b[d];
    total = d0 == 0 ? block : total + block;
  }
  return total;
}

/* The probability of one key, from its query's (m, l). */
static inline f32 attention_probability(f32 score, const f32 stat[2]) {
  return ex_quiet(ex_div(ex_quiet(ex_exp(score - stat[0])), stat[1]));
}

static inline f32 attention_score_gradient(f32 probability, f32 dp, f32 delta, f32 scale) {
  return ex_quiet(probability * (dp - delta) * scale);
}

/* sum (+)= weight * row: block sums start from their first product. */
static inline void attention_accumulate(f32 *sum, f32 weight, const f32 *row, u32 dim, bool is_first) {
  if (is_first) {
    for (u32 d = 0; d < dim; d++) sum[d] = weight * row[d];
  } else {
    for (u32 d = 0; d < dim; d++) sum[d] = sum[d] + weight * row[d];
  }
}

/* total (+)= block: the total starts from the first block. */
static inline void attention_fold(f32 *total, const f32 *block, u32 dim, bool is_first) {
  for (u32 d = 0; d < dim; d++) total[d] = is_first ? block[d] : total[d] + block[d];
}

#endif
