/* Bombs against the verifier: towers, nests, long numbers. Undecided at once: steps are counted, never time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
  static const char *const towers[] = {"5^{5^{5^{5^{5}}}}",
                                       "5^5^5^5^5",
                                       "2003^{2002^{2001}}",
                                       "2003^2002^2001",
                                       "((((9!)!)!)!)!",
                                       "(((9!)!)!)!",
                                       "10^{10^{10^{10}}}",
                                       "99999999!",
                                       "(10^{1000000})!",
                                       "\\binom{10^{100}}{10^{50}}",
                                       "\\prod_{k=1}^{10^{9}} k^{k^{k}}",
                                       "\\sum_{k=1}^{10^{100}} k",
                                       "1E999999999",
                                       "\\sin(10^{10^{10}})",
                                       "\\gcd(10^{10^{10}}, 7^{10^{10}})",
                                       "\\lfloor e^{e^{e^{100}}} \\rfloor",
                                       "(1.0000001)^{10^{30}}"};
  static const char *const provable[] = {"2^{-10^{100}}",
                                         "e^{e^{e^{e^{e^{e}}}}}",
                                         "1E-999999999",
                                         "\\log(\\log(10^{10^{100}}))",
                                         "x^{10^{10}}",
                                         "(x+1)^{10^{10}}",
                                         "9!!!!!!!!!!!!",
                                         "(a+b+c+d+e+f+g)^{10000}-1",
                                         "\\sqrt[10^{50}]{2}-\\sqrt[10^{51}]{3}",
                                         "((1+x)^{1000}+1)^{1000}",
                                         "(1+\\sqrt{2})^{100000}",
                                         "1000!",
                                         "\\binom{4000}{2000}"};
  for (u32 i = 0; i < COUNT_OF(towers); i++) {
    bomb(towers[i], "5", false);
    bomb("5", towers[i], false);
  }
  for (u32 i = 0; i < COUNT_OF(provable); i++) {
    bomb(provable[i], "5", true);
    bomb("5", provable[i], true);
  }
}

/* count times open, then middle, then count times close. */
static char *nest(const char *open, const char *middle, const char *close, u32 count) {
  const u64 open_size = strlen(open), close_size = strlen(close), middle_size = strlen(middle);
  char *text = malloc(count * (open_size + close_size) + middle_size + 1), *at = text;
  assert_non_null(text);
  for (u32 i = 0; i < count; i++) memcpy(at, open, open_size), at += open_size;
  memcpy(at, middle, middle_size), at += middle_size;
  for (u32 i = 0; i < count; i++) memcpy(at, close, close_size), at += close_size;
  *at = 0;
  return text;
}

static void nests(void **state) {
  (void)state;
  static const char *const forms[][3] = {
      {"{", "5", "}"},          {"(", "5", ")"},          {"\\left(", "5", "\\right)"},
      {"\\frac{1}{", "5", "}"}, {"\\frac{", "5", "}{2}"}, {"\\sqrt{", "5", "}"},
      {"\\boxed{", "5", "}"},   {"\\text{", "5", "}"},    {"x^{", "5", "}"},
      {"-", "5", ""},           {"|", "5", "|"},          {"\\{", "5", "\\}"},
      {"[", "5", ")"},          {"1+(", "5", ")"},        {"\\begin{pmatrix}", "5", "\\end{pmatrix}"},
      {"\\sqrt[", "5", "]{2}"}, {"\\sin(", "5", ")"},     {"\\left\\{", "5", "\\right\\}"},
      {"5,", "5", ""},          {"$", "5", "$"},          {"\\lfloor ", "5", "\\rfloor "},
      {"5\\cup ", "5", ""}};
  static const u32 counts[] = {10, 63, 64, 65, 200, 400, 100000, 1000000};
  for (u32 i = 0; i < COUNT_OF(forms); i++) {
    for (u32 k = 0; k < COUNT_OF(counts); k++) {
      char *text = nest(forms[i][0], forms[i][1], forms[i][2], counts[k]);
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
  const struct CMUnitTest tests[] = {cmocka_unit_test(towers), cmocka_unit_test(nests), cmocka_unit_test(long_numbers),
                                     cmocka_unit_test(steps_are_bounded)};
  return cmocka_run_group_tests(tests, open_rig, close_rig);
}
