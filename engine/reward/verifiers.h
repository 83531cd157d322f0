/* The outcome verifiers that a config can choose, as one table, and the ones among them that go by texts alone: math, exact, regex.
 *
 *   question (prompt, gold, completion) --extract--> answer or a kind of no answer --decide--> right, wrong, undecided
 *
 * A verdict is a function of the settings and the question: not of the worker, the batch or the machine.
 * Owns: one worker's memory a thread, in the host arena; FLINT's and PCRE2's too. The caller has opened platform/workers.h with as many workers.
 * Called by: learn (rewards, evaluation), tools/score.c. Fails: verifiers_open alone: STATUS_USAGE, a pattern that is none. */
#ifndef RLSP_ENGINE_REWARD_VERIFIERS_H
#define RLSP_ENGINE_REWARD_VERIFIERS_H

#include "engine/config/config.h"
#include "engine/reward/math/extract.h"
#include "engine/reward/math/verifier.h"
#include "engine/reward/regex.h"
#include "engine/reward/verdict.h"

/* Who gives the verdict. */
enum verifier_way {
  VERIFIER_BY_TASK,   /* the task's own, of tokens */
  VERIFIER_BY_TEXT,   /* verifiers_judge, of texts */
  VERIFIER_BY_PROGRAM /* the user's program: learn/program_verdicts.h */
};
enum verifier_way verifier_way(enum verifier verifier);

struct verifiers_settings {
  enum verifier verifier;
  struct extract_options extract; /* without prompt and truncated: they are the question's */
  struct verifier_options math;
  const char *pattern; /* of the config, which lives as long */
};
/* The config was checked. */
void verifiers_settings_from(struct verifiers_settings *settings, const struct config *config);

struct verifier_question {
  const char *prompt, *gold, *completion; /* UTF-8; prompt NULL = not known */
  u32 prompt_size, gold_size, completion_size;
  bool truncated; /* at the length limit */
  bool answer;    /* the completion is an answer already: nothing is extracted */
};

struct judgement {
  enum verdict verdict;
  enum answer_kind kind; /* of what was extracted; FOUND unless NO_ANSWER, or UNDECIDED because the gold is none */
};

/* Sums over responses. All zero at first. */
struct verdict_counts {
  u64 responses, correct, wrong, undecided;
  u64 no_answer[ANSWER_KIND_COUNT]; /* by kind */
};
void verdict_counts_add(struct verdict_counts *counts, struct judgement judgement);

struct verifier_worker {
  struct verifier_workspace math;
  struct regex regex;
  /* of the question in hand, for who wants to say more of it than its verdict */
  struct answer gold, answer;
  struct verifier_verdict decided; /* math, where both are FOUND */
};

struct verifiers {
  struct verifiers_settings settings;
  u32 worker_count;
  bool open;
  struct verifier_worker workers[WORKERS_MAX];
};

/* Lays out what the chosen verifier needs, in both passes; zeroes *verifiers first. */
void verifiers_place(struct verifiers *verifiers, const struct verifiers_settings *settings, u32 workers,
                     struct arena *host);
/* Before the freeze; workers_open has been called with as many workers. The caller always closes. */
enum status verifiers_open(struct verifiers *verifiers, struct error *error) MUST_USE;
void verifiers_close(struct verifiers *verifiers);

/* On one worker; for a verifier BY_TEXT. */
struct judgement verifiers_judge(const struct verifiers *verifiers, struct verifier_worker *worker,
                                 const struct verifier_question *question);

/* Both on a worker's thread, in no order between questions: ask writes question `index`, whose texts live until tell has returned. */
struct verifiers_batch {
  void (*ask)(void *context, u32 worker, u32 index, struct verifier_question *question);
  void (*tell)(void *context, struct verifier_worker *worker, u32 index, const struct verifier_question *question,
               struct judgement judgement);
  void *context;
};
/* Questions 0..count-1 over all workers. */
void verifiers_judge_all(struct verifiers *verifiers, const struct verifiers_batch *batch, u32 count);

#endif
