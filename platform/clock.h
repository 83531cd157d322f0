/* Time. Nothing that must be the same bits from run to run may read it: only progress lines, perf/ metrics and the
 * summary's seconds do. */
#ifndef RLSP_PLATFORM_CLOCK_H
#define RLSP_PLATFORM_CLOCK_H

#include "engine/types.h"

#define CLOCK_TEXT_BYTES 32u

u64 clock_monotonic_ns(void);
u64 clock_wall_seconds(void); /* since 1970-01-01, UTC */
/* "2025-01-31T23:59:59Z". No libc calendar: it reads files and allocates. */
void clock_wall_text(u64 seconds, char text[CLOCK_TEXT_BYTES]);

#endif
