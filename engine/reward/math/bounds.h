/* How large a result can become and what it costs, known before the work is done: from bit counts alone. Steps are those of VERIFIER_STEPS_MAX,
 * about a 64-bit word's multiplication each.
 * Called by: rational.c, evaluate*.c. Owns nothing. Cannot fail. */
#ifndef RLSP_ENGINE_REWARD_MATH_BOUNDS_H
#define RLSP_ENGINE_REWARD_MATH_BOUNDS_H

#include "engine/memory/limits.h"
#include "engine/types.h"

static inline bool bounds_fit(u64 bits) { return bits <= VERIFIER_INTEGER_BITS_MAX; }
/* Bits of base^exponent, at most; UINT64_MAX where that overflows. */
u64 bounds_power_bits(u64 base_bits, u64 exponent);
/* Bits of n!, and of n over k, at most (k <= n). */
u64 bounds_factorial_bits(u64 n);
u64 bounds_binomial_bits(u64 n, u64 k);
/* Bits of a number of so many digits, at most. */
u64 bounds_digits_bits(u64 digits, u32 base);

u64 bounds_multiply_steps(u64 a_bits, u64 b_bits);
/* A gcd, or a division: a small operand makes it cheap. */
u64 bounds_gcd_steps(u64 a_bits, u64 b_bits);
/* From digits to a number or back. */
u64 bounds_digits_steps(u64 bits);
/* A ball's sum or product, and an elementary function (exp, log, sin, a power), at a precision. */
u64 bounds_ball_steps(u64 precision);
u64 bounds_function_steps(u64 precision);

#endif
