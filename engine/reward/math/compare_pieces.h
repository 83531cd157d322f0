/* Subsets of the real line as ordered pieces that do not touch: what intervals, unions and inequalities are read into.
 * Ends are nodes of one pool; their order is proved by evaluate_sign, or nothing is said.
 * Called by: compare_reals.c, compare_solve.c. Fails: false, where an order is not known or there are too many pieces. */
#ifndef RLSP_ENGINE_REWARD_MATH_COMPARE_PIECES_H
#define RLSP_ENGINE_REWARD_MATH_COMPARE_PIECES_H

#include "engine/reward/math/compare_parts.h"

#define PIECES_MAX 32u

struct end {
  int side; /* -1: minus infinity, 1: infinity, 0: node */
  u32 node;
  bool closed;
};
struct piece {
  struct end from, to;
};
struct pieces {
  struct comparison *comparison;
  struct expression_pool *pool;
  u32 variable; /* whose values they are; EXPRESSION_NONE where no name was there */
  u32 count;
  struct piece list[PIECES_MAX];
};

void pieces_open(struct pieces *pieces, struct comparison *comparison, struct expression_pool *pool);
bool pieces_add(struct pieces *pieces, struct end from, struct end to);
/* Sorts and joins. */
bool pieces_join(struct pieces *pieces);
/* into: its pieces and other's; those in both; those that are not there. */
bool pieces_unite(struct pieces *into, const struct pieces *other);
bool pieces_intersect(struct pieces *into, const struct pieces *other);
bool pieces_complement(struct pieces *pieces);
/* Of one pool, piece by piece; false also where that is not known. */
bool pieces_same(const struct pieces *a, const struct pieces *b);

/* compare_solve.c: left < right (strict) or left <= right, solved for its one variable. */
bool pieces_of_inequality(struct pieces *pieces, u32 relation, u32 left, u32 right);

static inline struct end end_at(u32 node, bool closed) { return (struct end){0, node, closed}; }
static inline struct end end_beyond(int side) { return (struct end){side, EXPRESSION_NONE, false}; }

#endif
