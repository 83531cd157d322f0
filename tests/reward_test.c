/* engine/reward: the formulas of RLSP.md against values worked by hand; streams, heads, clip, floor, decay. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/reward/reward.h"

static struct reward_settings defaults(enum reward_balance balance) {
  return (struct reward_settings){
      .balance = balance,
      .alpha = 0.8f,
      .clip = 10,
      .correct = 1,
      .wrong = 0,
      .no_answer = -0.5f,
      .c = 26,
      .c_final = 1,
      .floor = 8,
      .sources = {{.weight = 0.7f, .gamma = 1, .lambda = 0.95f, .whiten = true},
                  {.weight = 0.3f, .gamma = 1, .lambda = 0.95f, .whiten = true}},
      .kl_source = REWARD_CORRECTNESS,
  };
}

static f64 first_stream(const struct reward_settings *settings, enum verdict verdict, u32 length) {
  struct reward_outcome outcome;
  reward_outcome(settings, verdict, length, 0, &outcome);
  return (f64)outcome.streams[0];
}

/* f32: three roundings of values below 16 are at most 3 * 2^-21. */
#define NEAR(left, right) assert_true(fabs((left) - (right)) < 1.5e-6)

static void paper_is_equation_1(void **state) {
  (void)state;
  struct reward_settings settings = defaults(BALANCE_PAPER);
  settings.c = 1000; /* RLSP.md: alpha = 0.8, C = 1000 */
  NEAR(first_stream(&settings, VERDICT_CORRECT, 1000), 0.8 - 0.2);
  NEAR(first_stream(&settings, VERDICT_WRONG, 500), -0.4);
  NEAR(first_stream(&settings, VERDICT_CORRECT, 4000), 0.75);
  NEAR(first_stream(&settings, VERDICT_NO_ANSWER, 4000), -0.4 - 0.05);
  settings.c = 52; /* the miniature study */
  NEAR(first_stream(&settings, VERDICT_CORRECT, 26), 0.4);
  settings.alpha = 1; /* outcome only */
  assert_true(first_stream(&settings, VERDICT_CORRECT, 26) == 1);
  assert_true(first_stream(&settings, VERDICT_WRONG, 26) == 0);
  assert_true(first_stream(&settings, VERDICT_NO_ANSWER, 26) == -0.5);
}

static void paper_code_is_c_less_c_over_l(void **state) {
  (void)state;
  struct reward_settings settings = defaults(BALANCE_PAPER_CODE);
  assert_true(first_stream(&settings, VERDICT_CORRECT, 13) == -1);
  assert_true(first_stream(&settings, VERDICT_WRONG, 13) == -2);
  assert_true(first_stream(&settings, VERDICT_NO_ANSWER, 52) == -1);
  settings.c = 0;
  assert_true(first_stream(&settings, VERDICT_CORRECT, 13) == 1);
  settings.c = 1000; /* RLSP.md: saturates below 100 tokens at the clip of 10 */
  assert_true(first_stream(&settings, VERDICT_WRONG, 99) == -10);
  assert_true(first_stream(&settings, VERDICT_WRONG, 100) == -10);
  NEAR(first_stream(&settings, VERDICT_WRONG, 101), -1000.0 / 101);
  settings.clip = 0; /* never */
  assert_true(first_stream(&settings, VERDICT_WRONG, 50) == -20);
}

static void the_floor_bounds_short_responses(void **state) {
  (void)state;
  const struct reward_settings settings = defaults(BALANCE_PAPER_CODE);
  const f64 at_floor = first_stream(&settings, VERDICT_WRONG, 8);
  assert_true(at_floor == -26.0 / 8);
  for (u32 length = 0; length < 8; length++) assert_true(first_stream(&settings, VERDICT_WRONG, length) == at_floor);
  assert_true(first_stream(&settings, VERDICT_WRONG, 9) > at_floor);
}

/* RLSP.md: the paper's code pays a failure 0.0, "better than almost any honest sample". Here nothing pays more than an
 * honest answer of its length. */
static void no_answer_never_pays(void **state) {
  (void)state;
  for (u32 balance = BALANCE_PAPER; balance <= BALANCE_PAPER_CODE; balance++) {
    const struct reward_settings settings = defaults((enum reward_balance)balance);
    for (u32 length = 0; length <= 128; length++) {
      const f64 none = first_stream(&settings, VERDICT_NO_ANSWER, length);
      assert_true(none < first_stream(&settings, VERDICT_WRONG, length));
      assert_true(none < 0 &&
                  first_stream(&settings, VERDICT_WRONG, length) < first_stream(&settings, VERDICT_CORRECT, length));
    }
  }
}

static void streams_are_paid_apart(void **state) {
  (void)state;
  struct reward_settings settings = defaults(BALANCE_STREAMS);
  settings.clip = 3;
  settings.sources[REWARD_LENGTH].gamma = 0.5f;
  settings.sources[REWARD_LENGTH].whiten = false;
  assert_int_equal(reward_stream_count(&settings), 2);
  struct reward_outcome outcome;
  reward_outcome(&settings, VERDICT_CORRECT, 13, 0, &outcome);
  assert_true(outcome.streams[0] == 1 && outcome.streams[1] == -2);
  assert_true(outcome.streams[2] == 0 && outcome.streams[3] == 0);
  reward_outcome(&settings, VERDICT_NO_ANSWER, 1, 0, &outcome);
  assert_true(outcome.streams[0] == -0.5f && outcome.streams[1] == -3); /* clipped */
  assert_true(outcome.sources[REWARD_LENGTH] == -3.25f);                /* logged as it is */
  struct reward_stream stream;
  reward_stream(&settings, 0, &stream);
  assert_string_equal(stream.name, "correctness");
  assert_true(stream.weight == 0.7f && stream.gamma == 1 && stream.whiten);
  reward_stream(&settings, 1, &stream);
  assert_string_equal(stream.name, "length");
  assert_true(stream.weight == 0.3f && stream.gamma == 0.5f && !stream.whiten && stream.lambda == 0.95f);
}

static void kl_has_a_home(void **state) {
  (void)state;
  struct reward_settings settings = defaults(BALANCE_STREAMS);
  assert_int_equal(reward_kl_stream(&settings), 0);
  settings.kl_source = REWARD_LENGTH;
  assert_int_equal(reward_kl_stream(&settings), 1);
  settings.sources[0].shared = settings.sources[1].shared = true;
  assert_int_equal(reward_kl_stream(&settings), 0);
  settings.balance = BALANCE_PAPER;
  assert_int_equal(reward_kl_stream(&settings), 0);
}

/* Eq. 1 is the shared head with weights alpha and 1 - alpha: bit for bit. */
static void a_shared_head_is_the_weighted_sum(void **state) {
  (void)state;
  struct reward_settings shared = defaults(BALANCE_STREAMS);
  shared.sources[0].shared = shared.sources[1].shared = true;
  shared.sources[0].weight = 0.8f;
  shared.sources[1].weight = 1.0f - 0.8f;
  const struct reward_settings paper = defaults(BALANCE_PAPER);
  assert_int_equal(reward_stream_count(&shared), 1);
  for (u32 length = 0; length < 200; length++)
    for (u32 verdict = VERDICT_NO_ANSWER; verdict <= VERDICT_CORRECT; verdict++)
      assert_true(first_stream(&shared, (enum verdict)verdict, length) ==
                  first_stream(&paper, (enum verdict)verdict, length));
  struct reward_stream stream;
  reward_stream(&shared, 0, &stream);
  assert_true(stream.weight == 1 && stream.whiten);
}

static void heads_that_cannot_be_shared_are_refused(void **state) {
  (void)state;
  struct error error;
  struct reward_settings settings = defaults(BALANCE_STREAMS);
  assert_int_equal(reward_check(&settings, "x.ini", &error), STATUS_OK);
  settings.sources[0].shared = true;
  assert_int_equal(reward_check(&settings, "x.ini", &error), STATUS_USAGE);
  assert_string_equal(error.place, "x.ini");
  assert_non_null(strstr(error.text, "[reward.correctness]"));
  settings.sources[1].shared = true;
  assert_int_equal(reward_check(&settings, "x.ini", &error), STATUS_OK);
  settings.sources[1].gamma = 0.9f;
  assert_int_equal(reward_check(&settings, "x.ini", &error), STATUS_USAGE);
  settings.balance = BALANCE_PAPER; /* heads say nothing about one scalar */
  assert_int_equal(reward_check(&settings, "x.ini", &error), STATUS_OK);
}

static void c_decays_linearly(void **state) {
  (void)state;
  struct reward_settings settings = defaults(BALANCE_PAPER_CODE);
  settings.c_final = 0.5f;
  assert_true(reward_progress(0, 70) == 0 && reward_progress(69, 70) == 1 && reward_progress(0, 1) == 0);
  assert_true(reward_progress(0, 0) == 0);
  struct reward_outcome outcome;
  reward_outcome(&settings, VERDICT_WRONG, 26, reward_progress(0, 3), &outcome);
  assert_true(outcome.streams[0] == -1);
  reward_outcome(&settings, VERDICT_WRONG, 26, reward_progress(1, 3), &outcome);
  assert_true(outcome.streams[0] == -0.75f);
  reward_outcome(&settings, VERDICT_WRONG, 26, reward_progress(2, 3), &outcome);
  assert_true(outcome.streams[0] == -0.5f);
}

static void settings_come_from_the_config(void **state) {
  (void)state;
  struct config config;
  memset(&config, 0, sizeof config);
  config.reward_balance = BALANCE_STREAMS;
  config.reward_clip = 10;
  config.reward_correctness_correct = 2;
  config.reward_correctness_weight = 0.6;
  config.reward_correctness_head = VALUE_HEAD_OWN;
  config.reward_correctness_whiten = 1;
  config.reward_length_c = 52;
  config.reward_length_c_final = 0.25;
  config.reward_length_floor = 4;
  config.reward_length_gamma = 0.99;
  config.reward_length_head = VALUE_HEAD_SHARED;
  config.ppo_kl_stream = KL_STREAM_LENGTH;
  struct reward_settings settings;
  reward_settings_from(&settings, &config);
  assert_int_equal(settings.balance, BALANCE_STREAMS);
  assert_true(settings.clip == 10 && settings.correct == 2 && settings.c == 52 && settings.c_final == 0.25f &&
              settings.floor == 4);
  assert_true(settings.sources[0].weight == 0.6f && settings.sources[0].whiten && !settings.sources[0].shared);
  assert_true(settings.sources[1].gamma == 0.99f && !settings.sources[1].whiten && settings.sources[1].shared);
  assert_int_equal(settings.kl_source, REWARD_LENGTH);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(paper_is_equation_1),
      cmocka_unit_test(paper_code_is_c_less_c_over_l),
      cmocka_unit_test(the_floor_bounds_short_responses),
      cmocka_unit_test(no_answer_never_pays),
      cmocka_unit_test(streams_are_paid_apart),
      cmocka_unit_test(kl_has_a_home),
      cmocka_unit_test(a_shared_head_is_the_weighted_sum),
      cmocka_unit_test(heads_that_cannot_be_shared_are_refused),
      cmocka_unit_test(c_decays_linearly),
      cmocka_unit_test(settings_come_from_the_config),
  };
  return cmocka_run_group_tests_name("reward", tests, NULL, NULL);
}
