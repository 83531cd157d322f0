/* The matrix product on every Vulkan device, bit for bit. See vulkan_image.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

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

static void record_matmul(struct image *image, struct program *program) {
  for (u32 i = 0; i < 120; i++) {
    const u32 m = next_size(image), n = next_size(image), k = next_size(image);
    record_one_matmul(image, program, m, n, k, i % 3);
  }
  for (u32 orientation = 0; orientation < 3; orientation++)
    record_one_matmul(image, program, 200, 300, 333, orientation);
}

static void matmul_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_matmul);
}

int main(void) {
  if (images_open() != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(matmul_is_the_definition, close_device),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  images_close();
  return failed;
}
