/* Exact rationals for those who work on expressions: normal.c folds constants with them, evaluate*.c begins with them.
 *
 * A rational is in lowest terms, its denominator positive. Numerator and denominator have at most VERIFIER_INTEGER_BITS_MAX bits each: what
 * would pass that ends in EVALUATED_TOO_LARGE before any work is done. Work is counted in the evaluator's steps.
 * Every function that returns an enum evaluated gives EVALUATED_EQUAL where `out` has the value, and else leaves `out` as it was.
 * Owns: the big integers lie in the evaluator's region: rational_open before use, rational_close after, while the evaluator is open.
 * `out` may be one of the operands. */
#ifndef RLSP_ENGINE_REWARD_MATH_RATIONAL_H
#define RLSP_ENGINE_REWARD_MATH_RATIONAL_H

#include "engine/reward/math/evaluate.h"

struct rational {
  i64 numerator, denominator; /* FLINT's fmpq: read them with the functions below only */
};

void rational_open(struct rational *rational); /* 0 */
void rational_close(struct rational *rational);
void rational_set(struct rational *out, const struct rational *from);
void rational_set_integer(struct rational *out, i64 value);
void rational_swap(struct rational *a, struct rational *b);

/* A NUMBER: its base, point and repeating digits. */
enum evaluated rational_number(struct evaluator *evaluator, struct rational *out, const struct expression_pool *pool,
                               u32 node);
/* The value of a whole tree that holds no variables and is rational at every step: arithmetic, powers, exact roots, factorials, binomials, gcd, mod,
 * floor, ... EVALUATED_UNSUPPORTED where it is not (sqrt(2), x, pi, a SET), UNDEFINED for 1/0. */
enum evaluated rational_fold(struct evaluator *evaluator, struct rational *out, const struct expression_pool *pool,
                             u32 node);
/* Into a pool, in the one spelling of a rational: NUMBER (base 10, no point), DIVIDE of two NUMBERs, or NEGATE of one of these.
 * EXPRESSION_NONE where the pool is full. */
u32 rational_write(struct evaluator *evaluator, const struct rational *rational, struct expression_pool *pool,
                   u32 place);

enum evaluated rational_add(struct evaluator *evaluator, struct rational *out, const struct rational *a,
                            const struct rational *b);
enum evaluated rational_subtract(struct evaluator *evaluator, struct rational *out, const struct rational *a,
                                 const struct rational *b);
enum evaluated rational_multiply(struct evaluator *evaluator, struct rational *out, const struct rational *a,
                                 const struct rational *b);
enum evaluated rational_divide(struct evaluator *evaluator, struct rational *out, const struct rational *a,
                               const struct rational *b); /* UNDEFINED by 0 */
/* exponent an integer (else UNSUPPORTED); 0^0 and 0^-1 are UNDEFINED. */
enum evaluated rational_power(struct evaluator *evaluator, struct rational *out, const struct rational *base,
                              const struct rational *exponent);
/* The real root where it is rational, else UNSUPPORTED; an odd root of a negative number is negative. index >= 1. */
enum evaluated rational_root(struct evaluator *evaluator, struct rational *out, const struct rational *radicand,
                             u32 index);
/* |a| = whole^index * rest, both positive integers, as much in `whole` as small primes (below 2^12) and a last exact root show:
 * 72 = 6^2 * 2. a must be an integer other than 0. What is left over may hide a power of large primes. */
enum evaluated rational_split_power(struct evaluator *evaluator, struct rational *whole, struct rational *rest,
                                    const struct rational *a, u32 index);
void rational_negate(struct rational *out, const struct rational *a);
void rational_absolute(struct rational *out, const struct rational *a);
void rational_numerator(struct rational *out, const struct rational *a);
void rational_denominator(struct rational *out, const struct rational *a);
void rational_floor(struct rational *out, const struct rational *a);

int rational_compare(const struct rational *a, const struct rational *b); /* -1, 0, 1 */
int rational_sign(const struct rational *a);
bool rational_is_integer(const struct rational *a);
/* true and *value where it is an integer of at most 62 bits. */
bool rational_to_i64(const struct rational *a, i64 *value);
/* Of the larger of numerator and denominator. */
u64 rational_bits(const struct rational *a);

#endif
