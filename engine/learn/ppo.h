/* One PPO iteration over the learner's rollout, in parts that can be tested alone: score, advantages, update (RLSP.md; Schulman et al. 2017).
 *
 * Called by the trainer after rollout_run: ppo_score -> rewards by the caller -> ppo_advantages -> ppo_update. In the exact profile the rollout's log-probs ARE
 * the training log-probs, so there is no old-log-prob pass; ppo_rollout_difference proves it. Owns nothing. */
#ifndef RLSP_ENGINE_LEARN_PPO_H
#define RLSP_ENGINE_LEARN_PPO_H

#include "engine/learn/learner.h"

struct ppo_update_settings {
  u64 iteration;      /* keys the order of the minibatches */
  bool policy_frozen; /* critic warm-up */
  f64 policy_lr, critic_lr;
  u64 policy_steps, critic_steps; /* optimizer steps taken before */
};

struct ppo_stats {
  u64 policy_steps, critic_steps; /* taken now */
  u64 tokens;                     /* response tokens of one epoch */
  u64 trained_tokens;             /* rows run through a training pass */
  f64 policy_loss, value_loss, entropy;
  f64 approx_kl, clip_fraction, value_clip_fraction, ratio, ratio_max;
  f64 policy_grad_norm, critic_grad_norm; /* mean over steps */
  f64 rollout_difference;                 /* largest |training - rollout| log-prob before the first step */
  bool policy_measured;                   /* false while the policy is frozen */
};

/* What the records hold after ppo_advantages. */
struct ppo_measures {
  f64 kl;                     /* k1, summed over a response, mean over responses */
  f64 explained[STREAMS_MAX]; /* 1 - Var(return - value) / Var(return), over live tokens */
  f64 explained_all;          /* the same with streams pooled */
};

/* Uploads lengths and rollout log-probs; reference log-probs and values of every response token. */
enum status ppo_score(struct learner *learner, u32 count, struct device *device, struct error *error) MUST_USE;
/* Largest |log-prob of a training pass - log-prob of the rollout| over all response tokens, and how many differ in any bit. */
enum status ppo_rollout_difference(struct learner *learner, u32 count, f64 *largest, u64 *differing,
                                   struct device *device, struct error *error) MUST_USE;
/* outcome: [streams][rollout.samples] rewards on the last token. sample_kl: [rollout.samples] out, k1 summed over each response. */
enum status ppo_advantages(struct learner *learner, const f32 *outcome, f64 kl_coef, f64 *sample_kl,
                           struct ppo_measures *measures, struct device *device, struct error *error) MUST_USE;
/* order: host scratch [rollout.samples]. */
enum status ppo_update(struct learner *learner, const struct ppo_update_settings *settings, u32 *order,
                       struct ppo_stats *stats, struct device *device, struct error *error) MUST_USE;

#endif
