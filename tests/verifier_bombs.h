/* Bombs against the verifier: texts that are short to write and endless to compute.
 * Called by: verifier_bombs_test.c, tools/peers/verifier_bench.c. Owns: nothing; bomb_nest's text is the caller's. Fails: aborts without memory. */
#ifndef RLSP_TESTS_VERIFIER_BOMBS_H
#define RLSP_TESTS_VERIFIER_BOMBS_H

#include "engine/types.h"

/* Towers of powers and factorials: undecided, whatever they stand against. Each list ends in NULL. */
extern const char *const bomb_towers[];
/* As large, but a cheap proof that they differ from a small number is thinkable: not right. */
extern const char *const bomb_provable[];
/* Nests: open, middle, close; open and close come many times. Ends in a NULL. */
extern const char *const bomb_nests[][3];

/* Short texts that are much work, or all the steps there are: two each, to be compared. Ends in a NULL. */
extern const char *const bomb_heavy[][2];

/* count times open, then middle, then count times close: from malloc. */
char *bomb_nest(const char *const form[3], u32 count);

#endif
