/* The arena: offsets, overlay, chunks, and one plan from two passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/memory/arena.h"

static struct plan plan;

static void lay(struct arena *arena) {
  arena_label(arena, "weights", "always");
  arena_take(arena, "a", DTYPE_F32, 3, 5, 0, 0);
  arena_take(arena, "b", DTYPE_U8, 1, 0, 0, 0);
  const u64 mark = arena_mark(arena);
  arena_label(arena, "kv_cache", "rollout");
  arena_take(arena, "c", DTYPE_F32, 1000, 0, 0, 0);
  arena_rewind(arena, mark);
  arena_label(arena, "activations", "training");
  arena_take(arena, "d", DTYPE_F32, 10, 10, 0, 0);
}

static void two_passes_give_one_plan(void **state) {
  (void)state;
  static u8 memory[8192];
  struct arena arena;
  plan.count = 0;
  arena_open(&arena, "host", 0, &plan);
  lay(&arena);
  const u64 measured = arena.high;
  assert_int_equal(measured, 512 + 4000);
  assert_int_equal(plan.count, 4);
  assert_int_equal(plan.rows[2].offset, plan.rows[3].offset); /* the overlay */
  assert_string_equal(plan.rows[3].phase, "training");
  arena_open(&arena, "host", 0, NULL);
  arena.base = memory, arena.limit = measured;
  lay(&arena);
  assert_int_equal(arena.high, measured);
}

static void tensors_do_not_straddle_chunks(void **state) {
  (void)state;
  struct arena arena;
  arena_open(&arena, "device", 4096, NULL);
  assert_int_equal(arena_take(&arena, "a", DTYPE_U8, 3000, 0, 0, 0), 0);
  assert_int_equal(arena_take(&arena, "b", DTYPE_U8, 3000, 0, 0, 0), 4096);
  assert_int_equal(arena_take(&arena, "c", DTYPE_U8, 1024, 0, 0, 0), 4096 + 3072);
  assert_int_equal(arena_take(&arena, "d", DTYPE_U8, 4096, 0, 0, 0), 8192);
  assert_int_equal(arena.refused[0], 0);
  arena_take(&arena, "too large", DTYPE_U8, 4097, 0, 0, 0);
  assert_string_equal(arena.refused, "too large");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(two_passes_give_one_plan),
                                     cmocka_unit_test(tensors_do_not_straddle_chunks)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
