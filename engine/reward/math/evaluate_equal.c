/* Are two expressions equal? As constants: with rising precision. As functions: at seeded points.
 *
 *   separated balls at one point                  different, unless a convention decided there
 *   agreement at POINTS_ENOUGH points or more     equal, unless a convention decided otherwise somewhere
 * Two readings of a convention (enum READING_*) are both tried for constants: only what both say is said. A point where a real argument gives a
 * value that is not real is outside the domain, unless complex numbers are meant. */
#include "engine/reward/math/bounds.h"
#include "engine/reward/math/evaluate_breakpoints.h"
#include "engine/reward/math/evaluate_value.h"

/* Agreement at precision `step`: |a - b| in bits below 1 (and below the values, where these are below 1). */
static const slong agree_bits[PRECISIONS] = {0, 256, VERIFIER_AGREE_BITS};
/* Or, of large values, so many bits of their sizes. */
#define AGREE_RELATIVE_BITS (VERIFIER_PRECISION_MAX / 2)

struct side {
  const struct expression_pool *pool;
  u32 node;
};

/* What is asked of two sides: equality, or one factor. */
struct question {
  struct evaluator *evaluator;
  struct side a, b;
  bool proportional; /* a(p) b(reference) = a(reference) b(p) in place of a(p) = b(p) */
  u32 reference;
  const struct breakpoints *breakpoints; /* whose points are tried, or NULL */
};

/* ---- two values ---- */

static bool agrees(const acb_t difference, const acb_t a, const acb_t b, u32 step) {
  mag_t gap, size, other;
  mag_init(gap), mag_init(size), mag_init(other);
  acb_get_mag(gap, difference);
  acb_get_mag_lower(size, a);
  acb_get_mag_lower(other, b);
  if (mag_cmp(size, other) < 0) mag_swap(size, other);
  bool agree = false;
  if (step + 1 == PRECISIONS) {
    mag_mul_2exp_si(other, size, -(slong)AGREE_RELATIVE_BITS);
    agree = mag_cmp(gap, other) <= 0;
    if (mag_is_zero(size)) agree = mag_cmp_2exp_si(gap, -ZERO_BITS) <= 0;
  }
  if (agree_bits[step] > 0 && !mag_is_zero(size)) {
    if (mag_cmp_2exp_si(size, 0) > 0) mag_one(size);
    mag_mul_2exp_si(size, size, -agree_bits[step]);
    agree = agree || mag_cmp(gap, size) <= 0;
  }
  mag_clear(gap), mag_clear(size), mag_clear(other);
  return agree;
}

static enum evaluated compare_values(struct walk *walk, struct value *a, struct value *b, u32 step) {
  if (a->exact && b->exact)
    return rational_compare(&a->rational, &b->rational) == 0 ? EVALUATED_EQUAL : EVALUATED_DIFFERENT;
  acb_t difference;
  enum evaluated done = value_to_ball(walk, a);
  if (done == EVALUATED_EQUAL) done = value_to_ball(walk, b);
  if (done != EVALUATED_EQUAL) return done;
  if (!evaluator_step(walk->evaluator, 2 * bounds_ball_steps((u64)walk->precision))) return EVALUATED_TOO_MANY_STEPS;
  acb_init(difference);
  acb_sub(difference, a->ball, b->ball, walk->precision);
  if (!acb_is_finite(difference)) {
    done = EVALUATED_CLOSE;
  } else if (!acb_contains_zero(difference)) {
    done = EVALUATED_DIFFERENT;
  } else {
    done = agrees(difference, a->ball, b->ball, step) ? EVALUATED_EQUAL : EVALUATED_CLOSE;
  }
  acb_clear(difference);
  return done;
}

/* Of two failures the graver one, so that the order of the sides does not matter. */
static enum evaluated graver(enum evaluated a, enum evaluated b) {
  static const u8 weights[] = {
      [EVALUATED_EQUAL] = 0,     [EVALUATED_DIFFERENT] = 0,   [EVALUATED_CLOSE] = 1,         [EVALUATED_UNDEFINED] = 2,
      [EVALUATED_TOO_LARGE] = 3, [EVALUATED_UNSUPPORTED] = 4, [EVALUATED_TOO_MANY_STEPS] = 5};
  return weights[a] >= weights[b] ? a : b;
}

/* ---- one point ---- */

struct outcome {
  enum evaluated said;
  u32 met;
  bool nonreal; /* a side is surely not real */
  bool exact;   /* both are rational: what is said is proved */
};

static enum evaluated both_sides(const struct question *question, struct walk *walk, struct value *a, struct value *b) {
  walk->pool = question->a.pool;
  const enum evaluated left = walk_value(walk, question->a.node, a);
  walk->pool = question->b.pool;
  return graver(left, walk_value(walk, question->b.node, b));
}

/* a and b each times the other's value at the point of reference. */
static enum evaluated cross(const struct question *question, struct walk *walk, struct value *a, struct value *b) {
  struct value a_reference, b_reference;
  value_open(&a_reference), value_open(&b_reference);
  walk->point = question->reference;
  walk->breakpoints = NULL;
  enum evaluated done = both_sides(question, walk, &a_reference, &b_reference);
  if (done == EVALUATED_EQUAL) done = value_multiply(walk, a, &b_reference);
  if (done == EVALUATED_EQUAL) done = value_multiply(walk, b, &a_reference);
  value_close(&a_reference), value_close(&b_reference);
  return done;
}

static struct outcome at_precision(const struct question *question, u32 point, u32 readings, u32 step) {
  struct walk walk = {.evaluator = question->evaluator,
                      .precision = precision_of(step),
                      .readings = readings,
                      .point = point,
                      .breakpoints = question->breakpoints};
  struct value a, b;
  struct outcome outcome = {.said = EVALUATED_CLOSE};
  value_open(&a), value_open(&b);
  outcome.said = both_sides(question, &walk, &a, &b);
  if (outcome.said == EVALUATED_EQUAL) {
    outcome.nonreal = value_is_nonreal(&a) || value_is_nonreal(&b);
    if (question->proportional) outcome.said = cross(question, &walk, &a, &b);
  }
  if (outcome.said == EVALUATED_EQUAL) outcome.said = compare_values(&walk, &a, &b, step);
  outcome.met = walk.met;
  outcome.exact = a.exact && b.exact;
  value_close(&a), value_close(&b);
  return outcome;
}

/* Where nothing agreed before, balls that agree get the last precision too: tanh(500) is not 1, nor sqrt(1 + 10^-300). */
static struct outcome at_point(const struct question *question, u32 point, u32 readings, bool agreed_before) {
  struct outcome outcome = {.said = EVALUATED_CLOSE};
  /* Equal before: likely equal again, which low precision cannot say. */
  for (u32 step = agreed_before ? 1 : 0; step < PRECISIONS; step++) {
    const bool settled =
        outcome.said == EVALUATED_EQUAL ? outcome.exact || agreed_before : outcome.said != EVALUATED_CLOSE;
    if (settled) break;
    const u32 met = outcome.met;
    outcome = at_precision(question, point, readings, step);
    outcome.met |= met;
  }
  return outcome;
}

/* ---- many points ---- */

struct tally {
  u32 agreed;
  u32 met;
  bool unclear;         /* a convention decided somewhere, or balls were too wide */
  enum evaluated worst; /* of the points that gave no value */
};

/* false: the answer is known and stands in tally->worst. */
static bool count_point(struct tally *tally, struct outcome outcome) {
  const bool complex_meant = (outcome.met & MET_IMAGINARY) != 0;
  tally->met |= outcome.met;
  if ((outcome.met & MET_OPEN) != 0 && (outcome.said == EVALUATED_EQUAL || outcome.said == EVALUATED_DIFFERENT))
    outcome.said = EVALUATED_CLOSE;
  switch (outcome.said) {
    case EVALUATED_EQUAL:
      if (complex_meant || ((outcome.met & MET_NONREAL) == 0 && !outcome.nonreal)) tally->agreed++;
      return true;
    case EVALUATED_DIFFERENT:
      if (!complex_meant && ((outcome.met & MET_NONREAL) != 0 || outcome.nonreal)) return true;
      if ((outcome.met & (READING_ROOT | READING_POWER | READING_ARC | MET_NONREAL)) != 0) {
        tally->unclear = true;
        return true;
      }
      tally->worst = (outcome.met & MET_CALL) != 0 ? EVALUATED_UNSUPPORTED : EVALUATED_DIFFERENT;
      return false;
    case EVALUATED_UNSUPPORTED:
    case EVALUATED_TOO_MANY_STEPS:
      tally->worst = outcome.said;
      return false;
    case EVALUATED_CLOSE:
      if (complex_meant || (outcome.met & MET_NONREAL) == 0) tally->unclear = true;
      return true;
    default: /* undefined or too large here */
      tally->worst = graver(tally->worst, outcome.said);
      return true;
  }
}

/* Functions made of pieces agreed where all are tried: are they one function elsewhere, too? */
static enum evaluated at_pieces(const struct question *question, u32 readings, struct tally *tally) {
  struct breakpoints breakpoints;
  struct question far = *question;
  bool same = true;
  breakpoints_open(&breakpoints);
  breakpoints_gather(question->evaluator, &breakpoints, question->a.pool, question->a.node, question->b.pool,
                     question->b.node);
  far.breakpoints = &breakpoints;
  for (u32 point = 0; point < breakpoints_points(&breakpoints) && same; point++)
    same = count_point(tally, at_point(&far, point, readings, true));
  const bool unclear = tally->unclear || breakpoints.too_many;
  breakpoints_close(&breakpoints);
  if (!same) return tally->worst;
  return unclear ? EVALUATED_CLOSE : EVALUATED_EQUAL;
}

static enum evaluated at_points(const struct question *question, u32 readings, struct tally *tally) {
  for (u32 point = 0; point < POINTS; point++) {
    if (point >= POINTS_FIRST && point <= POINTS_RATIONAL && tally->agreed >= POINTS_ENOUGH) break;
    /* The integers stand for themselves: what came before is of another domain. */
    if (point == POINTS_RATIONAL && tally->agreed > 0) break;
    const struct outcome outcome = at_point(question, point, readings, tally->agreed > 0);
    if ((outcome.met & MET_VARIABLE) == 0 && (outcome.met & MET_CALL) == 0) {
      tally->met |= outcome.met;
      tally->worst = outcome.said;
      return outcome.said; /* a constant */
    }
    if (!count_point(tally, outcome)) return tally->worst;
  }
  if (tally->unclear) return EVALUATED_CLOSE;
  if (tally->agreed < POINTS_ENOUGH) return graver(EVALUATED_UNDEFINED, tally->worst);
  return (tally->met & MET_PIECES) != 0 ? at_pieces(question, readings, tally) : EVALUATED_EQUAL;
}

/* Both readings of each convention that was met: one says different and another equal, nothing is proved. For functions of variables, roots and
 * arcs have been dealt with point by point. */
static enum evaluated under_all_readings(const struct question *question) {
  struct tally tally = {.worst = EVALUATED_EQUAL};
  const enum evaluated usual = at_points(question, 0, &tally);
  u32 open = tally.met & READINGS;
  if ((tally.met & (MET_VARIABLE | MET_CALL)) != 0) open &= READING_LOG;
  if (usual == EVALUATED_EQUAL) open &= READING_POWER; /* the usual reading is the reading, but for (-8)^(1/3) */
  if (open == 0 || (usual != EVALUATED_EQUAL && usual != EVALUATED_DIFFERENT)) return usual;
  for (u32 readings = open; readings != 0; readings = (readings - 1) & open) {
    struct tally again = {.worst = EVALUATED_EQUAL};
    const enum evaluated other = at_points(question, readings, &again);
    if (other == EVALUATED_TOO_MANY_STEPS) return other;
    if (other != usual) return EVALUATED_CLOSE;
  }
  return usual;
}

/* 1, -1: infinity, with its sign; 0: none. */
static int endless(struct side side) {
  int sign = 1;
  u32 node = side.node;
  while (expression_at(side.pool, node)->kind == EXPRESSION_NEGATE) {
    sign = -sign;
    node = expression_child(side.pool, node, 0);
  }
  const struct expression *at = expression_at(side.pool, node);
  return at->kind == EXPRESSION_CONSTANT && at->value == CONSTANT_INFINITY ? sign : 0;
}

static enum evaluated against_infinity(struct evaluator *evaluator, struct side a, struct side b) {
  const int left = endless(a), right = endless(b);
  int sign;
  if (left != 0 && right != 0) return left == right ? EVALUATED_EQUAL : EVALUATED_DIFFERENT;
  const struct side finite = left != 0 ? b : a;
  return evaluate_sign(evaluator, finite.pool, finite.node, &sign) == EVALUATED_EQUAL ? EVALUATED_DIFFERENT
                                                                                      : EVALUATED_UNSUPPORTED;
}

enum evaluated evaluate_equal(struct evaluator *evaluator, const struct expression_pool *a_pool, u32 a,
                              const struct expression_pool *b_pool, u32 b) {
  const struct question question = {.evaluator = evaluator, .a = {a_pool, a}, .b = {b_pool, b}};
  if (endless(question.a) != 0 || endless(question.b) != 0) return against_infinity(evaluator, question.a, question.b);
  return under_all_readings(&question);
}

/* ---- one factor ---- */

static bool surely_not_zero(const struct value *value) {
  return value->exact ? !value_is_zero(value) : !acb_contains_zero(value->ball);
}

/* EQUAL: a and b are real there and neither is 0; DIFFERENT: one of them alone is 0. */
static enum evaluated is_reference(const struct question *question, u32 point, u32 *met, int *sign) {
  struct walk walk = {.evaluator = question->evaluator, .precision = precision_of(1), .point = point};
  struct value a, b;
  int left = 0, right = 0;
  value_open(&a), value_open(&b);
  enum evaluated done = both_sides(question, &walk, &a, &b);
  if (done == EVALUATED_EQUAL) {
    if (value_sign(&a, &left) && value_sign(&b, &right) && left != 0 && right != 0) {
      *sign = left * right;
    } else if ((value_is_zero(&a) && surely_not_zero(&b)) || (value_is_zero(&b) && surely_not_zero(&a))) {
      done = EVALUATED_DIFFERENT;
    } else {
      done = EVALUATED_CLOSE;
    }
  }
  *met = walk.met;
  value_close(&a), value_close(&b);
  return done;
}

enum evaluated evaluate_proportional(struct evaluator *evaluator, const struct expression_pool *a_pool, u32 a,
                                     const struct expression_pool *b_pool, u32 b, int *sign) {
  struct question question = {.evaluator = evaluator, .a = {a_pool, a}, .b = {b_pool, b}, .proportional = true};
  for (u32 point = 0; point < POINTS_RATIONAL; point++) {
    u32 met = 0;
    const enum evaluated found = is_reference(&question, point, &met, sign);
    const bool plain = (met & (READINGS | MET_NONREAL | MET_CALL)) == 0;
    if (found == EVALUATED_UNSUPPORTED || found == EVALUATED_TOO_MANY_STEPS) return found;
    if ((met & (MET_VARIABLE | MET_CALL)) == 0) return found == EVALUATED_DIFFERENT && !plain ? EVALUATED_CLOSE : found;
    if (found == EVALUATED_DIFFERENT && plain) return found;
    if (found != EVALUATED_EQUAL || (met & MET_NONREAL) != 0) continue;
    question.reference = point;
    return under_all_readings(&question);
  }
  return EVALUATED_UNDEFINED;
}
