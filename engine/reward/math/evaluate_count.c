/* Factorials, binomials, gcd and lcm: of integers exactly, their sizes bounded before; factorials and binomials of others by the gamma function. */
#include "engine/reward/math/bounds.h"
#include "engine/reward/math/evaluate_value.h"

/* Of arguments of the gamma function, and of factors of a generalised binomial. */
#define GAMMA_BITS 10
#define FACTORS_MAX 64

static fmpz *numerator(struct value *value) { return (fmpz *)&value->rational.numerator; }

static bool is_integer(const struct value *value) { return value->exact && rational_is_integer(&value->rational); }

static enum evaluated work(struct walk *walk, u64 bits) {
  if (!bounds_fit(bits)) return EVALUATED_TOO_LARGE;
  return evaluator_step(walk->evaluator, bounds_multiply_steps(bits, bits) + bits) ? EVALUATED_EQUAL
                                                                                   : EVALUATED_TOO_MANY_STEPS;
}

/* gamma(x + 1) */
static enum evaluated gamma_of(struct walk *walk, struct value *out) {
  if (!value_is_real(out)) return EVALUATED_UNSUPPORTED;
  if (!value_below(out, GAMMA_BITS)) return EVALUATED_TOO_LARGE;
  const enum evaluated ready = value_to_ball(walk, out);
  if (ready != EVALUATED_EQUAL) return ready;
  if (!evaluator_step(walk->evaluator, 40 * bounds_function_steps((u64)walk->precision)))
    return EVALUATED_TOO_MANY_STEPS;
  arb_add_ui(acb_realref(out->ball), acb_realref(out->ball), 1, walk->precision);
  arb_gamma(acb_realref(out->ball), acb_realref(out->ball), walk->precision);
  return value_settle(out);
}

static enum evaluated factorial(struct walk *walk, struct value *out) {
  i64 n;
  if (!is_integer(out)) return gamma_of(walk, out);
  if (rational_sign(&out->rational) < 0) return EVALUATED_UNDEFINED;
  if (!rational_to_i64(&out->rational, &n)) return EVALUATED_TOO_LARGE;
  const enum evaluated fits = work(walk, bounds_factorial_bits((u64)n));
  if (fits != EVALUATED_EQUAL) return fits;
  value_integer(out, 1);
  fmpz_fac_ui(numerator(out), (ulong)n);
  return EVALUATED_EQUAL;
}

/* n!! = n! / (n - 1)!!, and (2k)!! = 2^k k!. */
static enum evaluated double_factorial(struct walk *walk, struct value *out) {
  i64 n;
  if (!is_integer(out)) return value_is_real(out) && out->exact ? EVALUATED_UNDEFINED : EVALUATED_UNSUPPORTED;
  if (rational_sign(&out->rational) < 0) return EVALUATED_UNDEFINED;
  if (!rational_to_i64(&out->rational, &n)) return EVALUATED_TOO_LARGE;
  const enum evaluated fits = work(walk, bounds_factorial_bits((u64)n));
  if (fits != EVALUATED_EQUAL) return fits;
  const ulong half = (ulong)n / 2;
  fmpz_t even;
  fmpz_init(even);
  fmpz_fac_ui(even, half);
  fmpz_mul_2exp(even, even, half);
  value_integer(out, 1);
  if (n % 2 == 0) {
    fmpz_set(numerator(out), even);
  } else {
    fmpz_fac_ui(numerator(out), (ulong)n);
    fmpz_divexact(numerator(out), numerator(out), even);
  }
  fmpz_clear(even);
  return EVALUATED_EQUAL;
}

/* n (n - 1) ... (n - k + 1) / k! */
static enum evaluated falling(struct walk *walk, struct value *n, i64 k, struct value *out) {
  struct value factor, one;
  enum evaluated done = EVALUATED_EQUAL;
  value_open(&factor), value_open(&one);
  value_integer(out, 1);
  value_integer(&one, 1);
  for (i64 i = 1; i <= k && done == EVALUATED_EQUAL; i++) {
    rational_set(&factor.rational, &n->rational);
    factor.exact = true;
    done = value_multiply(walk, out, &factor);
    value_integer(&factor, i);
    if (done == EVALUATED_EQUAL) done = value_divide(walk, out, &factor);
    if (done == EVALUATED_EQUAL) done = value_subtract(walk, n, &one);
  }
  value_close(&factor), value_close(&one);
  return done;
}

/* n! / (k! (n - k)!) by gamma functions. */
static enum evaluated gamma_binomial(struct walk *walk, struct value *n, struct value *k, struct value *again,
                                     struct value *out) {
  enum evaluated done = value_subtract(walk, again, k); /* n - k */
  if (done == EVALUATED_EQUAL) done = factorial(walk, again);
  if (done == EVALUATED_EQUAL) done = factorial(walk, k);
  if (done == EVALUATED_EQUAL) done = factorial(walk, n);
  if (done == EVALUATED_EQUAL) done = value_divide(walk, n, k);
  if (done == EVALUATED_EQUAL) done = value_divide(walk, n, again);
  if (done == EVALUATED_EQUAL) value_swap(n, out);
  return done;
}

static enum evaluated binomial(struct walk *walk, struct value *n, struct value *k, struct value *again,
                               struct value *out) {
  i64 upper = 0, lower = 0;
  const bool small = is_integer(k) && rational_to_i64(&k->rational, &lower);
  const bool natural = is_integer(n) && rational_sign(&n->rational) >= 0;
  if (natural && is_integer(k) &&
      (rational_sign(&k->rational) < 0 || rational_compare(&k->rational, &n->rational) > 0)) {
    value_integer(out, 0);
    return EVALUATED_EQUAL;
  }
  if (natural && small && rational_to_i64(&n->rational, &upper)) {
    const enum evaluated fits = work(walk, bounds_binomial_bits((u64)upper, (u64)lower));
    if (fits != EVALUATED_EQUAL) return fits;
    value_integer(out, 1);
    fmpz_bin_uiui(numerator(out), (ulong)upper, (ulong)lower);
    return EVALUATED_EQUAL;
  }
  if (n->exact && small && lower >= 0 && lower <= FACTORS_MAX) return falling(walk, n, lower, out);
  return gamma_binomial(walk, n, k, again, out);
}

static enum evaluated choose(struct walk *walk, u32 node, struct value *out) {
  struct value n, k, again;
  value_open(&n), value_open(&k), value_open(&again);
  enum evaluated done = walk_child(walk, node, 0, &n);
  if (done == EVALUATED_EQUAL) done = walk_child(walk, node, 1, &k);
  value_set(&again, &n);
  if (done == EVALUATED_EQUAL) done = binomial(walk, &n, &k, &again, out);
  value_close(&n), value_close(&k), value_close(&again);
  return done;
}

/* Of rationals, too: gcd(2.4, 3.6) = 1.2 is the largest that goes into both a whole number of times. lcm(a, b) = |ab| / gcd(a, b). */
static enum evaluated combine(struct walk *walk, struct value *out, const struct value *by, bool multiple) {
  fmpq *left = (fmpq *)(void *)&out->rational;
  const fmpq *right = (const fmpq *)(const void *)&by->rational;
  const u64 bits = 2 * (rational_bits(&by->rational) + rational_bits(&out->rational));
  if (!bounds_fit(bits)) return EVALUATED_TOO_LARGE;
  if (!evaluator_step(walk->evaluator, 3 * bounds_gcd_steps(bits / 2, bits / 2))) return EVALUATED_TOO_MANY_STEPS;
  fmpq_t divisor;
  fmpq_init(divisor);
  fmpq_gcd(divisor, left, right);
  if (!multiple || fmpq_is_zero(divisor)) {
    fmpq_swap(left, divisor);
  } else {
    fmpq_mul(left, left, right);
    fmpq_div(left, left, divisor);
  }
  fmpq_abs(left, left);
  fmpq_clear(divisor);
  return EVALUATED_EQUAL;
}

static enum evaluated common(struct walk *walk, u32 node, struct value *out, bool multiple) {
  const u32 count = expression_at(walk->pool, node)->count, met = walk->met;
  struct value next;
  walk->met &= ~MET_VARIABLE;
  enum evaluated done = walk_child(walk, node, 0, out);
  value_open(&next);
  for (u32 i = 0; i < count && done == EVALUATED_EQUAL; i++) {
    done = walk_child(walk, node, i, &next);
    if (done == EVALUATED_EQUAL && (!next.exact || !out->exact)) done = EVALUATED_UNSUPPORTED;
    if (done == EVALUATED_EQUAL) done = combine(walk, out, &next, multiple);
  }
  if ((walk->met & MET_VARIABLE) != 0) walk->met |= MET_OPEN;
  walk->met |= met;
  value_close(&next);
  return done;
}

enum evaluated walk_count(struct walk *walk, u32 node, struct value *out) {
  const u32 function = expression_at(walk->pool, node)->value;
  if (function == FUNCTION_BINOMIAL) return choose(walk, node, out);
  if (function == FUNCTION_GCD || function == FUNCTION_LCM) return common(walk, node, out, function == FUNCTION_LCM);
  const enum evaluated done = walk_child(walk, node, 0, out);
  if (done != EVALUATED_EQUAL) return done;
  return function == FUNCTION_FACTORIAL ? factorial(walk, out) : double_factorial(walk, out);
}
