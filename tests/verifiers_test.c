/* engine/reward: exact texts, patterns, and the verifiers of texts on one thread and on many. */
#include <setjmp.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/reward/exact.h"
#include "engine/reward/verifiers.h"
#include "platform/workers.h"

/* ---- exact ---- */

static bool same(const char *a, const char *b) {
  return exact_same(a, strlen(a), b, strlen(b)) && exact_same(b, strlen(b), a, strlen(a));
}

static void test_exact_folds_blanks_only(void **state) {
  (void)state;
  assert_true(same("a b", "  a \t\n b  "));
  assert_true(same("a b",
                   "a\xc2\xa0\xe2\x80\x89"
                   "b"));
  assert_true(same("-5",
                   "\xe2\x88\x92"
                   "5"));
  assert_true(same("", " \n"));
  assert_true(same("\xce\xb1", "\xce\xb1"));
  assert_false(same("a b", "ab"));
  assert_false(same("a", "A"));
  assert_false(same("5", "5."));
  assert_false(same("5", ""));
  assert_false(same("a", "\xd0\xb0"));                  /* Cyrillic */
  assert_false(same("5", "5\xe2\x80\x8b"));             /* zero width */
  assert_false(same("12", "\xef\xbc\x91\xef\xbc\x92")); /* full width */
  assert_false(same("\xe2\x80", "\xe2\x80\x89"));       /* half a character */
}

/* ---- one worker's memory ---- */

struct rig {
  struct verifiers verifiers;
  struct arena host;
  void *memory;
};

static void rig_open(struct rig *rig, const struct verifiers_settings *settings, u32 workers) {
  struct error error = {.status = STATUS_OK};
  arena_open(&rig->host, "host", 0, NULL);
  verifiers_place(&rig->verifiers, settings, workers, &rig->host);
  const u64 bytes = rig->host.high;
  rig->memory =
      aligned_alloc(TENSOR_ALIGN_BYTES, (bytes + TENSOR_ALIGN_BYTES) / TENSOR_ALIGN_BYTES * TENSOR_ALIGN_BYTES);
  assert_non_null(rig->memory);
  arena_open(&rig->host, "host", 0, NULL);
  rig->host.base = rig->memory;
  rig->host.limit = bytes;
  verifiers_place(&rig->verifiers, settings, workers, &rig->host);
  arena_freeze(&rig->host);
  assert_int_equal(workers_open(workers, &error), STATUS_OK);
  assert_int_equal(verifiers_open(&rig->verifiers, &error), STATUS_OK);
}

static void rig_close(struct rig *rig) {
  verifiers_close(&rig->verifiers);
  workers_close();
  free(rig->memory);
}

static struct verifiers_settings settings_of(const char *const *overrides, u32 count) {
  static struct config config; /* settings point into it */
  struct verifiers_settings settings;
  struct error error = {.status = STATUS_OK};
  if (config_parse(&config, "test", "", 0, overrides, count, &error) != STATUS_OK)
    fail_msg("%s: %s", error.place, error.text);
  verifiers_settings_from(&settings, &config);
  return settings;
}
#define SETTINGS(...) settings_of((const char *const[]){__VA_ARGS__}, COUNT_OF(((const char *const[]){__VA_ARGS__})))

static struct judgement judge(struct rig *rig, const char *gold, const char *completion, bool truncated) {
  const struct verifier_question question = {.gold = gold,
                                             .gold_size = (u32)strlen(gold),
                                             .completion = completion,
                                             .completion_size = (u32)strlen(completion),
                                             .truncated = truncated};
  return verifiers_judge(&rig->verifiers, &rig->verifiers.workers[0], &question);
}

static void check(struct rig *rig, const char *gold, const char *completion, enum verdict verdict) {
  const struct judgement judgement = judge(rig, gold, completion, false);
  if (judgement.verdict != verdict)
    fail_msg("[%s] [%s]: verdict %d, not %d", gold, completion, judgement.verdict, verdict);
}

/* ---- exact and regex as verifiers ---- */

static void test_exact_verifier(void **state) {
  (void)state;
  static struct rig rig;
  const struct verifiers_settings settings = SETTINGS("reward.correctness.verifier=exact");
  rig_open(&rig, &settings, 1);
  check(&rig, "Paris", "so \\boxed{ Paris }", VERDICT_CORRECT);
  check(&rig, "Paris", "The answer is Paris.", VERDICT_CORRECT);
  check(&rig, "Paris", "The answer is paris.", VERDICT_WRONG);
  check(&rig, "It is \\boxed{Paris}", "\\boxed{Paris}", VERDICT_CORRECT);
  check(&rig, "Paris", "Paris", VERDICT_NO_ANSWER);
  check(&rig, "", "\\boxed{}", VERDICT_NO_ANSWER);
  check(&rig, "", "\\boxed{x}", VERDICT_UNDECIDED); /* no gold */
  assert_int_equal(judge(&rig, "5", "\\boxed{5} \\boxed{6}", false).kind, ANSWER_KIND_SEVERAL);
  assert_int_equal(judge(&rig, "5", "\\boxed{5", false).kind, ANSWER_KIND_UNTERMINATED);
  assert_int_equal(judge(&rig, "5", "and so", true).kind, ANSWER_KIND_TRUNCATED);
  rig_close(&rig);
}

static void test_regex_verifier(void **state) {
  (void)state;
  static struct rig rig;
  struct verifiers_settings settings =
      SETTINGS("reward.correctness.verifier=regex", "reward.correctness.pattern==\\s*(-?\\d+)");
  rig_open(&rig, &settings, 1);
  check(&rig, "7", "3 + 4 = 7", VERDICT_CORRECT);
  check(&rig, "7", "3 + 3 = 6 , 6 + 1 = 7", VERDICT_CORRECT); /* the last match */
  check(&rig, "6", "3 + 3 = 6 , 6 + 1 = 7", VERDICT_WRONG);
  check(&rig, "7", "= 6 </think> = 7", VERDICT_CORRECT);
  check(&rig, "6", "= 6 </think> nothing", VERDICT_NO_ANSWER);
  check(&rig, "7", "7", VERDICT_NO_ANSWER);
  check(&rig, "7", "\xff = 7", VERDICT_CORRECT); /* no UTF-8 before it */
  assert_int_equal(judge(&rig, "7", "= 7", true).kind, ANSWER_KIND_TRUNCATED);
  rig_close(&rig);
  settings = SETTINGS("reward.correctness.verifier=regex", "reward.correctness.pattern=\\d+",
                      "reward.correctness.answer_which=first");
  rig_open(&rig, &settings, 1);
  check(&rig, "3", "3 + 4 = 7", VERDICT_CORRECT);
  check(&rig, "7", "3 + 4 = 7", VERDICT_WRONG);
  rig_close(&rig);
  settings = SETTINGS("reward.correctness.verifier=regex", "reward.correctness.pattern=x*|(y)");
  rig_open(&rig, &settings, 1);
  check(&rig, "x", "ab", VERDICT_NO_ANSWER); /* empty matches only: it ends */
  rig_close(&rig);
}

/* A pattern that would take for ever, and a text that would nest for ever, are stopped; the next verdict is as if they had not been. */
static void test_regex_limits(void **state) {
  (void)state;
  static struct rig rig;
  static char text[20000];
  memset(text, 'a', sizeof text - 1);
  static const char *const patterns[] = {"reward.correctness.pattern=^(a|aa|aaa)+b|(c)",
                                         "reward.correctness.pattern=^((a)+)*b|(c)",
                                         "reward.correctness.pattern=^(a(?1)?)b|(c)"};
  for (u32 p = 0; p < COUNT_OF(patterns); p++) {
    const struct verifiers_settings settings = SETTINGS("reward.correctness.verifier=regex", patterns[p]);
    rig_open(&rig, &settings, 1);
    for (u32 round = 0; round < 3; round++) check(&rig, "c", text, VERDICT_UNDECIDED);
    check(&rig, "ab", "x", VERDICT_NO_ANSWER);
    rig_close(&rig);
  }
  const struct verifiers_settings settings =
      SETTINGS("reward.correctness.verifier=regex", "reward.correctness.pattern=a");
  rig_open(&rig, &settings, 1);
  check(&rig, "a", text, VERDICT_UNDECIDED); /* more matches than are looked at */
  rig_close(&rig);
}

static void test_regex_bad_patterns(void **state) {
  (void)state;
  static u8 memory[REGEX_BYTES + 2 * TENSOR_ALIGN_BYTES];
  static const char *const patterns[] = {"(a", "[z-a]", "a{2,1}", "\\C", "(((a{1,60000}){1,60000}){1,60000})", "\xff"};
  for (u32 p = 0; p < COUNT_OF(patterns); p++) {
    struct regex regex = {.region = {.memory = memory}};
    struct error error = {.status = STATUS_OK};
    assert_int_equal(regex_open(&regex, patterns[p], "the.setting", &error), STATUS_USAGE);
    assert_string_equal(error.place, "the.setting");
    assert_true(strlen(error.text) > 10);
  }
}

/* ---- math ---- */

static void test_math_verifier(void **state) {
  (void)state;
  static struct rig rig;
  const struct verifiers_settings settings =
      SETTINGS("reward.correctness.verifier=math", "reward.correctness.answer_sources=box, number");
  rig_open(&rig, &settings, 1);
  check(&rig, "16", "3 + 5 = 8 , 8 * 2 = 16", VERDICT_CORRECT);
  check(&rig, "15", "3 + 5 = 8 , 8 * 2 = 16", VERDICT_WRONG);
  check(&rig, "5", "\\boxed{5}", VERDICT_CORRECT);
  check(&rig, "Thus \\boxed{5}.", "\\boxed{5}", VERDICT_CORRECT);
  check(&rig, "16", "16 = 3 + 5", VERDICT_NO_ANSWER);
  check(&rig, "", "\\boxed{5}", VERDICT_UNDECIDED);
  rig_close(&rig);
}

/* ---- many at once ---- */

#define PAIRS 5000u

struct pairs {
  struct judgement judgements[PAIRS];
  _Atomic u32 told[PAIRS];
  char gold[WORKERS_MAX][32], completion[WORKERS_MAX][64];
  const struct verifiers *verifiers;
};

static void ask_pair(void *context, u32 worker, u32 index, struct verifier_question *question) {
  static const char *const forms[] = {"\\boxed{%u}", "so \\boxed{%u} \\boxed{1}", "%u", "\\boxed{%u", "\\boxed{ %u }"};
  struct pairs *pairs = context;
  question->gold = pairs->gold[worker];
  question->gold_size = (u32)snprintf(pairs->gold[worker], sizeof pairs->gold[worker], "%u", index % 7);
  question->completion = pairs->completion[worker];
  const char *form = forms[index % COUNT_OF(forms)];
  const char *hole = strstr(form, "%u");
  question->completion_size = (u32)snprintf(pairs->completion[worker], sizeof pairs->completion[worker], "%.*s%u%s",
                                            (int)(hole - form), form, index % 11, hole + 2);
}

static void tell_pair(void *context, struct verifier_worker *worker, u32 index,
                      const struct verifier_question *question, struct judgement judgement) {
  struct pairs *pairs = context;
  const u64 number = (u64)(worker - pairs->verifiers->workers);
  if (question->gold == pairs->gold[number]) atomic_fetch_add(&pairs->told[index], 1); /* its own worker's */
  pairs->judgements[index] = judgement;
}

static void judge_pairs(const struct verifiers_settings *settings, u32 workers, struct pairs *pairs) {
  static struct rig rig;
  rig_open(&rig, settings, workers);
  memset(pairs, 0, sizeof *pairs);
  pairs->verifiers = &rig.verifiers;
  const struct verifiers_batch batch = {.ask = ask_pair, .tell = tell_pair, .context = pairs};
  verifiers_judge_all(&rig.verifiers, &batch, PAIRS);
  for (u32 i = 0; i < PAIRS; i++) assert_int_equal(atomic_load(&pairs->told[i]), 1);
  rig_close(&rig);
}

static void test_same_verdicts_for_any_number_of_threads(void **state) {
  (void)state;
  static struct pairs one, many;
  static const char *const verifiers[] = {"reward.correctness.verifier=math", "reward.correctness.verifier=exact",
                                          "reward.correctness.verifier=regex"};
  for (u32 v = 0; v < COUNT_OF(verifiers); v++) {
    const struct verifiers_settings settings = SETTINGS(verifiers[v], "reward.correctness.pattern=(\\d+)");
    struct verdict_counts counts = {.responses = 0};
    judge_pairs(&settings, 1, &one);
    for (u32 i = 0; i < PAIRS; i++) verdict_counts_add(&counts, one.judgements[i]);
    assert_true(counts.correct > 100 && counts.wrong > 100);
    for (u32 workers = 2; workers <= 5; workers++) {
      judge_pairs(&settings, workers, &many);
      assert_memory_equal(one.judgements, many.judgements, sizeof one.judgements);
    }
  }
}

struct visits {
  _Atomic u32 count[WORKERS_MAX];
};

static void visit(void *context, u32 worker, u32 begin, u32 end) {
  struct visits *visits = context;
  if (begin == worker && end == worker + 1) atomic_fetch_add(&visits->count[worker], 1);
}

static void test_each_worker_once(void **state) {
  (void)state;
  for (u32 workers = 1; workers <= 6; workers++) {
    struct error error = {.status = STATUS_OK};
    struct visits visits = {.count = {0}};
    assert_int_equal(workers_open(workers, &error), STATUS_OK);
    for (u32 round = 0; round < 200; round++) workers_each(visit, &visits);
    workers_close();
    for (u32 w = 0; w < WORKERS_MAX; w++) assert_int_equal(atomic_load(&visits.count[w]), w < workers ? 200 : 0);
  }
  workers_close(); /* any number of times */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_exact_folds_blanks_only),
      cmocka_unit_test(test_exact_verifier),
      cmocka_unit_test(test_regex_verifier),
      cmocka_unit_test(test_regex_limits),
      cmocka_unit_test(test_regex_bad_patterns),
      cmocka_unit_test(test_math_verifier),
      cmocka_unit_test(test_same_verdicts_for_any_number_of_threads),
      cmocka_unit_test(test_each_worker_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
