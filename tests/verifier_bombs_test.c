/* Bombs against the verifier: towers, nests, long numbers. Undecided at once: steps are counted, never time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verifier_bombs.h"
#include "tests/verifier_grader.h"

static struct verifier_rig rig;

/* Must be undecided, or (`provable`: where a cheap proof of a difference is thinkable) at least not right; and at once: not by running out of steps. */
static void bomb(const char *gold, const char *answer, bool provable) {
  const struct verifier_options none = {0};
  const struct verifier_verdict verdict = verifier_rig_decide(&rig, none, gold, strlen(gold), answer, strlen(answer));
  const bool good = verdict.decision == DECISION_UNDECIDED || (provable && verdict.decision == DECISION_WRONG);
  if (!good || verdict.steps > VERIFIER_STEPS_MAX / 4) {
    printf("# %llu steps; ", (unsigned long long)verdict.steps);
    verifier_rig_tell("bomb", gold, answer, &verdict);
  }
  assert_true(good);
  assert_true(verdict.steps <= VERIFIER_STEPS_MAX / 4);
}

static void towers(void **state) {
  (void)state;
  for (u32 i = 0; bomb_towers[i] != NULL; i++) {
    bomb(bomb_towers[i], "5", false);
    bomb("5", bomb_towers[i], false);
  }
  for (u32 i = 0; bomb_provable[i] != NULL; i++) {
    bomb(bomb_provable[i], "5", true);
    bomb("5", bomb_provable[i], true);
  }
}

static void nests(void **state) {
  (void)state;
  static const u32 counts[] = {10, 63, 64, 65, 200, 400, 100000, 1000000};
  for (u32 i = 0; bomb_nests[i][0] != NULL; i++) {
    for (u32 k = 0; k < COUNT_OF(counts); k++) {
      char *text = bomb_nest(bomb_nests[i], counts[k]);
      const struct verifier_options none = {0};
      const u64 size = strlen(text);
      const struct verifier_verdict verdict = verifier_rig_decide(&rig, none, text, size, "77", 2);
      assert_true(verdict.decision != DECISION_RIGHT);
      const struct verifier_verdict itself = verifier_rig_decide(&rig, none, text, size, text, size);
      if (itself.decision == DECISION_WRONG) verifier_rig_tell("nest against itself", text, text, &itself);
      assert_true(itself.decision != DECISION_WRONG);
      assert_true(counts[k] < 100000 || itself.decision == DECISION_UNDECIDED);
      struct answer answer;
      grader_extract("box, phrase, hashes, math, number, letter, whole", false, text, &answer);
      free(text);
    }
  }
}

/* Whatever is said of them, it is the same both ways and within the steps (steps_are_bounded). */
static void heavy(void **state) {
  (void)state;
  for (u32 i = 0; bomb_heavy[i][0] != NULL; i++) {
    const enum decision there = verifier_rig_says(&rig, bomb_heavy[i][0], bomb_heavy[i][1]);
    assert_int_equal(there, verifier_rig_says(&rig, bomb_heavy[i][1], bomb_heavy[i][0]));
  }
}

static void long_numbers(void **state) {
  (void)state;
  char *text = malloc(1u << 20);
  assert_non_null(text);
  static const u32 sizes[] = {100, 1000, 4000, 5000, 100000, (1u << 20) - 2};
  for (u32 i = 0; i < COUNT_OF(sizes); i++) {
    memset(text, '9', sizes[i]);
    text[sizes[i]] = 0;
    assert_true(verifier_rig_says(&rig, text, "9") != DECISION_RIGHT);
    assert_true(verifier_rig_says(&rig, text, text) != DECISION_WRONG);
    text[1] = '.';
    assert_true(verifier_rig_says(&rig, text, "9") != DECISION_RIGHT);
    assert_true(verifier_rig_says(&rig, text, "10") != DECISION_RIGHT); /* 9.999..9 is not 10 */
  }
  free(text);
}

static void steps_are_bounded(void **state) {
  (void)state;
  printf("# the most steps of a verdict: %llu of %u\n", (unsigned long long)rig.steps_max, VERIFIER_STEPS_MAX);
  assert_true(rig.steps_max <= VERIFIER_STEPS_MAX);
}

static int open_rig(void **state) {
  (void)state;
  verifier_rig_open(&rig);
  return 0;
}

static int close_rig(void **state) {
  (void)state;
  verifier_rig_close(&rig);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(towers), cmocka_unit_test(nests), cmocka_unit_test(heavy),
                                     cmocka_unit_test(long_numbers), cmocka_unit_test(steps_are_bounded)};
  return cmocka_run_group_tests(tests, open_rig, close_rig);
}
