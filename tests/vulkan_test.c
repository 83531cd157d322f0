/* The device door and the Vulkan device: selection and its errors, the arena over several chunks, and every kernel that
 * has a shader memcmp-equal to its C definition on each Vulkan device found. All cases of a kernel are one program over
 * one image of memory: the C definition runs on a copy in host memory, the shader in the arena, and then the two whole
 * images are compared, so that poisoned outputs, guard bytes and inputs are compared too. Without a Vulkan driver the
 * device tests are skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/kernels/program.h"
#include "platform/cpu/thread_pool.h"
#include "platform/device.h"
#include "platform/vulkan/vulkan_constrain.h"
#include "platform/vulkan/workgroups.h"
#include "shaders/geometry.h"

#define IMAGE_BYTES (24u << 20)
#define CHUNK_BYTES (4u << 20) /* small, so that the image takes several */
#define GUARD_BYTES 64u
#define POISON 0xa5
#define CALLS_MAX 256u

/* Read by AddressSanitizer: lavapipe (Mesa 22.3) leaks 128 bytes an instance; we allocate nothing. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_leaks=0"; }

static struct device_info infos[DEVICES_MAX];
static u32 vulkan_count;
static struct device device;           /* the one a test has open; closed when the test ends, failed or not */
static u8 *image_bytes, *result_bytes; /* IMAGE_BYTES each */
static u8 *scratch;                    /* KERNEL_SCRATCH_BYTES */
static struct program_call calls[CALLS_MAX];

/* A layout of tensors, made twice by the same code: once to fill and run in host memory, once for the device's
 * addresses. */
struct image {
  const struct device *device; /* NULL = host memory, to be filled */
  u64 used;
  u32 random;
};

static u32 random_u32(struct image *image) {
  image->random = image->random * 1664525u + 1013904223u;
  return image->random ^ image->random >> 15;
}

static u32 random_below(struct image *image, u32 end) { return (random_u32(image) >> 8) % end; }

/* Floats of either sign with exponents in [low, high): most of the kernels' range, without what EXACT rules out. */
static f32 random_f32(struct image *image, i32 low, i32 high) {
  const u32 exponent = (u32)(127 + low) + random_below(image, (u32)(high - low));
  const u32 bits = (random_u32(image) & 0x807fffffu) | exponent << 23;
  f32 value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static u64 take(struct image *image, u64 bytes) {
  u64 offset = (image->used + TENSOR_ALIGN_BYTES - 1) / TENSOR_ALIGN_BYTES * TENSOR_ALIGN_BYTES;
  if (offset / CHUNK_BYTES != (offset + bytes + GUARD_BYTES) / CHUNK_BYTES)
    offset = (offset / CHUNK_BYTES + 1) * CHUNK_BYTES;
  image->used = offset + bytes + GUARD_BYTES;
  assert_true(image->used <= IMAGE_BYTES);
  return offset;
}

static u64 address(const struct image *image, u64 offset) {
  return image->device == NULL ? (u64)(uintptr_t)(image_bytes + offset) : device_address(image->device, offset);
}

/* count floats with exponents in [low, high); an output that is only assigned stays poisoned: low == high. */
static u64 floats(struct image *image, u64 count, i32 low, i32 high) {
  const u64 offset = take(image, count * sizeof(f32));
  for (u64 i = 0; low < high && i < count; i++) {
    const f32 value = random_f32(image, low, high);
    if (image->device == NULL) memcpy(image_bytes + offset + i * sizeof value, &value, sizeof value);
  }
  return address(image, offset);
}

static u64 words(struct image *image, const u32 *values, u32 count) {
  const u64 offset = take(image, count * sizeof(u32));
  if (image->device == NULL) memcpy(image_bytes + offset, values, count * sizeof(u32));
  return address(image, offset);
}

static u64 float_words(struct image *image, const f32 *values, u32 count) {
  u32 bits[4];
  assert_true(count <= COUNT_OF(bits));
  memcpy(bits, values, count * sizeof(f32));
  return words(image, bits, count);
}

/* How many rows are live: none given, none, some, more than the bound. */
static u64 random_count(struct image *image, u32 bound) {
  const u32 live[4] = {0, 0, random_below(image, bound + 1), bound + 7};
  const u32 which = random_below(image, 4);
  return which == 0 ? 0 : words(image, &live[which], 1);
}

typedef void record_function(struct image *image, struct program *program);

static const u32 sizes[] = {1, 2, 3, 15, 16, 17, 31, 63, 64, 65, 97, 127, 128, 129, 130, 193};

static u32 random_size(struct image *image) { return sizes[random_below(image, COUNT_OF(sizes))]; }

static void record_one_matmul(struct image *image, struct program *program, u32 m, u32 n, u32 k, u32 orientation) {
  const u32 more = random_below(image, 5); /* rows are often longer than what is used of them */
  const u32 a_rows = orientation == MATMUL_TN ? k : m, lda = (orientation == MATMUL_TN ? m : k) + more;
  const u32 b_rows = orientation == MATMUL_NT ? n : k, ldb = (orientation == MATMUL_NT ? k : n) + more;
  const u32 ldc = n + more, flags = random_below(image, 4);
  const u32 bound = orientation == MATMUL_TN ? k : m;
  const i32 low =
      random_below(image, 3) == 0 ? -51 : -20; /* -51: the smallest operands there are; results are quieted */
  const u64 a = floats(image, (u64)a_rows * lda, low, low + 28), b = floats(image, (u64)b_rows * ldb, low, low + 28);
  const u64 c = floats(image, (u64)m * ldc, -20, (flags & MATMUL_ACCUMULATE) != 0 ? 8 : -20);
  const u64 bias = random_below(image, 2) == 0 ? 0 : floats(image, n, -20, 8);
  const u64 count = random_count(image, bound);
  const u32 first = count == 0 ? 0 : random_below(image, 3) * (bound / 3);
  PROGRAM_CALL(program, matmul, .a = a, .b = b, .c = c, .bias = bias, .count = count, .m = m, .n = n, .k = k,
               .lda = lda, .ldb = ldb, .ldc = ldc, .first = first, .orientation = orientation, .flags = flags);
}

static void record_matmul(struct image *image, struct program *program) {
  for (u32 i = 0; i < 120; i++) {
    const u32 m = random_size(image), n = random_size(image), k = random_size(image);
    record_one_matmul(image, program, m, n, k, i % 3);
  }
  for (u32 orientation = 0; orientation < 3; orientation++)
    record_one_matmul(image, program, 200, 300, 333, orientation);
}

static void record_rmsnorm(struct image *image, struct program *program) {
  for (u32 i = 0; i < 40; i++) {
    const u32 width = random_size(image) * (1 + random_below(image, 8)), rows = random_size(image);
    const i32 low =
        (i32)random_below(image, 5) * -25; /* ordinary rows, tiny rows, where eps rules, and rows with both */
    const u64 x = floats(image, (u64)rows * width, low, 12), w = floats(image, width, -8, 3);
    const u64 y = floats(image, (u64)rows * width, 0, 0), rstd = floats(image, rows, 0, 0),
              count = random_count(image, rows);
    PROGRAM_CALL(program, rmsnorm_fwd, .x = x, .w = w, .y = y, .rstd = rstd, .count = count, .rows_max = rows,
                 .width = width, .eps = i % 2 == 0 ? 1e-6f : 1e-5f);
  }
}

static void record_adamw(struct image *image, struct program *program) {
  static const u32 lengths[] = {1, 2, 255, 256, 257, 511, 4096, 5001, 100003};
  for (u32 i = 0; i < COUNT_OF(lengths) * 3; i++) {
    const u32 n = lengths[i % COUNT_OF(lengths)];
    const i32 tiny = i < COUNT_OF(lengths)       ? -20
                     : i < 2 * COUNT_OF(lengths) ? -63
                                                 : -126; /* then g*g, then all, near the edge */
    const u64 w = floats(image, n, -30, 3), g = floats(image, n, tiny, 3), m = floats(image, n, tiny, 1);
    const u64 v = floats(image, n, tiny, 1);
    if (image->device == NULL) /* a second moment is never negative */
      for (u32 j = 0; j < n; j++) AT(u32, v)[j] &= 0x7fffffffu;
    const f32 scale = i % 2 == 0 ? 1.0f : 0.37f;
    const f32 control[3] = {i % 3 == 0 ? 0.0f : 3e-4f, i % 4 == 0 ? 10.0f : 1.0f, i % 4 == 0 ? 20.0f : 1.0f};
    const u64 scale_word = float_words(image, &scale, 1), control_words = float_words(image, control, 3);
    PROGRAM_CALL(program, adamw, .w = w, .g = g, .m = m, .v = v, .scale = scale_word, .control = control_words, .n = n,
                 .beta1 = 0.9f, .beta2 = 0.95f, .one_minus_beta1 = 0.1f, .one_minus_beta2 = 0.05f, .eps = 1e-8f,
                 .weight_decay = i % 2 == 0 ? 0.1f : 0.0f);
  }
}

/* Fills the host image, or records with the addresses of the device; the layouts are equal. */
static void record(struct image *image, struct program *program, const struct device *target,
                   record_function *function) {
  *image = (struct image){.device = target, .random = 12345};
  *program = (struct program){.calls = calls, .capacity = CALLS_MAX};
  program_begin(program, "kernels");
  function(image, program);
}

static void run_definitions(const struct program *program) {
  const u64 mode = denormals_flush();
  for (u32 i = 0; i < program->count; i++) {
    const struct kernel_entry *kernel = &kernels_baseline[program->calls[i].kernel];
    const void *params = program->calls[i].params;
    memset(scratch, POISON, KERNEL_SCRATCH_BYTES);
    kernel->definition(params, 0, kernel->definition_groups(params), scratch);
  }
  denormals_restore(mode);
}

static void expect_equal_images(u64 bytes) {
  for (u64 i = 0; i < bytes; i += sizeof(u32)) {
    u32 expected, got;
    memcpy(&expected, image_bytes + i, sizeof expected);
    memcpy(&got, result_bytes + i, sizeof got);
    if (expected == got) continue;
    print_message("%s: word at offset %llu: expected %08x, got %08x\n", device.info.name, (unsigned long long)i,
                  expected, got);
    for (u32 call = 0; call < CALLS_MAX; call++) { /* the call is the last one that has an address at or below it */
      u64 output = 0;
      memcpy(&output, calls[call].params, sizeof output);
      if (calls[call].params_bytes == 0 || output <= device_address(&device, i)) continue;
      print_message("at call %u or before\n", call == 0 ? 0 : call - 1);
      break;
    }
    fail();
  }
}

static void expect_ok(enum status status, const struct error *error) {
  if (status != STATUS_OK) print_message("%s: %s\n", error->place, error->text);
  assert_int_equal(status, STATUS_OK);
}

static void open_device(const char *select) {
  struct error error = {0};
  const struct device_options options = {.select = select};
  expect_ok(device_open(&device, &options, &error), &error);
}

static void open_vulkan(u32 index, bool staged) {
  char select[16];
  struct error error = {0};
  snprintf(select, sizeof select, "vulkan:%u", infos[index].index);
  open_device(select);
  assert_string_equal(device.info.name, infos[index].name);
  vulkan_device_constrain(&device, staged, CHUNK_BYTES);
  expect_ok(device_memory_reserve(&device, IMAGE_BYTES, &error), &error);
}

static void compare_on(u32 index, bool staged, record_function *function) {
  struct image image;
  struct program program;
  struct error error = {0};
  open_vulkan(index, staged);
  memset(image_bytes, POISON, IMAGE_BYTES);
  memset(calls, 0, sizeof calls);
  record(&image, &program, NULL, function);
  expect_ok(device_upload(&device, 0, image_bytes, image.used, &error), &error);
  run_definitions(&program);
  record(&image, &program, &device, function);
  expect_ok(device_program_load(&device, &program, &error), &error);
  expect_ok(device_program_run(&device, &program, &error), &error);
  memset(result_bytes, 0, image.used);
  expect_ok(device_download(&device, 0, result_bytes, image.used, &error), &error);
  expect_equal_images(image.used);
  device_close(&device);
}

static int close_device(void **state) {
  (void)state;
  device_close(&device);
  return 0;
}

static void need_vulkan(void) {
  if (vulkan_count > 0) return;
  print_message("skipped: no Vulkan driver\n");
  skip();
}

static void compare_on_all(record_function *function) {
  need_vulkan();
  for (u32 i = 0; i < vulkan_count; i++) {
    if (infos[i].missing[0] != '\0')
      print_message("%s lacks %s: left out\n", infos[i].name, infos[i].missing);
    else
      compare_on(i, i % 2 != 0, function);
  }
}

static void matmul_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_matmul);
}

static void rmsnorm_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_rmsnorm);
}

static void adamw_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_adamw);
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
      const u64 offset = i * (CHUNK_BYTES / 2) + random_below(&random, 100);
      u64 bytes = CHUNK_BYTES / 4 * (1 + random_below(&random, 5)) + random_below(&random, 100);
      if (bytes > IMAGE_BYTES - offset) bytes = IMAGE_BYTES - offset;
      for (u64 j = 0; j < bytes; j += 97) image_bytes[offset + j] = (u8)random_u32(&random);
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
  record(&image, &program, NULL, record_adamw);
  expect_ok(device_upload(&device, 0, image_bytes, image.used, &error), &error);
  for (u32 i = 0; i < 3; i++) run_definitions(&program);
  record(&image, &program, &device, record_adamw);
  expect_ok(device_program_load(&device, &program, &error), &error);
  for (u32 i = 0; i < 3; i++) expect_ok(device_program_run(&device, &program, &error), &error);
  expect_ok(device_download(&device, 0, result_bytes, image.used, &error), &error);
  expect_equal_images(image.used);
  device_close(&device);
}

/* The first kernel that has no shader, or KERNEL_COUNT. */
static u32 kernel_without_shader(void) {
#define LACKS_SHADER false
#define LACKS_NONE true
#define ROW_LACKS(name, form, shader) LACKS_##shader,
  static const bool lacks[KERNEL_COUNT] = {KERNEL_TABLE(ROW_LACKS)};
#undef ROW_LACKS
#undef LACKS_NONE
#undef LACKS_SHADER
  u32 kernel = 0;
  while (kernel < KERNEL_COUNT && !lacks[kernel]) kernel++;
  return kernel;
}

static void kernel_without_shader_is_named(void **state) {
  (void)state;
  need_vulkan();
  const u32 kernel = kernel_without_shader();
  if (infos[0].missing[0] != '\0' || kernel == KERNEL_COUNT) return;
  const u8 params[PARAMS_BYTES_MAX] = {0};
  struct error error = {0};
  struct program program = {.calls = calls, .capacity = CALLS_MAX};
  open_vulkan(0, false);
  program_begin(&program, "without");
  program_call(&program, (enum kernel)kernel, params, kernels_baseline[kernel].params_bytes);
  assert_int_equal(device_program_load(&device, &program, &error), STATUS_DEVICE);
  assert_non_null(strstr(error.text, kernels_baseline[kernel].name));
  assert_string_equal(error.place, device.info.name);
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

static void workgroups_fold_beyond_one_dimension(void **state) {
  (void)state;
  u32 groups[2];
  const struct adamw_params large = {.n = 3u << 28};
  vulkan_workgroups(KERNEL_adamw, &large, groups);
  assert_true(groups[0] <= WORKGROUPS_MAX && groups[1] <= WORKGROUPS_MAX);
  assert_true((u64)groups[0] * groups[1] * GROUP_ELEMENTS >= large.n);
  const struct adamw_params none = {.n = 0};
  vulkan_workgroups(KERNEL_adamw, &none, groups);
  assert_int_equal(groups[0] * groups[1], 0);
  const struct matmul_params product = {.m = 65, .n = 128};
  vulkan_workgroups(KERNEL_matmul, &product, groups);
  assert_int_equal(groups[0], 2);
  assert_int_equal(groups[1], 2);
}

int main(void) {
  char note[512];
  const u32 count = device_list(infos, DEVICES_MAX, note, sizeof note);
  vulkan_count = count - 1;
  image_bytes = malloc(IMAGE_BYTES);
  result_bytes = malloc(IMAGE_BYTES);
  scratch = malloc(KERNEL_SCRATCH_BYTES);
  if (image_bytes == NULL || result_bytes == NULL || scratch == NULL) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(list_ends_with_the_cpu, close_device),
      cmocka_unit_test_teardown(selection_refuses_what_is_not_there, close_device),
      cmocka_unit_test_teardown(selection_finds_by_kind_number_and_name, close_device),
      cmocka_unit_test_teardown(workgroups_fold_beyond_one_dimension, close_device),
      cmocka_unit_test_teardown(transfers_cross_chunks, close_device),
      cmocka_unit_test_teardown(reserve_refuses_what_does_not_fit, close_device),
      cmocka_unit_test_teardown(kernel_without_shader_is_named, close_device),
      cmocka_unit_test_teardown(matmul_is_the_definition, close_device),
      cmocka_unit_test_teardown(rmsnorm_is_the_definition, close_device),
      cmocka_unit_test_teardown(adamw_is_the_definition, close_device),
      cmocka_unit_test_teardown(programs_replay, close_device),
      cmocka_unit_test_teardown(lost_device_is_said, close_device),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  free(image_bytes);
  free(result_bytes);
  free(scratch);
  return failed;
}
