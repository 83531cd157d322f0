/* PPO's clipped surrogate and its gradient, one loss row an element. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

#define ROWS_PER_GROUP 1024u

KERNEL_GROUPS(ppo_policy) {
  const struct ppo_policy_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

static void policy_row(const struct ppo_policy_params *p, f32 scale, u64 t) {
  const u32 record = AT(const u32, p->record)[t];
  const f32 advantage = AT(const f32, p->advantage)[record];
  const f32 difference = AT(const f32, p->logprob)[t] - AT(const f32, p->old_logprob)[record];
  const f32 ratio = ex_exp(difference), low = 1.0f - p->clip_low, high = 1.0f + p->clip_high;
  const f32 clipped_ratio = ratio < low ? low : ratio > high ? high : ratio;
  const f32 surrogate = ex_flush(ratio * advantage), clipped_surrogate = ex_flush(clipped_ratio * advantage);
  const bool clipped = clipped_surrogate < surrogate;
  const f32 gain = clipped ? clipped_surrogate : surrogate;
  const f32 loss = ex_flush(-(gain * scale));
  f32 *stat = AT(f32, p->stat) + 4 * t;
  AT(f32, p->loss)[t] = loss;
  AT(f32, p->dlogprob)[t] = clipped ? 0.0f : loss; /* d ratio / d logprob = ratio */
  stat[0] = ratio;
  stat[1] = clipped ? 1.0f : 0.0f;
  stat[2] = difference;
  stat[3] = (ratio - 1.0f) - difference;
}

KERNEL_RUN(ppo_policy) {
  const struct ppo_policy_params *p = params;
  const f32 scale = AT(const f32, p->scale)[0];
  const u64 rows = kernel_live(p->count, 0, p->rows_max);
  const u64 end = (u64)group_end * ROWS_PER_GROUP < rows ? (u64)group_end * ROWS_PER_GROUP : rows;
  (void)scratch;
  for (u64 t = (u64)group_begin * ROWS_PER_GROUP; t < end; t++) policy_row(p, scale, t);
}
