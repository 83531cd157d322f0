/* Normal forms of trees written as expression_print writes them: each row's form, that it is its own normal form, and what must not be folded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/reward/math/normal.h"

static struct {
  struct arena arena;
  struct expression_pool tree, form, again;
  struct evaluator evaluator;
  u8 *memory;
} room;

static void place(void) {
  expression_place(&room.tree, &room.arena);
  expression_place(&room.form, &room.arena);
  expression_place(&room.again, &room.arena);
  evaluator_place(&room.evaluator, &room.arena);
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
  evaluator_open(&room.evaluator);
  return 0;
}

static int close_room(void **state) {
  (void)state;
  evaluator_close(&room.evaluator);
  free(room.memory);
  return 0;
}

/* ---- trees from text: what expression_print writes ---- */

static const struct {
  const char *name;
  u32 kind, value;
} heads[] = {
#define EXPRESSION(name, text, children) {text, EXPRESSION_##name, 0},
    EXPRESSION_TABLE(EXPRESSION)
#undef EXPRESSION
#define FUNCTION_HEAD(name, text, least, most) {text, EXPRESSION_FUNCTION, FUNCTION_##name},
        EXPRESSION_FUNCTION_TABLE(FUNCTION_HEAD)
#undef FUNCTION_HEAD
            {"=", EXPRESSION_RELATION, RELATION_EQUAL},
    {"!=", EXPRESSION_RELATION, RELATION_NOT_EQUAL},
    {"<", EXPRESSION_RELATION, RELATION_LESS},
    {"<=", EXPRESSION_RELATION, RELATION_LESS_EQUAL},
    {">", EXPRESSION_RELATION, RELATION_GREATER},
    {">=", EXPRESSION_RELATION, RELATION_GREATER_EQUAL},
    {"approx", EXPRESSION_RELATION, RELATION_APPROXIMATE},
    {"in", EXPRESSION_RELATION, RELATION_ELEMENT},
    {"interval()", EXPRESSION_INTERVAL, ENDS_OPEN},
    {"interval[)", EXPRESSION_INTERVAL, ENDS_LEFT_CLOSED},
    {"interval(]", EXPRESSION_INTERVAL, ENDS_RIGHT_CLOSED},
    {"interval[]", EXPRESSION_INTERVAL, ENDS_CLOSED},
};
static const char *const constants[] = {"pi",       "e",        "i",         "infinity", "emptyset",
                                        "naturals", "integers", "rationals", "reals",    "complexes",
                                        "true",     "false",    "undefined"};

static bool word(const char **text, char *into) {
  u32 size = 0;
  while (**text == ' ') (*text)++;
  /* interval() and its kin hold brackets */
  const bool interval = strncmp(*text, "interval", 8) == 0;
  while (**text != 0 && **text != ' ' && size < 60 &&
         (!(**text == ')' || (**text == '(' && size == 0)) || (interval && size < 10))) {
    into[size++] = *(*text)++;
  }
  into[size] = 0;
  return size > 0;
}

static u32 leaf_of(const char *name) {
  if ((name[0] >= '0' && name[0] <= '9') || name[0] == '.') {
    char digits[64];
    u32 count = 0, scale = 0, repeating = 0, base = 10;
    bool point = false, repeats = false;
    for (const char *c = name; *c != 0; c++) {
      if (*c == '_') {
        base = (u32)atoi(c + 1);
        break;
      }
      if (*c == '.') point = true;
      if (*c == '[') repeats = true;
      if (*c < '0' || *c > '9') continue;
      digits[count++] = *c;
      scale += point;
      repeating += repeats;
    }
    return expression_number(&room.tree, digits, count, scale, repeating, (u16)base, 0);
  }
  for (u32 i = 0; i < COUNT_OF(constants); i++) {
    if (strcmp(constants[i], name) == 0) return expression_leaf(&room.tree, EXPRESSION_CONSTANT, i, NULL, 0, 0);
  }
  return expression_leaf(&room.tree, EXPRESSION_VARIABLE, 0, name, (u32)strlen(name), 0);
}

static u32 tree_of(const char **text) {
  char name[64], label[64] = "";
  u32 children[64], count = 0, head = 0, value = 0;
  while (**text == ' ') (*text)++;
  if (**text != '(') return word(text, name) ? leaf_of(name) : EXPRESSION_NONE;
  (*text)++;
  assert_true(word(text, name));
  while (head < COUNT_OF(heads) && strcmp(heads[head].name, name) != 0) head++;
  if (head == COUNT_OF(heads)) fail_msg("no such head: %s", name);
  value = heads[head].value;
  if (heads[head].kind == EXPRESSION_MATRIX) {
    assert_true(word(text, label));
    value = (u32)atoi(label);
    label[0] = 0;
  }
  for (;;) {
    while (**text == ' ') (*text)++;
    if (**text == ')' || **text == 0) break;
    if (**text == '\'') {
      const char *end = strchr(*text + 1, '\'');
      assert_non_null(end);
      memcpy(label, *text + 1, (size_t)(end - *text - 1));
      label[end - *text - 1] = 0;
      *text = end + 1;
    } else {
      children[count++] = tree_of(text);
    }
  }
  assert_int_equal(**text, ')');
  (*text)++;
  return expression_named(&room.tree, heads[head].kind, value, children, count, label, (u32)strlen(label), 0);
}

static u32 form_of(const char *text) {
  expression_reset(&room.tree);
  evaluator_begin(&room.evaluator);
  const u32 root = tree_of(&text);
  assert_int_not_equal(root, EXPRESSION_NONE);
  return normal_form(&room.evaluator, &room.tree, root, &room.form);
}

static void check(const char *tree, const char *expected) {
  char printed[4096];
  const u32 root = form_of(tree);
  expression_print(&room.form, root, printed, sizeof printed);
  if (strcmp(printed, expected) != 0) fail_msg("%s\n  is    %s\n  wants %s", tree, printed, expected);
  if (root == EXPRESSION_NONE) return;
  const u32 twice = normal_form(&room.evaluator, &room.form, root, &room.again);
  if (expression_order(&room.form, root, &room.again, twice) != 0) {
    expression_print(&room.again, twice, printed, sizeof printed);
    fail_msg("%s\n  is    %s\n  again %s", tree, expected, printed);
  }
}

/* Two trees with one normal form. */
static void check_same(const char *a, const char *b) {
  char first[4096], second[4096];
  const u32 a_root = form_of(a);
  expression_print(&room.form, a_root, first, sizeof first);
  const u32 b_root = form_of(b);
  expression_print(&room.form, b_root, second, sizeof second);
  if (a_root == EXPRESSION_NONE || strcmp(first, second) != 0)
    fail_msg("%s\n  is %s\n%s\n  is %s", a, first, b, second);
  check(a, first);
  check(b, first);
}

static void numbers(void **state) {
  (void)state;
  check("007", "7");
  check("0.50", "(divide 1 2)");
  check("0.1[6]", "(divide 1 6)");
  check("0.[9]", "1");
  check("101_2", "5");
  check("204_5", "54");
  check("(mixed 1 (divide 4 5))", "(divide 9 5)");
  check("(negate (mixed 1 (divide 4 5)))", "(negate (divide 9 5))");
  check("(mixed (negate 1) (divide 4 5))", "(negate (divide 9 5))");
  check("(divide 6 (negate 4))", "(negate (divide 3 2))");
  check("(add (divide 1 3) (divide 1 6))", "(divide 1 2)");
  check("(power (divide 2 3) (negate 2))", "(divide 9 4)");
  check("(add 1 (negate 1))", "0");
  check("(factorial 5)", "120");
  check("(abs (negate 3))", "3");
  check("123456789012345678901234567890", "123456789012345678901234567890");
  check("0001.50000000000000000000000000", "(divide 3 2)");
  check("00123456789012345678901234567890.10", "123456789012345678901234567890.1");
  /* Not defined: no normal form, rather than a wrong one. */
  check("(divide 1 0)", "none");
  check("(multiply 0 (divide 1 0))", "none");
  check("(power 0 0)", "none");
  check("(add infinity (negate infinity))", "none");
  check("(multiply 0 infinity)", "none");
  check("(add (ln 0) (negate (ln 0)))", "none");
}

static void roots(void **state) {
  (void)state;
  check_same("(root 12 2)", "(multiply 2 (root 3 2))");
  check_same("(multiply (root 2 2) (root 3 2))", "(root 6 2)");
  check_same("(divide 1 (root 2 2))", "(divide (root 2 2) 2)");
  check_same("(root (divide 1 2) 2)", "(divide (root 2 2) 2)");
  check_same("(root 16 3)", "(multiply 2 (root 2 3))");
  check_same("(power 4 (divide 1 3))", "(power 2 (divide 2 3))");
  check("(root 9 2)", "3");
  check("(root (divide 4 9) 2)", "(divide 2 3)");
  check("(power (root x 2) 2)", "x");
  check_same("(root (negate 4) 2)", "(multiply 2 i)");
  check("(power i 2)", "(negate 1)");
  check("(power i (negate 1))", "(negate i)");
  check_same("(power (add 1 i) 2)", "(multiply 2 i)");
  check_same("(root (multiply 4 x) 2)", "(multiply 2 (root x 2))");
  check_same("(power (root (multiply x y) 2) 2)", "(multiply x y)");
  /* sqrt(x^2) is not x, and a root of -8 is not decided here. */
  check("(root (power x 2) 2)", "(power (power x 2) (divide 1 2))");
  check("(root (negate 8) 3)", "(root (negate 8) 3)");
  check("(root x 3)", "(root x 3)");
}

static void polynomials(void **state) {
  (void)state;
  check_same("(add x 1)", "(add 1 x)");
  check("(add x x x)", "(multiply 3 x)");
  check("(add x (negate x))", "0");
  check_same("(power (add r 5) 2)", "(add (power r 2) (multiply 10 r) 25)");
  check_same("(multiply (add x 1) (add x (negate 1)))", "(add (power x 2) (negate 1))");
  check_same("(divide (add x 2) 7)", "(add (divide x 7) (divide 2 7))");
  check_same("(multiply 3 (add x y))", "(add (multiply 3 x) (multiply 3 y))");
  check_same("(negate (add x (negate y)))", "(add y (negate x))");
  check("(divide x x)", "1");
  check_same("(divide 1 (add 2 (multiply 2 x)))", "(divide (divide 1 2) (add x 1))");
  check_same("(divide 1 (add 1 (negate x)))", "(negate (divide 1 (add x (negate 1))))");
  check("(multiply (power x 2) (power x 3))", "(power x 5)");
  check("(power (multiply x y) 2)", "(multiply (power x 2) (power y 2))");
  check_same("(exp x)", "(power e x)");
  check("(multiply 0 x)", "0");
  /* Too long to multiply out: stays a power. */
  check("(power (add x 1) 40)", "(power (add x 1) 40)");
  check("(power 2 100)", "(power 2 100)");
  check("(power (divide 127 130314368) 3)", "(multiply 2048383 (power 130314368 (negate 3)))");
  check("(power 10 23)", "(power 10 23)");
  check("(multiply 9000000000000000000 9000000000000000000)", "none");
  check_same("(power (multiply (power (add x (negate 1)) 38) (power (add x 1) 3)) 3)",
             "(power (multiply (power (add x 1) 3) (power (add x (negate 1)) 38)) 3)");
  check("(power x y)", "(power x y)");
}

static void marks(void **state) {
  (void)state;
  check("(negate (percent 5))", "(percent (negate 5))");
  check("(multiply 2 (unit 'cm' 3))", "(unit 'cm' 6)");
  check("(add (unit 'cm' 3) (unit 'cm' 4))", "(unit 'cm' 7)");
  check("(divide (money '$' 5) 2)", "(money '$' (divide 5 2))");
  check("(divide (unit 'm' 6) (unit 'm' 3))", "2");
  check("(multiply (percent 50) (money '$' 5))", "(money '$' (divide 5 2))");
  check("(multiply (percent 50) (percent 50))", "(divide 1 4)");
  check("(add 1 (percent 50))", "(divide 3 2)");
  check("(add (percent 5) (percent 6))", "(percent 11)");
  check_same("(sin (degrees 30))", "(sin (divide pi 6))");
  check("(add (unit 'm' 3) (unit 's' 3))", "(add (unit 'm' 3) (unit 's' 3))");
}

/* What changes once more where a mark becomes a value: check asks of every row that it does not. */
static void passes(void **state) {
  (void)state;
  check("(add (matrix 1 1 2) (percent (matrix 1 50 100)))", "(matrix 1 (divide 3 2) 3)");
  check("(add (matrix 1 1 2) (degrees (matrix 1 0 x)))", "(matrix 1 1 (add (multiply (divide 1 180) x pi) 2))");
  check("(add (matrix 2 1 2 3 4) (percent (matrix 2 0 0 0 0)))", "(matrix 2 1 2 3 4)");
  /* These do not, though they are made of the same. */
  check("(sum k 1 4 (multiply (percent 12.5) k))", "(sum k 1 4 (multiply (divide 1 8) k))");
  check("(multiply (add x (negate 1)) (add x (money '$' 1)))", "none");
  check("(log (unit 'W' (percent 550)))", "none");
  check("(divide (add 1 (multiply (root 5 2) (tuple 3 1))) 2)", "none");
  check("(multiply (degrees 50) (tuple 1 2))", "(degrees (tuple 50 100))");
  check("(power (multiply 9999999994 (power 99999999942 2)) 1)", "(multiply 9999999994 (power 99999999942 2))");
}

static void collections(void **state) {
  (void)state;
  check("(list 3 1 2 1)", "(list 1 1 2 3)");
  check("(set 3 1 2 1)", "(set 1 2 3)");
  check("(set)", "emptyset");
  check("(tuple 3 1)", "(tuple 3 1)");
  check("(plus_minus 2)", "(list 2 (negate 2))");
  check_same("(plus_minus 1 (root 5 2))", "(list (add 1 (root 5 2)) (add 1 (negate (root 5 2))))");
  check_same("(set (plus_minus 1 x) 7)", "(set (add 1 x) (add 1 (negate x)) 7)");
  check_same("(= x (plus_minus 3))", "(list (= x 3) (= x (negate 3)))");
  check_same("(tuple (plus_minus 3) 1)", "(list (tuple 3 1) (tuple (negate 3) 1))");
  /* Two signs: together or apart? Nobody says. */
  check("(plus_minus (plus_minus 1 x) y)", "(plus_minus (plus_minus 1 x) y)");
  /* Nor are they alike: (+-2) / (+-2) may be -1. */
  check("(divide (plus_minus 2) (plus_minus 2))", "(divide (plus_minus 2) (plus_minus 2))");
  check("(add (plus_minus 2) (negate (plus_minus 2)))", "(add (plus_minus 2) (negate (plus_minus 2)))");
  check_same("(union (interval[] 3 4) (interval() 1 2))", "(union (interval() 1 2) (interval[] 3 4))");
  check_same("(union (union (set 1) (set 2)) (set 3))", "(set 1 2 3)");
  check("(interval[] (negate infinity) 3)", "(interval(] (negate infinity) 3)");
  check("(add (matrix 2 1 2 3 4) (matrix 2 5 6 7 8))", "(matrix 2 6 8 10 12)");
  check("(multiply 2 (matrix 1 1 x))", "(matrix 1 2 (multiply 2 x))");
  check("(multiply (matrix 2 1 2 3 4) (matrix 1 5 6))", "(matrix 1 17 39)");
  check("(power (matrix 2 1 1 0 1) 3)", "(matrix 2 1 3 0 1)");
  check("(add 3 (tuple 1 2))", "(add 3 (tuple 1 2))");
  check("(multiply 2 (add 3 (tuple 1 2)))", "none");
  check_same("(add (tuple 1 2) (multiply t (tuple 3 4)))", "(tuple (add 1 (multiply 3 t)) (add 2 (multiply 4 t)))");
}

static void statements(void **state) {
  (void)state;
  check("(= 5 x)", "(= x 5)");
  check("(> x 1)", "(< 1 x)");
  check("(>= x 1)", "(<= 1 x)");
  check("(chain (> c b) (>= b a))", "(chain (<= a b) (< b c))");
  check("(chain (= x (add 5 6)) (= (add 5 6) 11))", "(= x 11)");
  check("(chain (= x 0.5) (approx 0.5 1))", "(chain (= x (divide 1 2)) (approx (divide 1 2) 1))");
  check("(chain (= x 7) (= 7 11))", "(chain (= x 7) (= 7 11))");
  check("(= n (list 1 2))", "(list (= n 1) (= n 2))");
  check("(list (= n 1) 2 3)", "(list (= n 1) (= n 2) (= n 3))");
  check("(or (= x 2) (= x 1))", "(list (= x 1) (= x 2))");
  check("(or (> x 2) (< x 1))", "(or (< 2 x) (< x 1))");
}

/* Long sums and deep trees end in no form, not in a crash. */
static void limits(void **state) {
  (void)state;
  static char text[65536];
  u32 size = 0;
  strcpy(text, "(add");
  size = 4;
  for (u32 i = 0; i < 60; i++) size += (u32)snprintf(text + size, sizeof text - size, " x%u", i);
  strcpy(text + size, ")");
  static char product[2 * sizeof text + 16];
  snprintf(product, sizeof product, "(multiply %s %s)", text, text);
  assert_int_not_equal(form_of(product), EXPRESSION_NONE);
  expression_reset(&room.tree);
  u32 node = leaf_of("x");
  for (u32 i = 0; i < 6000; i++) {
    const u32 sum[2] = {node, leaf_of("y")};
    const u32 next = i % 2 == 0 ? expression_node(&room.tree, EXPRESSION_ADD, 0, sum, 2, 0)
                                : expression_node(&room.tree, EXPRESSION_NEGATE, 0, &node, 1, 0);
    if (next == EXPRESSION_NONE) break;
    node = next;
  }
  evaluator_begin(&room.evaluator);
  assert_int_not_equal(normal_form(&room.evaluator, &room.tree, node, &room.form), EXPRESSION_NONE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers), cmocka_unit_test(roots),       cmocka_unit_test(polynomials),
      cmocka_unit_test(marks),   cmocka_unit_test(collections), cmocka_unit_test(statements),
      cmocka_unit_test(limits),  cmocka_unit_test(passes),
  };
  return cmocka_run_group_tests(tests, open_room, close_room);
}
