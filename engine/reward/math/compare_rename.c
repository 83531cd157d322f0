/* A tree with one variable under another name. Owns nothing. */
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
