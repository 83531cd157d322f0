/* Values for variables: rationals that are a function of the name and the point alone, so that both sides see the same. Their denominators
 * are 16 times a prime: no value is special, none a simple multiple of another, powers stay small, and a negative number to a power
 * that holds a variable is not real (so n in (-1)^n is tried as an integer, at the last points). */
#include "engine/reward/math/evaluate_breakpoints.h"
#include "engine/reward/math/evaluate_value.h"

#include <string.h>

/* Sizes lie in (from, from + width); signs: all plus, all minus, or each by its own hash. */
struct kind_of_point {
  u32 from, width;
  enum { PLUS, MINUS, EITHER } signs;
};
static const struct kind_of_point kinds[POINTS_FIRST] = {
    {1, 3, PLUS},  {1, 3, EITHER}, {0, 1, PLUS},   {5, 30, EITHER},
    {1, 4, MINUS}, {4, 20, PLUS},  {0, 1, EITHER}, {1, 9, PLUS},
};

/* FNV-1a, then the finish of splitmix64. */
static u64 hash_bytes(u64 hash, const void *bytes, u64 count) {
  const u8 *at = bytes;
  for (u64 i = 0; i < count; i++) hash = (hash ^ at[i]) * 0x100000001b3ull;
  return hash;
}

static u64 finish(u64 hash) {
  hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9ull;
  hash = (hash ^ hash >> 27) * 0x94d049bb133111ebull;
  return hash ^ hash >> 31;
}

static void seeded(const struct walk *walk, struct value *out, u64 hash) {
  const u32 point = walk->point;
  static const u32 primes[] = {67, 71, 73, 79, 83, 89, 97, 101};
  hash = finish(hash + (point + 1) * 0x9e3779b97f4a7c15ull);
  if (walk->breakpoints) {
    breakpoints_value(walk->breakpoints, out, hash, point);
    return;
  }
  if (point >= POINTS_RATIONAL) {
    value_integer(out, 1 + (i64)(hash % 40));
    return;
  }
  const struct kind_of_point *kind = &kinds[point % POINTS_FIRST];
  const u64 below = 16 * primes[hash % 8];
  /* Where the first round was not enough, sizes above 4 grow: sqrt(x - 100). */
  const u64 from = kind->from < 4 ? kind->from : kind->from << 2 * (point / POINTS_FIRST);
  const u64 size = from * below + (1 | (hash >> 8) % (kind->width * below));
  const bool negative = kind->signs == MINUS || (kind->signs == EITHER && (hash >> 60 & 1) != 0);
  fmpq_set_si((fmpq *)(void *)&out->rational, negative ? -(slong)size : (slong)size, below);
  fmpq_canonicalise((fmpq *)(void *)&out->rational);
  out->exact = true;
}

static bool same_name(const struct expression_pool *pool, u32 a, u32 b) {
  const struct expression *left = expression_at(pool, a), *right = expression_at(pool, b);
  return left->text_size == right->text_size &&
         memcmp(pool->text + left->text, pool->text + right->text, left->text_size) == 0;
}

enum evaluated walk_variable(struct walk *walk, u32 node, struct value *out) {
  const struct expression *at = expression_at(walk->pool, node);
  for (u32 i = walk->bound_count; i > 0; i--) {
    if (!same_name(walk->pool, walk->bound[i - 1].variable, node)) continue;
    value_integer(out, walk->bound[i - 1].value);
    return EVALUATED_EQUAL;
  }
  walk->met |= MET_VARIABLE;
  if (walk->exact_only) return EVALUATED_UNSUPPORTED;
  seeded(walk, out, hash_bytes(0xcbf29ce484222325ull, walk->pool->text + at->text, at->text_size));
  return EVALUATED_EQUAL;
}

/* A function that nobody defined: its value is seeded by its name and its arguments, where these are rational. */
enum evaluated walk_call(struct walk *walk, u32 node, struct value *out) {
  const struct expression *at = expression_at(walk->pool, node);
  u64 hash = hash_bytes(0xaf63bd4c8601b7dfull, walk->pool->text + at->text, at->text_size);
  walk->met |= MET_CALL;
  if (walk->exact_only) return EVALUATED_UNSUPPORTED;
  for (u32 i = 0; i < at->count; i++) {
    const enum evaluated done = walk_child(walk, node, i, out);
    if (done != EVALUATED_EQUAL) return done;
    if (!out->exact) return EVALUATED_UNSUPPORTED;
    const u64 words[3] = {fmpz_fdiv_ui((const fmpz *)&out->rational.numerator, 0x1fffffffffffffffull),
                          fmpz_fdiv_ui((const fmpz *)&out->rational.denominator, 0x1fffffffffffffffull),
                          (u64)(rational_sign(&out->rational) + 1)};
    hash = hash_bytes(hash, words, sizeof words);
  }
  seeded(walk, out, hash);
  return EVALUATED_EQUAL;
}
