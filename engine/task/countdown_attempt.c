#include "engine/task/countdown_attempt.h"

#include <string.h>

#define PAIRS_MAX (COUNTDOWN_NUMBERS_MAX * (COUNTDOWN_NUMBERS_MAX - 1u) / 2u)

static const u8 operators[] = {COUNTDOWN_PLUS, COUNTDOWN_MINUS, COUNTDOWN_TIMES, COUNTDOWN_DIVIDE};

i32 countdown_apply(u32 left, u32 op, u32 right) {
  i32 result = -1;
  if (op == COUNTDOWN_PLUS) result = (i32)(left + right);
  if (op == COUNTDOWN_MINUS) result = (i32)left - (i32)right;
  if (op == COUNTDOWN_TIMES) result = (i32)(left * right);
  if (op == COUNTDOWN_DIVIDE && right != 0 && left % right == 0) result = (i32)(left / right);
  return result >= 0 && result < (i32)COUNTDOWN_VALUES ? result : -1;
}

/* The values that are left, ascending. */
struct values {
  u8 items[COUNTDOWN_NUMBERS_MAX];
  u32 count;
};

/* Without items i < j, with their result put in its place. */
static struct values values_after(const struct values *values, u32 i, u32 j, u8 result) {
  struct values after = {.count = 0};
  bool placed = false;
  for (u32 k = 0; k < values->count; k++) {
    if (k == i || k == j) continue;
    if (!placed && values->items[k] >= result) {
      after.items[after.count++] = result;
      placed = true;
    }
    after.items[after.count++] = values->items[k];
  }
  if (!placed) after.items[after.count++] = result;
  return after;
}

struct pair {
  u8 i, j;
};

/* Index pairs i < j, one for each different pair of values: equal numbers would give the same step twice. */
static u32 value_pairs(const struct values *values, struct pair pairs[PAIRS_MAX]) {
  u32 count = 0;
  for (u8 i = 0; i < values->count; i++) {
    for (u8 j = (u8)(i + 1); j < values->count; j++) {
      bool seen = false;
      for (u32 k = 0; k < count; k++)
        seen = seen || (values->items[pairs[k].i] == values->items[i] && values->items[pairs[k].j] == values->items[j]);
      if (!seen) pairs[count++] = (struct pair){i, j};
    }
  }
  return count;
}

struct walk {
  countdown_visit *visit;
  void *context;
  struct countdown_attempt attempt;
};

/* Depth: one a step, so at most COUNTDOWN_STEPS_MAX. */
static bool walk_from(struct walk *walk, const struct values *values) {
  if (values->count == 1) return walk->visit(walk->context, &walk->attempt);
  struct pair pairs[PAIRS_MAX];
  const u32 pair_count = value_pairs(values, pairs);
  for (u32 p = 0; p < pair_count; p++) {
    const u8 left = values->items[pairs[p].j], right = values->items[pairs[p].i];
    for (u32 o = 0; o < COUNT_OF(operators); o++) {
      const i32 result = countdown_apply(left, operators[o], right);
      if (result < 0) continue;
      walk->attempt.steps[walk->attempt.count++] =
          (struct countdown_step){.left = left, .op = operators[o], .right = right, .result = (u8)result};
      const struct values after = values_after(values, pairs[p].i, pairs[p].j, (u8)result);
      const bool go_on = walk_from(walk, &after);
      walk->attempt.count--;
      if (!go_on) return false;
    }
  }
  return true;
}

static struct values values_of(const u8 *numbers, u32 count) {
  struct values values = {.count = count};
  memcpy(values.items, numbers, count);
  return values;
}

bool countdown_visit_attempts(const struct countdown_problem *problem, countdown_visit *visit, void *context) {
  struct walk walk = {.visit = visit, .context = context};
  const struct values values = values_of(problem->numbers, problem->count);
  return walk_from(&walk, &values);
}

/* The same walk, for its ends alone. The last step is not entered: most of the time goes there. */
static void reach_from(const struct values *values, u64 reached[2]) {
  for (u32 i = 0; i < values->count; i++) {
    for (u32 j = i + 1; j < values->count; j++) {
      for (u32 o = 0; o < COUNT_OF(operators); o++) {
        const i32 result = countdown_apply(values->items[j], operators[o], values->items[i]);
        if (result < 0) continue;
        if (values->count == 2) {
          reached[result / 64] |= 1ull << (result % 64);
          continue;
        }
        const struct values after = values_after(values, i, j, (u8)result);
        reach_from(&after, reached);
      }
    }
  }
}

void countdown_reachable(const u8 *numbers, u32 count, u64 reached[2]) {
  const struct values values = values_of(numbers, count);
  reached[0] = reached[1] = 0;
  reach_from(&values, reached);
}

bool countdown_is_reached(const u64 reached[2], u32 target) { return (reached[target / 64] >> (target % 64) & 1) != 0; }

u8 countdown_attempt_result(const struct countdown_attempt *attempt) {
  return attempt->steps[attempt->count - 1].result;
}

bool countdown_attempts_equal(const struct countdown_attempt *left, const struct countdown_attempt *right) {
  return left->count == right->count && memcmp(left->steps, right->steps, left->count * sizeof left->steps[0]) == 0;
}

u32 countdown_attempt_tokens(u32 numbers) { return 6 * (numbers - 1) - 1; }

u32 countdown_write_attempt(const struct countdown_attempt *attempt, u32 *tokens) {
  u32 count = 0;
  for (u32 i = 0; i < attempt->count; i++) {
    const struct countdown_step *step = &attempt->steps[i];
    if (i > 0) tokens[count++] = COUNTDOWN_COMMA;
    tokens[count++] = step->left;
    tokens[count++] = step->op;
    tokens[count++] = step->right;
    tokens[count++] = COUNTDOWN_EQUALS;
    tokens[count++] = step->result;
  }
  return count;
}
