/* A pack: sequences laid end to end without padding, and the index arrays the kernels read them through.
 *
 * Owns a block of words on the device (one upload) and its mirror on the host. Row t holds one token; the row of token p predicts token p+1, so a
 * sequence's last token has no row. Loss rows are the rows whose prediction is learnt from or scored, in packed order.
 * Called by learn/ (SFT, scoring, PPO). Fails: never; what does not fit is asked with batch_fits first. */
#ifndef RLSP_ENGINE_MODEL_BATCH_H
#define RLSP_ENGINE_MODEL_BATCH_H

#include "engine/memory/arena.h"
#include "platform/device.h"

/* One list: the arrays of the block, in order. ROW(name, entries) */
#define BATCH_ARRAYS(ROW)        \
  ROW(counts, 64)                \
  ROW(token, rows_max)           \
  ROW(position, rows_max)        \
  ROW(kv_start, rows_max)        \
  ROW(kv_count, rows_max)        \
  ROW(seq_end, rows_max)         \
  ROW(embed_unique, rows_max)    \
  ROW(embed_begin, rows_max + 1) \
  ROW(embed_order, rows_max)     \
  ROW(loss_row, rows_max)        \
  ROW(loss_target, rows_max)     \
  ROW(loss_record, rows_max)     \
  ROW(loss_weight, rows_max) /* f32 bits */

enum { BATCH_COUNT_ROWS, BATCH_COUNT_LOSS_ROWS, BATCH_COUNT_UNIQUE };

struct batch {
  u32 rows_max, vocab;
  u32 rows, loss_rows, sequences;           /* now */
  u64 block;                                /* device offset */
  u32 *host;                                /* mirror of the block */
  u32 *token_count;                         /* host scratch [vocab + 1] */
  u32 words;                                /* of the block */
#define BATCH_WORD(name, entries) u32 name; /* first word of the array in the block */
  BATCH_ARRAYS(BATCH_WORD)
#undef BATCH_WORD
};

struct batch_sequence {
  const u32 *tokens; /* [count] prompt, then response */
  u32 count, prompt;
  u32 position_gap; /* added to the positions of the response */
  u32 loss_begin;   /* first token index >= prompt whose prediction is a loss row */
  u32 record;       /* record of the token at index `prompt`; the next tokens' follow */
};

void batch_place(struct batch *batch, u32 rows_max, u32 vocab, struct arena *host, struct arena *device);
void batch_begin(struct batch *batch);
bool batch_fits(const struct batch *batch, u32 token_count);
void batch_append(struct batch *batch, const struct batch_sequence *sequence);
/* Sorts the tokens for the embedding's backward, writes the counts and uploads the block. */
enum status batch_finish(struct batch *batch, struct device *device, struct error *error) MUST_USE;
/* Device offset of an array: BATCH_OFFSET(batch, token); of a count: batch_count_offset(batch, BATCH_COUNT_ROWS). */
#define BATCH_OFFSET(batch, name) ((batch)->block + 4ull * (batch)->name)
u64 batch_count_offset(const struct batch *batch, u32 count);

#endif
