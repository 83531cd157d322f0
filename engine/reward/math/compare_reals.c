/* Intervals, unions and inequalities of one variable, compared as subsets of the real line. Owns nothing. */
#include "engine/reward/math/compare_pieces.h"

static bool read_set(struct pieces *pieces, u32 node, u32 nesting);

/* The union, or the intersection, of all children. */
static bool read_all(struct pieces *pieces, u32 node, bool unite, u32 nesting) {
  const u32 count = expression_at(pieces->pool, node)->count;
  for (u32 i = 0; i < count; i++) {
    struct pieces part;
    pieces_open(&part, pieces->comparison, pieces->pool);
    if (!read_set(&part, expression_child(pieces->pool, node, i), nesting)) return false;
    if (i == 0) {
      *pieces = part;
    } else if (!(unite ? pieces_unite(pieces, &part) : pieces_intersect(pieces, &part))) {
      return false;
    }
  }
  return true;
}

static struct end end_of(const struct expression_pool *pool, u32 node, bool closed) {
  const struct expression *at = expression_at(pool, node);
  if (at->kind == EXPRESSION_CONSTANT && at->value == CONSTANT_INFINITY) return end_beyond(1);
  if (at->kind == EXPRESSION_NEGATE) {
    const struct expression *inside = expression_at(pool, expression_child(pool, node, 0));
    if (inside->kind == EXPRESSION_CONSTANT && inside->value == CONSTANT_INFINITY) return end_beyond(-1);
  }
  return end_at(node, closed);
}

static bool read_interval(struct pieces *pieces, u32 node, u32 ends) {
  const u32 from = expression_child(pieces->pool, node, 0), to = expression_child(pieces->pool, node, 1);
  if (!normal_is_scalar(pieces->pool, from) || !normal_is_scalar(pieces->pool, to)) return false;
  return pieces_add(pieces, end_of(pieces->pool, from, (ends & 1) != 0), end_of(pieces->pool, to, (ends & 2) != 0)) &&
         pieces_join(pieces);
}

static bool read_relation(struct pieces *pieces, u32 node, u32 nesting) {
  const u32 relation = expression_at(pieces->pool, node)->value;
  const u32 left = expression_child(pieces->pool, node, 0), right = expression_child(pieces->pool, node, 1);
  switch (relation) {
    case RELATION_ELEMENT:
    case RELATION_NOT_ELEMENT:
      if (expression_at(pieces->pool, left)->kind != EXPRESSION_VARIABLE) return false;
      if (!read_set(pieces, right, nesting)) return false;
      pieces->variable = left;
      return relation == RELATION_ELEMENT || pieces_complement(pieces);
    case RELATION_EQUAL:
    case RELATION_NOT_EQUAL:
    case RELATION_LESS:
    case RELATION_LESS_EQUAL:
      if (!normal_is_scalar(pieces->pool, left) || !normal_is_scalar(pieces->pool, right)) return false;
      return pieces_of_inequality(pieces, relation, left, right);
    default:
      return false;
  }
}

/* Every listed statement says something: the pieces of none are those of all. */
static bool each_counts(const struct pieces *all, u32 list, u32 nesting) {
  for (u32 i = 0; i < expression_at(all->pool, list)->count; i++) {
    struct pieces one;
    pieces_open(&one, all->comparison, all->pool);
    if (!read_set(&one, expression_child(all->pool, list, i), nesting) || pieces_same(&one, all)) return false;
  }
  return true;
}

/* Listed intervals are a union, if they do not touch: 5 more behind [1, 9] is no part of it but a hedge. Listed statements all hold, x > 1, x < 3;
 * where that cannot be, one of them does, x < 1, x > 3. */
static bool read_list(struct pieces *pieces, u32 node, u32 nesting) {
  const u32 count = expression_at(pieces->pool, node)->count;
  u32 intervals = 0;
  for (u32 i = 0; i < count; i++) {
    const u32 kind = expression_at(pieces->pool, expression_child(pieces->pool, node, i))->kind;
    if (kind == EXPRESSION_INTERVAL || kind == EXPRESSION_TUPLE)
      intervals++;
    else if (kind != EXPRESSION_RELATION && kind != EXPRESSION_CHAIN)
      return false;
  }
  if (intervals == count) return read_all(pieces, node, true, nesting) && pieces->count == count;
  if (intervals > 0 || !read_all(pieces, node, false, nesting)) return false;
  if (pieces->count == 0) {
    pieces_open(pieces, pieces->comparison, pieces->pool);
    if (!read_all(pieces, node, true, nesting)) return false;
  }
  return each_counts(pieces, node, nesting);
}

static bool read_difference(struct pieces *pieces, u32 node, u32 nesting) {
  struct pieces without;
  pieces_open(&without, pieces->comparison, pieces->pool);
  return read_set(pieces, expression_child(pieces->pool, node, 0), nesting) &&
         read_set(&without, expression_child(pieces->pool, node, 1), nesting) && pieces_complement(&without) &&
         pieces_intersect(pieces, &without);
}

static bool read_constant(struct pieces *pieces, u32 node) {
  const u32 value = expression_at(pieces->pool, node)->value;
  if (value == CONSTANT_EMPTY_SET) return true;
  if (value == CONSTANT_REALS) return pieces_add(pieces, end_beyond(-1), end_beyond(1));
  return value < CONSTANT_I && pieces_add(pieces, end_at(node, true), end_at(node, true));
}

static bool read_set(struct pieces *pieces, u32 node, u32 nesting) {
  const struct expression *at = expression_at(pieces->pool, node);
  if (nesting == COMPARE_NESTING_MAX) return false;
  switch (at->kind) {
    case EXPRESSION_INTERVAL:
      return read_interval(pieces, node, at->value);
    case EXPRESSION_TUPLE:
      return at->count == 2 && read_interval(pieces, node, ENDS_OPEN);
    case EXPRESSION_UNION:
    case EXPRESSION_OR:
    case EXPRESSION_SET:
      return read_all(pieces, node, true, nesting + 1);
    case EXPRESSION_INTERSECTION:
    case EXPRESSION_AND:
    case EXPRESSION_CHAIN:
      return read_all(pieces, node, false, nesting + 1);
    case EXPRESSION_LIST:
      return read_list(pieces, node, nesting + 1);
    case EXPRESSION_DIFFERENCE:
      return read_difference(pieces, node, nesting + 1);
    case EXPRESSION_RELATION:
      return read_relation(pieces, node, nesting + 1);
    case EXPRESSION_NOT:
      return read_set(pieces, expression_child(pieces->pool, node, 0), nesting + 1) && pieces_complement(pieces);
    case EXPRESSION_CONSTANT:
      return read_constant(pieces, node);
    default: {
      const bool point = normal_is_scalar(pieces->pool, node) && !normal_is_mark(at->kind) &&
                         !part_varies((struct part){pieces->pool, node});
      return point && pieces_add(pieces, end_at(node, true), end_at(node, true));
    }
  }
}

static struct finding compare_ends(const struct pieces *a, struct end a_end, const struct pieces *b, struct end b_end) {
  if (a_end.side != b_end.side) return found(DECISION_WRONG, REASON_DIFFERENT_VALUES);
  if (a_end.side != 0) return found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  const struct finding values =
      compare_values(a->comparison, (struct part){a->pool, a_end.node}, (struct part){b->pool, b_end.node});
  if (values.decision == DECISION_RIGHT && a_end.closed != b_end.closed) {
    return found(DECISION_WRONG, REASON_DIFFERENT_SHAPES);
  }
  return values;
}

static bool same_variable(const struct pieces *a, const struct pieces *b) {
  return a->variable == EXPRESSION_NONE || b->variable == EXPRESSION_NONE ||
         expression_order(a->pool, a->variable, b->pool, b->variable) == 0;
}

struct finding compare_reals(struct comparison *comparison, struct part a, struct part b) {
  struct pieces left, right;
  pieces_open(&left, comparison, a.pool);
  pieces_open(&right, comparison, b.pool);
  if (part_is(a, EXPRESSION_CONSTANT) && part_is(b, EXPRESSION_CONSTANT)) {
    /* Two sets of numbers. */
    return part_same(a, b) ? found(DECISION_RIGHT, REASON_EQUAL_FORMS) : found(DECISION_WRONG, REASON_DIFFERENT_SHAPES);
  }
  if (!read_set(&left, a.node, 0) || !read_set(&right, b.node, 0)) {
    return found(DECISION_UNDECIDED, REASON_UNSUPPORTED);
  }
  if (left.count != right.count) return found(DECISION_WRONG, REASON_DIFFERENT_COUNTS);
  struct finding all = found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  for (u32 i = 0; i < left.count; i++) {
    all = both_found(all, compare_ends(&left, left.list[i].from, &right, right.list[i].from));
    all = both_found(all, compare_ends(&left, left.list[i].to, &right, right.list[i].to));
  }
  if (all.decision == DECISION_RIGHT && !same_variable(&left, &right)) {
    return found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
  }
  return all;
}
