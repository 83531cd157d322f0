/* engine/learn/plan_fit and engine/report/plan_text: what is advised is measured, and does make it fit. Placing is
 * played by a formula here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/learn/plan_fit.h"
#include "engine/report/plan_text.h"

static struct plan plan;

/* Device: a KV cache of 1000 bytes a slot beside activations of 10 bytes a token, overlaid, over 4000 bytes of weights
 * a layer. Host: 50,000 bytes. */
static enum status measure(const struct config *config, struct plan *into, u64 *host_bytes, u64 *device_bytes,
                           struct error *error) {
  struct arena host, device;
  (void)error;
  arena_open(&host, "host", 0, into);
  arena_open(&device, "device", 0, into);
  arena_label(&host, "records", "always");
  arena_take(&host, "records", DTYPE_U8, 50000, 0, 0, 0);
  arena_label(&device, "weights", "always");
  arena_take(&device, "weights", DTYPE_F32, (u64)config->model_layers, 1000, 0, 0);
  const u64 mark = arena_mark(&device);
  arena_label(&device, "kv_cache", "rollout");
  arena_take(&device, "cache", DTYPE_U8, (u64)config->rollout_slots, 1000, 0, 0);
  arena_rewind(&device, mark);
  arena_label(&device, "activations", "training");
  arena_take(&device, "activations", DTYPE_U8, (u64)config->optim_micro_tokens, 10, 0, 0);
  *host_bytes = host.high;
  *device_bytes = device.high;
  return STATUS_OK;
}

static enum status measure_too_large(const struct config *config, struct plan *into, u64 *host_bytes, u64 *device_bytes,
                                     struct error *error) {
  const enum status status = measure(config, into, host_bytes, device_bytes, error);
  return status == STATUS_OK && config->optim_micro_tokens > 512
             ? status_fail(error, STATUS_DOES_NOT_FIT, "activations", "too large")
             : status;
}

static enum status measure_wrong(const struct config *config, struct plan *into, u64 *host_bytes, u64 *device_bytes,
                                 struct error *error) {
  (void)config;
  (void)into;
  (void)host_bytes;
  (void)device_bytes;
  return status_fail(error, STATUS_USAGE, "task", "no problem");
}

static struct config base;
static u64 host_bytes, device_bytes;

static void fit_with(const struct plan_limit *limit, plan_measure *with, struct plan_fit *fit) {
  struct error error;
  assert_int_equal(plan_fit(&base, limit, with, &plan, &host_bytes, &device_bytes, fit, &error), STATUS_OK);
}

/* Applies the changes to a copy and measures it by itself. */
static u64 device_need_after(const struct plan_change *changes, u32 count) {
  struct config config = base;
  u64 host, device;
  for (u32 i = 0; i < count; i++) {
    i64 value = 0;
    while (value != changes[i].value) assert_true(config_halve(&config, changes[i].setting, &value));
  }
  plan.count = 0;
  assert_int_equal(measure(&config, &plan, &host, &device, NULL), STATUS_OK);
  return device;
}

static int set_up(void **state) {
  (void)state;
  config_defaults(&base); /* 12,032 + 256,000 bytes, activations 20,480 */
  base.model_layers = 3;
  base.rollout_slots = base.rollout_samples = 256;
  base.ppo_minibatch = 64;
  base.optim_micro_tokens = 2048;
  base.rollout_response_max = 128;
  return 0;
}

static void what_fits_is_said(void **state) {
  (void)state;
  struct plan_fit fit;
  char text[1024];
  const struct plan_limit device = {.bytes = 268032}, both = {.bytes = 318032, .host_counts = true};
  fit_with(&device, measure, &fit);
  assert_true(fit.fits);
  assert_int_equal(fit.needed, 268032);
  assert_string_equal(plan_fit_text(&fit, &device, "on it", text, sizeof text),
                      "fits: 261.8 KiB of device memory needed, 261.8 KiB on it");
  fit_with(&both, measure, &fit);
  assert_true(fit.fits);
  assert_string_equal(plan_fit_text(&fit, &both, "on cpu", text, sizeof text),
                      "fits: 310.6 KiB of host and device memory needed, 310.6 KiB on cpu");
  const struct plan_limit less = {.bytes = 318031, .host_counts = true};
  fit_with(&less, measure, &fit);
  assert_false(fit.fits);
}

static void one_setting_is_enough(void **state) {
  (void)state;
  struct plan_fit fit;
  char text[1024];
  const struct plan_limit limit = {.bytes = 100000};
  fit_with(&limit, measure, &fit);
  assert_false(fit.fits);
  assert_int_equal(fit.alone_count, 1);
  assert_string_equal(fit.alone[0].setting, "rollout.slots");
  assert_int_equal(fit.alone[0].value, 64);
  assert_int_equal(fit.alone[0].saved, 192000);
  assert_true(device_need_after(fit.alone, 1) <= limit.bytes);
  assert_int_equal(fit.together_count, 0);
  assert_string_equal(fit.largest.name, "cache");
  assert_string_equal(plan_fit_text(&fit, &limit, "given", text, sizeof text),
                      "does not fit: 261.8 KiB of device memory needed, 97.7 KiB given; would fit with "
                      "rollout.slots=64 (saves 187.5 KiB)");
  fit_with(&limit, measure, &fit); /* the plan is the config's own again */
  assert_int_equal(plan.count, 4);
  assert_int_equal(plan.rows[2].dims[0], 256);
  assert_int_equal(device_bytes, 268032);
}

static void overlaid_memory_takes_two_settings(void **state) {
  (void)state;
  struct plan_fit fit;
  char text[1024];
  const struct plan_limit limit = {.bytes = 20000};
  fit_with(&limit, measure, &fit);
  assert_int_equal(fit.alone_count, 0); /* each alone uncovers the other */
  assert_int_equal(fit.together_count, 2);
  assert_string_equal(fit.together[0].setting, "rollout.slots");
  assert_string_equal(fit.together[1].setting, "optim.micro_tokens");
  assert_true(device_need_after(fit.together, 2) <= limit.bytes);
  assert_int_equal(fit.together[0].saved + fit.together[1].saved, 268032 - device_need_after(fit.together, 2));
  plan_fit_text(&fit, &limit, "given", text, sizeof text);
  assert_non_null(strstr(text, "; would fit with all of rollout.slots=4 (saves "));
  assert_non_null(strstr(text, " optim.micro_tokens=512 (saves "));
}

static void the_model_is_shrunk_last(void **state) {
  (void)state;
  struct plan_fit fit;
  const struct plan_limit limit = {.bytes = 8000};
  fit_with(&limit, measure, &fit);
  assert_int_equal(fit.together_count, 3);
  assert_string_equal(fit.together[2].setting, "model.layers");
  assert_true(device_need_after(fit.together, 3) <= limit.bytes);
}

static void what_cannot_fit_is_told_by_how_much(void **state) {
  (void)state;
  struct plan_fit fit;
  char text[1024];
  const struct plan_limit limit = {.bytes = 1000};
  fit_with(&limit, measure, &fit);
  assert_int_equal(fit.alone_count + fit.together_count, 0);
  /* left: one layer (4000 bytes, 4096 with alignment) and the fewest micro_tokens that hold a prompt and a response:
   * 256 */
  assert_int_equal(fit.shortfall, 4096 + 2560 - 1000);
  assert_string_equal(plan_fit_text(&fit, &limit, "given", text, sizeof text),
                      "does not fit: 261.8 KiB of device memory needed, 1000 bytes given; with every size halved as "
                      "often as it can be, 5.5 KiB "
                      "are still missing; the largest term is cache (250.0 KiB)");
}

static void a_tensor_beyond_a_chunk_is_an_answer(void **state) {
  (void)state;
  struct plan_fit fit;
  char text[1024];
  const struct plan_limit limit = {.bytes = 1000000, .host_counts = true};
  fit_with(&limit, measure_too_large, &fit);
  assert_false(fit.fits);
  assert_int_equal(fit.alone_count, 1);
  assert_string_equal(fit.alone[0].setting, "optim.micro_tokens");
  assert_int_equal(fit.alone[0].value, 512);
  assert_string_equal(plan_fit_text(&fit, &limit, "given", text, sizeof text),
                      "does not fit: a tensor is larger than the 2 GiB a device gives in one piece (the largest: "
                      "cache, 250.0 KiB); would fit with "
                      "optim.micro_tokens=512");
}

static void other_failures_pass_through(void **state) {
  (void)state;
  struct plan_fit fit;
  struct error error;
  const struct plan_limit limit = {.bytes = 1000};
  assert_int_equal(plan_fit(&base, &limit, measure_wrong, &plan, &host_bytes, &device_bytes, &fit, &error),
                   STATUS_USAGE);
  assert_string_equal(error.text, "no problem");
}

static void halving_keeps_the_rules(void **state) {
  (void)state;
  struct config config;
  i64 value = 0;
  config = base;
  assert_true(config_halve(&config, "rollout.samples", &value));
  assert_true(config_halve(&config, "rollout.samples", &value));
  assert_int_equal(value, 64);
  const struct config before = config;
  assert_false(config_halve(&config, "rollout.samples", &value)); /* ppo.minibatch is 64 */
  assert_memory_equal(&config, &before, sizeof config);
  config.optim_micro_tokens = 100;
  config.rollout_response_max = 8;
  config.task_failed_context_max = 1;
  assert_false(config_halve(&config, "optim.micro_tokens", NULL)); /* its range begins at 64 */
}

static char shown[8192];
static void collect(void *context, const char *line, u64 bytes) {
  u64 *used = context;
  assert_true(bytes > 0 && line[bytes - 1] == '\n' && *used + bytes < sizeof shown);
  memcpy(shown + *used, line, bytes);
  *used += bytes;
  shown[*used] = 0;
}

static void the_text_adds_up(void **state) {
  (void)state;
  u64 host, device, used = 0;
  plan.count = 0;
  assert_int_equal(measure(&base, &plan, &host, &device, NULL), STATUS_OK);
  plan_text(&plan, host, device, collect, &used);
  assert_string_equal(
      shown,
      "arena   region       phase             offset           bytes  type  shape                 name\n"
      "host    records      always                 0           50000  u8    50000                 records\n"
      "device  weights      always                 0           12000  f32   3x1000                weights\n"
      "device  kv_cache     rollout            12032          256000  u8    256x1000              cache\n"
      "device  activations  training           12032           20480  u8    2048x10               activations\n"
      "\n"
      "arena   region       phase              bytes              tensors\n"
      "host    records      always             50000    48.8 KiB  1\n"
      "device  weights      always             12000    11.7 KiB  1\n"
      "device  kv_cache     rollout           256000   250.0 KiB  1\n"
      "device  activations  training           20480    20.0 KiB  1\n"
      "\n"
      "arena                phase              bytes              tensors\n"
      "host    all          always             50000    48.8 KiB  1\n"
      "device  all          always             12000    11.7 KiB  1\n"
      "device  all          rollout           256000   250.0 KiB  1\n"
      "device  all          training           20480    20.0 KiB  1\n"
      "\n"
      "The phases rollout and training share their memory: the larger counts. Tensors begin at multiples of 256 "
      "bytes.\n"
      "host total             50000 bytes  48.8 KiB\n"
      "device total          268032 bytes  261.8 KiB\n");
}

static void sizes_are_readable(void **state) {
  (void)state;
  char text[SIZE_TEXT_BYTES];
  assert_string_equal(size_text(0, text), "0 bytes");
  assert_string_equal(size_text(1023, text), "1023 bytes");
  assert_string_equal(size_text(1536, text), "1.5 KiB");
  assert_string_equal(size_text(24ull << 30, text), "24.0 GiB");
  assert_string_equal(size_text(UINT64_MAX, text), "16384.0 PiB");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(what_fits_is_said, set_up),
      cmocka_unit_test_setup(one_setting_is_enough, set_up),
      cmocka_unit_test_setup(overlaid_memory_takes_two_settings, set_up),
      cmocka_unit_test_setup(the_model_is_shrunk_last, set_up),
      cmocka_unit_test_setup(what_cannot_fit_is_told_by_how_much, set_up),
      cmocka_unit_test_setup(a_tensor_beyond_a_chunk_is_an_answer, set_up),
      cmocka_unit_test_setup(other_failures_pass_through, set_up),
      cmocka_unit_test_setup(halving_keeps_the_rules, set_up),
      cmocka_unit_test_setup(the_text_adds_up, set_up),
      cmocka_unit_test(sizes_are_readable),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
