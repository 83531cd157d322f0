/* FUNCTIONs of one argument by a table, logarithms, rounding and what goes by size. Those that count stand in evaluate_count.c. */
#include "engine/reward/math/bounds.h"
#include "engine/reward/math/evaluate_value.h"

typedef void ball_function(acb_t out, const acb_t argument, slong precision);
typedef enum evaluated value_function(struct walk *walk, struct value *out);

/* Larger angles would ask for more bits of pi than are kept. */
#define ANGLE_BITS 1024
/* e^(2^15) is near 2^VERIFIER_INTEGER_BITS_MAX. */
#define HYPERBOLIC_BITS 15
#define ANY_BITS 65536

/* f(x), f(1/x) where `of_inverse`, 1/f where `inverted`. */
struct analytic {
  ball_function *apply;
  slong bits; /* of the argument, at most */
  bool of_inverse, inverted;
};
static const struct analytic analytic_functions[FUNCTIONS] = {
    [FUNCTION_SIN] = {acb_sin, ANGLE_BITS, false, false},
    [FUNCTION_COS] = {acb_cos, ANGLE_BITS, false, false},
    [FUNCTION_TAN] = {acb_tan, ANGLE_BITS, false, false},
    [FUNCTION_CSC] = {acb_sin, ANGLE_BITS, false, true},
    [FUNCTION_SEC] = {acb_cos, ANGLE_BITS, false, true},
    [FUNCTION_COT] = {acb_cot, ANGLE_BITS, false, false},
    [FUNCTION_ASIN] = {acb_asin, ANY_BITS, false, false},
    [FUNCTION_ACOS] = {acb_acos, ANY_BITS, false, false},
    [FUNCTION_ATAN] = {acb_atan, ANY_BITS, false, false},
    [FUNCTION_ACSC] = {acb_asin, ANY_BITS, true, false},
    [FUNCTION_ASEC] = {acb_acos, ANY_BITS, true, false},
    [FUNCTION_SINH] = {acb_sinh, HYPERBOLIC_BITS, false, false},
    [FUNCTION_COSH] = {acb_cosh, HYPERBOLIC_BITS, false, false},
    [FUNCTION_TANH] = {acb_tanh, HYPERBOLIC_BITS, false, false},
    [FUNCTION_CSCH] = {acb_sinh, HYPERBOLIC_BITS, false, true},
    [FUNCTION_SECH] = {acb_cosh, HYPERBOLIC_BITS, false, true},
    [FUNCTION_COTH] = {acb_tanh, HYPERBOLIC_BITS, false, true},
    [FUNCTION_ASINH] = {acb_asinh, ANY_BITS, false, false},
    [FUNCTION_ACOSH] = {acb_acosh, ANY_BITS, false, false},
    [FUNCTION_ATANH] = {acb_atanh, ANY_BITS, false, false},
    [FUNCTION_LN] = {acb_log, ANY_BITS, false, false},
};

static enum evaluated invert(struct walk *walk, struct value *out) {
  struct value one;
  value_open(&one);
  value_integer(&one, 1);
  const enum evaluated done = value_divide(walk, &one, out);
  if (done == EVALUATED_EQUAL) value_swap(&one, out);
  value_close(&one);
  return done;
}

static enum evaluated analytic(struct walk *walk, const struct analytic *function, struct value *out) {
  enum evaluated done = function->of_inverse ? invert(walk, out) : EVALUATED_EQUAL;
  if (done == EVALUATED_EQUAL && !value_below(out, function->bits)) done = EVALUATED_TOO_LARGE;
  if (done == EVALUATED_EQUAL) done = value_to_ball(walk, out);
  if (done != EVALUATED_EQUAL) return done;
  if (!evaluator_step(walk->evaluator, 2 * bounds_function_steps((u64)walk->precision)))
    return EVALUATED_TOO_MANY_STEPS;
  const bool real = acb_is_real(out->ball);
  function->apply(out->ball, out->ball, walk->precision);
  if (real && !acb_is_real(out->ball)) walk->met |= MET_NONREAL;
  done = value_settle(out);
  return done == EVALUATED_EQUAL && function->inverted ? invert(walk, out) : done;
}

/* ---- logarithms ---- */

static enum evaluated natural(struct walk *walk, struct value *out) {
  i64 whole;
  if (value_is_zero(out)) return EVALUATED_UNDEFINED;
  if (out->exact && rational_to_i64(&out->rational, &whole) && whole == 1) {
    value_integer(out, 0);
    return EVALUATED_EQUAL;
  }
  return analytic(walk, &analytic_functions[FUNCTION_LN], out);
}

/* The whole number nearest to log(argument) / log(base), if it can be told. */
static bool nearest_logarithm(const struct value *argument, const struct value *base, struct rational *out) {
  arb_t above, below;
  fmpz_t whole;
  arb_init(above), arb_init(below);
  fmpz_init(whole);
  arb_set_fmpq(above, (const fmpq *)(const void *)&argument->rational, 64);
  arb_set_fmpq(below, (const fmpq *)(const void *)&base->rational, 64);
  arb_log(above, above, 64);
  arb_log(below, below, 64);
  arb_div(above, above, below, 64);
  const bool found = arb_is_finite(above) && arb_get_unique_fmpz(whole, above) && fmpz_bits(whole) < 62;
  if (found) rational_set_integer(out, fmpz_get_si(whole));
  arb_clear(above), arb_clear(below);
  fmpz_clear(whole);
  return found;
}

/* argument = base^k for a whole k, both exact: then the logarithm is, too. */
static bool exact_logarithm(struct walk *walk, struct value *argument, const struct value *base) {
  struct rational power, exponent;
  if (!argument->exact || !base->exact || rational_sign(&argument->rational) <= 0 ||
      rational_sign(&base->rational) <= 0 || !evaluator_step(walk->evaluator, 2 * bounds_function_steps(64)))
    return false;
  rational_open(&power);
  rational_open(&exponent);
  const bool found = nearest_logarithm(argument, base, &exponent) &&
                     rational_power(walk->evaluator, &power, &base->rational, &exponent) == EVALUATED_EQUAL &&
                     rational_compare(&power, &argument->rational) == 0;
  if (found) rational_swap(&argument->rational, &exponent);
  rational_close(&power);
  rational_close(&exponent);
  return found;
}

static enum evaluated logarithm(struct walk *walk, u32 node, struct value *out) {
  const bool bare = expression_at(walk->pool, node)->count == 1;
  if (bare) walk->met |= READING_LOG;
  if (bare && (walk->readings & READING_LOG) != 0) return natural(walk, out);
  struct value base;
  value_open(&base);
  value_integer(&base, 10);
  enum evaluated done = bare ? EVALUATED_EQUAL : walk_child(walk, node, 1, &base);
  if (done == EVALUATED_EQUAL && !exact_logarithm(walk, out, &base)) {
    done = natural(walk, out);
    if (done == EVALUATED_EQUAL) done = natural(walk, &base);
    if (done == EVALUATED_EQUAL) done = value_divide(walk, out, &base);
  }
  value_close(&base);
  return done;
}

/* pi/2 - atan x, in (0, pi), or atan(1/x), in (-pi/2, pi/2): they differ by pi where x is negative. */
static enum evaluated arc_cotangent(struct walk *walk, struct value *out) {
  int sign;
  const bool known = value_sign(out, &sign);
  if (!known || sign < 0) walk->met |= READING_ARC;
  if (known && sign < 0 && (walk->readings & READING_ARC) != 0) {
    const enum evaluated done = invert(walk, out);
    return done == EVALUATED_EQUAL ? analytic(walk, &analytic_functions[FUNCTION_ATAN], out) : done;
  }
  enum evaluated done = analytic(walk, &analytic_functions[FUNCTION_ATAN], out);
  if (done == EVALUATED_EQUAL) done = value_to_ball(walk, out);
  if (done != EVALUATED_EQUAL) return done;
  acb_t quarter;
  acb_init(quarter);
  acb_const_pi(quarter, walk->precision);
  acb_mul_2exp_si(quarter, quarter, -1);
  acb_sub(out->ball, quarter, out->ball, walk->precision);
  acb_clear(quarter);
  return value_settle(out);
}

/* ---- sizes and signs ---- */

enum evaluated value_absolute(struct walk *walk, struct value *out) {
  if (out->exact) {
    rational_absolute(&out->rational, &out->rational);
    return EVALUATED_EQUAL;
  }
  acb_abs(acb_realref(out->ball), out->ball, walk->precision);
  arb_zero(acb_imagref(out->ball));
  return value_settle(out);
}

static enum evaluated sign_of(struct walk *walk, struct value *out) {
  int sign;
  (void)walk;
  if (!value_sign(out, &sign)) return value_is_nonreal(out) ? EVALUATED_UNDEFINED : EVALUATED_CLOSE;
  value_integer(out, sign);
  return EVALUATED_EQUAL;
}

static enum evaluated floor_of(struct walk *walk, struct value *out) {
  const u64 bits = out->exact ? rational_bits(&out->rational) : 0;
  if (!evaluator_step(walk->evaluator, bounds_gcd_steps(bits, bits))) return EVALUATED_TOO_MANY_STEPS;
  if (out->exact) {
    rational_floor(&out->rational, &out->rational);
    return EVALUATED_EQUAL;
  }
  if (!value_is_real(out)) return value_is_nonreal(out) ? EVALUATED_UNDEFINED : EVALUATED_CLOSE;
  if (!value_below(out, VERIFIER_PRECISION_MAX)) return EVALUATED_TOO_LARGE;
  arb_floor(acb_realref(out->ball), acb_realref(out->ball), walk->precision);
  const enum evaluated done = value_settle(out);
  return done == EVALUATED_EQUAL && !out->exact ? EVALUATED_CLOSE : done; /* between two integers, or across one */
}

static enum evaluated ceiling_of(struct walk *walk, struct value *out) {
  value_negate(out);
  const enum evaluated done = floor_of(walk, out);
  value_negate(out);
  return done;
}

/* Points are real, z may be not: that its conjugate has the same value there says nothing. */
static void meet_complex(struct walk *walk) {
  walk->met |= MET_IMAGINARY;
  if ((walk->met & (MET_VARIABLE | MET_CALL)) != 0) walk->met |= MET_OPEN;
}

static enum evaluated part_of(struct walk *walk, struct value *out, bool imaginary) {
  meet_complex(walk);
  if (out->exact) {
    if (imaginary) value_integer(out, 0);
    return EVALUATED_EQUAL;
  }
  if (imaginary) arb_swap(acb_realref(out->ball), acb_imagref(out->ball));
  arb_zero(acb_imagref(out->ball));
  return value_settle(out);
}

static enum evaluated real_part(struct walk *walk, struct value *out) { return part_of(walk, out, false); }
static enum evaluated imaginary_part(struct walk *walk, struct value *out) { return part_of(walk, out, true); }

static enum evaluated conjugate(struct walk *walk, struct value *out) {
  meet_complex(walk);
  if (!out->exact) acb_conj(out->ball, out->ball);
  return EVALUATED_EQUAL;
}

static value_function *const plain_functions[FUNCTIONS] = {
    [FUNCTION_EXP] = value_exp,       [FUNCTION_LN] = natural,   [FUNCTION_ACOT] = arc_cotangent,
    [FUNCTION_ABS] = value_absolute,  [FUNCTION_SIGN] = sign_of, [FUNCTION_FLOOR] = floor_of,
    [FUNCTION_CEILING] = ceiling_of,  [FUNCTION_RE] = real_part, [FUNCTION_IM] = imaginary_part,
    [FUNCTION_CONJUGATE] = conjugate,
};

/* ---- several arguments ---- */

static enum evaluated larger(struct walk *walk, struct value *out, struct value *by) {
  if (out->exact && by->exact) {
    if (rational_compare(&out->rational, &by->rational) < 0) value_swap(out, by);
    return EVALUATED_EQUAL;
  }
  enum evaluated done = value_to_ball(walk, out);
  if (done == EVALUATED_EQUAL) done = value_to_ball(walk, by);
  if (done != EVALUATED_EQUAL) return done;
  if (!value_is_real(out) || !value_is_real(by))
    return value_is_nonreal(out) || value_is_nonreal(by) ? EVALUATED_UNDEFINED : EVALUATED_CLOSE;
  arb_max(acb_realref(out->ball), acb_realref(out->ball), acb_realref(by->ball), walk->precision);
  return value_settle(out);
}

static enum evaluated extreme(struct walk *walk, u32 node, struct value *out, bool least) {
  const u32 count = expression_at(walk->pool, node)->count;
  struct value next;
  enum evaluated done = walk_child(walk, node, 0, out);
  value_open(&next);
  if (least) value_negate(out);
  for (u32 i = 1; i < count && done == EVALUATED_EQUAL; i++) {
    done = walk_child(walk, node, i, &next);
    if (least) value_negate(&next);
    if (done == EVALUATED_EQUAL) done = larger(walk, out, &next);
  }
  if (least) value_negate(out);
  value_close(&next);
  return done;
}

/* a - b floor(a / b) */
static enum evaluated modulo(struct walk *walk, u32 node, struct value *out) {
  struct value by, times, again;
  value_open(&by), value_open(&times), value_open(&again);
  enum evaluated done = walk_child(walk, node, 0, out);
  if (done == EVALUATED_EQUAL) done = walk_child(walk, node, 1, &by);
  if (done == EVALUATED_EQUAL) {
    value_set(&times, out);
    value_set(&again, &by);
    done = value_divide(walk, &times, &again);
  }
  if (done == EVALUATED_EQUAL) done = floor_of(walk, &times);
  if (done == EVALUATED_EQUAL) done = value_multiply(walk, &times, &by);
  if (done == EVALUATED_EQUAL) done = value_subtract(walk, out, &times);
  value_close(&by), value_close(&times), value_close(&again);
  return done;
}

static const bool made_of_pieces[FUNCTIONS] = {
    [FUNCTION_ABS] = true,  [FUNCTION_SIGN] = true, [FUNCTION_FLOOR] = true, [FUNCTION_CEILING] = true,
    [FUNCTION_MIN] = true,  [FUNCTION_MAX] = true,  [FUNCTION_MOD] = true,   [FUNCTION_ASIN] = true,
    [FUNCTION_ACOS] = true, [FUNCTION_ATAN] = true, [FUNCTION_ACSC] = true,  [FUNCTION_ASEC] = true,
    [FUNCTION_ACOT] = true,
};

enum evaluated walk_function(struct walk *walk, u32 node, struct value *out) {
  const u32 function = expression_at(walk->pool, node)->value;
  if (made_of_pieces[function]) walk->met |= MET_PIECES;
  switch (function) {
    case FUNCTION_MIN:
      return extreme(walk, node, out, true);
    case FUNCTION_MAX:
      return extreme(walk, node, out, false);
    case FUNCTION_MOD:
      return modulo(walk, node, out);
    case FUNCTION_DETERMINANT:
      return walk_determinant(walk, node, out);
    case FUNCTION_FACTORIAL:
    case FUNCTION_DOUBLE_FACTORIAL:
    case FUNCTION_BINOMIAL:
    case FUNCTION_GCD:
    case FUNCTION_LCM:
      return walk_count(walk, node, out);
    default:
      break;
  }
  const enum evaluated done = walk_child(walk, node, 0, out);
  if (done != EVALUATED_EQUAL) return done;
  if (function == FUNCTION_LOG) return logarithm(walk, node, out);
  if (plain_functions[function]) return plain_functions[function](walk, out);
  return analytic_functions[function].apply ? analytic(walk, &analytic_functions[function], out)
                                            : EVALUATED_UNSUPPORTED;
}
