/* A tree with one variable under another name; parameters that each side names for itself. Owns nothing. */
#include <string.h>

#include "engine/reward/math/compare_parts.h"

static u32 copy(struct expression_pool *pool, u32 node, const u32 *children, struct part from, struct part to) {
  const struct expression at = *expression_at(pool, node);
  const struct expression *name = part_at(to);
  if (at.kind == EXPRESSION_NUMBER) return node;
  if (expression_order(pool, node, to.pool, to.node) == 0) return EXPRESSION_NONE; /* f(t) = t + x is not f(x) = 2x */
  if (expression_order(pool, node, from.pool, from.node) == 0) {
    return expression_leaf(pool, EXPRESSION_VARIABLE, 0, (const char *)to.pool->text + name->text, name->text_size,
                           at.place);
  }
  return expression_named(pool, at.kind, at.value, children, at.count, (const char *)pool->text + at.text, at.text_size,
                          at.place);
}

struct part part_renamed(struct part part, struct part from, struct part to) {
  u32 copies[VERIFIER_NODES_MAX];
  for (u32 node = 0; node <= part.node; node++) {
    const struct expression *at = expression_at(part.pool, node);
    u32 children[NORMAL_TERMS_MAX];
    copies[node] = EXPRESSION_NONE;
    if (at->count > NORMAL_TERMS_MAX) continue;
    for (u32 i = 0; i < at->count; i++) children[i] = copies[expression_child(part.pool, node, i)];
    copies[node] = copy(part.pool, node, children, from, to);
  }
  return (struct part){part.pool, copies[part.node]};
}

/* n of k + n pi: a letter that who answers may choose. */
static bool is_parameter(struct part part) {
  return part_is(part, EXPRESSION_VARIABLE) && part_at(part)->text_size == 1 &&
         strchr("jklmnrstcC", part.pool->text[part_at(part)->text]) != NULL;
}

static void mark(struct part part, bool *reached) {
  for (u32 node = 0; node < part.node; node++) reached[node] = false;
  reached[part.node] = true;
  for (u32 node = part.node + 1; node > 0; node--) {
    for (u32 i = 0; reached[node - 1] && i < expression_at(part.pool, node - 1)->count; i++) {
      reached[expression_child(part.pool, node - 1, i)] = true;
    }
  }
}

static bool holds(struct part tree, const bool *reached, struct part variable) {
  for (u32 node = 0; node <= tree.node; node++) {
    if (reached[node] && part_same((struct part){tree.pool, node}, variable)) return true;
  }
  return false;
}

/* The one parameter of a tree that the other does not have. */
static struct part own_parameter(struct part tree, const bool *reached, struct part other, const bool *other_reached) {
  struct part own = {tree.pool, EXPRESSION_NONE};
  for (u32 node = 0; node <= tree.node; node++) {
    const struct part part = {tree.pool, node};
    if (!reached[node] || !is_parameter(part) || holds(other, other_reached, part)) continue;
    if (own.node != EXPRESSION_NONE && !part_same(own, part)) return (struct part){tree.pool, EXPRESSION_NONE};
    own = part;
  }
  return own;
}

struct part part_with_parameter_of(struct part part, struct part model) {
  bool reached[VERIFIER_NODES_MAX], model_reached[VERIFIER_NODES_MAX];
  mark(part, reached);
  mark(model, model_reached);
  const struct part from = own_parameter(part, reached, model, model_reached);
  const struct part to = own_parameter(model, model_reached, part, reached);
  if (from.node == EXPRESSION_NONE || to.node == EXPRESSION_NONE) return (struct part){part.pool, EXPRESSION_NONE};
  return part_renamed(part, from, to);
}
