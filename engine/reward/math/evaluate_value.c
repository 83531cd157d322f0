#include "engine/reward/math/bounds.h"
#include "engine/reward/math/evaluate_value.h"

void value_open(struct value *value) {
  value->exact = true;
  rational_open(&value->rational);
  acb_init(value->ball);
}

void value_close(struct value *value) {
  rational_close(&value->rational);
  acb_clear(value->ball);
}

void value_swap(struct value *a, struct value *b) {
  const bool exact = a->exact;
  a->exact = b->exact, b->exact = exact;
  rational_swap(&a->rational, &b->rational);
  acb_swap(a->ball, b->ball);
}

void value_set(struct value *out, const struct value *from) {
  out->exact = from->exact;
  rational_set(&out->rational, &from->rational);
  acb_set(out->ball, from->ball);
}

void value_integer(struct value *out, i64 integer) {
  out->exact = true;
  rational_set_integer(&out->rational, integer);
}

static const fmpq *fraction(const struct value *value) { return (const fmpq *)(const void *)&value->rational; }

enum evaluated value_to_ball(const struct walk *walk, struct value *value) {
  if (walk->exact_only) return EVALUATED_UNSUPPORTED;
  if (!value->exact) return EVALUATED_EQUAL;
  if (!evaluator_step(walk->evaluator, 40 + rational_bits(&value->rational) / 64)) return EVALUATED_TOO_MANY_STEPS;
  acb_set_fmpq(value->ball, fraction(value), walk->precision);
  value->exact = false;
  return EVALUATED_EQUAL;
}

enum evaluated value_settle(struct value *out) {
  out->exact = false;
  if (!acb_is_finite(out->ball)) return EVALUATED_CLOSE;
  if (!acb_is_int(out->ball) || !value_below(out, VERIFIER_PRECISION_MAX)) return EVALUATED_EQUAL;
  fmpq *whole = (fmpq *)(void *)&out->rational;
  arf_get_fmpz(fmpq_numref(whole), arb_midref(acb_realref(out->ball)), ARF_RND_DOWN);
  fmpz_one(fmpq_denref(whole));
  out->exact = true;
  return EVALUATED_EQUAL;
}

bool value_is_real(const struct value *value) { return value->exact || acb_is_real(value->ball); }

bool value_is_nonreal(const struct value *value) {
  return !value->exact && !arb_contains_zero(acb_imagref(value->ball));
}

bool value_is_zero(const struct value *value) {
  return value->exact ? rational_sign(&value->rational) == 0 : acb_is_zero(value->ball);
}

bool value_sign(const struct value *value, int *sign) {
  if (value->exact) {
    *sign = rational_sign(&value->rational);
    return true;
  }
  if (!acb_is_real(value->ball)) return false;
  const arb_srcptr real = acb_realref(value->ball);
  *sign = arb_is_positive(real) ? 1 : arb_is_negative(real) ? -1 : 0;
  return *sign != 0 || arb_is_zero(real);
}

bool value_below(const struct value *value, slong bits) {
  if (value->exact) {
    const fmpq *q = fraction(value);
    return (slong)fmpz_bits(fmpq_numref(q)) - (slong)fmpz_bits(fmpq_denref(q)) < bits;
  }
  mag_t size;
  mag_init(size);
  acb_get_mag(size, value->ball);
  const bool below = mag_cmp_2exp_si(size, bits) < 0;
  mag_clear(size);
  return below;
}

double value_log2(const struct value *value) {
  if (value->exact) {
    const fmpq *q = fraction(value);
    const double above = (double)fmpz_bits(fmpq_numref(q)), below = (double)fmpz_bits(fmpq_denref(q));
    const double size = above > below ? above - below : below - above;
    return size + 1;
  }
  mag_t size;
  mag_init(size);
  acb_get_mag(size, value->ball);
  const double most = mag_get_d_log2_approx(size);
  acb_get_mag_lower(size, value->ball);
  const double least = mag_get_d_log2_approx(size);
  mag_clear(size);
  return (most > -least ? most : -least) + 1;
}

/* ---- arithmetic: exact while both are and it fits, else balls ---- */

typedef enum evaluated exact_operation(struct evaluator *, struct rational *, const struct rational *,
                                       const struct rational *);
typedef void ball_operation(acb_t, const acb_t, const acb_t, slong);

static enum evaluated operate(struct walk *walk, struct value *out, struct value *by, exact_operation *exactly,
                              ball_operation *roughly) {
  if (out->exact && by->exact) {
    const enum evaluated done = exactly(walk->evaluator, &out->rational, &out->rational, &by->rational);
    if (done != EVALUATED_TOO_LARGE || walk->exact_only) return done;
  }
  enum evaluated ready = value_to_ball(walk, out);
  if (ready == EVALUATED_EQUAL) ready = value_to_ball(walk, by);
  if (ready != EVALUATED_EQUAL) return ready;
  if (!evaluator_step(walk->evaluator, bounds_ball_steps((u64)walk->precision))) return EVALUATED_TOO_MANY_STEPS;
  roughly(out->ball, out->ball, by->ball, walk->precision);
  return value_settle(out);
}

static void ball_add(acb_t out, const acb_t a, const acb_t b, slong precision) { acb_add(out, a, b, precision); }
static void ball_subtract(acb_t out, const acb_t a, const acb_t b, slong precision) { acb_sub(out, a, b, precision); }
static void ball_multiply(acb_t out, const acb_t a, const acb_t b, slong precision) { acb_mul(out, a, b, precision); }
static void ball_divide(acb_t out, const acb_t a, const acb_t b, slong precision) { acb_div(out, a, b, precision); }

enum evaluated value_add(struct walk *walk, struct value *out, struct value *by) {
  return operate(walk, out, by, rational_add, ball_add);
}

enum evaluated value_subtract(struct walk *walk, struct value *out, struct value *by) {
  return operate(walk, out, by, rational_subtract, ball_subtract);
}

enum evaluated value_multiply(struct walk *walk, struct value *out, struct value *by) {
  /* 0 times a ball is 0, of which nothing is left to round. */
  if ((out->exact && rational_sign(&out->rational) == 0) || (by->exact && rational_sign(&by->rational) == 0)) {
    value_integer(out, 0);
    return EVALUATED_EQUAL;
  }
  return operate(walk, out, by, rational_multiply, ball_multiply);
}

enum evaluated value_divide(struct walk *walk, struct value *out, struct value *by) {
  if (value_is_zero(by)) return EVALUATED_UNDEFINED;
  return operate(walk, out, by, rational_divide, ball_divide);
}

void value_negate(struct value *out) {
  if (out->exact) {
    rational_negate(&out->rational, &out->rational);
  } else {
    acb_neg(out->ball, out->ball);
  }
}
