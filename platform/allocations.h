/* Counts what the C library's heap is asked for, by anyone in the process: ours, the libraries', the drivers'.
 *
 * The program interposes malloc and its kin (glibc; counted nowhere else and not under a sanitizer, where allocations_watched says false). Called by:
 * the trainer, from its freeze to its end; tests, with the trap set. Owns one counter, process-wide: malloc has no other way to reach it. */
#ifndef RLSP_PLATFORM_ALLOCATIONS_H
#define RLSP_PLATFORM_ALLOCATIONS_H

#include "engine/types.h"

/* From now on count; with trap, abort at the first one. */
void allocations_watch_begin(bool trap);
void allocations_watch_end(void);
/* Since the last allocations_watch_begin. */
u64 allocations_count(void);
bool allocations_watched(void);

#endif
