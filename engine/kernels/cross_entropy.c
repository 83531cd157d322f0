/* The loss of supervised fine-tuning: weighted negative log-probs, one loss row an element. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

#define ROWS_PER_GROUP 1024u

KERNEL_GROUPS(cross_entropy) {
  const struct cross_entropy_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

KERNEL_RUN(cross_entropy) {
  const struct cross_entropy_params *p = params;
  const f32 *logprob = AT(const f32, p->logprob), *weight = AT(const f32, p->weight);
  f32 *loss = AT(f32, p->loss), *dlogprob = AT(f32, p->dlogprob);
  const f32 scale = AT(const f32, p->scale)[0];
  const u64 rows = kernel_live(p->count, 0, p->rows_max);
  const u64 end = (u64)group_end * ROWS_PER_GROUP < rows ? (u64)group_end * ROWS_PER_GROUP : rows;
  (void)scratch;
  for (u64 t = (u64)group_begin * ROWS_PER_GROUP; t < end; t++) {
    const f32 weighted = ex_flush(weight[t] * logprob[t]);
    dlogprob[t] = ex_flush(-(weight[t] * scale));
    loss[t] = ex_flush(-(weighted * scale));
  }
}
