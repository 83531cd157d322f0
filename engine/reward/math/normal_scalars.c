/* Arithmetic, roots and functions over children in normal form. Owns nothing. */
#include "engine/reward/math/normal_parts.h"

/* 20! is the last that fits. */
#define FACTORIAL_MAX 20

u32 normal_as_read(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                   const u32 *children) {
  const char *text = head->text_size > 0 ? (const char *)from->text + head->text : NULL;
  return expression_named(normal->to, head->kind, head->value, children, head->count, text, head->text_size,
                          head->place);
}

bool normal_is_scalar(const struct expression_pool *pool, u32 node) {
  const struct expression *at = expression_at(pool, node);
  if (at->kind == EXPRESSION_CONSTANT) return at->value <= CONSTANT_INFINITY;
  return at->kind == EXPRESSION_NUMBER || at->kind == EXPRESSION_VARIABLE ||
         (at->kind >= EXPRESSION_ADD && at->kind <= EXPRESSION_PLUS_MINUS);
}

static u32 root(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                const u32 *children) {
  struct fraction index, radicand;
  const bool known = fraction_read(&index, normal->to, children[1]) && index.denominator == 1 && index.numerator > 0;
  if (known &&
      (index.numerator <= 2 || (fraction_read(&radicand, normal->to, children[0]) && radicand.numerator >= 0))) {
    const struct factor input = {children[0], {1, index.numerator}};
    return normal_product(normal, &input, 1, head->place, 0);
  }
  return normal_as_read(normal, from, head, children);
}

/* 1 4/5; -1 4/5 is -(1 + 4/5). */
static u32 mixed(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                 const u32 *children) {
  struct fraction whole, part;
  if (!fraction_read(&whole, normal->to, children[0]) || !fraction_read(&part, normal->to, children[1])) {
    return normal_as_read(normal, from, head, children);
  }
  if (whole.numerator < 0) part.numerator = -part.numerator;
  if (!fraction_add(&whole, whole, part)) return EXPRESSION_NONE;
  return fraction_write(normal->to, whole, head->place);
}

static u32 function(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                    const u32 *children) {
  struct fraction value;
  if (head->value == FUNCTION_EXP) {
    const u32 e = expression_leaf(normal->to, EXPRESSION_CONSTANT, CONSTANT_E, NULL, 0, head->place);
    return normal_power(normal, e, children[0], head->place);
  }
  if (head->count == 1 && fraction_read(&value, normal->to, children[0])) {
    if (head->value == FUNCTION_ABS) {
      if (value.numerator < 0) value.numerator = -value.numerator;
      return fraction_write(normal->to, value, head->place);
    }
    if (head->value == FUNCTION_FACTORIAL && value.denominator == 1 && value.numerator >= 0 &&
        value.numerator <= FACTORIAL_MAX) {
      i64 product = 1;
      for (i64 i = 2; i <= value.numerator; i++) product *= i;
      return fraction_write(normal->to, (struct fraction){product, 1}, head->place);
    }
  }
  return normal_as_read(normal, from, head, children);
}

static u32 vectors(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                   const u32 *children) {
  u32 node = EXPRESSION_NONE;
  if (head->kind == EXPRESSION_ADD) node = normal_vector_sum(normal, children, head->count, head->place);
  if (head->kind == EXPRESSION_MULTIPLY) node = normal_vector_product(normal, children, head->count, head->place);
  if (head->kind == EXPRESSION_POWER) node = normal_matrix_power(normal, children[0], children[1], head->place);
  if (head->kind == EXPRESSION_NEGATE) {
    const u32 parts[2] = {fraction_write(normal->to, (struct fraction){-1, 1}, head->place), children[0]};
    node = normal_vector_product(normal, parts, 2, head->place);
  }
  if (head->kind == EXPRESSION_DIVIDE && normal_is_scalar(normal->to, children[1])) {
    const struct factor under = {children[1], {-1, 1}};
    const u32 parts[2] = {normal_product(normal, &under, 1, head->place, 0), children[0]};
    if (parts[0] != EXPRESSION_NONE) node = normal_vector_product(normal, parts, 2, head->place);
  }
  return node != EXPRESSION_NONE ? node : normal_as_read(normal, from, head, children);
}

/* 3 + (1, 2), 3 m + 2 s: stands as it was read, and nothing is folded into it. */
bool normal_is_mixture(const struct expression_pool *pool, u32 node) {
  const struct expression *at = expression_at(pool, node);
  if (at->kind < EXPRESSION_ADD || at->kind > EXPRESSION_ROOT) return false;
  for (u32 i = 0; i < at->count; i++) {
    const u32 child = expression_child(pool, node, i);
    if (!normal_is_scalar(pool, child)) return true;
  }
  return false;
}

u32 normal_scalar(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                  const u32 *children) {
  for (u32 i = 0; i < head->count; i++) {
    if (children[i] == EXPRESSION_NONE || normal_is_mixture(normal->to, children[i])) return EXPRESSION_NONE;
    if (!normal_is_scalar(normal->to, children[i])) return vectors(normal, from, head, children);
  }
  switch (head->kind) {
    case EXPRESSION_ADD:
      return normal_sum(normal, children, head->count, head->place);
    case EXPRESSION_NEGATE:
      return normal_scaled(normal, children[0], (struct fraction){-1, 1}, head->place);
    case EXPRESSION_MULTIPLY:
      return normal_times(normal, children, head->count, head->place);
    case EXPRESSION_DIVIDE: {
      const struct factor inputs[2] = {{children[0], {1, 1}}, {children[1], {-1, 1}}};
      return normal_product(normal, inputs, 2, head->place, 0);
    }
    case EXPRESSION_POWER:
      return normal_power(normal, children[0], children[1], head->place);
    case EXPRESSION_ROOT:
      return root(normal, from, head, children);
    case EXPRESSION_MIXED:
      return mixed(normal, from, head, children);
    case EXPRESSION_FUNCTION:
      return function(normal, from, head, children);
    default:
      return normal_as_read(normal, from, head, children);
  }
}
