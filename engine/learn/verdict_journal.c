#include "engine/learn/verdict_journal.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"

#define ROW VERDICT_JOURNAL_ROW_BYTES
enum { PHASE_BYTES = 4, STEP_AT = 5, STEP_BYTES = 12, KEY_AT = 18, KEY_BYTES = 16, END_AT = 35, END_BYTES = 18 };
#define STEP_LIMIT 1000000000000u /* 12 digits */

/* ---- a row as text ---- */

static void write_row(char text[ROW + 1], const char *phase, u64 step, const struct verdict_row *row) {
  CHECK(strlen(phase) <= PHASE_BYTES && step < STEP_LIMIT, "%s %llu is no batch", phase, (unsigned long long)step);
  const int bytes =
      snprintf(text, ROW + 1, "%-*s %*llu %016llx %-*s\n", PHASE_BYTES, phase, STEP_BYTES, (unsigned long long)step,
               (unsigned long long)row->key, END_BYTES, program_end_word(row->end));
  CHECK(bytes == (int)ROW, "a row has %d bytes", bytes);
}

static u32 digit_of(char c) {
  return c >= '0' && c <= '9' ? (u32)(c - '0') : c >= 'a' && c <= 'f' ? (u32)(c - 'a') + 10 : 0;
}

static bool has_word(const char *column, const char *word) {
  const u64 bytes = strlen(word);
  return memcmp(column, word, bytes) == 0 && (bytes == END_BYTES || column[bytes] == ' ');
}

/* Reads what may be a row, without trust: it is one if writing it again gives the same bytes. */
static bool read_row(const char *text, char phase[PHASE_BYTES + 1], u64 *step, struct verdict_row *row) {
  char again[ROW + 1];
  memcpy(phase, text, PHASE_BYTES);
  phase[PHASE_BYTES] = 0;
  phase[strspn(phase, "abcdefghijklmnopqrstuvwxyz")] = 0;
  *step = 0;
  for (int i = STEP_AT; i < STEP_AT + STEP_BYTES; i++) *step = *step * 10 + digit_of(text[i]) % 10;
  row->key = 0;
  for (int i = KEY_AT; i < KEY_AT + KEY_BYTES; i++) row->key = row->key << 4 | digit_of(text[i]);
  u32 end = 0;
  while (end < PROGRAM_ENDS && !has_word(text + END_AT, program_end_word((enum program_end)end))) end++;
  if (end == PROGRAM_ENDS) return false;
  row->end = (enum program_end)end;
  write_row(again, phase, *step, row);
  return memcmp(text, again, ROW) == 0;
}

/* ---- the file ---- */

void verdict_journal_none(struct verdict_journal *journal) {
  memset(journal, 0, sizeof *journal);
  files_none(&journal->appended);
  files_none(&journal->reading);
}

bool verdict_journal_is_open(const struct verdict_journal *journal) { return journal->appended.descriptor >= 0; }

/* The row that begins at `at`, which lies before journal->bytes. */
static enum status row_at(struct verdict_journal *journal, u64 at, const char **text, struct error *error) {
  const bool there = at >= journal->rows_begin && at + ROW <= journal->rows_begin + journal->rows_bytes;
  enum status status = STATUS_OK;
  if (!there) {
    const u64 left = journal->bytes - at;
    journal->rows_begin = at;
    journal->rows_bytes = left < sizeof journal->rows ? left : sizeof journal->rows;
    status = files_read(&journal->reading, at, journal->rows, journal->rows_bytes, error);
    if (status != STATUS_OK) journal->rows_bytes = 0;
  }
  *text = journal->rows + (at - journal->rows_begin);
  return status;
}

/* How many bytes from the beginning are rows. */
static enum status count_good(struct verdict_journal *journal, u64 *good, struct error *error) {
  char phase[PHASE_BYTES + 1];
  struct verdict_row row;
  const char *text;
  u64 step;
  for (*good = 0; *good < journal->bytes; *good += ROW) {
    const enum status status = row_at(journal, *good, &text, error);
    if (status != STATUS_OK || !read_row(text, phase, &step, &row)) return status;
  }
  return STATUS_OK;
}

enum status verdict_journal_open(struct verdict_journal *journal, struct files *files, const char *run_folder,
                                 struct error *error) {
  char path[PATH_BYTES_MAX];
  u64 size = 0, good = 0;
  verdict_journal_none(journal);
  journal->files = files;
  enum status status = files_path(path, run_folder, VERDICT_JOURNAL_NAME, error);
  if (status == STATUS_OK) status = files_open_append(files, &journal->appended, path, error);
  if (status == STATUS_OK) status = files_open_read(&journal->reading, path, error);
  if (status == STATUS_OK) status = files_size(&journal->appended, &size, error);
  journal->bytes = size - size % ROW;
  if (status == STATUS_OK) status = count_good(journal, &good, error);
  if (status == STATUS_OK && good < size) status = files_truncate(files, &journal->appended, good, error);
  if (status == STATUS_OK && size == 0) status = files_sync_folder(files, run_folder, error);
  journal->cut = good < journal->bytes;
  journal->bytes = good;
  journal->rows_bytes = 0;
  return status;
}

void verdict_journal_close(struct verdict_journal *journal) {
  files_close(&journal->appended);
  files_close(&journal->reading);
}

enum status verdict_journal_sync(struct verdict_journal *journal, struct error *error) {
  return files_sync(journal->files, &journal->appended, error);
}

/* ---- batches ---- */

static enum status look(struct verdict_journal *journal, u64 at, const char *phase, u64 step, struct verdict_row *row,
                        bool *found, struct error *error) {
  char row_phase[PHASE_BYTES + 1];
  const char *text;
  u64 row_step = 0;
  *found = false;
  if (at >= journal->bytes) return STATUS_OK;
  const enum status status = row_at(journal, at, &text, error);
  if (status == STATUS_OK)
    *found = read_row(text, row_phase, &row_step, row) && row_step == step && strcmp(row_phase, phase) == 0;
  return status;
}

enum status verdict_journal_seek(struct verdict_journal *journal, const char *phase, u64 step, struct error *error) {
  struct verdict_row row;
  bool found = false;
  for (; journal->cursor < journal->bytes; journal->cursor += ROW) {
    const enum status status = look(journal, journal->cursor, phase, step, &row, &found, error);
    if (status != STATUS_OK || found) return status;
  }
  return STATUS_OK;
}

enum status verdict_journal_next(struct verdict_journal *journal, const char *phase, u64 step, struct verdict_row *row,
                                 bool *found, struct error *error) {
  const enum status status = look(journal, journal->cursor, phase, step, row, found, error);
  if (*found) journal->cursor += ROW;
  return status;
}

enum status verdict_journal_append(struct verdict_journal *journal, const char *phase, u64 step,
                                   const struct verdict_row *row, struct error *error) {
  char text[ROW + 1];
  write_row(text, phase, step, row);
  const enum status status = files_write(journal->files, &journal->appended, text, ROW, error);
  if (status != STATUS_OK) return status;
  if (journal->cursor == journal->bytes) journal->cursor += ROW;
  journal->bytes += ROW;
  return STATUS_OK;
}
