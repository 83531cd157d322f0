#include "platform/workers.h"

#include <sched.h>
#include <unistd.h>

#include "engine/check.h"
#include "platform/cpu/thread_pool.h"

/* Large, and nothing may be allocated: the process has one, as it has one CPU device. */
static struct thread_pool the_workers;

struct work {
  workers_job *job;
  void *context;
  u32 count;            /* workers */
  _Atomic u32 *arrived; /* workers_each: how many have begun; NULL = workers_run */
};

u32 workers_choose(u32 most) {
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  const u32 limit = most == 0 || most > WORKERS_MAX ? WORKERS_MAX : most;
  return cores < 1 ? 1 : (u64)cores < limit ? (u32)cores : limit;
}

enum status workers_open(u32 count, struct error *error) {
  CHECK(the_workers.threads == 0, "the workers are open already");
  CHECK(count >= 1 && count <= WORKERS_MAX, "%u workers", count);
  return thread_pool_open(&the_workers, count, error);
}

static void run_work(const void *params, u32 begin, u32 end, void *scratch) {
  const struct work *work = params;
  const u64 mode = denormals_keep();
  (void)scratch;
  if (work->arrived == NULL) {
    work->job(work->context, thread_pool_worker_index(), begin, end);
  } else { /* a worker holds its one item until every worker has one, so that none gets two */
    atomic_fetch_add(work->arrived, 1);
    while (atomic_load(work->arrived) < work->count) sched_yield();
    const u32 worker = thread_pool_worker_index();
    work->job(work->context, worker, worker, worker + 1);
  }
  denormals_restore(mode);
}

void workers_run(workers_job *job, void *context, u32 items) {
  CHECK(the_workers.threads > 0, "the workers are not open");
  const struct work work = {.job = job, .context = context, .count = the_workers.threads};
  thread_pool_run(&the_workers, run_work, &work, items);
}

void workers_each(workers_job *job, void *context) {
  CHECK(the_workers.threads > 0, "the workers are not open");
  _Atomic u32 arrived = 0;
  const struct work work = {.job = job, .context = context, .count = the_workers.threads, .arrived = &arrived};
  thread_pool_run(&the_workers, run_work, &work, work.count);
}

void workers_close(void) { thread_pool_close(&the_workers); }
