/* Functions made of pieces (|x|, min, floor, mod, sqrt(x^2), ...) that agree at some points may part at others: n and min(n, 100). So
 * they are tried at points of all sizes, and on both sides of every constant that they hold, and of every quotient of two of these, where a
 * piece may begin. More constants than can be tried: the balls are said to be too wide. */
#include "engine/reward/math/evaluate_breakpoints.h"

void breakpoints_open(struct breakpoints *breakpoints) {
  breakpoints->count = 0;
  breakpoints->too_many = false;
  for (u32 i = 0; i < BREAKPOINTS_MAX; i++) rational_open(&breakpoints->at[i]);
}

void breakpoints_close(struct breakpoints *breakpoints) {
  for (u32 i = 0; i < BREAKPOINTS_MAX; i++) rational_close(&breakpoints->at[i]);
}

/* Kept in order and each once, so that the sides may be told in either order. `most`: how many may stand in it. */
static bool insert(struct breakpoints *breakpoints, const struct rational *constant, u32 most) {
  struct rational size;
  u32 before = 0;
  rational_open(&size);
  rational_absolute(&size, constant);
  while (before < breakpoints->count && rational_compare(&breakpoints->at[before], &size) < 0) before++;
  const bool known = rational_sign(&size) == 0 ||
                     (before < breakpoints->count && rational_compare(&breakpoints->at[before], &size) == 0);
  const bool fits = known || breakpoints->count < most;
  if (!known && fits) {
    for (u32 i = breakpoints->count++; i > before; i--) rational_swap(&breakpoints->at[i], &breakpoints->at[i - 1]);
    rational_swap(&breakpoints->at[before], &size);
  }
  rational_close(&size);
  return fits;
}

static bool holds_variable(struct evaluator *evaluator, const struct expression_pool *pool, u32 node) {
  const struct expression *at = expression_at(pool, node);
  if (at->kind == EXPRESSION_VARIABLE || at->kind == EXPRESSION_CALL || !evaluator_step(evaluator, 1)) return true;
  for (u32 i = 0; i < at->count; i++)
    if (holds_variable(evaluator, pool, expression_child(pool, node, i))) return true;
  return false;
}

/* The largest parts without a variable. */
static void gather(struct evaluator *evaluator, struct breakpoints *breakpoints, const struct expression_pool *pool,
                   u32 node) {
  if (holds_variable(evaluator, pool, node)) {
    for (u32 i = 0; i < expression_at(pool, node)->count; i++)
      gather(evaluator, breakpoints, pool, expression_child(pool, node, i));
    return;
  }
  struct rational constant;
  rational_open(&constant);
  if (rational_fold(evaluator, &constant, pool, node) == EVALUATED_EQUAL &&
      (rational_bits(&constant) > BREAKPOINTS_BITS_MAX || !insert(breakpoints, &constant, BREAKPOINTS_OF_TEXT)))
    breakpoints->too_many = true;
  rational_close(&constant);
}

void breakpoints_gather(struct evaluator *evaluator, struct breakpoints *breakpoints,
                        const struct expression_pool *a_pool, u32 a, const struct expression_pool *b_pool, u32 b) {
  struct rational quotients[BREAKPOINTS_OF_TEXT * BREAKPOINTS_OF_TEXT];
  gather(evaluator, breakpoints, a_pool, a);
  gather(evaluator, breakpoints, b_pool, b);
  const u32 count = breakpoints->count;
  for (u32 i = 0; i < count * count; i++) {
    rational_open(&quotients[i]);
    rational_divide(evaluator, &quotients[i], &breakpoints->at[i / count], &breakpoints->at[i % count]);
  }
  for (u32 i = 0; i < count * count; i++) {
    insert(breakpoints, &quotients[i], BREAKPOINTS_MAX);
    rational_close(&quotients[i]);
  }
}

/* ---- points ---- */

static const i64 far_sizes[] = {300, 10007, 1000003, 1000000007, 1000000000039};
#define FAR_SIZES (sizeof far_sizes / sizeof *far_sizes)
enum { ALL_PLUS, ALL_MINUS, EITHER_SIGN, ALL_INTEGERS, FAR_KINDS };
/* Beside a constant, in units of 2^-24: the integers stand for domains that have no other values, (-1)^n. The last are tried with some of the
 * variables beside zero: |x - y - 100|. */
static const struct {
  i64 by;
  bool some;
} offsets[] = {{5033165, false}, {-7549747, false},   {17, false},     {-13, false},
               {1 << 24, false}, {-(1 << 24), false}, {6291456, true}, {-4194303, true}};
#define OFFSETS (sizeof offsets / sizeof *offsets)

u32 breakpoints_points(const struct breakpoints *breakpoints) {
  return (u32)(FAR_SIZES * FAR_KINDS + 2 * OFFSETS * breakpoints->count);
}

static void set_ratio(struct value *out, i64 numerator, u64 denominator) {
  fmpq_set_si((fmpq *)(void *)&out->rational, numerator, denominator);
  fmpq_canonicalise((fmpq *)(void *)&out->rational);
  out->exact = true;
}

/* Between once and twice the size. */
static void far_away(struct value *out, u64 hash, u32 point) {
  const i64 size = far_sizes[point / FAR_KINDS], more = (i64)(hash % (u64)size);
  const u32 kind = point % FAR_KINDS;
  const bool negative = kind == ALL_MINUS || (kind == EITHER_SIGN && (hash >> 60 & 1) != 0);
  if (kind == ALL_INTEGERS) {
    value_integer(out, size + more);
  } else {
    set_ratio(out, (negative ? -1 : 1) * ((size + more) * 1024 + (i64)(1 + (hash >> 50) % 1022)), 1024);
  }
}

static void beside(const struct breakpoints *breakpoints, struct value *out, u64 hash, u32 point) {
  const u32 which = point % (2 * OFFSETS);
  struct value offset;
  value_open(&offset);
  set_ratio(&offset, offsets[which / 2].by, 1 << 24);
  value_integer(out, 0);
  if (!offsets[which / 2].some || (hash & 1) != 0)
    rational_set(&out->rational, &breakpoints->at[point / (2 * OFFSETS)]);
  if (which % 2 != 0) value_negate(out);
  fmpq_add((fmpq *)(void *)&out->rational, (const fmpq *)(const void *)&out->rational,
           (const fmpq *)(const void *)&offset.rational);
  value_close(&offset);
}

void breakpoints_value(const struct breakpoints *breakpoints, struct value *out, u64 hash, u32 point) {
  if (point < FAR_SIZES * FAR_KINDS) {
    far_away(out, hash, point);
  } else {
    beside(breakpoints, out, hash, point - (u32)(FAR_SIZES * FAR_KINDS));
  }
}
