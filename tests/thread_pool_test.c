/* The CPU device's pool: every group runs once, whatever the threads and however small the loops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <string.h>

#include "platform/cpu/thread_pool.h"

#define GROUPS_MAX 4096u

struct counted {
  _Atomic u32 runs[GROUPS_MAX];
  const u8 *scratch;
  u32 threads;
  _Atomic u32 outside; /* scratch that belongs to nobody */
};

static void count_group(const void *params, u32 begin, u32 end, void *scratch) {
  struct counted *counted = *(struct counted *const *)params;
  const u64 offset = (u64)((const u8 *)scratch - counted->scratch);
  if (offset % KERNEL_SCRATCH_BYTES != 0 || offset / KERNEL_SCRATCH_BYTES >= counted->threads)
    atomic_fetch_add(&counted->outside, 1);
  for (u32 group = begin; group < end; group++) {
    for (volatile u32 work = 0; work < 200;) work++; /* long enough for the other threads to come in */
    atomic_fetch_add(&counted->runs[group], 1);
  }
}

static void every_group_runs_once(void **state) {
  (void)state;
  static struct thread_pool pool;
  static struct counted counted;
  static u8 scratch[5 * KERNEL_SCRATCH_BYTES];
  static const u32 sizes[] = {1, 2, 3, 7, 16, 17, 100, 1000, GROUPS_MAX};
  for (u32 threads = 1; threads <= 5; threads++) {
    struct error error = {0};
    assert_int_equal(thread_pool_open(&pool, threads, &error), STATUS_OK);
    pool.scratch = scratch;
    for (u32 round = 0; round < 3000; round++) {
      const u32 groups = sizes[round % (round < 100 ? COUNT_OF(sizes) : 5)];
      struct counted *const pointer = &counted;
      memset(&counted, 0, sizeof counted.runs[0] * groups);
      counted.scratch = scratch, counted.threads = threads;
      thread_pool_run(&pool, count_group, &pointer, groups);
      for (u32 group = 0; group < groups; group++) assert_int_equal(atomic_load(&counted.runs[group]), 1);
    }
    assert_int_equal(atomic_load(&counted.outside), 0);
    thread_pool_close(&pool);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_group_runs_once)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
