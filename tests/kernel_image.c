#include "tests/kernel_image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "platform/cpu/thread_pool.h"

#define GUARD 0xc3u
#define POISON 0xffu

static _Alignas(64) u8 scratch[KERNEL_SCRATCH_BYTES];

void image_reset(struct kernel_image *image, u64 seed) {
  image->random = seed * 0x9e3779b97f4a7c15u + 88172645463325252u;
  image->used = IMAGE_GUARD_BYTES;
  image->blocks = 0;
  memset(image->bytes, GUARD, IMAGE_BYTES);
}

u32 image_random(struct kernel_image *image) {
  image->random ^= image->random << 13;
  image->random ^= image->random >> 7;
  image->random ^= image->random << 17;
  return (u32)(image->random >> 16);
}

f32 image_random_float(struct kernel_image *image, f32 low, f32 high) {
  return low + (f32)(image_random(image) >> 8) * 0x1p-24f * (high - low);
}

static void *take(struct kernel_image *image, u64 words) {
  const u64 bytes = words * 4, begin = image->used;
  assert_true(image->blocks < IMAGE_BLOCKS_MAX);
  assert_true(begin + bytes + 2 * IMAGE_GUARD_BYTES <= IMAGE_BYTES);
  image->begin[image->blocks] = begin;
  image->end[image->blocks++] = begin + bytes;
  image->used = begin + bytes + IMAGE_GUARD_BYTES;
  memset(image->bytes + begin, POISON, bytes);
  return image->bytes + begin;
}

f32 *image_poison(struct kernel_image *image, u64 count) { return take(image, count); }

f32 *image_floats(struct kernel_image *image, u64 count, f32 low, f32 high) {
  f32 *x = take(image, count);
  for (u64 i = 0; i < count; i++) {
    x[i] = image_random_float(image, low, high);
    if (image_random(image) % 8 != 0) continue;
    for (u32 halvings = image_random(image) % 70; halvings > 0; halvings--) x[i] *= 0.5f;
  }
  return x;
}

f32 *image_float(struct kernel_image *image, f32 value) {
  f32 *x = take(image, 1);
  *x = value;
  return x;
}

u32 *image_words(struct kernel_image *image, u64 count, u32 bound) {
  u32 *x = take(image, count);
  for (u64 i = 0; i < count; i++) x[i] = image_random(image) % bound;
  return x;
}

u32 *image_word(struct kernel_image *image, u32 value) {
  u32 *x = take(image, 1);
  *x = value;
  return x;
}

void image_guards_stand(const struct kernel_image *image) {
  u64 at = 0;
  for (u32 block = 0; block <= image->blocks; block++) {
    const u64 end = block < image->blocks ? image->begin[block] : image->used;
    for (; at < end; at++)
      if (image->bytes[at] != GUARD) fail_msg("a guard byte before buffer %u has changed", block);
    if (block < image->blocks) at = image->end[block];
  }
}

u64 image_hash(const struct kernel_image *image) {
  u64 hash = 14695981039346656037u;
  for (u64 at = 0; at < image->used; at += 4) {
    u32 word;
    memcpy(&word, image->bytes + at, 4);
    hash = (hash ^ word) * 0x100000001b3u;
    hash ^= hash >> 29;
  }
  return hash;
}

void kernel_tables_open(struct kernel_tables *tables) {
  *tables = (struct kernel_tables){1, {kernels_baseline}, {"baseline"}};
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) {
    tables->table[tables->count] = kernels_avx2;
    tables->name[tables->count++] = "avx2";
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    tables->table[tables->count] = kernels_avx512;
    tables->name[tables->count++] = "avx512";
  }
#endif
}

void kernel_image_run(const struct kernel_entry *table, enum kernel kernel, const void *params) {
  const u64 mode = denormals_flush();
  u32 end = table[kernel].groups(params);
  for (u32 piece = 1; end > 0; piece++) {
    const u32 begin = end > piece ? end - piece : 0;
    memset(scratch, POISON, sizeof scratch);
    table[kernel].run(params, begin, end, scratch);
    end = begin;
  }
  denormals_restore(mode);
}
