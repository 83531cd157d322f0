/* Attempts of a multiset of numbers, enumerated and never stored: every sequence of steps, each with its larger value
 * first, every value 0..99. Internal to engine/task. Owns nothing. The text of an attempt follows from its steps, so
 * two attempts are equal when their steps are. Fails: never. */
#ifndef RLSP_ENGINE_TASK_COUNTDOWN_ATTEMPT_H
#define RLSP_ENGINE_TASK_COUNTDOWN_ATTEMPT_H

#include "engine/task/countdown.h"

struct countdown_step {
  u8 left, op, right, result; /* op: a token */
};

struct countdown_attempt {
  struct countdown_step steps[COUNTDOWN_STEPS_MAX];
  u8 count;
};

/* Told of each attempt once; returns false to stop. */
typedef bool countdown_visit(void *context, const struct countdown_attempt *attempt);

/* numbers ascending. Attempts come in a fixed order, each once however many numbers are equal. Returns false when it
 * was stopped. */
bool countdown_visit_attempts(const struct countdown_problem *problem, countdown_visit *visit, void *context);

/* Targets that some attempt on the numbers reaches: bit t of reached[t / 64]. */
void countdown_reachable(const u8 *numbers, u32 count, u64 reached[2]);
bool countdown_is_reached(const u64 reached[2], u32 target);

u8 countdown_attempt_result(const struct countdown_attempt *attempt);
bool countdown_attempts_equal(const struct countdown_attempt *left, const struct countdown_attempt *right);
/* a op b, or -1 where it is not a value (below 0, above 99, not whole, division by 0). op: a token. */
i32 countdown_apply(u32 left, u32 op, u32 right);
/* Returns the tokens written: 6 * steps - 1. */
u32 countdown_write_attempt(const struct countdown_attempt *attempt, u32 *tokens);
u32 countdown_attempt_tokens(u32 numbers);

#endif
