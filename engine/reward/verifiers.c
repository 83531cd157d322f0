#include "engine/reward/verifiers.h"

#include <string.h>

#include "engine/check.h"
#include "engine/reward/exact.h"
#include "platform/workers.h"

typedef struct judgement verifier_judge(const struct verifiers *verifiers, struct verifier_worker *worker,
                                        const struct verifier_question *question);

static verifier_judge judge_math, judge_exact, judge_regex;

/* In the order of enum verifier. */
static const struct {
  enum verifier_way way;
  verifier_judge *judge; /* BY_TEXT */
} rows[] = {
    [VERIFIER_COUNTDOWN] = {VERIFIER_BY_TASK, NULL},    [VERIFIER_MATH] = {VERIFIER_BY_TEXT, judge_math},
    [VERIFIER_EXACT] = {VERIFIER_BY_TEXT, judge_exact}, [VERIFIER_REGEX] = {VERIFIER_BY_TEXT, judge_regex},
    [VERIFIER_PROGRAM] = {VERIFIER_BY_PROGRAM, NULL},
};

enum verifier_way verifier_way(enum verifier verifier) {
  CHECK(verifier < COUNT_OF(rows), "verifier %u", (u32)verifier);
  return rows[verifier].way;
}

void verifiers_settings_from(struct verifiers_settings *settings, const struct config *config) {
  const char *wrong = NULL;
  *settings =
      (struct verifiers_settings){.verifier = (enum verifier)config->reward_correctness_verifier,
                                  .extract = {.first_box = config->reward_correctness_answer_which == ANSWER_FIRST,
                                              .needs_segment = config->reward_correctness_answer_after_thinking != 0},
                                  .math = {.digits = (u32)config->reward_correctness_tolerance_digits,
                                           .units = config->reward_correctness_units == UNITS_COMPARE},
                                  .pattern = config->reward_correctness_pattern};
  CHECK(extract_order(&settings->extract, config->reward_correctness_answer_sources, &wrong), "answer_sources: %s",
        wrong);
}

void verdict_counts_add(struct verdict_counts *counts, struct judgement judgement) {
  counts->responses++;
  counts->correct += judgement.verdict == VERDICT_CORRECT;
  counts->wrong += judgement.verdict == VERDICT_WRONG;
  counts->undecided += judgement.verdict == VERDICT_UNDECIDED;
  counts->no_answer[judgement.kind] += judgement.verdict == VERDICT_NO_ANSWER;
}

/* ---- memory and opening ---- */

void verifiers_place(struct verifiers *verifiers, const struct verifiers_settings *settings, u32 workers,
                     struct arena *host) {
  memset(verifiers, 0, sizeof *verifiers);
  CHECK(workers >= 1 && workers <= WORKERS_MAX, "%u workers", workers);
  verifiers->settings = *settings;
  verifiers->worker_count = workers;
  arena_label(host, "verifier", "always");
  for (u32 w = 0; w < workers; w++) {
    if (settings->verifier == VERIFIER_MATH) verifier_place(&verifiers->workers[w].math, host);
    if (settings->verifier == VERIFIER_REGEX) regex_place(&verifiers->workers[w].regex, host);
  }
}

static void open_math(void *context, u32 worker, u32 begin, u32 end) {
  struct verifiers *verifiers = context;
  (void)begin, (void)end;
  verifier_open(&verifiers->workers[worker].math);
}

static void close_math(void *context, u32 worker, u32 begin, u32 end) {
  struct verifiers *verifiers = context;
  (void)begin, (void)end;
  verifier_close(&verifiers->workers[worker].math);
}

enum status verifiers_open(struct verifiers *verifiers, struct error *error) {
  enum status status = STATUS_OK;
  if (verifiers->settings.verifier == VERIFIER_MATH) workers_each(open_math, verifiers);
  if (verifiers->settings.verifier == VERIFIER_REGEX) {
    for (u32 w = 0; w < verifiers->worker_count && status == STATUS_OK; w++)
      status =
          regex_open(&verifiers->workers[w].regex, verifiers->settings.pattern, "reward.correctness.pattern", error);
  }
  verifiers->open = status == STATUS_OK;
  return status;
}

void verifiers_close(struct verifiers *verifiers) {
  if (verifiers->open && verifiers->settings.verifier == VERIFIER_MATH) workers_each(close_math, verifiers);
  verifiers->open = false;
}

/* ---- one question ---- */

static struct extract_options options_of(const struct verifiers *verifiers, const struct verifier_question *question) {
  struct extract_options options = verifiers->settings.extract;
  options.truncated = question->truncated;
  options.prompt = question->prompt;
  options.prompt_size = question->prompt_size;
  return options;
}

static void take_whole(const char *text, u32 size, struct answer *answer) {
  const struct extract_options whole = {.order = {ANSWER_SOURCE_WHOLE}, .order_count = 1};
  extract_answer(&whole, text, size, answer);
}

static void take_answer(const struct verifiers *verifiers, struct verifier_worker *worker,
                        const struct verifier_question *question) {
  const struct extract_options options = options_of(verifiers, question);
  if (question->answer)
    take_whole(question->completion, question->completion_size, &worker->answer);
  else
    extract_answer(&options, question->completion, question->completion_size, &worker->answer);
}

static struct judgement no_answer(enum answer_kind kind) {
  return (struct judgement){.verdict = VERDICT_NO_ANSWER, .kind = kind};
}

static struct judgement judge_math(const struct verifiers *verifiers, struct verifier_worker *worker,
                                   const struct verifier_question *question) {
  static const enum verdict verdicts[] = {
      [DECISION_UNDECIDED] = VERDICT_UNDECIDED, [DECISION_WRONG] = VERDICT_WRONG, [DECISION_RIGHT] = VERDICT_CORRECT};
  take_answer(verifiers, worker, question);
  extract_gold(question->gold, question->gold_size, &worker->gold);
  worker->decided =
      (struct verifier_verdict){.decision = DECISION_UNDECIDED, .reason = REASON_EMPTY, .side = SIDE_GOLD};
  if (worker->answer.kind != ANSWER_KIND_FOUND) return no_answer(worker->answer.kind);
  if (worker->gold.kind != ANSWER_KIND_FOUND) return (struct judgement){VERDICT_UNDECIDED, ANSWER_KIND_FOUND};
  verifier_decide(&worker->math, &verifiers->settings.math, worker->gold.text, worker->gold.size, worker->answer.text,
                  worker->answer.size, &worker->decided);
  return (struct judgement){verdicts[worker->decided.decision], ANSWER_KIND_FOUND};
}

static struct judgement judge_exact(const struct verifiers *verifiers, struct verifier_worker *worker,
                                    const struct verifier_question *question) {
  take_answer(verifiers, worker, question);
  extract_gold(question->gold, question->gold_size, &worker->gold);
  if (worker->answer.kind != ANSWER_KIND_FOUND) return no_answer(worker->answer.kind);
  if (worker->gold.kind != ANSWER_KIND_FOUND) return (struct judgement){VERDICT_UNDECIDED, ANSWER_KIND_FOUND};
  const bool same = exact_same(worker->gold.text, worker->gold.size, worker->answer.text, worker->answer.size);
  return (struct judgement){same ? VERDICT_CORRECT : VERDICT_WRONG, ANSWER_KIND_FOUND};
}

static struct judgement judge_regex(const struct verifiers *verifiers, struct verifier_worker *worker,
                                    const struct verifier_question *question) {
  const struct extract_options options = options_of(verifiers, question);
  u32 segment = 0, segment_size = 0;
  u64 begin = 0, size = 0;
  extract_gold(question->gold, question->gold_size, &worker->gold);
  worker->answer = (struct answer){.kind = ANSWER_KIND_TRUNCATED, .source = ANSWER_SOURCE_WHOLE};
  if (question->truncated) return no_answer(ANSWER_KIND_TRUNCATED);
  worker->answer.kind =
      extract_segment(&options, question->completion, question->completion_size, &segment, &segment_size);
  if (worker->answer.kind != ANSWER_KIND_FOUND) return no_answer(worker->answer.kind);
  const char *text = question->completion + segment;
  const enum regex_found found = regex_find(&worker->regex, text, segment_size, options.first_box, &begin, &size);
  if (found == REGEX_STOPPED || worker->gold.kind != ANSWER_KIND_FOUND)
    return (struct judgement){VERDICT_UNDECIDED, ANSWER_KIND_FOUND};
  if (found == REGEX_NOTHING) return no_answer(worker->answer.kind = ANSWER_KIND_NONE);
  if (size >= ANSWER_BYTES_MAX) return no_answer(worker->answer.kind = ANSWER_KIND_TOO_LONG);
  memcpy(worker->answer.text, text + begin, size);
  worker->answer.size = (u32)size;
  const bool same = exact_same(worker->gold.text, worker->gold.size, worker->answer.text, size);
  return (struct judgement){same ? VERDICT_CORRECT : VERDICT_WRONG, ANSWER_KIND_FOUND};
}

struct judgement verifiers_judge(const struct verifiers *verifiers, struct verifier_worker *worker,
                                 const struct verifier_question *question) {
  verifier_judge *judge = rows[verifiers->settings.verifier].judge;
  CHECK(judge != NULL && verifiers->open, "verifier %u does not go by texts", (u32)verifiers->settings.verifier);
  return judge(verifiers, worker, question);
}

/* ---- many ---- */

struct batch_run {
  struct verifiers *verifiers;
  const struct verifiers_batch *batch;
};

static void judge_some(void *context, u32 worker_index, u32 begin, u32 end) {
  const struct batch_run *run = context;
  const struct verifiers_batch *batch = run->batch;
  struct verifier_worker *worker = &run->verifiers->workers[worker_index];
  for (u32 i = begin; i < end; i++) {
    struct verifier_question question = {.prompt = NULL};
    batch->ask(batch->context, worker_index, i, &question);
    const struct judgement judgement = verifiers_judge(run->verifiers, worker, &question);
    batch->tell(batch->context, worker, i, &question, judgement);
  }
}

void verifiers_judge_all(struct verifiers *verifiers, const struct verifiers_batch *batch, u32 count) {
  struct batch_run run = {.verifiers = verifiers, .batch = batch};
  workers_run(judge_some, &run, count);
}
