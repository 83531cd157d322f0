/* The verifier against the peers' own test rows (../shared/data/grader): answer level, extraction, normalisation, parser level, what must not parse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verifier_exceptions.h"
#include "tests/verifier_grader.h"

#define GRADER "../shared/data/grader/"

static struct verifier_rig rig;
static struct rows rows;
static struct grader_pair pair;
static bool used[COUNT_OF(grader_exceptions)];

struct grader_file {
  const char *name;
  enum grader_level level;
};

static bool open_or_skip(const char *name) {
  static char path[256];
  snprintf(path, sizeof path, GRADER "%s.jsonl", name);
  if (rows_open(&rows, path)) return true;
  print_message("skipped: no %s\n", path);
  return false;
}

static bool excepted(const char *gold, const char *answer) {
  const u64 hash = grader_hash(gold, answer);
  for (u32 i = 0; i < COUNT_OF(grader_exceptions); i++) {
    if (grader_exceptions[i].hash == hash) return used[i] = true;
  }
  return false;
}

static void tell(const char *file, const char *what, const struct verifier_verdict *verdict) {
  printf("# %s:%u %016llx %s: %s, %s (%s at %u); gold %s [%.200s] answer %s [%.200s]\n", file, rows.line,
         (unsigned long long)grader_hash(pair.gold_text, pair.answer_text), what, decision_word(verdict->decision),
         verifier_reason_text(verdict->reason), verdict->side == SIDE_GOLD ? "gold" : "answer", verdict->place,
         answer_kind_word(pair.gold.kind), pair.gold.kind == ANSWER_KIND_FOUND ? pair.gold.text : pair.gold_text,
         answer_kind_word(pair.answer.kind),
         pair.answer.kind == ANSWER_KIND_FOUND ? pair.answer.text : pair.answer_text);
}

/* At least 97 % of the equal rows right, no other row right. */
static void answer_level_rows(void **state) {
  (void)state;
  static const struct grader_file files[] = {
      {"math_verify", GRADER_MODES},      {"lighteval_extractive", GRADER_MODES}, {"nemo_skills", GRADER_ANSWERS},
      {"completion_level", GRADER_BOXES}, {"qwen_tora_listed", GRADER_ANSWERS},   {"verifiers_rubric", GRADER_BOXES}};
  u32 equal = 0, right = 0, wrong = 0, false_right = 0, others = 0, left_out = 0;
  for (u32 f = 0; f < COUNT_OF(files); f++) {
    if (!open_or_skip(files[f].name)) skip();
    while (rows_next(&rows)) {
      const int label = rows_truth(&rows, "equal", -1);
      grader_prepare(&rows, files[f].level, &pair);
      const struct verifier_verdict verdict = grader_decide(&rig, &pair);
      if (label < 0 || (label == 1 && excepted(pair.gold_text, pair.answer_text))) {
        left_out++;
        continue;
      }
      if (label == 0) others++, false_right += verdict.decision == DECISION_RIGHT;
      if (label == 1) equal++, right += verdict.decision == DECISION_RIGHT, wrong += verdict.decision == DECISION_WRONG;
      if ((verdict.decision == DECISION_RIGHT) != (label == 1))
        tell(files[f].name, label ? "equal" : "not equal", &verdict);
    }
    rows_close(&rows);
  }
  printf("# equal rows: %u right of %u, %u wrong; other rows: %u right of %u; %u without a label or excepted\n", right,
         equal, wrong, false_right, others, left_out);
  assert_int_equal(false_right, 0);
  assert_true(right * 100 >= equal * 97);
}

/* The text of the box that a peer's last-box function gives. */
static void last_box_rows(void **state) {
  (void)state;
  if (!open_or_skip("last_boxed")) skip();
  static char input[ROW_TEXT_MAX], expected[ROW_TEXT_MAX];
  u32 agree = 0, count = 0;
  while (rows_next(&rows)) {
    rows_text(&rows, "input", input);
    const bool some = rows_text(&rows, "expected", expected);
    struct answer answer;
    grader_extract("box", false, input, &answer);
    char *inside = strchr(expected, '{');
    if (some) inside[strlen(inside) - 1] = 0;
    const bool same = some ? answer.kind == ANSWER_KIND_FOUND && answer.size == strlen(inside + 1) &&
                                 memcmp(answer.text, inside + 1, answer.size) == 0
                           : answer.kind != ANSWER_KIND_FOUND;
    if (!same) printf("# last_boxed:%u: %s [%s]\n", rows.line, answer_kind_word(answer.kind), input);
    agree += same, count++;
  }
  rows_close(&rows);
  assert_int_equal(agree, count);
}

/* What a peer's normaliser maps onto each other is equal to us. */
static void normalised_rows(void **state) {
  (void)state;
  if (!open_or_skip("normalize")) skip();
  u32 right = 0, count = 0;
  while (rows_next(&rows)) {
    rows_text(&rows, "expected", pair.gold_text);
    rows_text(&rows, "raw", pair.answer_text);
    grader_extract("whole", false, pair.gold_text, &pair.gold);
    grader_extract("whole", false, pair.answer_text, &pair.answer);
    pair.options = (struct verifier_options){0};
    const struct verifier_verdict verdict = grader_decide(&rig, &pair);
    if (excepted(pair.gold_text, pair.answer_text)) continue;
    count++, right += verdict.decision == DECISION_RIGHT;
    if (verdict.decision != DECISION_RIGHT) tell("normalize", "equal", &verdict);
  }
  rows_close(&rows);
  printf("# normalize: %u right of %u\n", right, count);
  assert_true(right * 100 >= count * 97);
}

/* ---- parser level ---- */

struct construct {
  const char *name, *words[6];
  bool outside; /* of what the verifier reads: such rows must be undecided */
  u32 count, decisions[3];
};

/* The first one whose word stands in the row decides. */
static struct construct constructs[] = {
    {"integrals", {"\\int"}, true, 0, {0}},
    {"limits", {"\\lim"}, true, 0, {0}},
    {"derivatives", {"\\frac{d}"}, true, 0, {0}},
    {"bra and ket", {"\\langle", "\\rangle"}, true, 0, {0}},
    {"sums and products", {"\\sum", "\\prod"}, false, 0, {0}},
    {"gcd and lcm", {"gcd", "lcm"}, false, 0, {0}},
    {"min and max", {"\\min", "\\max"}, false, 0, {0}},
    {"mod", {"\\mod"}, false, 0, {0}},
    {"logarithms", {"\\log", "\\ln", "\\lg"}, false, 0, {0}},
    {"trigonometric", {"sin", "cos", "tan"}, false, 0, {0}},
    {"matrices", {"matrix"}, false, 0, {0}},
    {"roots", {"\\sqrt"}, false, 0, {0}},
    {"binomials, factorials", {"binom", "choose", "!"}, false, 0, {0}},
    {"absolute value, floor, ceiling", {"|", "floor", "ceil"}, false, 0, {0}},
    {"relations", {"\\leq", "\\geq", ">", "\\neq", "!=", "\\le"}, false, 0, {0}},
    {"sets and intervals", {"\\cup", "\\setminus", "\\in", "\\mathbb", "[", "{1,2"}, false, 0, {0}},
    {"fractions", {"frac"}, false, 0, {0}},
    {"variables", {"\\variable", "\\math", "_", "''"}, false, 0, {0}},
    {"all else", {""}, false, 0, {0}},
};

static struct construct *construct_of(const char *answer) {
  for (u32 i = 0; i < COUNT_OF(constructs); i++) {
    for (u32 k = 0; k < 6 && constructs[i].words[k] != NULL; k++) {
      if (strstr(answer, constructs[i].words[k]) != NULL) return &constructs[i];
    }
  }
  return &constructs[COUNT_OF(constructs) - 1];
}

static void parser_level_rows(void **state) {
  (void)state;
  static const char *const files[] = {"latex2sympy2_extended", "sympy_parse_latex"};
  u32 guessed = 0, wrong = 0;
  for (u32 f = 0; f < COUNT_OF(files); f++) {
    if (!open_or_skip(files[f])) skip();
    while (rows_next(&rows)) {
      grader_prepare(&rows, GRADER_ANSWERS, &pair);
      const struct verifier_verdict verdict = grader_decide(&rig, &pair);
      struct construct *construct = construct_of(pair.answer_text);
      construct->count++, construct->decisions[verdict.decision]++;
      if (excepted(pair.gold_text, pair.answer_text)) continue;
      const bool guess = construct->outside && verdict.decision != DECISION_UNDECIDED;
      guessed += guess, wrong += verdict.decision == DECISION_WRONG;
      if (guess || (!construct->outside && verdict.decision != DECISION_RIGHT))
        tell(files[f], construct->name, &verdict);
    }
    rows_close(&rows);
  }
  for (u32 i = 0; i < COUNT_OF(constructs); i++) {
    printf("# %-32s %3u rows: %3u right, %3u undecided, %u wrong%s\n", constructs[i].name, constructs[i].count,
           constructs[i].decisions[DECISION_RIGHT], constructs[i].decisions[DECISION_UNDECIDED],
           constructs[i].decisions[DECISION_WRONG], constructs[i].outside ? " (not read, by design)" : "");
  }
  assert_int_equal(guessed, 0);
  assert_int_equal(wrong, 0); /* but for those on the list */
}

static void what_must_not_parse(void **state) {
  (void)state;
  if (!open_or_skip("latex_must_not_parse")) skip();
  u32 right = 0;
  while (rows_next(&rows)) {
    rows_text(&rows, "answer", pair.answer_text);
    memcpy(pair.gold_text, pair.answer_text, strlen(pair.answer_text) + 1);
    if (excepted(pair.gold_text, pair.answer_text)) continue;
    grader_extract("whole", false, pair.gold_text, &pair.gold);
    pair.answer = pair.gold;
    pair.options = (struct verifier_options){0};
    const struct verifier_verdict verdict = grader_decide(&rig, &pair);
    if (verdict.decision == DECISION_RIGHT) right++, tell("latex_must_not_parse", "against itself", &verdict);
  }
  rows_close(&rows);
  assert_int_equal(right, 0);
}

/* An entry that no row needs any more is taken off the list. */
static void the_list_is_current(void **state) {
  (void)state;
  if (!open_or_skip("math_verify")) skip();
  rows_close(&rows);
  for (u32 i = 0; i < COUNT_OF(grader_exceptions); i++) {
    if (!used[i]) fail_msg("no row has the hash %016llx", (unsigned long long)grader_exceptions[i].hash);
  }
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
  const struct CMUnitTest tests[] = {cmocka_unit_test(answer_level_rows),   cmocka_unit_test(last_box_rows),
                                     cmocka_unit_test(normalised_rows),     cmocka_unit_test(parser_level_rows),
                                     cmocka_unit_test(what_must_not_parse), cmocka_unit_test(the_list_is_current)};
  return cmocka_run_group_tests(tests, open_rig, close_rig);
}
