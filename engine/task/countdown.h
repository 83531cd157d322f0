/* Countdown: reach a target from a few numbers with + - * /, every value 0..99. Problems, demonstrations and text.
 * (What a response did is read by countdown_outcome.h.)
 *
 *   prompt    BOS n1 .. nk : T            the numbers in random order
 *   response  attempt [OK|NO] { BACK attempt [OK|NO] } EOS
 *   attempt   a op b = r { , c op d = s } one step fewer than numbers; each step takes two of the values that are left
 * and puts its result back
 *
 * The last attempt is graded. A problem is a multiset of numbers and a target that some attempt reaches; all problems
 * are enumerated and cut into three disjoint splits by a seed of their own, so that every run and arm of a study shares
 * them. Attempts are never stored: they are enumerated on the fly. Called by: learn (SFT, rollout, eval), tools. Owns:
 * the table of problems, in the host arena, for the whole run. Randomness: streams of the caller. Fails:
 * countdown_place, with STATUS_USAGE (settings) or STATUS_DAMAGED (a malformed row, with its line). Everything else
 * cannot fail. */
#ifndef RLSP_ENGINE_TASK_COUNTDOWN_H
#define RLSP_ENGINE_TASK_COUNTDOWN_H

#include "engine/config/config.h"
#include "engine/memory/arena.h"
#include "engine/random.h"
#include "engine/status.h"

#define COUNTDOWN_NUMBERS_MIN 2u
#define COUNTDOWN_NUMBERS_MAX 4u
#define COUNTDOWN_STEPS_MAX (COUNTDOWN_NUMBERS_MAX - 1u)
#define COUNTDOWN_VALUES 100u   /* a value v is token v */
#define COUNTDOWN_FAILED_MAX 8u /* failed attempts in an SFT context: the most task.failed_context_max may ask for */

/* Tokens after the values: one list. ROW(name, text) */
#define COUNTDOWN_TOKENS(ROW)                                  \
  ROW(PLUS, "+")                                               \
  ROW(MINUS, "-")                                              \
  ROW(TIMES, "*")                                              \
  ROW(DIVIDE, "/")                                             \
  ROW(EQUALS, "=")                                             \
  ROW(COMMA, ",")                                              \
  ROW(COLON, ":")                                              \
  ROW(OK, "OK")                                                \
  ROW(NO, "NO")                                                \
  ROW(BACK, "BACK")                                            \
  ROW(ANS, "ANS") /* in the vocabulary, in no demonstration */ \
  ROW(BOS, "BOS")                                              \
  ROW(EOS, "EOS")                                              \
  ROW(PAD, "PAD")

enum countdown_token {
  COUNTDOWN_LAST_VALUE = COUNTDOWN_VALUES - 1,
#define COUNTDOWN_TOKEN_ENUM(name, text) COUNTDOWN_##name,
  COUNTDOWN_TOKENS(COUNTDOWN_TOKEN_ENUM)
#undef COUNTDOWN_TOKEN_ENUM
      COUNTDOWN_VOCAB /* 114 */
};

/* "0".."99", "+" ..; "?" for what is not in the vocabulary (a padded one). Static text. */
const char *countdown_token_text(u32 token);

struct countdown_options {
  u32 numbers, number_max, target_min, target_max;
  u32 test_problems;
  f64 ppo_share;
  f64 solve_probability, check_probability, retry_probability, continuation_share;
  u32 failed_context_max, position_gap_max;
};
void countdown_options_from(struct countdown_options *options, const struct config *config);

/* Longest prompt, SFT trace (prompt included), and attempt with its check, in tokens: buffers are planned with these.
 */
u32 countdown_prompt_max(const struct countdown_options *options);
u32 countdown_trace_max(const struct countdown_options *options);
u32 countdown_attempt_max(const struct countdown_options *options);
/* Deepest retry whose decision (the BACK after a NO) carries loss in SFT: 1, or 0 where none is shown. A retry beyond
 * it is emergent. */
u32 countdown_demonstrated_depth(const struct countdown_options *options);

struct countdown_problem {
  u8 numbers[COUNTDOWN_NUMBERS_MAX]; /* ascending; unused are 0 */
  u8 count;
  u8 target;
};

struct countdown_split {
  const struct countdown_problem *problems; /* [count] in shuffled order */
  u32 count;
};

struct countdown {
  struct countdown_options options;
  struct countdown_split sft, ppo, test;
  struct countdown_problem *problems; /* [problem_count] all splits: test, ppo, sft */
  u32 problem_count;
  u64 multisets;      /* C(number_max + numbers - 1, numbers) */
  u64 multisets_kept; /* fewer where there are more than COUNTDOWN_MULTISETS_MAX: a fixed random part of them */
  /* rows of the problem file, where there is one */
  u32 rows;             /* read */
  u32 rows_taken;       /* rows = taken + outside + unreachable + repeated */
  u32 rows_outside;     /* more numbers than task.numbers, or a number or target outside 0..99 */
  u32 rows_unreachable; /* no attempt with every value 0..99 reaches the target */
  u32 rows_repeated;    /* the same numbers and target as another row */
};

/* A problem file (task.problems), read by the caller; its problems become the PPO and test splits. */
struct countdown_file {
  const char *name; /* for messages */
  const char *text; /* [bytes] JSONL: {"nums": [..], "target": N} with other keys ignored */
  u64 bytes;
};

/* Takes the table's memory and, where the arena has memory, fills it; sizes come from the same enumeration. The splits'
 * problems are there after the second pass. Their counts are there after the first, so that buffers can be planned:
 * exact, but with a file they are upper bounds until the second, since what repeats is found there. file may be NULL.
 * Of a file, test takes task.test_problems (all of it, if it has no more: PPO is then empty), PPO the rest; SFT takes
 * every drawn problem that is not in the file. Without one: test takes test_problems, PPO ppo_share of the rest, SFT
 * what is left. */
enum status countdown_place(struct countdown *countdown, const struct countdown_options *options,
                            const struct countdown_file *file, struct arena *host, struct error *error) MUST_USE;

/* Writes BOS, the numbers in random order, ":", the target. tokens [countdown_prompt_max]. Returns the tokens written:
 * problem->count + 3. */
u32 countdown_prompt(const struct countdown_problem *problem, struct random_stream *random, u32 *tokens);

/* One SFT example. Loss weight of token i is 1 for i >= loss_begin, else 0 (the scored part is one run). */
struct countdown_trace {
  u32 count;        /* tokens, prompt included */
  u32 prompt;       /* tokens of the prompt */
  u32 loss_begin;   /* = prompt for a plain trace; after the failed context for a continuation */
  u32 position_gap; /* uniform on 0..position_gap_max: added to the positions of tokens >= prompt */
  u32 failed;       /* failed attempts in the unscored context; 0 = a plain trace */
  bool retry;       /* a scored NO BACK */
};
/* Draws a demonstration for a problem. With probability continuation_share a continuation, else a plain trace:
 *   plain         prompt | attempt [check] EOS                                 all scored
 *                 prompt | attempt NO BACK attempt [check] EOS                 all scored; retry_probability of the NOs
 *   continuation  prompt   { attempt NO BACK } 1..failed_context_max | attempt, then OK EOS, or NO, or EOS
 * Attempts in one example differ. One solves with solve_probability, is else uniform among those that do not; its check
 * is shown with check_probability and is always true. In a continuation nothing is scored after NO: whether to try
 * again is never taught there, so the decision to retry is shown once at most, in retry_probability of the plain NOs,
 * and depth 2 never. After its OK, EOS is scored: stopping at success is no retry. tokens [countdown_trace_max]. */
void countdown_trace(const struct countdown_problem *problem, const struct countdown_options *options,
                     struct random_stream *random, u32 *tokens, struct countdown_trace *trace);

/* Tokens as text, blanks between, `separator` (e.g. "\n" or " | ") before each BACK in place of its blank. Always ends
 * text with NUL where capacity > 0. Returns the bytes needed without the NUL. */
u64 countdown_text(const u32 *tokens, u32 count, const char *separator, char *text, u64 capacity);

#endif
