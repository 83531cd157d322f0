/* The verifier on pairs of our own (tests/verifier_pairs.txt): every label, symmetry, a text against itself, idempotent normal forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verifier_pairs.h"
#include "tests/verifier_rig.h"

static struct verifier_rig rig;
static struct pairs pairs;

static struct verifier_verdict decide(const struct pair *pair, const char *gold, const char *answer) {
  return verifier_rig_decide(&rig, pair->options, gold, strlen(gold), answer, strlen(answer));
}

static void every_label_holds(void **state) {
  (void)state;
  u32 failed = 0;
  for (u32 i = 0; i < pairs.count; i++) {
    const struct pair *pair = &pairs.rows[i];
    const struct verifier_verdict verdict = decide(pair, pair->gold, pair->answer);
    if (pair_label_allows(pair->label, verdict.decision)) continue;
    failed++;
    printf("# line %u (%s), not %s: ", pair->line, pair->section, pair_label_word(pair->label));
    verifier_rig_tell("pair", pair->gold, pair->answer, &verdict);
  }
  printf("# %u of %u pairs hold\n", pairs.count - failed, pairs.count);
  assert_int_equal(failed, 0);
}

static void verdicts_are_symmetric(void **state) {
  (void)state;
  u32 failed = 0;
  for (u32 i = 0; i < pairs.count; i++) {
    const struct pair *pair = &pairs.rows[i];
    if (pair->options.digits > 0) continue;
    const struct verifier_verdict there = decide(pair, pair->gold, pair->answer);
    const struct verifier_verdict back = decide(pair, pair->answer, pair->gold);
    if (there.decision == back.decision) continue;
    failed++;
    verifier_rig_tell("there", pair->gold, pair->answer, &there);
    verifier_rig_tell("back", pair->answer, pair->gold, &back);
  }
  assert_int_equal(failed, 0);
}

static void nothing_is_wrong_against_itself(void **state) {
  (void)state;
  u32 failed = 0;
  for (u32 i = 0; i < 2 * pairs.count; i++) {
    const struct pair *pair = &pairs.rows[i / 2];
    const char *text = i % 2 == 0 ? pair->gold : pair->answer;
    const struct verifier_verdict verdict = decide(pair, text, text);
    const bool idempotent = verifier_rig_idempotent(&rig);
    if (verdict.decision != DECISION_WRONG && idempotent) continue;
    failed++;
    verifier_rig_tell(idempotent ? "itself" : "not idempotent", text, text, &verdict);
  }
  assert_int_equal(failed, 0);
}

static void steps_are_bounded(void **state) {
  (void)state;
  printf("# the most steps of a verdict: %llu of %u\n", (unsigned long long)rig.steps_max, VERIFIER_STEPS_MAX);
  assert_true(rig.steps_max <= VERIFIER_STEPS_MAX);
}

static int open_all(void **state) {
  (void)state;
  verifier_rig_open(&rig);
  pairs_open(&pairs);
  return 0;
}

static int close_all(void **state) {
  (void)state;
  pairs_close(&pairs);
  verifier_rig_close(&rig);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_label_holds), cmocka_unit_test(verdicts_are_symmetric),
                                     cmocka_unit_test(nothing_is_wrong_against_itself),
                                     cmocka_unit_test(steps_are_bounded)};
  return cmocka_run_group_tests(tests, open_all, close_all);
}
