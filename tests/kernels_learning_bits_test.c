/* The learning kernels' bits: every instruction set this CPU runs leaves the whole image (outputs, what must not be
 * touched, guards) with the hash stored here, so that compilers, optimisation levels and other processors are held to
 * it as well. A changed order of operations changes a hash: then params.h changes with it, and the shader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/kernel_image.h"

static struct kernel_image image;

static u64 floats(u64 count, f32 low, f32 high) { return image_address(image_floats(&image, count, low, high)); }
static u64 words(u64 count, u32 bound) { return image_address(image_words(&image, count, bound)); }
static u64 number(f32 value) { return image_address(image_float(&image, value)); }
static u64 word(u32 value) { return image_address(image_word(&image, value)); }
static u64 poison(u64 count) { return image_address(image_poison(&image, count)); }

#define RUN(name, ...) kernel_image_run(table, KERNEL_##name, &(const struct name##_params){__VA_ARGS__})

/* Odd sizes throughout: no vector width divides them. */
static void vocabulary(const struct kernel_entry *table, u32 vocab, u32 rows, bool with_entropy) {
  const u32 live = rows - 1;
  const u64 logits = floats((u64)rows * vocab, -9, 9), target = words(rows, vocab), logprob = poison(rows),
            entropy = poison(rows), stat = poison(2 * rows);
  const u64 count = word(live), dlogprob = floats(rows, -1, 1), dentropy = floats(rows, -1, 1);
  RUN(logprob_fwd, logits, target, logprob, with_entropy ? entropy : 0, stat, count, 0, rows, vocab, 0.9f);
  RUN(sample, logits, words(rows, 99), words(rows, 99), poison(rows), poison(rows), word(1), count, rows, vocab, 5, 6,
      0, 0, 0.9f);
  RUN(logprob_bwd, logits, target, stat, dlogprob, entropy, with_entropy ? dentropy : 0, count, 0, rows, vocab, 0.9f);
}

static void vocabulary_small(const struct kernel_entry *table) {
  vocabulary(table, 114, 37, true);
  vocabulary(table, 7, 5, false);
}
static void vocabulary_large(const struct kernel_entry *table) { vocabulary(table, 151937, 3, true); }

static void losses(const struct kernel_entry *table) {
  enum { ROWS = 1061, RECORDS = 519, STREAMS = 3 };
  const u64 count = word(1049), record = words(ROWS, RECORDS), scale = number(0.013f);
  RUN(cross_entropy, floats(ROWS, -9, 0), floats(ROWS, 0, 2), scale, poison(ROWS), poison(ROWS), count, ROWS);
  RUN(ppo_policy, floats(ROWS, -3, 0), record, floats(RECORDS, -3, 0), floats(RECORDS, -2, 2), scale, poison(ROWS),
      poison(ROWS), poison(4 * ROWS), count, ROWS, 0.2f, 0.28f);
  RUN(ppo_value, floats(ROWS * STREAMS, -2, 2), record, floats(RECORDS * STREAMS, -2, 2),
      floats(RECORDS * STREAMS, -2, 2), scale, poison(ROWS * STREAMS), poison(ROWS * STREAMS), poison(ROWS * STREAMS),
      count, ROWS, STREAMS, RECORDS, 0.2f);
}

static void advantages(const struct kernel_entry *table) {
  enum { SAMPLES = 61, RESPONSE_MAX = 101, N = SAMPLES * RESPONSE_MAX, STREAMS = 2 };
  const u64 length = words(SAMPLES, RESPONSE_MAX + 1), reward = poison(N * STREAMS), advantage = poison(N);
  RUN(token_reward, floats(N, -4, 0), floats(N, -4, 0), length, floats(SAMPLES * STREAMS, -1, 1), number(0.05f),
      poison(N), reward, SAMPLES, RESPONSE_MAX, STREAMS, 1);
  RUN(gae, reward + 4ull * N, floats(N, -1, 1), length, advantage, poison(N), SAMPLES, RESPONSE_MAX, 0.99f, 0.94f);
  const u64 partials = poison(2), sum = poison(1), mean = poison(1), variance = poison(1), tokens = number(3000.0f);
  RUN(reduce, advantage, partials, length, 0, 0, N, 1, RESPONSE_MAX, REDUCE_SUM);
  RUN(reduce, partials, sum, 0, 0, 0, 2, 1, 0, REDUCE_SUM);
  RUN(divide, sum, tokens, mean);
  RUN(reduce, advantage, partials, length, mean, 0, N, 1, RESPONSE_MAX, REDUCE_DEVIATION);
  RUN(reduce, partials, sum, 0, 0, 0, 2, 1, 0, REDUCE_SUM);
  RUN(divide, sum, tokens, variance);
  const u64 mix = poison(N);
  RUN(whiten, advantage, mean, variance, length, mix, SAMPLES, RESPONSE_MAX, 0, 0, 0.7f);
  RUN(whiten, advantage, mean, variance, length, mix, SAMPLES, RESPONSE_MAX, 1, 1, 0.3f);
}

static void optimizer(const struct kernel_entry *table) {
  enum { N = 60013, PARTIALS = (N + 4095) / 4096 };
  const u64 w = floats(N, -1, 1), g = floats(N, -0.1f, 0.1f), m = floats(N, -1e-3f, 1e-3f), v = floats(N, 0, 1e-4f);
  const u64 partials = poison(PARTIALS), square_sum = poison(1), norm = poison(1), scale = poison(1);
  f32 *control = image_poison(&image, 3);
  control[0] = 3e-4f;
  control[1] = 1.1f;
  control[2] = 2.3f;
  RUN(reduce, g, partials, 0, 0, 0, N, 1, 0, REDUCE_SQUARE);
  RUN(reduce, partials, square_sum, 0, 0, 0, PARTIALS, 1, 0, REDUCE_SUM);
  RUN(clip_scale, square_sum, norm, scale, 1.0f);
  for (u32 step = 0; step < 3; step++)
    RUN(adamw, w, g, m, v, scale, image_address(control), N, 0.9f, 0.95f, 0.1f, 0.05f, 1e-8f, 0.01f);
}

static const struct {
  const char *name;
  void (*run)(const struct kernel_entry *table);
  u64 hash;
} cases[] = {
    {"vocabulary, small", vocabulary_small, 0x99a2d640e6f78a45u},
    {"vocabulary, large", vocabulary_large, 0xd60ade1437cd574fu},
    {"losses", losses, 0x38f8167feedc66fbu},
    {"advantages", advantages, 0x8c3a60fb0f2fa4d5u},
    {"optimizer", optimizer, 0xc566e60982d98c4eu},
};

static void every_instruction_set_gives_the_stored_bits(void **state) {
  (void)state;
  struct kernel_tables tables;
  kernel_tables_open(&tables);
  u32 wrong = 0;
  for (u32 i = 0; i < COUNT_OF(cases); i++)
    for (u32 t = 0; t < tables.count; t++) {
      image_reset(&image, i);
      cases[i].run(tables.table[t]);
      image_guards_stand(&image);
      const u64 hash = image_hash(&image);
      if (hash == cases[i].hash) continue;
      print_message("# %s on %s: 0x%016llx\n", cases[i].name, tables.name[t], (unsigned long long)hash);
      wrong++;
    }
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_instruction_set_gives_the_stored_bits)};
  return cmocka_run_group_tests_name("kernels_learning_bits", tests, NULL, NULL);
}
