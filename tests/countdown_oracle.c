#include "tests/countdown_oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void oracle_combine(const bool left[100], const bool right[100], bool result[100]) {
  for (int a = 0; a < 100; a++) {
    for (int b = 0; left[a] && b < 100; b++) {
      if (!right[b]) continue;
      if (a + b < 100) result[a + b] = true;
      if (a - b >= 0) result[a - b] = true;
      if (a * b < 100) result[a * b] = true;
      if (b > 0 && a % b == 0) result[a / b] = true;
    }
  }
}

void oracle_reach(const u8 *numbers, u32 count, bool reached[100]) {
  bool values[16][100] = {{false}};
  for (u32 set = 1; set < 1u << count; set++) {
    for (u32 i = 0; i < count; i++)
      if (set == 1u << i) values[set][numbers[i]] = true;
    for (u32 part = (set - 1) & set; part > 0; part = (part - 1) & set)
      oracle_combine(values[part], values[set ^ part], values[set]);
  }
  memcpy(reached, values[(1u << count) - 1], sizeof values[0]);
}

bool oracle_solvable(const struct countdown_problem *problem) {
  bool reached[100];
  oracle_reach(problem->numbers, problem->count, reached);
  return reached[problem->target];
}

struct parsed_step {
  int left, right, result;
  char op;
};

static bool parse_value(const char *word, int *value) {
  char rest;
  return sscanf(word, "%d%c", value, &rest) == 1 && *value >= 0 && *value < 100;
}

/* Words "a", "op", "b", "=", "r" for each step, "," between; false where they are not. */
static bool parse_steps(char words[][8], u32 count, u32 steps, struct parsed_step *parsed) {
  if (count != 6 * steps - 1) return false;
  for (u32 i = 0; i < steps; i++) {
    char(*word)[8] = words + 6 * i;
    if (i > 0 && strcmp(word[-1], ",") != 0) return false;
    if (!parse_value(word[0], &parsed[i].left) || !parse_value(word[2], &parsed[i].right)) return false;
    if (!parse_value(word[4], &parsed[i].result) || strcmp(word[3], "=") != 0) return false;
    if (strlen(word[1]) != 1 || strchr("+-*/", word[1][0]) == NULL) return false;
    parsed[i].op = word[1][0];
  }
  return true;
}

static bool step_right(const struct parsed_step *step) {
  if (step->op == '+') return step->left + step->right == step->result;
  if (step->op == '-') return step->left - step->right == step->result;
  if (step->op == '*') return step->left * step->right == step->result;
  return step->right != 0 && step->result * step->right == step->left;
}

/* Sources: the numbers, then the result of each step. Tries every way to give each operand a source of its own; in the
 * end one is left: the last result. */
static bool sources_fit(const struct parsed_step *steps, u32 step_count, u32 index, int *sources, u32 source_count,
                        u32 used) {
  if (index == step_count || index == COUNTDOWN_STEPS_MAX) return used == (1u << (source_count - 1)) - 1;
  for (u32 i = 0; i < source_count; i++) {
    for (u32 j = 0; j < source_count; j++) {
      if (i == j || (used >> i & 1) || (used >> j & 1)) continue;
      if (sources[i] != steps[index].left || sources[j] != steps[index].right) continue;
      sources[source_count] = steps[index].result;
      if (sources_fit(steps, step_count, index + 1, sources, source_count + 1, used | 1u << i | 1u << j)) return true;
    }
  }
  return false;
}

enum verdict oracle_verdict(const struct countdown_problem *problem, const u32 *response, u32 count, bool ended) {
  if (!ended) return VERDICT_NO_ANSWER;
  u32 begin = 0;
  for (u32 i = 0; i < count; i++)
    if (strcmp(countdown_token_text(response[i]), "BACK") == 0) begin = i + 1;
  char words[24][8];
  u32 word_count = count - begin;
  if (word_count > 18) return VERDICT_NO_ANSWER;
  for (u32 i = 0; i < word_count; i++)
    snprintf(words[i], sizeof words[i], "%s", countdown_token_text(response[begin + i]));
  if (word_count > 0 && (strcmp(words[word_count - 1], "OK") == 0 || strcmp(words[word_count - 1], "NO") == 0))
    word_count--;
  struct parsed_step steps[COUNTDOWN_STEPS_MAX];
  const u32 step_count = problem->count - 1u;
  if (!parse_steps(words, word_count, step_count, steps)) return VERDICT_NO_ANSWER;
  for (u32 i = 0; i < step_count; i++)
    if (!step_right(&steps[i])) return VERDICT_WRONG;
  int sources[8] = {0};
  for (u32 i = 0; i < problem->count; i++) sources[i] = problem->numbers[i];
  if (!sources_fit(steps, step_count, 0, sources, problem->count, 0)) return VERDICT_WRONG;
  return steps[step_count - 1].result == problem->target ? VERDICT_CORRECT : VERDICT_WRONG;
}

u32 oracle_tokens(const char *text, u32 *tokens) {
  u32 count = 0;
  char word[16];
  int used;
  for (; sscanf(text, "%15s%n", word, &used) == 1; text += used) {
    u32 token = 0;
    while (token < COUNTDOWN_VOCAB && strcmp(word, countdown_token_text(token)) != 0) token++;
    assert_true(token < COUNTDOWN_VOCAB);
    tokens[count++] = token;
  }
  return count;
}

struct countdown_options oracle_options(u32 numbers, u32 number_max) {
  return (struct countdown_options){.numbers = numbers,
                                    .number_max = number_max,
                                    .target_min = 10,
                                    .target_max = 99,
                                    .test_problems = 100,
                                    .ppo_share = 0.35,
                                    .solve_probability = 0.6,
                                    .check_probability = 0.5,
                                    .retry_probability = 0.01,
                                    .continuation_share = 0.25,
                                    .failed_context_max = 3,
                                    .position_gap_max = 100};
}

void countdown_fixture_open(struct countdown_fixture *fixture, const struct countdown_options *options,
                            const struct countdown_file *file) {
  struct arena arena;
  struct error error = {.text = ""};
  arena_open(&arena, "host", 0, NULL);
  enum status status = countdown_place(&fixture->measured, options, file, &arena, &error);
  if (status != STATUS_OK) fail_msg("%s: %s", error.place, error.text);
  fixture->bytes = arena.high;
  fixture->memory = malloc(arena.high);
  assert_non_null(fixture->memory);
  memset(fixture->memory, 0xa5, arena.high);
  arena_open(&arena, "host", 0, NULL);
  arena.base = fixture->memory;
  arena.limit = fixture->bytes;
  status = countdown_place(&fixture->countdown, options, file, &arena, &error);
  if (status != STATUS_OK) fail_msg("%s: %s", error.place, error.text);
  assert_int_equal(arena.high, fixture->bytes);
}

u64 oracle_problem_key(const struct countdown_problem *problem) {
  u64 key = problem->target;
  for (u32 i = 0; i < problem->count; i++) key = key * 100 + problem->numbers[i];
  return key * 10 + problem->count;
}
