/* The value of an expression as a complex ball: a centre and a radius that surely hold it (FLINT/Arb, behind balls.h).
 *
 * Variables get seeded points: the same name has the same value on both sides. Where an expression is not defined at a point (a
 * division by zero, a logarithm of zero), that is said, not computed round.
 * Owns: nothing; the evaluator's memory is laid out by evaluator_place, FLINT's own comes from a region in it (ball_memory.c).
 * Called by: normal.c, compare*.c. Fails: a bound that is met ends in an outcome. */
#ifndef RLSP_ENGINE_REWARD_MATH_EVALUATE_H
#define RLSP_ENGINE_REWARD_MATH_EVALUATE_H

#include "engine/reward/math/expression.h"

enum evaluated {
  EVALUATED_EQUAL, /* agree to 2^-VERIFIER_AGREE_BITS at every point where both are defined, and at enough of them; or exactly */
  EVALUATED_DIFFERENT,   /* separated balls at some point */
  EVALUATED_CLOSE,       /* neither */
  EVALUATED_UNDEFINED,   /* no point, or too few, where both are defined */
  EVALUATED_UNSUPPORTED, /* holds what is no number: a TEXT, a SET, a CALL that differs, ... */
  EVALUATED_TOO_LARGE,   /* operands beyond limits.h: 5^5^5^5 */
  EVALUATED_TOO_MANY_STEPS
};

struct evaluator {
  u8 *memory; /* [VERIFIER_BALL_BYTES] FLINT's and GMP's, by ball_memory.c */
  u64 steps, steps_max;
  void *state; /* evaluate.c's own, inside memory */
};

void evaluator_place(struct evaluator *evaluator, struct arena *host);
void evaluator_open(struct evaluator *evaluator);
void evaluator_close(struct evaluator *evaluator);
/* Counts work; false once the limit is met (and ever after, until evaluator_begin). */
bool evaluator_step(struct evaluator *evaluator, u64 steps);
/* A new verdict: steps to 0. */
void evaluator_begin(struct evaluator *evaluator);

/* Are two scalar expressions equal? Exact for rationals; balls of rising precision otherwise; variables at seeded points.
 * PLUS_MINUS has been spread into lists before (normal.c). MARKS (PERCENT, DEGREES, UNIT) are the caller's: here percent is /100, degrees pi/180. */
enum evaluated evaluate_equal(struct evaluator *evaluator, const struct expression_pool *a_pool, u32 a,
                              const struct expression_pool *b_pool, u32 b);
/* The same with a tolerance: equal where |a - b| <= 10^-digits / 2 + one unit in that place for rounding up or down, without variables. */
enum evaluated evaluate_close(struct evaluator *evaluator, const struct expression_pool *a_pool, u32 a,
                              const struct expression_pool *b_pool, u32 b, u32 digits);
/* Sign of a real constant expression: *sign -1, 0, 1. EVALUATED_EQUAL = known. */
enum evaluated evaluate_sign(struct evaluator *evaluator, const struct expression_pool *pool, u32 node, int *sign);
/* Is a proportional to b by one non-zero constant at all points? (x + y - 1 = 0 against 2 - 2x - 2y = 0); *sign of the factor. */
enum evaluated evaluate_proportional(struct evaluator *evaluator, const struct expression_pool *a_pool, u32 a,
                                     const struct expression_pool *b_pool, u32 b, int *sign);

#endif
