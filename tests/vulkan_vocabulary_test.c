/* Log-probs, their gradients and draws on every Vulkan device, bit for bit. See vulkan_image.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "shaders/geometry.h"
#include "tests/vulkan_image.h"

#define NAN_BITS 0x7fc00000u
#define MASKED_BITS 0xf149f2cau /* -1e30 */
#define TILE (VOCABULARY_TILE_BLOCKS * VOCABULARY_BLOCK)

static const f32 inverse_temperatures[] = {1.0f, 0.7f, 1.4285715f, 3.0f};

static u32 next_vocab(struct image *image) {
  static const u32 vocabs[] = {1,    7,        63,           64,       65,       114,  130,
                               1000, TILE / 2, TILE / 2 + 1, TILE - 1, TILE + 1, 4096, 9001};
  return vocabs[next_below(image, COUNT_OF(vocabs))];
}

/* Logits of small or large spread, around 0 or the flush's edge, some of them masked. */
static u64 next_logits(struct image *image, u32 rows, u32 vocab) {
  static const i32 low[] = {-3, -20, -110}, high[] = {1, 4, 7};
  const u64 logits = floats(image, (u64)rows * vocab, low[next_below(image, 3)], high[next_below(image, 3)]);
  const u32 masked = next_below(image, 3) == 0 ? 3 : 0; /* in 4 */
  u32 *word = host_words(image, logits);
  struct image mask = {.random = image->random};
  for (u64 i = 0; word != NULL && i < (u64)rows * vocab; i++)
    if (next_below(&mask, 4) < masked && i % vocab != vocab / 2) word[i] = MASKED_BITS;
  return logits;
}

static void record_logprob_rows(struct image *image, struct program *program, u32 vocab, u32 rows) {
  const u64 logits = next_logits(image, rows, vocab), count = next_count(image, rows);
  const u32 first = count == 0 ? 0 : next_below(image, 3) * (rows / 3), records = first + rows;
  const f32 inverse_temperature = inverse_temperatures[next_below(image, COUNT_OF(inverse_temperatures))];
  const u64 target = next_words(image, records, vocab), logprob = floats(image, records, 0, 0);
  const u64 stat = floats(image, 2 * records, 0, 0), dlogprob = floats(image, records, -12, 1);
  const u64 entropy = floats(image, records, 0, 0), dentropy = floats(image, records, -12, 1);
  const u32 kind = next_below(image, 3); /* no entropy, measured, with a gradient */
  PROGRAM_CALL(program, logprob_fwd, .logits = logits, .target = target, .logprob = logprob,
               .entropy = kind > 0 ? entropy : 0, .stat = stat, .count = count, .first = first, .rows_max = rows,
               .vocab = vocab, .inverse_temperature = inverse_temperature);
  PROGRAM_CALL(program, logprob_bwd, .logits = logits, .target = target, .stat = stat, .dlogprob = dlogprob,
               .entropy = entropy, .dentropy = kind > 1 ? dentropy : 0, .count = count, .first = first,
               .rows_max = rows, .vocab = vocab, .inverse_temperature = inverse_temperature);
}

static void record_logprob(struct image *image, struct program *program) {
  for (u32 i = 0; i < 60; i++) {
    const u32 vocab = next_vocab(image);
    record_logprob_rows(image, program, vocab, 1 + next_below(image, vocab > 1000 ? 9 : 70));
  }
  record_logprob_rows(image, program, 151937, 3);
}

static void logprob_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_logprob);
}

/* Every fourth row of `logits` is one of: a tie of all tokens, a NaN, all NaN, one token with all the weight. */
static void make_rows_special(u32 *word, u32 rows, u32 vocab) {
  for (u32 row = 0; row < rows; row += 4)
    for (u32 j = 0; j < vocab; j++) {
      u32 *logit = &word[(u64)row * vocab + j];
      const u32 kind = row / 4 % 4;
      if (kind == 0) *logit = 0;
      if (kind == 1 && j == vocab / 3) *logit = NAN_BITS | (row % 32 == 4 ? 0x80000001u : 0); /* of either sign */
      if (kind == 2) *logit = NAN_BITS;
      if (kind == 3) *logit = j == vocab - 1 ? 0x40000000u : MASKED_BITS;
    }
}

static void record_draws(struct image *image, struct program *program, u32 vocab, u32 rows, u32 greedy) {
  const u64 logits = next_logits(image, rows, vocab), iteration = next_words(image, 1, 1000);
  if (host_words(image, logits) != NULL) make_rows_special(host_words(image, logits), rows, vocab);
  const u64 sample_index = next_words(image, rows, 1000), position = next_words(image, rows, 100);
  const u64 token = next_words(image, rows, 1u << 24), logprob = floats(image, rows, 0, 0);
  PROGRAM_CALL(program, sample, .logits = logits, .sample_index = sample_index, .position = position, .token = token,
               .logprob = logprob, .iteration = iteration, .count = next_count(image, rows), .rows_max = rows,
               .vocab = vocab, .seed_low = next_u32(image), .seed_high = next_u32(image),
               .stream = next_below(image, 3), .greedy = greedy,
               .inverse_temperature = inverse_temperatures[next_below(image, COUNT_OF(inverse_temperatures))]);
}

static void record_sample(struct image *image, struct program *program) {
  for (u32 i = 0; i < 60; i++) {
    const u32 vocab = next_vocab(image);
    record_draws(image, program, vocab, 1 + next_below(image, vocab > 1000 ? 20 : 70), i % 4 == 3);
  }
  for (u32 greedy = 0; greedy < 2; greedy++) record_draws(image, program, 151937, 6, greedy);
}

static void sample_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_sample);
}

int main(void) {
  if (images_open() != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(logprob_is_the_definition, close_device),
      cmocka_unit_test_teardown(sample_is_the_definition, close_device),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  images_close();
  return failed;
}
