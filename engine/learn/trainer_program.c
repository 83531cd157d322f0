/* A run whose verdicts are those of a user's program: its helper, its journal, and the rollout's responses as questions.
 *
 * The texts are trainer_verify.c's. A response that was cut at response_max is no answer, and not asked about. */
#include "engine/learn/trainer.h"

static bool is_used(const struct trainer *trainer) {
  return trainer->config.reward_correctness_verifier == VERIFIER_PROGRAM;
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
  struct trainer_texts texts;
};

static void make_question(void *context, u32 index, struct program_question *question) {
  struct question_source *source = context;
  const struct trainer_texts *texts = &source->texts;
  trainer_texts(source->trainer, source->trainer->buffers.asked[index], 0, &source->texts);
  *question = (struct program_question){.completion = texts->response,
                                        .gold = texts->gold,
                                        .prompt = texts->prompt,
                                        .completion_bytes = texts->response_bytes,
                                        .gold_bytes = texts->gold_bytes,
                                        .prompt_bytes = texts->prompt_bytes};
}

static enum verdict verdict_of(enum program_end end) {
  if (end == PROGRAM_RIGHT) return VERDICT_CORRECT;
  if (end == PROGRAM_WRONG) return VERDICT_WRONG;
  return end == PROGRAM_NO_ANSWER ? VERDICT_NO_ANSWER : VERDICT_UNDECIDED;
}

enum status trainer_program_judge(struct trainer *trainer, const char *phase, u64 step, u32 count,
                                  struct error *error) {
  struct trainer_buffers *b = &trainer->buffers;
  struct question_source source = {.trainer = trainer};
  u32 asked = 0;
  for (u32 i = 0; i < count; i++) {
    b->judgements[i] = (struct judgement){VERDICT_NO_ANSWER, ANSWER_KIND_TRUNCATED};
    if (trainer->learner.rollout.ended[i] != 0) b->asked[asked++] = i;
  }
  const enum status status =
      program_verdicts_ask(&trainer->program_verdicts, phase, step, asked, make_question, &source, b->ends, error);
  for (u32 i = 0; i < asked && status == STATUS_OK; i++) {
    const enum verdict verdict = verdict_of(b->ends[i]);
    b->judgements[b->asked[i]] =
        (struct judgement){verdict, verdict == VERDICT_NO_ANSWER ? ANSWER_KIND_NONE : ANSWER_KIND_FOUND};
  }
  return status;
}
