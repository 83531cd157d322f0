/* Products and powers in normal form: factors with their powers in one order, short powers of sums multiplied out. Owns nothing. */
#include <string.h>

#include "engine/reward/math/normal_parts.h"

static bool is_one(struct fraction fraction) { return fraction.numerator == 1 && fraction.denominator == 1; }

/* A prime's power between 0 and 1; i's 0 or 1. What leaves goes to the fraction. */
static bool reduce_power(struct normal *normal, struct fraction *by, struct factor *factor) {
  const struct expression *base = expression_at(normal->to, factor->base);
  struct fraction value, taken;
  i64 whole = factor->power.numerator / factor->power.denominator;
  if (base->kind == EXPRESSION_CONSTANT && base->value == CONSTANT_I && factor->power.denominator == 1) {
    const i64 turns = (factor->power.numerator % 4 + 4) % 4;
    if (turns >= 2) by->numerator = -by->numerator;
    factor->power.numerator = turns % 2;
    return true;
  }
  if (base->kind != EXPRESSION_NUMBER || !fraction_read(&value, normal->to, factor->base)) return true;
  if (factor->power.numerator < 0 && factor->power.denominator != 1) whole--;
  if (whole == 0 || !fraction_power(&taken, value, whole)) return true;
  return fraction_multiply(by, *by, taken) && fraction_add(&factor->power, factor->power, (struct fraction){-whole, 1});
}

static bool reduce(struct normal *normal, struct factors *factors) {
  u32 kept = 0;
  for (u32 i = 0; i < factors->count; i++) {
    struct factor factor = factors->list[i];
    if (!reduce_power(normal, &factors->by, &factor)) return false;
    if (factor.power.numerator != 0) {
      factors->list[kept++] = factor;
    } else if (!normal_droppable(normal->to, factor.base)) {
      return false;
    }
  }
  factors->count = kept;
  return true;
}

static void sort_factors(const struct expression_pool *pool, struct factor *list, u32 count) {
  for (u32 i = 1; i < count; i++) {
    const struct factor factor = list[i];
    u32 at = i;
    for (; at > 0 && expression_order(pool, list[at - 1].base, pool, factor.base) > 0; at--) list[at] = list[at - 1];
    list[at] = factor;
  }
}

/* The product as it stands: fraction, then powers. */
static u32 build(struct normal *normal, struct fraction by, const struct factor *list, u32 count, u32 place) {
  struct expression_pool *to = normal->to;
  u32 parts[NORMAL_FACTORS_MAX];
  for (u32 i = 0; i < count; i++) {
    parts[i] = list[i].base;
    if (is_one(list[i].power)) continue;
    const u32 power[2] = {list[i].base, fraction_write(to, list[i].power, place)};
    parts[i] = expression_node(to, EXPRESSION_POWER, 0, power, 2, place);
  }
  struct term term = {by, EXPRESSION_NONE};
  if (count == 1) term.rest = parts[0];
  if (count > 1) term.rest = expression_node(to, EXPRESSION_MULTIPLY, 0, parts, count, place);
  if (count > 0 && term.rest == EXPRESSION_NONE) return EXPRESSION_NONE;
  /* 3 (x + y) where it is too long to multiply out: a term all the same */
  return term_write(normal, term, place);
}

static bool is_expandable(const struct expression_pool *pool, struct factor factor) {
  return expression_at(pool, factor.base)->kind == EXPRESSION_ADD && factor.power.denominator == 1 &&
         factor.power.numerator > 0;
}

/* Products of terms of one sum's power; more than NORMAL_EXPANSION_MAX is one more. */
static u32 own_expansion(const struct expression_pool *pool, struct factor factor) {
  u32 products = 1;
  for (i64 n = 0; n < factor.power.numerator && products <= NORMAL_EXPANSION_MAX; n++) {
    products *= expression_at(pool, factor.base)->count;
  }
  return products <= NORMAL_EXPANSION_MAX ? products : NORMAL_EXPANSION_MAX + 1;
}

/* How many products of terms there would be of all; 0 = nothing to multiply out. */
static u32 expansion(const struct expression_pool *pool, const struct factors *factors) {
  u32 products = 0;
  for (u32 i = 0; i < factors->count; i++) {
    if (!is_expandable(pool, factors->list[i])) continue;
    products = (products == 0 ? 1 : products) * own_expansion(pool, factors->list[i]);
    if (products > NORMAL_EXPANSION_MAX) return NORMAL_EXPANSION_MAX + 1;
  }
  return products;
}

/* Every term of `sum` times every term of `by`. */
static u32 distribute(struct normal *normal, u32 sum, u32 by, u32 place, u32 nesting) {
  struct expression_pool *to = normal->to;
  u32 products[NORMAL_TERMS_MAX], count = 0;
  const bool many = sum != EXPRESSION_NONE && expression_at(to, sum)->kind == EXPRESSION_ADD;
  if (sum == EXPRESSION_NONE || by == EXPRESSION_NONE) return EXPRESSION_NONE;
  const u32 left_count = many ? expression_at(to, sum)->count : 1, right_count = expression_at(to, by)->count;
  for (u32 i = 0; i < left_count; i++) {
    for (u32 k = 0; k < right_count; k++) {
      const struct factor pair[2] = {{many ? expression_child(to, sum, i) : sum, {1, 1}},
                                     {expression_child(to, by, k), {1, 1}}};
      if (count == NORMAL_TERMS_MAX) return EXPRESSION_NONE;
      products[count++] = normal_product(normal, pair, 2, place, nesting + 1);
    }
  }
  return normal_sum(normal, products, count, place);
}

static u32 expand(struct normal *normal, struct factors *factors, u32 place, u32 nesting) {
  struct factor others[NORMAL_FACTORS_MAX];
  u32 count = 0;
  for (u32 i = 0; i < factors->count; i++) {
    if (!is_expandable(normal->to, factors->list[i])) others[count++] = factors->list[i];
  }
  u32 sum = build(normal, factors->by, others, count, place);
  for (u32 i = 0; i < factors->count; i++) {
    if (!is_expandable(normal->to, factors->list[i])) continue;
    for (i64 n = 0; n < factors->list[i].power.numerator; n++) {
      sum = distribute(normal, sum, factors->list[i].base, place, nesting);
    }
  }
  return sum;
}

/* All together is too long: the powers that are not too long by themselves, as they would be alone. */
static u32 expand_each(struct normal *normal, const struct factors *factors, u32 place, u32 nesting) {
  struct factor inputs[NORMAL_FACTORS_MAX + 1];
  u32 count = 0;
  bool any = false;
  inputs[count++] = (struct factor){fraction_write(normal->to, factors->by, place), {1, 1}};
  for (u32 i = 0; i < factors->count; i++) {
    struct factor factor = factors->list[i];
    if (is_expandable(normal->to, factor) && factor.power.numerator > 1 &&
        own_expansion(normal->to, factor) <= NORMAL_EXPANSION_MAX) {
      factor = (struct factor){normal_product(normal, &factor, 1, place, nesting + 1), {1, 1}};
      any = true;
    }
    inputs[count++] = factor;
  }
  if (any) return normal_product(normal, inputs, count, place, nesting + 1);
  return build(normal, factors->by, factors->list, factors->count, place);
}

/* Recursion: distribute's products of two terms and expand_each, at most NORMAL_NESTING_MAX deep. */
u32 normal_product(struct normal *normal, const struct factor *inputs, u32 count, u32 place, u32 nesting) {
  struct factors factors;
  factors.by = (struct fraction){1, 1};
  factors.count = factors.waiting_count = 0;
  if (nesting >= NORMAL_NESTING_MAX || !evaluator_step(normal->evaluator, 8)) return EXPRESSION_NONE;
  for (u32 i = count; i > 0; i--) {
    if (!factors_wait(&factors, inputs[i - 1].base, inputs[i - 1].power)) return EXPRESSION_NONE;
  }
  if (!factors_split(normal, &factors)) return EXPRESSION_NONE;
  sort_factors(normal->to, factors.list, factors.count);
  if (!reduce(normal, &factors)) return EXPRESSION_NONE;
  if (factors.by.numerator == 0) {
    for (u32 i = 0; i < factors.count; i++) {
      if (!normal_droppable(normal->to, factors.list[i].base)) return EXPRESSION_NONE;
    }
    return fraction_write(normal->to, factors.by, place);
  }
  const u32 products = expansion(normal->to, &factors);
  if (products == 0) return build(normal, factors.by, factors.list, factors.count, place);
  if (products > NORMAL_EXPANSION_MAX) return expand_each(normal, &factors, place, nesting);
  return expand(normal, &factors, place, nesting);
}

u32 normal_times(struct normal *normal, const u32 *nodes, u32 count, u32 place) {
  struct factor inputs[NORMAL_FACTORS_MAX];
  if (count > NORMAL_FACTORS_MAX) return EXPRESSION_NONE;
  for (u32 i = 0; i < count; i++) inputs[i] = (struct factor){nodes[i], {1, 1}};
  return normal_product(normal, inputs, count, place, 0);
}

u32 normal_power(struct normal *normal, u32 base, u32 exponent, u32 place) {
  struct factor input = {base, {1, 1}};
  struct fraction one;
  if (base == EXPRESSION_NONE || exponent == EXPRESSION_NONE) return EXPRESSION_NONE;
  if (fraction_read(&input.power, normal->to, exponent)) return normal_product(normal, &input, 1, place, 0);
  if (fraction_read(&one, normal->to, base) && is_one(one) && normal_droppable(normal->to, exponent)) return base;
  const u32 parts[2] = {base, exponent};
  return expression_node(normal->to, EXPRESSION_POWER, 0, parts, 2, place);
}
