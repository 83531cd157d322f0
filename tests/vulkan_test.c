/* The device door and the Vulkan device: selection and its errors, the arena over several chunks, programs. Its kernels are
 * tested in vulkan_*_test.c. Without a Vulkan driver the device tests are skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/vulkan/dispatch.h"
#include "platform/vulkan/vulkan_constrain.h"
#include "tests/vulkan_image.h"

static void record_optimizer(struct image *image, struct program *program) {
  const u64 w = floats(image, 5001, -30, 3), g = floats(image, 5001, -20, 3), m = floats(image, 5001, -20, 1);
  const u64 v = floats(image, 5001, 0, 1);
  const f32 scale = 1.0f, control[3] = {3e-4f, 1.0f, 1.0f};
  const u64 scale_word = float_words(image, &scale, 1), control_words = float_words(image, control, 3);
  PROGRAM_CALL(program, adamw, .w = w, .g = g, .m = m, .v = v, .scale = scale_word, .control = control_words, .n = 5001,
               .beta1 = 0.9f, .beta2 = 0.95f, .one_minus_beta1 = 0.1f, .one_minus_beta2 = 0.05f, .eps = 1e-8f);
}

/* What comes up through staging and over chunk boundaries comes down again, at odd offsets and lengths, and nothing
 * else moves. */
static void transfers_cross_chunks(void **state) {
  (void)state;
  need_vulkan();
  for (u32 staged = 0; staged < 2; staged++) {
    struct error error = {0};
    if (infos[0].missing[0] != '\0') continue;
    open_vulkan(0, staged != 0);
    memset(image_bytes, 0, IMAGE_BYTES); /* a fresh arena is clear */
    struct image random = {.random = 99};
    for (u32 i = 0; i < 12; i++) {
      const u64 offset = i * (CHUNK_BYTES / 2) + next_below(&random, 100);
      u64 bytes = CHUNK_BYTES / 4 * (1 + next_below(&random, 5)) + next_below(&random, 100);
      if (bytes > IMAGE_BYTES - offset) bytes = IMAGE_BYTES - offset;
      for (u64 j = 0; j < bytes; j += 97) image_bytes[offset + j] = (u8)next_u32(&random);
      expect_ok(device_upload(&device, offset, image_bytes + offset, bytes, &error), &error);
    }
    expect_ok(device_download(&device, 0, result_bytes, IMAGE_BYTES, &error), &error);
    assert_memory_equal(result_bytes, image_bytes, IMAGE_BYTES);
    expect_ok(device_download(&device, CHUNK_BYTES - 3, result_bytes, 7, &error), &error);
    assert_memory_equal(result_bytes, image_bytes + CHUNK_BYTES - 3, 7);
    assert_true(device_address(&device, CHUNK_BYTES) != 0);
    device_close(&device);
  }
}

/* A program is replayed: three runs are three steps. */
static void programs_replay(void **state) {
  (void)state;
  need_vulkan();
  if (infos[0].missing[0] != '\0') return;
  struct image image;
  struct program program;
  struct error error = {0};
  open_vulkan(0, true);
  memset(image_bytes, POISON, IMAGE_BYTES);
  record(&image, &program, NULL, record_optimizer);
  expect_ok(device_upload(&device, 0, image_bytes, image.used, &error), &error);
  for (u32 i = 0; i < 3; i++) run_definitions(&program);
  record(&image, &program, &device, record_optimizer);
  expect_ok(device_program_load(&device, &program, &error), &error);
  for (u32 i = 0; i < 3; i++) expect_ok(device_program_run(&device, &program, &error), &error);
  expect_ok(device_download(&device, 0, result_bytes, image.used, &error), &error);
  expect_equal_images(image.used);
  device_close(&device);
}

/* More groups than one row of a dispatch has, added to in place: a group that is done twice shows. */
#define MANY_ROWS 280003u

static void record_many_groups(struct image *image, struct program *program) {
  const u64 x = floats(image, MANY_ROWS, -1, 1), w = floats(image, 1, -1, 1), rstd = floats(image, MANY_ROWS, -1, 1),
            dy = floats(image, MANY_ROWS, -1, 1), dx = floats(image, MANY_ROWS, -1, 1);
  const u32 live = MANY_ROWS - 2;
  const u64 count = words(image, &live, 1);
  for (u32 i = 0; i < 2; i++) /* a size that is known, and one that the device works out */
    PROGRAM_CALL(program, rmsnorm_bwd, .x = x, .w = w, .rstd = rstd, .dy = dy, .residual = dx, .dx = dx,
                 .count = i == 0 ? 0 : count, .rows_max = MANY_ROWS, .width = 1);
}

/* Every submit counts as too long: each run cuts all of them again, down to single groups at the end. */
static void what_is_cut_again_does_each_group_once(void **state) {
  (void)state;
  need_vulkan();
  if (infos[0].missing[0] != '\0') return;
  struct image image;
  struct program program;
  struct error error = {0};
  struct device_report before, after;
  open_vulkan(0, true);
  vulkan_device_cut(&device, UINT64_MAX, 0);
  memset(image_bytes, POISON, IMAGE_BYTES);
  record(&image, &program, NULL, record_many_groups);
  expect_ok(device_upload(&device, 0, image_bytes, image.used, &error), &error);
  record(&image, &program, &device, record_many_groups);
  expect_ok(device_program_load(&device, &program, &error), &error);
  device_report(&device, &before);
  for (u32 i = 0; i < 6; i++) expect_ok(device_program_run(&device, &program, &error), &error);
  device_report(&device, &after);
  assert_true(after.segments >= before.segments + 15);
  record(&image, &program, NULL, record_many_groups);
  for (u32 i = 0; i < 6; i++) run_definitions(&program);
  expect_ok(device_download(&device, 0, result_bytes, image.used, &error), &error);
  expect_equal_images(image.used);
}

static void reserve_refuses_what_does_not_fit(void **state) {
  (void)state;
  need_vulkan();
  if (infos[0].missing[0] != '\0') return;
  char select[16];
  struct error error = {0};
  snprintf(select, sizeof select, "vulkan:%u", infos[0].index);
  open_device(select);
  vulkan_device_constrain(&device, false, CHUNK_BYTES); /* far more small chunks than a device has */
  assert_int_equal(device_memory_reserve(&device, 1ull << 50, &error), STATUS_DOES_NOT_FIT);
  assert_string_equal(error.place, device.info.name);
}

/* Not a test: an access outside the arena, for `tests/validated.sh control`, which must see it reported. Only on drivers that run on
 * the CPU, where the address is that of memory all the same. */
static void reads_outside_the_arena(void **state) {
  (void)state;
  static const u32 outside[16] = {1};
  need_vulkan();
  if (infos[0].missing[0] != '\0' || strcmp(infos[0].type, "cpu") != 0) return;
  struct program program = {.calls = calls, .capacity = CALLS_MAX};
  struct error error = {0};
  open_vulkan(0, false);
  program_begin(&program, "outside");
  PROGRAM_CALL(&program, copy, .source = (u64)(uintptr_t)outside, .result = device_address(&device, 0),
               .n = COUNT_OF(outside));
  expect_ok(device_program_load(&device, &program, &error), &error);
  expect_ok(device_program_run(&device, &program, &error), &error);
}

/* The last test: a lost device stays lost, for the process. */
static void lost_device_is_said(void **state) {
  (void)state;
  need_vulkan();
  if (infos[0].missing[0] != '\0') return;
  struct error error = {0};
  u8 bytes[4] = {0};
  open_vulkan(0, true);
  vulkan_device_break(&device, true);
  assert_int_equal(device_upload(&device, 0, bytes, sizeof bytes, &error), STATUS_DEVICE);
  assert_non_null(strstr(error.text, "did not finish within 120 s"));
  vulkan_device_break(&device, false);
  assert_int_equal(device_download(&device, 0, bytes, sizeof bytes, &error), STATUS_DEVICE);
  assert_non_null(strstr(error.text, "lost earlier"));
}

static void list_ends_with_the_cpu(void **state) {
  (void)state;
  struct device_info all[DEVICES_MAX];
  char note[512];
  const u32 count = device_list(all, DEVICES_MAX, note, sizeof note);
  assert_int_equal(count, vulkan_count + 1);
  assert_int_equal(all[count - 1].kind, DEVICE_KIND_CPU);
  assert_string_equal(all[count - 1].name, "cpu");
  for (u32 i = 0; i + 1 < count; i++) {
    assert_int_equal(all[i].kind, DEVICE_KIND_VULKAN);
    assert_int_equal(all[i].index, i);
    assert_true(all[i].name[0] != '\0' && all[i].driver[0] != '\0' && all[i].type[0] != '\0');
  }
  if (count == 1) assert_true(note[0] != '\0');
  assert_int_equal(device_list(all, 1, note, sizeof note), 1); /* the CPU always has room */
  assert_int_equal(all[0].kind, DEVICE_KIND_CPU);
}

/* Opens what cannot be opened, and returns the text. */
static const char *refusal(const char *select) {
  static struct error error;
  const struct device_options options = {.select = select};
  assert_int_equal(device_open(&device, &options, &error), STATUS_DEVICE);
  assert_string_equal(error.place, select);
  device_close(&device);
  return error.text;
}

static void selection_refuses_what_is_not_there(void **state) {
  (void)state;
  const char *text = refusal("no such card");
  assert_non_null(strstr(text, vulkan_count == 0 ? "no Vulkan device" : "no such device"));
  text = refusal("vulkan:31");
  assert_non_null(strstr(text, vulkan_count == 0 ? "no Vulkan device" : infos[0].name));
  if (vulkan_count == 0) return;
  assert_non_null(strstr(refusal("vulkan:"), "number"));
  assert_non_null(strstr(refusal("vulkan:-1"), "number"));
  assert_non_null(strstr(refusal("vulkan:0x"), "number"));
  assert_non_null(strstr(refusal("vulkan:99999999999"), "number"));
}

static void selection_finds_by_kind_number_and_name(void **state) {
  (void)state;
  open_device("cpu");
  assert_int_equal(device.info.kind, DEVICE_KIND_CPU);
  device_close(&device);
  open_device("auto"); /* never a Vulkan driver that runs on the CPU */
  assert_true(device.info.kind == DEVICE_KIND_CPU || strcmp(device.info.type, "cpu") != 0);
  device_close(&device);
  if (vulkan_count != 1 || infos[0].missing[0] != '\0') return;
  char part[8];
  snprintf(part, sizeof part, "%.6s", infos[0].name);
  for (char *c = part; *c != '\0'; c++)
    if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A'); /* names match in either case */
  open_device(part);
  assert_string_equal(device.info.name, infos[0].name);
  device_close(&device);
  open_device("vulkan");
  assert_int_equal(device.info.kind, DEVICE_KIND_VULKAN);
  device_close(&device);
}

static void dispatches_count_the_live_rows(void **state) {
  (void)state;
  struct dispatch dispatch;
  const struct adamw_params elements = {.n = 3u << 28};
  vulkan_dispatch(KERNEL_adamw, &elements, false, &dispatch);
  assert_int_equal(dispatch_groups(&dispatch, dispatch.rows_max), (3u << 28) / GROUP_ELEMENTS);
  assert_int_equal(dispatch_groups(&dispatch, 0), 0);
  const struct matmul_params product = {.m = 200, .n = 128, .k = 64, .first = 3};
  vulkan_dispatch(KERNEL_matmul, &product, false, &dispatch);
  assert_int_equal(dispatch.first, 3);
  assert_int_equal(dispatch_groups(&dispatch, 0), 0);
  assert_int_equal(dispatch_groups(&dispatch, dispatch.per_group + 1), 2 * dispatch.repeat);
}

int main(int argc, char **argv) {
  if (images_open() != 0) return 1;
  const struct CMUnitTest outside[] = {cmocka_unit_test_teardown(reads_outside_the_arena, close_device)};
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(list_ends_with_the_cpu, close_device),
      cmocka_unit_test_teardown(selection_refuses_what_is_not_there, close_device),
      cmocka_unit_test_teardown(selection_finds_by_kind_number_and_name, close_device),
      cmocka_unit_test_teardown(dispatches_count_the_live_rows, close_device),
      cmocka_unit_test_teardown(transfers_cross_chunks, close_device),
      cmocka_unit_test_teardown(reserve_refuses_what_does_not_fit, close_device),
      cmocka_unit_test_teardown(programs_replay, close_device),
      cmocka_unit_test_teardown(what_is_cut_again_does_each_group_once, close_device),
      cmocka_unit_test_teardown(lost_device_is_said, close_device),
  };
  const bool control = argc == 2 && strcmp(argv[1], "outside") == 0;
  const int failed = control ? cmocka_run_group_tests(outside, NULL, NULL) : cmocka_run_group_tests(tests, NULL, NULL);
  images_close();
  /* One test leaves a device in a hang: exit handlers of drivers and layers may wait for it. */
  (void)fflush(stdout);
  _Exit(failed);
}
