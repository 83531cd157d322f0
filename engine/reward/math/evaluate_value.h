/* What evaluate*.c share: a value, exact where it is rational and a ball otherwise, and one walk over one expression at one point.
 *
 * Every function that returns an enum evaluated says EVALUATED_EQUAL where it has a value. CLOSE: the balls are too wide to tell, more
 * precision may help. UNDEFINED: proved so (1/0). Recursion goes as deep as the tree: EXPRESSION_DEPTH_MAX. `out` may be an operand.
 * Called by: evaluate*.c alone. Owns nothing. */
#ifndef RLSP_ENGINE_REWARD_MATH_EVALUATE_VALUE_H
#define RLSP_ENGINE_REWARD_MATH_EVALUATE_VALUE_H

#include "engine/reward/math/balls.h"
#include "engine/reward/math/evaluate.h"
#include "engine/reward/math/rational.h"

/* Sums and products within each other; their terms. */
#define BOUND_VARIABLES_MAX 8u
#define SERIES_TERMS_MAX 1024

struct value {
  bool exact;
  struct rational rational; /* exact */
  acb_t ball;               /* not exact */
};

/* What a walk met. The readings are where mathematicians disagree: a walk takes one of two, as its `readings` say. */
#define READING_LOG 1u   /* \log without a base: 10, or natural */
#define READING_ROOT 2u  /* an odd root of a negative number: real, or principal */
#define READING_POWER 4u /* (-8)^(1/3): real, or principal */
#define READING_ARC 8u   /* acot of a negative number: in (pi/2, pi), or in (-pi/2, 0) */
#define READINGS (READING_LOG | READING_ROOT | READING_POWER | READING_ARC)
#define MET_VARIABLE 16u
#define MET_CALL 32u
#define MET_IMAGINARY 64u /* i, Re, Im: complex values are meant */
#define MET_OPEN 256u     /* gcd(x, 6), Re z: of polynomials, of complex numbers? values at points say nothing */
#define MET_NONREAL 128u  /* a real argument gave a value that is not real: sqrt(-2) */
#define MET_PIECES 512u   /* made of pieces: |x|, min, floor, sqrt, acos */

struct breakpoints;

struct walk {
  struct evaluator *evaluator;
  const struct expression_pool *pool;
  slong precision;
  u32 readings; /* bits READING_*: set = the second reading */
  u32 met;      /* by the walk */
  u32 point;
  const struct breakpoints
      *breakpoints; /* the point is one of these (evaluate_breakpoints.h), or NULL: of evaluate_points.c */
  bool exact_only;  /* UNSUPPORTED in place of a ball or a variable */
  u32 bound_count;
  struct {
    u32 variable; /* node */
    i64 value;
  } bound[BOUND_VARIABLES_MAX];
};

void value_open(struct value *value);
void value_close(struct value *value);
void value_swap(struct value *a, struct value *b);
void value_set(struct value *out, const struct value *from);
void value_integer(struct value *out, i64 integer);
/* Makes a ball of it, if it is none. */
enum evaluated value_to_ball(const struct walk *walk, struct value *value);
/* After work on out->ball: finite? a whole number, known exactly, becomes exact. */
enum evaluated value_settle(struct value *out);
bool value_is_real(const struct value *value);    /* surely */
bool value_is_nonreal(const struct value *value); /* surely */
bool value_is_zero(const struct value *value);    /* surely */
/* Surely: -1, 1, and 0 where it is exact; false: not known, or not real. */
bool value_sign(const struct value *value, int *sign);
/* |value| < 2^bits; log2|value| lies in -bits..bits. */
bool value_below(const struct value *value, slong bits);
/* An upper bound of |log2|value||, large where it may be 0. */
double value_log2(const struct value *value);

enum evaluated value_add(struct walk *walk, struct value *out, struct value *by);
enum evaluated value_subtract(struct walk *walk, struct value *out, struct value *by);
enum evaluated value_multiply(struct walk *walk, struct value *out, struct value *by);
enum evaluated value_divide(struct walk *walk, struct value *out, struct value *by);
void value_negate(struct value *out);

/* evaluate_power.c: out is the base or radicand, and the result. */
enum evaluated value_power(struct walk *walk, struct value *out, struct value *exponent);
enum evaluated value_root(struct walk *walk, struct value *out, struct value *index);
enum evaluated value_exp(struct walk *walk, struct value *out);

enum evaluated value_absolute(struct walk *walk, struct value *out); /* evaluate_function.c */

/* evaluate_walk.c, evaluate_function.c, evaluate_count.c: of a node. */
enum evaluated walk_value(struct walk *walk, u32 node, struct value *out);
enum evaluated walk_child(struct walk *walk, u32 node, u32 index, struct value *out);
enum evaluated walk_function(struct walk *walk, u32 node, struct value *out);
enum evaluated walk_count(struct walk *walk, u32 node, struct value *out);
enum evaluated walk_series(struct walk *walk, u32 node, struct value *out);
enum evaluated walk_determinant(struct walk *walk, u32 node, struct value *out);

/* Precisions of the balls, rising. A value whose balls hold 0 down to 2^-ZERO_BITS at the last of them counts as 0. */
#define PRECISIONS 3u
#define ZERO_BITS ((slong)VERIFIER_PRECISION_MAX / 4)
static inline slong precision_of(u32 step) {
  static const slong precisions[PRECISIONS] = {128, 512, VERIFIER_PRECISION_MAX};
  return precisions[step];
}

/* evaluate_points.c: points below POINTS_FIRST are tried always, those below POINTS_RATIONAL until enough of them will do; the last are integers,
 * all of them tried where nothing before had a value. */
#define POINTS_FIRST 8u
#define POINTS_RATIONAL 24u
#define POINTS 40u
#define POINTS_ENOUGH 5u
enum evaluated walk_variable(struct walk *walk, u32 node, struct value *out);
enum evaluated walk_call(struct walk *walk, u32 node, struct value *out);

#endif
