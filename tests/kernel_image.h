/* Memory for kernel tests: one image holds every buffer of a case, filled the same way each time, with guard bytes
 * between; so two runs are equal when their images are, and a stray write shows. Owned by the test (static: images are
 * large); reset before each case. Fails by cmocka's assertions. */
#ifndef RLSP_TESTS_KERNEL_IMAGE_H
#define RLSP_TESTS_KERNEL_IMAGE_H

#include "engine/kernels/kernel.h"

#define IMAGE_BYTES (8u << 20)
#define IMAGE_BLOCKS_MAX 32u
#define IMAGE_GUARD_BYTES 64u

struct kernel_image {
  u64 random;
  u64 used;
  u32 blocks;
  u64 begin[IMAGE_BLOCKS_MAX], end[IMAGE_BLOCKS_MAX];
  _Alignas(64) u8 bytes[IMAGE_BYTES];
};

void image_reset(struct kernel_image *image, u64 seed);
u32 image_random(struct kernel_image *image);
/* Uniform on [low, high). */
f32 image_random_float(struct kernel_image *image, f32 low, f32 high);
/* Poisoned (a NaN to floats, 2^32 - 1 to counts): outputs. */
f32 *image_poison(struct kernel_image *image, u64 count);
/* Uniform on [low, high); one in eight is scaled down by up to 2^-70, so that every threshold is met. */
f32 *image_floats(struct kernel_image *image, u64 count, f32 low, f32 high);
f32 *image_float(struct kernel_image *image, f32 value);
/* Uniform on 0..bound-1. */
u32 *image_words(struct kernel_image *image, u64 count, u32 bound);
u32 *image_word(struct kernel_image *image, u32 value);
/* No byte outside the buffers has changed. */
void image_guards_stand(const struct kernel_image *image);
u64 image_hash(const struct kernel_image *image);
static inline u64 image_address(const void *pointer) { return (u64)(uintptr_t)pointer; }

/* The tables this CPU can run: baseline first. */
struct kernel_tables {
  u32 count;
  const struct kernel_entry *table[3];
  const char *name[3];
};
void kernel_tables_open(struct kernel_tables *tables);
/* All groups, in pieces of 1, 2, 3, ... from the last to the first, scratch poisoned before each, denormals flushed: as
 * a pool might run them. */
void kernel_image_run(const struct kernel_entry *table, enum kernel kernel, const void *params);

#endif
