/* Equations, inequalities and chains of them in normal form: a name stands left, the smaller side stands left. Owns nothing. */
#include "engine/reward/math/normal_parts.h"

static bool is_capital(u8 letter) { return letter >= 'A' && letter <= 'Z'; }

/* A, AB: a point, a segment, an angle */
static bool is_figure(const struct expression_pool *pool, u32 node) {
  const struct expression *at = expression_at(pool, node);
  return at->kind == EXPRESSION_VARIABLE && is_capital(pool->text[at->text]);
}

static bool all_children(const struct expression_pool *pool, u32 node, u32 from,
                         bool (*is)(const struct expression_pool *, u32)) {
  const struct expression *at = expression_at(pool, node);
  for (u32 i = from; i < at->count; i++) {
    if (!is(pool, expression_child(pool, node, i))) return false;
  }
  return at->count > from;
}

static bool is_variable(const struct expression_pool *pool, u32 node) {
  return expression_at(pool, node)->kind == EXPRESSION_VARIABLE;
}

static bool is_figure_power(const struct expression_pool *pool, u32 node) {
  if (expression_at(pool, node)->kind == EXPRESSION_POWER) node = expression_child(pool, node, 0);
  return is_figure(pool, node);
}

/* a/b: a ratio is asked for by itself; not a product, which could be solved for */
static bool is_ratio(const struct expression_pool *pool, u32 node) {
  const struct expression *at = expression_at(pool, node);
  u32 under = 0;
  for (u32 i = 0; i < at->count; i++) {
    u32 part = expression_child(pool, node, i);
    struct fraction power;
    if (expression_at(pool, part)->kind == EXPRESSION_POWER) {
      if (!fraction_read(&power, pool, expression_child(pool, part, 1)) || power.numerator != -1) return false;
      part = expression_child(pool, part, 0);
      under++;
    }
    if (!is_variable(pool, part)) return false;
  }
  return at->count == 2 && under == 1;
}

bool normal_is_name(const struct expression_pool *pool, u32 node) {
  switch (expression_at(pool, node)->kind) {
    case EXPRESSION_VARIABLE:
    case EXPRESSION_CALL:
      return true;
    case EXPRESSION_TUPLE:
      return all_children(pool, node, 0, is_variable);
    case EXPRESSION_MULTIPLY: /* NO * BO^-1 */
      return all_children(pool, node, 0, is_figure_power) || is_ratio(pool, node);
    case EXPRESSION_FUNCTION: /* sin A, of a triangle */
      return is_figure(pool, expression_child(pool, node, 0)) && expression_at(pool, node)->value <= FUNCTION_COT;
    default:
      return false;
  }
}

static u32 build(struct normal *normal, u32 relation, u32 left, u32 right, u32 place) {
  const u32 sides[2] = {left, right};
  return expression_node(normal->to, EXPRESSION_RELATION, relation, sides, 2, place);
}

static u32 spread(struct normal *normal, u32 relation, u32 name, u32 list, u32 place) {
  u32 each[NORMAL_ELEMENTS_MAX];
  const u32 count = expression_at(normal->to, list)->count;
  if (count > NORMAL_ELEMENTS_MAX) return EXPRESSION_NONE;
  for (u32 i = 0; i < count; i++) {
    const u32 value = expression_child(normal->to, list, i);
    each[i] = build(normal, relation, name, value, expression_at(normal->to, value)->place);
  }
  return normal_collection(normal, EXPRESSION_LIST, 0, each, count, place);
}

u32 normal_relation(struct normal *normal, u32 relation, u32 left, u32 right, u32 place) {
  const struct expression_pool *to = normal->to;
  if (left == EXPRESSION_NONE || right == EXPRESSION_NONE) return EXPRESSION_NONE;
  switch (relation) {
    case RELATION_GREATER:
      return build(normal, RELATION_LESS, right, left, place);
    case RELATION_GREATER_EQUAL:
      return build(normal, RELATION_LESS_EQUAL, right, left, place);
    case RELATION_EQUAL:
    case RELATION_NOT_EQUAL: {
      const bool left_names = normal_is_name(to, left), right_names = normal_is_name(to, right);
      const bool turns =
          left_names == right_names ? !left_names && expression_order(to, left, to, right) > 0 : right_names;
      const u32 first = turns ? right : left, second = turns ? left : right;
      /* x = 1, 2 */
      if (relation == RELATION_EQUAL && normal_is_name(to, first) &&
          expression_at(to, second)->kind == EXPRESSION_LIST) {
        return spread(normal, relation, first, second, place);
      }
      return build(normal, relation, first, second, place);
    }
    default:
      return build(normal, relation, left, right, place);
  }
}

/* x = 1/3 = 2/6: one equation where the values have one normal form. */
static u32 equalities(struct normal *normal, const u32 *sides, u32 count, u32 place) {
  const struct expression_pool *to = normal->to;
  for (u32 i = 2; i <= count; i++) {
    if (expression_order(to, sides[1], to, sides[i]) != 0) return EXPRESSION_NONE;
  }
  return normal_relation(normal, RELATION_EQUAL, sides[0], sides[1], place);
}

static bool all_within(const u32 *relations, u32 count, u32 one, u32 other) {
  for (u32 i = 0; i < count; i++) {
    if (relations[i] != one && relations[i] != other) return false;
  }
  return true;
}

u32 normal_chain(struct normal *normal, const u32 *sides, const u32 *relations, u32 count, u32 place) {
  u32 each[NORMAL_ELEMENTS_MAX];
  if (count > NORMAL_ELEMENTS_MAX) return EXPRESSION_NONE;
  for (u32 i = 0; i <= count; i++) {
    if (sides[i] == EXPRESSION_NONE) return EXPRESSION_NONE;
  }
  if (all_within(relations, count, RELATION_EQUAL, RELATION_EQUAL)) {
    const u32 one = equalities(normal, sides, count, place);
    if (one != EXPRESSION_NONE) return one;
  }
  const bool falls = all_within(relations, count, RELATION_GREATER, RELATION_GREATER_EQUAL);
  for (u32 i = 0; i < count; i++) {
    const u32 at = falls ? count - 1 - i : i;
    const u32 turned = relations[at] == RELATION_GREATER ? RELATION_LESS : RELATION_LESS_EQUAL;
    each[i] = build(normal, falls ? turned : relations[at], falls ? sides[at + 1] : sides[at],
                    falls ? sides[at] : sides[at + 1], place);
  }
  return expression_node(normal->to, EXPRESSION_CHAIN, 0, each, count, place);
}
