/* Powers and roots of values. How large a result becomes is known before it is made: log2 of the base times the exponent. */
#include "engine/reward/math/bounds.h"
#include "engine/reward/math/evaluate_value.h"

/* e^x passes 2^VERIFIER_INTEGER_BITS_MAX at x = 45426. */
#define EXPONENT_MAX (VERIFIER_INTEGER_BITS_MAX * 0.69)
/* Roots of a higher index are taken as exp(log / index). */
#define ROOT_INDEX_MAX 64

static enum evaluated count_function(struct walk *walk) {
  return evaluator_step(walk->evaluator, bounds_function_steps((u64)walk->precision)) ? EVALUATED_EQUAL
                                                                                      : EVALUATED_TOO_MANY_STEPS;
}

static enum evaluated ready_function(struct walk *walk, struct value *value) {
  const enum evaluated ready = value_to_ball(walk, value);
  return ready == EVALUATED_EQUAL ? count_function(walk) : ready;
}

enum evaluated value_exp(struct walk *walk, struct value *out) {
  if (out->exact && rational_sign(&out->rational) == 0) {
    value_integer(out, 1);
    return EVALUATED_EQUAL;
  }
  enum evaluated ready = ready_function(walk, out);
  if (ready != EVALUATED_EQUAL) return ready;
  arf_t most;
  arf_init(most);
  arb_get_abs_ubound_arf(most, acb_realref(out->ball), 64);
  const bool large = arf_cmp_d(most, EXPONENT_MAX) > 0;
  arb_get_abs_ubound_arf(most, acb_imagref(out->ball), 64);
  const bool turns = arf_cmpabs_2exp_si(most, VERIFIER_PRECISION_MAX) > 0;
  arf_clear(most);
  if (large || turns) return EVALUATED_TOO_LARGE;
  acb_exp(out->ball, out->ball, walk->precision);
  return value_settle(out);
}

/* ---- roots ---- */

/* The real root of a ball above 0. */
static enum evaluated positive_root(struct walk *walk, struct value *out, u32 index) {
  if (out->exact && rational_root(walk->evaluator, &out->rational, &out->rational, index) == EVALUATED_EQUAL)
    return EVALUATED_EQUAL;
  const enum evaluated ready = ready_function(walk, out);
  if (ready != EVALUATED_EQUAL) return ready;
  arb_root_ui(acb_realref(out->ball), acb_realref(out->ball), index, walk->precision);
  return value_settle(out);
}

/* Of a negative number: the root of its size, turned by pi / index. */
static enum evaluated turned_root(struct walk *walk, struct value *out, u32 index) {
  enum evaluated done = positive_root(walk, out, index);
  if (done == EVALUATED_EQUAL) done = ready_function(walk, out);
  if (done != EVALUATED_EQUAL) return done;
  walk->met |= MET_NONREAL;
  if (index == 2) {
    acb_mul_onei(out->ball, out->ball);
    return value_settle(out);
  }
  acb_t turn;
  fmpq_t angle;
  acb_init(turn);
  fmpq_init(angle);
  fmpq_set_si(angle, 1, index);
  arb_sin_cos_pi_fmpq(acb_imagref(turn), acb_realref(turn), angle, walk->precision);
  acb_mul(out->ball, out->ball, turn, walk->precision);
  acb_clear(turn);
  fmpq_clear(angle);
  return value_settle(out);
}

/* May be 0, of either sign or none: a disc of the size's root holds it. */
static enum evaluated root_near_zero(struct value *out, u32 index) {
  mag_t size;
  mag_init(size);
  acb_get_mag(size, out->ball);
  mag_root(size, size, index);
  acb_zero(out->ball);
  acb_add_error_mag(out->ball, size);
  mag_clear(size);
  return value_settle(out);
}

static enum evaluated root(struct walk *walk, struct value *out, u32 index, u32 reading) {
  int sign;
  if (index % 2 == 0) walk->met |= MET_PIECES;
  if (value_is_zero(out) || index == 1) return EVALUATED_EQUAL;
  if (!value_sign(out, &sign)) {
    const enum evaluated ready = ready_function(walk, out);
    if (ready != EVALUATED_EQUAL) return ready;
    if (acb_contains_zero(out->ball)) return root_near_zero(out, index);
    if (!evaluator_step(walk->evaluator, 2 * bounds_function_steps((u64)walk->precision)))
      return EVALUATED_TOO_MANY_STEPS;
    acb_root_ui(out->ball, out->ball, index, walk->precision);
    return value_settle(out);
  }
  if (sign > 0) return positive_root(walk, out, index);
  value_negate(out);
  if (index % 2 == 0) return turned_root(walk, out, index);
  walk->met |= reading;
  if ((walk->readings & reading) != 0) return turned_root(walk, out, index);
  const enum evaluated done = positive_root(walk, out, index);
  value_negate(out);
  return done;
}

/* ---- powers ---- */

/* |value|, at most; 2^64 stands for all above. */
static double size_of(const struct value *value) {
  double size = 0x1p64;
  if (value->exact) {
    const u64 above = fmpz_bits((const fmpz *)&value->rational.numerator),
              below = fmpz_bits((const fmpz *)&value->rational.denominator);
    if (above + 1 <= below) return 1;
    if (above - below >= 63) return size;
    if (above > 900) return (double)(2ull << (above - below));
    size =
        fmpz_get_d((const fmpz *)&value->rational.numerator) / fmpz_get_d((const fmpz *)&value->rational.denominator);
    return size < 0 ? -size : size;
  }
  mag_t most;
  mag_init(most);
  acb_get_mag(most, value->ball);
  if (mag_cmp_2exp_si(most, 64) < 0) size = mag_get_d(most);
  mag_clear(most);
  return size;
}

static bool power_fits(const struct value *base, const struct value *exponent) {
  return value_log2(base) * size_of(exponent) <= (double)VERIFIER_INTEGER_BITS_MAX;
}

static enum evaluated whole_power(struct walk *walk, struct value *out, const struct value *exponent) {
  if (out->exact) {
    const enum evaluated done = rational_power(walk->evaluator, &out->rational, &out->rational, &exponent->rational);
    if (done != EVALUATED_TOO_LARGE || walk->exact_only) return done;
  }
  if (rational_sign(&exponent->rational) == 0) {
    if (acb_contains_zero(out->ball)) return EVALUATED_CLOSE;
    value_integer(out, 1);
    return EVALUATED_EQUAL;
  }
  const bool near_zero = !out->exact && acb_contains_zero(out->ball);
  if (near_zero && rational_sign(&exponent->rational) < 0) return EVALUATED_CLOSE;
  if (!near_zero && !power_fits(out, exponent)) return EVALUATED_TOO_LARGE;
  if (near_zero && rational_bits(&exponent->rational) > 16) return EVALUATED_TOO_LARGE;
  const enum evaluated ready = ready_function(walk, out);
  if (ready != EVALUATED_EQUAL) return ready;
  acb_pow_fmpz(out->ball, out->ball, (const fmpz *)&exponent->rational.numerator, walk->precision);
  return value_settle(out);
}

/* exp(exponent log base), the principal value. */
static enum evaluated general_power(struct walk *walk, struct value *out, struct value *exponent) {
  int sign;
  const bool real = value_is_real(out) && value_is_real(exponent);
  if (out->exact && rational_bits(&out->rational) == 1 && rational_sign(&out->rational) == 1) return EVALUATED_EQUAL;
  if (!out->exact && acb_contains_zero(out->ball)) return EVALUATED_CLOSE;
  if (!power_fits(out, exponent)) return EVALUATED_TOO_LARGE;
  enum evaluated ready = ready_function(walk, out);
  if (ready == EVALUATED_EQUAL) ready = ready_function(walk, exponent);
  if (ready == EVALUATED_EQUAL) ready = count_function(walk);
  if (ready != EVALUATED_EQUAL) return ready;
  if (real && (!value_sign(out, &sign) || sign < 0)) walk->met |= MET_NONREAL;
  acb_pow(out->ball, out->ball, exponent->ball, walk->precision);
  return value_settle(out);
}

static enum evaluated power_of_zero(const struct value *exponent) {
  int sign;
  if (!value_sign(exponent, &sign)) return value_is_nonreal(exponent) ? EVALUATED_UNDEFINED : EVALUATED_CLOSE;
  return sign > 0 ? EVALUATED_EQUAL : EVALUATED_UNDEFINED;
}

enum evaluated value_power(struct walk *walk, struct value *out, struct value *exponent) {
  struct rational part;
  i64 index;
  if (value_is_zero(out)) return power_of_zero(exponent);
  if (!exponent->exact) return general_power(walk, out, exponent);
  if (rational_is_integer(&exponent->rational)) return whole_power(walk, out, exponent);
  rational_open(&part);
  rational_denominator(&part, &exponent->rational);
  const bool small = rational_to_i64(&part, &index) && index <= ROOT_INDEX_MAX;
  const bool odd = rational_bits(&part) > 0 && fmpz_is_odd((const fmpz *)&part.numerator);
  rational_close(&part);
  if (!small) {
    int sign;
    if (odd && value_is_real(out) && (!value_sign(out, &sign) || sign < 0)) walk->met |= READING_POWER;
    return general_power(walk, out, exponent);
  }
  /* b^(p/q) is the p-th power of the q-th root, of the principal ones as of the real ones. */
  enum evaluated done = root(walk, out, (u32)index, READING_POWER);
  if (done != EVALUATED_EQUAL) return done;
  struct value times;
  value_open(&times);
  rational_numerator(&times.rational, &exponent->rational);
  done = whole_power(walk, out, &times);
  value_close(&times);
  return done;
}

enum evaluated value_root(struct walk *walk, struct value *out, struct value *index) {
  i64 small;
  if (index->exact && rational_to_i64(&index->rational, &small) && small >= 1 && small <= ROOT_INDEX_MAX)
    return root(walk, out, (u32)small, READING_ROOT);
  struct value exponent;
  value_open(&exponent);
  value_integer(&exponent, 1);
  enum evaluated done = value_divide(walk, &exponent, index);
  if (done == EVALUATED_EQUAL) done = value_power(walk, out, &exponent);
  value_close(&exponent);
  return done;
}
