/* engine/task: the verifier against a brute force, on every kind of response; behaviours worked by hand; totals and
 * rates. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/task/countdown_attempt.h"
#include "tests/countdown_oracle.h"

static const struct countdown_problem six_four_three = {.numbers = {3, 4, 6}, .count = 3, .target = 27}; /* 6 * 4 + 3 */

static struct countdown_outcome analyse_text(const struct countdown_problem *problem, const char *text, bool ended) {
  u32 tokens[256];
  const u32 count = oracle_tokens(text, tokens);
  struct countdown_outcome outcome;
  countdown_analyse(problem, tokens, count, ended, &outcome);
  assert_int_equal(outcome.verdict, oracle_verdict(problem, tokens, count, ended));
  return outcome;
}

static void the_last_attempt_is_graded(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool ended;
    enum verdict verdict;
  } rows[] = {
      {"6 * 4 = 24 , 24 + 3 = 27", true, VERDICT_CORRECT},
      {"4 * 6 = 24 , 3 + 24 = 27 OK", true, VERDICT_CORRECT},
      {"6 * 4 = 24 , 24 + 3 = 27 NO", true, VERDICT_CORRECT},    /* what it says of itself is not the answer */
      {"6 * 4 = 24 , 24 + 3 = 27 OK", false, VERDICT_NO_ANSWER}, /* cut off */
      {"6 * 4 = 24 , 24 - 3 = 21 OK", true, VERDICT_WRONG},
      {"6 * 4 = 24 , 24 + 3 = 28", true, VERDICT_WRONG}, /* arithmetic */
      {"6 * 4 = 25 , 24 + 3 = 27", true, VERDICT_WRONG}, /* takes 24, which is not there */
      {"6 * 4 = 24 , 24 + 3 = 27 NO BACK 6 - 3 = 3 , 3 * 4 = 12", true, VERDICT_WRONG},
      {"6 - 3 = 3 , 3 * 4 = 12 NO BACK 6 * 4 = 24 , 24 + 3 = 27", true, VERDICT_CORRECT},
      {"3 * 4 = 12 , 12 + 6 = 18 NO BACK", true, VERDICT_NO_ANSWER},
      {"BACK 6 * 4 = 24 , 24 + 3 = 27", true, VERDICT_CORRECT},
      {"BACK BACK", true, VERDICT_NO_ANSWER},
      {"", true, VERDICT_NO_ANSWER}, /* EOS first */
      {"", false, VERDICT_NO_ANSWER},
      {"OK", true, VERDICT_NO_ANSWER}, /* a check of nothing */
      {"NO", true, VERDICT_NO_ANSWER},
      {"27", true, VERDICT_NO_ANSWER},
      {"BOS 6 4 3 : 27", true, VERDICT_NO_ANSWER}, /* the prompt's echo */
      {"BOS 6 4 3 : 27 6 * 4 = 24 , 24 + 3 = 27", true, VERDICT_NO_ANSWER},
      {"6 * 4 = 24 , 24 + 3 = 27 OK OK", true, VERDICT_NO_ANSWER},
      {"6 * 4 = 24 , 24 + 3 = 27 EOS", true, VERDICT_NO_ANSWER},
      {"6 * 4 = 24 24 + 3 = 27", true, VERDICT_NO_ANSWER},
      {"6 * 4 = 24 , 24 + 3 =", true, VERDICT_NO_ANSWER},
      {"6 * 4 = 24", true, VERDICT_NO_ANSWER},
      {"24 + 3 = 27", true, VERDICT_NO_ANSWER},
      {"6 * 4 = 24 , 24 + 3 = 27 , 27 - 0 = 27", true, VERDICT_NO_ANSWER},
      {"6 * 4 = 24 , 24 + 4 = 28", true, VERDICT_WRONG}, /* 4 twice */
      {"6 + 6 = 12 , 12 + 3 = 15", true, VERDICT_WRONG},
      {"24 + 3 = 27 , 6 * 4 = 24", true, VERDICT_WRONG}, /* 24 before it is made */
      {"9 * 3 = 27 , 27 + 0 = 27", true, VERDICT_WRONG}, /* numbers of its own */
      {"3 - 4 = 1 , 1 + 6 = 7", true, VERDICT_WRONG},    /* below 0 */
  };
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    const struct countdown_outcome outcome = analyse_text(&six_four_three, rows[i].text, rows[i].ended);
    if (outcome.verdict != rows[i].verdict) fail_msg("verdict %d: %s", (int)outcome.verdict, rows[i].text);
  }
}

static void division_is_exact_and_zero_divides_nothing(void **state) {
  (void)state;
  const struct countdown_problem problem = {.numbers = {3, 3, 7}, .count = 3, .target = 0};
  assert_int_equal(analyse_text(&problem, "3 - 3 = 0 , 0 / 7 = 0", true).verdict, VERDICT_CORRECT);
  assert_int_equal(analyse_text(&problem, "3 - 3 = 0 , 0 * 7 = 0", true).verdict, VERDICT_CORRECT);
  assert_int_equal(analyse_text(&problem, "3 - 3 = 0 , 7 / 0 = 0", true).verdict, VERDICT_WRONG);
  assert_int_equal(analyse_text(&problem, "3 / 7 = 0 , 0 / 3 = 0", true).verdict, VERDICT_WRONG);
}

static void four_numbers_may_be_paired(void **state) {
  (void)state;
  const struct countdown_problem problem = {.numbers = {54, 74, 94, 96}, .count = 4, .target = 40};
  assert_int_equal(analyse_text(&problem, "96 - 94 = 2 , 74 - 54 = 20 , 2 * 20 = 40", true).verdict, VERDICT_CORRECT);
  assert_int_equal(analyse_text(&problem, "96 - 94 = 2 , 74 - 54 = 20 , 20 * 20 = 40", true).verdict, VERDICT_WRONG);
  const struct countdown_outcome outcome =
      analyse_text(&problem,
                   "96 - 94 = 2 , 74 - 54 = 20 , 2 + 20 = 22 NO BACK 74 - 54 = 20 , 96 - 94 = 2 , 20 + 2 = 22 NO BACK "
                   "74 - 54 = 20 , 96 - 94 = 2 , 20 - 2 = 18 NO",
                   true);
  assert_int_equal(outcome.attempts, 3);
  assert_int_equal(outcome.attempts_distinct, 2); /* the order of independent steps says nothing */
  assert_int_equal(outcome.depth_sound, 1);
}

/* Texts that solve 3, 4, 6 -> 27: 6 * 4 + 3 alone, each step in either order of its operands: 2 * 2. */
#define ORDERED_SOLUTIONS 4u

/* Every response of the right form over seven values and four operators: 7^6 * 16 of them. */
static void verdicts_equal_brute_force_on_every_form(void **state) {
  (void)state;
  static const u32 values[] = {3, 4, 6, 24, 27, 1, 2};
  const u32 n = COUNT_OF(values);
  u32 correct = 0;
  u32 tokens[] = {0, 0, 0, COUNTDOWN_EQUALS, 0, COUNTDOWN_COMMA, 0, 0, 0, COUNTDOWN_EQUALS, 0};
  static const u32 slots[] = {0, 2, 4, 6, 8, 10};
  for (u32 code = 0; code < n * n * n * n * n * n * 16; code++) {
    u32 rest = code;
    for (u32 i = 0; i < 6; i++, rest /= n) tokens[slots[i]] = values[rest % n];
    tokens[1] = COUNTDOWN_PLUS + rest % 4;
    tokens[7] = COUNTDOWN_PLUS + rest / 4;
    u32 cursor = 0;
    struct countdown_segment segment;
    assert_true(countdown_next_segment(&six_four_three, tokens, 11, &cursor, &segment));
    assert_true(segment.attempt);
    const bool near =
        segment.correct || code % 61 == 0; /* the brute force is slow: all that pass, and a part of the others */
    if (near) assert_true(segment.correct == (oracle_verdict(&six_four_three, tokens, 11, true) == VERDICT_CORRECT));
    correct += segment.correct;
  }
  assert_int_equal(correct, ORDERED_SOLUTIONS);
}

static void draw_problem(struct random_stream *random, struct countdown_problem *problem) {
  u64 reached[2];
  do {
    *problem = (struct countdown_problem){.count = (u8)(2 + random_below(random, 3))};
    for (u32 i = 0; i < problem->count; i++) {
      problem->numbers[i] = (u8)(1 + random_below(random, 12));
      for (u32 j = i; j > 0 && problem->numbers[j - 1] > problem->numbers[j]; j--) {
        const u8 number = problem->numbers[j];
        problem->numbers[j] = problem->numbers[j - 1];
        problem->numbers[j - 1] = number;
      }
    }
    problem->target = (u8)random_below(random, 100);
    countdown_reachable(problem->numbers, problem->count, reached);
  } while (!countdown_is_reached(reached, problem->target));
}

static enum verdict check_hostile(const struct countdown_problem *problem, const u32 *tokens, u32 count, bool ended) {
  struct countdown_outcome outcome;
  countdown_analyse(problem, tokens, count, ended, &outcome);
  const enum verdict expected = oracle_verdict(problem, tokens, count, ended);
  if (outcome.verdict != expected) fail_msg("verdict %d, brute force %d", (int)outcome.verdict, (int)expected);
  assert_true(outcome.attempts + outcome.malformed == outcome.backs + 1);
  assert_true(outcome.attempts_distinct <= outcome.attempts);
  assert_true(outcome.failures + outcome.successes == outcome.attempts);
  assert_true(outcome.failures_retried + outcome.successes_continued <= outcome.backs);
  assert_true(outcome.ok_true + outcome.ok_false + outcome.no_true + outcome.no_false <= outcome.attempts);
  assert_true(outcome.grams_repeated <= outcome.grams);
  assert_true(outcome.depth_sound <= outcome.depth);
  assert_int_equal(outcome.tokens, count + ended);
  return outcome.verdict;
}

/* Tokens as they come, in and out of the vocabulary, in memory of their exact size (the sanitize build watches). */
static void random_responses_are_never_believed(void **state) {
  (void)state;
  struct random_stream random;
  random_open(&random, 1, RANDOM_TEST, 1);
  u32 correct = 0;
  for (u32 i = 0; i < 100000; i++) {
    struct countdown_problem problem;
    draw_problem(&random, &problem);
    const u32 count = random_below(&random, 40);
    u32 *tokens = malloc(count > 0 ? count * sizeof *tokens : 1);
    assert_non_null(tokens);
    const u32 range = i % 3 == 0 ? UINT32_MAX : COUNTDOWN_VOCAB;
    for (u32 k = 0; k < count; k++) tokens[k] = random_below(&random, range);
    correct += check_hostile(&problem, tokens, count, random_below(&random, 4) > 0) == VERDICT_CORRECT;
    free(tokens);
  }
  assert_int_equal(correct, 0);
}

/* Good demonstrations with tokens changed, dropped, doubled: near enough to be right at times. */
static void spoilt_demonstrations_are_judged_as_by_brute_force(void **state) {
  (void)state;
  struct countdown_options options = oracle_options(4, 12);
  options.retry_probability = 0.8;
  struct random_stream random;
  random_open(&random, 1, RANDOM_TEST, 2);
  u32 verdicts[3] = {0};
  for (u32 i = 0; i < 100000; i++) {
    struct countdown_problem problem;
    draw_problem(&random, &problem);
    u32 tokens[256];
    struct countdown_trace trace;
    countdown_trace(&problem, &options, &random, tokens, &trace);
    u32 *response = tokens + trace.prompt;
    u32 count = trace.count - trace.prompt;
    if (response[count - 1] == COUNTDOWN_EOS) count--;
    const u32 changes = random_below(&random, 3);
    for (u32 k = 0; k < changes && count > 1; k++) {
      const u32 at = random_below(&random, count);
      const u32 kind = random_below(&random, 4);
      if (kind == 0) response[at] = random_below(&random, COUNTDOWN_VOCAB);
      if (kind == 1) response[at] = response[random_below(&random, count)];
      if (kind == 2) memmove(response + at, response + at + 1, (--count - at) * sizeof *response);
      if (kind == 3) response[at] = problem.numbers[random_below(&random, problem.count)];
    }
    verdicts[check_hostile(&problem, response, count, true)]++;
  }
  for (u32 i = 0; i < 3; i++) assert_true(verdicts[i] > 10000);
}

static void behaviours_of_one_response(void **state) {
  (void)state;
  const struct countdown_outcome outcome =
      analyse_text(&six_four_three,
                   "6 + 4 = 10 , 10 + 3 = 13 NO BACK " /* a true NO */
                   "4 + 6 = 10 , 3 + 10 = 13 OK BACK " /* the same attempt; a false OK */
                   "6 * 4 = 24 , 24 + 3 = 27 NO BACK " /* right; a false NO; gone past */
                   "6 * 4 = 23 , 23 + 4 = 27 OK BACK " /* wrong and illegal */
                   "OK BACK "                          /* malformed */
                   "6 * 3 = 18 , 18 + 4 = 22 BACK "    /* no check; new, sound */
                   "6 * 4 = 24 , 3 + 24 = 27 OK",
                   true);
  assert_int_equal(outcome.verdict, VERDICT_CORRECT);
  assert_int_equal(outcome.tokens, 11 * 6 + 5 + 1 + 6 + 1); /* attempts, checks, a lone OK, BACKs, EOS */
  assert_int_equal(outcome.attempts, 6);
  assert_int_equal(outcome.attempts_distinct, 4);
  assert_int_equal(outcome.attempts_illegal, 1);
  assert_int_equal(outcome.malformed, 1);
  assert_int_equal(outcome.depth, 5);
  assert_int_equal(outcome.depth_sound, 2); /* the third (after a failure, new) and the sixth */
  assert_int_equal(outcome.backs, 6);
  assert_false(outcome.first_correct);
  assert_true(outcome.any_correct);
  assert_int_equal(outcome.ok_true, 1);
  assert_int_equal(outcome.ok_false, 2);
  assert_int_equal(outcome.no_true, 1);
  assert_int_equal(outcome.no_false, 1);
  assert_int_equal(outcome.failures, 4);
  assert_int_equal(outcome.failures_retried, 4);
  assert_int_equal(outcome.noes_retried, 2);
  assert_int_equal(outcome.successes, 2);
  assert_int_equal(outcome.successes_continued, 1);
  assert_int_equal(outcome.steps, 12);
  assert_int_equal(outcome.steps_wrong, 1);
  const struct countdown_outcome first =
      analyse_text(&six_four_three, "6 * 4 = 24 , 24 + 3 = 27 OK BACK 6 - 4 = 2 , 3 - 2 = 1", true);
  assert_true(first.first_correct && first.any_correct);
  assert_int_equal(first.verdict, VERDICT_WRONG);
  assert_int_equal(first.depth_sound, 0); /* going on past a success is no search */
}

/* 4-grams against the quadratic count, on responses of few different tokens. */
static void repeated_grams_are_counted_exactly(void **state) {
  (void)state;
  struct random_stream random;
  random_open(&random, 1, RANDOM_TEST, 3);
  for (u32 i = 0; i < 300; i++) {
    u32 tokens[400];
    const u32 count = random_below(&random, 400), kinds = 1 + random_below(&random, 12);
    for (u32 k = 0; k < count; k++) tokens[k] = random_below(&random, kinds) * 9;
    u32 repeated = 0;
    for (u32 k = 3; k < count; k++) {
      bool seen = false;
      for (u32 j = 3; j < k; j++) seen = seen || memcmp(tokens + k - 3, tokens + j - 3, 4 * sizeof tokens[0]) == 0;
      repeated += seen;
    }
    struct countdown_outcome outcome;
    countdown_analyse(&six_four_three, tokens, count, true, &outcome);
    assert_int_equal(outcome.grams, count < 4 ? 0 : count - 3);
    assert_int_equal(outcome.grams_repeated, repeated);
  }
}

/* The longest response there may be: all BACK, all one attempt. */
static void longest_responses_fit(void **state) {
  (void)state;
  const struct countdown_problem pair = {.numbers = {2, 3}, .count = 2, .target = 5};
  u32 *tokens = malloc(CONTEXT_MAX * sizeof *tokens);
  assert_non_null(tokens);
  for (u32 i = 0; i < CONTEXT_MAX; i++) tokens[i] = COUNTDOWN_BACK;
  struct countdown_outcome outcome;
  countdown_analyse(&pair, tokens, CONTEXT_MAX, true, &outcome);
  assert_int_equal(outcome.backs, CONTEXT_MAX);
  assert_int_equal(outcome.grams_repeated, outcome.grams - 1);
  const u32 values = 50;
  for (u32 i = 0; i + 6 <= CONTEXT_MAX; i += 6) { /* 5,461 attempts, 2,500 of them distinct (a - b) */
    const u32 step[6] = {i / 6 % values, COUNTDOWN_MINUS, i / 6 / values % values, COUNTDOWN_EQUALS, 5, COUNTDOWN_BACK};
    memcpy(tokens + i, step, sizeof step);
  }
  countdown_analyse(&pair, tokens, CONTEXT_MAX / 6 * 6 - 1, true, &outcome);
  assert_int_equal(outcome.attempts, CONTEXT_MAX / 6);
  assert_int_equal(outcome.attempts_distinct, values * values);
  free(tokens);
}

static void add_text(struct countdown_totals *totals, const char *text, bool ended) {
  const struct countdown_outcome outcome = analyse_text(&six_four_three, text, ended);
  countdown_totals_add(totals, &outcome, 1);
}

#define NEAR(left, right) assert_true(fabs((left) - (right)) < 1e-9)

static void rates_are_what_they_say(void **state) {
  (void)state;
  struct countdown_totals totals = {0};
  add_text(&totals, "6 * 4 = 24 , 24 + 3 = 27 OK", true);                                  /* 12 + 1 tokens */
  add_text(&totals, "6 + 4 = 10 , 10 + 3 = 13 NO BACK 6 * 4 = 24 , 24 + 3 = 27 OK", true); /* 25 + 1 */
  add_text(&totals, "6 + 4 = 10 , 10 + 3 = 13 NO BACK 6 + 4 = 10 , 10 + 3 = 13 NO BACK 6 + 3 = 9 , 9 + 4 = 13 OK",
           true);                      /* 38 + 1 */
  add_text(&totals, "6 + 4 =", false); /* 4 */
  struct countdown_rates rates;
  countdown_rates(&totals, &rates);
  NEAR(rates.pass_at_1, 0.5);
  NEAR(rates.stderr_pass, 0.25); /* sqrt(.5 * .5 / 4) */
  NEAR(rates.pass_at_k, 0.5);
  NEAR(rates.first_correct, 0.25);
  NEAR(rates.any_correct, 0.5);
  NEAR(rates.no_answer, 0.25);
  NEAR(rates.mean_length, (13 + 26 + 39 + 4) / 4.0);
  NEAR(rates.mean_attempts, 6 / 4.0);
  NEAR(rates.depth1_share, 0.5);
  NEAR(rates.depth2_share, 0.25);
  NEAR(rates.sound_depth1_share, 0.5);
  NEAR(rates.sound_depth2_share, 0);
  NEAR(rates.emergent_share, 0.25);
  NEAR(rates.distinct_ratio, (1 + 2 / 3.0) / 2);
  NEAR(rates.check_precision, 2 / 3.0);
  NEAR(rates.check_recall, 1);
  NEAR(rates.no_precision, 1);
  NEAR(rates.check_rate, 1);
  NEAR(rates.retry_rate, 3 / 4.0);
  NEAR(rates.no_retry_rate, 1);
  NEAR(rates.overthinking, 0);
  NEAR(rates.arithmetic_errors, 0);
  NEAR(rates.eos_rate, 0.75);
  NEAR(rates.clip_rate, 0.25);
  assert_int_equal(totals.depth_max, 2);
  assert_int_equal(totals.attempts_bin[0], 1);
  assert_int_equal(totals.attempts_bin[1], 1);
  assert_int_equal(totals.attempts_bin_correct[1], 1);
  assert_int_equal(totals.attempts_bin_correct[2], 1);
  assert_int_equal(totals.attempts_bin_correct[3], 0);
  const struct countdown_totals nothing = {0};
  countdown_rates(&nothing, &rates);
  assert_true(rates.pass_at_1 == 0 && rates.stderr_pass == 0 && rates.clip_rate == 0);
}

static void merged_totals_are_the_totals(void **state) {
  (void)state;
  struct countdown_totals parts[2] = {{0}, {0}}, all = {0};
  static const char *const texts[] = {"6 * 4 = 24 , 24 + 3 = 27 OK", "6 + 4 = 10 , 10 + 3 = 13 NO BACK OK", "OK",
                                      "6 + 4 = 10 , 10 + 3 = 13 NO BACK 6 * 4 = 24 , 24 + 3 = 27 OK"};
  for (u32 i = 0; i < COUNT_OF(texts); i++) {
    add_text(&all, texts[i], i != 2);
    add_text(&parts[i % 2], texts[i], i != 2);
    countdown_totals_problem(&all, i % 2, 1);
    countdown_totals_problem(&parts[i % 2], i % 2, 1);
  }
  countdown_totals_merge(&parts[0], &parts[1]);
  assert_memory_equal(&parts[0], &all, sizeof all);
}

/* Four samples a problem are not independent: the error is over problem means. */
static void standard_errors_are_over_problems(void **state) {
  (void)state;
  static const u32 correct[] = {4, 0, 4, 0, 2, 0, 1, 4};
  struct countdown_totals totals = {0};
  f64 sum = 0, square = 0;
  const f64 n = COUNT_OF(correct);
  for (u32 i = 0; i < COUNT_OF(correct); i++) {
    for (u32 k = 0; k < 4; k++) {
      const struct countdown_outcome outcome = {.verdict = k < correct[i] ? VERDICT_CORRECT : VERDICT_WRONG,
                                                .ended = true};
      countdown_totals_add(&totals, &outcome, 1);
    }
    countdown_totals_problem(&totals, correct[i], 4);
    sum += correct[i] / 4.0;
    square += correct[i] * correct[i] / 16.0;
  }
  struct countdown_rates rates;
  countdown_rates(&totals, &rates);
  NEAR(rates.pass_at_1, sum / n);
  NEAR(rates.pass_at_k, 5 / n);
  NEAR(rates.stderr_pass, sqrt((square / n - sum * sum / n / n) / (n - 1)));
  struct countdown_totals none = {0}; /* all alike: no error, and no root of a rounding below 0 */
  for (u32 i = 0; i < 3; i++) {
    const struct countdown_outcome outcome = {.verdict = VERDICT_CORRECT, .ended = true};
    countdown_totals_add(&none, &outcome, 1);
    countdown_totals_problem(&none, 1, 1);
  }
  countdown_rates(&none, &rates);
  assert_true(rates.stderr_pass == 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_last_attempt_is_graded),
      cmocka_unit_test(division_is_exact_and_zero_divides_nothing),
      cmocka_unit_test(four_numbers_may_be_paired),
      cmocka_unit_test(verdicts_equal_brute_force_on_every_form),
      cmocka_unit_test(random_responses_are_never_believed),
      cmocka_unit_test(spoilt_demonstrations_are_judged_as_by_brute_force),
      cmocka_unit_test(behaviours_of_one_response),
      cmocka_unit_test(repeated_grams_are_counted_exactly),
      cmocka_unit_test(longest_responses_fit),
      cmocka_unit_test(rates_are_what_they_say),
      cmocka_unit_test(merged_totals_are_the_totals),
      cmocka_unit_test(standard_errors_are_over_problems),
  };
  return cmocka_run_group_tests_name("countdown outcome", tests, NULL, NULL);
}
