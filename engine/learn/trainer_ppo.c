/* The RLSP phase: rollout -> verdicts and rewards -> reference and value passes -> advantages per stream -> PPO epochs -> metrics -> checkpoint. */
#include "engine/learn/trainer.h"
#include "platform/clock.h"
#include "platform/signals.h"

static u32 samples_of(const struct trainer *trainer) { return (u32)trainer->config.rollout_samples; }

/* Prompts of one iteration: problems drawn from the PPO split, samples_per_prompt responses to each. */
static void write_prompts(struct trainer *trainer, u64 iteration) {
  struct rollout *rollout = &trainer->learner.rollout;
  const u32 per_prompt = (u32)trainer->config.rollout_samples_per_prompt, prompts = samples_of(trainer) / per_prompt;
  const struct countdown_split *split = &trainer->countdown.ppo;
  for (u32 i = 0; i < samples_of(trainer); i++) {
    struct random_stream random;
    random_open(&random, (u64)trainer->config.run_seed, RANDOM_PPO_PROMPT, iteration * prompts + i / per_prompt);
    trainer->buffers.problems[i] = split->problems[random_below(&random, split->count)];
    rollout->prompt[i] = countdown_prompt(&trainer->buffers.problems[i], &random, rollout_tokens(rollout, i));
  }
}

/* Verdicts, behaviours and rewards of the rollout. */
static enum status judge(struct trainer *trainer, u64 iteration, struct countdown_totals *totals,
                         struct verdict_counts *counts, struct error *error) {
  const struct rollout *rollout = &trainer->learner.rollout;
  const u32 samples = samples_of(trainer), demonstrated = countdown_demonstrated_depth(&trainer->task);
  const f32 progress = reward_progress(iteration, (u64)trainer->config.ppo_iterations);
  const enum status status = trainer_judge(trainer, "ppo", iteration, samples, error);
  for (u32 i = 0; i < samples && status == STATUS_OK; i++) {
    struct countdown_outcome *outcome = &trainer->buffers.outcomes[i];
    struct reward_outcome reward;
    countdown_analyse(&trainer->buffers.problems[i], rollout_tokens(rollout, i) + rollout->prompt[i],
                      rollout->length[i] - rollout->ended[i], rollout->ended[i] != 0, outcome);
    outcome->verdict = trainer_verdict(trainer, i, outcome->verdict, counts);
    countdown_totals_add(totals, outcome, demonstrated);
    reward_outcome(&trainer->reward, outcome->verdict, rollout->length[i], progress, &reward);
    for (u32 s = 0; s < trainer->learner.sizes.streams; s++)
      trainer->buffers.rewards[s * samples + i] = reward.streams[s];
    for (u32 s = 0; s < REWARD_SOURCES; s++) trainer->buffers.sources[s * samples + i] = reward.sources[s];
  }
  return status;
}

struct moments {
  f64 mean, deviation;
};

static f64 root(f64 x) { /* Newton; a metric, not a weight, yet the same everywhere */
  f64 y = x > 1 ? x : 1;
  for (int i = 0; i < 64 && x > 0; i++) y = 0.5 * (y + x / y);
  return x > 0 ? y : 0;
}

static struct moments moments_of(const f32 *x, u32 n) {
  f64 sum = 0, squares = 0;
  for (u32 i = 0; i < n; i++) sum += x[i];
  const f64 mean = sum / n;
  for (u32 i = 0; i < n; i++) squares += (x[i] - mean) * (x[i] - mean);
  return (struct moments){mean, root(squares / n)};
}

static f64 correlation(const f32 *x, const f32 *y, u32 n) {
  const struct moments a = moments_of(x, n), b = moments_of(y, n);
  f64 sum = 0;
  for (u32 i = 0; i < n; i++) sum += (x[i] - a.mean) * (y[i] - b.mean);
  return a.deviation * b.deviation > 0 ? sum / n / (a.deviation * b.deviation) : 0;
}

/* Share of prompts whose responses were all paid the same: nothing to tell them apart by. With one response a prompt, the whole rollout counts as one. */
static f64 zero_std_share(const struct trainer *trainer) {
  const u32 samples = samples_of(trainer), per_prompt = (u32)trainer->config.rollout_samples_per_prompt,
            group = per_prompt == 1 ? samples : per_prompt;
  u32 equal = 0;
  for (u32 begin = 0; begin < samples; begin += group) {
    bool same = true;
    for (u32 s = 0; s < trainer->learner.sizes.streams; s++)
      for (u32 i = begin + 1; i < begin + group; i++)
        same = same && !(trainer->buffers.rewards[s * samples + i] < trainer->buffers.rewards[s * samples + begin]) &&
               !(trainer->buffers.rewards[s * samples + i] > trainer->buffers.rewards[s * samples + begin]);
    equal += same;
  }
  return (f64)equal / (samples / group);
}

static void set_reward_metrics(struct trainer *trainer, u64 iteration) {
  struct metrics *m = &trainer->metrics;
  const u32 samples = samples_of(trainer);
  const f32 *correctness = trainer->buffers.sources, *length = trainer->buffers.sources + samples;
  const struct moments a = moments_of(correctness, samples), b = moments_of(length, samples);
  metrics_set(m, METRIC_REWARD_CORRECTNESS_MEAN, a.mean);
  metrics_set(m, METRIC_REWARD_CORRECTNESS_STD, a.deviation);
  if (trainer->config.reward_length_c > 0) {
    const f64 progress = reward_progress(iteration, (u64)trainer->config.ppo_iterations);
    metrics_set(m, METRIC_REWARD_LENGTH_MEAN, b.mean);
    metrics_set(m, METRIC_REWARD_LENGTH_STD, b.deviation);
    metrics_set(m, METRIC_REWARD_LENGTH_C,
                trainer->config.reward_length_c * (1 - progress * (1 - trainer->config.reward_length_c_final)));
    metrics_set(m, METRIC_REWARD_CORRELATION, correlation(correctness, length, samples));
  }
  f64 score = 0;
  for (u32 i = 0; i < samples * trainer->learner.sizes.streams; i++) score += trainer->buffers.rewards[i];
  metrics_set(m, METRIC_SCORES, score / samples);
  metrics_set(m, METRIC_REWARD_ZERO_STD, zero_std_share(trainer));
}

static void set_response_metrics(struct trainer *trainer, const struct countdown_rates *rates) {
  struct metrics *m = &trainer->metrics;
  const struct rollout *rollout = &trainer->learner.rollout;
  u32 shortest = UINT32_MAX, longest = 0;
  for (u32 i = 0; i < samples_of(trainer); i++) {
    if (rollout->length[i] < shortest) shortest = rollout->length[i];
    if (rollout->length[i] > longest) longest = rollout->length[i];
  }
  metrics_set(m, METRIC_EPISODE, (f64)trainer->state.episodes);
  metrics_set(m, METRIC_LENGTH_MEAN, rates->mean_length);
  metrics_set(m, METRIC_LENGTH_MIN, shortest);
  metrics_set(m, METRIC_LENGTH_MAX, longest);
  metrics_set(m, METRIC_CLIPPED_RATIO, rates->clip_rate);
  metrics_set(m, METRIC_ACCURACY, rates->pass_at_1);
  metrics_set(m, METRIC_ATTEMPTS, rates->mean_attempts);
  metrics_set(m, METRIC_DEPTH2_SHARE, rates->depth2_share);
  if (rates->depth1_share > 0) metrics_set(m, METRIC_DISTINCT_RATIO, rates->distinct_ratio);
  metrics_set(m, METRIC_CHECK_PRECISION, rates->check_precision);
  metrics_set(m, METRIC_RETRY_RATE, rates->retry_rate);
  metrics_set(m, METRIC_NO_ANSWER, rates->no_answer);
}

static void set_verdict_metrics(struct trainer *trainer, const struct verdict_counts *counts) {
  static const enum metric metrics[ANSWER_KIND_COUNT] = {
#define KIND_METRIC(name, word) [ANSWER_KIND_##name] = METRIC_ANSWER_##name,
      ANSWER_KINDS(KIND_METRIC)
#undef KIND_METRIC
  };
  const f64 share = 1.0 / (f64)counts->responses;
  metrics_set(&trainer->metrics, METRIC_UNDECIDED, (f64)counts->undecided * share);
  metrics_set(&trainer->metrics, METRIC_ANSWER_FOUND,
              (f64)(counts->correct + counts->wrong + counts->undecided) * share);
  for (u32 kind = ANSWER_KIND_FOUND + 1; kind < ANSWER_KIND_COUNT; kind++)
    metrics_set(&trainer->metrics, metrics[kind], (f64)counts->no_answer[kind] * share);
}

static void set_update_metrics(struct trainer *trainer, const struct ppo_measures *measures,
                               const struct ppo_stats *stats, const struct ppo_update_settings *settings) {
  struct metrics *m = &trainer->metrics;
  metrics_set(m, METRIC_CRITIC_LR, settings->critic_lr);
  metrics_set(m, METRIC_TOKENS, (f64)stats->tokens);
  metrics_set(m, METRIC_KL, measures->kl);
  metrics_set(m, METRIC_NON_SCORE_REWARD, -trainer->config.ppo_kl_coef * measures->kl);
  metrics_set(m, METRIC_EXPLAINED, measures->explained_all);
  if (trainer->learner.sizes.streams == 2) {
    metrics_set(m, METRIC_EXPLAINED_CORRECTNESS, measures->explained[0]);
    metrics_set(m, METRIC_EXPLAINED_LENGTH, measures->explained[1]);
  }
  metrics_set(m, METRIC_LOSS_VALUE, stats->value_loss);
  metrics_set(m, METRIC_VALUE_CLIP_FRACTION, stats->value_clip_fraction);
  metrics_set(m, METRIC_CRITIC_GRAD_NORM, stats->critic_grad_norm);
  metrics_set(m, METRIC_LR, settings->policy_frozen ? 0 : settings->policy_lr);
  if (!stats->policy_measured) return;
  metrics_set(m, METRIC_LOSS_POLICY, stats->policy_loss);
  metrics_set(m, METRIC_ENTROPY, stats->entropy);
  metrics_set(m, METRIC_GRAD_NORM, stats->policy_grad_norm);
  metrics_set(m, METRIC_APPROX_KL, stats->approx_kl);
  metrics_set(m, METRIC_CLIP_FRACTION, stats->clip_fraction);
  metrics_set(m, METRIC_RATIO, stats->ratio);
  metrics_set(m, METRIC_RATIO_MAX, stats->ratio_max);
  metrics_set(m, METRIC_ROLLOUT_DIFF, stats->rollout_difference);
}

/* The first iteration of a process proves what the exact profile promises: the rollout's log-probs are the training log-probs, bit for bit. */
static enum status prove_rollout(struct trainer *trainer, struct error *error) {
  f64 largest;
  u64 differing;
  const enum status status =
      ppo_rollout_difference(&trainer->learner, samples_of(trainer), &largest, &differing, &trainer->device, error);
  if (status != STATUS_OK || differing == 0) return status;
  return status_fail(error, STATUS_DEVICE, trainer->device.info.name,
                     "%llu rollout log-probs differ from the training log-probs (by up to %g): this device does not "
                     "keep the exact profile; "
                     "use another, or run.device = cpu",
                     (unsigned long long)differing, largest);
}

static enum status learn(struct trainer *trainer, u64 iteration, struct ppo_measures *measures, struct ppo_stats *stats,
                         struct ppo_update_settings *settings, struct error *error) {
  const struct config *config = &trainer->config;
  struct trainer_state *state = &trainer->state;
  const u64 iterations = (u64)config->ppo_iterations;
  *settings = (struct ppo_update_settings){
      .iteration = iteration,
      .policy_frozen = iteration < (u64)config->critic_warmup_iterations,
      .policy_lr = trainer_schedule(iteration, iterations, 0, config->ppo_lr, config->ppo_lr_final),
      .critic_lr = trainer_schedule(iteration, iterations, 0, config->critic_lr, config->ppo_lr_final),
      .policy_steps = state->policy_steps,
      .critic_steps = state->critic_steps};
  if (state->policy_steps < (u64)config->ppo_warmup) /* within an iteration the ramp stands still */
    settings->policy_lr *= (f64)(state->policy_steps + 1) / (f64)config->ppo_warmup;
  enum status status = ppo_advantages(&trainer->learner, trainer->buffers.rewards, config->ppo_kl_coef,
                                      trainer->buffers.sample_kl, measures, &trainer->device, error);
  if (status == STATUS_OK)
    status = ppo_update(&trainer->learner, settings, trainer->buffers.order, stats, &trainer->device, error);
  if (status == STATUS_OK && !(stats->value_loss < 1e30 && stats->policy_loss < 1e30))
    status = status_fail(error, STATUS_FAILED, "ppo",
                         "the loss of iteration %llu is not a number; lower ppo.lr and critic.lr",
                         (unsigned long long)iteration + 1);
  state->policy_steps += stats->policy_steps;
  state->critic_steps += stats->critic_steps;
  return status;
}

static enum status one_iteration(struct trainer *trainer, bool first, struct error *error) {
  struct trainer_state *state = &trainer->state;
  const u64 iteration = state->ppo_iterations, begin_ns = clock_monotonic_ns();
  struct countdown_totals totals = {0};
  struct verdict_counts counts = {0};
  struct countdown_rates rates;
  struct ppo_measures measures;
  struct ppo_stats stats;
  struct ppo_update_settings settings;
  write_prompts(trainer, iteration);
  enum status status = rollout_run(&trainer->learner.rollout, ROLLOUT_TRAIN, samples_of(trainer), (u32)iteration,
                                   &trainer->device, error);
  const u64 rollout_ns = clock_monotonic_ns();
  if (status != STATUS_OK) return status;
  status = judge(trainer, iteration, &totals, &counts, error);
  if (status == STATUS_OK) status = ppo_score(&trainer->learner, samples_of(trainer), &trainer->device, error);
  if (status == STATUS_OK && first) status = prove_rollout(trainer, error);
  if (status == STATUS_OK) status = learn(trainer, iteration, &measures, &stats, &settings, error);
  if (status != STATUS_OK) return status;
  const u64 end_ns = clock_monotonic_ns();
  state->ppo_iterations++;
  state->episodes += samples_of(trainer);
  state->rollout_tokens += trainer->learner.rollout.decoded;
  state->ppo_tokens += stats.trained_tokens;
  state->rollout_seconds += (f64)(rollout_ns - begin_ns) * 1e-9;
  state->ppo_seconds += (f64)(end_ns - begin_ns) * 1e-9;
  countdown_rates(&totals, &rates);
  if (state->ppo_iterations == 1) state->sft_length = rates.mean_length;
  metrics_clear(&trainer->metrics);
  set_reward_metrics(trainer, iteration);
  set_response_metrics(trainer, &rates);
  set_verdict_metrics(trainer, &counts);
  set_update_metrics(trainer, &measures, &stats, &settings);
  metrics_set(&trainer->metrics, METRIC_PERF_SECONDS, (f64)(end_ns - begin_ns) * 1e-9);
  metrics_set(&trainer->metrics, METRIC_PERF_TOKENS, (f64)stats.tokens / ((f64)(end_ns - begin_ns) * 1e-9));
  status = run_log_metrics(&trainer->log, PHASE_PPO, state->ppo_iterations, &trainer->metrics, error);
  if (status == STATUS_OK) status = trainer_warn(trainer, &rates, error);
  progress_step(&trainer->progress, state->ppo_iterations, &trainer->metrics);
  return status;
}

static enum status log_samples(struct trainer *trainer, struct error *error) {
  const struct trainer_state *state = &trainer->state;
  enum status status = STATUS_OK;
  if (state->ppo_iterations % (u64)trainer->config.log_every != 0 && state->ppo_iterations != 1 &&
      state->ppo_iterations != (u64)trainer->config.ppo_iterations)
    return status;
  for (u32 i = 0; i < (u32)trainer->config.log_samples && i < samples_of(trainer) && status == STATUS_OK; i++)
    status = trainer_log_sample(trainer, i, state->ppo_iterations, error);
  return status;
}

enum status trainer_ppo_phase(struct trainer *trainer, struct error *error) {
  const u64 iterations = (u64)trainer->config.ppo_iterations, every = (u64)trainer->config.checkpoint_every;
  struct trainer_state *state = &trainer->state;
  progress_phase(&trainer->progress, PHASE_PPO, state->ppo_iterations, iterations);
  for (bool first = true; state->ppo_iterations < iterations; first = false) {
    enum status status = one_iteration(trainer, first, error);
    if (status == STATUS_OK) status = log_samples(trainer, error);
    if (status != STATUS_OK) return status;
    const enum status stop = signals_pending();
    const bool due = every != 0 && state->ppo_iterations % every == 0 && state->ppo_iterations < iterations;
    if (due || stop != STATUS_OK) status = trainer_checkpoint(trainer, error);
    if (status != STATUS_OK) return status;
    if (stop != STATUS_OK) return stop;
  }
  return STATUS_OK;
}
