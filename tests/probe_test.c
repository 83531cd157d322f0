/* The probe: what it expects is right (against double arithmetic and known words), every Vulkan device found passes it, and one that
 * gets any operation wrong is named and refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "engine/learn/trainer.h"
#include "platform/probe.h"
#include "platform/vulkan/vulkan_constrain.h"
#include "shaders/probe_cases.h"
#include "tests/vulkan_image.h"

#define CASES 4096u

static u32 cases[3 * CASES], result[CASES];

static f32 ordinary(u32 word) { return ex_from_bits((word & 0x807fffffu) | (125u + (word >> 23 & 3u)) << 23); }

/* One operation of doubles, rounded to a float: for sums and products of floats that is the float operation, rounded once. */
static f32 rounded(f64 x) { return (f32)x; }

static f32 trap(u32 operation, f32 a, f32 b, f32 c) {
  const f32 ab = rounded((f64)a * b), sum = rounded((f64)a + b);
  switch (operation) {
    case PROBE_ADD_PRODUCT:
      return rounded((f64)ab + c);
    case PROBE_SUBTRACT_PRODUCT:
      return rounded((f64)c - ab);
    case PROBE_SUM_OF_PRODUCTS:
      return rounded((f64)ab - rounded((f64)b * c));
    case PROBE_ADD_AND_TAKE_AWAY:
      return rounded((f64)sum - a);
    case PROBE_SUM_ORDER:
      return rounded((f64)rounded((f64)sum + c) + a);
    case PROBE_PRODUCT_ORDER:
      return rounded((f64)rounded((f64)ab * c) * a);
    case PROBE_DISTRIBUTION:
      return rounded((f64)ab + rounded((f64)a * c));
    default:
      return rounded((f64)a + b - sum); /* exact in doubles, and a float */
  }
}

static void the_traps_expect_one_rounding_an_operation(void **state) {
  (void)state;
  for (u32 i = 0; i < 3 * CASES; i++) cases[i] = (i * 2654435761u) ^ (i << 7);
  for (u32 operation = PROBE_ADD_PRODUCT; operation <= PROBE_ERROR_OF_SUM; operation++) {
    u32 fused = 0;
    probe_expected(operation, cases, result, CASES);
    for (u32 i = 0; i < CASES; i++) {
      const f32 a = ordinary(cases[3 * i]), b = ordinary(cases[3 * i + 1]), c = ordinary(cases[3 * i + 2]);
      assert_true(ex_from_bits(result[i]) == trap(operation, a, b, c));
      fused += ex_from_bits(result[i]) != rounded((f64)a * b + c);
    }
    if (operation == PROBE_ADD_PRODUCT) assert_true(fused > CASES / 10); /* a fused device would be seen */
  }
}

static void known_words_come_out(void **state) {
  (void)state;
  static const struct {
    u32 operation, a, b, right;
  } known[] = {
      {PROBE_EXP, 0x3f800000u, 0, 0x402df854u}, /* e */
      {PROBE_EXP, 0xc2b00000u, 0, 0x00000000u}, /* e^-88 is denormal */
      {PROBE_LOG, 0x402df854u, 0, 0x3f800000u},
      {PROBE_LOG, 0x00000001u, 0, 0xff800000u}, /* a denormal is zero */
      {PROBE_SQRT, 0x40000000u, 0, 0x3fb504f3u},
      {PROBE_SQRT, 0xbf800000u, 0, 0x7fc00000u},
      {PROBE_DIVISION, 0x3f800000u, 0x40400000u, 0x3eaaaaabu},
      {PROBE_DIVISION, 0x3f800000u, 0x00000000u, 0x7f800000u},
      {PROBE_TANH, 0x41200000u, 0, 0x3f800000u},
      {PROBE_SIGMOID, 0x00000000u, 0, 0x3f000000u},
      {PROBE_COMPARISON, 0x00000000u, 0x80000000u, 1u << 1 | 1u << 3 | 1u << 4},
      {PROBE_COMPARISON, 0x7fc00000u, 0x3f800000u, 1u << 5},
  };
  for (u32 i = 0; i < COUNT_OF(known); i++) {
    memset(cases, 0, sizeof cases);
    cases[0] = known[i].a;
    cases[1] = known[i].b;
    probe_expected(known[i].operation, cases, result, PROBE_GROUP);
    if (result[0] != known[i].right) fail_msg("known word %u: %08x, not %08x", i, result[0], known[i].right);
  }
}

static void probe(enum probe_depth depth, struct probe_verdict *verdict) {
  struct error error = {0};
  expect_ok(device_probe(&device, depth, verdict, &error), &error);
}

static void every_device_matches(void **state) {
  (void)state;
  need_vulkan();
  for (u32 i = 0; i < vulkan_count; i++) {
    struct probe_verdict verdict;
    char text[PROBE_TEXT_BYTES];
    u8 left[PROBE_ARENA_BYTES];
    struct error error = {0};
    if (infos[i].missing[0] != '\0') continue;
    open_vulkan(i, i % 2 == 0);
    probe(PROBE_SHORT, &verdict);
    if (verdict.failed != NULL) fail_msg("%s: %s", infos[i].name, probe_verdict_text(&verdict, text));
    assert_int_equal(verdict.cases, probe_operation_count() * PROBE_CALL_CASES);
    expect_ok(device_download(&device, 0, left, sizeof left, &error), &error);
    for (u32 j = 0; j < sizeof left; j++) assert_int_equal(left[j], 0);
    device_close(&device);
  }
}

static void what_is_wrong_is_named(void **state) {
  (void)state;
  need_vulkan();
  if (infos[0].missing[0] != '\0') return;
  open_vulkan(0, false);
  for (u32 operation = 0; operation < probe_operation_count(); operation++) {
    struct probe_verdict verdict;
    vulkan_probe_corrupt(operation);
    probe(PROBE_SHORT, &verdict);
    assert_non_null(verdict.failed);
    assert_string_equal(verdict.failed, probe_operation_name(operation));
    assert_true(verdict.expected != verdict.got);
  }
  vulkan_probe_heal();
}

static void a_run_refuses_it(void **state) {
  (void)state;
  need_vulkan();
  if (infos[0].missing[0] != '\0') return;
  static struct trainer trainer;
  static struct config config;
  const char *const settings[] = {"run.device=vulkan:0", "run.pipeline_cache=none"};
  struct error error = {0};
  expect_ok(config_parse(&config, "probe", "", 0, settings, COUNT_OF(settings), &error), &error);
  vulkan_probe_corrupt(PROBE_ADD_PRODUCT);
  assert_int_equal(trainer_open(&trainer, &config, 0, &error), STATUS_DEVICE);
  vulkan_probe_heal();
  trainer_close(&trainer);
  assert_string_equal(error.place, infos[0].name);
  assert_non_null(strstr(error.text, "a * b + c"));
  assert_non_null(strstr(error.text, "exact refuses it"));
  assert_non_null(strstr(error.text, "cpu"));
}

static void the_cpu_device_matches(void **state) {
  (void)state;
  struct probe_verdict verdict;
  struct error error = {0};
  open_device("cpu");
  expect_ok(device_memory_reserve(&device, PROBE_ARENA_BYTES, &error), &error);
  probe(PROBE_SHORT, &verdict);
  assert_null(verdict.failed);
}

int main(void) {
  if (images_open() != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_traps_expect_one_rounding_an_operation),
      cmocka_unit_test(known_words_come_out),
      cmocka_unit_test_teardown(every_device_matches, close_device),
      cmocka_unit_test_teardown(what_is_wrong_is_named, close_device),
      cmocka_unit_test_teardown(a_run_refuses_it, close_device),
      cmocka_unit_test_teardown(the_cpu_device_matches, close_device),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  images_close();
  return failed;
}
