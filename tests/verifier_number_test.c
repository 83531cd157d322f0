/* The verifier's numbers: memory, exact rationals, balls, and what is decided on them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/reward/math/ball_memory.h"
#include "engine/reward/math/evaluate.h"
#include "engine/reward/math/rational.h"

static struct arena host;
static struct evaluator evaluator;
static struct expression_pool pool;
static u8 *memory;

static void place(void) {
  evaluator_place(&evaluator, &host);
  expression_place(&pool, &host);
}

static int open_all(void **state) {
  (void)state;
  arena_open(&host, "host", 0, NULL);
  place();
  const u64 bytes = host.high;
  memory = aligned_alloc(TENSOR_ALIGN_BYTES, (bytes + TENSOR_ALIGN_BYTES - 1) / TENSOR_ALIGN_BYTES * TENSOR_ALIGN_BYTES);
  arena_open(&host, "host", 0, NULL);
  host.base = memory, host.limit = bytes;
  place();
  evaluator_open(&evaluator);
  return memory == NULL;
}

static int close_all(void **state) {
  (void)state;
  evaluator_close(&evaluator);
  free(memory);
  return 0;
}

static u32 number(const char *digits, u32 scale, u32 repeating, u16 base) {
  return expression_number(&pool, digits, (u32)strlen(digits), scale, repeating, base, 0);
}

static void reads_as(u32 node, const char *wanted) {
  struct rational value;
  char text[256];
  rational_open(&value);
  assert_int_equal(rational_fold(&evaluator, &value, &pool, node), EVALUATED_EQUAL);
  expression_print(&pool, rational_write(&evaluator, &value, &pool, 0), text, sizeof text);
  assert_string_equal(text, wanted);
  rational_close(&value);
}

static void numbers_are_read_exactly(void **state) {
  (void)state;
  expression_reset(&pool);
  evaluator_begin(&evaluator);
  reads_as(number("007", 0, 0, 10), "7");
  reads_as(number("125", 3, 0, 10), "(divide 1 8)");
  reads_as(number("1234", 4, 2, 10), "(divide 611 4950)");
  reads_as(number("9", 1, 1, 10), "1");
  reads_as(number("101", 0, 0, 2), "5");
  reads_as(number("ff", 0, 0, 16), "255");
}

static void all_memory_comes_back(void **state) {
  (void)state;
  const u64 before = ball_memory_used(evaluator.memory);
  void *blocks[200];
  for (u32 round = 0; round < 3; round++) {
    for (u32 i = 0; i < 200; i++) {
      blocks[i] = ball_memory_take(i * 97 + 1);
      memset(blocks[i], (int)i, i * 97 + 1);
    }
    for (u32 i = 0; i < 200; i++) {
      const u32 at = (i * 77) % 200;
      assert_int_equal(((u8 *)blocks[at])[at * 97], at);
      ball_memory_give(blocks[at]);
    }
    assert_int_equal(ball_memory_used(evaluator.memory), before);
  }
  /* Nothing is left in crumbs: half of the region fits in one block after all that. */
  void *half = ball_memory_take(VERIFIER_BALL_BYTES / 2 - 64);
  ball_memory_give(half);
}

static void a_closed_evaluator_opens_again(void **state) {
  (void)state;
  for (u32 i = 0; i < 3; i++) {
    evaluator_close(&evaluator);
    evaluator_open(&evaluator);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_read_exactly),
      cmocka_unit_test(all_memory_comes_back),
      cmocka_unit_test(a_closed_evaluator_opens_again),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
