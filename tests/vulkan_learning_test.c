/* Losses, advantages and the optimizer on every Vulkan device, bit for bit. See vulkan_image.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "shaders/exact_math.h"
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

static const u32 row_counts[] = {1, 2, 63, 255, 256, 257, 1000, 1025};

static u64 next_float(struct image *image, i32 low, i32 high) { return floats(image, 1, low, high); }

static void record_cross_entropy(struct image *image, struct program *program) {
  for (u32 i = 0; i < 24; i++) {
    const u32 rows = row_counts[i % COUNT_OF(row_counts)];
    const i32 low = i % 3 == 0 ? -60 : -10; /* -60: products on either side of the flush */
    const u64 logprob = floats(image, rows, low, 4), weight = floats(image, rows, low, 2);
    const u64 loss = floats(image, rows, 0, 0), dlogprob = floats(image, rows, 0, 0);
    PROGRAM_CALL(program, cross_entropy, .logprob = logprob, .weight = weight, .scale = next_float(image, -10, 1),
                 .loss = loss, .dlogprob = dlogprob, .count = next_count(image, rows), .rows_max = rows);
  }
}

static void cross_entropy_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_cross_entropy);
}

static void record_policy(struct image *image, struct program *program) {
  for (u32 i = 0; i < 32; i++) {
    const u32 rows = row_counts[i % COUNT_OF(row_counts)], records = rows / 2 + 1;
    const i32 low = i % 3 == 0 ? -60 : -6;
    const u64 logprob = floats(image, rows, low, 3), old = floats(image, records, low, i % 4 == 0 ? 6 : 2);
    const u64 advantage = floats(image, records, low, 3), record = next_words(image, rows, records);
    const u64 loss = floats(image, rows, 0, 0), dlogprob = floats(image, rows, 0, 0),
              stat = floats(image, 4ull * rows, 0, 0);
    PROGRAM_CALL(program, ppo_policy, .logprob = logprob, .record = record, .old_logprob = old, .advantage = advantage,
                 .scale = next_float(image, -10, 1), .loss = loss, .dlogprob = dlogprob, .stat = stat,
                 .count = next_count(image, rows), .rows_max = rows, .clip_low = 0.2f,
                 .clip_high = i % 2 == 0 ? 0.2f : 0.28f);
  }
}

static void ppo_policy_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_policy);
}

static void record_value(struct image *image, struct program *program) {
  for (u32 i = 0; i < 32; i++) {
    const u32 rows = row_counts[i % COUNT_OF(row_counts)], records = rows / 2 + 1, streams = 1 + next_below(image, 4);
    const u64 elements = (u64)rows * streams;
    const i32 low = i % 3 == 0 ? -70 : -8;
    const u64 value = floats(image, elements, low, 2), old = floats(image, (u64)records * streams, low, 2);
    const u64 ret = floats(image, (u64)records * streams, low, 2), record = next_words(image, rows, records);
    const u64 loss = floats(image, elements, 0, 0), dvalue = floats(image, elements, 0, 0),
              stat = floats(image, elements, 0, 0);
    PROGRAM_CALL(program, ppo_value, .value = value, .record = record, .old_value = old, .ret = ret,
                 .scale = next_float(image, -10, 1), .loss = loss, .dvalue = dvalue, .stat = stat,
                 .count = next_count(image, rows), .rows_max = rows, .streams = streams, .records = records,
                 .clip = i % 4 == 0 ? 0.0f : 0.2f);
  }
}

static void ppo_value_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_value);
}

static void record_token_reward(struct image *image, struct program *program) {
  for (u32 i = 0; i < 30; i++) {
    const u32 samples = next_size(image), response_max = next_size(image), streams = 1 + i % 4;
    const u64 records = (u64)samples * response_max;
    const i32 low = i % 3 == 0 ? -60 : -6;
    const u64 logprob = floats(image, records, low, 3), reference = floats(image, records, low, 3);
    const u64 lengths = next_words(image, samples, response_max + 1);
    const u64 outcome = floats(image, (u64)samples * streams, -3, 2), kl_coef = next_float(image, -45, 1);
    const u64 kl = floats(image, records, 0, 0), reward = floats(image, records * streams, 0, 0);
    u32 *word = host_words(image, reference), *same = host_words(image, logprob);
    for (u64 j = 0; word != NULL && j < records; j += 3) word[j] = same[j]; /* no penalty: -0 is not stored */
    PROGRAM_CALL(program, token_reward, .logprob = logprob, .reference = reference, .lengths = lengths,
                 .outcome = outcome, .kl_coef = kl_coef, .kl = kl, .reward = reward, .samples = samples,
                 .response_max = response_max, .streams = streams, .kl_stream = next_below(image, streams));
  }
}

static void token_reward_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_token_reward);
}

static void record_gae(struct image *image, struct program *program) {
  static const f32 gammas[] = {0.25f, 1.0f, 0.99f, 1.0f};
  for (u32 i = 0; i < 30; i++) {
    const u32 samples = next_size(image), response_max = next_size(image);
    const u64 records = (u64)samples * response_max;
    const i32 low = i % 3 == 0 ? -99 : -8,
              high = i % 3 == 0 ? -96 : 2; /* the least of what is stored: products flush */
    const u64 reward = floats(image, records, low, high), value = floats(image, records, low, high);
    const u64 lengths = next_words(image, samples, response_max + 1);
    const u64 advantage = floats(image, records, 0, 0), ret = floats(image, records, 0, 0);
    const f32 gamma = gammas[i % 4], lambda = i % 4 < 2 ? 0.95f : 0.0f;
    PROGRAM_CALL(program, gae, .reward = reward, .value = value, .lengths = lengths, .advantage = advantage, .ret = ret,
                 .samples = samples, .response_max = response_max, .gamma = gamma, .gamma_lambda = gamma * lambda);
  }
}

static void gae_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_gae);
}

static void record_whiten(struct image *image, struct program *program) {
  for (u32 i = 0; i < 40; i++) {
    const u32 samples = next_size(image), response_max = next_size(image), plain = i % 2, accumulate = i / 2 % 2;
    const u64 records = (u64)samples * response_max;
    const bool in_place = accumulate == 0 && i % 3 == 0;
    const i32 low = i % 5 == 0 ? -99 : -8,
              high = i % 5 == 0 ? -96 : 2; /* the least of what is stored: products flush */
    const u64 x = floats(image, records, low, high), mixed = floats(image, records, low, accumulate != 0 ? 2 : low);
    const u64 mean = next_float(image, low, high), variance = next_float(image, i % 7 == 0 ? -99 : -8, 3);
    const u64 lengths = next_words(image, samples, response_max + 1);
    if (host_words(image, variance) != NULL) *host_words(image, variance) &= 0x7fffffffu;
    PROGRAM_CALL(program, whiten, .x = x, .mean = plain != 0 ? 0 : mean, .variance = plain != 0 ? 0 : variance,
                 .lengths = lengths, .result = in_place ? x : mixed, .samples = samples, .response_max = response_max,
                 .accumulate = accumulate, .plain = plain, .weight = i % 4 < 2 ? 1.0f : -0.3f);
  }
}

static void whiten_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_whiten);
}

/* Sums over elements, over live rows (also more of them than 32 bits of elements), over samples' live positions. */
static void record_reduce(struct image *image, struct program *program) {
  static const u32 lengths[] = {1, 63, 64, 65, 4095, 4096, 4097, 12288, 100003};
  for (u32 i = 0; i < COUNT_OF(lengths) * 6; i++) {
    const bool wraps = i % 9 == 0; /* count * width is 2^32 + width */
    const u32 op = i % 3, width = wraps ? 4 : next_size(image), response_max = next_size(image);
    const u32 n = i < 27 ? lengths[i / 3] : width * response_max * (1 + next_below(image, 9));
    const u32 many = 0x40000001u;
    const i32 low = op == REDUCE_DEVIATION ? -99 : -120;
    const u64 x = floats(image, n, i % 4 == 0 ? low : -8, 3), result = floats(image, (n + 4095) / 4096, 0, 0);
    const u64 sample_lengths = next_words(image, n / response_max + 1, response_max + 1);
    const u64 count = wraps ? words(image, &many, 1) : next_count(image, n / width);
    PROGRAM_CALL(program, reduce, .x = x, .result = result, .lengths = i < 27 || i % 2 == 0 ? 0 : sample_lengths,
                 .mean = op == REDUCE_DEVIATION ? next_float(image, -8, 1) : 0, .count = count, .n = n, .width = width,
                 .response_max = response_max, .op = op);
  }
}

static void reduce_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_reduce);
}

static void record_scalars(struct image *image, struct program *program) {
  static const u32 bits[] = {0,           EX_SIGN,     0x3f800000u, 0x40e00000u, 0xc0400000u, 0x0d800000u, 0x40c80000u,
                             EX_INF_BITS, EX_NAN_BITS, 0x7f7fffffu, 0x00800000u, 0x4b7fffffu, 0x34000001u, 0xbf800000u};
  static const f32 max_norms[] = {1.0f, 2.5f, 0.0f};
  for (u32 i = 0; i < COUNT_OF(bits); i++)
    for (u32 j = 0; j < COUNT_OF(bits); j++)
      PROGRAM_CALL(program, divide, .sum = words(image, &bits[i], 1), .divisor = words(image, &bits[j], 1),
                   .result = floats(image, 1, 0, 0));
  for (u32 i = 0; i < COUNT_OF(bits); i++)
    for (u32 j = 0; j < COUNT_OF(max_norms); j++)
      PROGRAM_CALL(program, clip_scale, .square_sum = words(image, &bits[i], 1), .norm = floats(image, 1, 0, 0),
                   .scale = floats(image, 1, 0, 0), .max_norm = max_norms[j]);
}

static void divide_and_clip_scale_are_the_definitions(void **state) {
  (void)state;
  compare_on_all(record_scalars);
}

int main(void) {
  if (images_open() != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(cross_entropy_is_the_definition, close_device),
      cmocka_unit_test_teardown(ppo_policy_is_the_definition, close_device),
      cmocka_unit_test_teardown(ppo_value_is_the_definition, close_device),
      cmocka_unit_test_teardown(token_reward_is_the_definition, close_device),
      cmocka_unit_test_teardown(gae_is_the_definition, close_device),
      cmocka_unit_test_teardown(whiten_is_the_definition, close_device),
      cmocka_unit_test_teardown(reduce_is_the_definition, close_device),
      cmocka_unit_test_teardown(divide_and_clip_scale_are_the_definitions, close_device),
      cmocka_unit_test_teardown(adamw_is_the_definition, close_device),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  images_close();
  return failed;
}
