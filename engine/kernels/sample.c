/* Draws each slot's next token by the inverse of the cumulative distribution. One slot a group. What is drawn depends
 * on the row's logits and on (seed, stream, iteration, sample, position) alone, never on the slot or on the batch. */
#include "engine/kernels/kernel.h"
#include "engine/kernels/vocabulary_row.h"
#include "shaders/philox.h"

_Static_assert(KERNEL_SCRATCH_BYTES / sizeof(f32) * ROW_LANES >= 1u << 24,
               "the block sums of a vocabulary of 16 Mi tokens");

struct slot_row {
  const f32 *logits;
  u32 vocab;
  f32 inverse_temperature, m, total;
};

KERNEL_GROUPS(sample) {
  const struct sample_params *p = params;
  return kernel_live(p->count, 0, p->rows_max);
}

static u32 first_maximum(const struct slot_row *row, i32 max_key) {
  for (u32 j = 0; j < row->vocab; j++)
    if (row_key(vocabulary_z(row->logits[j], row->inverse_temperature)) == max_key) return j;
  return 0;
}

static f32 block_weights(const struct slot_row *row, u32 block, f32 weight[ROW_LANES]) {
  f32 shift[ROW_LANES];
  const u32 begin = block * ROW_LANES;
  vocabulary_block(row->logits + begin, vocabulary_block_width(row->vocab, begin), row->inverse_temperature, row->m,
                   weight, shift);
  f32 sum = weight[0];
  for (u32 l = 1; l < ROW_LANES; l++) sum = sum + weight[l];
  return sum;
}

/* total = the strided-lane sum (the log-prob's); block_sum and the return value: the sums the draw walks. */
static f32 row_sums(struct slot_row *row, f32 *block_sum) {
  f32 lane[ROW_LANES] = {0}, weight[ROW_LANES], running = 0;
  for (u32 block = 0; block * ROW_LANES < row->vocab; block++) {
    block_sum[block] = block_weights(row, block, weight);
    for (u32 l = 0; l < ROW_LANES; l++) lane[l] = lane[l] + weight[l];
    running = running + block_sum[block];
  }
  row->total = row_sum_tree(lane);
  return running;
}

/* The first token whose cumulative sum exceeds cut. Rounding never lowers a sum, so a token of weight 0 never is; and
 * cut = u * sum, u < 1, rounds below the sum, so there is one (a row with NaNs aside, which gives `fallback`). */
static u32 token_at(const struct slot_row *row, const f32 *block_sum, f32 cut, u32 fallback) {
  f32 before = 0;
  for (u32 block = 0; block * ROW_LANES < row->vocab; block++) {
    const f32 after = before + block_sum[block];
    if (after > cut) {
      f32 weight[ROW_LANES], sum = 0;
      block_weights(row, block, weight);
      for (u32 l = 0; l < vocabulary_block_width(row->vocab, block * ROW_LANES); l++) {
        sum = sum + weight[l];
        if (before + sum > cut) return block * ROW_LANES + l;
      }
    }
    before = after;
  }
  return fallback;
}

static f32 slot_unit(const struct sample_params *p, u32 slot) {
  const u32 counter[4] = {AT(const u32, p->position)[slot], AT(const u32, p->sample_index)[slot],
                          AT(const u32, p->iteration)[0], p->stream};
  const u32 key[2] = {p->seed_low, p->seed_high};
  u32 words[4];
  philox4x32_10(counter, key, words);
  return philox_unit(words[0]);
}

KERNEL_RUN(sample) {
  const struct sample_params *p = params;
  f32 *block_sum = scratch, *logprob = AT(f32, p->logprob);
  for (u32 slot = group_begin; slot < group_end; slot++) {
    struct slot_row row = {AT(const f32, p->logits) + (u64)slot * p->vocab, p->vocab, p->inverse_temperature, 0, 0};
    const i32 max_key = vocabulary_max_key(row.logits, row.vocab, row.inverse_temperature);
    row.m = row_from_key(max_key);
    const f32 sum = row_sums(&row, block_sum);
    u32 token = first_maximum(&row, max_key);
    if (!p->greedy) token = token_at(&row, block_sum, slot_unit(p, slot) * sum, token);
    AT(u32, p->token)[slot] = token;
    logprob[slot] = vocabulary_logprob(row.logits[token], row.inverse_temperature, row.m, ex_log(row.total));
  }
}
