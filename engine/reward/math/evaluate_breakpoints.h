/* More points for functions made of pieces: far ones, and those beside the constants that two expressions hold.
 * Called by: evaluate_equal.c and evaluate_points.c alone. Owns nothing: the constants lie in the evaluator's region, between open and close. */
#ifndef RLSP_ENGINE_REWARD_MATH_EVALUATE_BREAKPOINTS_H
#define RLSP_ENGINE_REWARD_MATH_EVALUATE_BREAKPOINTS_H

#include "engine/reward/math/evaluate_value.h"

/* Constants of the two texts; these and their quotients. */
#define BREAKPOINTS_OF_TEXT 8u
#define BREAKPOINTS_MAX 12u
#define BREAKPOINTS_BITS_MAX 256u

struct breakpoints {
  struct rational at[BREAKPOINTS_MAX]; /* absolute values, rising, none twice, none 0 */
  u32 count;
  bool too_many; /* more than BREAKPOINTS_OF_TEXT, or one too large: nothing is proved by points */
};

void breakpoints_open(struct breakpoints *breakpoints);
void breakpoints_close(struct breakpoints *breakpoints);
void breakpoints_gather(struct evaluator *evaluator, struct breakpoints *breakpoints,
                        const struct expression_pool *a_pool, u32 a, const struct expression_pool *b_pool, u32 b);
u32 breakpoints_points(const struct breakpoints *breakpoints);
/* The value, at a point below breakpoints_points, of the variable whose hash this is. */
void breakpoints_value(const struct breakpoints *breakpoints, struct value *out, u64 hash, u32 point);

#endif
