/* Counts what the C library's heap is asked for, by anyone in the process, in two counts: ours (with what libc and libraries do for
 * us), and the drivers': what happens inside a Vulkan call, or on a thread that is none of ours.
 *
 * The program interposes malloc and its kin (glibc; counted nowhere else and not under a sanitizer, where allocations_watched says false). Called by:
 * the trainer, from its freeze to its end; tests, with the trap set. Owns one counter, process-wide: malloc has no other way to reach it. */
#ifndef RLSP_PLATFORM_ALLOCATIONS_H
#define RLSP_PLATFORM_ALLOCATIONS_H

#include "engine/types.h"

/* From now on count; with trap, abort at the first one of ours. The calling thread is one of ours. */
void allocations_watch_begin(bool trap);
void allocations_watch_end(void);
/* Since the last allocations_watch_begin: ours, the drivers'. */
u64 allocations_count(void);
u64 allocations_driver_count(void);
/* Said once by each thread we start. */
void allocations_own_thread(void);
/* Round each call of a driver; not nested. */
void allocations_driver_begin(void);
void allocations_driver_end(void);
bool allocations_watched(void);

#endif
