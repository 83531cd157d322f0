/* The peers' rows as pairs for our verifier: what each row's `mode` and `precision` mean in our terms.
 *
 *   latex          box, math               latex and expr   phrase, box, math, number
 *   expr           phrase, number          NativeLetters    letter (gold and answer)
 *   after_think    box, math, only behind </think>          minerva Answer:  phrase
 *   none           the level of its file: answers (the whole text), or completions (box)
 * A text without a box, without math marks and without a word is an answer already, in every mode but the last two.
 * Called by: verifier_grader_test.c, verifier_golds_test.c, tools/peers/verifier_bench.c. Owns nothing. Cannot fail. */
#ifndef RLSP_TESTS_VERIFIER_GRADER_H
#define RLSP_TESTS_VERIFIER_GRADER_H

#include "engine/reward/math/verifier.h"
#include "engine/reward/math/extract.h"
#include "tests/verifier_rig.h"
#include "tests/verifier_rows.h"

enum grader_level {
  GRADER_ANSWERS, /* both texts are answers */
  GRADER_BOXES,   /* the answer is a completion whose box decides */
  GRADER_MODES    /* both are texts to extract from, by the row's mode */
};

struct grader_pair {
  char gold_text[ROW_TEXT_MAX], answer_text[ROW_TEXT_MAX]; /* as in the row */
  const char *gold_order, *answer_order;                   /* of sources, as extract_order reads them */
  bool needs_segment;
  struct answer gold, answer;
  struct verifier_options options;
};

/* An answer from a text by the words of extract_order; "whole" alone takes the text as it stands. */
void grader_extract(const char *order, bool needs_segment, const char *text, struct answer *answer);
void grader_prepare(const struct rows *rows, enum grader_level level, struct grader_pair *pair);
/* Undecided where either text holds no answer. */
struct verifier_verdict grader_decide(struct verifier_rig *rig, const struct grader_pair *pair);
/* Names a pair without quoting it: the hash of "gold\nanswer". */
u64 grader_hash(const char *gold, const char *answer);

#endif
