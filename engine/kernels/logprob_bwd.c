/* From the gradients of a row's log-prob and entropy to those of its logits, in place. One row a group. */
#include "engine/kernels/kernel.h"
#include "engine/kernels/vocabulary_row.h"

KERNEL_GROUPS(logprob_bwd) {
  const struct logprob_bwd_params *p = params;
  return kernel_live(p->count, p->first, p->rows_max);
}

/* What is the same for every token of the row. */
struct row_gradient {
  f32 inverse_temperature, m, total, log_total, dlogprob, dentropy, entropy;
  u32 target, vocab;
};

static void without_entropy(const struct row_gradient *row, f32 *logits) {
  const struct row_gradient r = *row;
  for (u32 j = 0; j < r.vocab; j++) {
    const f32 shift = vocabulary_z(logits[j], r.inverse_temperature) - r.m;
    const f32 probability = ex_div(ex_exp(shift), r.total);
    const f32 indicator = j == r.target ? 1.0f : 0.0f;
    logits[j] = ex_quiet(r.inverse_temperature * (r.dlogprob * (indicator - probability)));
  }
}

static void with_entropy(const struct row_gradient *row, f32 *logits) {
  const struct row_gradient r = *row;
  for (u32 j = 0; j < r.vocab; j++) {
    const f32 shift = vocabulary_z(logits[j], r.inverse_temperature) - r.m;
    const f32 probability = ex_div(ex_exp(shift), r.total);
    const f32 indicator = j == r.target ? 1.0f : 0.0f;
    const f32 of_logprob = r.dlogprob * (indicator - probability);
    const f32 of_entropy = (r.dentropy * probability) * ((shift - r.log_total) + r.entropy);
    logits[j] = ex_quiet(r.inverse_temperature * (of_logprob - of_entropy));
  }
}

KERNEL_RUN(logprob_bwd) {
  const struct logprob_bwd_params *p = params;
  (void)scratch;
  for (u32 row = group_begin; row < group_end; row++) {
    const u64 index = (u64)p->first + row;
    const f32 *stat = AT(const f32, p->stat) + 2 * index;
    struct row_gradient gradient = {.inverse_temperature = p->inverse_temperature,
                                    .m = stat[0],
                                    .total = stat[1],
                                    .log_total = ex_log(stat[1]),
                                    .dlogprob = AT(const f32, p->dlogprob)[index],
                                    .target = AT(const u32, p->target)[index],
                                    .vocab = p->vocab};
    f32 *logits = AT(f32, p->logits) + (u64)row * p->vocab;
    if (p->dentropy == 0) {
      without_entropy(&gradient, logits);
      continue;
    }
    gradient.dentropy = AT(const f32, p->dentropy)[index];
    gradient.entropy = AT(const f32, p->entropy)[index];
    with_entropy(&gradient, logits);
  }
}
