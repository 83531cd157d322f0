/* Decides on two normal forms: shape by shape (lists, sets, intervals, matrices, statements), scalars by evaluate.h.
 * Order, multiplicity, open and closed ends count where mathematics says so. Conventions (what a bare (a, b) is, `x = 5` against 5,
 * percent against a number, ...) stand in one table at the top of compare.c.
 * Called by: verifier.c. */
#ifndef RLSP_ENGINE_REWARD_MATH_COMPARE_H
#define RLSP_ENGINE_REWARD_MATH_COMPARE_H

#include "engine/reward/math/verifier.h"

/* Fills decision, reason (side and place where they are known). Both roots are in their *_normal pools of the workspace. */
void compare(struct verifier_workspace *workspace, const struct verifier_options *options,
             struct verifier_verdict *verdict);

#endif
