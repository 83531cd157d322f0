/* The normal form of a reading: rationals folded exactly, sums and products flattened and ordered, like terms gathered, short powers of sums
 * multiplied out, units and marks pulled outside, sets ordered without repetitions, plus-minus spread into both, chains told as intervals or ANDs.
 * Idempotent: the normal form of a normal form is itself. Equal normal forms are equal mathematics; different ones say nothing.
 * Called by: verifier.c. */
#ifndef RLSP_ENGINE_REWARD_MATH_NORMAL_H
#define RLSP_ENGINE_REWARD_MATH_NORMAL_H

#include "engine/reward/math/evaluate.h"

/* Resets `to`. Returns the root there; EXPRESSION_NONE where a limit stopped it (then the reading itself is all there is). */
u32 normal_form(struct evaluator *evaluator, const struct expression_pool *from, u32 root, struct expression_pool *to);

#endif
