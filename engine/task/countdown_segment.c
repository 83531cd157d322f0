/* One segment of a response: its form, its arithmetic, its numbers. The verifier; what countdown_outcome.h says of
 * struct countdown_segment. */
#include "engine/task/countdown_attempt.h"
#include "engine/task/countdown_outcome.h"

static bool is_value(u32 token) { return token < COUNTDOWN_VALUES; }

static bool is_operator(u32 token) { return token >= COUNTDOWN_PLUS && token <= COUNTDOWN_DIVIDE; }

/* a op b = r at tokens[0..4], a comma before it where it is not the first. */
static bool is_step(const u32 *tokens, u32 index) {
  const u32 *step = tokens + 6 * index;
  return (index == 0 || step[-1] == COUNTDOWN_COMMA) && is_value(step[0]) && is_operator(step[1]) &&
         is_value(step[2]) && step[3] == COUNTDOWN_EQUALS && is_value(step[4]);
}

/* The form: attempt, or attempt and check. */
static bool read_form(const u32 *tokens, u32 count, u32 numbers, u32 *check) {
  const u32 length = countdown_attempt_tokens(numbers);
  *check = 0;
  if (count != length && count != length + 1) return false;
  for (u32 i = 0; i + 1 < numbers; i++)
    if (!is_step(tokens, i)) return false;
  if (count == length) return true;
  if (tokens[length] != COUNTDOWN_OK && tokens[length] != COUNTDOWN_NO) return false;
  *check = tokens[length];
  return true;
}

/* The values that are left to take. */
struct stock {
  u32 values[COUNTDOWN_NUMBERS_MAX];
  u32 count;
};

static bool stock_take(struct stock *stock, u32 value) {
  for (u32 i = 0; i < stock->count; i++) {
    if (stock->values[i] != value) continue;
    stock->values[i] = stock->values[--stock->count];
    return true;
  }
  return false;
}

/* Whether steps 0 and 1 can both be taken from the numbers of the problem: then their order says nothing. */
static bool first_steps_independent(const struct countdown_problem *problem, const u32 *tokens) {
  struct stock stock = {.count = problem->count};
  for (u32 i = 0; i < problem->count; i++) stock.values[i] = problem->numbers[i];
  return stock_take(&stock, tokens[0]) && stock_take(&stock, tokens[2]) && stock_take(&stock, tokens[6]) &&
         stock_take(&stock, tokens[8]);
}

static bool is_legal(const struct countdown_problem *problem, const u32 *tokens) {
  struct stock stock = {.count = problem->count};
  for (u32 i = 0; i < problem->count; i++) stock.values[i] = problem->numbers[i];
  for (u32 i = 0; i + 1 < problem->count; i++) {
    const u32 *step = tokens + 6 * i;
    if (!stock_take(&stock, step[0]) || !stock_take(&stock, step[2])) return false;
    stock.values[stock.count++] = step[4];
  }
  return true;
}

/* 16 bits: operands of + and * in descending order. */
static u64 step_key(const u32 *step) {
  u32 left = step[0], right = step[2];
  const bool commutes = step[1] == COUNTDOWN_PLUS || step[1] == COUNTDOWN_TIMES;
  if (commutes && left < right) {
    left = step[2];
    right = step[0];
  }
  return (u64)left << 9 | (u64)right << 2 | (step[1] - COUNTDOWN_PLUS);
}

static u64 attempt_key(const struct countdown_problem *problem, const u32 *tokens, bool legal) {
  u64 keys[COUNTDOWN_STEPS_MAX] = {0};
  const u32 steps = problem->count - 1u;
  for (u32 i = 0; i < steps; i++) keys[i] = step_key(tokens + 6 * i);
  if (legal && steps > 2 && keys[0] < keys[1] && first_steps_independent(problem, tokens)) {
    const u64 key = keys[0];
    keys[0] = keys[1];
    keys[1] = key;
  }
  u64 key = 0;
  for (u32 i = 0; i < steps; i++) key = key << 16 | keys[i];
  return key;
}

static void judge(const struct countdown_problem *problem, const u32 *tokens, struct countdown_segment *segment) {
  segment->steps = problem->count - 1u;
  for (u32 i = 0; i < segment->steps; i++) {
    const u32 *step = tokens + 6 * i;
    segment->steps_wrong += countdown_apply(step[0], step[1], step[2]) != (i32)step[4];
  }
  segment->legal = is_legal(problem, tokens);
  segment->key = attempt_key(problem, tokens, segment->legal);
  const u32 result = tokens[6 * (segment->steps - 1) + 4];
  segment->correct = segment->legal && segment->steps_wrong == 0 && result == problem->target;
}

bool countdown_next_segment(const struct countdown_problem *problem, const u32 *response, u32 count, u32 *cursor,
                            struct countdown_segment *segment) {
  if (*cursor > count) return false;
  *segment = (struct countdown_segment){.begin = *cursor};
  u32 end = *cursor;
  while (end < count && response[end] != COUNTDOWN_BACK) end++;
  segment->count = end - segment->begin;
  segment->followed = end < count;
  *cursor = end + 1;
  segment->attempt = read_form(response + segment->begin, segment->count, problem->count, &segment->check);
  if (segment->attempt) judge(problem, response + segment->begin, segment);
  return true;
}
