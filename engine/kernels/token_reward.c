/* Rewards per token: the KL penalty along the response, the outcome at its last token. One sample a group. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

KERNEL_GROUPS(token_reward) { return ((const struct token_reward_params *)params)->samples; }

static void reward_stream(const struct token_reward_params *p, u32 stream, u32 sample, u32 length) {
  const u64 row = (u64)sample * p->response_max, records = (u64)p->samples * p->response_max;
  const f32 *kl = AT(const f32, p->kl) + row;
  f32 *reward = AT(f32, p->reward) + stream * records + row;
  const bool penalised = stream == p->kl_stream;
  const f32 coef = penalised ? AT(const f32, p->kl_coef)[0] : 0.0f;
  for (u32 t = 0; t < p->response_max; t++) reward[t] = penalised && t < length ? ex_flush(-(coef * kl[t])) : 0.0f;
  if (length == 0) return;
  const f32 outcome = AT(const f32, p->outcome)[(u64)stream * p->samples + sample];
  reward[length - 1] = penalised ? reward[length - 1] + outcome : outcome;
}

KERNEL_RUN(token_reward) {
  const struct token_reward_params *p = params;
  (void)scratch;
  for (u32 sample = group_begin; sample < group_end; sample++) {
    const u64 row = (u64)sample * p->response_max;
    const u32 length = AT(const u32, p->lengths)[sample];
    const f32 *logprob = AT(const f32, p->logprob) + row, *reference = AT(const f32, p->reference) + row;
    f32 *kl = AT(f32, p->kl) + row;
    for (u32 t = 0; t < p->response_max; t++) kl[t] = t < length ? logprob[t] - reference[t] : 0.0f;
    for (u32 stream = 0; stream < p->streams; stream++) reward_stream(p, stream, sample, length);
  }
}
