/* verifier_decide on pairs of texts: every convention of compare.c, with its reason; symmetry and idempotence over all of them; sides and places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/reward/math/normal.h"
#include "engine/reward/math/verifier.h"

#define UNITS 100u /* in a row's `digits`: units count */
#define ANY REASONS

static const struct row {
  const char *gold, *answer;
  enum decision decision;
  enum verifier_reason reason;
  u32 digits;
} rows[] = {
    /* ---- scalars ---- */
    {"5", "5", DECISION_RIGHT, REASON_EQUAL_FORMS, 0},
    {"5", "6", DECISION_WRONG, REASON_DIFFERENT_VALUES, 0},
    {"\\frac{1}{2}", "0.5", DECISION_RIGHT, REASON_EQUAL_FORMS, 0},
    {"\\frac{1}{3}", "0.333", DECISION_WRONG, REASON_DIFFERENT_VALUES, 0},
    {"\\frac{1}{3}", "0.333", DECISION_RIGHT, REASON_WITHIN_TOLERANCE, 2},
    {"\\frac{1}{3}", "0.34", DECISION_WRONG, ANY, 4},
    {"\\frac{1}{3}", "\\frac{333}{1000}", DECISION_WRONG, ANY, 2}, /* no decimal: nobody rounded */
    {"2\\sqrt{3}", "\\sqrt{12}", DECISION_RIGHT, REASON_EQUAL_FORMS, 0},
    {"(x+1)^2", "x^2+2x+1", DECISION_RIGHT, REASON_EQUAL_FORMS, 0},
    {"\\sin^2 x + \\cos^2 x", "1", DECISION_RIGHT, REASON_EQUAL_VALUES, 0},
    {"\\frac{1}{0}", "\\frac{1}{0}", DECISION_UNDECIDED, ANY, 0},
    {"\\infty", "\\infty", DECISION_RIGHT, REASON_EQUAL_FORMS, 0},
    {"\\infty", "-\\infty", DECISION_WRONG, REASON_DIFFERENT_VALUES, 0},
    {"\\infty", "5", DECISION_WRONG, REASON_DIFFERENT_VALUES, 0},
    /* ---- marks ---- */
    {"45^\\circ", "45", DECISION_RIGHT, ANY, 0},
    {"45^\\circ", "\\frac{\\pi}{4}", DECISION_RIGHT, ANY, 0},
    {"45^\\circ", "46", DECISION_WRONG, ANY, 0},
    {"28\\%", "28", DECISION_RIGHT, ANY, 0},
    {"28\\%", "0.28", DECISION_RIGHT, ANY, 0},
    {"28", "0.28", DECISION_WRONG, ANY, 0},
    {"28\\%", "2800", DECISION_WRONG, ANY, 0},
    {"\\$5", "5", DECISION_RIGHT, ANY, 0},
    {"3 \\text{ cm}", "3", DECISION_RIGHT, ANY, 0},
    {"3 \\text{ cm}", "3", DECISION_WRONG, REASON_DIFFERENT_SHAPES, UNITS},
    {"3 \\text{ cm}", "4", DECISION_WRONG, ANY, 0},
    {"3 \\text{ cm}", "3 \\text{ m}", DECISION_WRONG, ANY, 0},
    {"100 \\text{ cm}", "1 \\text{ m}", DECISION_RIGHT, ANY, 0},
    {"100 \\text{ cm}", "1 \\text{ m}", DECISION_RIGHT, ANY, UNITS},
    {"1 \\text{ hour}", "60 \\text{ minutes}", DECISION_RIGHT, ANY, 0},
    {"3 \\text{ cm}", "3 \\text{ seconds}", DECISION_WRONG, REASON_DIFFERENT_SHAPES, 0},
    {"12 \\text{ square units}", "12", DECISION_RIGHT, ANY, UNITS},
    {"204_5", "204_5", DECISION_RIGHT, ANY, 0},
    {"204_5", "54", DECISION_RIGHT, ANY, 0},
    {"204_5", "204", DECISION_UNDECIDED, REASON_AMBIGUOUS, 0},
    {"204_5", "203_5", DECISION_WRONG, ANY, 0},
    /* ---- names ---- */
    {"5", "x = 5", DECISION_RIGHT, ANY, 0},
    {"k=1", "1", DECISION_RIGHT, ANY, 0},
    {"x=5", "y=5", DECISION_UNDECIDED, REASON_AMBIGUOUS, 0},
    {"x=5", "y=6", DECISION_WRONG, ANY, 0},
    {"a + 3z = 0", "0", DECISION_WRONG, REASON_DIFFERENT_SHAPES, 0},
    {"2x + z + y = 1", "1", DECISION_WRONG, REASON_DIFFERENT_SHAPES, 0},
    {"2x = 10", "5", DECISION_UNDECIDED, ANY, 0},
    {"f(x) = 2x", "2x", DECISION_RIGHT, ANY, 0},
    {"f(x) = 2x", "f(t) = 2t", DECISION_RIGHT, ANY, 0},
    {"f(x) = 2x", "f(t) = t + x", DECISION_UNDECIDED, ANY, 0},
    {"f(x) = 2x", "f(t) = 3t", DECISION_WRONG, ANY, 0},
    {"y = 2x + 1", "2x+1", DECISION_RIGHT, ANY, 0},
    {"(p,q)=(3,2)", "(3,2)", DECISION_RIGHT, ANY, 0},
    {"\\frac{a}{b} = \\frac{1}{2}", "\\frac{1}{2}", DECISION_RIGHT, ANY, 0},
    {"ab = 6", "6", DECISION_UNDECIDED, ANY, 0},
    {"\\sin A = \\frac{1}{2}", "\\frac{1}{2}", DECISION_RIGHT, ANY, 0},
    {"y = x^2", "f(x) = x^2", DECISION_RIGHT, ANY, 0},
    {"y = x^2", "f(x) = x^3", DECISION_WRONG, ANY, 0},
    {"x \\in [1,2]", "[1,2]", DECISION_RIGHT, ANY, 0},
    {"x \\approx 11", "11", DECISION_RIGHT, ANY, 0},
    {"x \\approx 11", "11.2", DECISION_UNDECIDED, ANY, 0},
    {"x = 2 + 3 = 5", "5", DECISION_RIGHT, ANY, 0},
    {"x = 2 + 3 = 6", "6", DECISION_UNDECIDED, ANY, 0},
    {"x = \\frac{1}{3} \\approx 1.3", "\\frac{1}{3}", DECISION_UNDECIDED, ANY, 0},
    {"x = 5 \\approx 77", "x = 5", DECISION_UNDECIDED, ANY, 0},
    {"\\sqrt{2} \\approx 1.414", "\\sqrt{2}", DECISION_RIGHT, ANY, 0},
    {"\\frac{10}{2} = 5", "5", DECISION_RIGHT, ANY, 0},
    {"\\frac{10}{2} = 6", "6", DECISION_UNDECIDED, ANY, 0},
    {"1 + 1 = 2", "3", DECISION_WRONG, ANY, 0},
    {"\\log 2 + \\log 5", "1", DECISION_RIGHT, ANY, 0},
    {"\\log x", "\\ln x", DECISION_UNDECIDED, ANY, 0},
    {"\\gcd(x, y)", "1", DECISION_UNDECIDED, ANY, 0},
    {"\\gcd(12, 18)", "12", DECISION_WRONG, ANY, 0},
    {"\\log x", "\\ln y", DECISION_WRONG, ANY, 0},
    {"2.74", "2,74", DECISION_RIGHT, ANY, 0},
    {"2.74", "2, 74", DECISION_WRONG, ANY, 0},
    {"2.74", "2,75", DECISION_WRONG, ANY, 0},
    {"x = \\frac{1}{3} \\approx 0.33", "\\frac{1}{3}", DECISION_RIGHT, ANY, 0},
    /* ---- lists, points, sets ---- */
    {"1, 2", "2, 1", DECISION_RIGHT, ANY, 0},
    {"1, 1, 2", "1, 2, 2", DECISION_WRONG, ANY, 0},
    {"1, 1, 2", "1, 2", DECISION_WRONG, REASON_DIFFERENT_COUNTS, 0},
    {"(1, 2), (3, 4)", "(3, 4), (1, 2), (3, 4)", DECISION_RIGHT, ANY, 0},
    {"(1, 2), (3, 4)", "(1, 2), (4, 3)", DECISION_WRONG, ANY, 0},
    {"(1, 2)", "(2, 1)", DECISION_WRONG, ANY, 0},
    {"(1, 2)", "(1, 2, 3)", DECISION_WRONG, REASON_DIFFERENT_COUNTS, 0},
    {"(1, 3)", "1, 3", DECISION_RIGHT, ANY, 0},
    {"(1, 3)", "3, 1", DECISION_UNDECIDED, REASON_AMBIGUOUS, 0},
    {"(1, 3)", "1, 4", DECISION_WRONG, ANY, 0},
    {"\\{1, 2\\}", "2, 1", DECISION_RIGHT, ANY, 0},
    {"\\{1, 2\\}", "\\{2, 1, 1\\}", DECISION_RIGHT, ANY, 0},
    {"\\{1, 2\\}", "\\{1, 3\\}", DECISION_WRONG, ANY, 0},
    {"\\{5\\}", "5", DECISION_RIGHT, ANY, 0},
    {"5", "5, 7", DECISION_WRONG, REASON_DIFFERENT_COUNTS, 0},
    {"\\sqrt{67}", "\\sqrt{67}, -\\sqrt{85}", DECISION_WRONG, REASON_DIFFERENT_COUNTS, 0},
    {"\\emptyset", "5", DECISION_WRONG, ANY, 0},
    {"\\emptyset", "\\{\\}", DECISION_RIGHT, ANY, 0},
    {"p=5,q=2;p=7,q=2", "(5,2),(7,2)", DECISION_RIGHT, ANY, 0},
    {"p=5,q=2;p=7,q=2", "(2,5),(2,7)", DECISION_UNDECIDED, ANY, 0},
    {"x=-5, p=\\frac{14}{3}", "-5, \\frac{14}{3}", DECISION_RIGHT, ANY, 0},
    {"x=-5, p=\\frac{14}{3}", "\\frac{14}{3}, -5", DECISION_UNDECIDED, ANY, 0},
    {"x=1, y=2", "y=2, x=1", DECISION_RIGHT, ANY, 0},
    {"x=1, y=2", "x=2, y=1", DECISION_WRONG, ANY, 0},
    {"x_1=1, x_2=2", "2, 1", DECISION_RIGHT, ANY, 0},
    {"\\pm 3", "3, -3", DECISION_RIGHT, ANY, 0},
    {"\\pm 3", "3", DECISION_WRONG, ANY, 0},
    {"n = 1, 2, 3", "1, 2, 3", DECISION_RIGHT, ANY, 0},
    {"(\\frac{1}{3}, 5)", "(0.33, 5)", DECISION_RIGHT, REASON_WITHIN_TOLERANCE, 2},
    /* ---- the real line ---- */
    {"(1, 2)", "[1, 2]", DECISION_WRONG, REASON_DIFFERENT_SHAPES, 0},
    {"[1, 2)", "[1, 2)", DECISION_RIGHT, ANY, 0},
    {"-793 < a < 10", "(-793, 10)", DECISION_RIGHT, ANY, 0},
    {"-793 < a \\le 10", "(-793, 10)", DECISION_WRONG, ANY, 0},
    {"x \\geq 5", "[5, \\infty)", DECISION_RIGHT, ANY, 0},
    {"x \\geq 5", "(5, \\infty)", DECISION_WRONG, ANY, 0},
    {"x \\geq 5", "5 \\leq x", DECISION_RIGHT, ANY, 0},
    {"x \\geq 5", "x \\leq 5", DECISION_WRONG, ANY, 0},
    {"x < 1", "-x > -1", DECISION_RIGHT, ANY, 0},
    {"x < 1", "2x - 2 < 0", DECISION_RIGHT, ANY, 0},
    {"x < 1", "x < 2", DECISION_WRONG, ANY, 0},
    {"x < 1", "x \\le 1", DECISION_WRONG, ANY, 0},
    {"1 \\leq |z| \\leq \\frac{3}{2}", "[-\\frac{3}{2}, -1] \\cup [1, \\frac{3}{2}]", DECISION_RIGHT, ANY, 0},
    {"x^2 < 4", "(-2, 2)", DECISION_RIGHT, ANY, 0},
    {"|x - 1| < 3", "(-2, 4)", DECISION_RIGHT, ANY, 0},
    {"[1, 2] \\cup [2, 3]", "[1, 3]", DECISION_RIGHT, ANY, 0},
    {"[1, 2) \\cup (2, 3]", "[1, 3]", DECISION_WRONG, ANY, 0},
    {"(3, 4) \\cup (1, 2)", "(1, 2) \\cup (3, 4)", DECISION_RIGHT, ANY, 0},
    {"x < 1 \\text{ or } x > 2", "(-\\infty, 1) \\cup (2, \\infty)", DECISION_RIGHT, ANY, 0},
    {"x \\neq 3", "(-\\infty, 3) \\cup (3, \\infty)", DECISION_RIGHT, ANY, 0},
    {"\\mathbb{R}", "(-\\infty, \\infty)", DECISION_RIGHT, ANY, 0},
    {"x > 5", "5", DECISION_UNDECIDED, ANY, 0},
    {"1 \\le n \\le 3", "\\{1, 2, 3\\}", DECISION_UNDECIDED, ANY, 0},
    {"[1, 2] \\cup [3, 4]", "[1, 2], [3, 4]", DECISION_RIGHT, ANY, 0},
    {"[1, 5]", "[1, 5], [2, 3]", DECISION_UNDECIDED, ANY, 0},
    {"[3, \\infty)", "[3, \\infty), 987654", DECISION_UNDECIDED, ANY, 0},
    {"1 < x < 3", "x > 1, x < 3", DECISION_RIGHT, ANY, 0},
    {"x > 5", "x > 5, x > 1", DECISION_UNDECIDED, ANY, 0},
    {"x > 5 + y", "x \\ge 5 + y", DECISION_WRONG, ANY, 0},
    {"0 < x^2 + y^2 + 1", "0 \\le x^2 + y^2 + 1", DECISION_UNDECIDED, ANY, 0},
    /* ---- equations ---- */
    {"34x+45y-20z+100=0", "-34x-45y+20z-100=0", DECISION_RIGHT, ANY, 0},
    {"2x+4y-3=0", "y=-\\frac{1}{2}x+\\frac{3}{4}", DECISION_RIGHT, ANY, 0},
    {"2x+4y-3=0", "y=-\\frac{1}{2}x+\\frac{1}{4}", DECISION_WRONG, ANY, 0},
    {"x^2 + y^2 = 4", "2x^2 + 2y^2 = 8", DECISION_RIGHT, ANY, 0},
    {"x^2 + y^2 = 4", "x^2 + y^2 = 5", DECISION_UNDECIDED, ANY, 0},
    {"f(2) < f(1) < f(4)", "f(4) > f(1) > f(2)", DECISION_RIGHT, ANY, 0},
    {"f(2) < f(1) < f(4)", "f(1) < f(2) < f(4)", DECISION_UNDECIDED, ANY, 0},
    /* ---- matrices ---- */
    {"\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "\\begin{bmatrix}1&2\\\\3&4\\end{bmatrix}", DECISION_RIGHT, ANY, 0},
    {"\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "\\begin{pmatrix}1&3\\\\2&4\\end{pmatrix}", DECISION_WRONG, ANY, 0},
    {"\\begin{pmatrix}1\\\\2\\end{pmatrix}", "(1, 2)", DECISION_RIGHT, ANY, 0},
    {"\\begin{pmatrix}1\\\\2\\end{pmatrix}", "\\begin{pmatrix}1&2\\end{pmatrix}", DECISION_UNDECIDED, ANY, 0},
    {"\\begin{pmatrix}1\\\\2\\end{pmatrix}", "3", DECISION_WRONG, REASON_DIFFERENT_SHAPES, 0},
    /* ---- words, choices, times ---- */
    {"\\text{even}", "even", DECISION_RIGHT, ANY, 0},
    {"\\text{Monday}", "Tuesday", DECISION_WRONG, REASON_DIFFERENT_TEXTS, 0},
    {"\\text{odd}", "\\text{an odd function}", DECISION_UNDECIDED, ANY, 0},
    {"\\text{circle}", "\\text{a circle}", DECISION_RIGHT, ANY, 0},
    {"\\text{no solution}", "\\text{does not exist}", DECISION_UNDECIDED, ANY, 0},
    {"\\text{no solution}", "0", DECISION_WRONG, ANY, 0},
    {"\\text{(C)}", "x", DECISION_UNDECIDED, ANY, 0},
    {"\\text{even}", "5", DECISION_UNDECIDED, ANY, 0},
    {"\\text{(C)}", "C", DECISION_RIGHT, ANY, 0},
    {"\\text{(C)}", "c", DECISION_RIGHT, ANY, 0},
    {"\\text{(C)}", "B", DECISION_WRONG, ANY, 0},
    {"\\text{(C)}", "5", DECISION_UNDECIDED, ANY, 0},
    {"d", "\\text{E}", DECISION_WRONG, ANY, 0},
    {"12:00", "1:00", DECISION_WRONG, ANY, 0},
    {"5:00 \\text{ p.m.}", "5:00 \\text{ p.m.}", DECISION_RIGHT, ANY, 0},
    {"5:00 \\text{ p.m.}", "5:00", DECISION_RIGHT, ANY, 0},
    {"5:00 \\text{ p.m.}", "5:00 \\text{ a.m.}", DECISION_WRONG, ANY, 0},
    {"\\text{true}", "\\text{false}", DECISION_WRONG, ANY, 0},
    /* ---- what was not read ---- */
    {"", "0", DECISION_UNDECIDED, REASON_EMPTY, 0},
    {"", "", DECISION_UNDECIDED, REASON_EMPTY, 0},
    {"(", "(", DECISION_UNDECIDED, REASON_UNREADABLE, 0},
    {"\\int x \\, dx", "\\int x \\, dx", DECISION_UNDECIDED, REASON_UNSUPPORTED, 0},
};

static struct {
  struct arena arena;
  struct verifier_workspace workspace;
  struct expression_pool again;
  u8 *memory;
} room;

static void place(void) {
  verifier_place(&room.workspace, &room.arena);
  expression_place(&room.again, &room.arena);
}

static int open_room(void **state) {
  (void)state;
  arena_open(&room.arena, "host", 0, NULL);
  place();
  const u64 bytes = room.arena.high;
  room.memory = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  if (room.memory == NULL) return 1;
  arena_open(&room.arena, "host", 0, NULL);
  room.arena.base = room.memory;
  room.arena.limit = bytes;
  place();
  arena_freeze(&room.arena);
  verifier_open(&room.workspace);
  return 0;
}

static int close_room(void **state) {
  (void)state;
  verifier_close(&room.workspace);
  free(room.memory);
  return 0;
}

static struct verifier_verdict decide(const struct row *row, bool turned) {
  const char *gold = turned ? row->answer : row->gold, *answer = turned ? row->gold : row->answer;
  const struct verifier_options options = {.digits = row->digits % UNITS, .units = row->digits >= UNITS};
  struct verifier_verdict verdict;
  verifier_decide(&room.workspace, &options, gold, (u32)strlen(gold), answer, (u32)strlen(answer), &verdict);
  return verdict;
}

static void rows_hold(void **state) {
  (void)state;
  static const char *const names[] = {"undecided", "wrong", "right"};
  u32 failures = 0;
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    const struct verifier_verdict verdict = decide(&rows[i], false);
    if (verdict.decision == rows[i].decision && (rows[i].reason == ANY || verdict.reason == rows[i].reason)) continue;
    print_error("%s ~~ %s: %s (%s), not %s\n", rows[i].gold, rows[i].answer, names[verdict.decision],
                verifier_reason_text(verdict.reason), names[rows[i].decision]);
    failures++;
  }
  assert_int_equal(failures, 0);
}

/* Every text of every row against every other: the order of the two is nothing. */
static void symmetric(void **state) {
  (void)state;
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    for (u32 k = i % 7; k < COUNT_OF(rows); k += 7) {
      const struct row pair = {rows[i].gold, rows[k].answer, DECISION_RIGHT, ANY, 0};
      const enum decision there = decide(&pair, false).decision, back = decide(&pair, true).decision;
      if (there != back) fail_msg("%s ~~ %s: %d there, %d back", pair.gold, pair.answer, there, back);
    }
    const struct row own = {rows[i].gold, rows[i].answer, DECISION_RIGHT, ANY, rows[i].digits >= UNITS ? UNITS : 0};
    assert_int_equal(decide(&own, false).decision, decide(&own, true).decision);
  }
}

static void forms_are_their_own(void **state) {
  (void)state;
  struct verifier_workspace *workspace = &room.workspace;
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    decide(&rows[i], false);
    if (workspace->as_read || workspace->gold_normal_root == EXPRESSION_NONE) continue;
    const u32 again =
        normal_form(&workspace->evaluator, &workspace->gold_normal, workspace->gold_normal_root, &room.again);
    if (expression_order(&workspace->gold_normal, workspace->gold_normal_root, &room.again, again) != 0) {
      fail_msg("%s has another normal form the second time", rows[i].gold);
    }
  }
}

/* Options that are not asked for, and what was decided before, change nothing. */
static void verdicts_have_no_memory(void **state) {
  (void)state;
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    const struct verifier_verdict first = decide(&rows[i], false);
    decide(&rows[(i * 31 + 7) % COUNT_OF(rows)], true);
    const struct verifier_verdict second = decide(&rows[i], false);
    assert_int_equal(first.decision, second.decision);
    assert_int_equal(first.reason, second.reason);
    assert_int_equal(first.steps, second.steps);
    assert_true(first.steps <= VERIFIER_STEPS_MAX);
  }
}

static void places_are_told(void **state) {
  (void)state;
  const struct row broken_gold = {"1 + \\frac{", "5", DECISION_UNDECIDED, ANY, 0};
  struct verifier_verdict verdict = decide(&broken_gold, false);
  assert_int_equal(verdict.decision, DECISION_UNDECIDED);
  assert_int_equal(verdict.side, SIDE_GOLD);
  assert_true(verdict.place > 0);
  verdict = decide(&broken_gold, true);
  assert_int_equal(verdict.decision, DECISION_UNDECIDED);
  assert_int_equal(verdict.side, SIDE_ANSWER);
  assert_true(verdict.place > 0);
  for (u32 i = 0; i < REASONS; i++) assert_non_null(verifier_reason_text((enum verifier_reason)i));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_hold),           cmocka_unit_test(symmetric),
      cmocka_unit_test(forms_are_their_own), cmocka_unit_test(verdicts_have_no_memory),
      cmocka_unit_test(places_are_told),
  };
  return cmocka_run_group_tests(tests, open_room, close_room);
}
