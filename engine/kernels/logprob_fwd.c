/* Log-prob of each row's target token and the entropy of its distribution. One row a group. */
#include "engine/kernels/kernel.h"
#include "engine/kernels/vocabulary_row.h"

KERNEL_GROUPS(logprob_fwd) {
  const struct logprob_fwd_params *p = params;
  return kernel_live(p->count, p->first, p->rows_max);
}

static void logprob_row(const struct logprob_fwd_params *p, u32 row) {
  const u64 index = (u64)p->first + row;
  const f32 *logits = AT(const f32, p->logits) + (u64)row * p->vocab;
  const f32 inverse_temperature = p->inverse_temperature;
  const f32 m = row_from_key(vocabulary_max_key(logits, p->vocab, inverse_temperature));
  f32 sum[ROW_LANES] = {0}, mean[ROW_LANES] = {0}, weight[ROW_LANES], shift[ROW_LANES];
  for (u32 begin = 0; begin < p->vocab; begin += ROW_LANES) {
    vocabulary_block(logits + begin, vocabulary_block_width(p->vocab, begin), inverse_temperature, m, weight, shift);
    for (u32 l = 0; l < ROW_LANES; l++) {
      sum[l] = sum[l] + weight[l];
      mean[l] = mean[l] + weight[l] * shift[l];
    }
  }
  const f32 total = row_sum_tree(sum), log_total = ex_log(total);
  f32 *stat = AT(f32, p->stat) + 2 * index;
  stat[0] = m;
  stat[1] = total;
  const u32 target = AT(const u32, p->target)[index];
  AT(f32, p->logprob)[index] = vocabulary_logprob(logits[target], inverse_temperature, m, log_total);
  if (p->entropy != 0) AT(f32, p->entropy)[index] = log_total - ex_div(row_sum_tree(mean), total);
}

KERNEL_RUN(logprob_fwd) {
  (void)scratch;
  for (u32 row = group_begin; row < group_end; row++) logprob_row(params, row);
}
