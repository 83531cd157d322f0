/* The softmax of one row of logits, for logprob_fwd and sample: one text, so that a token's log-prob at rollout is its
 * log-prob at training, bit for bit. z_j = flush(logit_j * inverse_temperature), a NaN made canonical, since devices
 * make different ones. Included by those kernels; owns nothing, never fails. */
#ifndef RLSP_ENGINE_KERNELS_VOCABULARY_ROW_H
#define RLSP_ENGINE_KERNELS_VOCABULARY_ROW_H

#include "engine/kernels/lanes.h"

static inline f32 vocabulary_z(f32 logit, f32 inverse_temperature) {
  return ex_canonical(ex_flush(logit * inverse_temperature));
}

static inline i32 vocabulary_max_key(const f32 *logits, u32 vocab, f32 inverse_temperature) {
  i32 best = INT32_MIN;
  for (u32 j = 0; j < vocab; j++) {
    const i32 key = row_key(vocabulary_z(logits[j], inverse_temperature));
    best = key > best ? key : best;
  }
  return best;
}

/* weight[l] = exp(z - m) of the block's tokens, +0 beyond them; shift[l] = z - m. width <= 64. */
static inline void vocabulary_block(const f32 *logits, u32 width, f32 inverse_temperature, f32 m, f32 weight[ROW_LANES],
                                    f32 shift[ROW_LANES]) {
  if (width == ROW_LANES) {
    for (u32 l = 0; l < ROW_LANES; l++) {
      shift[l] = vocabulary_z(logits[l], inverse_temperature) - m;
      weight[l] = ex_exp(shift[l]);
    }
    return;
  }
  memset(weight, 0, ROW_LANES * sizeof *weight);
  memset(shift, 0, ROW_LANES * sizeof *shift);
  for (u32 l = 0; l < width; l++) {
    shift[l] = vocabulary_z(logits[l], inverse_temperature) - m;
    weight[l] = ex_exp(shift[l]);
  }
}

static inline u32 vocabulary_block_width(u32 vocab, u32 begin) {
  return vocab - begin < ROW_LANES ? vocab - begin : ROW_LANES;
}

static inline f32 vocabulary_logprob(f32 logit, f32 inverse_temperature, f32 m, f32 log_sum) {
  return ex_canonical((vocabulary_z(logit, inverse_temperature) - m) - log_sum);
}

#endif
