/* Trees with some of their nodes made anew. Owns nothing. */
#include "engine/reward/math/compare_parts.h"

struct rewrite {
  struct part from, to; /* a variable and its new name; EXPRESSION_NONE: none */
  bool natural_logarithms;
};

static u32 rewritten(struct expression_pool *pool, u32 node, const struct rewrite *rewrite, const u32 *children) {
  const struct expression at = *expression_at(pool, node);
  const char *text = (const char *)pool->text + at.text;
  if (at.kind == EXPRESSION_NUMBER) return node;
  if (rewrite->natural_logarithms && at.kind == EXPRESSION_FUNCTION && at.value == FUNCTION_LOG && at.count == 1) {
    return expression_node(pool, EXPRESSION_FUNCTION, FUNCTION_LN, children, 1, at.place);
  }
  if (!rewrite->natural_logarithms && expression_order(pool, node, rewrite->from.pool, rewrite->from.node) == 0) {
    const struct expression *name = part_at(rewrite->to);
    return expression_leaf(pool, EXPRESSION_VARIABLE, 0, (const char *)rewrite->to.pool->text + name->text,
                           name->text_size, at.place);
  }
  return expression_named(pool, at.kind, at.value, children, at.count, text, at.text_size, at.place);
}

static struct part rewrite_all(struct part part, const struct rewrite *rewrite) {
  u32 copies[VERIFIER_NODES_MAX];
  for (u32 node = 0; node <= part.node; node++) {
    const struct expression *at = expression_at(part.pool, node);
    u32 children[NORMAL_TERMS_MAX];
    copies[node] = EXPRESSION_NONE;
    if (at->count > NORMAL_TERMS_MAX) continue;
    for (u32 i = 0; i < at->count; i++) children[i] = copies[expression_child(part.pool, node, i)];
    copies[node] = rewritten(part.pool, node, rewrite, children);
  }
  return (struct part){part.pool, copies[part.node]};
}

struct part part_renamed(struct part part, struct part from, struct part to) {
  return rewrite_all(part, &(struct rewrite){.from = from, .to = to});
}

struct part part_with_natural_logs(struct part part) {
  const struct part none = {part.pool, EXPRESSION_NONE};
  return rewrite_all(part, &(struct rewrite){.from = none, .to = none, .natural_logarithms = true});
}

/* All nodes up to this one are looked at: one of them too many makes a verdict more careful, not less. */
bool part_has_plain_log(struct part part) {
  for (u32 node = 0; node <= part.node; node++) {
    const struct expression *at = expression_at(part.pool, node);
    if (at->kind == EXPRESSION_FUNCTION && at->value == FUNCTION_LOG && at->count == 1) return true;
  }
  return false;
}
