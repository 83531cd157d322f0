/* Warnings: what a run that learns nothing, or the wrong thing, looks like from its metrics, and which setting to turn. */
#include <stdio.h>

#include "engine/learn/trainer.h"

struct warning {
  bool seen;
  const char *key; /* the setting to turn */
  char text[256];
};

/* A response this long or short against the first iteration's counts as explosion or collapse. */
#define LENGTH_EXPLOSION 6.0
#define LENGTH_COLLAPSE 0.4
#define KL_LIMIT 40.0 /* nats a response: the policy has left what SFT taught */
#define WARNINGS 10u

static void look(const struct trainer *trainer, const struct countdown_rates *rates, struct warning *w) {
  const struct metrics *m = &trainer->metrics;
  const f64 first_length = trainer->state.sft_length;
  u32 i = 0;
#define WARN(condition, setting, ...) \
  w[i].seen = (condition), w[i].key = (setting), snprintf(w[i].text, sizeof w[i].text, __VA_ARGS__), i++
  WARN(m->values[METRIC_REWARD_ZERO_STD] > 0.9, "rollout.samples_per_prompt",
       "%.0f%% of the groups got equal rewards: nothing to learn from; draw more responses, or easier or harder "
       "problems",
       100 * m->values[METRIC_REWARD_ZERO_STD]);
  WARN(rates->clip_rate > 0.3, "rollout.response_max",
       "%.0f%% of the responses were cut at response_max: raise it, or lower reward.length.c", 100 * rates->clip_rate);
  WARN(rates->no_answer > 0.5, "sft.steps",
       "no answer can be read in %.0f%% of the responses: longer SFT, or a lower reward.correctness.no_answer",
       100 * rates->no_answer);
  WARN(m->values[METRIC_KL] > KL_LIMIT, "ppo.kl_coef",
       "KL to the SFT policy is %.1f nats a response: raise ppo.kl_coef or lower ppo.lr", m->values[METRIC_KL]);
  WARN(rates->mean_length > LENGTH_EXPLOSION * first_length, "reward.length.c",
       "mean length %.1f is %.1f times the first iteration's: lower reward.length.c", rates->mean_length,
       rates->mean_length / first_length);
  WARN(rates->mean_length < LENGTH_COLLAPSE * first_length, "reward.length.c",
       "mean length %.1f has shrunk from %.1f: raise reward.length.c", rates->mean_length, first_length);
  WARN(rates->repetition > 0.5, "reward.length.c",
       "%.0f%% of the 4-grams repeat: length is being bought with repetition; lower reward.length.c",
       100 * rates->repetition);
  WARN(m->set[METRIC_REWARD_CORRELATION] && m->values[METRIC_REWARD_CORRELATION] < -0.5, "reward.alpha",
       "correctness and length disagree (correlation %.2f): weigh one down", m->values[METRIC_REWARD_CORRELATION]);
  WARN(rates->depth1_share > 0.1 && rates->distinct_ratio < 0.8, "reward.length.c",
       "only %.0f%% of the attempts of a response are distinct: retries are padding, not search",
       100 * rates->distinct_ratio);
  WARN(m->values[METRIC_UNDECIDED] > trainer->config.reward_correctness_undecided_warn, "reward.correctness.verifier",
       "the verifier could not decide on %.0f%% of the responses: see with rlsp score why, or choose another verifier",
       100 * m->values[METRIC_UNDECIDED]);
#undef WARN
}

enum status trainer_warn(struct trainer *trainer, const struct countdown_rates *rates, struct error *error) {
  struct warning warnings[WARNINGS];
  u64 now = 0;
  enum status status = STATUS_OK;
  look(trainer, rates, warnings);
  for (u32 i = 0; i < WARNINGS && status == STATUS_OK; i++) {
    if (!warnings[i].seen) continue;
    now |= 1ull << i;
    if (trainer->state.warnings >> i & 1u) continue;
    progress_note(&trainer->progress, "warning: iteration %llu: %s (%s)",
                  (unsigned long long)trainer->state.ppo_iterations, warnings[i].text, warnings[i].key);
    status = run_log_warning(&trainer->log, PHASE_PPO, trainer->state.ppo_iterations, warnings[i].key, warnings[i].text,
                             error);
  }
  trainer->state.warnings = now;
  return status;
}
