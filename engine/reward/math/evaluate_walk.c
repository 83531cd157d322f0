/* The value of a node: numbers, constants, arithmetic, marks. Functions, counting, points have files of their own. */
#include "engine/check.h"
#include "engine/reward/math/bounds.h"
#include "engine/reward/math/evaluate_value.h"

#define DETERMINANT_ROWS_MAX 5u

enum evaluated walk_child(struct walk *walk, u32 node, u32 index, struct value *out) {
  return walk_value(walk, expression_child(walk->pool, node, index), out);
}

typedef enum evaluated operation(struct walk *, struct value *, struct value *);

/* ADD, MULTIPLY, DIVIDE: from the left. */
static enum evaluated fold(struct walk *walk, u32 node, struct value *out, operation *operate) {
  const u32 count = expression_at(walk->pool, node)->count;
  struct value next;
  enum evaluated done = walk_child(walk, node, 0, out);
  value_open(&next);
  for (u32 i = 1; i < count && done == EVALUATED_EQUAL; i++) {
    done = walk_child(walk, node, i, &next);
    if (done == EVALUATED_EQUAL) done = operate(walk, out, &next);
  }
  value_close(&next);
  return done;
}

/* e to a power is the exponential: sharper than a power of a ball, and right for complex exponents. */
static enum evaluated power(struct walk *walk, u32 node, struct value *out) {
  const struct expression *base = expression_at(walk->pool, expression_child(walk->pool, node, 0));
  if (base->kind != EXPRESSION_CONSTANT || base->value != CONSTANT_E) return fold(walk, node, out, value_power);
  const enum evaluated done = walk_child(walk, node, 1, out);
  return done == EVALUATED_EQUAL ? value_exp(walk, out) : done;
}

/* The fraction is added to the size of the whole. */
static enum evaluated mixed(struct walk *walk, u32 node, struct value *out) {
  int sign;
  struct value part;
  value_open(&part);
  enum evaluated done = walk_child(walk, node, 0, out);
  if (done == EVALUATED_EQUAL) done = walk_child(walk, node, 1, &part);
  if (done == EVALUATED_EQUAL && !value_sign(out, &sign)) done = EVALUATED_UNSUPPORTED;
  if (done == EVALUATED_EQUAL) {
    if (sign < 0) value_negate(&part);
    done = value_add(walk, out, &part);
  }
  value_close(&part);
  return done;
}

static enum evaluated constant(struct walk *walk, u32 which, struct value *out) {
  if (which > CONSTANT_I || walk->exact_only) return EVALUATED_UNSUPPORTED;
  acb_zero(out->ball);
  out->exact = false;
  if (which == CONSTANT_PI) {
    arb_const_pi(acb_realref(out->ball), walk->precision);
  } else if (which == CONSTANT_E) {
    arb_const_e(acb_realref(out->ball), walk->precision);
  } else {
    acb_onei(out->ball);
    walk->met |= MET_IMAGINARY;
  }
  return EVALUATED_EQUAL;
}

/* x / per, and pi times it for degrees. */
static enum evaluated marked(struct walk *walk, u32 node, struct value *out, i64 per, bool degrees) {
  struct value factor;
  value_open(&factor);
  value_integer(&factor, per);
  enum evaluated done = walk_child(walk, node, 0, out);
  if (done == EVALUATED_EQUAL) done = value_divide(walk, out, &factor);
  if (done == EVALUATED_EQUAL && degrees) done = constant(walk, CONSTANT_PI, &factor);
  if (done == EVALUATED_EQUAL && degrees) done = value_multiply(walk, out, &factor);
  value_close(&factor);
  return done;
}

static enum evaluated negated(struct walk *walk, u32 node, struct value *out) {
  const enum evaluated done = walk_child(walk, node, 0, out);
  value_negate(out);
  return done;
}

static enum evaluated number(struct walk *walk, u32 node, struct value *out) {
  out->exact = true;
  return rational_number(walk->evaluator, &out->rational, walk->pool, node);
}

static enum evaluated value_of_node(struct walk *walk, u32 node, struct value *out) {
  const struct expression *at = expression_at(walk->pool, node);
  if (!evaluator_step(walk->evaluator, 40)) return EVALUATED_TOO_MANY_STEPS;
  switch (at->kind) {
    case EXPRESSION_NUMBER:
      return number(walk, node, out);
    case EXPRESSION_VARIABLE:
      return walk_variable(walk, node, out);
    case EXPRESSION_CONSTANT:
      return constant(walk, at->value, out);
    case EXPRESSION_NEGATE:
      return negated(walk, node, out);
    case EXPRESSION_ADD:
      return fold(walk, node, out, value_add);
    case EXPRESSION_MULTIPLY:
      return fold(walk, node, out, value_multiply);
    case EXPRESSION_DIVIDE:
      return fold(walk, node, out, value_divide);
    case EXPRESSION_POWER:
      return power(walk, node, out);
    case EXPRESSION_ROOT:
      return fold(walk, node, out, value_root);
    case EXPRESSION_MIXED:
      return mixed(walk, node, out);
    case EXPRESSION_PERCENT:
      return marked(walk, node, out, 100, false);
    case EXPRESSION_DEGREES:
      return marked(walk, node, out, 180, true);
    case EXPRESSION_FUNCTION:
      return walk_function(walk, node, out);
    case EXPRESSION_SUM:
    case EXPRESSION_PRODUCT:
      return walk_series(walk, node, out);
    case EXPRESSION_CALL:
      return walk_call(walk, node, out);
    default:
      return EVALUATED_UNSUPPORTED;
  }
}

enum evaluated walk_value(struct walk *walk, u32 node, struct value *out) {
  const u32 met = walk->met;
  walk->met = 0;
  const enum evaluated done = value_of_node(walk, node, out);
  if ((walk->met & (MET_VARIABLE | MET_CALL)) == 0) walk->met &= ~MET_PIECES; /* sqrt(2) is a number */
  walk->met |= met;
  return done;
}

/* ---- sums and products: variable, from, to, body ---- */

static enum evaluated limit_of(struct walk *walk, u32 node, u32 index, i64 *limit) {
  struct value value;
  value_open(&value);
  enum evaluated done = walk_child(walk, node, index, &value);
  if (done == EVALUATED_EQUAL && (!value.exact || !rational_to_i64(&value.rational, limit)))
    done = value.exact ? EVALUATED_UNDEFINED : EVALUATED_UNSUPPORTED;
  value_close(&value);
  return done;
}

enum evaluated walk_series(struct walk *walk, u32 node, struct value *out) {
  const bool sum = expression_at(walk->pool, node)->kind == EXPRESSION_SUM;
  i64 from = 0, to = 0;
  if (walk->bound_count == BOUND_VARIABLES_MAX) return EVALUATED_UNSUPPORTED;
  enum evaluated done = limit_of(walk, node, 1, &from);
  if (done == EVALUATED_EQUAL) done = limit_of(walk, node, 2, &to);
  if (done != EVALUATED_EQUAL) return done;
  if (to < from - 1) return EVALUATED_UNDEFINED;
  if (to - from >= SERIES_TERMS_MAX) return EVALUATED_TOO_LARGE;
  struct value term;
  value_open(&term);
  value_integer(out, sum ? 0 : 1);
  const u32 slot = walk->bound_count++;
  walk->bound[slot].variable = expression_child(walk->pool, node, 0);
  for (i64 i = from; i <= to && done == EVALUATED_EQUAL; i++) {
    walk->bound[slot].value = i;
    done = walk_child(walk, node, 3, &term);
    if (done == EVALUATED_EQUAL) done = sum ? value_add(walk, out, &term) : value_multiply(walk, out, &term);
  }
  walk->bound_count--;
  value_close(&term);
  return done;
}

/* ---- determinants: by minors along the rows ---- */

struct minors {
  struct walk *walk;
  u32 matrix, rows;
};

static enum evaluated minor(const struct minors *minors, u32 row, u32 columns_taken, struct value *out) {
  enum evaluated done = EVALUATED_EQUAL;
  if (row == minors->rows) {
    value_integer(out, 1);
    return done;
  }
  struct value entry, rest;
  value_open(&entry);
  value_open(&rest);
  value_integer(out, 0);
  bool minus = false;
  for (u32 column = 0; column < minors->rows && done == EVALUATED_EQUAL; column++) {
    if ((columns_taken >> column & 1) != 0) continue;
    done = walk_child(minors->walk, minors->matrix, row * minors->rows + column, &entry);
    if (done == EVALUATED_EQUAL) done = minor(minors, row + 1, columns_taken | 1u << column, &rest);
    if (done == EVALUATED_EQUAL) done = value_multiply(minors->walk, &entry, &rest);
    if (minus) value_negate(&entry);
    if (done == EVALUATED_EQUAL) done = value_add(minors->walk, out, &entry);
    minus = !minus;
  }
  value_close(&entry);
  value_close(&rest);
  return done;
}

enum evaluated walk_determinant(struct walk *walk, u32 node, struct value *out) {
  const u32 matrix = expression_child(walk->pool, node, 0);
  const struct expression *at = expression_at(walk->pool, matrix);
  if (at->kind != EXPRESSION_MATRIX || at->value > DETERMINANT_ROWS_MAX) return EVALUATED_UNSUPPORTED;
  if (at->value * at->value != at->count) return EVALUATED_UNDEFINED;
  const struct minors minors = {walk, matrix, at->value};
  return minor(&minors, 0, 0, out);
}
