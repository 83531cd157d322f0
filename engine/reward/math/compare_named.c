/* What a statement names and gives: 5 of x = 5, of x = 2 + 3 = 5, of 2 + 3 = 5. Owns nothing. */
#include "engine/reward/math/compare_parts.h"

/* Digits behind the point of a decimal in normal form; false where it is none, or needs too many. */
static bool decimal_digits(struct part part, u32 *digits) {
  struct fraction fraction;
  if (!fraction_read(&fraction, part.pool, part.node)) return false;
  for (*digits = 0; fraction.denominator != 1 && *digits < 18; (*digits)++) {
    if (!fraction_multiply(&fraction, fraction, (struct fraction){10, 1})) return false;
  }
  return fraction.denominator == 1;
}

/* 1/3 ~ 0.33, but not 1/3 ~ 1.3 */
static bool approximates(struct comparison *comparison, struct part exact, struct part decimal) {
  u32 digits;
  return decimal_digits(decimal, &digits) && evaluate_close(comparison->evaluator, exact.pool, exact.node, decimal.pool,
                                                            decimal.node, digits) == EVALUATED_EQUAL;
}

/* One more side behind the value so far: it must say the same. */
static bool says_the_same(struct comparison *comparison, u32 relation, struct part value, struct part side) {
  if (relation == RELATION_APPROXIMATE) return approximates(comparison, value, side);
  return relation == RELATION_EQUAL && compare_nodes(comparison, value, side).decision == DECISION_RIGHT;
}

/* The relation at `index` of a chain; a relation is a chain of one. */
static struct part link_at(struct part statement, u32 index) {
  return part_is(statement, EXPRESSION_CHAIN) ? part_child(statement, index) : statement;
}

/* A name is taken by = and "in"; x ~ 11 alone too, where nothing better is said. */
static bool names_by(u32 relation, u32 links) {
  return relation == RELATION_EQUAL || relation == RELATION_ELEMENT || (relation == RELATION_APPROXIMATE && links == 1);
}

bool part_may_be_named_point(struct part part) {
  const struct expression *at = part_at(part);
  return at->kind == EXPRESSION_CALL && at->count >= 2 && part.pool->text[at->text] >= 'A' &&
         part.pool->text[at->text] <= 'Z';
}

/* P(1, 2) as P = (1, 2) */
static bool name_of_point(struct part call, struct part *name, struct part *value) {
  u32 entries[COMPARE_ELEMENTS_MAX];
  char text[32];
  const struct expression at = *part_at(call);
  if (!part_may_be_named_point(call) || at.count > COMPARE_ELEMENTS_MAX || at.text_size > sizeof text) return false;
  for (u32 i = 0; i < at.count; i++) entries[i] = part_child(call, i).node;
  for (u32 i = 0; i < at.text_size; i++) text[i] = (char)call.pool->text[at.text + i];
  name->pool = value->pool = call.pool;
  name->node = expression_leaf(call.pool, EXPRESSION_VARIABLE, 0, text, at.text_size, at.place);
  value->node = expression_node(call.pool, EXPRESSION_TUPLE, 0, entries, at.count, at.place);
  return name->node != EXPRESSION_NONE && value->node != EXPRESSION_NONE;
}

bool compare_named(struct comparison *comparison, struct part statement, struct part *name, struct part *value) {
  const u32 kind = part_at(statement)->kind;
  if (kind == EXPRESSION_CALL) return name_of_point(statement, name, value);
  if (kind != EXPRESSION_RELATION && kind != EXPRESSION_CHAIN) return false;
  const u32 links = kind == EXPRESSION_CHAIN ? part_at(statement)->count : 1;
  const struct part first = link_at(statement, 0);
  if (!part_is(first, EXPRESSION_RELATION)) return false;
  u32 next = 0;
  *name = *value = part_child(first, 0);
  if (normal_is_name(name->pool, name->node) && names_by(part_at(first)->value, links)) {
    *value = part_child(first, 1);
    next = 1;
  } else {
    name->node = EXPRESSION_NONE;
  }
  for (; next < links; next++) {
    const struct part link = link_at(statement, next);
    if (!says_the_same(comparison, part_at(link)->value, *value, part_child(link, 1))) return false;
  }
  return true;
}
