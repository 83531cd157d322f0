/* Progress on standard output: one line redrawn on a terminal, plain lines in a pipe. Never allocates; never fails a
 * run.
 *
 * Called by: the trainer. progress_note ends a line being redrawn first, so that messages stand alone. */
#ifndef RLSP_ENGINE_REPORT_PROGRESS_H
#define RLSP_ENGINE_REPORT_PROGRESS_H

#include "engine/report/metrics.h"

struct progress {
  bool quiet, terminal, open_line;
  enum run_phase phase;
  u64 first, steps; /* of this phase */
  u64 began_ns, shown_ns;
};

void progress_begin(struct progress *progress, bool quiet);
/* `first` steps are already done (resumed); of `steps` in all. */
void progress_phase(struct progress *progress, enum run_phase phase, u64 first, u64 steps);
/* After step `step` (1-based). metrics may be NULL on steps that are not logged: nothing is shown. */
void progress_step(struct progress *progress, u64 step, const struct metrics *metrics);
/* One line of its own. */
void progress_note(struct progress *progress, const char *format, ...) PRINTF_LIKE(2, 3);
void progress_end(struct progress *progress);

#endif
