/* The outcome verifier: is this answer the same mathematics as the gold? Right, wrong, or undecided: it never guesses.
 *
 *   right      equal normal forms, or balls that agree to 2^-VERIFIER_AGREE_BITS at every seeded point
 *   wrong      a difference that is proved: two readings whose values are separated, whose shapes cannot be equal
 *   undecided  all else: what could not be read, what a limit stopped, what lies too close to tell; with reason and place
 *
 * A verdict is a function of options and the two texts alone: no clock, no randomness beyond seeded points, the same on every
 * machine and thread. All work is counted in steps and bounded (limits.h); memory is the workspace's, laid out before the freeze.
 * Without a tolerance verdicts are symmetric in the two texts.
 * Called by: reward (training), tools/score.c; one workspace a thread. Fails: never; a bad text is a verdict. */
#ifndef RLSP_ENGINE_REWARD_MATH_VERIFIER_H
#define RLSP_ENGINE_REWARD_MATH_VERIFIER_H

#include "engine/reward/math/evaluate.h"
#include "engine/reward/math/expression.h"

enum decision { DECISION_UNDECIDED, DECISION_WRONG, DECISION_RIGHT };

/* Why. One list: name, text for people. */
#define VERIFIER_REASONS(ROW)                                                                                   \
  ROW(EQUAL_FORMS, "the same normal form")                                                                      \
  ROW(EQUAL_VALUES, "the values agree to 2^-100 at every seeded point")                                         \
  ROW(WITHIN_TOLERANCE, "the values agree within the tolerance asked for")                                      \
  ROW(DIFFERENT_VALUES, "the values differ")                                                                    \
  ROW(DIFFERENT_SHAPES, "one is another kind of answer than the other")                                         \
  ROW(DIFFERENT_COUNTS, "another number of parts")                                                              \
  ROW(DIFFERENT_TEXTS, "other words")                                                                           \
  ROW(UNREADABLE, "not read as mathematics")                                                                    \
  ROW(UNSUPPORTED, "mathematics that this verifier does not do")                                                \
  ROW(AMBIGUOUS, "can be read in two ways that disagree")                                                       \
  ROW(TOO_LARGE, "beyond a limit of size")                                                                      \
  ROW(TOO_MANY_STEPS, "beyond the limit of steps")                                                              \
  ROW(TOO_CLOSE, "the values are too close to tell apart, and not proved equal")                                \
  ROW(UNDEFINED, "not defined at enough points")                                                                \
  ROW(FORBIDDEN_CHARACTER, "a character that could hide something (bidirectional, zero width, unknown script)") \
  ROW(EMPTY, "empty")
enum verifier_reason {
#define VERIFIER_REASON_ENUM(name, text) REASON_##name,
  VERIFIER_REASONS(VERIFIER_REASON_ENUM)
#undef VERIFIER_REASON_ENUM
      REASONS
};
const char *verifier_reason_text(enum verifier_reason reason);

enum verifier_side { SIDE_BOTH, SIDE_GOLD, SIDE_ANSWER };

struct verifier_options {
  u32 digits; /* > 0: a decimal in either text stands for all that rounds to it at so many digits behind the point. 0 = no tolerance */
  bool
      units; /* compare units: "3 cm" is not "3 m", and "3" is not "3 cm". false: a unit is dropped where the other side has none */
};

struct verifier_verdict {
  enum decision decision;
  enum verifier_reason reason;
  enum verifier_side side; /* whose fault, for reasons that name a place */
  u32 place;               /* byte offset in that text */
  u64 steps;               /* of VERIFIER_STEPS_MAX */
};

struct verifier_workspace {
  struct expression_pool gold, answer;                              /* as read */
  struct expression_pool gold_normal, answer_normal;                /* in normal form */
  u32 gold_root, answer_root, gold_normal_root, answer_normal_root; /* EXPRESSION_NONE where it did not come so far */
  bool
      as_read; /* a reading without a normal form stands in its place: equal trees then prove nothing by themselves (1/0) */
  struct evaluator evaluator;
};

/* Lays a workspace out in the host arena (both passes). */
void verifier_place(struct verifier_workspace *workspace, struct arena *host);
/* Once, after the arena has its memory and before the freeze: what the ball arithmetic keeps (pi, e, ln 2) is made here.
 * On the thread that will use the workspace. */
void verifier_open(struct verifier_workspace *workspace);
void verifier_close(struct verifier_workspace *workspace);

/* Answer level: both texts are answers, not completions (extract.h makes one of the other). UTF-8, need not end in NUL. */
void verifier_decide(struct verifier_workspace *workspace, const struct verifier_options *options, const char *gold,
                     u32 gold_size, const char *answer, u32 answer_size, struct verifier_verdict *verdict);

#endif
