/* The learner's programs over packs and records, recorded: SFT pass, policy and critic passes of PPO, scoring, advantages.
 *
 * Each training pass runs forward, head, loss, head's backward, backward, and leaves grad assigned; trainable.h sums and steps. Owns nothing. */
#ifndef RLSP_ENGINE_LEARN_PASSES_H
#define RLSP_ENGINE_LEARN_PASSES_H

#include "engine/learn/learner.h"

void passes_record(struct learner *learner, const struct device *device);
/* Floats of scratch a whole reduction of n elements needs. */
u64 passes_partials(u64 n);

#endif
