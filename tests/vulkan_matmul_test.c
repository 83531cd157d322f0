/* The matrix product on every Vulkan device, bit for bit. See vulkan_image.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "platform/vulkan/dispatch.h"
#include "tests/vulkan_image.h"

static void record_one_matmul(struct image *image, struct program *program, u32 m, u32 n, u32 k, u32 orientation) {
  const u32 more = next_below(image, 5); /* rows are often longer than what is used of them */
  const u32 a_rows = orientation == MATMUL_TN ? k : m, lda = (orientation == MATMUL_TN ? m : k) + more;
  const u32 b_rows = orientation == MATMUL_NT ? n : k, ldb = (orientation == MATMUL_NT ? k : n) + more;
  const u32 ldc = n + more, flags = next_below(image, 4);
  const u32 bound = orientation == MATMUL_TN ? k : m;
  const i32 low = next_below(image, 3) == 0 ? -51 : -20; /* -51: the smallest operands there are; results are quieted */
  const u64 a = floats(image, (u64)a_rows * lda, low, low + 28), b = floats(image, (u64)b_rows * ldb, low, low + 28);
  const u64 c = floats(image, (u64)m * ldc, -20, (flags & MATMUL_ACCUMULATE) != 0 ? 8 : -20);
  const u64 bias = next_below(image, 2) == 0 ? 0 : floats(image, n, -20, 8);
  const u64 count = next_count(image, bound);
  const u32 first = count == 0 ? 0 : next_below(image, 3) * (bound / 3);
  PROGRAM_CALL(program, matmul, .a = a, .b = b, .c = c, .bias = bias, .count = count, .m = m, .n = n, .k = k,
               .lda = lda, .ldb = ldb, .ldc = ldc, .first = first, .orientation = orientation, .flags = flags);
}

static void record_sizes(struct image *image, struct program *program) {
  for (u32 i = 0; i < 120; i++) {
    const u32 m = next_size(image), n = next_size(image), k = next_size(image);
    record_one_matmul(image, program, m, n, k, i % 3);
  }
}

/* One of each tile there is, none a multiple of it. */
static const struct {
  u32 m, n, k;
} shapes[] = {{783, 1111, 67}, {1305, 329, 67}, {1281, 133, 131}, {747, 67, 67},  {157, 195, 131},
              {105, 137, 330}, {271, 101, 67},  {42, 85, 67},     {46, 141, 330}, {219, 65, 67},
              {85, 43, 330},   {46, 141, 1100}, {85, 43, 1100}};

static void record_shape(struct image *image, struct program *program, u32 shape) {
  for (u32 orientation = 0; orientation < 3; orientation++)
    record_one_matmul(image, program, shapes[shape].m, shapes[shape].n, shapes[shape].k, orientation);
}

static void record_largest_shape(struct image *image, struct program *program) { record_shape(image, program, 0); }

static void record_other_shapes(struct image *image, struct program *program) {
  for (u32 i = 1; i < COUNT_OF(shapes); i++) record_shape(image, program, i);
}

static const struct { u32 m, n, k; } few[] = {{70, 67, 150}, {70, 67, 64}, {3, 2, 150}, {70, 1, 10}, {9, 60, 65}};

/* Every product is -0, and so is every sum: that +0 is not added anywhere shows in no other case. */
static void record_negative_zeros(struct image *image, struct program *program) {
  const u32 m = 70, n = 67, k = 150;
  const u64 a = floats(image, m * k, -20, 8), b = floats(image, n * k, -20, 8);
  for (u32 i = 0; image->device == NULL && i < m * k; i++) host_words(image, a)[i] = 0x80000000u;
  for (u32 i = 0; image->device == NULL && i < n * k; i++) host_words(image, b)[i] &= 0x7fffffffu;
  for (u32 i = 0; i < COUNT_OF(few); i++)
    PROGRAM_CALL(program, matmul, .a = a, .b = b, .c = floats(image, few[i].m * few[i].n, -20, -20), .m = few[i].m,
                 .n = few[i].n, .k = few[i].k, .lda = k, .ldb = k, .ldc = few[i].n, .orientation = MATMUL_NT);
}

static void shapes_use_every_tile(void **state) {
  u32 tiles[COUNT_OF(shapes)][DISPATCH_CONSTANTS_MAX], count = 0;
  (void)state;
  for (u32 i = 0; i < COUNT_OF(shapes); i++) {
    struct dispatch dispatch;
    const struct matmul_params product = {.m = shapes[i].m, .n = shapes[i].n, .k = shapes[i].k};
    vulkan_dispatch(KERNEL_matmul, &product, false, &dispatch);
    memcpy(tiles[count], dispatch.constants, sizeof tiles[count]);
    u32 same = 0;
    while (memcmp(tiles[same], tiles[count], sizeof tiles[count]) != 0) same++;
    if (same < count) print_message("%u x %u x %u has the tile of %u\n", product.m, product.n, product.k, same);
    count += same == count;
  }
  assert_int_equal(count, 11); /* the table in dispatch_matmul.c */
}

static void any_size_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_sizes);
}

static void negative_zero_is_kept(void **state) {
  (void)state;
  compare_on_all(record_negative_zeros);
}

static void any_tile_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_largest_shape);
  compare_on_all(record_other_shapes);
}

int main(void) {
  if (images_open() != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shapes_use_every_tile),
      cmocka_unit_test_teardown(any_size_is_the_definition, close_device),
      cmocka_unit_test_teardown(negative_zero_is_kept, close_device),
      cmocka_unit_test_teardown(any_tile_is_the_definition, close_device),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  images_close();
  return failed;
}
