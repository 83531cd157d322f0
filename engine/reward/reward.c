#include "engine/reward/reward.h"

#include "engine/check.h"
#include "shaders/exact_math.h"

void reward_settings_from(struct reward_settings *settings, const struct config *config) {
  *settings = (struct reward_settings){
      .balance = (enum reward_balance)config->reward_balance,
      .alpha = (f32)config->reward_alpha,
      .clip = (f32)config->reward_clip,
      .correct = (f32)config->reward_correctness_correct,
      .wrong = (f32)config->reward_correctness_wrong,
      .no_answer = (f32)config->reward_correctness_no_answer,
      .undecided = (f32)config->reward_correctness_undecided,
      .c = (f32)config->reward_length_c,
      .c_final = (f32)config->reward_length_c_final,
      .floor = (f32)config->reward_length_floor,
      .kl_source = config->ppo_kl_stream == KL_STREAM_LENGTH ? REWARD_LENGTH : REWARD_CORRECTNESS,
  };
  settings->sources[REWARD_CORRECTNESS] = (struct reward_source_settings){
      .weight = (f32)config->reward_correctness_weight,
      .gamma = (f32)config->reward_correctness_gamma,
      .lambda = (f32)config->reward_correctness_lambda,
      .shared = config->reward_correctness_head == VALUE_HEAD_SHARED,
      .whiten = config->reward_correctness_whiten != 0,
  };
  settings->sources[REWARD_LENGTH] = (struct reward_source_settings){
      .weight = (f32)config->reward_length_weight,
      .gamma = (f32)config->reward_length_gamma,
      .lambda = (f32)config->reward_length_lambda,
      .shared = config->reward_length_head == VALUE_HEAD_SHARED,
      .whiten = config->reward_length_whiten != 0,
  };
}

enum status reward_check(const struct reward_settings *settings, const char *place, struct error *error) {
  if (settings->balance != BALANCE_STREAMS) return STATUS_OK;
  const struct reward_source_settings *correctness = &settings->sources[REWARD_CORRECTNESS];
  const struct reward_source_settings *length = &settings->sources[REWARD_LENGTH];
  if (correctness->shared != length->shared)
    return status_fail(error, STATUS_USAGE, place,
                       "[reward.%s] head = shared is shared with no other stream; set head = shared on both, or own",
                       correctness->shared ? "correctness" : "length");
  if (!correctness->shared) return STATUS_OK;
  const bool same = correctness->gamma == length->gamma && correctness->lambda == length->lambda &&
                    correctness->whiten == length->whiten;
  if (same) return STATUS_OK;
  return status_fail(error, STATUS_USAGE, place,
                     "[reward.correctness] and [reward.length] share a value head, so one return is learnt; give them "
                     "the same gamma, lambda and whiten, or head = own");
}

static bool has_own_heads(const struct reward_settings *settings) {
  return settings->balance == BALANCE_STREAMS && !settings->sources[REWARD_CORRECTNESS].shared;
}

u32 reward_stream_count(const struct reward_settings *settings) { return has_own_heads(settings) ? REWARD_SOURCES : 1; }

u32 reward_kl_stream(const struct reward_settings *settings) {
  return has_own_heads(settings) ? (u32)settings->kl_source : 0;
}

void reward_stream(const struct reward_settings *settings, u32 index, struct reward_stream *stream) {
  static const char *const names[REWARD_SOURCES] = {"correctness", "length"};
  CHECK(index < reward_stream_count(settings), "value stream %u", index);
  const struct reward_source_settings *source = &settings->sources[index];
  const bool own = has_own_heads(settings);
  *stream = (struct reward_stream){.name = own ? names[index] : "reward",
                                   .gamma = source->gamma,
                                   .lambda = source->lambda,
                                   .weight = own ? source->weight : 1.0f,
                                   .whiten = settings->balance == BALANCE_STREAMS ? source->whiten : true};
}

f32 reward_progress(u64 iteration, u64 iterations) {
  if (iterations <= 1) return 0.0f;
  return ex_div((f32)iteration, (f32)(iterations - 1));
}

static f32 correctness_reward(const struct reward_settings *settings, enum verdict verdict) {
  if (verdict == VERDICT_CORRECT) return settings->correct;
  if (verdict == VERDICT_UNDECIDED) return settings->undecided;
  return verdict == VERDICT_WRONG ? settings->wrong : settings->no_answer;
}

/* -C / max(L, floor), C = c * (1 + progress * (c_final - 1)) */
static f32 length_reward(const struct reward_settings *settings, u32 length_tokens, f32 progress) {
  const f32 length = (f32)length_tokens;
  const f32 floored = length > settings->floor ? length : settings->floor;
  const f32 decay = progress * (settings->c_final - 1.0f);
  const f32 c = settings->c * (1.0f + decay);
  return -ex_div(c, floored);
}

static f32 clip_reward(f32 reward, f32 clip) {
  if (clip == 0.0f) return reward;
  if (reward > clip) return clip;
  return reward < -clip ? -clip : reward;
}

static f32 balance_scalar(const struct reward_settings *settings, const f32 sources[REWARD_SOURCES]) {
  if (settings->balance == BALANCE_PAPER_CODE) return sources[REWARD_CORRECTNESS] + sources[REWARD_LENGTH];
  const bool paper = settings->balance == BALANCE_PAPER;
  const f32 correctness_weight = paper ? settings->alpha : settings->sources[REWARD_CORRECTNESS].weight;
  const f32 length_weight = paper ? 1.0f - settings->alpha : settings->sources[REWARD_LENGTH].weight;
  const f32 correctness = correctness_weight * sources[REWARD_CORRECTNESS];
  const f32 length = length_weight * sources[REWARD_LENGTH];
  return correctness + length;
}

void reward_outcome(const struct reward_settings *settings, enum verdict verdict, u32 length_tokens, f32 progress,
                    struct reward_outcome *outcome) {
  CHECK(progress >= 0.0f && progress <= 1.0f, "progress is %g", (f64)progress);
  *outcome = (struct reward_outcome){.streams = {0}};
  outcome->sources[REWARD_CORRECTNESS] = correctness_reward(settings, verdict);
  outcome->sources[REWARD_LENGTH] = length_reward(settings, length_tokens, progress);
  if (has_own_heads(settings)) {
    for (u32 s = 0; s < REWARD_SOURCES; s++) outcome->streams[s] = clip_reward(outcome->sources[s], settings->clip);
  } else {
    outcome->streams[0] = clip_reward(balance_scalar(settings, outcome->sources), settings->clip);
  }
}
