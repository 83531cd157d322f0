/* Reads tests/verifier_pairs.txt: pairs of our own with our labels.
 * Called by: tests/verifier_*_test.c, tests/fuzz. Owns: the file's text. Fails: aborts with the line that cannot be read; the working folder is the
 * project's root, as for every test. */
#ifndef RLSP_TESTS_VERIFIER_PAIRS_H
#define RLSP_TESTS_VERIFIER_PAIRS_H

#include "engine/reward/math/verifier.h"

#define PAIRS_MAX 1024u

enum pair_label { LABEL_RIGHT, LABEL_WRONG, LABEL_NEVER, LABEL_SAFE, LABEL_UNDECIDED };

struct pair {
  enum pair_label label;
  struct verifier_options options;
  const char *section, *gold, *answer; /* each ends in NUL */
  u32 line;
};

struct pairs {
  char *text;
  u32 count;
  struct pair rows[PAIRS_MAX];
};

void pairs_open(struct pairs *pairs);
void pairs_close(struct pairs *pairs);
const char *pair_label_word(enum pair_label label);
bool pair_label_allows(enum pair_label label, enum decision decision);

#endif
