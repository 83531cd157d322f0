/* What a verifier says of one response: every task ends in this, every reward begins with it. Owns nothing but the
 * names. */
#ifndef RLSP_ENGINE_REWARD_VERDICT_H
#define RLSP_ENGINE_REWARD_VERDICT_H

enum verdict {
  VERDICT_NO_ANSWER, /* empty, cut off, or not in the form of an answer */
  VERDICT_WRONG,
  VERDICT_CORRECT,
  VERDICT_UNDECIDED /* the verifier could not tell */
};

#endif
