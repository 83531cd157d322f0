#include "engine/reward/math/rational.h"

#include <string.h>

#include "engine/check.h"
#include "engine/reward/math/ball_memory.h"
#include "engine/reward/math/balls.h"
#include "engine/reward/math/bounds.h"

_Static_assert(sizeof(struct rational) == sizeof(fmpq) && sizeof(i64) == sizeof(fmpz), "a rational is FLINT's");

static fmpq *q(struct rational *rational) { return (fmpq *)(void *)rational; }
static const fmpq *cq(const struct rational *rational) { return (const fmpq *)(const void *)rational; }
static const fmpz *numerator(const struct rational *rational) { return &cq(rational)->num; }
static const fmpz *denominator(const struct rational *rational) { return &cq(rational)->den; }

void rational_open(struct rational *rational) { fmpq_init(q(rational)); }
void rational_close(struct rational *rational) { fmpq_clear(q(rational)); }
void rational_set(struct rational *out, const struct rational *from) { fmpq_set(q(out), cq(from)); }
void rational_set_integer(struct rational *out, i64 value) { fmpq_set_si(q(out), value, 1); }
void rational_swap(struct rational *a, struct rational *b) { fmpq_swap(q(a), q(b)); }

void rational_negate(struct rational *out, const struct rational *a) { fmpq_neg(q(out), cq(a)); }
void rational_absolute(struct rational *out, const struct rational *a) { fmpq_abs(q(out), cq(a)); }

static void set_integer(struct rational *out, const fmpz *value) {
  fmpz_set(&q(out)->num, value);
  fmpz_one(&q(out)->den);
}

void rational_numerator(struct rational *out, const struct rational *a) { set_integer(out, numerator(a)); }
void rational_denominator(struct rational *out, const struct rational *a) { set_integer(out, denominator(a)); }

void rational_floor(struct rational *out, const struct rational *a) {
  fmpz_fdiv_q(&q(out)->num, numerator(a), denominator(a));
  fmpz_one(&q(out)->den);
}

int rational_compare(const struct rational *a, const struct rational *b) {
  const int order = fmpq_cmp(cq(a), cq(b));
  return (order > 0) - (order < 0);
}

int rational_sign(const struct rational *a) { return fmpq_sgn(cq(a)); }
bool rational_is_integer(const struct rational *a) { return fmpz_is_one(denominator(a)); }

bool rational_to_i64(const struct rational *a, i64 *value) {
  if (!rational_is_integer(a) || fmpz_bits(numerator(a)) > 62) return false;
  *value = fmpz_get_si(numerator(a));
  return true;
}

u64 rational_bits(const struct rational *a) {
  const u64 above = fmpz_bits(numerator(a)), below = fmpz_bits(denominator(a));
  return above > below ? above : below;
}

/* ---- text ---- */

/* digits[0..count) in the base; the copy ends in the NUL that FLINT wants. */
static void read_digits(fmpz_t out, const u8 *digits, u32 count, u32 base) {
  char *text = ball_memory_take(count + 2);
  memcpy(text, digits, count);
  text[count] = 0;
  const int bad = count == 0 ? (fmpz_zero(out), 0) : fmpz_set_str(out, text, (int)base);
  ball_memory_give(text);
  CHECK(bad == 0, "a number whose digits are not of its base");
}

/* 0.12[34]: (1234 - 12) / (10^4 - 10^2). */
static void read_number(struct rational *out, const u8 *digits, const struct expression *node) {
  fmpz_t before, power;
  fmpz_init(before);
  fmpz_init(power);
  read_digits(&q(out)->num, digits, node->text_size, node->base);
  fmpz_set_ui(power, node->base);
  fmpz_pow_ui(&q(out)->den, power, node->scale);
  if (node->repeating > 0) {
    read_digits(before, digits, node->text_size - node->repeating, node->base);
    fmpz_sub(&q(out)->num, &q(out)->num, before);
    fmpz_pow_ui(power, power, node->scale - node->repeating);
    fmpz_sub(&q(out)->den, &q(out)->den, power);
  }
  if (node->scale > 0) fmpq_canonicalise(q(out));
  fmpz_clear(before);
  fmpz_clear(power);
}

enum evaluated rational_number(struct evaluator *evaluator, struct rational *out, const struct expression_pool *pool,
                               u32 node) {
  const struct expression *number = expression_at(pool, node);
  CHECK(number->kind == EXPRESSION_NUMBER && number->scale <= number->text_size && number->repeating <= number->scale &&
            number->base >= 2 && number->base <= 36,
        "not a number");
  const u64 bits = bounds_digits_bits(number->text_size, number->base);
  if (!bounds_fit(bits)) return EVALUATED_TOO_LARGE;
  if (!evaluator_step(evaluator, bounds_digits_steps(number->text_size <= 18 ? 0 : bits)))
    return EVALUATED_TOO_MANY_STEPS;
  read_number(out, pool->text + number->text, number);
  return EVALUATED_EQUAL;
}

static u32 write_integer(const fmpz *value, struct expression_pool *pool, u32 place) {
  char *text = ball_memory_take(fmpz_sizeinbase(value, 10) + 2);
  fmpz_get_str(text, 10, value);
  const bool negative = text[0] == '-';
  const u32 node = expression_number(pool, text + negative, (u32)strlen(text + negative), 0, 0, 10, place);
  ball_memory_give(text);
  return node;
}

u32 rational_write(struct evaluator *evaluator, const struct rational *rational, struct expression_pool *pool,
                   u32 place) {
  if (!evaluator_step(evaluator, bounds_digits_steps(rational_bits(rational)))) return EXPRESSION_NONE;
  u32 node = write_integer(numerator(rational), pool, place);
  if (!rational_is_integer(rational)) {
    const u32 parts[2] = {node, write_integer(denominator(rational), pool, place)};
    node = expression_node(pool, EXPRESSION_DIVIDE, 0, parts, 2, place);
  }
  return rational_sign(rational) < 0 ? expression_node(pool, EXPRESSION_NEGATE, 0, &node, 1, place) : node;
}

/* ---- arithmetic ---- */

/* a/b + c/d has at most the bits of ad + cb over bd. */
static enum evaluated add_fits(struct evaluator *evaluator, const struct rational *a, const struct rational *b) {
  const u64 below_a = fmpz_bits(denominator(a)), below_b = fmpz_bits(denominator(b));
  const u64 left = fmpz_bits(numerator(a)) + (below_b > 1 ? below_b : 0),
            right = fmpz_bits(numerator(b)) + (below_a > 1 ? below_a : 0);
  if (!bounds_fit((left > right ? left : right) + 1) || !bounds_fit(below_a + below_b)) return EVALUATED_TOO_LARGE;
  const bool whole = below_a == 1 && below_b == 1;
  const u64 steps = whole ? 20 + (left + right) / 64
                          : 2 * bounds_gcd_steps(below_a, below_b) + bounds_multiply_steps(left, below_a + below_b);
  return evaluator_step(evaluator, steps) ? EVALUATED_EQUAL : EVALUATED_TOO_MANY_STEPS;
}

enum evaluated rational_add(struct evaluator *evaluator, struct rational *out, const struct rational *a,
                            const struct rational *b) {
  const enum evaluated fits = add_fits(evaluator, a, b);
  if (fits == EVALUATED_EQUAL) fmpq_add(q(out), cq(a), cq(b));
  return fits;
}

enum evaluated rational_subtract(struct evaluator *evaluator, struct rational *out, const struct rational *a,
                                 const struct rational *b) {
  const enum evaluated fits = add_fits(evaluator, a, b);
  if (fits == EVALUATED_EQUAL) fmpq_sub(q(out), cq(a), cq(b));
  return fits;
}

/* a/b * c/d, its numbers of bits: common factors of a and d, c and b go first. */
static enum evaluated multiply_fits(struct evaluator *evaluator, const u64 a[2], const u64 b[2]) {
  const u64 above = a[0] + b[0], below = a[1] + b[1];
  if (!bounds_fit(above) || !bounds_fit(below)) return EVALUATED_TOO_LARGE;
  u64 steps = bounds_multiply_steps(a[0], b[0]);
  if (below > 2)
    steps += bounds_gcd_steps(a[0], b[1]) + bounds_gcd_steps(b[0], a[1]) + bounds_multiply_steps(a[1], b[1]);
  return evaluator_step(evaluator, steps) ? EVALUATED_EQUAL : EVALUATED_TOO_MANY_STEPS;
}

enum evaluated rational_multiply(struct evaluator *evaluator, struct rational *out, const struct rational *a,
                                 const struct rational *b) {
  const u64 left[2] = {fmpz_bits(numerator(a)), fmpz_bits(denominator(a))},
            right[2] = {fmpz_bits(numerator(b)), fmpz_bits(denominator(b))};
  const enum evaluated fits = multiply_fits(evaluator, left, right);
  if (fits == EVALUATED_EQUAL) fmpq_mul(q(out), cq(a), cq(b));
  return fits;
}

enum evaluated rational_divide(struct evaluator *evaluator, struct rational *out, const struct rational *a,
                               const struct rational *b) {
  if (rational_sign(b) == 0) return EVALUATED_UNDEFINED;
  const u64 left[2] = {fmpz_bits(numerator(a)), fmpz_bits(denominator(a))},
            right[2] = {fmpz_bits(denominator(b)), fmpz_bits(numerator(b))};
  const enum evaluated fits = multiply_fits(evaluator, left, right);
  if (fits == EVALUATED_EQUAL) fmpq_div(q(out), cq(a), cq(b));
  return fits;
}

/* Of a small base by its 16th power: 3^16 has 26 bits, so 3 counts as 26/16 of a bit, not as 2. */
static u64 power_bits(const struct rational *base, u64 exponent) {
  u64 bits = rational_bits(base);
  if (bits > 256) return bounds_power_bits(bits, exponent);
  fmpq_t power;
  fmpq_init(power);
  fmpq_pow_si(power, cq(base), 16);
  bits = fmpz_bits(fmpq_numref(power));
  if (bits < fmpz_bits(fmpq_denref(power))) bits = fmpz_bits(fmpq_denref(power));
  fmpq_clear(power);
  return bounds_power_bits(bits, exponent / 16 + 1);
}

enum evaluated rational_power(struct evaluator *evaluator, struct rational *out, const struct rational *base,
                              const struct rational *exponent) {
  if (!rational_is_integer(exponent)) return EVALUATED_UNSUPPORTED;
  const int sign = rational_sign(exponent);
  if (rational_sign(base) == 0) {
    if (sign <= 0) return EVALUATED_UNDEFINED;
    rational_set_integer(out, 0);
    return EVALUATED_EQUAL;
  }
  if (rational_bits(base) == 1 || sign == 0) { /* 1, -1 */
    const bool odd = fmpz_is_odd(numerator(exponent)) && rational_sign(base) < 0 && sign != 0;
    rational_set_integer(out, odd ? -1 : 1);
    return EVALUATED_EQUAL;
  }
  i64 times;
  if (!rational_to_i64(exponent, &times)) return EVALUATED_TOO_LARGE;
  const u64 bits = power_bits(base, (u64)(times < 0 ? -times : times));
  if (!bounds_fit(bits)) return EVALUATED_TOO_LARGE;
  if (!evaluator_step(evaluator, 200 + bounds_multiply_steps(bits, bits))) return EVALUATED_TOO_MANY_STEPS;
  fmpq_pow_si(q(out), cq(base), times);
  return EVALUATED_EQUAL;
}

/* ---- roots ---- */

static enum evaluated root_fits(struct evaluator *evaluator, u64 bits, u32 index) {
  CHECK(index >= 1, "no root");
  const u64 steps = bounds_gcd_steps(bits, bits) + 2 * bounds_multiply_steps(bits, bits);
  return evaluator_step(evaluator, steps) ? EVALUATED_EQUAL : EVALUATED_TOO_MANY_STEPS;
}

/* Both parts must be exact powers. */
enum evaluated rational_root(struct evaluator *evaluator, struct rational *out, const struct rational *radicand,
                             u32 index) {
  const enum evaluated fits = root_fits(evaluator, rational_bits(radicand), index);
  if (fits != EVALUATED_EQUAL) return fits;
  if (rational_sign(radicand) < 0 && index % 2 == 0) return EVALUATED_UNSUPPORTED;
  fmpq_t root;
  fmpq_init(root);
  bool exact = fmpz_root(fmpq_numref(root), numerator(radicand), (slong)index);
  exact = exact && fmpz_root(fmpq_denref(root), denominator(radicand), (slong)index);
  if (exact) fmpq_swap(q(out), root);
  fmpq_clear(root);
  return exact ? EVALUATED_EQUAL : EVALUATED_UNSUPPORTED;
}

/* Takes prime^index out of rest into whole, and prime^(what is left) into apart. */
static void split_prime(fmpz_t rest, fmpz_t whole, fmpz_t apart, u32 prime, u32 index) {
  fmpz_t factor, power;
  fmpz_init_set_ui(factor, prime);
  fmpz_init(power);
  const u64 times = (u64)fmpz_remove(rest, rest, factor);
  fmpz_pow_ui(power, factor, times / index);
  fmpz_mul(whole, whole, power);
  fmpz_pow_ui(power, factor, times % index);
  fmpz_mul(apart, apart, power);
  fmpz_clear(factor);
  fmpz_clear(power);
}

enum evaluated rational_split_power(struct evaluator *evaluator, struct rational *whole, struct rational *rest,
                                    const struct rational *a, u32 index) {
  CHECK(rational_is_integer(a) && rational_sign(a) != 0, "not an integer to split");
  const u64 bits = rational_bits(a);
  enum evaluated fits = root_fits(evaluator, bits, index);
  if (fits == EVALUATED_EQUAL && !evaluator_step(evaluator, 2000 + 600 * (bits / 64 + 1)))
    fits = EVALUATED_TOO_MANY_STEPS;
  if (fits != EVALUATED_EQUAL) return fits;
  fmpz_t left, out, apart;
  fmpz_init(left);
  fmpz_init_set_ui(out, 1);
  fmpz_init_set_ui(apart, 1);
  fmpz_abs(left, numerator(a));
  for (u32 prime = 2; prime < 4096 && !fmpz_is_one(left); prime += 1 + (prime & 1)) {
    if (fmpz_cmp_ui(left, prime) < 0) break;
    if (fmpz_fdiv_ui(left, prime) == 0) split_prime(left, out, apart, prime, index);
  }
  fmpz_t root;
  fmpz_init(root);
  if (fmpz_root(root, left, (slong)index)) {
    fmpz_mul(out, out, root);
    fmpz_one(left);
  }
  fmpz_mul(apart, apart, left);
  set_integer(whole, out);
  set_integer(rest, apart);
  fmpz_clear(root);
  fmpz_clear(left);
  fmpz_clear(out);
  fmpz_clear(apart);
  return EVALUATED_EQUAL;
}
