/* The memory plan as text: every row, totals per region and per phase. The same for `rlsp plan` and a run's plan.txt.
 *
 * Called by: rlsp plan, the trainer. Owns nothing. Never fails; what receives the lines may. */
#ifndef RLSP_ENGINE_REPORT_PLAN_TEXT_H
#define RLSP_ENGINE_REPORT_PLAN_TEXT_H

#include "engine/memory/arena.h"

/* One line, newline included, not NUL-terminated. */
typedef void plan_text_line(void *context, const char *line, u64 bytes);
void plan_text(const struct plan *plan, u64 host_bytes, u64 device_bytes, plan_text_line *line, void *context);

#define SIZE_TEXT_BYTES 24u
/* "640 bytes", "1.5 MiB"; returns text. */
const char *size_text(u64 bytes, char text[SIZE_TEXT_BYTES]);

#endif
