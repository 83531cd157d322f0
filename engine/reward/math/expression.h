/* The one form that every answer is read into, and that everything later works on: a tree of nodes in a pool of the caller's.
 *
 *   text --(lexer, parser)--> expression --(normal)--> normal form --(compare, evaluate)--> right, wrong, undecided
 *
 * Nodes are numbered from 0 in the order they were made; a child's number is below its parent's, so a loop over the pool is a
 * walk from the leaves up, and nothing here recurses. Numbers stay text (digits): no big integer lives in a node.
 * Owns: nothing; the pool's memory is laid out by expression_place. Fails: a pool that is full makes EXPRESSION_NONE and sets
 * `full`; every function takes and passes EXPRESSION_NONE on, so a parser checks once, at its end. */
#ifndef RLSP_ENGINE_REWARD_MATH_EXPRESSION_H
#define RLSP_ENGINE_REWARD_MATH_EXPRESSION_H

#include "engine/memory/arena.h"
#include "engine/reward/math/expression_function_table.h"
#include "engine/reward/math/expression_table.h"
#include "engine/types.h"

enum expression_kind {
#define EXPRESSION(name, text, children) EXPRESSION_##name,
  EXPRESSION_TABLE(EXPRESSION)
#undef EXPRESSION
      EXPRESSION_KINDS
};

#define EXPRESSION_NONE UINT32_MAX
/* A reading has nested parentheses of VERIFIER_DEPTH_MAX; marks, signs and normal forms add to that. A deeper node is refused like one too many. */
#define EXPRESSION_DEPTH_MAX (4u * VERIFIER_DEPTH_MAX)

enum expression_constant {
  CONSTANT_PI,
  CONSTANT_E,
  CONSTANT_I,
  CONSTANT_INFINITY,
  CONSTANT_EMPTY_SET,
  CONSTANT_NATURALS,
  CONSTANT_INTEGERS,
  CONSTANT_RATIONALS,
  CONSTANT_REALS,
  CONSTANT_COMPLEXES,
  CONSTANT_TRUE,
  CONSTANT_FALSE,
  CONSTANT_UNDEFINED /* "undefined", "does not exist", "DNE", "no solution" is EMPTY_SET */
};

enum expression_function {
#define EXPRESSION_FUNCTION_ENUM(name, text, least, most) FUNCTION_##name,
  EXPRESSION_FUNCTION_TABLE(EXPRESSION_FUNCTION_ENUM)
#undef EXPRESSION_FUNCTION_ENUM
      FUNCTIONS,
  FUNCTION_CIS = FUNCTIONS /* a token's value alone: the parser writes cos x + i sin x */
};

enum expression_relation {
  RELATION_EQUAL,
  RELATION_NOT_EQUAL,
  RELATION_LESS,
  RELATION_LESS_EQUAL,
  RELATION_GREATER,
  RELATION_GREATER_EQUAL,
  RELATION_APPROXIMATE, /* \approx */
  RELATION_CONGRUENT,   /* \equiv; the modulus is right's: FUNCTION MOD */
  RELATION_ELEMENT,     /* \in */
  RELATION_NOT_ELEMENT,
  RELATION_SUBSET
};

enum expression_ends {
  ENDS_OPEN,
  ENDS_LEFT_CLOSED,
  ENDS_RIGHT_CLOSED,
  ENDS_CLOSED
}; /* bit 0: left closed, bit 1: right closed */

struct expression {
  u16 kind;      /* enum expression_kind */
  u16 base;      /* NUMBER: 2..36, 10 unless written 101_2 */
  u32 value;     /* see expression_table.h */
  u32 first;     /* index into pool->children */
  u32 count;     /* children */
  u32 text;      /* offset into pool->text; not NUL-terminated */
  u32 text_size; /* bytes */
  u32 scale; /* NUMBER: digits behind the point, 0 where there is no point. text_size >= scale: ".5" is stored as 5, scale 1 */
  u32 repeating; /* NUMBER: how many last digits repeat without end; at most scale */
  u32 depth;     /* of the tree below and with it: a leaf has 1; at most EXPRESSION_DEPTH_MAX */
  u32 place;     /* byte offset in the source where it begins: what messages name */
};

struct expression_pool {
  struct expression *nodes; /* [VERIFIER_NODES_MAX] */
  u32 *children;            /* [VERIFIER_CHILDREN_MAX] */
  u8 *text;                 /* [VERIFIER_TEXT_MAX] */
  u32 node_count, child_count, text_count;
  bool full;
};

/* Takes the pool's memory from the host arena, in both passes. */
void expression_place(struct expression_pool *pool, struct arena *host);
void expression_reset(struct expression_pool *pool);

/* A leaf; text NULL where it has none. Returns its number, or EXPRESSION_NONE. */
u32 expression_leaf(struct expression_pool *pool, enum expression_kind kind, u32 value, const char *text, u32 text_size,
                    u32 place);
/* digits: without separators and point. */
u32 expression_number(struct expression_pool *pool, const char *digits, u32 digit_count, u32 scale, u32 repeating,
                      u16 base, u32 place);
/* A node over children, whose numbers are copied. One that is EXPRESSION_NONE makes the whole EXPRESSION_NONE. */
u32 expression_node(struct expression_pool *pool, enum expression_kind kind, u32 value, const u32 *children, u32 count,
                    u32 place);
/* The same with a text of its own (CALL, UNIT, MONEY). */
u32 expression_named(struct expression_pool *pool, enum expression_kind kind, u32 value, const u32 *children, u32 count,
                     const char *text, u32 text_size, u32 place);

static inline const struct expression *expression_at(const struct expression_pool *pool, u32 node) {
  return &pool->nodes[node];
}
static inline u32 expression_child(const struct expression_pool *pool, u32 node, u32 index) {
  return pool->children[pool->nodes[node].first + index];
}

/* Same tree: kinds, values, texts and children, place aside. -1, 0, 1: a total order that depends on the two trees alone. */
int expression_order(const struct expression_pool *a_pool, u32 a, const struct expression_pool *b_pool, u32 b);
/* Writes it as (kind child child): "(add 1 (power x 2))". Returns the bytes that it wants, of which at most `size` - 1 are written and a NUL. */
u32 expression_print(const struct expression_pool *pool, u32 node, char *text, u32 size);

#endif
