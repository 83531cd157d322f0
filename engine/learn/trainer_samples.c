/* A response in words, for samples.jsonl and the report: each attempt marked. */
#include <string.h>

#include "engine/learn/trainer.h"

static enum sample_said said_of(u32 check) {
  return check == COUNTDOWN_OK ? SAID_OK : check == COUNTDOWN_NO ? SAID_NO : SAID_NOTHING;
}

/* Where each segment's words begin and end in the response's text: segments are rendered as the text is, so their lengths add up. */
static u32 mark_attempts(const struct countdown_problem *problem, const u32 *response, u32 count,
                         struct sample_attempt *attempts) {
  struct countdown_segment segment;
  u32 cursor = 0, found = 0;
  while (found < SAMPLE_ATTEMPTS_MAX && countdown_next_segment(problem, response, count, &cursor, &segment)) {
    const u64 end = countdown_text(response, segment.begin + segment.count, "\n", NULL, 0);
    const u64 own = countdown_text(response + segment.begin, segment.count, "\n", NULL, 0);
    attempts[found++] = (struct sample_attempt){.begin = (u32)(end - own),
                                                .end = (u32)end,
                                                .legal = segment.attempt && segment.legal && segment.steps_wrong == 0,
                                                .right = segment.correct,
                                                .said = said_of(segment.check)};
  }
  return found;
}

enum status trainer_log_sample(struct trainer *trainer, u32 i, u64 step, struct error *error) {
  const struct rollout *rollout = &trainer->learner.rollout;
  const struct countdown_outcome *outcome = &trainer->buffers.outcomes[i];
  const u32 *tokens = rollout_tokens(rollout, i), *response = tokens + rollout->prompt[i];
  const u32 samples = (u32)trainer->config.rollout_samples, count = rollout->length[i] - rollout->ended[i];
  struct sample_attempt attempts[SAMPLE_ATTEMPTS_MAX];
  const struct sample_reward rewards[REWARD_SOURCES] = {{"correctness", trainer->buffers.sources[i]},
                                                        {"length", trainer->buffers.sources[samples + i]}};
  countdown_text(tokens, rollout->prompt[i], "\n", trainer->buffers.prompt_text, TRAINER_TEXT_BYTES);
  const bool whole =
      countdown_text(response, count, "\n", trainer->buffers.response_text, TRAINER_TEXT_BYTES) < TRAINER_TEXT_BYTES;
  const struct sample sample = {
      .phase = PHASE_PPO,
      .step = step,
      .index = i,
      .prompt = trainer->buffers.prompt_text,
      .response = trainer->buffers.response_text,
      .tokens = rollout->length[i],
      .correct = outcome->verdict == VERDICT_CORRECT,
      .cut = rollout->ended[i] == 0,
      .attempts = attempts,
      .attempt_count = whole ? mark_attempts(&trainer->buffers.problems[i], response, count, attempts) : 0,
      .rewards = rewards,
      .reward_count = trainer->config.reward_length_c > 0 ? 2 : 1,
      .kl = trainer->buffers.sample_kl[i]};
  return run_log_sample(&trainer->log, &sample, error);
}
