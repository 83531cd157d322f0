/* engine/task: the table of problems and its splits, problem files, demonstrations, text. */
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

/* Of the 3-number table to 20 with 100 test problems: changes only when the splits do, which makes every stored study
 * incomparable. */
#define SPLITS_HASH 0x7a196cbf908b6491ull

static int compare_keys(const void *left, const void *right) {
  u64 a, b;
  memcpy(&a, left, sizeof a);
  memcpy(&b, right, sizeof b);
  return a < b ? -1 : a > b;
}

/* Sorted keys of the whole table. */
static u64 *sorted_keys(const struct countdown *countdown) {
  u64 *keys = malloc(countdown->problem_count * sizeof *keys);
  assert_non_null(keys);
  for (u32 i = 0; i < countdown->problem_count; i++) keys[i] = oracle_problem_key(&countdown->problems[i]);
  qsort(keys, countdown->problem_count, sizeof *keys, compare_keys);
  return keys;
}

/* How many problems there are, by brute force over ascending tuples. */
static u32 oracle_problem_count(const struct countdown_options *options) {
  u32 count = 0;
  u32 total = 1;
  for (u32 i = 0; i < options->numbers; i++) total *= options->number_max;
  for (u32 code = 0; code < total; code++) {
    u8 numbers[4] = {0};
    bool ascending = true;
    for (u32 i = 0, rest = code; i < options->numbers; i++, rest /= options->number_max) {
      numbers[i] = (u8)(rest % options->number_max + 1);
      ascending = ascending && (i == 0 || numbers[i - 1] <= numbers[i]);
    }
    if (!ascending) continue;
    bool reached[100];
    oracle_reach(numbers, options->numbers, reached);
    for (u32 target = options->target_min; target <= options->target_max; target++) count += reached[target];
  }
  return count;
}

static void check_table(const struct countdown_options *options) {
  struct countdown_fixture fixture;
  countdown_fixture_open(&fixture, options, NULL);
  const struct countdown *countdown = &fixture.countdown;
  assert_int_equal(countdown->problem_count, oracle_problem_count(options));
  assert_int_equal(fixture.bytes, countdown->problem_count * 6u);
  for (u32 i = 0; i < countdown->problem_count; i++) {
    const struct countdown_problem *problem = &countdown->problems[i];
    assert_true(problem->target >= options->target_min && problem->target <= options->target_max);
    assert_int_equal(problem->count, options->numbers);
    assert_true(problem->numbers[options->numbers - 1] <= options->number_max);
    assert_true(oracle_solvable(problem));
  }
  u64 *keys = sorted_keys(countdown); /* none twice: the splits are cut from one table, so they are disjoint */
  for (u32 i = 1; i < countdown->problem_count; i++) assert_true(keys[i - 1] != keys[i]);
  const u32 rest = countdown->problem_count - options->test_problems;
  assert_int_equal(countdown->test.count, options->test_problems);
  assert_int_equal(countdown->ppo.count, (u32)(options->ppo_share * rest));
  assert_int_equal(countdown->sft.count + countdown->ppo.count, rest);
  assert_ptr_equal(countdown->test.problems, countdown->problems);
  assert_ptr_equal(countdown->ppo.problems, countdown->problems + countdown->test.count);
  assert_ptr_equal(countdown->sft.problems, countdown->ppo.problems + countdown->ppo.count);
  assert_int_equal(fixture.measured.sft.count, countdown->sft.count);
  assert_int_equal(fixture.measured.test.count, countdown->test.count);
  free(keys);
  free(fixture.memory);
}

static void every_solvable_problem_is_there_once(void **state) {
  (void)state;
  const struct countdown_options pairs = oracle_options(2, 60);
  struct countdown_options triples = oracle_options(3, 20);
  check_table(&pairs);
  check_table(&triples);
  triples.number_max = 12;
  triples.target_max = 50; /* the prototype's pool: 2,347 problems (RLSP.md) */
  assert_int_equal(oracle_problem_count(&triples), 2347);
  check_table(&triples);
}

static void four_numbers_are_there_too(void **state) {
  (void)state;
  const struct countdown_options options = oracle_options(4, 12);
  check_table(&options);
}

static void large_tables_are_thinned(void **state) {
  (void)state;
  struct countdown_options options = oracle_options(3, 99);
  options.target_min = 97;
  struct countdown_fixture fixture;
  countdown_fixture_open(&fixture, &options, NULL);
  assert_int_equal(fixture.countdown.multisets, 99 * 100 * 101 / 6);
  assert_int_equal(fixture.countdown.multisets_kept, COUNTDOWN_MULTISETS_MAX);
  u64 *keys = sorted_keys(&fixture.countdown);
  u32 large = 0;
  for (u32 i = 0; i < fixture.countdown.problem_count; i++) {
    assert_true(i == 0 || keys[i - 1] != keys[i]);
    large += fixture.countdown.problems[i].numbers[2] > 90;
  }
  assert_true(large > fixture.countdown.problem_count / 20); /* not the first multisets alone */
  free(keys);
  free(fixture.memory);
}

static void splits_do_not_move(void **state) {
  (void)state;
  struct countdown_options options = oracle_options(3, 20);
  struct countdown_fixture first, second;
  countdown_fixture_open(&first, &options, NULL);
  options.solve_probability = 0.1; /* what arms of a study vary */
  options.retry_probability = 0;
  countdown_fixture_open(&second, &options, NULL);
  assert_memory_equal(first.memory, second.memory, first.bytes);
  u64 hash = 14695981039346656037ull; /* FNV-1a of the table: stored, so that a change of the splits is seen */
  for (u32 i = 0; i < first.countdown.problem_count; i++)
    hash = (hash ^ oracle_problem_key(&first.countdown.problems[i])) * 1099511628211ull;
  printf("# %u problems, splits %016llx\n", first.countdown.problem_count, (unsigned long long)hash);
  assert_true(hash == SPLITS_HASH);
  free(first.memory);
  free(second.memory);
}

static enum status place_once(const struct countdown_options *options, const struct countdown_file *file,
                              struct error *error) {
  struct countdown countdown;
  struct arena arena;
  arena_open(&arena, "host", 0, NULL);
  return countdown_place(&countdown, options, file, &arena, error);
}

static void impossible_options_are_refused(void **state) {
  (void)state;
  struct error error;
  struct countdown_options options = oracle_options(3, 5);
  options.test_problems = 100000;
  assert_int_equal(place_once(&options, NULL, &error), STATUS_USAGE);
  assert_non_null(strstr(error.text, "lower it"));
  options = oracle_options(2, 2);
  assert_int_equal(place_once(&options, NULL, &error), STATUS_USAGE);
  options.target_min = 50;
  options.target_max = 49;
  assert_int_equal(place_once(&options, NULL, &error), STATUS_USAGE);
  assert_string_equal(error.place, "task.target_min");
}

/* The prototype's list (dict of sets): for each pair and the number left, both steps with the larger value first. */
static u32 prototype_steps(u32 a, u32 b, u32 out[4][4]) {
  const u32 high = a > b ? a : b, low = a > b ? b : a;
  u32 count = 0;
  const struct {
    bool ok;
    u32 op, result;
  } rows[4] = {{high + low < 100, COUNTDOWN_PLUS, high + low},
               {true, COUNTDOWN_MINUS, high - low},
               {high * low < 100, COUNTDOWN_TIMES, high * low},
               {low > 0 && high % (low > 0 ? low : 1) == 0, COUNTDOWN_DIVIDE, low > 0 ? high / low : 0}};
  for (u32 i = 0; i < 4; i++) {
    if (!rows[i].ok) continue;
    const u32 step[4] = {high, rows[i].op, low, rows[i].result};
    memcpy(out[count++], step, sizeof step);
  }
  return count;
}

static u32 prototype_attempts(const u8 numbers[3], u64 keys[64]) {
  u32 count = 0;
  for (u32 i = 0; i < 3; i++) {
    u32 first[4][4], second[4][4];
    const u32 firsts = prototype_steps(numbers[(i + 1) % 3], numbers[(i + 2) % 3], first);
    for (u32 f = 0; f < firsts; f++) {
      const u32 seconds = prototype_steps(first[f][3], numbers[i], second);
      for (u32 s = 0; s < seconds; s++) {
        u64 key = 0;
        for (u32 k = 0; k < 4; k++) key = key << 8 | first[f][k];
        for (u32 k = 0; k < 4; k++) key = key << 8 | second[s][k];
        u32 at = 0;
        while (at < count && keys[at] != key) at++;
        if (at == count) keys[count++] = key;
      }
    }
  }
  return count;
}

struct attempt_list {
  u64 keys[64];
  u32 count;
};

static bool list_attempt(void *context, const struct countdown_attempt *attempt) {
  struct attempt_list *list = context;
  u64 key = 0;
  for (u32 i = 0; i < attempt->count; i++) {
    const struct countdown_step *step = &attempt->steps[i];
    key = key << 32 | (u64)step->left << 24 | (u64)step->op << 16 | (u64)step->right << 8 | step->result;
  }
  assert_true(list->count < 64);
  list->keys[list->count++] = key;
  return true;
}

static void attempts_are_the_prototypes(void **state) {
  (void)state;
  struct countdown_problem problem = {.count = 3};
  u32 total = 0;
  for (u8 a = 0; a <= 14; a++) {
    for (u8 b = a; b <= 14; b++) {
      for (u8 c = b; c <= 14; c++) {
        problem.numbers[0] = a;
        problem.numbers[1] = b;
        problem.numbers[2] = c;
        struct attempt_list list = {.count = 0};
        assert_true(countdown_visit_attempts(&problem, list_attempt, &list));
        u64 expected[64];
        assert_int_equal(list.count, prototype_attempts(problem.numbers, expected));
        qsort(list.keys, list.count, sizeof list.keys[0], compare_keys);
        qsort(expected, list.count, sizeof expected[0], compare_keys);
        assert_memory_equal(list.keys, expected, list.count * sizeof expected[0]);
        total += list.count;
      }
    }
  }
  assert_true(total > 10000);
}

static void prompts_hold_the_numbers_in_every_order(void **state) {
  (void)state;
  const struct countdown_problem problem = {.numbers = {3, 7, 7}, .count = 3, .target = 42};
  struct random_stream random;
  random_open(&random, 1, RANDOM_TEST, 0);
  u32 three_at[3] = {0};
  for (u32 i = 0; i < 3000; i++) {
    u32 tokens[6];
    assert_int_equal(countdown_prompt(&problem, &random, tokens), 6);
    assert_int_equal(tokens[0], COUNTDOWN_BOS);
    assert_int_equal(tokens[4], COUNTDOWN_COLON);
    assert_int_equal(tokens[5], 42);
    assert_int_equal(tokens[1] + tokens[2] + tokens[3], 17);
    for (u32 k = 0; k < 3; k++) three_at[k] += tokens[1 + k] == 3;
  }
  for (u32 k = 0; k < 3; k++) assert_true(fabs(three_at[k] - 1000.0) < 5 * sqrt(3000.0 * 2 / 9));
}

/* What was met over many traces. */
struct trace_counts {
  u32 traces, continuations, failed[COUNTDOWN_FAILED_MAX + 1];
  u32 demonstrated, solved, checked, plain_noes, retries;
  u32 longest, gap_max;
};

/* Whether p of n draws came true in `seen`, to five standard errors. */
static void assert_rate(u32 seen, u32 n, f64 p) {
  const f64 deviation = 5 * sqrt(p * (1 - p) * n) + 1e-9;
  if (fabs(seen - p * n) > deviation) fail_msg("%u of %u, where %.4f was asked for", seen, n, p);
}

/* The scored part of a plain trace or a continuation, segment by segment, against what countdown.h says. */
static void check_scored(const struct countdown_problem *problem, const u32 *tokens,
                         const struct countdown_trace *trace, struct trace_counts *counts) {
  const u32 *scored = tokens + trace->loss_begin;
  const u32 count = trace->count - trace->loss_begin;
  const bool ends = scored[count - 1] == COUNTDOWN_EOS;
  u32 cursor = 0, segments = 0, last_check = 0;
  struct countdown_segment segment;
  while (countdown_next_segment(problem, scored, count - ends, &cursor, &segment)) {
    assert_true(segment.attempt && segment.legal && segment.steps_wrong == 0);
    if (segment.check != 0) assert_true((segment.check == COUNTDOWN_OK) == segment.correct); /* checks never lie */
    if (segments++ == 0) {
      counts->demonstrated++;
      counts->solved += segment.correct;
      counts->checked += segment.check != 0;
      if (trace->failed == 0) counts->plain_noes += segment.check == COUNTDOWN_NO;
    }
    if (segment.followed) assert_int_equal(segment.check, COUNTDOWN_NO);
    last_check = segment.check;
  }
  /* The decision to retry (a BACK with loss) is there once at most, at depth 1, and never after an unscored failure. */
  assert_int_equal(segments, trace->retry ? 2 : 1);
  if (trace->failed > 0) assert_false(trace->retry);
  /* In a continuation nothing is scored after NO: neither BACK nor EOS. Everything else ends with EOS. */
  const bool open = trace->failed > 0 && last_check == COUNTDOWN_NO;
  assert_true(ends != open);
  counts->retries += trace->retry;
}

static void check_context(const struct countdown_problem *problem, const u32 *tokens,
                          const struct countdown_trace *trace) {
  const u32 begin = trace->prompt, count = trace->loss_begin - trace->prompt;
  if (trace->failed == 0) {
    assert_int_equal(count, 0);
    return;
  }
  u32 cursor = 0, failed = 0;
  struct countdown_segment segment;
  while (countdown_next_segment(problem, tokens + begin, count, &cursor, &segment) && segment.followed) {
    assert_true(segment.attempt && segment.legal && segment.steps_wrong == 0 && !segment.correct);
    assert_int_equal(segment.check, COUNTDOWN_NO);
    failed++;
  }
  assert_int_equal(segment.count, 0); /* the context ends with BACK */
  assert_int_equal(failed, trace->failed);
}

static void draw_trace(const struct countdown_split *split, const struct countdown_options *options, u64 index,
                       struct trace_counts *counts) {
  u32 tokens[256];
  const u32 trace_max = countdown_trace_max(options);
  for (u32 i = 0; i < 256; i++) tokens[i] = 0xdead;
  struct random_stream random;
  random_open(&random, 9, RANDOM_SFT_TRACE, index);
  const struct countdown_problem *problem = &split->problems[random_below(&random, split->count)];
  struct countdown_trace trace;
  countdown_trace(problem, options, &random, tokens, &trace);
  assert_true(trace.count <= trace_max && trace.prompt == countdown_prompt_max(options));
  assert_true(trace.loss_begin >= trace.prompt && trace.loss_begin < trace.count);
  for (u32 i = 0; i < 256; i++) assert_true(i < trace.count ? tokens[i] < COUNTDOWN_VOCAB : tokens[i] == 0xdead);
  assert_true(trace.position_gap <= options->position_gap_max);
  check_context(problem, tokens, &trace);
  check_scored(problem, tokens, &trace, counts);
  struct countdown_outcome outcome; /* attempts of one example differ as texts; as keys too, for three numbers */
  const u32 response = trace.count - trace.prompt;
  countdown_analyse(problem, tokens + trace.prompt, response - (tokens[trace.count - 1] == COUNTDOWN_EOS), true,
                    &outcome);
  if (options->numbers < 4) assert_int_equal(outcome.attempts, outcome.attempts_distinct);
  assert_int_equal(outcome.ok_false + outcome.no_false + outcome.malformed, 0);
  counts->traces++;
  counts->continuations += trace.failed > 0;
  counts->failed[trace.failed]++;
  if (trace.count > counts->longest) counts->longest = trace.count;
  if (trace.position_gap > counts->gap_max) counts->gap_max = trace.position_gap;
}

static void check_traces(const struct countdown_options *options, u32 traces) {
  struct countdown_fixture fixture;
  countdown_fixture_open(&fixture, options, NULL);
  struct trace_counts counts = {.traces = 0};
  for (u32 i = 0; i < traces; i++) draw_trace(&fixture.countdown.sft, options, i, &counts);
  assert_rate(counts.continuations, counts.traces, options->continuation_share);
  for (u32 failed = 1; failed <= options->failed_context_max; failed++)
    assert_rate(counts.failed[failed], counts.continuations, 1.0 / options->failed_context_max);
  assert_rate(counts.solved, counts.demonstrated, options->solve_probability);
  assert_rate(counts.checked, counts.demonstrated, options->check_probability);
  assert_rate(counts.retries, counts.plain_noes, options->retry_probability);
  const bool long_ones = options->continuation_share > 0 || options->retry_probability > 0.5;
  if (long_ones) assert_int_equal(counts.longest, countdown_trace_max(options)); /* the bound is met */
  if (options->position_gap_max < 1000) assert_int_equal(counts.gap_max, options->position_gap_max);
  free(fixture.memory);
}

static void traces_are_what_they_say(void **state) {
  (void)state;
  struct countdown_options options = oracle_options(3, 20);
  check_traces(&options, 60000);
  options.retry_probability = 0.4; /* so that retries are many */
  options.solve_probability = 0.3;
  options.continuation_share = 0.5;
  options.failed_context_max = 8;
  check_traces(&options, 20000);
  options.retry_probability = 0; /* the control q = 0 */
  options.continuation_share = 0;
  assert_int_equal(countdown_demonstrated_depth(&options), 0);
  check_traces(&options, 5000);
  options.retry_probability = 1;
  options.failed_context_max = 1;
  options.check_probability = 1;
  assert_int_equal(countdown_demonstrated_depth(&options), 1);
  check_traces(&options, 5000);
}

static void traces_of_two_and_four_numbers(void **state) {
  (void)state;
  struct countdown_options options = oracle_options(4, 9);
  options.retry_probability = 0.4;
  check_traces(&options, 5000);
  options = oracle_options(2, 60); /* few attempts a problem: a context may want more failures than there are */
  options.continuation_share = 1;
  options.failed_context_max = 8;
  struct countdown_fixture fixture;
  countdown_fixture_open(&fixture, &options, NULL);
  struct trace_counts counts = {.traces = 0};
  for (u32 i = 0; i < 5000; i++) draw_trace(&fixture.countdown.sft, &options, i, &counts);
  assert_true(counts.failed[3] > 0 && counts.failed[4] == 0); /* 2 numbers: 4 attempts at most, one of them solves */
  free(fixture.memory);
}

static void a_trace_depends_on_its_stream_alone(void **state) {
  (void)state;
  const struct countdown_options options = oracle_options(3, 20);
  const struct countdown_problem problem = {.numbers = {3, 8, 10}, .count = 3, .target = 34};
  u32 tokens[2][256];
  memset(tokens, 0, sizeof tokens);
  struct countdown_trace traces[2];
  for (u32 k = 0; k < 2; k++) {
    struct random_stream random;
    random_open(&random, 4, RANDOM_SFT_TRACE, 77);
    countdown_trace(&problem, &options, &random, tokens[k], &traces[k]);
  }
  assert_memory_equal(tokens[0], tokens[1], sizeof tokens[0]);
  assert_int_equal(traces[0].loss_begin, traces[1].loss_begin);
}

static void read_text(struct countdown_fixture *fixture, const char *text, u32 numbers, u32 test_problems) {
  struct countdown_options options = oracle_options(numbers, 12);
  options.test_problems = test_problems;
  const struct countdown_file file = {.name = "rows.jsonl", .text = text, .bytes = strlen(text)};
  countdown_fixture_open(fixture, &options, &file);
}

static void a_file_gives_ppo_and_test(void **state) {
  (void)state;
  struct countdown_fixture fixture;
  read_text(&fixture,
            "{\"nums\": [4, 6, 2], \"target\": 48}\n"
            "\n"
            "{\"target\": 48, \"nums\": [2, 4, 6], \"hint\": [\"again\", {\"x\": [1]}]}\r\n" /* repeated */
            "{\"nums\": [50, 60, 70], \"target\": 60}\n"                                     /* 70 - 60 + 50 */
            "{\"nums\": [1, 2, 3, 4], \"target\": 10}\n"                                     /* outside: four */
            "{\"nums\": [1, 2, 100], \"target\": 10}\n"                                      /* outside */
            "{\"nums\": [1, 2, 99], \"target\": 100}\n"                                      /* outside */
            "{\"nums\": [1, 2, 3], \"target\": -10}\n"                                       /* outside */
            "{\"nums\": [1, 1, 1], \"target\": 98}\n"                                        /* unreachable */
            "{\"nums\": [7, 8], \"target\": 56}",                                            /* no newline; two */
            3, 2);
  const struct countdown *countdown = &fixture.countdown;
  assert_int_equal(countdown->rows, 9);
  assert_int_equal(countdown->rows_taken, 3);
  assert_int_equal(countdown->rows_outside, 4);
  assert_int_equal(countdown->rows_unreachable, 1);
  assert_int_equal(countdown->rows_repeated, 1);
  assert_int_equal(countdown->test.count, 2);
  assert_int_equal(countdown->ppo.count, 1);
  assert_true(fixture.measured.test.count >= countdown->test.count &&
              fixture.measured.sft.count >= countdown->sft.count);
  const struct countdown_problem *six = NULL;
  for (u32 i = 0; i < 3; i++)
    if (countdown->problems[i].target == 48) six = &countdown->problems[i];
  assert_non_null(six);
  assert_memory_equal(six->numbers, ((u8[4]){2, 4, 6, 0}), 4);
  /* SFT has every drawn problem but the one that is in the file. */
  const struct countdown_options options = oracle_options(3, 12);
  assert_int_equal(countdown->sft.count, oracle_problem_count(&options) - 1);
  for (u32 i = 0; i < countdown->sft.count; i++)
    assert_true(oracle_problem_key(&countdown->sft.problems[i]) != oracle_problem_key(six));
  free(fixture.memory);
  read_text(&fixture, "{\"nums\":[4,6,2],\"target\":48}", 3, 1000); /* fewer than asked for: all are test */
  assert_int_equal(fixture.countdown.test.count, 1);
  assert_int_equal(fixture.countdown.ppo.count, 0);
  free(fixture.memory);
}

static void malformed_rows_are_named(void **state) {
  (void)state;
  static const char *const rows[] = {"{\"nums\": [4, 6, 2], \"target\": 48",
                                     "[4, 6, 2, 48]",
                                     "{\"nums\": [4, 6, 2]}",
                                     "{\"target\": 48}",
                                     "{\"nums\": 4, \"target\": 48}",
                                     "{\"nums\": [4, \"6\", 2], \"target\": 48}",
                                     "{\"nums\": [4, 6.5, 2], \"target\": 48}",
                                     "{\"nums\": [4, [6], 2], \"target\": 48}",
                                     "{\"nums\": [4, 6, 2], \"target\": null}",
                                     "{\"nums\": [4, 6, 2], \"target\": 4.8e1}",
                                     "{\"nums\": [4, 6, 2], \"nums\": [4, 6, 2], \"target\": 48}",
                                     "{\"nums\": [4, 6, 2], \"target\": 48} x",
                                     "nums",
                                     "{\"nums\": [04, 6, 2], \"target\": 48}",
                                     "{nums: [4, 6, 2], target: 48}"};
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    char text[256];
    snprintf(text, sizeof text, "{\"nums\": [4, 6, 2], \"target\": 48}\n\n%s\n", rows[i]);
    const struct countdown_file file = {.name = "rows.jsonl", .text = text, .bytes = strlen(text)};
    const struct countdown_options options = oracle_options(3, 12);
    struct error error = {.text = ""};
    if (place_once(&options, &file, &error) != STATUS_DAMAGED) fail_msg("accepted: %s", rows[i]);
    assert_string_equal(error.place, "rows.jsonl:3");
    assert_non_null(strstr(error.text, "mend or remove it"));
  }
  const struct countdown_file nothing = {
      .name = "rows.jsonl", .text = "{\"nums\": [1, 200], \"target\": 3}", .bytes = 31};
  const struct countdown_options options = oracle_options(3, 12);
  struct error error;
  assert_int_equal(place_once(&options, &nothing, &error), STATUS_USAGE);
  assert_non_null(strstr(error.text, "none of its 1 rows"));
}

/* Every cut and every flipped byte of a good file: accepted or refused with a line, never a crash (the sanitize build
 * watches). */
static void damaged_files_do_not_crash(void **state) {
  (void)state;
  static const char good[] =
      "{\"nums\": [4, 6, 2], \"target\": 48, \"hint\": [\"a\\u00e9\"]}\n{\"target\": 9, \"nums\": [1, 8]}\n";
  const struct countdown_options options = oracle_options(3, 3);
  for (u32 i = 0; i < sizeof good - 1; i++) {
    for (u32 flip = 0; flip < 9; flip++) {
      const u64 bytes = flip == 8 ? i : sizeof good - 1;
      char *text = malloc(bytes + 1); /* its exact size, so that a read beyond is seen */
      assert_non_null(text);
      memcpy(text, good, bytes);
      if (flip < 8) text[i] = (char)(text[i] ^ (1 << flip));
      char *exact = realloc(text, bytes > 0 ? bytes : 1);
      const struct countdown_file file = {.name = "rows.jsonl", .text = exact, .bytes = bytes};
      struct error error;
      const enum status status = place_once(&options, &file, &error);
      assert_true(status == STATUS_OK || status == STATUS_DAMAGED || status == STATUS_USAGE);
      free(exact);
    }
  }
}

static char *read_file(const char *path, u64 *bytes) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  char *text = malloc(4u << 20);
  assert_non_null(text);
  *bytes = fread(text, 1, 4u << 20, file);
  fclose(file);
  return text;
}

/* The public rows: all are solvable by their hint, though some only through values above 99, which are not in this
 * vocabulary. */
static void public_rows_are_read(void **state) {
  (void)state;
  static const char *const paths[] = {"../shared/data/countdown/test.jsonl", "../shared/data/countdown/train.jsonl"};
  static const u32 rows[] = {1024, 10240};
  for (u32 i = 0; i < 2; i++) {
    u64 bytes = 0;
    char *text = read_file(paths[i], &bytes);
    if (text == NULL) {
      printf("# skipped: no ../shared/data\n");
      skip();
    }
    struct countdown_options options = oracle_options(4, 5);
    const struct countdown_file file = {.name = paths[i], .text = text, .bytes = bytes};
    struct countdown_fixture fixture;
    countdown_fixture_open(&fixture, &options, &file);
    const struct countdown *countdown = &fixture.countdown;
    assert_int_equal(countdown->rows, rows[i]);
    assert_int_equal(
        countdown->rows_taken + countdown->rows_outside + countdown->rows_unreachable + countdown->rows_repeated,
        rows[i]);
    printf("# %s: %u taken, %u outside, %u unreachable, %u repeated\n", paths[i], countdown->rows_taken,
           countdown->rows_outside, countdown->rows_unreachable, countdown->rows_repeated);
    for (u32 k = 0; k < countdown->rows_taken; k++) assert_true(oracle_solvable(&countdown->problems[k]));
    free(fixture.memory);
    free(text);
  }
}

struct hint {
  u32 tokens[32];
  u32 count;
  bool expressible; /* every value 0..99 */
  struct countdown_problem problem;
};

/* Reads one row the plain way: nums, target and the hint's "a op b = r" lines. */
static void read_hint(const char *line, struct hint *hint) {
  *hint = (struct hint){.expressible = true};
  int target, used = 0;
  assert_int_equal(sscanf(line, "{\"target\": %d, \"nums\": [%n", &target, &used), 1);
  hint->problem.target = (u8)target;
  int number;
  for (line += used; sscanf(line, "%d%n", &number, &used) == 1; line += line[0] == ',' ? 1 : 0) {
    hint->problem.numbers[hint->problem.count++] = (u8)number;
    line += used;
  }
  int a, b, r;
  char op;
  for (line = strchr(line, '"'); line != NULL; line = strchr(line + 1, '"')) {
    if (sscanf(line, "\"%d %c %d = %d", &a, &op, &b, &r) != 4) continue;
    hint->expressible = hint->expressible && a < 100 && b < 100 && r < 100;
    if (!hint->expressible) return;
    char text[64];
    snprintf(text, sizeof text, "%s%d %c %d = %d", hint->count > 0 ? ", " : "", a, op, b, r);
    hint->count += oracle_tokens(text, hint->tokens + hint->count);
  }
}

static void public_hints_verify(void **state) {
  (void)state;
  u64 bytes = 0;
  char *text = read_file("../shared/data/countdown/test.jsonl", &bytes);
  if (text == NULL) {
    printf("# skipped: no ../shared/data\n");
    skip();
  }
  text[bytes] = 0;
  u32 expressible = 0, rows = 0;
  for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    struct hint hint;
    read_hint(line, &hint);
    rows++;
    if (!hint.expressible) continue;
    struct countdown_outcome outcome;
    countdown_analyse(&hint.problem, hint.tokens, hint.count, true, &outcome);
    if (outcome.verdict != VERDICT_CORRECT) fail_msg("not verified: %s", line);
    expressible++;
  }
  printf("# %u of %u hints stay within 0..99, and verify\n", expressible, rows);
  assert_int_equal(rows, 1024);
  assert_true(expressible > 600);
  free(text);
}

static void text_is_cut_never_overrun(void **state) {
  (void)state;
  u32 tokens[32];
  const u32 count = oracle_tokens("6 * 4 = 24 , 24 + 3 = 27 NO BACK 6 + 4 = 10 , 10 - 3 = 7 OK EOS", tokens);
  char text[128];
  const u64 bytes = countdown_text(tokens, count, " | ", text, sizeof text);
  assert_string_equal(text, "6 * 4 = 24 , 24 + 3 = 27 NO | BACK 6 + 4 = 10 , 10 - 3 = 7 OK EOS");
  assert_int_equal(bytes, strlen(text));
  for (u64 capacity = 0; capacity <= bytes + 1; capacity++) {
    char cut[128];
    memset(cut, '#', sizeof cut);
    assert_int_equal(countdown_text(tokens, count, " | ", cut, capacity), bytes);
    assert_int_equal(cut[capacity], '#');
    if (capacity > 0) {
      assert_int_equal(strlen(cut), capacity - 1);
      assert_memory_equal(cut, text, capacity - 1);
    }
  }
  assert_int_equal(countdown_text(tokens, 0, "\n", text, sizeof text), 0);
  assert_string_equal(text, "");
  assert_string_equal(countdown_token_text(COUNTDOWN_VOCAB), "?");
  assert_int_equal(COUNTDOWN_VOCAB, 114);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_solvable_problem_is_there_once),
      cmocka_unit_test(four_numbers_are_there_too),
      cmocka_unit_test(large_tables_are_thinned),
      cmocka_unit_test(splits_do_not_move),
      cmocka_unit_test(impossible_options_are_refused),
      cmocka_unit_test(attempts_are_the_prototypes),
      cmocka_unit_test(prompts_hold_the_numbers_in_every_order),
      cmocka_unit_test(traces_are_what_they_say),
      cmocka_unit_test(traces_of_two_and_four_numbers),
      cmocka_unit_test(a_trace_depends_on_its_stream_alone),
      cmocka_unit_test(a_file_gives_ppo_and_test),
      cmocka_unit_test(malformed_rows_are_named),
      cmocka_unit_test(damaged_files_do_not_crash),
      cmocka_unit_test(public_rows_are_read),
      cmocka_unit_test(public_hints_verify),
      cmocka_unit_test(text_is_cut_never_overrun),
  };
  return cmocka_run_group_tests_name("countdown", tests, NULL, NULL);
}
