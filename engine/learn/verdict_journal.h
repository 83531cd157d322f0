/* verdicts.txt of a run directory: what a user's program said of each response, so that a run that is killed and resumed is told the same.
 *
 *   PHASE STEP KEY END     "ppo             12 9f86d081884c7d65 right             "     a row, all of one width
 *
 * A batch is all responses of one (phase, step): an iteration of PPO, a part of an evaluation. A run goes through its batches in one order, and a
 * batch's rows stand in the order of its responses, so that rows lie in the file in the order in which a run that nobody stopped asks for them; a
 * resumed one reads on from where its first batch begins, and appends where they end. What a program says need not be repeatable (it may run out of time);
 * what the journal says is.
 * A torn end is cut off when the file is opened, and so is all from the first row on that is none: it is asked again.
 * Owns: two descriptors. Called by: program_verdicts.c; the trainer (open, sync before each checkpoint, close). Fails: as files do. Never allocates. */
#ifndef RLSP_ENGINE_LEARN_VERDICT_JOURNAL_H
#define RLSP_ENGINE_LEARN_VERDICT_JOURNAL_H

#include "platform/files.h"
#include "platform/program_runner.h"

#define VERDICT_JOURNAL_NAME "verdicts.txt"
#define VERDICT_JOURNAL_ROW_BYTES 54u
#define VERDICT_JOURNAL_ROWS_READ 256u /* at once */

struct verdict_row {
  u64 key; /* of the program, its limits, and the three texts */
  enum program_end end;
};

struct verdict_journal {
  struct files *files;
  struct file appended, reading; /* the same file */
  u64 bytes;                     /* whole rows so far */
  u64 cursor;                    /* where a batch is looked for: rows before are of earlier batches */
  u64 rows_begin, rows_bytes;    /* what of the file is in rows */
  bool cut;                      /* set by open: rows that could not be read were cut off */
  char rows[VERDICT_JOURNAL_ROWS_READ * VERDICT_JOURNAL_ROW_BYTES];
};

void verdict_journal_none(struct verdict_journal *journal);
bool verdict_journal_is_open(const struct verdict_journal *journal);
/* Made if absent. The caller always closes. */
enum status verdict_journal_open(struct verdict_journal *journal, struct files *files, const char *run_folder,
                                 struct error *error) MUST_USE;
/* Moves the cursor to the rows of a batch, or to the end where there are none. phase: at most 4 letters. */
enum status verdict_journal_seek(struct verdict_journal *journal, const char *phase, u64 step,
                                 struct error *error) MUST_USE;
/* The row at the cursor, which moves on; *found is false where it is not of this batch. */
enum status verdict_journal_next(struct verdict_journal *journal, const char *phase, u64 step, struct verdict_row *row,
                                 bool *found, struct error *error) MUST_USE;
enum status verdict_journal_append(struct verdict_journal *journal, const char *phase, u64 step,
                                   const struct verdict_row *row, struct error *error) MUST_USE;
enum status verdict_journal_sync(struct verdict_journal *journal, struct error *error) MUST_USE;
void verdict_journal_close(struct verdict_journal *journal);

#endif
