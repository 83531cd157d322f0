/* From a whole completion to the text of its answer, or the kind of its absence. Nothing is guessed: several different final boxes, a box
 * without its end, an echo of the prompt, a truncated response are no answer, each counted by its kind.
 *
 *   1. the final segment: what follows the last </think> (or another end mark; none, where <think> has no end) and an echo of the whole prompt, up to a mark that ends a turn
 *   2. in it the sources in the order that the caller gives, the first that is there decides
 *   3. of several answers from one source the last counts, if it stands apart from the ones before or a word says that it replaces them
 *      ("then", "finally", "="); those that a comma, "and", "or" joins are one list; the same twice is one; all else is `several`
 * Called by: reward, tools/score.c. Owns nothing. Cannot fail. */
#ifndef RLSP_ENGINE_REWARD_MATH_EXTRACT_H
#define RLSP_ENGINE_REWARD_MATH_EXTRACT_H

#include "engine/memory/limits.h"
#include "engine/types.h"

/* Where an answer may stand: one list, name and the word that a config uses. */
#define ANSWER_SOURCES(ROW)                                                                                          \
  ROW(BOX, "box")       /* the last \boxed{} or \fbox{}; boxes joined by "and", commas or math alone are one list */ \
  ROW(PHRASE, "phrase") /* "final answer is", "the answer is", "answer:", Minerva's "I hope it is correct" */        \
  ROW(HASHES, "hashes") /* #### of GSM8K */                                                                          \
  ROW(MATH, "math")     /* the last $..$, \(..\), \[..\] */                                                          \
  ROW(NUMBER, "number") /* the last number in plain text */                                                          \
  ROW(LETTER, "letter") /* multiple choice: "the correct answer is C", "(C)", "D. because" */                        \
  ROW(WHOLE, "whole")   /* all of the segment, trimmed */
enum answer_source {
#define ANSWER_SOURCE_ENUM(name, word) ANSWER_SOURCE_##name,
  ANSWER_SOURCES(ANSWER_SOURCE_ENUM)
#undef ANSWER_SOURCE_ENUM
      ANSWER_SOURCE_COUNT
};

/* What became of it: counted in the metrics by these words. */
#define ANSWER_KINDS(ROW)                                                        \
  ROW(FOUND, "found")                                                            \
  ROW(NONE, "none")                 /* no source is there */                     \
  ROW(EMPTY, "empty")               /* \boxed{} */                               \
  ROW(SEVERAL, "several")           /* different final boxes */                  \
  ROW(UNTERMINATED, "unterminated") /* a last box without its closing brace */   \
  ROW(ECHO, "echo")                 /* it repeats the prompt */                  \
  ROW(TRUNCATED, "truncated")       /* the response ended at its length limit */ \
  ROW(TOO_LONG, "too_long")         /* beyond ANSWER_BYTES_MAX */
enum answer_kind {
#define ANSWER_KIND_ENUM(name, word) ANSWER_KIND_##name,
  ANSWER_KINDS(ANSWER_KIND_ENUM)
#undef ANSWER_KIND_ENUM
      ANSWER_KIND_COUNT
};
const char *answer_kind_word(enum answer_kind kind);
const char *answer_source_word(enum answer_source source);

struct extract_options {
  enum answer_source order[ANSWER_SOURCE_COUNT];
  u32 order_count;
  bool first_box;     /* the first box in place of the last: what the paper's code does in training */
  bool trusted;       /* a gold: no look at contradictions, and a box without its end goes to the end of the text */
  bool needs_segment; /* without </think> there is no answer */
  bool truncated;     /* the response was cut at its limit: no answer */
  const char *prompt; /* for ECHO; NULL = not known */
  u32 prompt_size;
};

struct answer {
  enum answer_kind kind;
  enum answer_source source;   /* FOUND */
  u32 size;                    /* below ANSWER_BYTES_MAX */
  char text[ANSWER_BYTES_MAX]; /* ends in NUL */
};

/* order: comma-separated words ("box, phrase, hashes, math"). false: *wrong points to the word that is none, or is given twice. */
bool extract_order(struct extract_options *options, const char *words, const char **wrong);
/* The final segment of a completion: what extract_answer looks at. FOUND, ECHO, or NONE (needs_segment). */
enum answer_kind extract_segment(const struct extract_options *options, const char *completion, u32 size, u32 *begin,
                                 u32 *segment_size);
void extract_answer(const struct extract_options *options, const char *completion, u32 size, struct answer *answer);
/* A gold is an answer already, or a whole solution: its last box, what follows ####, what it says the answer is; else all of it. */
void extract_gold(const char *gold, u32 size, struct answer *answer);

#endif
