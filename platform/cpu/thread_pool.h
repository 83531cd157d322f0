/* The CPU device's workers: one parallel loop over a kernel's groups at a time.
 *
 * Owns its threads (started by thread_pool_open, before the freeze; joined by thread_pool_close); the caller owns the struct and the scratch.
 * Which worker runs which group is left to chance; kernels give the same bits whoever runs them. Nothing here allocates after open. */
#ifndef RLSP_PLATFORM_CPU_THREAD_POOL_H
#define RLSP_PLATFORM_CPU_THREAD_POOL_H

#include <pthread.h>
#include <stdatomic.h>

#include "engine/kernels/kernel.h"
#include "engine/status.h"

struct thread_pool_worker {
  struct thread_pool *pool;
  pthread_t thread;
  u32 index;
};

struct thread_pool {
  u32 threads; /* the calling thread is number 0 */
  u32 started; /* workers running beside it */
  u8 *scratch; /* threads x KERNEL_SCRATCH_BYTES */
  kernel_run_function *run;
  const void *params;
  /* groups (high 32 bits) and the next one not yet taken (low 32): one word, so that a worker that comes late either takes groups of
   * the loop that is running now or none. */
  _Atomic u64 ticket;
  _Atomic u32 completed, sleepers, stop;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  struct thread_pool_worker workers[THREADS_MAX];
};

enum status thread_pool_open(struct thread_pool *pool, u32 threads, struct error *error) MUST_USE;
/* Runs groups 0..groups-1 on all threads, the caller's included, and returns when all are done. */
void thread_pool_run(struct thread_pool *pool, kernel_run_function *run, const void *params, u32 groups);
void thread_pool_close(struct thread_pool *pool);

/* Of the thread that runs: 0 on one that is no pool's worker. */
u32 thread_pool_worker_index(void);

/* Flushes denormal operands and results to zero on this thread (FTZ and DAZ; FZ on Arm). Returns what to give to denormals_restore. */
u64 denormals_flush(void);
/* Keeps them, as the C library's functions and FLINT expect. The same return. */
u64 denormals_keep(void);
void denormals_restore(u64 mode);

#endif
