/* engine/reward/math/read.h: what texts are read as, and which are not read. Rows of our own making, judged one by one; a dump is
 * expression_print's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/reward/math/command_table.h"
#include "engine/reward/math/fold_table.h"
#include "engine/reward/math/function_table.h"
#include "engine/reward/math/name_table.h"
#include "engine/reward/math/unit_table.h"
#include "engine/reward/math/word_table.h"
#include "engine/reward/math/read.h"
#include "engine/text/json.h"
#include "tests/verifier_read_table.h"
#include "tests/verifier_refuse_table.h"

struct row {
  const char *text, *read;
};

static struct expression nodes[VERIFIER_NODES_MAX];
static u32 children[VERIFIER_CHILDREN_MAX];
static u8 pool_text[VERIFIER_TEXT_MAX];
static struct expression_pool pool = {.nodes = nodes, .children = children, .text = pool_text};
static char dump[1 << 16];

static const char *const outcomes[] = {"ok",        "empty",     "unreadable", "unsupported",
                                       "too large", "forbidden", "ambiguous"};

/* The dump, or the outcome's name. The text lies alone in memory, so that the sanitizers see a step beyond it. */
static const char *read_text(const char *text, u32 size, struct read_result *result) {
  char *const alone = malloc(size > 0 ? size : 1);
  assert_non_null(alone);
  memcpy(alone, text, size);
  *result = read_answer(&pool, alone, size);
  free(alone);
  assert_true(result->place <= size);
  assert_true((result->outcome == READ_OK) == (result->root != EXPRESSION_NONE));
  if (result->outcome != READ_OK) return outcomes[result->outcome];
  assert_true(result->root < pool.node_count);
  assert_true(expression_print(&pool, result->root, dump, sizeof dump) > 0);
  return dump;
}

static const char *read_row(const char *text) {
  struct read_result result;
  return read_text(text, (u32)strlen(text), &result);
}

static void check_rows(const struct row *rows, u32 count) {
  u32 wrong = 0;
  for (u32 i = 0; i < count; i++) {
    const char *const got = read_row(rows[i].text);
    if (strcmp(got, rows[i].read) == 0) continue;
    print_error("%s\n  read as %s\n  not as  %s\n", rows[i].text, got, rows[i].read);
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

static void reads_the_table(void **state) {
  (void)state;
  static const struct row rows[] = {
#define READ(text, read) {text, read},
      READ_TABLE(READ)
#undef READ
  };
  check_rows(rows, COUNT_OF(rows));
}

/* ---- what is not read ---- */

struct outcome_row {
  const char *text;
  enum read_outcome outcome;
  u32 place;
};

static void check_outcomes(const struct outcome_row *rows, u32 count) {
  u32 wrong = 0;
  for (u32 i = 0; i < count; i++) {
    struct read_result result;
    const char *const got = read_text(rows[i].text, (u32)strlen(rows[i].text), &result);
    if (result.outcome == rows[i].outcome && result.place == rows[i].place) continue;
    print_error("%s\n  read as %s at %u, not as %s at %u\n", rows[i].text, got, result.place, outcomes[rows[i].outcome],
                rows[i].place);
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

static void refuses_the_table(void **state) {
  (void)state;
  static const struct outcome_row rows[] = {
#define REFUSE(text, outcome, place) {text, READ_##outcome, place},
      REFUSE_TABLE(REFUSE)
#undef REFUSE
  };
  check_outcomes(rows, COUNT_OF(rows));
}

static void refuses_characters_that_hide(void **state) {
  (void)state;
  static const struct outcome_row rows[] = {
      {"\xd0\xb0", READ_FORBIDDEN, 0},         /* Cyrillic a */
      {"4\xd9\xa3", READ_FORBIDDEN, 1},        /* Arabic-Indic 3 */
      {"\xef\xbc\x95", READ_FORBIDDEN, 0},     /* full-width 5 */
      {"\xf0\x9d\x9f\x93", READ_FORBIDDEN, 0}, /* mathematical bold 5 */
      {"12\xe2\x80\x8b", READ_FORBIDDEN, 2},   /* zero-width space */
      {"\xe2\x80\xae"
       "15",
       READ_FORBIDDEN, 0}, /* right-to-left override */
      {"\xe2\x81\xa6"
       "15",
       READ_FORBIDDEN, 0}, /* left-to-right isolate */
      {"1\xef\xbb\xbf"
       "5",
       READ_FORBIDDEN, 1}, /* byte order mark */
      {"1\xc2\xad"
       "5",
       READ_FORBIDDEN, 1},          /* soft hyphen */
      {"1\x01", READ_FORBIDDEN, 1}, /* control */
      {"1\x7f", READ_FORBIDDEN, 1},
      {"1\xff", READ_FORBIDDEN, 1},     /* not UTF-8 */
      {"1\xe2\x88", READ_FORBIDDEN, 1}, /* cut off */
      {"1\xc0\xaf", READ_FORBIDDEN, 1}, /* overlong */
  };
  check_outcomes(rows, COUNT_OF(rows));
  struct read_result result;
  assert_string_equal(read_text("1\0002", 3, &result), "forbidden");
}

static void reads_nothing_as_empty(void **state) {
  (void)state;
  static const char *const texts[] = {"", " ", "\n\t", "$$", "\\,\\;", "<|im_end|>"};
  for (u32 i = 0; i < COUNT_OF(texts); i++) assert_string_equal(read_row(texts[i]), "empty");
}

/* ---- one reading, many spellings ---- */

static void check_same(const char *a, const char *b) {
  static char first[1 << 16];
  snprintf(first, sizeof first, "%s", read_row(a));
  const char *const second = read_row(b);
  if (strcmp(first, second) != 0) print_error("%s\n  %s\n%s\n  %s\n", a, first, b, second);
  assert_string_equal(first, second);
}

static void spelling_does_not_matter(void **state) {
  (void)state;
  static const char *const texts[] = {"3\\sqrt{13}",   "-\\frac{2}{3}+x^2",  "[-3,-2)\\cup(0,\\infty)",
                                      "(6,31,-1)",     "x^4-5x^3+2x^2+x-19", "\\{4,5,7\\}",
                                      "5x-7y+11z+4=0", "4210_{5}",           "2-9i,-2+9i",
                                      "90^\\circ",     "x \\in [-2,7]",      "\\text{even}"};
  static const char *const around[][2] = {
      {"$", "$"},        {"$$", ".$$"},      {"\\(", "\\)"},        {"\\[ ", " \\]."},
      {"\\boxed{", "}"}, {"\\fbox{ ", "}."}, {" \n", "\n "},        {"\\displaystyle ", "\\,"},
      {"", "."},         {"**", "**"},       {"~", "<|endoftext|>"}};
  for (u32 i = 0; i < COUNT_OF(texts); i++) {
    for (u32 j = 0; j < COUNT_OF(around); j++) {
      char text[256];
      snprintf(text, sizeof text, "%s%s%s", around[j][0], texts[i], around[j][1]);
      check_same(texts[i], text);
    }
    /* Every backslash doubled. */
    char doubled[256];
    u32 size = 0;
    for (const char *c = texts[i]; *c != 0; c++) {
      doubled[size++] = *c;
      if (*c == '\\') doubled[size++] = *c;
    }
    doubled[size] = 0;
    check_same(texts[i], doubled);
  }
}

/* ---- hostile texts ---- */

static char hostile[ANSWER_BYTES_MAX + 64];

/* head, `body` over and over, tail: as long as an answer may be. */
static const char *repeat(const char *head, const char *body, const char *tail, u32 times) {
  size_t size = (size_t)snprintf(hostile, sizeof hostile, "%s", head);
  const size_t limit = ANSWER_BYTES_MAX - strlen(tail);
  for (u32 i = 0; i < times && size + strlen(body) <= limit; i++) size += (size_t)sprintf(hostile + size, "%s", body);
  snprintf(hostile + size, sizeof hostile - size, "%s", tail);
  return hostile;
}

static void ends_where_a_limit_is_met(void **state) {
  (void)state;
  static const struct {
    const char *head, *body, *tail, *read;
  } rows[] = {
      {"", "{", "", "too large"},       {"", "(", "", "too large"},
      {"", "\\sqrt{", "", "too large"}, {"", "-", "5", "too large"},
      {"5", "!", "", "too large"},      {"", "5^", "5", "too large"},
      {"", "|", "", "too large"},       {"", "\\sin ", "", "too large"},
      {"", "\\frac", "", "too large"},  {"", "\\begin{pmatrix}", "", "too large"},
      {"1", "/2", "", "too large"},     {"", "\xc2\xbd", "", "too large"},
      {"", "\\", "", "unreadable"},     {"", "1.", "", "unreadable"},
      {"", "1 2/3 ", "", "unreadable"}, {"", "1A1", "", "ambiguous"},
      {"", "_", "", "unreadable"},      {"x", "^", "", "unreadable"},
  };
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    const char *const got = read_row(repeat(rows[i].head, rows[i].body, rows[i].tail, UINT32_MAX));
    if (strcmp(got, rows[i].read) != 0)
      print_error("%s%s..: %.60s, not %s\n", rows[i].head, rows[i].body, got, rows[i].read);
    assert_string_equal(got, rows[i].read);
  }
}

static void long_answers_are_read(void **state) {
  (void)state;
  static const char *const bodies[] = {"1,", "x", "1+", "1=", "(1,2),", "x^2", "9", ",234", "5 cm+"};
  for (u32 i = 0; i < COUNT_OF(bodies); i++) {
    struct read_result result;
    repeat("1", bodies[i], "1", 500);
    read_text(hostile, (u32)strlen(hostile), &result);
    assert_true(result.outcome == READ_OK || bodies[i][0] == 'x');
  }
  memset(hostile, '7', sizeof hostile);
  struct read_result result;
  assert_string_equal(read_text(hostile, ANSWER_BYTES_MAX + 1, &result), "too large");
  read_text(hostile, ANSWER_BYTES_MAX, &result);
  assert_int_equal(result.outcome, READ_OK);
}

static void parentheses_nest_as_deep_as_said(void **state) {
  (void)state;
  char text[3 * VERIFIER_DEPTH_MAX];
  for (u32 depth = 1; depth <= VERIFIER_DEPTH_MAX; depth++) {
    snprintf(text, sizeof text, "%0*d", (int)(2 * depth + 1), 5);
    memset(text, '(', depth);
    text[depth] = '5';
    memset(text + depth + 1, ')', depth);
    assert_string_equal(read_row(text), "5");
  }
}

/* Whatever the bytes: an outcome, a place inside the text, a root inside the pool. */
static void no_bytes_do_harm(void **state) {
  (void)state;
  static const char *const parts[] = {"\\frac",
                                      "{",
                                      "}",
                                      "1",
                                      "23",
                                      "x",
                                      "AB",
                                      "\\sqrt",
                                      "(",
                                      ")",
                                      "[",
                                      "]",
                                      "|",
                                      "^",
                                      "_",
                                      ",",
                                      ";",
                                      ":",
                                      ".",
                                      "\\\\",
                                      "\\begin{pmatrix}",
                                      "\\end{pmatrix}",
                                      "&",
                                      "\\text{",
                                      "cm",
                                      " ",
                                      "$",
                                      "\\$",
                                      "%",
                                      "=",
                                      "<",
                                      "\\in",
                                      "\\cup",
                                      "+",
                                      "-",
                                      "*",
                                      "/",
                                      "!",
                                      "'",
                                      "\\sin",
                                      "\\log",
                                      "\\pm",
                                      "\\{",
                                      "\\}",
                                      "\\left",
                                      "\\right",
                                      "and",
                                      "or",
                                      "word",
                                      "June",
                                      "\\overline",
                                      "\\mathbf",
                                      "\\mathbb",
                                      "\\sum",
                                      "\\over",
                                      "\xcf\x80",
                                      "\xc2\xb2",
                                      "\xe2\x88\x9a",
                                      "f",
                                      "e",
                                      "i",
                                      "\\",
                                      "\\boxed{",
                                      "\\mod",
                                      "\\pmod",
                                      "\\angle",
                                      "pm",
                                      "**"};
  u32 seed = 1, read = 0;
  for (u32 i = 0; i < 20000; i++) {
    char text[160];
    u32 size = 0;
    seed = seed * 1664525u + 1013904223u;
    for (u32 count = seed >> 28; count > 0 && size < sizeof text - 20; count--) {
      seed = seed * 1664525u + 1013904223u;
      size += (u32)sprintf(text + size, "%s", parts[(seed >> 16) % COUNT_OF(parts)]);
    }
    struct read_result result;
    read_text(text, size, &result);
    read += result.outcome == READ_OK;
  }
  assert_true(read > 100);
}

/* ---- tables ---- */

static void characters_stand_in_order(void **state) {
  (void)state;
  static const u32 codes[] = {
#define FOLD(code, text) code,
      FOLD_TABLE(FOLD)
#undef FOLD
  };
  for (u32 i = 1; i < COUNT_OF(codes); i++) assert_true(codes[i - 1] < codes[i]);
}

static void check_once(const char *const *names, u32 count) {
  for (u32 i = 0; i < count; i++)
    for (u32 j = 0; j < i; j++) assert_string_not_equal(names[i], names[j]);
}

static void names_stand_once(void **state) {
  (void)state;
#define NAME(text, kind, value) text,
  static const char *const commands[] = {LATEX_COMMAND_TABLE(NAME) FUNCTION_NAME_TABLE(NAME)};
  static const char *const names[] = {FUNCTION_NAME_TABLE(NAME) PLAIN_NAME_TABLE(NAME)};
#undef NAME
  static const char *const units[] = {
#define UNIT(text, kept, where) text,
      UNIT_TABLE(UNIT)
#undef UNIT
  };
  static const char *const words[] = {
#define WORD(text, kind, value) text,
      WORD_TABLE(WORD)
#undef WORD
  };
  check_once(commands, COUNT_OF(commands));
  check_once(names, COUNT_OF(names));
  check_once(units, COUNT_OF(units));
  check_once(words, COUNT_OF(words));
}

/* ---- the golds of others ---- */

/* Every gold of MATH that is there: at least 995 of 1000 are read. */
static void reads_golds(void **state) {
  (void)state;
  static const char *const paths[] = {"../shared/data/math/math500.jsonl", "../shared/data/math/train_12k.jsonl"};
  static char line[1 << 17];
  u32 golds = 0, unread = 0;
  for (u32 i = 0; i < COUNT_OF(paths); i++) {
    FILE *const file = fopen(paths[i], "r");
    if (file == NULL) continue;
    while (fgets(line, sizeof line, file) != NULL) {
      struct json json;
      struct json_token tokens[64];
      struct read_result result;
      static char gold[ANSWER_BYTES_MAX];
      u64 at;
      assert_null(json_parse(&json, line, strlen(line), tokens, COUNT_OF(tokens), &at));
      const u64 size = json_text(&json, json_find(&json, 0, "answer"), gold, sizeof gold);
      if (size == 0) continue; /* one row has none */
      assert_true(size < sizeof gold);
      read_text(gold, (u32)size, &result);
      golds++;
      unread += result.outcome != READ_OK;
    }
    fclose(file);
  }
  if (golds == 0) {
    printf("# skipped: no ../shared/data\n");
    skip();
  }
  assert_true(golds >= 12000);
  assert_true(unread * 200 <= golds);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_the_table),
      cmocka_unit_test(refuses_the_table),
      cmocka_unit_test(refuses_characters_that_hide),
      cmocka_unit_test(reads_nothing_as_empty),
      cmocka_unit_test(spelling_does_not_matter),
      cmocka_unit_test(ends_where_a_limit_is_met),
      cmocka_unit_test(long_answers_are_read),
      cmocka_unit_test(parentheses_nest_as_deep_as_said),
      cmocka_unit_test(no_bytes_do_harm),
      cmocka_unit_test(characters_stand_in_order),
      cmocka_unit_test(names_stand_once),
      cmocka_unit_test(reads_golds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
