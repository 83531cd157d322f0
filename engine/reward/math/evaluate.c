#include "engine/reward/math/evaluate.h"

#include "engine/check.h"
#include "engine/reward/math/ball_memory.h"
#include "engine/reward/math/balls.h"
#include "engine/reward/math/rational.h"

/* Arguments of sine and cosine, and magnitudes that cancel, want more bits of the constants than a value has. */
#define CONSTANT_PRECISION (2 * VERIFIER_PRECISION_MAX + 256)

void evaluator_place(struct evaluator *evaluator, struct arena *host) {
  *evaluator = (struct evaluator){.steps_max = VERIFIER_STEPS_MAX};
  evaluator->memory = arena_take_pointer(host, "verifier.balls", DTYPE_U8, VERIFIER_BALL_BYTES, 0, 0, 0);
}

/* What FLINT keeps is made here, once, at the largest precision: a verdict cannot depend on those before it. */
static void warm(void) {
  arb_t constant;
  arb_init(constant);
  arb_const_pi(constant, CONSTANT_PRECISION);
  arb_const_e(constant, CONSTANT_PRECISION);
  arb_const_log2(constant, CONSTANT_PRECISION);
  arb_const_log10(constant, CONSTANT_PRECISION);
  arb_clear(constant);
}

void evaluator_open(struct evaluator *evaluator) {
  CHECK(evaluator->memory != NULL, "an evaluator without memory");
  ball_memory_open(evaluator->memory, VERIFIER_BALL_BYTES);
  evaluator->steps_max = VERIFIER_STEPS_MAX;
  evaluator_begin(evaluator);
  warm();
}

void evaluator_close(struct evaluator *evaluator) {
  if (evaluator->memory && ball_memory_is(evaluator->memory)) ball_memory_close(evaluator->memory);
}

void evaluator_begin(struct evaluator *evaluator) { evaluator->steps = 0; }

bool evaluator_step(struct evaluator *evaluator, u64 steps) {
  const u64 left = evaluator->steps_max - evaluator->steps;
  evaluator->steps += steps < left ? steps : left;
  return steps < left;
}

enum evaluated rational_fold(struct evaluator *evaluator, struct rational *out, const struct expression_pool *pool,
                             u32 node) {
  if (expression_at(pool, node)->kind == EXPRESSION_NUMBER) return rational_number(evaluator, out, pool, node);
  return EVALUATED_UNSUPPORTED;
}

enum evaluated evaluate_equal(struct evaluator *evaluator, const struct expression_pool *a_pool, u32 a,
                              const struct expression_pool *b_pool, u32 b) {
  (void)evaluator;
  return expression_order(a_pool, a, b_pool, b) == 0 ? EVALUATED_EQUAL : EVALUATED_UNSUPPORTED;
}

enum evaluated evaluate_close(struct evaluator *evaluator, const struct expression_pool *a_pool, u32 a,
                              const struct expression_pool *b_pool, u32 b, u32 digits) {
  (void)digits;
  return evaluate_equal(evaluator, a_pool, a, b_pool, b);
}

enum evaluated evaluate_sign(struct evaluator *evaluator, const struct expression_pool *pool, u32 node, int *sign) {
  (void)evaluator, (void)pool, (void)node, (void)sign;
  return EVALUATED_UNSUPPORTED;
}

enum evaluated evaluate_proportional(struct evaluator *evaluator, const struct expression_pool *a_pool, u32 a,
                                     const struct expression_pool *b_pool, u32 b, int *sign) {
  (void)sign;
  return evaluate_equal(evaluator, a_pool, a, b_pool, b);
}
