#include "tests/vulkan_image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/cpu/thread_pool.h"
#include "platform/vulkan/access.h"
#include "platform/vulkan/vulkan_constrain.h"

#define GUARD_BYTES 64u
#define CUT_WORK 3000000u /* operations of a submit: many of a program, and many calls cut in the middle */
#define TAKES_MAX 8192u
#define SIZES_BYTES (PROGRAM_SIZES_ROWS(CALLS_MAX) * PROGRAM_SIZES_WORDS * 4u) /* after the image */

/* Read by AddressSanitizer, in every test program: lavapipe (Mesa 22.3) leaks 128 bytes an instance, and a lost device's memory is
 * left to the process's end; we allocate nothing. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_leaks=0"; }

struct device_info infos[DEVICES_MAX];
u32 vulkan_count;
struct device device;
u8 *image_bytes, *result_bytes;
struct program_call calls[CALLS_MAX];
static _Alignas(64) u8 driver_memory[DRIVER_MEMORY_BYTES];
static struct { u64 begin, end; /* of the image's tensors, in its order */ } takes[TAKES_MAX];
static u32 take_count;
static u8 *scratch; /* KERNEL_SCRATCH_BYTES */

int images_open(void) {
  char note[512];
  vulkan_count = device_list(infos, DEVICES_MAX, note, sizeof note) - 1;
  image_bytes = malloc(IMAGE_BYTES);
  result_bytes = malloc(IMAGE_BYTES);
  scratch = malloc(KERNEL_SCRATCH_BYTES);
  return image_bytes == NULL || result_bytes == NULL || scratch == NULL;
}

void images_close(void) {
  free(image_bytes);
  free(result_bytes);
  free(scratch);
}

u32 next_u32(struct image *image) {
  image->random = image->random * 1664525u + 1013904223u;
  return image->random ^ image->random >> 15;
}

u32 next_below(struct image *image, u32 end) { return (next_u32(image) >> 8) % end; }

/* Floats of either sign with exponents in [low, high): most of the kernels' range, without what EXACT rules out. */
static f32 random_f32(struct image *image, i32 low, i32 high) {
  const u32 exponent = (u32)(127 + low) + next_below(image, (u32)(high - low));
  const u32 bits = (next_u32(image) & 0x807fffffu) | exponent << 23;
  f32 value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static u64 take(struct image *image, u64 bytes) {
  u64 offset = (image->used + TENSOR_ALIGN_BYTES - 1) / TENSOR_ALIGN_BYTES * TENSOR_ALIGN_BYTES;
  if (offset / CHUNK_BYTES != (offset + bytes + GUARD_BYTES) / CHUNK_BYTES)
    offset = (offset / CHUNK_BYTES + 1) * CHUNK_BYTES;
  image->used = offset + bytes + GUARD_BYTES;
  assert_true(image->used <= IMAGE_BYTES && take_count < TAKES_MAX);
  takes[take_count].begin = offset;
  takes[take_count++].end = offset + bytes;
  return offset;
}

static u64 address(const struct image *image, u64 offset) {
  return image->device == NULL ? (u64)(uintptr_t)(image_bytes + offset) : device_address(image->device, offset);
}

/* count floats with exponents in [low, high); an output that is only assigned stays poisoned: low == high. */
u64 floats(struct image *image, u64 count, i32 low, i32 high) {
  const u64 offset = take(image, count * sizeof(f32));
  for (u64 i = 0; low < high && i < count; i++) {
    const f32 value = random_f32(image, low, high);
    if (image->device == NULL) memcpy(image_bytes + offset + i * sizeof value, &value, sizeof value);
  }
  return address(image, offset);
}

u64 words(struct image *image, const u32 *values, u32 count) {
  const u64 offset = take(image, count * sizeof(u32));
  if (image->device == NULL) memcpy(image_bytes + offset, values, count * sizeof(u32));
  return address(image, offset);
}

u64 float_words(struct image *image, const f32 *values, u32 count) {
  u32 bits[4];
  assert_true(count <= COUNT_OF(bits));
  memcpy(bits, values, count * sizeof(f32));
  return words(image, bits, count);
}

/* How many rows are live: none given, none, some, more than the bound. */
u64 next_count(struct image *image, u32 bound) {
  const u32 live[4] = {0, 0, next_below(image, bound + 1), bound + 7};
  const u32 which = next_below(image, 4);
  return which == 0 ? 0 : words(image, &live[which], 1);
}

u64 next_words(struct image *image, u64 count, u32 end) {
  const u64 offset = take(image, count * sizeof(u32));
  for (u64 i = 0; i < count; i++) {
    const u32 value = next_below(image, end);
    if (image->device == NULL) memcpy(image_bytes + offset + i * sizeof value, &value, sizeof value);
  }
  return address(image, offset);
}

u32 *host_words(const struct image *image, u64 tensor) { return image->device == NULL ? AT(u32, tensor) : NULL; }

static const u32 sizes[] = {1, 2, 3, 15, 16, 17, 31, 63, 64, 65, 97, 127, 128, 129, 130, 193};

u32 next_size(struct image *image) { return sizes[next_below(image, COUNT_OF(sizes))]; }

/* Fills the host image, or records with the addresses of the device; the layouts are equal. */
void record(struct image *image, struct program *program, const struct device *target, record_function *function) {
  *image = (struct image){.device = target, .random = 12345};
  take_count = 0;
  *program = (struct program){.calls = calls, .capacity = CALLS_MAX, .sizes = IMAGE_BYTES};
  program_begin(program, "kernels");
  function(image, program);
}

void run_definitions(const struct program *program) {
  const u64 mode = denormals_flush();
  for (u32 i = 0; i < program->count; i++) {
    const struct kernel_entry *kernel = &kernels_baseline[program->calls[i].kernel];
    const void *params = program->calls[i].params;
    memset(scratch, POISON, KERNEL_SCRATCH_BYTES);
    kernel->definition(params, 0, kernel->definition_groups(params), scratch);
  }
  denormals_restore(mode);
}

/* Where the tensor ends that an access of unknown rows begins in. */
static u64 tensor_end(u64 offset) {
  for (u32 i = 0; i < take_count; i++)
    if (offset >= takes[i].begin && offset < takes[i].end) return takes[i].end;
  fail_msg("an access begins at %llu, outside of every tensor", (unsigned long long)offset);
  return 0;
}

/* Marks the words that a call may touch (write: that it may write). */
static void mark(const struct access *accesses, u32 count, bool write, u8 *marks) {
  for (u32 i = 0; i < count; i++) {
    const struct access *access = &accesses[i];
    if (write && !access->write) continue;
    const u64 begin = access->address - (u64)(uintptr_t)image_bytes;
    if (access->rows == ACCESS_ROWS_UNKNOWN) memset(marks + begin / 4, 1, (tensor_end(begin) - begin) / 4);
    for (u64 row = 0; access->rows != ACCESS_ROWS_UNKNOWN && row < access->rows; row++)
      memset(marks + (begin + row * access->stride_bytes) / 4, 1, access->row_bytes / 4);
  }
}

static void run_definition(const struct program_call *call) {
  const struct program one = {.calls = (struct program_call *)(uintptr_t)call, .count = 1};
  run_definitions(&one);
}

/* A call writes only where access.h says, and nothing else than what it says is read has a part in it: the same words come out when
 * all the rest of memory is other. Leaves the image as the call leaves it. */
static void expect_declared_accesses(const struct program_call *call, u64 used, u32 *before, u8 *touched, u8 *written) {
  struct access accesses[ACCESSES_MAX];
  u32 *now = (u32 *)(void *)image_bytes, *expected = (u32 *)(void *)result_bytes;
  const u32 count = kernel_accesses(call->kernel, call->params, accesses);
  memset(touched, 0, used / 4);
  memset(written, 0, used / 4);
  mark(accesses, count, false, touched);
  mark(accesses, count, true, written);
  memcpy(before, now, used);
  run_definition(call);
  memcpy(expected, now, used);
  for (u64 i = 0; i < used / 4; i++) now[i] = touched[i] ? before[i] : before[i] ^ 0x3c5a0001u;
  run_definition(call);
  for (u64 i = 0; i < used / 4; i++) {
    const u32 right = written[i] ? expected[i] : touched[i] ? before[i] : before[i] ^ 0x3c5a0001u;
    if (now[i] != right || (!written[i] && expected[i] != before[i]))
      fail_msg("kernel %s touches word %llu against what access.c says", kernels_baseline[call->kernel].name,
               (unsigned long long)i);
  }
  memcpy(now, expected, used);
}

/* Every call of a room's program, in turn. */
static void check_accesses(record_function *function) {
  struct image image;
  struct program program;
  memset(image_bytes, POISON, IMAGE_BYTES);
  record(&image, &program, NULL, function);
  const u64 used = (image.used + 3) / 4 * 4;
  u32 *before = malloc(used);
  u8 *touched = malloc(used / 4), *written = malloc(used / 4);
  assert_true(before != NULL && touched != NULL && written != NULL);
  for (u32 i = 0; i < program.count; i++) expect_declared_accesses(&program.calls[i], used, before, touched, written);
  free(before);
  free(touched);
  free(written);
}

void expect_equal_images(u64 bytes) {
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

void expect_ok(enum status status, const struct error *error) {
  if (status != STATUS_OK) print_message("%s: %s\n", error->place, error->text);
  assert_int_equal(status, STATUS_OK);
}

void open_device(const char *select) {
  struct error error = {0};
  const struct device_options options = {
      .select = select, .driver_memory = driver_memory, .driver_memory_bytes = sizeof driver_memory};
  expect_ok(device_open(&device, &options, &error), &error);
}

void open_vulkan(u32 index, bool staged) {
  char select[16];
  struct error error = {0};
  snprintf(select, sizeof select, "vulkan:%u", infos[index].index);
  open_device(select);
  assert_string_equal(device.info.name, infos[index].name);
  vulkan_device_constrain(&device, staged, CHUNK_BYTES);
  expect_ok(device_memory_reserve(&device, IMAGE_BYTES + SIZES_BYTES, &error), &error);
}

enum way { AS_IT_IS, STAGED_AND_CUT, WAYS };

static void compare_on(u32 index, enum way way, record_function *function) {
  struct image image;
  struct program program;
  struct error error = {0};
  open_vulkan(index, way == STAGED_AND_CUT);
  if (way == STAGED_AND_CUT) {
    vulkan_device_cut(&device, CUT_WORK, UINT64_MAX / 8);
    vulkan_device_reverse(&device);
  }
  memset(image_bytes, POISON, IMAGE_BYTES);
  memset(calls, 0, sizeof calls);
  record(&image, &program, NULL, function);
  expect_ok(device_upload(&device, 0, image_bytes, image.used, &error), &error);
  run_definitions(&program);
  record(&image, &program, &device, function);
  expect_ok(device_program_load(&device, &program, &error), &error);
  expect_ok(device_freeze(&device, &error), &error);
  expect_ok(device_program_run(&device, &program, &error), &error);
  memset(result_bytes, 0, image.used);
  expect_ok(device_download(&device, 0, result_bytes, image.used, &error), &error);
  expect_equal_images(image.used);
  device_close(&device);
}

int close_device(void **state) {
  (void)state;
  device_close(&device);
  return 0;
}

void need_vulkan(void) {
  if (vulkan_count > 0) return;
  print_message("skipped: no Vulkan driver\n");
  skip();
}

void compare_on_all(record_function *function) {
  check_accesses(function);
  need_vulkan();
  for (u32 i = 0; i < vulkan_count; i++) {
    if (infos[i].missing[0] != '\0')
      print_message("%s lacks %s: left out\n", infos[i].name, infos[i].missing);
    else
      for (enum way way = AS_IT_IS; way < WAYS; way++) compare_on(i, way, function);
  }
}
