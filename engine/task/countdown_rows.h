/* Rows of a problem file: JSONL, {"nums": [..], "target": N}, other keys ignored. Internal to engine/task.
 *
 * The text is the caller's and a stranger's: the whole grammar is checked. Fails: countdown_next_row, STATUS_DAMAGED
 * with place "FILE:LINE", on a row that is not such an object. A good row with numbers that Countdown here has no
 * tokens for is ROW_OUTSIDE, not an error. */
#ifndef RLSP_ENGINE_TASK_COUNTDOWN_ROWS_H
#define RLSP_ENGINE_TASK_COUNTDOWN_ROWS_H

#include "engine/task/countdown.h"

enum row_kind {
  ROW_END,
  ROW_TAKEN,
  ROW_OUTSIDE,    /* fewer than 2 numbers, more than numbers_max, or a value outside 0..99 */
  ROW_UNREACHABLE /* no attempt reaches the target */
};

struct countdown_rows {
  const struct countdown_file *file;
  u32 numbers_max;
  u64 offset; /* of the next line */
  u64 line;   /* last line read, from 1 */
};
/* The next row that is not blank: *problem is written where *kind is ROW_TAKEN. */
enum status countdown_next_row(struct countdown_rows *rows, enum row_kind *kind, struct countdown_problem *problem,
                               struct error *error) MUST_USE;

#endif
