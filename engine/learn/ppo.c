#include "engine/learn/ppo.h"

#include <string.h>

#include "engine/random.h"

static struct batch_sequence response_sequence(const struct learner *learner, u32 sample) {
  const struct rollout *rollout = &learner->rollout;
  return (struct batch_sequence){.tokens = rollout_tokens(rollout, sample),
                                 .count = rollout->prompt[sample] + rollout->length[sample],
                                 .prompt = rollout->prompt[sample],
                                 .loss_begin = rollout->prompt[sample],
                                 .record = sample * rollout->settings.response_max};
}

typedef enum status pack_function(struct learner *learner, void *context, struct device *device, struct error *error);

/* Packs the samples in the order given and runs `run` on each pack. */
static enum status for_each_pack(struct learner *learner, const u32 *order, u32 count, pack_function *run,
                                 void *context, struct device *device, struct error *error) {
  struct batch *batch = &learner->batch;
  enum status status = STATUS_OK;
  batch_begin(batch);
  for (u32 i = 0; i <= count && status == STATUS_OK; i++) {
    const struct batch_sequence sequence = response_sequence(learner, i < count ? (order == NULL ? i : order[i]) : 0);
    if (i == count || !batch_fits(batch, sequence.count)) {
      status = batch_finish(batch, device, error);
      if (status == STATUS_OK) status = run(learner, context, device, error);
      batch_begin(batch);
    }
    if (i < count) batch_append(batch, &sequence);
  }
  return status;
}

static enum status score_pack(struct learner *learner, void *context, struct device *device, struct error *error) {
  (void)context;
  const enum status status = device_program_run(device, &learner->score_reference, error);
  return status != STATUS_OK ? status : device_program_run(device, &learner->score_value, error);
}

enum status ppo_score(struct learner *learner, u32 count, struct device *device, struct error *error) {
  const struct ppo_records *r = &learner->records;
  enum status status = device_upload(device, r->length, learner->rollout.length, 4ull * count, error);
  if (status == STATUS_OK)
    status = device_upload(device, r->old_logprob, learner->rollout.logprob, 4ull * count * r->response_max, error);
  return status != STATUS_OK ? status : for_each_pack(learner, NULL, count, score_pack, NULL, device, error);
}

static enum status score_policy_pack(struct learner *learner, void *context, struct device *device,
                                     struct error *error) {
  (void)context;
  return device_program_run(device, &learner->score_policy, error);
}

static f64 magnitude(f64 x) { return x < 0 ? -x : x; }

enum status ppo_rollout_difference(struct learner *learner, u32 count, f64 *largest, u64 *differing,
                                   struct device *device, struct error *error) {
  const struct ppo_records *r = &learner->records;
  enum status status = for_each_pack(learner, NULL, count, score_policy_pack, NULL, device, error);
  if (status == STATUS_OK)
    status = device_download(device, r->kl, learner->staging, 4ull * count * r->response_max, error);
  if (status != STATUS_OK) return status;
  *largest = 0;
  *differing = 0;
  for (u32 sample = 0; sample < count; sample++) {
    const f32 *decoded = rollout_logprob(&learner->rollout, sample),
              *trained = learner->staging + (u64)sample * r->response_max;
    for (u32 p = 0; p < learner->rollout.length[sample]; p++) {
      *differing += memcmp(&decoded[p], &trained[p], sizeof(f32)) != 0;
      const f64 difference = magnitude((f64)decoded[p] - (f64)trained[p]);
      if (!(difference <= *largest)) *largest = difference;
    }
  }
  return STATUS_OK;
}

/* Sums over live tokens of one stream: return, return^2, error, error^2 (doubles, in record order). */
struct value_sums {
  f64 n, ret, ret_squared, miss, miss_squared;
};

static f64 explained(const struct value_sums *s) {
  const f64 of_return = s->ret_squared - s->ret * s->ret / s->n, of_miss = s->miss_squared - s->miss * s->miss / s->n;
  return of_return > 0 ? 1 - of_miss / of_return : 0;
}

static void sum_values(const struct learner *learner, const f32 *value, const f32 *ret, struct value_sums *sums) {
  const struct ppo_records *r = &learner->records;
  for (u32 sample = 0; sample < r->samples; sample++) {
    for (u32 p = 0; p < learner->rollout.length[sample]; p++) {
      const u64 i = (u64)sample * r->response_max + p;
      const f64 target = ret[i], miss = target - value[i];
      sums->n += 1, sums->ret += target, sums->ret_squared += target * target, sums->miss += miss,
          sums->miss_squared += miss * miss;
    }
  }
}

static enum status measure(struct learner *learner, f64 *sample_kl, struct ppo_measures *measures,
                           struct device *device, struct error *error) {
  const struct ppo_records *r = &learner->records;
  const u64 n = (u64)r->samples * r->response_max;
  struct value_sums all = {0};
  enum status status = device_download(device, r->kl, learner->staging, 4 * n, error);
  if (status != STATUS_OK) return status;
  f64 kl = 0;
  for (u32 sample = 0; sample < r->samples; sample++) {
    sample_kl[sample] = 0;
    for (u32 p = 0; p < learner->rollout.length[sample]; p++)
      sample_kl[sample] += learner->staging[(u64)sample * r->response_max + p];
    kl += sample_kl[sample];
  }
  measures->kl = kl / r->samples;
  for (u32 s = 0; s < r->streams; s++) {
    struct value_sums sums = {0};
    status = device_download(device, r->value + 4 * n * s, learner->staging, 4 * n, error);
    if (status == STATUS_OK) status = device_download(device, r->ret + 4 * n * s, learner->staging + n, 4 * n, error);
    if (status != STATUS_OK) return status;
    sum_values(learner, learner->staging, learner->staging + n, &sums);
    sum_values(learner, learner->staging, learner->staging + n, &all);
    measures->explained[s] = explained(&sums);
  }
  measures->explained_all = explained(&all);
  return STATUS_OK;
}

enum status ppo_advantages(struct learner *learner, const f32 *outcome, f64 kl_coef, f64 *sample_kl,
                           struct ppo_measures *measures, struct device *device, struct error *error) {
  const struct ppo_records *r = &learner->records;
  u64 tokens = 0;
  for (u32 sample = 0; sample < r->samples; sample++) tokens += learner->rollout.length[sample];
  const f32 scalars[2] = {[SCALAR_TOKENS] = (f32)tokens, [SCALAR_KL_COEF] = (f32)kl_coef};
  memset(measures, 0, sizeof *measures);
  enum status status = device_upload(device, r->scalars, scalars, sizeof scalars, error);
  if (status == STATUS_OK) status = device_upload(device, r->outcome, outcome, 4ull * r->streams * r->samples, error);
  if (status == STATUS_OK) status = device_program_run(device, &learner->advantages, error);
  return status != STATUS_OK ? status : measure(learner, sample_kl, measures, device, error);
}

struct update {
  const struct ppo_update_settings *settings;
  struct ppo_stats *stats;
  f64 policy_tokens, critic_tokens; /* summed over, for the means */
};

static enum status measure_critic_pass(struct learner *learner, struct update *update, struct device *device,
                                       struct error *error) {
  const u32 entries = learner->batch.loss_rows * learner->sizes.streams;
  enum status status = device_download(device, learner->loss, learner->staging, 4ull * entries, error);
  if (status != STATUS_OK) return status;
  for (u32 i = 0; i < entries; i++) update->stats->value_loss += learner->staging[i];
  status = device_download(device, learner->value_stat, learner->staging, 4ull * entries, error);
  if (status != STATUS_OK) return status;
  for (u32 i = 0; i < entries; i++) update->stats->value_clip_fraction += learner->staging[i];
  update->critic_tokens += entries;
  return STATUS_OK;
}

static enum status measure_policy_pass(struct learner *learner, struct update *update, struct device *device,
                                       struct error *error) {
  const u32 rows = learner->batch.loss_rows;
  struct ppo_stats *stats = update->stats;
  enum status status = device_download(device, learner->loss, learner->staging, 4ull * rows, error);
  if (status != STATUS_OK) return status;
  for (u32 i = 0; i < rows; i++) stats->policy_loss += learner->staging[i];
  status = device_download(device, learner->head.entropy, learner->staging, 4ull * rows, error);
  if (status != STATUS_OK) return status;
  for (u32 i = 0; i < rows; i++) stats->entropy += learner->staging[i];
  status = device_download(device, learner->policy_stat, learner->staging, 16ull * rows, error);
  if (status != STATUS_OK) return status;
  for (u32 i = 0; i < rows; i++) {
    const f32 *stat = learner->staging + 4ull * i;
    stats->ratio += stat[0];
    if (stat[0] > stats->ratio_max) stats->ratio_max = stat[0];
    stats->clip_fraction += stat[1];
    stats->approx_kl += stat[3];
    if (stats->policy_steps == 0 && magnitude(stat[2]) > stats->rollout_difference)
      stats->rollout_difference = magnitude(stat[2]);
  }
  update->policy_tokens += rows;
  return STATUS_OK;
}

static enum status train_pack(struct learner *learner, void *context, struct device *device, struct error *error) {
  struct update *update = context;
  enum status status = device_program_run(device, &learner->train_critic, error);
  if (status == STATUS_OK) status = trainable_accumulate(&learner->critic, device, error);
  if (status == STATUS_OK) status = measure_critic_pass(learner, update, device, error);
  update->stats->trained_tokens += learner->batch.rows;
  if (status != STATUS_OK || update->settings->policy_frozen) return status;
  status = device_program_run(device, &learner->train_policy, error);
  if (status == STATUS_OK) status = trainable_accumulate(&learner->policy, device, error);
  if (status == STATUS_OK) status = measure_policy_pass(learner, update, device, error);
  return status;
}

static enum status train_minibatch(struct learner *learner, struct update *update, const u32 *order, u32 count,
                                   struct device *device, struct error *error) {
  const struct ppo_update_settings *settings = update->settings;
  struct ppo_stats *stats = update->stats;
  f64 tokens = 0, norm = 0;
  for (u32 i = 0; i < count; i++) tokens += learner->rollout.length[order[i]];
  enum status status = trainable_begin(&learner->critic, tokens, 0, device, error);
  if (status == STATUS_OK)
    status = trainable_begin(&learner->policy, tokens, learner->config.ppo_entropy_coef, device, error);
  if (status == STATUS_OK) status = for_each_pack(learner, order, count, train_pack, update, device, error);
  if (status == STATUS_OK)
    status = trainable_step(&learner->critic, &learner->config, settings->critic_lr,
                            settings->critic_steps + ++stats->critic_steps, &norm, device, error);
  stats->critic_grad_norm += norm;
  if (status != STATUS_OK || settings->policy_frozen) return status;
  status = trainable_step(&learner->policy, &learner->config, settings->policy_lr,
                          settings->policy_steps + ++stats->policy_steps, &norm, device, error);
  stats->policy_grad_norm += norm;
  return status;
}

static void finish_means(struct update *update) {
  struct ppo_stats *stats = update->stats;
  if (stats->critic_steps > 0) {
    stats->value_loss /= (f64)stats->critic_steps; /* each step's losses are already divided by its tokens */
    stats->critic_grad_norm /= (f64)stats->critic_steps;
    stats->value_clip_fraction /= update->critic_tokens;
  }
  if (stats->policy_steps == 0) return;
  stats->policy_measured = true;
  stats->policy_loss /= (f64)stats->policy_steps;
  stats->policy_grad_norm /= (f64)stats->policy_steps;
  stats->entropy /= update->policy_tokens;
  stats->ratio /= update->policy_tokens;
  stats->clip_fraction /= update->policy_tokens;
  stats->approx_kl /= update->policy_tokens;
}

enum status ppo_update(struct learner *learner, const struct ppo_update_settings *settings, u32 *order,
                       struct ppo_stats *stats, struct device *device, struct error *error) {
  const u32 samples = learner->records.samples, minibatch = (u32)learner->config.ppo_minibatch;
  const u64 epochs = (u64)learner->config.ppo_epochs;
  struct update update = {.settings = settings, .stats = stats};
  memset(stats, 0, sizeof *stats);
  for (u32 i = 0; i < samples; i++) stats->tokens += learner->rollout.length[i];
  for (u64 epoch = 0; epoch < epochs; epoch++) {
    struct random_stream random;
    random_open(&random, (u64)learner->config.run_seed, RANDOM_PPO_MINIBATCH, settings->iteration * epochs + epoch);
    for (u32 i = 0; i < samples; i++) order[i] = i;
    random_shuffle(&random, order, samples);
    for (u32 begin = 0; begin < samples; begin += minibatch) {
      const u32 count = samples - begin < minibatch ? samples - begin : minibatch;
      const enum status status = train_minibatch(learner, &update, order + begin, count, device, error);
      if (status != STATUS_OK) return status;
    }
  }
  finish_means(&update);
  return STATUS_OK;
}
