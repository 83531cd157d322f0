#include "engine/learn/passes.h"

#include "engine/reward/reward.h"

#define REDUCE_FAN_IN 4096u

u64 passes_partials(u64 n) {
  u64 total = 64;
  while (n > 1) {
    n = (n + REDUCE_FAN_IN - 1) / REDUCE_FAN_IN;
    total += n;
  }
  return total;
}

static struct head_pass begin(struct learner *learner, struct program *program, const char *name,
                              const struct model_shape *shape, const struct model_weights *weights,
                              const struct device *device) {
  const struct row_source rows = batch_rows(&learner->batch);
  program_begin(program, name);
  network_forward(program, device, shape, weights, &learner->activations, &learner->rope, &rows, NULL);
  const struct head_pass pass = {program, device, shape, weights, &learner->head, &learner->batch};
  head_gather(&pass, &learner->activations);
  return pass;
}

static void finish(const struct head_pass *pass, struct learner *learner, const struct model_weights *grad) {
  network_backward(pass->program, pass->device, pass->shape, pass->weights, grad, &learner->activations,
                   &learner->gradients, &learner->rope, &learner->batch);
}

static u64 loss_rows(const struct learner *learner, const struct device *device) {
  return device_address(device, batch_count_offset(&learner->batch, BATCH_COUNT_LOSS_ROWS));
}

static f32 inverse_temperature(const struct learner *learner) {
  return (f32)(1.0 / learner->config.rollout_temperature);
}

static void record_train_sft(struct learner *learner, const struct device *device) {
  struct trainable *policy = &learner->policy;
  const struct head_pass pass =
      begin(learner, &learner->train_sft, "train_sft", &policy->shape, &policy->weights, device);
  head_policy_forward(&pass, 1.0f);
  PROGRAM_CALL(pass.program, cross_entropy, .logprob = device_address(device, learner->head.logprob),
               .weight = device_address(device, BATCH_OFFSET(&learner->batch, loss_weight)),
               .scale = device_address(device, policy->control) + 4 * CONTROL_LOSS_SCALE,
               .loss = device_address(device, learner->loss),
               .dlogprob = device_address(device, learner->head.dlogprob), .count = loss_rows(learner, device),
               .rows_max = learner->head.rows_max);
  head_policy_backward(&pass, &policy->grad, &learner->gradients, 1.0f, false);
  finish(&pass, learner, &policy->grad);
}

static void record_train_policy(struct learner *learner, const struct device *device) {
  const struct config *config = &learner->config;
  struct trainable *policy = &learner->policy;
  const u64 control = device_address(device, policy->control);
  const bool with_entropy = config->ppo_entropy_coef > 0;
  const struct head_pass pass =
      begin(learner, &learner->train_policy, "train_policy", &policy->shape, &policy->weights, device);
  head_policy_forward(&pass, inverse_temperature(learner));
  if (with_entropy) /* d(-coef * entropy) is d(cross-entropy) with the entropy in the log-prob's place; its loss is not wanted and overwritten below */
    PROGRAM_CALL(pass.program, cross_entropy, .logprob = device_address(device, learner->head.entropy),
                 .weight = device_address(device, BATCH_OFFSET(&learner->batch, loss_weight)),
                 .scale = control + 4 * CONTROL_ENTROPY_SCALE, .loss = device_address(device, learner->loss),
                 .dlogprob = device_address(device, learner->head.dentropy), .count = loss_rows(learner, device),
                 .rows_max = learner->head.rows_max);
  PROGRAM_CALL(pass.program, ppo_policy, .logprob = device_address(device, learner->head.logprob),
               .record = device_address(device, BATCH_OFFSET(&learner->batch, loss_record)),
               .old_logprob = device_address(device, learner->records.old_logprob),
               .advantage = device_address(device, learner->records.mixed), .scale = control + 4 * CONTROL_LOSS_SCALE,
               .loss = device_address(device, learner->loss),
               .dlogprob = device_address(device, learner->head.dlogprob),
               .stat = device_address(device, learner->policy_stat), .count = loss_rows(learner, device),
               .rows_max = learner->head.rows_max, .clip_low = (f32)config->ppo_clip_low,
               .clip_high = (f32)config->ppo_clip_high);
  head_policy_backward(&pass, &policy->grad, &learner->gradients, inverse_temperature(learner), with_entropy);
  finish(&pass, learner, &policy->grad);
}

static void record_train_critic(struct learner *learner, const struct device *device) {
  struct trainable *critic = &learner->critic;
  const struct head_pass pass =
      begin(learner, &learner->train_critic, "train_critic", &critic->shape, &critic->weights, device);
  head_value_forward(&pass);
  PROGRAM_CALL(
      pass.program, ppo_value, .value = device_address(device, learner->head.value),
      .record = device_address(device, BATCH_OFFSET(&learner->batch, loss_record)),
      .old_value = device_address(device, learner->records.value), .ret = device_address(device, learner->records.ret),
      .scale = device_address(device, critic->control) + 4 * CONTROL_LOSS_SCALE,
      .loss = device_address(device, learner->loss), .dvalue = device_address(device, learner->head.dvalue),
      .stat = device_address(device, learner->value_stat), .count = loss_rows(learner, device),
      .rows_max = learner->head.rows_max, .streams = critic->shape.outputs,
      .records = learner->records.samples * learner->records.response_max, .clip = (f32)learner->config.critic_clip);
  head_value_backward(&pass, &critic->grad, &learner->gradients);
  finish(&pass, learner, &critic->grad);
}

/* One number a loss row, sent to its record. */
static void scatter_records(const struct learner *learner, struct program *program, const struct device *device, u64 x,
                            u64 records) {
  PROGRAM_CALL(program, scatter_rows, .x = device_address(device, x),
               .row = device_address(device, BATCH_OFFSET(&learner->batch, loss_record)),
               .result = device_address(device, records), .count = loss_rows(learner, device),
               .rows_max = learner->head.rows_max, .width = 1);
}

static void record_score_logprob(struct learner *learner, struct program *program, const char *name,
                                 const struct model_weights *weights, u64 records, const struct device *device) {
  const struct head_pass pass = begin(learner, program, name, &learner->shape, weights, device);
  head_policy_forward(&pass, inverse_temperature(learner));
  scatter_records(learner, program, device, learner->head.logprob, records);
}

/* A product of one output a stream (the head's rows one by one), so that each stream's values land in their own records. */
static void record_score_value(struct learner *learner, const struct device *device) {
  const struct model_shape *shape = &learner->critic_shape;
  const struct model_weights *weights = &learner->critic.weights;
  const struct head_pass pass = begin(learner, &learner->score_value, "score_value", shape, weights, device);
  const u64 records_bytes = 4ull * learner->records.samples * learner->records.response_max;
  for (u32 s = 0; s < shape->outputs; s++) {
    PROGRAM_CALL(pass.program, matmul, .a = device_address(device, learner->head.hidden),
                 .b = device_address(device, weights->head) + 4ull * s * shape->width,
                 .c = device_address(device, learner->head.value),
                 .bias = device_address(device, weights->head_bias) + 4ull * s, .count = loss_rows(learner, device),
                 .m = learner->head.rows_max, .n = 1, .k = shape->width, .lda = shape->width, .ldb = shape->width,
                 .ldc = 1, .orientation = MATMUL_NT);
    scatter_records(learner, pass.program, device, learner->head.value, learner->records.value + s * records_bytes);
  }
}

/* result[0] = sum of the live elements of x [samples][response_max]; mean is for REDUCE_DEVIATION. */
static void record_sum(const struct learner *learner, struct program *program, const struct device *device, u64 x,
                       u32 op, u64 mean, u64 result) {
  const struct ppo_records *r = &learner->records;
  u32 n = r->samples * r->response_max;
  u64 from = x, to = device_address(device, r->partials);
  for (bool first = true; first || n > 1; first = false) {
    const u32 groups = (n + REDUCE_FAN_IN - 1) / REDUCE_FAN_IN;
    PROGRAM_CALL(program, reduce, .x = from, .result = groups == 1 ? result : to,
                 .lengths = first ? device_address(device, r->length) : 0, .mean = first ? mean : 0, .n = n, .width = 1,
                 .response_max = first ? r->response_max : 0, .op = first ? op : REDUCE_SUM);
    from = to;
    to += 4ull * groups;
    n = groups;
  }
}

/* x becomes part of `result`: whitened over the rollout's live tokens (or plain), times weight. x may be result where accumulate is 0. */
static void record_whiten(const struct learner *learner, struct program *program, const struct device *device, u64 x,
                          f32 weight, bool whiten, bool accumulate, u64 result) {
  const struct ppo_records *r = &learner->records;
  const u64 scalars = device_address(device, r->scalars), tokens = scalars + 4 * SCALAR_TOKENS;
  const u64 sum = scalars + 4 * SCALAR_SUM, mean = scalars + 4 * SCALAR_MEAN,
            deviation = scalars + 4 * SCALAR_DEVIATION, variance = scalars + 4 * SCALAR_VARIANCE;
  if (whiten) {
    record_sum(learner, program, device, x, REDUCE_SUM, 0, sum);
    PROGRAM_CALL(program, divide, .sum = sum, .divisor = tokens, .result = mean);
    record_sum(learner, program, device, x, REDUCE_DEVIATION, mean, deviation);
    PROGRAM_CALL(program, divide, .sum = deviation, .divisor = tokens, .result = variance);
  }
  PROGRAM_CALL(program, whiten, .x = x, .mean = mean, .variance = variance,
               .lengths = device_address(device, r->length), .result = result, .samples = r->samples,
               .response_max = r->response_max, .accumulate = accumulate, .plain = !whiten, .weight = weight);
}

/* Rewards per token, GAE per stream, and the mix: sum over streams of weight * whitened advantage, whitened once more where there are several. */
static void record_advantages(struct learner *learner, const struct device *device) {
  const struct ppo_records *r = &learner->records;
  struct program *program = &learner->advantages;
  const u64 scalars = device_address(device, r->scalars), length = device_address(device, r->length);
  const u64 records_bytes = 4ull * r->samples * r->response_max, mixed = device_address(device, r->mixed);
  struct reward_settings settings;
  reward_settings_from(&settings, &learner->config);
  program_begin(program, "advantages");
  PROGRAM_CALL(program, token_reward, .logprob = device_address(device, r->old_logprob),
               .reference = device_address(device, r->reference_logprob), .lengths = length,
               .outcome = device_address(device, r->outcome), .kl_coef = scalars + 4 * SCALAR_KL_COEF,
               .kl = device_address(device, r->kl), .reward = device_address(device, r->reward), .samples = r->samples,
               .response_max = r->response_max, .streams = r->streams, .kl_stream = learner->sizes.kl_stream);
  for (u32 s = 0; s < r->streams; s++) {
    struct reward_stream stream;
    reward_stream(&settings, s, &stream);
    const u64 advantage = device_address(device, r->advantage) + s * records_bytes;
    PROGRAM_CALL(program, gae, .reward = device_address(device, r->reward) + s * records_bytes,
                 .value = device_address(device, r->value) + s * records_bytes, .lengths = length,
                 .advantage = advantage, .ret = device_address(device, r->ret) + s * records_bytes,
                 .samples = r->samples, .response_max = r->response_max, .gamma = stream.gamma,
                 .gamma_lambda = stream.gamma * stream.lambda);
    record_whiten(learner, program, device, advantage, stream.weight, stream.whiten, s > 0, mixed);
  }
  if (r->streams > 1) record_whiten(learner, program, device, mixed, 1.0f, true, false, mixed);
}

void passes_record(struct learner *learner, const struct device *device) {
  record_train_sft(learner, device);
  record_train_policy(learner, device);
  record_train_critic(learner, device);
  record_score_logprob(learner, &learner->score_reference, "score_reference", &learner->reference,
                       learner->records.reference_logprob, device);
  record_score_logprob(learner, &learner->score_policy, "score_policy", &learner->policy.weights, learner->records.kl,
                       device);
  record_score_value(learner, device);
  record_advantages(learner, device);
}
