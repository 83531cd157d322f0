/* Sums in normal form: terms with their fractions, like terms gathered, in one order. Owns nothing. */
#include <string.h>

#include "engine/reward/math/normal_parts.h"

/* A fraction before other factors: 3/2 of (multiply 3/2 x y). */
bool term_read(struct normal *normal, u32 node, struct term *term) {
  struct expression_pool *to = normal->to;
  *term = (struct term){{1, 1}, node};
  if (node == EXPRESSION_NONE) return false;
  if (fraction_read(&term->by, to, node)) {
    term->rest = EXPRESSION_NONE;
    return true;
  }
  if (expression_at(to, node)->kind == EXPRESSION_NEGATE) {
    node = expression_child(to, node, 0);
    term->rest = node;
    term->by.numerator = -1;
  }
  const struct expression *at = expression_at(to, node);
  struct fraction by;
  if (at->kind != EXPRESSION_MULTIPLY || !fraction_read(&by, to, expression_child(to, node, 0))) return true;
  term->by.numerator *= by.numerator;
  term->by.denominator = by.denominator;
  term->rest = at->count == 2 ? expression_child(to, node, 1)
                              : expression_node(to, EXPRESSION_MULTIPLY, 0, to->children + at->first + 1, at->count - 1,
                                                at->place);
  return term->rest != EXPRESSION_NONE;
}

u32 term_write(struct normal *normal, struct term term, u32 place) {
  struct expression_pool *to = normal->to;
  if (term.rest == EXPRESSION_NONE || term.by.numerator == 0) return fraction_write(to, term.by, place);
  const bool negative = term.by.numerator < 0;
  if (negative) term.by.numerator = -term.by.numerator;
  u32 node = term.rest;
  if (term.by.numerator != 1 || term.by.denominator != 1) {
    const struct expression *rest = expression_at(to, term.rest);
    const bool product = rest->kind == EXPRESSION_MULTIPLY;
    u32 parts[1 + NORMAL_FACTORS_MAX], count = 0;
    if (product && rest->count > NORMAL_FACTORS_MAX) return EXPRESSION_NONE;
    parts[count++] = fraction_write(to, term.by, place);
    for (u32 i = 0; product && i < rest->count; i++) parts[count++] = expression_child(to, term.rest, i);
    if (!product) parts[count++] = term.rest;
    node = expression_node(to, EXPRESSION_MULTIPLY, 0, parts, count, place);
  }
  return negative ? expression_node(to, EXPRESSION_NEGATE, 0, &node, 1, place) : node;
}

static void merge(const struct expression_pool *pool, const struct term *from, u32 middle, u32 count, struct term *to) {
  u32 left = 0, right = middle;
  for (u32 i = 0; i < count; i++) {
    const bool take_left =
        right == count || (left < middle && expression_order(pool, from[left].rest, pool, from[right].rest) <= 0);
    to[i] = from[take_left ? left++ : right++];
  }
}

bool terms_sort(struct normal *normal, struct term *terms, u32 count) {
  struct term other[NORMAL_ELEMENTS_MAX];
  if (count > NORMAL_ELEMENTS_MAX) return false;
  for (u32 width = 1; width < count; width *= 2) {
    for (u32 at = 0; at < count; at += 2 * width) {
      const u32 size = count - at < 2 * width ? count - at : 2 * width;
      merge(normal->to, terms + at, size < width ? size : width, size, other + at);
    }
    memcpy(terms, other, count * sizeof *terms);
    if (!evaluator_step(normal->evaluator, count)) return false;
  }
  return true;
}

/* Functions that are finite wherever their argument is. */
static bool is_entire(u32 function) {
  return function == FUNCTION_SIN || function == FUNCTION_COS || function == FUNCTION_ATAN ||
         function == FUNCTION_EXP || function == FUNCTION_SINH || function == FUNCTION_COSH || function == FUNCTION_ABS;
}

bool normal_droppable(const struct expression_pool *pool, u32 node) {
  const struct expression *at = expression_at(pool, node);
  struct fraction power;
  switch (at->kind) {
    case EXPRESSION_NUMBER:
    case EXPRESSION_VARIABLE:
      return true;
    case EXPRESSION_CONSTANT:
      return at->value == CONSTANT_PI || at->value == CONSTANT_E || at->value == CONSTANT_I;
    case EXPRESSION_FUNCTION: /* sin(x), not ln(0): one step down is enough, deeper is left */
      return is_entire(at->value) && expression_at(pool, expression_child(pool, node, 0))->depth == 1;
    case EXPRESSION_POWER: {
      const struct expression *base = expression_at(pool, expression_child(pool, node, 0));
      if (!fraction_read(&power, pool, expression_child(pool, node, 1))) return false;
      return base->kind == EXPRESSION_VARIABLE || base->kind == EXPRESSION_NUMBER ||
             (power.numerator > 0 && base->kind == EXPRESSION_CONSTANT && base->value <= CONSTANT_I);
    }
    case EXPRESSION_MULTIPLY:
    case EXPRESSION_ADD:
    case EXPRESSION_NEGATE:
      for (u32 i = 0; i < at->count; i++) {
        /* Products hold no products and sums no sums: the depth is a few. */
        if (expression_at(pool, expression_child(pool, node, i))->depth > 6) return false;
        if (!normal_droppable(pool, expression_child(pool, node, i))) return false;
      }
      return true;
    default:
      return false;
  }
}

static bool gather(struct normal *normal, struct term *terms, u32 *count, u32 node) {
  const bool sum = expression_at(normal->to, node)->kind == EXPRESSION_ADD;
  const u32 parts = sum ? expression_at(normal->to, node)->count : 1;
  for (u32 i = 0; i < parts; i++) {
    const u32 part = sum ? expression_child(normal->to, node, i) : node;
    if (*count == NORMAL_TERMS_MAX || !term_read(normal, part, &terms[*count])) return false;
    (*count)++;
  }
  return true;
}

static bool is_endless(const struct expression_pool *pool, u32 node) {
  if (node == EXPRESSION_NONE) return false;
  const struct expression *at = expression_at(pool, node);
  return at->kind == EXPRESSION_CONSTANT && (at->value == CONSTANT_INFINITY || at->value == CONSTANT_UNDEFINED);
}

/* Joins neighbours with the same rest; false where they cannot be joined. */
static bool join_like(struct normal *normal, struct term *terms, u32 *count) {
  u32 kept = 0;
  for (u32 i = 0; i < *count;) {
    struct term term = terms[i++];
    if (*count > 1 && is_endless(normal->to, term.rest)) return false;
    while (i < *count && expression_order(normal->to, term.rest, normal->to, terms[i].rest) == 0) {
      if (!fraction_add(&term.by, term.by, terms[i++].by)) return false;
    }
    if (term.by.numerator != 0) {
      terms[kept++] = term;
    } else if (term.rest != EXPRESSION_NONE && !normal_droppable(normal->to, term.rest)) {
      return false;
    }
  }
  *count = kept;
  return true;
}

u32 normal_sum(struct normal *normal, const u32 *nodes, u32 count, u32 place) {
  struct term terms[NORMAL_TERMS_MAX];
  u32 parts[NORMAL_TERMS_MAX], found = 0;
  for (u32 i = 0; i < count; i++) {
    if (nodes[i] == EXPRESSION_NONE || !gather(normal, terms, &found, nodes[i])) return EXPRESSION_NONE;
  }
  if (!terms_sort(normal, terms, found) || !join_like(normal, terms, &found)) return EXPRESSION_NONE;
  if (found == 0) return fraction_write(normal->to, (struct fraction){0, 1}, place);
  for (u32 i = 0; i < found; i++) parts[i] = term_write(normal, terms[i], place);
  return found == 1 ? parts[0] : expression_node(normal->to, EXPRESSION_ADD, 0, parts, found, place);
}

u32 normal_scaled(struct normal *normal, u32 node, struct fraction by, u32 place) {
  struct term terms[NORMAL_TERMS_MAX];
  u32 parts[NORMAL_TERMS_MAX], count = 0;
  if (node == EXPRESSION_NONE || !gather(normal, terms, &count, node)) return EXPRESSION_NONE;
  if (by.numerator == 0) {
    return normal_droppable(normal->to, node) ? fraction_write(normal->to, by, place) : EXPRESSION_NONE;
  }
  for (u32 i = 0; i < count; i++) {
    if (!fraction_multiply(&terms[i].by, terms[i].by, by)) return EXPRESSION_NONE;
    parts[i] = term_write(normal, terms[i], place);
  }
  return count == 1 ? parts[0] : expression_node(normal->to, EXPRESSION_ADD, 0, parts, count, place);
}

bool normal_content(struct normal *normal, u32 sum, struct fraction *content) {
  struct term terms[NORMAL_TERMS_MAX];
  u32 count = 0;
  if (!gather(normal, terms, &count, sum)) return false;
  i64 numerator = 0, denominator = 1;
  for (u32 i = 0; i < count; i++) {
    struct fraction shared;
    i64 a = numerator, b = terms[i].by.numerator < 0 ? -terms[i].by.numerator : terms[i].by.numerator;
    while (b != 0) {
      const i64 rest = a % b;
      a = b;
      b = rest;
    }
    numerator = a;
    if (!fraction_make(&shared, denominator, terms[i].by.denominator)) return false;
    if (__builtin_mul_overflow(shared.numerator, terms[i].by.denominator, &denominator)) return false;
  }
  return fraction_make(content, terms[0].by.numerator < 0 ? -numerator : numerator, denominator);
}
