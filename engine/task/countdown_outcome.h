/* What a Countdown response did: the exact verifier, the behaviours of one response, and their totals.
 *
 * Nothing here guesses: a response that is not exactly in the form of countdown.h has no answer. Any tokens are
 * accepted as input, hostile ones too. Called by: learn (reward, metrics, eval), report. Owns nothing. Fails: never. */
#ifndef RLSP_ENGINE_TASK_COUNTDOWN_OUTCOME_H
#define RLSP_ENGINE_TASK_COUNTDOWN_OUTCOME_H

#include "engine/reward/verdict.h"
#include "engine/task/countdown.h"

/* A response is cut at each BACK into segments; a segment in the form `attempt [OK|NO]` is an attempt, any other is
 * malformed. */
struct countdown_segment {
  u32 begin, count;       /* tokens of the response, without the BACK */
  bool attempt;           /* well-formed */
  bool correct;           /* legal, arithmetic right, target reached */
  bool legal;             /* takes the problem's numbers and its own results, each once */
  u32 steps, steps_wrong; /* wrong: r is not a op b */
  u32 check;              /* COUNTDOWN_OK, COUNTDOWN_NO, or 0 = none */
  bool followed;          /* a BACK comes after it */
  u64 key; /* equal for attempts that are the same up to a+b = b+a, a*b = b*a and the order of independent steps */
};
/* Steps through the segments: *cursor = 0 at first; false when there is none left. An empty response has one
 * (malformed) segment. */
bool countdown_next_segment(const struct countdown_problem *problem, const u32 *response, u32 count, u32 *cursor,
                            struct countdown_segment *segment);

struct countdown_outcome {
  enum verdict verdict;  /* of the last segment; NO_ANSWER without EOS */
  bool ended;            /* with EOS */
  u32 tokens;            /* length, EOS included */
  u32 attempts;          /* well-formed segments */
  u32 attempts_distinct; /* by key */
  u32 attempts_illegal;
  u32 malformed;   /* segments */
  u32 depth;       /* retries: attempts - 1, or 0 */
  u32 depth_sound; /* retries that are legal, right in their arithmetic, new, and come after a failed attempt: search,
                      not ritual */
  u32 backs;
  bool first_correct, any_correct;
  u32 ok_true, ok_false, no_true, no_false; /* checks, against what is so */
  u32 failures, failures_retried;           /* attempts not correct; of these, followed by BACK */
  u32 noes_retried;                         /* attempts marked NO and followed by BACK */
  u32 successes, successes_continued;       /* correct attempts; of these, followed by BACK (overthinking) */
  u32 steps, steps_wrong;
  u32 grams, grams_repeated; /* 4-grams of the response; of these, seen before in it */
};
/* response: what was sampled after the prompt, WITHOUT the final EOS (an EOS inside counts as malformed); ended:
 * whether EOS came. count <= CONTEXT_MAX. */
void countdown_analyse(const struct countdown_problem *problem, const u32 *response, u32 count, bool ended,
                       struct countdown_outcome *outcome);

#define COUNTDOWN_ATTEMPT_BINS 9u /* 0..7, and 8 = eight or more */

/* Sums over responses: integers, so that order and ranks cannot change a bit. All zero at first. */
struct countdown_totals {
  u64 responses, tokens;
  u64 correct, wrong, no_answer, ended;
  u64 first_correct, any_correct;
  u64 attempts, attempts_illegal, malformed, backs;
  u64 depth1, depth2;             /* responses with depth >= 1, >= 2 */
  u64 depth_sound1, depth_sound2; /* the same of depth_sound */
  u64 emergent;                   /* responses with depth beyond what carried loss in SFT */
  u64 depth_max;
  u64 multi, multi_distinct_q32; /* responses with >= 2 attempts; sum of distinct / attempts in units of 2^-32 */
  u64 ok_true, ok_false, no_true, no_false;
  u64 failures, failures_retried, noes_retried, successes, successes_continued;
  u64 steps, steps_wrong, grams, grams_repeated;
  u64 attempts_bin[COUNTDOWN_ATTEMPT_BINS], attempts_bin_correct[COUNTDOWN_ATTEMPT_BINS];
  u64 problems, problems_solved, problem_samples, problem_correct_squared; /* countdown_totals_problem */
};
/* demonstrated_depth: countdown_demonstrated_depth(options). */
void countdown_totals_add(struct countdown_totals *totals, const struct countdown_outcome *outcome,
                          u32 demonstrated_depth);
/* Once a problem, after all its samples were added: `correct` of `samples` (the same number for every problem). Gives
 * pass@k and the standard error over problems; without it, the standard error is over responses. */
void countdown_totals_problem(struct countdown_totals *totals, u32 correct, u32 samples);
void countdown_totals_merge(struct countdown_totals *totals, const struct countdown_totals *more);

/* One list: name and meaning. A ratio with nothing below the line is 0. */
#define COUNTDOWN_RATES(ROW)                                                                \
  ROW(pass_at_1, "share of responses whose last attempt is right")                          \
  ROW(stderr_pass, "its standard error")                                                    \
  ROW(pass_at_k, "share of problems solved by one of their samples, or pass_at_1")          \
  ROW(first_correct, "share of responses whose first attempt is right")                     \
  ROW(any_correct, "share of responses with a right attempt anywhere")                      \
  ROW(no_answer, "share of responses without an answer")                                    \
  ROW(mean_length, "tokens a response, EOS included")                                       \
  ROW(mean_attempts, "well-formed attempts a response")                                     \
  ROW(depth1_share, "share of responses with a retry")                                      \
  ROW(depth2_share, "share of responses with two retries or more")                          \
  ROW(sound_depth1_share, "the same, counting only legal, new retries after a failure")     \
  ROW(sound_depth2_share, "the same, of two or more")                                       \
  ROW(emergent_share, "share of responses with more retries than ever carried loss in SFT") \
  ROW(distinct_ratio, "distinct attempts / attempts, mean over responses with two or more") \
  ROW(check_precision, "of OK checks, the share that is true")                              \
  ROW(check_recall, "of right attempts that were checked, the share marked OK")             \
  ROW(no_precision, "of NO checks, the share that is true")                                 \
  ROW(check_rate, "checks / attempts")                                                      \
  ROW(retry_rate, "of failed attempts, the share followed by another try")                  \
  ROW(no_retry_rate, "of attempts marked NO, the share followed by another try")            \
  ROW(overthinking, "of right attempts, the share that was gone past")                      \
  ROW(arithmetic_errors, "wrong steps / steps")                                             \
  ROW(illegal_attempts, "attempts with numbers that are not there / attempts")              \
  ROW(repetition, "repeated 4-grams / 4-grams")                                             \
  ROW(eos_rate, "share of responses that ended by themselves")                              \
  ROW(clip_rate, "share of responses cut at response_max")

struct countdown_rates {
#define COUNTDOWN_RATE_FIELD(name, meaning) f64 name;
  COUNTDOWN_RATES(COUNTDOWN_RATE_FIELD)
#undef COUNTDOWN_RATE_FIELD
};
void countdown_rates(const struct countdown_totals *totals, struct countdown_rates *rates);

#endif
