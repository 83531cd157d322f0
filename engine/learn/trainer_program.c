/* A run whose verdicts are those of a user's program: its helper, its journal, and the rollout's responses as questions.
 *
 * The gold of a Countdown problem is its target; prompt and completion are the tokens' text, without the end token, as samples.jsonl shows them. A response that
 * was cut at response_max is no answer, and not asked about. */
#include <stdio.h>

#include "engine/check.h"
#include "engine/learn/trainer.h"

#define TOKEN_TEXT_BYTES 8u /* the longest, with a blank */
#define GOLD_BYTES 16u

static bool is_used(const struct trainer *trainer) {
  return trainer->config.reward_correctness_verifier == VERIFIER_PROGRAM;
}

static u64 prompt_bytes_max(const struct trainer *trainer) {
  return (u64)TOKEN_TEXT_BYTES * countdown_prompt_max(&trainer->task);
}

static u64 response_bytes_max(const struct trainer *trainer) {
  return (u64)TOKEN_TEXT_BYTES * (u64)trainer->config.rollout_response_max;
}

static struct program_settings settings_of(const struct config *config) {
  return (struct program_settings){.setting = "reward.correctness.program",
                                   .program = config->reward_correctness_program,
                                   .seconds = (u32)config->reward_correctness_program_seconds,
                                   .memory_bytes = (u64)config->reward_correctness_program_memory,
                                   .parallel = (u32)config->reward_correctness_program_parallel};
}

enum status trainer_program_open(struct trainer *trainer, struct error *error) {
  const struct program_settings settings = settings_of(&trainer->config);
  return is_used(trainer) ? program_runner_open(&trainer->program, &settings, error) : STATUS_OK;
}

void trainer_program_place(struct trainer *trainer, struct arena *host) {
  struct trainer_buffers *b = &trainer->buffers;
  const struct program_settings settings = settings_of(&trainer->config);
  const u32 samples = trainer->learner.rollout.settings.samples_max;
  if (!is_used(trainer)) return;
  b->ends = arena_take_pointer(host, "program.ends", DTYPE_U8, samples, sizeof *b->ends, 0, 0);
  b->asked = arena_take_pointer(host, "program.asked", DTYPE_U32, samples, 0, 0, 0);
  b->verdicts = arena_take_pointer(host, "program.verdicts", DTYPE_U8, samples, 0, 0, 0);
  b->question_prompt = arena_take_pointer(host, "program.prompt", DTYPE_U8, prompt_bytes_max(trainer), 0, 0, 0);
  b->question_response = arena_take_pointer(host, "program.response", DTYPE_U8, response_bytes_max(trainer), 0, 0, 0);
  program_verdicts_place(&trainer->program_verdicts, samples, host);
  program_verdicts_open(&trainer->program_verdicts, &trainer->program, &trainer->journal, &settings);
}

enum status trainer_program_resume(struct trainer *trainer, struct error *error) {
  if (!is_used(trainer)) return STATUS_OK;
  const enum status status = verdict_journal_open(&trainer->journal, &trainer->files, trainer->config.run_dir, error);
  if (status == STATUS_OK && trainer->journal.cut)
    progress_note(&trainer->progress, "%s: its end could not be read and was cut off; what it said is asked again",
                  VERDICT_JOURNAL_NAME);
  return status;
}

/* One response: of trainer->buffers.asked. */
struct question_source {
  struct trainer *trainer;
  char gold[GOLD_BYTES];
};

static void make_question(void *context, u32 index, struct program_question *question) {
  struct question_source *source = context;
  const struct trainer_buffers *b = &source->trainer->buffers;
  const struct rollout *rollout = &source->trainer->learner.rollout;
  const u32 sample = b->asked[index];
  const u32 *tokens = rollout_tokens(rollout, sample);
  const u64 prompt_max = prompt_bytes_max(source->trainer), response_max = response_bytes_max(source->trainer);
  *question =
      (struct program_question){.completion = b->question_response, .gold = source->gold, .prompt = b->question_prompt};
  question->prompt_bytes = countdown_text(tokens, rollout->prompt[sample], "\n", b->question_prompt, prompt_max);
  question->completion_bytes =
      countdown_text(tokens + rollout->prompt[sample], rollout->length[sample] - rollout->ended[sample], "\n",
                     b->question_response, response_max);
  question->gold_bytes = (u64)snprintf(source->gold, GOLD_BYTES, "%u", b->problems[sample].target);
  CHECK(question->prompt_bytes < prompt_max && question->completion_bytes < response_max, "a text does not fit");
}

static enum verdict verdict_of(enum program_end end) {
  if (end == PROGRAM_RIGHT) return VERDICT_CORRECT;
  if (end == PROGRAM_WRONG) return VERDICT_WRONG;
  return end == PROGRAM_NO_ANSWER ? VERDICT_NO_ANSWER : VERDICT_UNDECIDED;
}

enum status trainer_judge(struct trainer *trainer, const char *phase, u64 step, u32 count, struct error *error) {
  struct trainer_buffers *b = &trainer->buffers;
  struct question_source source = {.trainer = trainer};
  u32 asked = 0;
  if (!is_used(trainer)) return STATUS_OK;
  for (u32 i = 0; i < count; i++) {
    b->verdicts[i] = VERDICT_NO_ANSWER;
    if (trainer->learner.rollout.ended[i] != 0) b->asked[asked++] = i;
  }
  const enum status status =
      program_verdicts_ask(&trainer->program_verdicts, phase, step, asked, make_question, &source, b->ends, error);
  for (u32 i = 0; i < asked && status == STATUS_OK; i++) b->verdicts[b->asked[i]] = (u8)verdict_of(b->ends[i]);
  return status;
}

enum verdict trainer_verdict(const struct trainer *trainer, u32 sample, enum verdict own) {
  return is_used(trainer) ? (enum verdict)trainer->buffers.verdicts[sample] : own;
}
