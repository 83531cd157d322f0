#include "engine/reward/math/evaluate.h"

#include "engine/check.h"
#include "engine/reward/math/ball_memory.h"
#include "engine/reward/math/balls.h"
#include "engine/reward/math/evaluate_value.h"

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
  struct walk walk = {.evaluator = evaluator, .pool = pool, .precision = 64, .exact_only = true};
  struct value value;
  value_open(&value);
  enum evaluated done = walk_value(&walk, node, &value);
  if (done == EVALUATED_CLOSE ||
      (done == EVALUATED_EQUAL && (!value.exact || (walk.met & (READINGS ^ READING_ROOT)) != 0)))
    done = EVALUATED_UNSUPPORTED;
  if (done == EVALUATED_EQUAL) rational_swap(out, &value.rational);
  value_close(&value);
  return done;
}

/* ---- one value, with rising precision ---- */

enum evaluated evaluate_sign(struct evaluator *evaluator, const struct expression_pool *pool, u32 node, int *sign) {
  struct value value;
  enum evaluated done = EVALUATED_CLOSE;
  value_open(&value);
  for (u32 i = 0; i < PRECISIONS && done == EVALUATED_CLOSE; i++) {
    struct walk walk = {.evaluator = evaluator, .pool = pool, .precision = precision_of(i)};
    done = walk_value(&walk, node, &value);
    if ((walk.met & (MET_VARIABLE | MET_CALL | READINGS)) != 0) done = EVALUATED_UNSUPPORTED;
    if (done != EVALUATED_EQUAL) continue;
    if (value_sign(&value, sign)) break;
    done = value_is_nonreal(&value) ? EVALUATED_UNDEFINED : EVALUATED_CLOSE;
    if (i + 1 == PRECISIONS && done == EVALUATED_CLOSE && value_below(&value, -ZERO_BITS)) {
      *sign = 0;
      done = EVALUATED_EQUAL;
    }
  }
  value_close(&value);
  return done;
}

/* ---- with a tolerance ---- */

/* a - b against 1.5 units of the last digit; a is destroyed. */
static enum evaluated within(struct walk *walk, struct value *a, struct value *b, u32 digits) {
  struct value tolerance, size;
  int sign = 0;
  value_open(&tolerance), value_open(&size);
  value_integer(&size, digits);
  value_integer(&tolerance, 10);
  enum evaluated done = value_power(walk, &tolerance, &size);
  value_integer(&size, 3);
  if (done == EVALUATED_EQUAL) done = value_divide(walk, &size, &tolerance);
  value_integer(&tolerance, 2);
  if (done == EVALUATED_EQUAL) done = value_divide(walk, &size, &tolerance);
  if (done == EVALUATED_EQUAL) done = value_subtract(walk, a, b);
  if (done == EVALUATED_EQUAL) done = value_absolute(walk, a);
  if (done == EVALUATED_EQUAL) done = value_subtract(walk, a, &size);
  if (done == EVALUATED_EQUAL && !value_sign(a, &sign)) done = EVALUATED_CLOSE;
  if (done == EVALUATED_EQUAL && sign > 0) done = EVALUATED_DIFFERENT;
  value_close(&tolerance), value_close(&size);
  return done;
}

enum evaluated evaluate_close(struct evaluator *evaluator, const struct expression_pool *a_pool, u32 a,
                              const struct expression_pool *b_pool, u32 b, u32 digits) {
  struct value left, right;
  u32 met = 0;
  enum evaluated done = EVALUATED_CLOSE;
  value_open(&left), value_open(&right);
  for (u32 i = 0; i < PRECISIONS && done == EVALUATED_CLOSE; i++) {
    struct walk walk = {.evaluator = evaluator, .pool = a_pool, .precision = precision_of(i)};
    done = walk_value(&walk, a, &left);
    walk.pool = b_pool;
    if (done == EVALUATED_EQUAL) done = walk_value(&walk, b, &right);
    if (done == EVALUATED_EQUAL) done = within(&walk, &left, &right, digits);
    met |= walk.met;
  }
  value_close(&left), value_close(&right);
  if ((met & (MET_VARIABLE | MET_CALL)) != 0) return evaluate_equal(evaluator, a_pool, a, b_pool, b);
  return done == EVALUATED_DIFFERENT && (met & READINGS) != 0 ? EVALUATED_CLOSE : done;
}
