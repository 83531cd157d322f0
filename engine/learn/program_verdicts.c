#include "engine/learn/program_verdicts.h"

#include <string.h>

#include "engine/check.h"
#include "engine/formats/hash64.h"

struct batch {
  const char *phase;
  u64 step;
};

void program_verdicts_place(struct program_verdicts *verdicts, u32 batch_max, struct arena *host) {
  const u64 rows = 2 * (u64)batch_max;
  verdicts->batch_max = batch_max;
  for (verdicts->index_size = 2; verdicts->index_size < 2 * rows;) verdicts->index_size *= 2;
  verdicts->rows = arena_take_pointer(host, "program.rows", DTYPE_U8, rows, sizeof *verdicts->rows, 0, 0);
  verdicts->answered = arena_take_pointer(host, "program.answered", DTYPE_U8, rows, 0, 0, 0);
  verdicts->index = arena_take_pointer(host, "program.index", DTYPE_U32, verdicts->index_size, 0, 0, 0);
  verdicts->row_of = arena_take_pointer(host, "program.row_of", DTYPE_U32, batch_max, 0, 0, 0);
}

/* ---- keys ---- */

static void add_text(struct hash64 *hash, const char *text, u64 bytes) {
  hash64_add(hash, &bytes, sizeof bytes); /* its length before it: two texts are not another two */
  hash64_add(hash, text, bytes);
}

void program_verdicts_open(struct program_verdicts *verdicts, struct program_runner *runner,
                           struct verdict_journal *journal, const struct program_settings *settings) {
  const u64 limits[] = {settings->seconds, settings->memory_bytes};
  struct hash64 hash;
  verdicts->runner = runner;
  verdicts->journal = journal;
  hash64_begin(&hash);
  add_text(&hash, settings->program, strlen(settings->program));
  hash64_add(&hash, limits, sizeof limits);
  verdicts->program_key = hash64_end(&hash);
}

static u64 key_of(const struct program_verdicts *verdicts, const struct program_question *question) {
  struct hash64 hash;
  hash64_begin(&hash);
  hash64_add(&hash, &verdicts->program_key, sizeof verdicts->program_key);
  add_text(&hash, question->prompt, question->prompt_bytes);
  add_text(&hash, question->gold, question->gold_bytes);
  add_text(&hash, question->completion, question->completion_bytes);
  return hash64_end(&hash);
}

/* The place in the index of this key's row, or of a free place for it. */
static u32 *find(const struct program_verdicts *verdicts, u64 key) {
  u32 at = (u32)key & (verdicts->index_size - 1);
  while (verdicts->index[at] != 0 && verdicts->rows[verdicts->index[at] - 1].key != key)
    at = (at + 1) & (verdicts->index_size - 1);
  return &verdicts->index[at];
}

static u32 add_row(struct program_verdicts *verdicts, u32 *place, struct verdict_row row, bool answered) {
  const u32 added = verdicts->known++;
  CHECK(added < 2 * verdicts->batch_max, "%u rows are too many", added);
  verdicts->rows[added] = row;
  verdicts->answered[added] = answered;
  *place = added + 1;
  return added;
}

/* ---- the journal ---- */

static enum status read_journal(struct program_verdicts *verdicts, const struct batch *batch, struct error *error) {
  struct verdict_row row;
  bool found = true;
  if (!verdict_journal_is_open(verdicts->journal)) return STATUS_OK;
  enum status status = verdict_journal_seek(verdicts->journal, batch->phase, batch->step, error);
  while (status == STATUS_OK && found) {
    status = verdict_journal_next(verdicts->journal, batch->phase, batch->step, &row, &found, error);
    u32 *const place = find(verdicts, row.key);
    if (status == STATUS_OK && found && *place == 0 && verdicts->known < verdicts->batch_max)
      add_row(verdicts, place, row, true);
  }
  verdicts->written = verdicts->known;
  return status;
}

/* All that is answered, up to the first that is not. */
static enum status write_journal(struct program_verdicts *verdicts, const struct batch *batch, struct error *error) {
  enum status status = STATUS_OK;
  if (!verdict_journal_is_open(verdicts->journal)) return status;
  while (status == STATUS_OK && verdicts->written < verdicts->known && verdicts->answered[verdicts->written]) {
    status =
        verdict_journal_append(verdicts->journal, batch->phase, batch->step, &verdicts->rows[verdicts->written], error);
    verdicts->written++;
  }
  return status;
}

/* ---- asking ---- */

static enum status receive(struct program_verdicts *verdicts, const struct batch *batch, struct error *error) {
  enum program_end end;
  u32 row;
  const enum status status = program_runner_receive(verdicts->runner, &row, &end, error);
  if (status != STATUS_OK) return status;
  CHECK(row < verdicts->known && !verdicts->answered[row], "row %u was not asked", row);
  verdicts->rows[row].end = end;
  verdicts->answered[row] = 1;
  return write_journal(verdicts, batch, error);
}

static enum status ask(struct program_verdicts *verdicts, const struct batch *batch, u32 index,
                       const struct program_question *question, struct error *error) {
  const u64 key = key_of(verdicts, question);
  u32 *const place = find(verdicts, key);
  if (*place != 0) {
    verdicts->row_of[index] = *place - 1;
    return STATUS_OK;
  }
  const u32 row = add_row(verdicts, place, (struct verdict_row){.key = key}, false);
  verdicts->row_of[index] = row;
  enum status status = STATUS_OK;
  if (verdicts->runner->in_flight == verdicts->runner->parallel) status = receive(verdicts, batch, error);
  return status != STATUS_OK ? status : program_runner_send(verdicts->runner, row, question, error);
}

enum status program_verdicts_ask(struct program_verdicts *verdicts, const char *phase, u64 step, u32 count,
                                 program_verdicts_question *question, void *context, enum program_end *ends,
                                 struct error *error) {
  const struct batch batch = {phase, step};
  CHECK(count <= verdicts->batch_max, "%u questions are too many", count);
  verdicts->known = verdicts->written = 0;
  memset(verdicts->index, 0, verdicts->index_size * sizeof *verdicts->index);
  enum status status = read_journal(verdicts, &batch, error);
  for (u32 i = 0; i < count && status == STATUS_OK; i++) {
    struct program_question asked;
    question(context, i, &asked);
    status = ask(verdicts, &batch, i, &asked, error);
  }
  while (status == STATUS_OK && verdicts->runner->in_flight > 0) status = receive(verdicts, &batch, error);
  for (u32 i = 0; i < count && status == STATUS_OK; i++) ends[i] = verdicts->rows[verdicts->row_of[i]].end;
  return status;
}
