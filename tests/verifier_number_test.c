/* The verifier's numbers: memory, exact rationals, balls, and what is decided on them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/reward/math/ball_memory.h"
#include "engine/reward/math/evaluate.h"
#include "engine/reward/math/rational.h"

static struct arena host;
static struct evaluator evaluator;
static struct expression_pool pool;
static u8 *memory;

static void place(void) {
  evaluator_place(&evaluator, &host);
  expression_place(&pool, &host);
}

static int open_all(void **state) {
  (void)state;
  arena_open(&host, "host", 0, NULL);
  place();
  const u64 bytes = host.high;
  memory =
      aligned_alloc(TENSOR_ALIGN_BYTES, (bytes + TENSOR_ALIGN_BYTES - 1) / TENSOR_ALIGN_BYTES * TENSOR_ALIGN_BYTES);
  arena_open(&host, "host", 0, NULL);
  host.base = memory, host.limit = bytes;
  place();
  evaluator_open(&evaluator);
  return memory == NULL;
}

static int close_all(void **state) {
  (void)state;
  evaluator_close(&evaluator);
  free(memory);
  return 0;
}

/* ---- expressions as expression_print writes them: (add 1 (function)) ... ---- */

static const char *const kind_names[] = {
#define EXPRESSION(name, text, children) text,
    EXPRESSION_TABLE(EXPRESSION)
#undef EXPRESSION
};
static const char *const function_names[] = {
#define NAME(name, text, least, most) text,
    EXPRESSION_FUNCTION_TABLE(NAME)
#undef NAME
};
static const char *const constant_names[] = {"pi", "e", "i", "infinity"};

static bool named(const char *word, u32 size, const char *const *names, u32 count, u32 *index) {
  for (*index = 0; *index < count; (*index)++) {
    if (strlen(names[*index]) == size && memcmp(names[*index], word, size) == 0) return true;
  }
  return false;
}

static u32 word_size(const char *text) { return (u32)strcspn(text, " ()"); }

/* 12, .5, 0.1[6], 101_2 */
static u32 read_number(const char *word, u32 size) {
  char digits[600];
  u32 count = 0, scale = 0, repeating = 0, base = 10;
  bool point = false, repeats = false;
  for (u32 i = 0; i < size; i++) {
    if (word[i] == '_') {
      base = (u32)atoi(word + i + 1);
      break;
    }
    if (word[i] == '.') point = true;
    if (word[i] == '[') repeats = true;
    if (strchr(".[]", word[i])) continue;
    digits[count++] = word[i];
    scale += point;
    repeating += repeats;
  }
  return expression_number(&pool, digits, count, scale, repeating, (u16)base, 0);
}

static u32 read_leaf(const char **text) {
  const u32 size = word_size(*text);
  const char *word = *text;
  u32 index;
  *text += size;
  if ((word[0] >= '0' && word[0] <= '9') || word[0] == '.') return read_number(word, size);
  if (named(word, size, constant_names, COUNT_OF(constant_names), &index))
    return expression_leaf(&pool, EXPRESSION_CONSTANT, index, NULL, 0, 0);
  return expression_leaf(&pool, EXPRESSION_VARIABLE, 0, word, size, 0);
}

static u32 read_tree(const char **text) {
  u32 children[64], count = 0, kind, value = 0;
  while (**text == ' ') ++*text;
  if (**text != '(') return read_leaf(text);
  const char *head = ++*text;
  const u32 size = word_size(head);
  *text += size;
  if (named(head, size, function_names, FUNCTIONS, &value)) {
    kind = EXPRESSION_FUNCTION;
  } else if (!named(head, size, kind_names, EXPRESSION_KINDS, &kind)) {
    kind = EXPRESSION_CALL;
  }
  while (**text != ')') {
    assert_true(**text != 0 && count < COUNT_OF(children));
    if (**text == ' ') {
      ++*text;
    } else {
      children[count++] = read_tree(text);
    }
  }
  ++*text;
  if (kind == EXPRESSION_MATRIX) value = count == 4 ? 2 : 3;
  if (kind == EXPRESSION_CALL) return expression_named(&pool, kind, 0, children, count, head, size, 0);
  return expression_node(&pool, (enum expression_kind)kind, value, children, count, 0);
}

static u32 tree(const char *text) {
  const u32 node = read_tree(&text);
  assert_int_not_equal(node, EXPRESSION_NONE);
  return node;
}

static void begin(void) {
  expression_reset(&pool);
  evaluator_begin(&evaluator);
}

/* ---- exact rationals ---- */

static void folds(const char *text, const char *wanted) {
  struct rational value;
  char printed[256];
  begin();
  rational_open(&value);
  const enum evaluated done = rational_fold(&evaluator, &value, &pool, tree(text));
  if (done != EVALUATED_EQUAL) fail_msg("%s gives outcome %d", text, (int)done);
  expression_print(&pool, rational_write(&evaluator, &value, &pool, 0), printed, sizeof printed);
  assert_string_equal(printed, wanted);
  rational_close(&value);
}

static void folds_not(const char *text, enum evaluated wanted) {
  struct rational value;
  begin();
  rational_open(&value);
  const enum evaluated done = rational_fold(&evaluator, &value, &pool, tree(text));
  if (done != wanted) fail_msg("%s gives outcome %d, not %d", text, (int)done, (int)wanted);
  rational_close(&value);
}

static void numbers_are_read_exactly(void **state) {
  (void)state;
  folds("007", "7");
  folds(".125", "(divide 1 8)");
  folds("0.12[34]", "(divide 611 4950)");
  folds(".[9]", "1");
  folds("101_2", "5");
  folds("0ff_16", "255");
}

static void rationals_are_folded(void **state) {
  (void)state;
  folds("(add 1 (divide 1 3) (negate 2))", "(negate (divide 2 3))");
  folds("(mixed (negate 1) (divide 4 5))", "(negate (divide 9 5))");
  folds("(power (divide 2 3) (negate 3))", "(divide 27 8)");
  folds("(power (divide 4 9) (divide 3 2))", "(divide 8 27)");
  folds("(root (negate 27) 3)", "(negate 3)");
  folds("(percent 50)", "(divide 1 2)");
  folds("(factorial 20)", "2432902008176640000");
  folds("(double_factorial 7)", "105");
  folds("(double_factorial 8)", "384");
  folds("(binomial 10 3)", "120");
  folds("(binomial (negate 2) 3)", "(negate 4)");
  folds("(binomial 3 10)", "0");
  folds("(gcd 84 (negate 36) 60)", "12");
  folds("(lcm 4 6 10)", "60");
  folds("(gcd 2.4 3.6)", "(divide 6 5)");
  folds("(lcm 2.4 3.6 (negate 0.5))", "36");
  folds("(gcd 0 (negate 5))", "5");
  folds("(lcm 0 5)", "0");
  folds("(mod (negate 7) 3)", "2");
  folds("(mod 7.5 2)", "(divide 3 2)");
  folds("(floor (negate (divide 7 2)))", "(negate 4)");
  folds("(ceiling (negate (divide 7 2)))", "(negate 3)");
  folds("(max 1 (divide 7 2) 3)", "(divide 7 2)");
  folds("(min 1 (divide 7 2) (negate 3))", "(negate 3)");
  folds("(log 8 2)", "3");
  folds("(log (divide 1 1024) 2)", "(negate 10)");
  folds("(sum k 1 100 k)", "5050");
  folds("(sum k 1 3 (product j 1 k j))", "9");
  folds("(product k 3 2 k)", "1");
  folds("(determinant (matrix 1 2 3 4))", "(negate 2)");
  folds("(determinant (matrix 2 0 1 1 3 2 1 1 1))", "0");
}

static void what_is_no_rational_is_said(void **state) {
  (void)state;
  folds_not("(root 2 2)", EVALUATED_UNSUPPORTED);
  folds_not("x", EVALUATED_UNSUPPORTED);
  folds_not("pi", EVALUATED_UNSUPPORTED);
  folds_not("(set 1 2)", EVALUATED_UNSUPPORTED);
  folds_not("(f 1)", EVALUATED_UNSUPPORTED);
  folds_not("(power (negate 8) (divide 1 3))", EVALUATED_UNSUPPORTED);
  folds_not("(divide 1 (add 1 (negate 1)))", EVALUATED_UNDEFINED);
  folds_not("(power 0 0)", EVALUATED_UNDEFINED);
  folds_not("(factorial (negate 1))", EVALUATED_UNDEFINED);
  folds_not("(gcd x 2)", EVALUATED_UNSUPPORTED);
}

static void squares_are_split_off(void **state) {
  (void)state;
  struct rational value, whole, rest;
  i64 a, b;
  begin();
  rational_open(&value), rational_open(&whole), rational_open(&rest);
  rational_set_integer(&value, -72);
  assert_int_equal(rational_split_power(&evaluator, &whole, &rest, &value, 2), EVALUATED_EQUAL);
  assert_true(rational_to_i64(&whole, &a) && rational_to_i64(&rest, &b));
  assert_true(a == 6 && b == 2);
  rational_set_integer(&value, 10007ll * 10007 * 12);
  assert_int_equal(rational_split_power(&evaluator, &whole, &rest, &value, 2), EVALUATED_EQUAL);
  assert_true(rational_to_i64(&whole, &a) && rational_to_i64(&rest, &b));
  assert_true(a == 20014 && b == 3);
  rational_close(&value), rational_close(&whole), rational_close(&rest);
}

/* ---- equality ---- */

static enum evaluated equal(const char *a, const char *b) {
  begin();
  const u32 left = tree(a), right = tree(b);
  const enum evaluated one = evaluate_equal(&evaluator, &pool, left, &pool, right);
  const u64 steps = evaluator.steps;
  evaluator_begin(&evaluator);
  const enum evaluated other = evaluate_equal(&evaluator, &pool, right, &pool, left);
  if (one != other) fail_msg("%s and %s: %d, the other way round %d", a, b, (int)one, (int)other);
  assert_true(steps <= evaluator.steps_max);
  return one;
}

struct row {
  const char *a, *b;
  enum evaluated wanted;
};

static void check_rows(const struct row *rows, u32 count) {
  for (u32 i = 0; i < count; i++) {
    const enum evaluated got = equal(rows[i].a, rows[i].b);
    if (got != rows[i].wanted) fail_msg("%s and %s: %d, not %d", rows[i].a, rows[i].b, (int)got, (int)rows[i].wanted);
  }
}

static void constants_are_decided(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"(multiply (root 2 2) (root 3 2))", "(root 6 2)", EVALUATED_EQUAL},
      {"(add (multiply (root 2 2) (root 3 2)) (negate (root 6 2)))", "0", EVALUATED_EQUAL},
      {"(root (add 5 (multiply 2 (root 6 2))) 2)", "(add (root 2 2) (root 3 2))", EVALUATED_EQUAL},
      {"(root 2 2)", "1.41421356237309504880168872420969807856967", EVALUATED_DIFFERENT},
      {"(divide 1 3)", "0.333333333333333333333333333333", EVALUATED_DIFFERENT},
      {"(divide 1 3)", "0.[3]", EVALUATED_EQUAL},
      {"(sin (divide pi 6))", "(divide 1 2)", EVALUATED_EQUAL},
      {"(sin (degrees 30))", "(divide 1 2)", EVALUATED_EQUAL},
      {"(sin pi)", "0", EVALUATED_EQUAL},
      {"(power e (multiply i pi))", "(negate 1)", EVALUATED_EQUAL},
      {"(add (cos (divide (multiply 2 pi) 7)) (cos (divide (multiply 4 pi) 7)) (cos (divide (multiply 6 pi) 7)))",
       "(negate (divide 1 2))", EVALUATED_EQUAL},
      {"(power i 2)", "(negate 1)", EVALUATED_EQUAL},
      {"(root (negate 4) 2)", "(multiply 2 i)", EVALUATED_EQUAL},
      {"(root (negate 4) 2)", "2", EVALUATED_DIFFERENT},
      {"(root (negate 8) 3)", "(negate 2)", EVALUATED_EQUAL},
      {"(root (negate 8) 3)", "(add 1 (multiply i (root 3 2)))", EVALUATED_CLOSE},
      {"(power (negate 8) (divide 1 3))", "(negate 2)", EVALUATED_CLOSE},
      {"(power (negate 8) (divide 1 3))", "5", EVALUATED_DIFFERENT},
      {"(power 2 0.5)", "(root 2 2)", EVALUATED_EQUAL},
      {"(log 100)", "2", EVALUATED_EQUAL},
      {"(log (power e 2))", "2", EVALUATED_CLOSE},
      {"(log 100)", "3", EVALUATED_DIFFERENT},
      {"(ln (power e 2))", "2", EVALUATED_EQUAL},
      {"(log 9 27)", "(divide 2 3)", EVALUATED_EQUAL},
      {"(log 27 (root 3 2))", "6", EVALUATED_EQUAL},
      {"(acot (negate 1))", "(negate (divide pi 4))", EVALUATED_CLOSE},
      {"(acot 1)", "(divide pi 4)", EVALUATED_EQUAL},
      {"(atan 1)", "(divide pi 4)", EVALUATED_EQUAL},
      {"(abs (add 3 (multiply 4 i)))", "5", EVALUATED_EQUAL},
      {"(divide 1 0)", "1", EVALUATED_UNDEFINED},
      {"(divide 1 (sin pi))", "1", EVALUATED_CLOSE},
      {"(ln 0)", "1", EVALUATED_UNDEFINED},
      {"(floor (multiply 3 pi))", "9", EVALUATED_EQUAL},
      {"(floor (power (root 2 2) 2))", "2", EVALUATED_CLOSE},
      {"(floor (multiply (root 2 2) (root 2 2)))", "2", EVALUATED_CLOSE},
      {"infinity", "infinity", EVALUATED_EQUAL},
      {"infinity", "(negate infinity)", EVALUATED_DIFFERENT},
      {"infinity", "5", EVALUATED_DIFFERENT},
      {"infinity", "x", EVALUATED_UNSUPPORTED},
      {"(set 1)", "1", EVALUATED_UNSUPPORTED},
      {"(factorial (divide 1 2))", "(divide (root pi 2) 2)", EVALUATED_EQUAL},
      {"(add 1 (exp (negate 200)))", "1", EVALUATED_DIFFERENT},
      {"(exp (negate 2000))", "0", EVALUATED_DIFFERENT},
      {"(exp 2000)", "(power e 2000)", EVALUATED_EQUAL},
      {"(add (power 10 60) (root 2 2))", "(add (power 10 60) (root 2 2) 1)", EVALUATED_DIFFERENT},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void functions_are_decided(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"(power (add x 1) 2)", "(add (power x 2) (multiply 2 x) 1)", EVALUATED_EQUAL},
      {"(add x (multiply 2 n) 1)", "(add x 1)", EVALUATED_DIFFERENT},
      {"(divide (add (power x 2) (negate 1)) (add x (negate 1)))", "(add x 1)", EVALUATED_EQUAL},
      {"(root (power x 2) 2)", "x", EVALUATED_DIFFERENT},
      {"(root (power x 2) 2)", "(abs x)", EVALUATED_EQUAL},
      {"(power (root x 2) 2)", "x", EVALUATED_EQUAL},
      {"(ln (power x 2))", "(multiply 2 (ln x))", EVALUATED_EQUAL},
      {"(ln (multiply x y))", "(add (ln x) (ln y))", EVALUATED_EQUAL},
      {"(log x)", "(ln x)", EVALUATED_CLOSE},
      {"(log (power x 2))", "(multiply 2 (log x))", EVALUATED_EQUAL},
      {"(add (power (sin x) 2) (power (cos x) 2))", "1", EVALUATED_EQUAL},
      {"(root (add 1 (negate (power x 2))) 2)", "(cos (asin x))", EVALUATED_EQUAL},
      {"(power x (divide 1 3))", "(root x 3)", EVALUATED_EQUAL},
      {"(power (power x 3) (divide 1 3))", "x", EVALUATED_EQUAL},
      {"(power (power x 2) (divide 1 6))", "(power x (divide 1 3))", EVALUATED_CLOSE},
      {"(power (negate 1) n)", "(cos (multiply n pi))", EVALUATED_EQUAL},
      {"(power (negate 1) n)", "(power (negate 1) (add n 2))", EVALUATED_EQUAL},
      {"(power (negate 1) n)", "(power (negate 1) (add n 1))", EVALUATED_DIFFERENT},
      {"(divide (factorial (add n 1)) (factorial n))", "(add n 1)", EVALUATED_EQUAL},
      {"(binomial n 2)", "(divide (multiply n (add n (negate 1))) 2)", EVALUATED_EQUAL},
      {"(power 2 (add x 1))", "(multiply 2 (power 2 x))", EVALUATED_EQUAL},
      {"(power x (multiply 2 y))", "(power (power x y) 2)", EVALUATED_EQUAL},
      {"(multiply (add a (multiply b i)) (add a (negate (multiply b i))))", "(add (power a 2) (power b 2))",
       EVALUATED_EQUAL},
      {"(root (multiply x y) 2)", "(multiply (root x 2) (root y 2))", EVALUATED_EQUAL},
      {"(f 2)", "(f (add 1 1))", EVALUATED_EQUAL},
      {"(f (add x 1))", "(f (add 1 x))", EVALUATED_EQUAL},
      {"(f 2)", "(f 3)", EVALUATED_UNSUPPORTED},
      {"(f 2)", "(g 2)", EVALUATED_UNSUPPORTED},
      {"(sum k 1 5 (power x k))", "(multiply x (add 1 x (power x 2) (power x 3) (power x 4)))", EVALUATED_EQUAL},
      {"(sum k 1 5 k)", "(sum j 1 5 j)", EVALUATED_EQUAL},
      {"(root (negate (power x 2)) 2)", "x", EVALUATED_UNDEFINED},
      {"(gcd n 1)", "1", EVALUATED_CLOSE},
      {"(gcd 125 (multiply 50 x))", "25", EVALUATED_CLOSE},
      {"(power x 5000)", "(power x 5001)", EVALUATED_DIFFERENT},
      {"(acosh x)", "(ln (add x (root (add (power x 2) (negate 1)) 2)))", EVALUATED_EQUAL},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void what_is_too_large_is_said_at_once(void **state) {
  (void)state;
  static const char *const large[] = {
      "(power 5 (power 5 (power 5 (power 5 5))))",
      "(power 2003 (power 2002 2001))",
      "(factorial (factorial (factorial 5)))",
      "(factorial 1000000000000)",
      "(binomial 100000000 50000000)",
      "(exp (exp (exp 10)))",
      "(sum k 1 100000000 k)",
      "(power 0.1 (power 10 10))",
      "(power (root 2 2) (power 10 10))",
      "(sinh (power 10 10))",
      "(sin (power 10 (power 10 10)))",
      "(power (power 2 60000) (power 2 60000))",
  };
  for (u32 i = 0; i < COUNT_OF(large); i++) {
    const enum evaluated got = equal(large[i], "1");
    if (got != EVALUATED_TOO_LARGE) fail_msg("%s: %d", large[i], (int)got);
    assert_true(evaluator.steps < VERIFIER_STEPS_MAX / 8);
  }
}

static void work_ends_at_the_limit(void **state) {
  (void)state;
  const u64 before = ball_memory_used(evaluator.memory);
  assert_int_equal(equal("(sum a 1 1000 (sum b 1 1000 (sum c 1 1000 (sin (multiply a b c)))))", "1"),
                   EVALUATED_TOO_MANY_STEPS);
  assert_true(evaluator.steps == evaluator.steps_max);
  /* Seven times 60,000 bits at once, and 3 more while they are multiplied. */
  assert_int_not_equal(equal("(sum a 1 1000 (power 3 (add 30000 a)))", "x"), EVALUATED_EQUAL);
  assert_int_equal(ball_memory_used(evaluator.memory), before);
  assert_true(ball_memory_peak(evaluator.memory) < VERIFIER_BALL_BYTES / 2);
}

static void tolerances_count_in_the_last_place(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"3.14", "pi", EVALUATED_EQUAL}, {"3.13", "pi", EVALUATED_EQUAL},      {"3.12", "pi", EVALUATED_DIFFERENT},
      {"1", "1.015", EVALUATED_EQUAL}, {"1", "1.0151", EVALUATED_DIFFERENT}, {"(sin pi)", "0.01", EVALUATED_EQUAL},
      {"x", "x", EVALUATED_EQUAL},     {"x", "y", EVALUATED_DIFFERENT},
  };
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    begin();
    const u32 a = tree(rows[i].a), b = tree(rows[i].b);
    const enum evaluated got = evaluate_close(&evaluator, &pool, a, &pool, b, 2);
    if (got != rows[i].wanted) fail_msg("%s and %s: %d", rows[i].a, rows[i].b, (int)got);
  }
}

static void signs_are_known(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum evaluated wanted;
    int sign;
  } rows[] = {{"(add (root 2 2) (negate 1.5))", EVALUATED_EQUAL, -1},
              {"(add pi (negate 3))", EVALUATED_EQUAL, 1},
              {"(add (root 8 2) (negate (multiply 2 (root 2 2))))", EVALUATED_EQUAL, 0},
              {"(divide 0 5)", EVALUATED_EQUAL, 0},
              {"(multiply (power 10 500) (sin pi))", EVALUATED_CLOSE, 0},
              {"i", EVALUATED_UNDEFINED, 0},
              {"x", EVALUATED_UNSUPPORTED, 0}};
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    int sign = 7;
    begin();
    const enum evaluated got = evaluate_sign(&evaluator, &pool, tree(rows[i].text), &sign);
    if (got != rows[i].wanted || (got == EVALUATED_EQUAL && sign != rows[i].sign))
      fail_msg("%s: %d, sign %d", rows[i].text, (int)got, sign);
  }
}

static void proportions_are_found(void **state) {
  (void)state;
  static const struct {
    const char *a, *b;
    enum evaluated wanted;
    int sign;
  } rows[] = {{"(add x y (negate 1))", "(add 2 (negate (multiply 2 x)) (negate (multiply 2 y)))", EVALUATED_EQUAL, -1},
              {"(add x y (negate 1))", "(add x y (negate 2))", EVALUATED_DIFFERENT, 0},
              {"(multiply x (root 3 2))", "(multiply x (root 2 2))", EVALUATED_EQUAL, 1},
              {"(multiply x x)", "x", EVALUATED_DIFFERENT, 0},
              {"0", "x", EVALUATED_DIFFERENT, 0},
              {"3", "(negate pi)", EVALUATED_EQUAL, -1}};
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    int sign = 7;
    begin();
    const u32 a = tree(rows[i].a), b = tree(rows[i].b);
    const enum evaluated got = evaluate_proportional(&evaluator, &pool, a, &pool, b, &sign);
    if (got != rows[i].wanted || (got == EVALUATED_EQUAL && sign != rows[i].sign))
      fail_msg("%s and %s: %d, sign %d", rows[i].a, rows[i].b, (int)got, sign);
  }
}

/* ---- memory ---- */

static void all_memory_comes_back(void **state) {
  (void)state;
  const u64 before = ball_memory_used(evaluator.memory);
  void *blocks[200];
  for (u32 round = 0; round < 3; round++) {
    for (u32 i = 0; i < 200; i++) {
      blocks[i] = ball_memory_take(i * 97 + 1);
      memset(blocks[i], (int)i, i * 97 + 1);
    }
    for (u32 i = 0; i < 200; i++) {
      const u32 at = (i * 77) % 200;
      assert_int_equal(((u8 *)blocks[at])[at * 97], at);
      ball_memory_give(blocks[at]);
    }
    assert_int_equal(ball_memory_used(evaluator.memory), before);
  }
  /* Nothing is left in crumbs: half of the region fits in one block after all that. */
  void *half = ball_memory_take(VERIFIER_BALL_BYTES / 2 - 64);
  ball_memory_give(half);
}

static void a_closed_evaluator_opens_again(void **state) {
  (void)state;
  for (u32 i = 0; i < 3; i++) {
    evaluator_close(&evaluator);
    evaluator_open(&evaluator);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_read_exactly),
      cmocka_unit_test(rationals_are_folded),
      cmocka_unit_test(what_is_no_rational_is_said),
      cmocka_unit_test(squares_are_split_off),
      cmocka_unit_test(constants_are_decided),
      cmocka_unit_test(functions_are_decided),
      cmocka_unit_test(what_is_too_large_is_said_at_once),
      cmocka_unit_test(work_ends_at_the_limit),
      cmocka_unit_test(tolerances_count_in_the_last_place),
      cmocka_unit_test(signs_are_known),
      cmocka_unit_test(proportions_are_found),
      cmocka_unit_test(all_memory_comes_back),
      cmocka_unit_test(a_closed_evaluator_opens_again),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
