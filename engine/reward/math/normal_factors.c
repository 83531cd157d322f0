/* Takes the factors of a product apart: fractions together, numbers under roots into primes, products and powers opened where that is
 * true for principal values, sums without their content. Owns nothing; called by normal_product.c. */
#include "engine/reward/math/normal_parts.h"

static bool is_whole(struct fraction fraction) { return fraction.denominator == 1; }

bool factors_wait(struct factors *factors, u32 base, struct fraction power) {
  if (base == EXPRESSION_NONE || factors->waiting_count == NORMAL_FACTORS_MAX) return false;
  factors->waiting[factors->waiting_count++] = (struct factor){base, power};
  return true;
}

/* x^a * x^b = x^(a + b) for principal powers of one base. */
static bool keep(struct normal *normal, struct factors *factors, u32 base, struct fraction power) {
  if (base == EXPRESSION_NONE) return false;
  for (u32 i = 0; i < factors->count; i++) {
    if (expression_order(normal->to, factors->list[i].base, normal->to, base) == 0) {
      return fraction_add(&factors->list[i].power, factors->list[i].power, power);
    }
  }
  if (factors->count == NORMAL_FACTORS_MAX) return false;
  factors->list[factors->count++] = (struct factor){base, power};
  return evaluator_step(normal->evaluator, factors->count);
}

static bool keep_number(struct normal *normal, struct factors *factors, i64 base, struct fraction power) {
  return keep(normal, factors, fraction_write(normal->to, (struct fraction){base, 1}, 0), power);
}

/* value^power as powers of its primes; what is left beyond NORMAL_PRIME_MAX stays together. */
static bool keep_primes(struct normal *normal, struct factors *factors, i64 value, struct fraction power) {
  for (i64 prime = 2; prime <= NORMAL_PRIME_MAX && prime <= value / prime; prime += prime == 2 ? 1 : 2) {
    struct fraction times = {0, 1};
    while (value % prime == 0) {
      value /= prime;
      times.numerator++;
    }
    if (times.numerator == 0) continue;
    if (!fraction_multiply(&times, times, power) || !keep_number(normal, factors, prime, times)) return false;
  }
  return (value == 1 || keep_number(normal, factors, value, power)) && evaluator_step(normal->evaluator, 32);
}

/* A product of fractions that does not fit has no normal form; a power that does not fit alone, 2^100, stays a power. */
static bool fold(struct factors *factors, struct fraction by) {
  return fraction_multiply(&factors->by, factors->by, by);
}

/* (-a)^(k/2) = a^(k/2) i^k; other roots of negative numbers are not guessed: evaluate.c has the convention. */
static bool keep_sign(struct normal *normal, struct factors *factors, struct fraction power) {
  const i64 turns = power.denominator == 1 ? 2 * (power.numerator % 2) : power.numerator % 4;
  const u32 i = expression_leaf(normal->to, EXPRESSION_CONSTANT, CONSTANT_I, NULL, 0, 0);
  return turns == 0 || keep(normal, factors, i, (struct fraction){turns, 1});
}

static bool split_fraction(struct normal *normal, struct factors *factors, struct fraction value,
                           struct fraction power) {
  struct fraction folded;
  const struct fraction under = {-power.numerator, power.denominator};
  if (value.numerator == 0 && power.numerator <= 0) return false; /* 0^-1, 0^0 */
  if (is_whole(power) && fraction_power(&folded, value, power.numerator)) return fold(factors, folded);
  if (value.numerator == 0) return fold(factors, value);
  if (value.numerator < 0) {
    if (power.denominator > 2) return keep(normal, factors, fraction_write(normal->to, value, 0), power);
    if (!keep_sign(normal, factors, power)) return false;
    value.numerator = -value.numerator;
  }
  if (!is_whole(power)) {
    return keep_primes(normal, factors, value.numerator, power) &&
           keep_primes(normal, factors, value.denominator, under);
  }
  return (value.numerator == 1 || keep_number(normal, factors, value.numerator, power)) &&
         (value.denominator == 1 || keep_number(normal, factors, value.denominator, under));
}

/* Surely a positive real: a number, pi, e, or a power of one with a fraction. */
static bool is_positive(const struct expression_pool *pool, u32 node) {
  const struct expression *at = expression_at(pool, node);
  struct fraction value;
  if (at->kind == EXPRESSION_POWER) {
    if (!fraction_read(&value, pool, expression_child(pool, node, 1))) return false;
    node = expression_child(pool, node, 0);
    at = expression_at(pool, node);
  }
  if (fraction_read(&value, pool, node)) return value.numerator > 0;
  return at->kind == EXPRESSION_NUMBER ||
         (at->kind == EXPRESSION_CONSTANT && (at->value == CONSTANT_PI || at->value == CONSTANT_E));
}

/* (c x)^r = c^r x^r for c > 0: what is surely positive leaves the root, the rest stays in it. */
static bool split_root(struct normal *normal, struct factors *factors, u32 node, struct fraction power) {
  struct expression_pool *to = normal->to;
  const bool negative = expression_at(to, node)->kind == EXPRESSION_NEGATE;
  const u32 inside = negative ? expression_child(to, node, 0) : node;
  const u32 place = expression_at(to, node)->place;
  const bool product = expression_at(to, inside)->kind == EXPRESSION_MULTIPLY;
  const u32 parts = product ? expression_at(to, inside)->count : 1;
  u32 rest[NORMAL_FACTORS_MAX], rest_count = 0;
  for (u32 i = 0; i < parts; i++) {
    const u32 part = product ? expression_child(to, inside, i) : inside;
    if (is_positive(to, part)) {
      if (!factors_wait(factors, part, power)) return false;
    } else if (rest_count == NORMAL_FACTORS_MAX) {
      return false;
    } else {
      rest[rest_count++] = part;
    }
  }
  if (rest_count == 0) {
    return !negative || split_fraction(normal, factors, (struct fraction){-1, 1}, power);
  }
  u32 base = rest_count == 1 ? rest[0] : expression_node(to, EXPRESSION_MULTIPLY, 0, rest, rest_count, place);
  if (negative) base = expression_node(to, EXPRESSION_NEGATE, 0, &base, 1, place);
  return keep(normal, factors, base, power);
}

static bool split_power(struct normal *normal, struct factors *factors, u32 node, struct fraction power) {
  struct expression_pool *to = normal->to;
  const u32 base = expression_child(to, node, 0);
  struct fraction inner;
  if (fraction_read(&inner, to, expression_child(to, node, 1)) && (is_whole(power) || is_positive(to, base))) {
    return fraction_multiply(&power, inner, power) && factors_wait(factors, base, power);
  }
  return keep(normal, factors, node, power);
}

/* A sum without its content; under a root the sign stays. */
static bool split_sum(struct normal *normal, struct factors *factors, u32 node, struct fraction power) {
  struct fraction content, inverse, folded;
  if (!normal_content(normal, node, &content)) return false;
  if (!is_whole(power) && content.numerator < 0) content.numerator = -content.numerator;
  if (content.numerator == 1 && content.denominator == 1) return keep(normal, factors, node, power);
  if (!fraction_power(&inverse, content, -1)) return false;
  const u32 plain = normal_scaled(normal, node, inverse, expression_at(normal->to, node)->place);
  if (!is_whole(power)) return split_fraction(normal, factors, content, power) && keep(normal, factors, plain, power);
  return fraction_power(&folded, content, power.numerator) && fold(factors, folded) &&
         keep(normal, factors, plain, power);
}

static bool split_one(struct normal *normal, struct factors *factors, u32 node, struct fraction power) {
  struct expression_pool *to = normal->to;
  const struct expression *at = expression_at(to, node);
  struct fraction value;
  if (fraction_read(&value, to, node)) return split_fraction(normal, factors, value, power);
  switch (at->kind) {
    case EXPRESSION_NEGATE:
    case EXPRESSION_MULTIPLY:
      if (!is_whole(power)) return split_root(normal, factors, node, power);
      if (at->kind == EXPRESSION_NEGATE && power.numerator % 2 != 0) factors->by.numerator = -factors->by.numerator;
      for (u32 i = 0; i < at->count; i++) {
        if (!factors_wait(factors, expression_child(to, node, i), power)) return false;
      }
      return true;
    case EXPRESSION_POWER:
      return split_power(normal, factors, node, power);
    case EXPRESSION_ADD:
      return split_sum(normal, factors, node, power);
    case EXPRESSION_CONSTANT:
      if (at->value == CONSTANT_INFINITY || at->value == CONSTANT_UNDEFINED) return false;
      return keep(normal, factors, node, power);
    default:
      return keep(normal, factors, node, power);
  }
}

/* sqrt(x y)^2: a kept base whose power has become whole opens again; a sum's sign then leaves it. */
static bool opens(struct normal *normal, struct factor factor) {
  const struct expression_pool *pool = normal->to;
  const u32 kind = expression_at(pool, factor.base)->kind;
  struct fraction value;
  if (!is_whole(factor.power)) return false;
  if (kind == EXPRESSION_ADD) return normal_content(normal, factor.base, &value) && value.numerator == -1;
  return kind == EXPRESSION_MULTIPLY || kind == EXPRESSION_NEGATE ||
         (kind == EXPRESSION_POWER && fraction_read(&value, pool, expression_child(pool, factor.base, 1)));
}

bool factors_split(struct normal *normal, struct factors *factors) {
  for (u32 round = 0; round < NORMAL_NESTING_MAX; round++) {
    while (factors->waiting_count > 0) {
      const struct factor next = factors->waiting[--factors->waiting_count];
      if (!split_one(normal, factors, next.base, next.power)) return false;
    }
    for (u32 i = 0; i < factors->count;) {
      if (!opens(normal, factors->list[i])) {
        i++;
        continue;
      }
      if (!factors_wait(factors, factors->list[i].base, factors->list[i].power)) return false;
      factors->list[i] = factors->list[--factors->count];
    }
    if (factors->waiting_count == 0) return true;
  }
  return false;
}
