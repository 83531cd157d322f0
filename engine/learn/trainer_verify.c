/* Verdicts of a rollout by the verifier of the config: of the task itself (countdown_outcome.h), of texts (reward/verifiers.h), of a user's
 * program (trainer_program.c). The gold of a Countdown problem is its target; prompt and completion are the tokens' text, without the end token, as
 * samples.jsonl shows them. A response that was cut at response_max has come to no answer. */
#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/learn/trainer.h"
#include "platform/workers.h"

#define TOKEN_TEXT_BYTES 8u /* the longest, with a blank */
/* A verdict takes some microseconds: more threads would cost more memory than they save time. */
#define TRAINING_WORKERS_MAX 4u

static enum verifier_way way_of(const struct trainer *trainer) {
  return verifier_way((enum verifier)trainer->config.reward_correctness_verifier);
}

static u64 prompt_bytes_max(const struct trainer *trainer) {
  return (u64)TOKEN_TEXT_BYTES * countdown_prompt_max(&trainer->task);
}

static u64 response_bytes_max(const struct trainer *trainer) {
  return (u64)TOKEN_TEXT_BYTES * (u64)trainer->config.rollout_response_max;
}

static u32 worker_count(const struct trainer *trainer) {
  const u32 threads = cpu_threads((u32)trainer->config.run_threads);
  if (way_of(trainer) != VERIFIER_BY_TEXT) return 1;
  return threads < TRAINING_WORKERS_MAX ? threads : TRAINING_WORKERS_MAX;
}

void trainer_verify_place(struct trainer *trainer, struct arena *host) {
  struct trainer_buffers *b = &trainer->buffers;
  const u32 samples = trainer->learner.rollout.settings.samples_max, workers = worker_count(trainer);
  struct verifiers_settings settings;
  if (way_of(trainer) == VERIFIER_BY_TASK) return;
  arena_label(host, "verifier", "always");
  b->judgements = arena_take_pointer(host, "verifier.judgements", DTYPE_U8, samples, sizeof *b->judgements, 0, 0);
  b->question_prompt = arena_take_pointer(host, "verifier.prompt", DTYPE_U8, workers, prompt_bytes_max(trainer), 0, 0);
  b->question_response =
      arena_take_pointer(host, "verifier.response", DTYPE_U8, workers, response_bytes_max(trainer), 0, 0);
  trainer_program_place(trainer, host);
  if (way_of(trainer) != VERIFIER_BY_TEXT) return;
  verifiers_settings_from(&settings, &trainer->config);
  verifiers_place(&trainer->verifiers, &settings, workers, host);
}

enum status trainer_verify_open(struct trainer *trainer, struct error *error) {
  if (way_of(trainer) != VERIFIER_BY_TEXT) return STATUS_OK;
  const enum status status = workers_open(worker_count(trainer), error);
  return status == STATUS_OK ? verifiers_open(&trainer->verifiers, error) : status;
}

void trainer_verify_close(struct trainer *trainer) {
  verifiers_close(&trainer->verifiers);
  workers_close();
}

void trainer_texts(const struct trainer *trainer, u32 sample, u32 worker, struct trainer_texts *texts) {
  const struct trainer_buffers *b = &trainer->buffers;
  const struct rollout *rollout = &trainer->learner.rollout;
  const u32 *tokens = rollout_tokens(rollout, sample);
  const u32 response_count = rollout->length[sample] - rollout->ended[sample];
  const u64 prompt_max = prompt_bytes_max(trainer), response_max = response_bytes_max(trainer);
  texts->prompt = b->question_prompt + worker * prompt_max;
  texts->response = b->question_response + worker * response_max;
  texts->prompt_bytes = countdown_text(tokens, rollout->prompt[sample], "\n", texts->prompt, prompt_max);
  texts->response_bytes =
      countdown_text(tokens + rollout->prompt[sample], response_count, "\n", texts->response, response_max);
  texts->gold_bytes = (u64)snprintf(texts->gold, sizeof texts->gold, "%u", b->problems[sample].target);
  CHECK(texts->prompt_bytes < prompt_max && texts->response_bytes < response_max, "a text does not fit");
}

struct text_questions {
  struct trainer *trainer;
  struct trainer_texts texts[WORKERS_MAX];
};

static void ask(void *context, u32 worker, u32 index, struct verifier_question *question) {
  struct text_questions *questions = context;
  struct trainer_texts *texts = &questions->texts[worker];
  trainer_texts(questions->trainer, index, worker, texts);
  *question = (struct verifier_question){.prompt = texts->prompt,
                                         .gold = texts->gold,
                                         .completion = texts->response,
                                         .prompt_size = (u32)texts->prompt_bytes,
                                         .gold_size = (u32)texts->gold_bytes,
                                         .completion_size = (u32)texts->response_bytes,
                                         .truncated = questions->trainer->learner.rollout.ended[index] == 0};
}

static void tell(void *context, struct verifier_worker *worker, u32 index, const struct verifier_question *question,
                 struct judgement judgement) {
  const struct text_questions *questions = context;
  (void)worker, (void)question;
  questions->trainer->buffers.judgements[index] = judgement;
}

enum status trainer_judge(struct trainer *trainer, const char *phase, u64 step, u32 count, struct error *error) {
  struct text_questions questions = {.trainer = trainer};
  const struct verifiers_batch batch = {.ask = ask, .tell = tell, .context = &questions};
  switch (way_of(trainer)) {
    case VERIFIER_BY_TEXT:
      verifiers_judge_all(&trainer->verifiers, &batch, count);
      return STATUS_OK;
    case VERIFIER_BY_PROGRAM:
      return trainer_program_judge(trainer, phase, step, count, error);
    default:
      return STATUS_OK;
  }
}

enum verdict trainer_verdict(const struct trainer *trainer, u32 sample, enum verdict own,
                             struct verdict_counts *counts) {
  const bool ended = trainer->learner.rollout.ended[sample] != 0;
  const bool by_task = way_of(trainer) == VERIFIER_BY_TASK;
  const struct judgement judgement = by_task ? (struct judgement){own, ended ? ANSWER_KIND_NONE : ANSWER_KIND_TRUNCATED}
                                             : trainer->buffers.judgements[sample];
  verdict_counts_add(counts, judgement);
  return judgement.verdict;
}
