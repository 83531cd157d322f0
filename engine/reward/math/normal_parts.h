/* What normal.c and its parts share. Every function here builds in `to` from nodes of `to` that are already normal.
 *
 * Normal scalars: a fraction is NUMBER, DIVIDE of two NUMBERs, NEGATE of either; a term is MULTIPLY of a positive fraction and powers, NEGATE of
 * that; a sum is ADD of terms in expression_order of what stands behind their fractions. x / y is x * y^-1; a root of a number is a power of a prime
 * with an exponent between 0 and 1.
 * Called by: normal*.c alone. Fails: EXPRESSION_NONE where a limit is met or a value would not be defined; it is passed on up to the root. */
#ifndef RLSP_ENGINE_REWARD_MATH_NORMAL_PARTS_H
#define RLSP_ENGINE_REWARD_MATH_NORMAL_PARTS_H

#include "engine/reward/math/normal.h"

/* Terms of one sum, factors of one product, elements of one list: an answer has a handful. */
#define NORMAL_TERMS_MAX 256u
#define NORMAL_FACTORS_MAX 64u
#define NORMAL_ELEMENTS_MAX 512u
/* A product of sums is multiplied out up to so many products of terms: (a + b)^6, (a + b + c)^3 (d + e). */
#define NORMAL_EXPANSION_MAX 81u
/* Products within products that multiply out again (sqrt(x + 1) * sqrt(x + 1)). */
#define NORMAL_NESTING_MAX 4u
/* A form that still changes in the last of them is none. */
#define NORMAL_PASSES_MAX 5u
/* Primes up to it are taken out of roots. */
#define NORMAL_PRIME_MAX 1000

struct normal {
  struct evaluator *evaluator;
  struct expression_pool *to;
};

/* ---- fractions of 64 bits: what does not fit stays text or a product, and is evaluate.c's ---- */
struct fraction {
  i64 numerator, denominator; /* denominator > 0, no common factor */
};
bool fraction_make(struct fraction *fraction, i64 numerator, i64 denominator);
bool fraction_add(struct fraction *sum, struct fraction a, struct fraction b);
bool fraction_multiply(struct fraction *product, struct fraction a, struct fraction b);
bool fraction_power(struct fraction *power, struct fraction base, i64 exponent);
/* A NUMBER as read: any base, scale and repetition. */
bool fraction_of_number(struct fraction *fraction, const struct expression_pool *pool, u32 node);
/* A normal fraction; false for all else. */
bool fraction_read(struct fraction *fraction, const struct expression_pool *pool, u32 node);
u32 fraction_write(struct expression_pool *pool, struct fraction fraction, u32 place);

/* ---- normal_terms.c ---- */
struct term {
  struct fraction by;
  u32 rest; /* EXPRESSION_NONE: the fraction alone */
};
bool term_read(struct normal *normal, u32 node, struct term *term);
u32 term_write(struct normal *normal, struct term term, u32 place);
/* By expression_order of rest; stable. */
bool terms_sort(struct normal *normal, struct term *terms, u32 count);
u32 normal_sum(struct normal *normal, const u32 *nodes, u32 count, u32 place);
/* node * by */
u32 normal_scaled(struct normal *normal, u32 node, struct fraction by, u32 place);
/* ADD's largest common fraction, with the sign of its first term. */
bool normal_content(struct normal *normal, u32 sum, struct fraction *content);
/* May it be dropped when its coefficient is 0? Not where it may be infinite or undefined for every value of its variables. */
bool normal_droppable(const struct expression_pool *pool, u32 node);

/* ---- normal_product.c, normal_factors.c ---- */
struct factor {
  u32 base;
  struct fraction power;
};
u32 normal_product(struct normal *normal, const struct factor *inputs, u32 count, u32 place, u32 nesting);
u32 normal_times(struct normal *normal, const u32 *nodes, u32 count, u32 place);
u32 normal_power(struct normal *normal, u32 base, u32 exponent, u32 place);

struct factors {
  struct fraction by;
  struct factor list[NORMAL_FACTORS_MAX];
  u32 count;
  struct factor waiting[NORMAL_FACTORS_MAX]; /* not yet taken apart */
  u32 waiting_count;
};
/* Takes all that waits apart into by and list: no base there but atoms, sums without content, primes. */
bool factors_split(struct normal *normal, struct factors *factors);
bool factors_wait(struct factors *factors, u32 base, struct fraction power);

/* ---- normal_marks.c: PERCENT, DEGREES, MONEY, UNIT ---- */
/* Arithmetic over children that may be marked: the mark goes outside where all share it, becomes a value where it is one.
 * head: the node as read, its text in `from`; children are overwritten. */
u32 normal_arithmetic(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                      u32 *children);
bool normal_is_mark(u32 kind);
/* ---- normal_scalars.c: the same without marks ---- */
u32 normal_scalar(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                  const u32 *children);
/* The node as it stands, over new children. */
u32 normal_as_read(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                   const u32 *children);
bool normal_is_scalar(const struct expression_pool *pool, u32 node);
/* Arithmetic that stands as it was read, over what is no scalar. */
bool normal_is_mixture(const struct expression_pool *pool, u32 node);

/* ---- normal_statements.c ---- */
u32 normal_relation(struct normal *normal, u32 relation, u32 left, u32 right, u32 place);
/* sides: count + 1. */
u32 normal_chain(struct normal *normal, const u32 *sides, const u32 *relations, u32 count, u32 place);

/* ---- normal_collections.c ---- */
u32 normal_collection(struct normal *normal, u32 kind, u32 value, u32 *children, u32 count, u32 place);
/* Sums and multiples of points, vectors and matrices, entry by entry. EXPRESSION_NONE where the sizes do not allow it. */
u32 normal_vector_sum(struct normal *normal, const u32 *nodes, u32 count, u32 place);
u32 normal_vector_product(struct normal *normal, const u32 *nodes, u32 count, u32 place);
u32 normal_matrix_power(struct normal *normal, u32 matrix, u32 exponent, u32 place);
/* LIST and SET: sorts, and drops repetitions where told. */
bool normal_sort(struct normal *normal, u32 *nodes, u32 *count, bool once);
/* Does it name what an equation's other side gives: x, f(x), (p, q), NO / BO? */
bool normal_is_name(const struct expression_pool *pool, u32 node);

#endif
