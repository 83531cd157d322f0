/* shaders/philox.h against Random123's known answers (its file kat_vectors, "philox4x32 10"). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "shaders/philox.h"

static void known_answers(void **state) {
  (void)state;
  static const struct {
    u32 counter[4], key[2], words[4];
  } rows[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
       {0xffffffff, 0xffffffff},
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    u32 words[4];
    philox4x32_10(rows[i].counter, rows[i].key, words);
    assert_memory_equal(words, rows[i].words, sizeof words);
  }
}

static void high_half_of_a_product(void **state) {
  (void)state;
  u32 a = 1, b = 3;
  for (u32 i = 0; i < 200000; i++) {
    assert_int_equal(philox_multiply_high(a, b), (u32)((u64)a * b >> 32));
    a = a * 1664525u + 1013904223u;
    b = b * 22695477u + 1u;
  }
  assert_int_equal(philox_multiply_high(0xffffffffu, 0xffffffffu), 0xfffffffeu);
}

static void units_are_below_one(void **state) {
  (void)state;
  assert_true(philox_unit(0) == 0.0f);
  assert_true(philox_unit(255) == 0.0f);
  assert_true(philox_unit(0x80000000u) == 0.5f);
  assert_true(philox_unit(0xffffffffu) == 1.0f - 0x1p-24f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_answers),
      cmocka_unit_test(high_half_of_a_product),
      cmocka_unit_test(units_are_below_one),
  };
  return cmocka_run_group_tests_name("philox", tests, NULL, NULL);
}
