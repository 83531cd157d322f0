/* Lists, sets, unions, matrices and logic in normal form. Owns nothing. */
#include "engine/reward/math/normal_parts.h"

bool normal_sort(struct normal *normal, u32 *nodes, u32 *count, bool once) {
  struct term terms[NORMAL_ELEMENTS_MAX];
  u32 kept = 0;
  if (*count > NORMAL_ELEMENTS_MAX) return false;
  for (u32 i = 0; i < *count; i++) terms[i] = (struct term){{1, 1}, nodes[i]};
  if (!terms_sort(normal, terms, *count)) return false;
  for (u32 i = 0; i < *count; i++) {
    if (once && kept > 0 && expression_order(normal->to, nodes[kept - 1], normal->to, terms[i].rest) == 0) continue;
    nodes[kept++] = terms[i].rest;
  }
  *count = kept;
  return true;
}

static u32 empty_set(struct normal *normal, u32 place) {
  return expression_leaf(normal->to, EXPRESSION_CONSTANT, CONSTANT_EMPTY_SET, NULL, 0, place);
}

/* n = 1, 2, 3 is n = 1, n = 2, n = 3. */
static void carry_name(struct normal *normal, u32 *children, u32 count) {
  const struct expression_pool *to = normal->to;
  u32 name = EXPRESSION_NONE;
  for (u32 i = 0; i < count; i++) {
    const struct expression *at = expression_at(to, children[i]);
    if (at->kind == EXPRESSION_RELATION && at->value == RELATION_EQUAL &&
        expression_at(to, expression_child(to, children[i], 0))->kind == EXPRESSION_VARIABLE) {
      name = expression_child(to, children[i], 0);
    } else if (name != EXPRESSION_NONE && normal_is_scalar(to, children[i])) {
      children[i] = normal_relation(normal, RELATION_EQUAL, name, children[i], at->place);
      if (children[i] == EXPRESSION_NONE) return;
    } else {
      name = EXPRESSION_NONE;
    }
  }
}

/* Children of the same kind are opened. */
static bool flatten(struct normal *normal, u32 kind, const u32 *children, u32 count, u32 *flat, u32 *flat_count) {
  const struct expression_pool *to = normal->to;
  *flat_count = 0;
  for (u32 i = 0; i < count; i++) {
    const bool opens = expression_at(to, children[i])->kind == kind;
    const u32 parts = opens ? expression_at(to, children[i])->count : 1;
    for (u32 k = 0; k < parts; k++) {
      if (*flat_count == NORMAL_ELEMENTS_MAX) return false;
      flat[(*flat_count)++] = opens ? expression_child(to, children[i], k) : children[i];
    }
  }
  return true;
}

static bool all_of(const struct expression_pool *pool, const u32 *nodes, u32 count, u32 kind) {
  for (u32 i = 0; i < count; i++) {
    if (expression_at(pool, nodes[i])->kind != kind) return false;
  }
  return true;
}

/* x = 1 or x = 2, x = 1 and y = 2: statements of values are read as their list. */
static bool all_values(const struct expression_pool *pool, const u32 *nodes, u32 count) {
  for (u32 i = 0; i < count; i++) {
    const struct expression *at = expression_at(pool, nodes[i]);
    if (at->kind != EXPRESSION_RELATION || at->value != RELATION_EQUAL) return false;
    if (!normal_is_name(pool, expression_child(pool, nodes[i], 0))) return false;
  }
  return true;
}

static u32 group(struct normal *normal, u32 kind, const u32 *children, u32 count, u32 place) {
  struct expression_pool *to = normal->to;
  u32 flat[NORMAL_ELEMENTS_MAX], flat_count, kept = 0;
  if (!flatten(normal, kind, children, count, flat, &flat_count)) return EXPRESSION_NONE;
  const bool logic = kind == EXPRESSION_AND || kind == EXPRESSION_OR;
  if (logic && all_values(to, flat, flat_count)) kind = EXPRESSION_LIST;
  if (kind == EXPRESSION_UNION) {
    for (u32 i = 0; i < flat_count; i++) {
      const struct expression *at = expression_at(to, flat[i]);
      if (at->kind != EXPRESSION_CONSTANT || at->value != CONSTANT_EMPTY_SET) flat[kept++] = flat[i];
    }
    flat_count = kept;
    if (flat_count == 0) return empty_set(normal, place);
    if (all_of(to, flat, flat_count, EXPRESSION_SET)) {
      u32 elements[NORMAL_ELEMENTS_MAX], element_count;
      if (!flatten(normal, EXPRESSION_SET, flat, flat_count, elements, &element_count)) return EXPRESSION_NONE;
      return normal_collection(normal, EXPRESSION_SET, 0, elements, element_count, place);
    }
  }
  if (!normal_sort(normal, flat, &flat_count, kind != EXPRESSION_LIST)) return EXPRESSION_NONE;
  return flat_count == 1 ? flat[0] : expression_node(to, kind, 0, flat, flat_count, place);
}

u32 normal_collection(struct normal *normal, u32 kind, u32 value, u32 *children, u32 count, u32 place) {
  struct expression_pool *to = normal->to;
  for (u32 i = 0; i < count; i++) {
    if (children[i] == EXPRESSION_NONE) return EXPRESSION_NONE;
  }
  switch (kind) {
    case EXPRESSION_LIST:
      carry_name(normal, children, count);
      for (u32 i = 0; i < count; i++) {
        if (children[i] == EXPRESSION_NONE) return EXPRESSION_NONE;
      }
      if (!normal_sort(normal, children, &count, false)) return EXPRESSION_NONE;
      return count == 1 ? children[0] : expression_node(to, kind, 0, children, count, place);
    case EXPRESSION_SET:
      if (count == 0) return empty_set(normal, place);
      if (!normal_sort(normal, children, &count, true)) return EXPRESSION_NONE;
      return expression_node(to, kind, 0, children, count, place);
    case EXPRESSION_UNION:
    case EXPRESSION_INTERSECTION:
    case EXPRESSION_AND:
    case EXPRESSION_OR:
      return group(normal, kind, children, count, place);
    default:
      return expression_node(to, kind, value, children, count, place);
  }
}
