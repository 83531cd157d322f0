/* engine/random: streams by name, bounds without bias, the normal. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/random.h"

static void streams_are_named_by_seed_use_and_index(void **state) {
  (void)state;
  struct random_stream first, again, others[3];
  random_open(&first, 7, RANDOM_TEST, 5);
  random_open(&again, 7, RANDOM_TEST, 5);
  random_open(&others[0], 7ull << 32, RANDOM_TEST, 5);
  random_open(&others[1], 7, RANDOM_SFT_TRACE, 5);
  random_open(&others[2], 7, RANDOM_TEST, 5ull << 32);
  u32 equal = 0;
  for (u32 i = 0; i < 1000; i++) {
    const u32 word = random_u32(&first);
    assert_int_equal(word, random_u32(&again));
    for (u32 k = 0; k < 3; k++) equal += word == random_u32(&others[k]);
  }
  assert_true(equal <= 1); /* 3000 chances of 2^-32 */
}

/* chi-square of 3 * 2^30 + 1, where a plain multiplication or a remainder would be far off: thirds of the range. */
static void below_is_unbiased(void **state) {
  (void)state;
  struct random_stream stream;
  random_open(&stream, 1, RANDOM_TEST, 0);
  const u32 bound = 3u << 30;
  const u32 draws = 300000;
  u32 thirds[3] = {0};
  for (u32 i = 0; i < draws; i++) {
    const u32 value = random_below(&stream, bound);
    assert_true(value < bound);
    thirds[value / (bound / 3)]++;
  }
  f64 chi = 0;
  for (u32 i = 0; i < 3; i++) chi += pow(thirds[i] - draws / 3.0, 2) / (draws / 3.0);
  assert_true(chi < 27.6); /* 2 degrees of freedom, p = 1e-6; a remainder gives 37,500 */
  for (u32 i = 0; i < 100; i++) assert_int_equal(random_below(&stream, 1), 0);
}

static void unit_and_normal_have_their_moments(void **state) {
  (void)state;
  struct random_stream stream;
  random_open(&stream, 2, RANDOM_TEST, 0);
  const u32 draws = 200000;
  f64 unit = 0, mean = 0, square = 0, fourth = 0;
  for (u32 i = 0; i < draws; i++) {
    const f64 u = random_unit(&stream);
    assert_true(u >= 0 && u < 1);
    unit += u;
    const f64 x = (f64)random_normal(&stream);
    assert_true(isfinite(x));
    mean += x;
    square += x * x;
    fourth += x * x * x * x;
  }
  /* five standard errors: 1/sqrt(12 n), 1/sqrt(n), sqrt(2/n), sqrt(96/n) */
  const f64 root = sqrt((f64)draws);
  assert_true(fabs(unit / draws - 0.5) < 5 * sqrt(1.0 / 12) / root);
  assert_true(fabs(mean / draws) < 5 / root);
  assert_true(fabs(square / draws - 1) < 5 * sqrt(2.0) / root);
  assert_true(fabs(fourth / draws - 3) < 5 * sqrt(96.0) / root);
}

static void shuffle_gives_every_order(void **state) {
  (void)state;
  u32 seen[6] = {0};
  const u32 draws = 60000;
  struct random_stream stream;
  random_open(&stream, 3, RANDOM_TEST, 0);
  for (u32 i = 0; i < draws; i++) {
    u32 items[3] = {0, 1, 2};
    random_shuffle(&stream, items, 3);
    assert_int_equal(1u << items[0] | 1u << items[1] | 1u << items[2], 7);
    seen[items[0] * 2 + (items[1] > items[2])]++;
  }
  for (u32 i = 0; i < 6; i++) assert_true(fabs(seen[i] - draws / 6.0) < 5 * sqrt(draws / 6.0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(streams_are_named_by_seed_use_and_index),
      cmocka_unit_test(below_is_unbiased),
      cmocka_unit_test(unit_and_normal_have_their_moments),
      cmocka_unit_test(shuffle_gives_every_order),
  };
  return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
