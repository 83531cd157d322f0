/* Losses, advantages and the optimizer on every Vulkan device, bit for bit. See vulkan_image.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/vulkan_image.h"

static void record_adamw(struct image *image, struct program *program) {
  static const u32 lengths[] = {1, 2, 255, 256, 257, 511, 4096, 5001, 100003};
  for (u32 i = 0; i < COUNT_OF(lengths) * 3; i++) {
    const u32 n = lengths[i % COUNT_OF(lengths)];
    const i32 tiny = i < COUNT_OF(lengths)       ? -20
                     : i < 2 * COUNT_OF(lengths) ? -63
                                                 : -126; /* then g*g, then all, near the edge */
    const u64 w = floats(image, n, -30, 3), g = floats(image, n, tiny, 3), m = floats(image, n, tiny, 1);
    const u64 v = floats(image, n, tiny, 1);
    u32 *moments = host_words(image, v); /* a second moment is never negative */
    for (u32 j = 0; moments != NULL && j < n; j++) moments[j] &= 0x7fffffffu;
    const f32 scale = i % 2 == 0 ? 1.0f : 0.37f;
    const f32 control[3] = {i % 3 == 0 ? 0.0f : 3e-4f, i % 4 == 0 ? 10.0f : 1.0f, i % 4 == 0 ? 20.0f : 1.0f};
    const u64 scale_word = float_words(image, &scale, 1), control_words = float_words(image, control, 3);
    PROGRAM_CALL(program, adamw, .w = w, .g = g, .m = m, .v = v, .scale = scale_word, .control = control_words, .n = n,
                 .beta1 = 0.9f, .beta2 = 0.95f, .one_minus_beta1 = 0.1f, .one_minus_beta2 = 0.05f, .eps = 1e-8f,
                 .weight_decay = i % 2 == 0 ? 0.1f : 0.0f);
  }
}

static void adamw_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_adamw);
}

int main(void) {
  if (images_open() != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(adamw_is_the_definition, close_device),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  images_close();
  return failed;
}
