#include "engine/model/batch.h"

#include <string.h>

#include "engine/check.h"

void batch_place(struct batch *batch, u32 rows_max, u32 vocab, struct arena *host, struct arena *device) {
  memset(batch, 0, sizeof *batch);
  batch->rows_max = rows_max;
  batch->vocab = vocab;
  /* arrays start on 64 words, so that their addresses keep TENSOR_ALIGN_BYTES */
#define BATCH_LAY(name, entries) batch->name = batch->words, batch->words += ((entries) + 63u) / 64u * 64u;
  BATCH_ARRAYS(BATCH_LAY)
#undef BATCH_LAY
  batch->block = arena_take(device, "batch", DTYPE_U32, batch->words, 0, 0, 0);
  batch->host = arena_take_pointer(host, "batch.mirror", DTYPE_U32, batch->words, 0, 0, 0);
  batch->token_count = arena_take_pointer(host, "batch.token_count", DTYPE_U32, vocab + 1u, 0, 0, 0);
}

void batch_begin(struct batch *batch) { batch->rows = batch->loss_rows = batch->sequences = 0; }

bool batch_fits(const struct batch *batch, u32 token_count) { return token_count - 1 <= batch->rows_max - batch->rows; }

void batch_append(struct batch *batch, const struct batch_sequence *sequence) {
  CHECK(sequence->count >= 2 && batch_fits(batch, sequence->count), "%u tokens do not fit the pack", sequence->count);
  CHECK(sequence->prompt >= 1 && sequence->loss_begin >= sequence->prompt, "loss on a prompt");
  u32 *words = batch->host;
  const u32 start = batch->rows, rows = sequence->count - 1;
  for (u32 i = 0; i < rows; i++) {
    const u32 t = start + i;
    words[batch->token + t] = sequence->tokens[i];
    words[batch->position + t] = i < sequence->prompt ? i : i + sequence->position_gap;
    words[batch->kv_start + t] = start;
    words[batch->kv_count + t] = i + 1;
    words[batch->seq_end + t] = start + rows;
  }
  const f32 one = 1.0f;
  for (u32 i = sequence->loss_begin; i < sequence->count; i++) {
    const u32 r = batch->loss_rows++;
    words[batch->loss_row + r] = start + i - 1;
    words[batch->loss_target + r] = sequence->tokens[i];
    words[batch->loss_record + r] = sequence->record + i - sequence->prompt;
    memcpy(&words[batch->loss_weight + r], &one, sizeof one);
  }
  batch->rows += rows;
  batch->sequences++;
}

/* A counting sort: rows by token, stable, so that each token's rows are added in packed order. */
static u32 sort_tokens(struct batch *batch) {
  u32 *words = batch->host, *begin = batch->token_count;
  memset(begin, 0, (batch->vocab + 1u) * sizeof *begin);
  for (u32 t = 0; t < batch->rows; t++) begin[words[batch->token + t] + 1]++;
  u32 unique = 0;
  for (u32 v = 0; v < batch->vocab; v++) {
    if (begin[v + 1] != 0) {
      words[batch->embed_unique + unique] = v;
      words[batch->embed_begin + unique] = begin[v];
      unique++;
    }
    begin[v + 1] += begin[v];
  }
  words[batch->embed_begin + unique] = batch->rows;
  for (u32 t = 0; t < batch->rows; t++) words[batch->embed_order + begin[words[batch->token + t]]++] = t;
  return unique;
}

enum status batch_finish(struct batch *batch, struct device *device, struct error *error) {
  batch->host[batch->counts + BATCH_COUNT_ROWS] = batch->rows;
  batch->host[batch->counts + BATCH_COUNT_LOSS_ROWS] = batch->loss_rows;
  batch->host[batch->counts + BATCH_COUNT_UNIQUE] = sort_tokens(batch);
  return device_upload(device, batch->block, batch->host, 4ull * batch->words, error);
}

u64 batch_count_offset(const struct batch *batch, u32 count) { return batch->block + 4ull * (batch->counts + count); }
