/* The decoder's row kernels on every Vulkan device, bit for bit. See vulkan_image.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/vulkan_image.h"

static void record_rmsnorm(struct image *image, struct program *program) {
  for (u32 i = 0; i < 40; i++) {
    const u32 width = next_size(image) * (1 + next_below(image, 8)), rows = next_size(image);
    const i32 low = (i32)next_below(image, 5) * -25; /* ordinary rows, tiny rows, where eps rules, and rows with both */
    const u64 x = floats(image, (u64)rows * width, low, 12), w = floats(image, width, -8, 3);
    const u64 y = floats(image, (u64)rows * width, 0, 0), rstd = floats(image, rows, 0, 0),
              count = next_count(image, rows);
    PROGRAM_CALL(program, rmsnorm_fwd, .x = x, .w = w, .y = y, .rstd = rstd, .count = count, .rows_max = rows,
                 .width = width, .eps = i % 2 == 0 ? 1e-6f : 1e-5f);
  }
}

static void rmsnorm_fwd_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_rmsnorm);
}

int main(void) {
  if (images_open() != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(rmsnorm_fwd_is_the_definition, close_device),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  images_close();
  return failed;
}
