/* A verifier's workspace for tests, the fuzz target and the peers' bench: placed in memory of its own, opened, used, closed.
 * Called by: tests/verifier_*_test.c, tests/fuzz, tools/peers/verifier_bench.c. Owns: the memory. Fails: aborts with a message. */
#ifndef RLSP_TESTS_VERIFIER_RIG_H
#define RLSP_TESTS_VERIFIER_RIG_H

#include "engine/reward/math/extract.h"
#include "engine/reward/math/normal.h"
#include "engine/reward/math/verifier.h"

struct verifier_rig {
  struct verifier_workspace workspace;
  struct expression_pool again; /* a further normal form, for idempotence */
  u32 again_root;
  void *memory;
  u64 bytes;
  u64 steps_max;        /* the most that a verdict took */
  u64 decisions[3];     /* by enum decision */
  u64 reasons[REASONS]; /* of those that were not right */
};

void verifier_rig_open(struct verifier_rig *rig);
void verifier_rig_close(struct verifier_rig *rig);
/* Answer level; counts. Sizes in bytes. */
struct verifier_verdict verifier_rig_decide(struct verifier_rig *rig, struct verifier_options options, const char *gold,
                                            u64 gold_size, const char *answer, u64 answer_size);
/* The same for texts that end in NUL, without options. */
enum decision verifier_rig_says(struct verifier_rig *rig, const char *gold, const char *answer);
/* Is the normal form of the last gold its own normal form? True also where a limit stopped either. */
bool verifier_rig_idempotent(struct verifier_rig *rig);
const char *decision_word(enum decision decision);
/* One line for people: both texts, what was said and why. */
void verifier_rig_tell(const char *what, const char *gold, const char *answer, const struct verifier_verdict *verdict);

#endif
