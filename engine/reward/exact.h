/* Two texts, letter by letter: blanks at the ends and the number of blanks between words do not count, nor which of Unicode's spaces and hyphens one is.
 * Nothing else is folded: case counts, and a letter that only looks like another is another.
 * Called by: verifiers.c. Owns nothing. Cannot fail. */
#ifndef RLSP_ENGINE_REWARD_EXACT_H
#define RLSP_ENGINE_REWARD_EXACT_H

#include "engine/types.h"

bool exact_same(const char *a, u64 a_size, const char *b, u64 b_size);

#endif
