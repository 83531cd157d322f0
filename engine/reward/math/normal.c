#include "engine/reward/math/normal.h"

#include <string.h>

#include "engine/reward/math/normal_parts.h"

/* One walk from the leaves up. Plus-minus has two readings, so every node of the reading has two normal forms, which are one where no
 * plus-minus is below it; the list, set or statement round it takes both. */
struct walk {
  struct normal normal;
  const struct expression_pool *from;
  u32 root;
  u32 signs[2][VERIFIER_NODES_MAX]; /* the normal form with the upper signs, with the lower signs */
  bool reached[VERIFIER_NODES_MAX];
  bool doubled[VERIFIER_NODES_MAX]; /* the two differ */
  bool holds_sign[VERIFIER_NODES_MAX];
  bool ambiguous
      [VERIFIER_NODES_MAX]; /* in an element with two signs that may be taken together or apart: stays as read */
};

/* Where the two readings become two elements. */
static bool takes_both(u32 kind) {
  return kind == EXPRESSION_LIST || kind == EXPRESSION_SET || kind == EXPRESSION_OR || kind == EXPRESSION_AND ||
         kind == EXPRESSION_UNION;
}

static void mark_reached(struct walk *walk) {
  memset(walk->reached, 0, sizeof walk->reached);
  memset(walk->ambiguous, 0, sizeof walk->ambiguous);
  walk->reached[walk->root] = true;
  for (u32 node = walk->root + 1; node > 0; node--) {
    if (!walk->reached[node - 1]) continue;
    for (u32 i = 0; i < expression_at(walk->from, node - 1)->count; i++) {
      walk->reached[expression_child(walk->from, node - 1, i)] = true;
    }
  }
}

/* a +- b -+ c: the signs go together. +-a +- b: nobody knows, so it stays as it stands. */
static void mark_signs(struct walk *walk) {
  u8 plus[VERIFIER_NODES_MAX], minus[VERIFIER_NODES_MAX];
  for (u32 node = 0; node <= walk->root; node++) {
    const struct expression *at = expression_at(walk->from, node);
    u32 plus_count = 0, minus_count = 0;
    if (!walk->reached[node]) continue;
    for (u32 i = 0; i < at->count; i++) {
      const u32 child = expression_child(walk->from, node, i);
      plus_count += plus[child];
      minus_count += minus[child];
      if (takes_both(at->kind)) walk->ambiguous[child] = plus[child] + minus[child] > 1 && minus[child] != 1;
    }
    if (at->kind == EXPRESSION_PLUS_MINUS) at->value == 0 ? plus_count++ : minus_count++;
    if (takes_both(at->kind)) plus_count = minus_count = 0;
    plus[node] = (u8)(plus_count < 100 ? plus_count : 100);
    minus[node] = (u8)(minus_count < 100 ? minus_count : 100);
    walk->doubled[node] = walk->holds_sign[node] = plus_count + minus_count > 0;
  }
  walk->ambiguous[walk->root] = plus[walk->root] + minus[walk->root] > 1 && minus[walk->root] != 1;
  for (u32 node = walk->root + 1; node > 0; node--) {
    if (!walk->reached[node - 1] || !walk->ambiguous[node - 1]) continue;
    walk->doubled[node - 1] = false;
    if (takes_both(expression_at(walk->from, node - 1)->kind)) continue;
    for (u32 i = 0; i < expression_at(walk->from, node - 1)->count; i++) {
      walk->ambiguous[expression_child(walk->from, node - 1, i)] = true;
    }
  }
}

/* Zeros that say nothing go; then a fraction, or its digits where it is too long for one. */
static u32 number(struct walk *walk, const struct expression *at) {
  struct expression_pool *to = walk->normal.to;
  const char *digits = (const char *)walk->from->text + at->text;
  u32 size = at->text_size, scale = at->scale;
  struct fraction value;
  while (at->repeating == 0 && scale > 0 && digits[size - 1] == '0') {
    size--;
    scale--;
  }
  while (size > scale + 1 && digits[0] == '0') {
    digits++;
    size--;
  }
  const u32 short_number = expression_number(to, digits, size, scale, at->repeating, at->base, at->place);
  if (short_number == EXPRESSION_NONE || !fraction_of_number(&value, to, short_number)) return short_number;
  return fraction_write(to, value, at->place);
}

static u32 leaf(struct walk *walk, const struct expression *at) {
  const char *text = at->text_size > 0 ? (const char *)walk->from->text + at->text : NULL;
  if (at->kind == EXPRESSION_NUMBER) return number(walk, at);
  return expression_leaf(walk->normal.to, at->kind, at->value, text, at->text_size, at->place);
}

static u32 plus_minus(struct walk *walk, const struct expression *at, u32 *children, bool lower) {
  struct expression head = *at;
  if (lower != (at->value == 1)) {
    struct expression negative = *at;
    negative.kind = EXPRESSION_NEGATE;
    negative.value = 0;
    negative.count = 1;
    children[at->count - 1] = normal_arithmetic(&walk->normal, walk->from, &negative, &children[at->count - 1]);
  }
  if (at->count == 1) return children[0];
  head.kind = EXPRESSION_ADD;
  head.value = 0;
  return normal_arithmetic(&walk->normal, walk->from, &head, children);
}

static u32 chain(struct walk *walk, u32 node, const u32 *forms) {
  const struct expression *at = expression_at(walk->from, node);
  u32 sides[NORMAL_ELEMENTS_MAX + 1], relations[NORMAL_ELEMENTS_MAX];
  if (at->count > NORMAL_ELEMENTS_MAX) return EXPRESSION_NONE;
  for (u32 i = 0; i < at->count; i++) {
    const u32 relation = expression_child(walk->from, node, i);
    if (expression_at(walk->from, relation)->kind != EXPRESSION_RELATION) return EXPRESSION_NONE;
    sides[i] = forms[expression_child(walk->from, relation, 0)];
    sides[i + 1] = forms[expression_child(walk->from, relation, 1)];
    relations[i] = expression_at(walk->from, relation)->value;
  }
  return normal_chain(&walk->normal, sides, relations, at->count, at->place);
}

static u32 interval(struct walk *walk, const struct expression *at, u32 *children) {
  const struct expression_pool *to = walk->normal.to;
  u32 ends = at->value;
  for (u32 side = 0; side < 2 && children[0] != EXPRESSION_NONE && children[1] != EXPRESSION_NONE; side++) {
    u32 end = children[side];
    if (expression_at(to, end)->kind == EXPRESSION_NEGATE) end = expression_child(to, end, 0);
    const struct expression *limit = expression_at(to, end);
    if (limit->kind == EXPRESSION_CONSTANT && limit->value == CONSTANT_INFINITY) ends &= ~(1u << side);
  }
  return normal_collection(&walk->normal, at->kind, ends, children, 2, at->place);
}

/* One node's normal form from its children's. */
static u32 make(struct walk *walk, u32 node, u32 *children, u32 count, bool lower) {
  const struct expression *at = expression_at(walk->from, node);
  struct expression head = *at;
  head.count = count;
  /* Nor are two such signs alike: (+-2) / (+-2) may be -1. */
  if (walk->ambiguous[node] && walk->holds_sign[node] && at->kind < EXPRESSION_TUPLE) {
    return normal_as_read(&walk->normal, walk->from, &head, children);
  }
  switch (at->kind) {
    case EXPRESSION_PLUS_MINUS:
      return plus_minus(walk, at, children, lower);
    case EXPRESSION_CHAIN:
      return chain(walk, node, walk->signs[lower]);
    case EXPRESSION_RELATION:
      return normal_relation(&walk->normal, at->value, children[0], children[1], at->place);
    case EXPRESSION_INTERVAL:
      return interval(walk, at, children);
    case EXPRESSION_PERCENT:
    case EXPRESSION_DEGREES:
    case EXPRESSION_MONEY:
    case EXPRESSION_UNIT:
      if (children[0] == EXPRESSION_NONE || normal_is_mixture(walk->normal.to, children[0]) ||
          normal_is_mark(expression_at(walk->normal.to, children[0])->kind)) {
        return EXPRESSION_NONE;
      }
      return normal_as_read(&walk->normal, walk->from, &head, children);
    case EXPRESSION_NOT:
      return normal_as_read(&walk->normal, walk->from, &head, children);
    case EXPRESSION_CHOICE:
      return count == 0 ? leaf(walk, at) : normal_as_read(&walk->normal, walk->from, &head, children);
    default:
      if (at->count == 0 && at->kind != EXPRESSION_SET) return leaf(walk, at);
      if (at->kind < EXPRESSION_TUPLE) return normal_arithmetic(&walk->normal, walk->from, &head, children);
      return normal_collection(&walk->normal, at->kind, at->value, children, count, at->place);
  }
}

static bool visit(struct walk *walk, u32 node) {
  const struct expression *at = expression_at(walk->from, node);
  u32 children[NORMAL_ELEMENTS_MAX];
  for (u32 lower = 0; lower < 2; lower++) {
    u32 count = 0;
    for (u32 i = 0; i < at->count; i++) {
      const u32 child = expression_child(walk->from, node, i);
      const bool both = takes_both(at->kind) && walk->doubled[child];
      if (count + 2 > NORMAL_ELEMENTS_MAX) return false;
      children[count++] = walk->signs[lower && !both][child];
      if (both) children[count++] = walk->signs[1][child];
    }
    walk->signs[lower][node] =
        lower == 0 || walk->doubled[node] ? make(walk, node, children, count, lower == 1) : walk->signs[0][node];
    if (walk->signs[lower][node] == EXPRESSION_NONE) return false;
  }
  return evaluator_step(walk->normal.evaluator, 4 + at->count);
}

/* Adds to `to`, which may be `from`. */
static u32 pass(struct evaluator *evaluator, const struct expression_pool *from, u32 root, struct expression_pool *to) {
  struct walk walk;
  walk.normal = (struct normal){evaluator, to};
  walk.from = from;
  walk.root = root;
  mark_reached(&walk);
  mark_signs(&walk);
  for (u32 node = 0; node <= root; node++) {
    if (walk.reached[node] && !visit(&walk, node)) return EXPRESSION_NONE;
  }
  if (!walk.doubled[root]) return walk.signs[0][root];
  u32 both[2] = {walk.signs[0][root], walk.signs[1][root]};
  return normal_collection(&walk.normal, EXPRESSION_LIST, 0, both, 2, expression_at(from, root)->place);
}

/* A percentage of a matrix that becomes a value can let the node above it be worked out further: A + 50% of B. */
u32 normal_form(struct evaluator *evaluator, const struct expression_pool *from, u32 root, struct expression_pool *to) {
  expression_reset(to);
  if (root == EXPRESSION_NONE) return EXPRESSION_NONE;
  u32 form = pass(evaluator, from, root, to);
  for (u32 round = 1; round < NORMAL_PASSES_MAX && form != EXPRESSION_NONE; round++) {
    if (expression_at(to, form)->count == 0) return form;
    const struct expression_pool before = *to;
    const u32 again = pass(evaluator, to, form, to);
    if (again != EXPRESSION_NONE && expression_order(to, form, to, again) == 0) {
      to->node_count = before.node_count;
      to->child_count = before.child_count;
      to->text_count = before.text_count;
      return form;
    }
    form = again;
  }
  return EXPRESSION_NONE;
}
