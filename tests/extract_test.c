/* engine/reward/math/extract.h: from a completion to its answer, or the kind of its absence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/reward/math/extract.h"

struct row {
  const char *order, *text, *expected; /* expected: the answer, or "!kind" */
};

static bool check_answer(const char *order, const char *text, const char *expected, const struct answer *answer) {
  const bool absent = expected[0] == '!';
  const bool same = absent ? answer->kind != ANSWER_KIND_FOUND && answer->size == 0 &&
                                 strcmp(answer_kind_word(answer->kind), expected + 1) == 0
                           : answer->kind == ANSWER_KIND_FOUND && answer->size == strlen(expected) &&
                                 strcmp(answer->text, expected) == 0;
  if (!same)
    printf("# [%s] %s\n#   expected %s, got %s [%s]\n", order, text, expected, answer_kind_word(answer->kind),
           answer->text);
  return same;
}

static void extract_row(struct extract_options options, const struct row *row, struct answer *answer) {
  const char *wrong = NULL;
  assert_true(extract_order(&options, row->order, &wrong));
  const u32 size = (u32)strlen(row->text);
  char *exact = malloc(size + 1u); /* a heap block of just that size: a read beyond it is caught by the sanitizer */
  assert_non_null(exact);
  memcpy(exact, row->text, size);
  extract_answer(&options, exact, size, answer);
  free(exact);
}

static void check_rows(struct extract_options options, const struct row *rows, u32 count) {
  u32 failed = 0;
  for (u32 r = 0; r < count; r++) {
    struct answer answer;
    extract_row(options, &rows[r], &answer);
    failed += !check_answer(rows[r].order, rows[r].text, rows[r].expected, &answer);
  }
  assert_int_equal(failed, 0);
}
#define CHECK_ROWS(options, rows) check_rows((options), (rows), sizeof(rows) / sizeof *(rows))
#define PLAIN ((struct extract_options){.order_count = 0})

static void test_last_box_with_nested_braces(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"box", "so $x=\\boxed{\\frac{1}{2}}$.", "\\frac{1}{2}"},
      {"box", "\\fbox{7}", "7"},
      {"box", "\\boxed {\\{1, 2\\}} ok", "\\{1, 2\\}"},
      {"box", "\\boxed 5.", "5"},
      {"box", "\\boxed{ a \\} }", "a \\}"},
      {"box", "\\boxed{\\boxed{3}}", "3"},
      {"box", "put it in \\boxed{}. \\boxed{9}", "9"},
      {"box", "\\boxed{9} as \\boxed{}", "9"},
      {"box", "\\\\boxed{840}", "840"},
      {"box", "a stray } and { then \\boxed{4}", "4"},
      {"box", "plain 42", "!none"},
      {"box", "the command \\boxed draws a box", "!none"},
      {"box", "\\boxedness{4}", "!none"},
      {"box", "\\boxed{}", "!empty"},
      {"box", "\\boxed{ \\, ~ }", "!empty"},
      {"box", "\\boxed{never closes", "!unterminated"},
      {"box", "\\boxed{4} and so on, \\boxed{5", "!unterminated"},
      {"box", "\\boxed{4 is wrong, \\boxed{5}", "5"},
  };
  CHECK_ROWS(PLAIN, rows);
}

static void test_several_boxes(void **state) {
  (void)state;
  static const struct row rows[] = {
      /* one list */
      {"box", "$\\boxed{1}$ and $\\boxed{-2}$.", "1, -2"},
      {"box", "\\[\\boxed{(1, 2)}, \\boxed{(2, 1)}\\]", "(1, 2), (2, 1)"},
      {"box", "\\boxed{3} apples and \\boxed{4} pears", "3, 4"},
      {"box", "\\boxed{a} \\quad \\text{or} \\quad \\boxed{b}", "a, b"},
      {"box", "\\($y_1 = \\boxed{x} \\) and \\( y_2 = \\boxed{2x} \\)", "y_1 = x, y_2 = 2x"},
      {"box", "x = \\boxed{1} or \\boxed{2}", "1, 2"},
      {"box", "\\boxed{1}, \\boxed{2}, \\boxed{1}", "1, 2"},
      /* the same is one */
      {"box", "\\boxed{8 4}. I check. **Final Answer** \\boxed{84}", "84"},
      /* the later one takes the earlier one's place */
      {"box", "first \\boxed{3}, then \\boxed{42}", "42"},
      {"box", "try \\boxed{wrong}, final \\boxed{42}", "42"},
      {"box", "\\boxed{2/4} = \\boxed{1/2}", "1/2"},
      {"box", "a &= \\boxed{11}, \\\\ a + b &= (4 + 3i) = \\boxed{-3 + 6i}.", "-3 + 6i"},
      {"box", "\\boxed{1} and or thus \\boxed{2} and \\boxed{3}", "2, 3"},
      {"box",
       "The area of the first rectangle is \\boxed{200} square feet. Doubling its shorter side adds just as much, and "
       "that gives "
       "\\boxed{400}",
       "400"},
      /* side by side and different */
      {"box", "\\boxed{5} \\boxed{7}", "!several"},
      {"box", "The answer is \\boxed{5}. The answer is \\boxed{7}.", "!several"},
      {"box", "\\boxed{5}, perhaps it may be \\boxed{7}", "!several"},
      {"box", "\\boxed{1}\\boxed{2}\\boxed{3}\\boxed{4}", "!several"},
  };
  CHECK_ROWS(PLAIN, rows);
  CHECK_ROWS(((struct extract_options){.first_box = true}), ((struct row[]){{"box", "\\boxed{5}. \\boxed{7}", "5"}}));
}

/* Boxes without end, and so many that each stands alone: no answer, and no box is picked by luck. */
static void test_floods(void **state) {
  (void)state;
  static char flood[200000];
  for (u32 u = 0; u < 2; u++) {
    u32 size = 0;
    for (u32 i = 0; size + 200 < sizeof flood; i++) {
      const int wrote =
          u == 0 ? snprintf(flood + size, 200, "\\boxed{%u} ", i)
                 : snprintf(flood + size, 200,
                            "\\boxed{%u} is what I would say if I had to say something at all, far from the rest. ", i);
      size += (u32)wrote;
    }
    struct answer answer;
    extract_row(PLAIN, &(struct row){"box", flood, ""}, &answer);
    assert_int_equal(answer.kind, ANSWER_KIND_SEVERAL);
  }
}

static void test_final_segment(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"box", "<think> \\boxed{1} </think> so \\boxed{2}<|im_end|> \\boxed{3}", "2"},
      {"box", "<think> \\boxed{1} </think> so nothing", "!none"},
      {"box", "no thought \\boxed{2}", "2"},
      {"whole", "<think>5</think> 7 </s>", "7"},
      {"box, whole", "<think> so \\boxed{1}", "!none"},
      {"box", "<think>1</think> no, <think> so \\boxed{1}", "!none"},
      {"whole", "</think>", "!empty"},
  };
  CHECK_ROWS(PLAIN, rows);
  static const struct row needed[] = {{"box", "no thought \\boxed{2}", "!none"}, {"box", "</think>\\boxed{2}", "2"}};
  CHECK_ROWS(((struct extract_options){.needs_segment = true}), needed);
}

static void test_truncated(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"box, whole", "so \\boxed{2} and we", "!truncated"},
      {"box, whole", "so we get 12", "!truncated"},
      {"box, whole", "so \\boxed{2", "!truncated"},
      {"number", "1 + 2 = 3", "!truncated"},
  };
  CHECK_ROWS(((struct extract_options){.truncated = true}), rows);
}

static void test_echo(void **state) {
  (void)state;
  static const char prompt[] = "Compute $1+2+3$ and put your answer into \\boxed{}, for instance \\boxed{5}.";
  const struct extract_options options = {.prompt = prompt, .prompt_size = sizeof prompt - 1};
  static const struct row rows[] = {
      {"box, whole", "Compute $1+2+3$ and put your answer into \\boxed{}, for instance \\boxed{5}.", "!echo"},
      {"box, whole", "and put your answer into \\boxed{}, for instance \\boxed{5}.", "!echo"},
      {"box", "Compute $1+2+3$ and put your answer into \\boxed{}, for instance \\boxed{5}. It is \\boxed{6}", "6"},
      {"box", "\\boxed{1+2+3}", "!echo"},
      {"box", "\\boxed{3+2+1}", "3+2+1"},
      {"box", "\\boxed{5}", "5"},
  };
  CHECK_ROWS(options, rows);
  static const char choice[] = "Which is larger, $2^{10}$ or $10^3$?";
  CHECK_ROWS(((struct extract_options){.prompt = choice, .prompt_size = sizeof choice - 1}),
             ((struct row[]){{"box", "\\boxed{2^{10}}", "2^{10}"}}));
}

static void test_phrases(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"phrase", "Final Answer: The final answer is $12$. I hope it is correct.", "12"},
      {"phrase", "the answer is 3.5 cm. That is all.", "3.5 cm"},
      {"phrase", "**Answer:** $\\frac{1}{2}$ of them", "\\frac{1}{2}"},
      {"phrase", "The answer is: \\[ \\boxed{32} \\]", "32"},
      {"phrase", "The answer to this question is 7\nand so on 9", "7"},
      {"phrase", "Final Answer: The final answer is \"$12 $ and $13 $\". I hope it is correct.", "12, 13"},
      {"phrase", "Final Answer: She began 3 hours ago. I hope it is correct.", "3"},
      {"phrase", "Note. So there are 12 kinds of them. I hope it is correct. <|im_start|>user", "12"},
      {"phrase", "Final Answer: It is not 3. I hope it is correct.", "It is not 3"},
      {"phrase", "The answer is 4. Wait. So the answer is 5.", "5"},
      {"phrase", "The answer is 4. The answer is 5.", "!several"},
      {"phrase", "The answer is 5. The answer is 5.", "5"},
      {"phrase", "no such words: 42", "!none"},
      {"phrase", "The answer is", "!empty"},
      {"phrase", "Answer:", "!empty"},
      {"hashes", "1+1=2\n#### 2", "2"},
      {"hashes", "#### 1\n#### 2", "!several"},
      {"hashes", "## 2", "!none"},
  };
  CHECK_ROWS(PLAIN, rows);
}

static void test_math(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"math", "Answer \\[ \n 9 \n \\]", "9"},
      {"math", "from $a$ follows $$b+1$$ at once", "b+1"},
      {"math", "it costs \\$5, that is $x = 5$.", "x = 5"},
      {"math", "$28$ percent", "28\\%"},
      {"math", "either way $x=1$, $y=2$", "x=1, y=2"},
      {"math", "\\(4\\) but $ has no end", "4"},
      {"math", "none", "!none"},
  };
  CHECK_ROWS(PLAIN, rows);
}

static void test_numbers(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"number", "not 10 but 1,000.99\xe2\x82\xac", "1,000.99"},
      {"number", "10 it's 1,000.99m\xc2\xb2", "1,000.99"},
      {"number", "Total : 2,74 $ a..", "2,74"},
      {"number", "it is -5", "-5"},
      {"number", "= -$5.20.", "-$5.20"},
      {"number", "a share of 10/9", "10/9"},
      {"number", "28 %", "28\\%"},
      {"number", "1e-5", "1e-5"},
      {"number", "3 + 5 = 8 , 8 * 2 = 16", "16"},
      {"number", "N = 14{,}916 it is", "14{,}916"},
      {"number", "16 = 3 + 5", "!none"},
      {"number", "\\frac{10}{9}", "!none"},
      {"number", "10 - 5", "!none"},
      {"number", "so 5x", "!none"},
      {"number", "x2", "!none"},
      {"number", "either 5 or 7", "!several"},
      {"number", "none", "!none"},
  };
  CHECK_ROWS(PLAIN, rows);
}

static void test_letters(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"letter", "I think the correct answer is C", "C"},
      {"letter", "The answer: D, it cannot be A or B", "D"},
      {"letter", "D. it can't be A or B", "D"},
      {"letter", "C Cecile", "C"},
      {"letter", "Alina and the answer is\n(C) Cecile", "C"},
      {"letter", "so **Answer:** \\text{(b)}", "B"},
      {"letter", "It must be (E).", "E"},
      {"letter", "The answer is A or B", "!several"},
      {"letter", "A, B, C, D", "!several"},
      {"letter", "(A) (B) (C) (D)", "!several"},
      {"letter", "An apple", "!none"},
      {"letter", "none", "!none"},
  };
  CHECK_ROWS(PLAIN, rows);
}

static void test_orders(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"box, phrase, math", "The answer is 4, in a box \\boxed{5}, as math $6$", "5"},
      {"phrase,box,math", "The answer is 4. In a box \\boxed{5}, as math $6$", "4"},
      {"math ,whole", "5 of them", "5 of them"},
  };
  CHECK_ROWS(PLAIN, rows);
  struct extract_options options;
  const char *wrong = NULL;
  assert_false(extract_order(&options, "box, boxes", &wrong));
  assert_string_equal(wrong, "boxes");
  assert_false(extract_order(&options, "box, box", &wrong));
  assert_false(extract_order(&options, "", &wrong));
  assert_false(extract_order(&options, "box,", &wrong));
  assert_false(extract_order(&options, "box math", &wrong));
}

static void test_too_long(void **state) {
  (void)state;
  static char text[2 * ANSWER_BYTES_MAX];
  memset(text, 'x', sizeof text - 1);
  memcpy(text, "\\boxed{", 7);
  text[sizeof text - 2] = '}';
  struct answer answer;
  extract_row(PLAIN, &(struct row){"box", text, ""}, &answer);
  assert_int_equal(answer.kind, ANSWER_KIND_TOO_LONG);
  text[ANSWER_BYTES_MAX + 6] = '}'; /* ANSWER_BYTES_MAX - 1 bytes inside: the longest that fits */
  extract_row(PLAIN, &(struct row){"box", text, ""}, &answer);
  assert_int_equal(answer.kind, ANSWER_KIND_FOUND);
  assert_int_equal(answer.size, ANSWER_BYTES_MAX - 1);
}

static void test_golds(void **state) {
  (void)state;
  static const char *const rows[][2] = {
      {"42", "42"},
      {"  \\frac{1}{2} ", "\\frac{1}{2}"},
      {" So the answer is: \\[ \\boxed{32349} \\]", "32349"},
      {"5+5=10\n#### 10", "10"},
      {"The final answer is $28 \\%$. I hope it is correct. Note: all", "28 \\%"},
      {"\\boxed{W = 1", "W = 1"},
      {"\\boxed{1}. \\boxed{2}", "2"},
  };
  for (u32 r = 0; r < sizeof rows / sizeof *rows; r++) {
    struct answer answer;
    extract_gold(rows[r][0], (u32)strlen(rows[r][0]), &answer);
    assert_true(check_answer("gold", rows[r][0], rows[r][1], &answer));
  }
}

/* Each text is one that a careless scan would look at again and again; a million bytes must not take long. */
static void test_hostile_texts_are_linear(void **state) {
  (void)state;
  static const char *const units[] = {"\\boxed{",
                                      "{",
                                      "\\(",
                                      "$",
                                      "answer is ",
                                      "answer",
                                      "####",
                                      "\\boxed{1} ",
                                      "(A) ",
                                      "1,",
                                      " ",
                                      "\\",
                                      "</think>",
                                      "\\( $a$ ",
                                      "i hope it is correct",
                                      "\\boxed{\\boxed{1}}{"};
  const u32 size = 1u << 20;
  char *text = malloc(size);
  assert_non_null(text);
  for (u32 u = 0; u < sizeof units / sizeof *units; u++) {
    const u32 unit = (u32)strlen(units[u]);
    for (u32 i = 0; i < size; i++) text[i] = units[u][i % unit];
    struct extract_options options = {.prompt = text, .prompt_size = size / 2};
    const char *wrong = NULL;
    assert_true(extract_order(&options, "box, phrase, hashes, math, letter, number", &wrong));
    struct answer answer;
    extract_answer(&options, text, size, &answer);
    options.prompt = NULL;
    extract_answer(&options, text, size, &answer);
  }
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_last_box_with_nested_braces),
      cmocka_unit_test(test_several_boxes),
      cmocka_unit_test(test_floods),
      cmocka_unit_test(test_final_segment),
      cmocka_unit_test(test_truncated),
      cmocka_unit_test(test_echo),
      cmocka_unit_test(test_phrases),
      cmocka_unit_test(test_math),
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_letters),
      cmocka_unit_test(test_orders),
      cmocka_unit_test(test_too_long),
      cmocka_unit_test(test_golds),
      cmocka_unit_test(test_hostile_texts_are_linear),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
