#include "platform/cpu/thread_pool.h"

#include <sched.h>
#include <string.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "engine/check.h"
#include "platform/allocations.h"

/* A worker that finds nothing to do looks this many times (some 50 microseconds) before it sleeps: kernels of one program follow
 * each other within microseconds, and waking a sleeper costs more than most of them. */
#define SPINS_BEFORE_SLEEP 20000u
/* ... but yields its core now and then, so that more threads than cores still make progress. */
#define SPINS_BEFORE_YIELD 2000u
/* Grabs a thread: few enough that taking is cheap, many enough that the last one leaves nobody waiting long. */
#define GRABS_PER_THREAD 8u

static void pause_briefly(u32 spins) {
#if defined(__x86_64__)
  _mm_pause();
#endif
  if (spins % SPINS_BEFORE_YIELD == SPINS_BEFORE_YIELD - 1) sched_yield();
}

u64 denormals_flush(void) {
#if defined(__x86_64__)
  const u32 mode = _mm_getcsr();
  _mm_setcsr(mode | 0x8040u);
  return mode;
#elif defined(__aarch64__)
  u64 mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1ull << 24)));
  return mode;
#else
  return 0;
#endif
}

u64 denormals_keep(void) {
#if defined(__x86_64__)
  const u32 mode = _mm_getcsr();
  _mm_setcsr(mode & ~0x8040u);
  return mode;
#elif defined(__aarch64__)
  u64 mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"(mode & ~(1ull << 24)));
  return mode;
#else
  return 0;
#endif
}

void denormals_restore(u64 mode) {
#if defined(__x86_64__)
  _mm_setcsr((u32)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
  (void)mode;
#endif
}

/* Set once by each worker: a job is told apart from its neighbours by nothing else. */
static _Thread_local u32 worker_index;
u32 thread_pool_worker_index(void) { return worker_index; }

/* Takes ranges until none is left. */
static void work(struct thread_pool *pool, u32 thread_index) {
  u64 ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
  for (;;) {
    const u32 groups = (u32)(ticket >> 32), next = (u32)ticket;
    if (next >= groups) return;
    const u32 share = groups / (pool->threads * GRABS_PER_THREAD);
    const u32 end = groups - next > share + 1 ? next + share + 1 : groups;
    if (!atomic_compare_exchange_weak_explicit(&pool->ticket, &ticket, ticket + (end - next), memory_order_acq_rel,
                                               memory_order_acquire))
      continue;
    pool->run(pool->params, next, end, pool->scratch + (u64)thread_index * KERNEL_SCRATCH_BYTES);
    atomic_fetch_add_explicit(&pool->completed, end - next, memory_order_release);
    ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
  }
}

static bool has_work(struct thread_pool *pool) {
  const u64 ticket = atomic_load(&pool->ticket);
  return (u32)ticket < (u32)(ticket >> 32) || atomic_load(&pool->stop) != 0;
}

static void wait_for_work(struct thread_pool *pool) {
  for (u32 spins = 0; spins < SPINS_BEFORE_SLEEP; spins++) {
    if (has_work(pool)) return;
    pause_briefly(spins);
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while (!has_work(pool)) pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
}

static void wake_sleepers(struct thread_pool *pool) {
  if (atomic_load(&pool->sleepers) == 0) return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

static void *worker_main(void *argument) {
  allocations_own_thread();
  struct thread_pool_worker *worker = argument;
  worker_index = worker->index;
  denormals_flush();
  while (atomic_load(&worker->pool->stop) == 0) {
    wait_for_work(worker->pool);
    work(worker->pool, worker->index);
  }
  return NULL;
}

enum status thread_pool_open(struct thread_pool *pool, u32 threads, struct error *error) {
  memset(pool, 0, sizeof *pool);
  CHECK(threads >= 1 && threads <= THREADS_MAX, "%u threads", threads);
  pool->threads = threads;
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  for (u32 index = 1; index < threads; index++) {
    struct thread_pool_worker *worker = &pool->workers[index];
    worker->pool = pool;
    worker->index = index;
    const int code = pthread_create(&worker->thread, NULL, worker_main, worker);
    if (code != 0)
      return status_fail(error, STATUS_DEVICE, "cpu", "thread %u of %u cannot be started: %s; set run.threads lower",
                         index + 1, threads, strerror(code));
    pool->started = index;
  }
  return STATUS_OK;
}

void thread_pool_run(struct thread_pool *pool, kernel_run_function *run, const void *params, u32 groups) {
  if (groups == 0) return;
  if (groups == 1 || pool->threads == 1) {
    run(params, 0, groups, pool->scratch);
    return;
  }
  pool->run = run;
  pool->params = params;
  atomic_store_explicit(&pool->completed, 0, memory_order_relaxed);
  atomic_store(&pool->ticket, (u64)groups << 32);
  wake_sleepers(pool);
  work(pool, 0);
  for (u32 spins = 0; atomic_load_explicit(&pool->completed, memory_order_acquire) != groups; spins++)
    pause_briefly(spins);
}

void thread_pool_close(struct thread_pool *pool) {
  if (pool->threads == 0) return;
  atomic_store(&pool->stop, 1);
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (u32 index = 1; index <= pool->started; index++) pthread_join(pool->workers[index].thread, NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  memset(pool, 0, sizeof *pool);
}
