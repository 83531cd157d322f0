/* CPU threads for the host's own work that is no kernel: verdicts. Apart from the device, so that a run on a GPU has them too.
 *
 * Owns: the threads, from open to close: before the freeze, one set a process (a CHECK). Idle ones sleep. Which worker takes which item is left to chance.
 * Worker 0 is the calling thread. Numbers on these threads keep their denormals, whatever the kernels do. Nothing allocates after open.
 * Called by: engine/reward/verifiers.c. Fails: workers_open alone, STATUS_DEVICE where a thread cannot be started. */
#ifndef RLSP_PLATFORM_WORKERS_H
#define RLSP_PLATFORM_WORKERS_H

#include "engine/memory/limits.h"
#include "engine/status.h"

/* Items [begin, end) by this worker. */
typedef void workers_job(void *context, u32 worker, u32 begin, u32 end);

/* As many as there are cores and at most `most` (0: WORKERS_MAX), the caller included. */
u32 workers_choose(u32 most);
enum status workers_open(u32 count, struct error *error) MUST_USE;
/* Returns when all items are done. */
void workers_run(workers_job *job, void *context, u32 items);
/* The job once on each worker, with begin = its number: what belongs to a thread is made and given back so. */
void workers_each(workers_job *job, void *context);
/* Any number of times. */
void workers_close(void);

#endif
