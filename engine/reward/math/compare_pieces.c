#include "engine/reward/math/compare_pieces.h"

void pieces_open(struct pieces *pieces, struct comparison *comparison, struct expression_pool *pool) {
  pieces->comparison = comparison;
  pieces->pool = pool;
  pieces->variable = EXPRESSION_NONE;
  pieces->count = 0;
}

bool pieces_add(struct pieces *pieces, struct end from, struct end to) {
  if (pieces->count == PIECES_MAX) return false;
  if ((from.side == 0 && from.node == EXPRESSION_NONE) || (to.side == 0 && to.node == EXPRESSION_NONE)) return false;
  pieces->list[pieces->count++] = (struct piece){from, to};
  return true;
}

/* -1, 0, 1 by value, closedness aside. */
static bool order_ends(const struct pieces *pieces, struct end a, struct end b, int *order) {
  struct expression_pool *pool = pieces->pool;
  struct fraction left, right;
  *order = 0;
  if (a.side != 0 || b.side != 0) {
    *order = (a.side > b.side) - (a.side < b.side);
    return true;
  }
  if (expression_order(pool, a.node, pool, b.node) == 0) return true;
  if (fraction_read(&left, pool, a.node) && fraction_read(&right, pool, b.node)) {
    right.numerator = -right.numerator;
    if (fraction_add(&left, left, right)) {
      *order = (left.numerator > 0) - (left.numerator < 0);
      return true;
    }
  }
  const u32 negative = expression_node(pool, EXPRESSION_NEGATE, 0, &b.node, 1, 0);
  const u32 parts[2] = {a.node, negative};
  const u32 difference = expression_node(pool, EXPRESSION_ADD, 0, parts, 2, 0);
  return difference != EXPRESSION_NONE &&
         evaluate_sign(pieces->comparison->evaluator, pool, difference, order) == EVALUATED_EQUAL;
}

static bool sort_pieces(struct pieces *pieces) {
  for (u32 i = 1; i < pieces->count; i++) {
    const struct piece piece = pieces->list[i];
    u32 at = i;
    for (; at > 0; at--) {
      int order;
      if (!order_ends(pieces, pieces->list[at - 1].from, piece.from, &order)) return false;
      if (order < 0 || (order == 0 && (pieces->list[at - 1].from.closed || !piece.from.closed))) break;
      pieces->list[at] = pieces->list[at - 1];
    }
    pieces->list[at] = piece;
  }
  return true;
}

/* Drops pieces with nothing in them: (1, 1), [3, 2]. */
static bool drop_empty(struct pieces *pieces) {
  u32 kept = 0;
  for (u32 i = 0; i < pieces->count; i++) {
    const struct piece piece = pieces->list[i];
    int order;
    if (!order_ends(pieces, piece.from, piece.to, &order)) return false;
    if (order < 0 || (order == 0 && piece.from.closed && piece.to.closed)) pieces->list[kept++] = piece;
  }
  pieces->count = kept;
  return true;
}

static bool end_varies(const struct pieces *pieces, struct end end) {
  return end.side == 0 && part_varies((struct part){pieces->pool, end.node});
}

bool pieces_join(struct pieces *pieces) {
  u32 kept = 0;
  /* One piece with unknown ends, (a, a + 1), needs no order. */
  if (pieces->count == 1 && (end_varies(pieces, pieces->list[0].from) || end_varies(pieces, pieces->list[0].to))) {
    return true;
  }
  if (!drop_empty(pieces) || !sort_pieces(pieces)) return false;
  for (u32 i = 0; i < pieces->count; i++) {
    const struct piece piece = pieces->list[i];
    struct piece *last = kept > 0 ? &pieces->list[kept - 1] : NULL;
    int gap = 1, further = 0;
    if (last != NULL && !order_ends(pieces, piece.from, last->to, &gap)) return false;
    if (gap > 0 || (gap == 0 && !piece.from.closed && !last->to.closed)) {
      pieces->list[kept++] = piece;
      continue;
    }
    if (!order_ends(pieces, piece.to, last->to, &further)) return false;
    if (further > 0 || (further == 0 && piece.to.closed)) last->to = piece.to;
  }
  pieces->count = kept;
  return true;
}

static bool share_variable(struct pieces *into, const struct pieces *other) {
  if (other->variable == EXPRESSION_NONE) return true;
  if (into->variable == EXPRESSION_NONE) into->variable = other->variable;
  return expression_order(into->pool, into->variable, into->pool, other->variable) == 0;
}

bool pieces_unite(struct pieces *into, const struct pieces *other) {
  if (!share_variable(into, other)) return false;
  for (u32 i = 0; i < other->count; i++) {
    if (!pieces_add(into, other->list[i].from, other->list[i].to)) return false;
  }
  return pieces_join(into);
}

static bool tighter(const struct pieces *pieces, struct end a, struct end b, int way, struct end *end) {
  int order;
  if (!order_ends(pieces, a, b, &order)) return false;
  if (order == 0) {
    *end = a.closed ? b : a;
  } else {
    *end = order == way ? a : b;
  }
  return true;
}

bool pieces_intersect(struct pieces *into, const struct pieces *other) {
  struct pieces result;
  if (!share_variable(into, other)) return false;
  pieces_open(&result, into->comparison, into->pool);
  result.variable = into->variable;
  for (u32 i = 0; i < into->count; i++) {
    for (u32 k = 0; k < other->count; k++) {
      struct end from, to;
      if (!tighter(into, into->list[i].from, other->list[k].from, 1, &from)) return false;
      if (!tighter(into, into->list[i].to, other->list[k].to, -1, &to)) return false;
      if (!pieces_add(&result, from, to)) return false;
    }
  }
  *into = result;
  return pieces_join(into);
}

bool pieces_complement(struct pieces *pieces) {
  struct pieces result;
  struct end from = end_beyond(-1);
  pieces_open(&result, pieces->comparison, pieces->pool);
  result.variable = pieces->variable;
  for (u32 i = 0; i < pieces->count; i++) {
    struct end to = pieces->list[i].from;
    to.closed = to.side == 0 && !to.closed;
    if (to.side == 0 && !pieces_add(&result, from, to)) return false;
    from = pieces->list[i].to;
    from.closed = from.side == 0 && !from.closed;
  }
  if (from.side <= 0 && !pieces_add(&result, from, end_beyond(1))) return false;
  *pieces = result;
  return pieces_join(pieces);
}

static bool same_end(const struct pieces *pieces, struct end a, struct end b) {
  int order;
  return a.closed == b.closed && order_ends(pieces, a, b, &order) && order == 0;
}

bool pieces_same(const struct pieces *a, const struct pieces *b) {
  if (a->count != b->count) return false;
  for (u32 i = 0; i < a->count; i++) {
    if (!same_end(a, a->list[i].from, b->list[i].from) || !same_end(a, a->list[i].to, b->list[i].to)) return false;
  }
  return true;
}
