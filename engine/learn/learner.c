#include "engine/learn/learner.h"

#include <string.h>

#include "engine/check.h"
#include "engine/formats/hash64.h"
#include "engine/learn/passes.h"
#include "engine/random.h"

/* Floats moved by one transfer when weights are drawn, hashed or the rope table is filled. */
#define STAGING_FLOATS (1u << 18)

struct model_shape learner_shape(const struct config *config, u32 vocab) {
  return (struct model_shape){.layers = (u32)config->model_layers,
                              .width = (u32)config->model_width,
                              .heads = (u32)config->model_heads,
                              .kv_heads = (u32)config->model_kv_heads,
                              .head_dim = (u32)(config->model_width / config->model_heads),
                              .ffn = (u32)config->model_ffn,
                              .vocab = vocab,
                              .outputs = vocab,
                              .qkv_bias = config->model_bias == MODEL_BIAS_QKV,
                              .norm_eps = (f32)config->model_norm_eps,
                              .rope_theta = config->model_rope_theta};
}

u32 learner_packs_max(u64 sequences, u32 sequence_max, u32 rows_max) {
  return (u32)(2 * ((sequences * sequence_max + rows_max - 1) / rows_max) + 1);
}

static u32 larger(u32 a, u32 b) { return a > b ? a : b; }

static void place_records(struct ppo_records *r, const struct learner *learner, struct arena *device) {
  const struct config *config = &learner->config;
  const u32 samples = (u32)config->rollout_samples, length = (u32)config->rollout_response_max,
            streams = learner->sizes.streams;
  arena_label(device, "records", "always");
  *r = (struct ppo_records){.samples = samples, .response_max = length, .streams = streams};
  r->old_logprob = arena_take(device, "records.old_logprob", DTYPE_F32, samples, length, 0, 0);
  r->reference_logprob = arena_take(device, "records.reference_logprob", DTYPE_F32, samples, length, 0, 0);
  r->kl = arena_take(device, "records.kl", DTYPE_F32, samples, length, 0, 0);
  r->mixed = arena_take(device, "records.mixed_advantage", DTYPE_F32, samples, length, 0, 0);
  r->value = arena_take(device, "records.value", DTYPE_F32, streams, samples, length, 0);
  r->reward = arena_take(device, "records.reward", DTYPE_F32, streams, samples, length, 0);
  r->advantage = arena_take(device, "records.advantage", DTYPE_F32, streams, samples, length, 0);
  r->ret = arena_take(device, "records.return", DTYPE_F32, streams, samples, length, 0);
  r->outcome = arena_take(device, "records.outcome", DTYPE_F32, streams, samples, 0, 0);
  r->length = arena_take(device, "records.length", DTYPE_U32, samples, 0, 0, 0);
  r->partials = arena_take(device, "records.partials", DTYPE_F32, passes_partials((u64)samples * length), 0, 0, 0);
  r->scalars = arena_take(device, "records.scalars", DTYPE_F32, RECORD_SCALARS, 0, 0, 0);
}

static void place_training_phase(struct learner *learner, struct arena *device) {
  const u32 rows = learner->batch.rows_max;
  arena_label(device, "activations", "training");
  activations_place(&learner->activations, &learner->shape, rows, true, device);
  head_place(&learner->head, rows, learner->shape.width, learner->shape.vocab, learner->sizes.streams, true, device);
  learner->loss = arena_take(device, "head.loss", DTYPE_F32, rows, learner->sizes.streams, 0, 0);
  learner->policy_stat = arena_take(device, "head.policy_stat", DTYPE_F32, rows, 4, 0, 0);
  learner->value_stat = arena_take(device, "head.value_stat", DTYPE_F32, rows, learner->sizes.streams, 0, 0);
  arena_label(device, "gradients", "training");
  activation_gradients_place(&learner->gradients, &learner->shape, rows, device);
  trainable_place_gradients(&learner->policy, device);
  trainable_place_gradients(&learner->critic, device);
}

void learner_place(struct learner *learner, const struct config *config, const struct learner_sizes *sizes,
                   struct arena *host, struct arena *device) {
  memset(learner, 0, sizeof *learner);
  learner->config = *config;
  learner->sizes = *sizes;
  learner->shape = learner_shape(config, sizes->vocab);
  learner->critic_shape = learner->shape;
  learner->critic_shape.outputs = sizes->streams;
  learner->critic_shape.head_bias = true;
  const u32 rows = (u32)config->optim_micro_tokens, response = (u32)config->rollout_response_max;
  const u32 sequence = sizes->prompt_max + response;
  const u32 sft_packs = learner_packs_max((u64)config->sft_batch, sizes->sft_sequence_max, rows);
  const u32 ppo_packs = learner_packs_max((u64)config->ppo_minibatch, sequence, rows);
  arena_label(host, "learner", "always");
  trainable_place(&learner->policy, "policy", &learner->shape, larger(sft_packs, ppo_packs), host, device);
  trainable_place(&learner->critic, "critic", &learner->critic_shape, ppo_packs, host, device);
  arena_label(device, "weights", "always");
  model_place(&learner->reference, &learner->shape, "reference", device);
  const u32 positions = larger(sequence, sizes->sft_sequence_max + (u32)config->task_position_gap_max);
  rope_table_place(&learner->rope, &learner->shape, positions, "rope", device);
  arena_label(device, "batch", "always");
  batch_place(&learner->batch, rows, sizes->vocab, host, device);
  place_records(&learner->records, learner, device);
  const struct rollout_settings settings = {.slots = (u32)config->rollout_slots,
                                            .samples_max = larger((u32)config->rollout_samples, sizes->eval_samples),
                                            .prompt_max = sizes->prompt_max,
                                            .response_max = response,
                                            .seed = (u64)config->run_seed,
                                            .end_token = sizes->end_token,
                                            .temperature = {config->rollout_temperature, config->eval_temperature}};
  rollout_place(&learner->rollout, &settings, &learner->shape, host);
  arena_label(host, "learner", "always");
  learner->staging_floats = larger(STAGING_FLOATS, positions * learner->rope.half);
  const u64 records = (u64)config->rollout_samples * response;
  if (learner->staging_floats < 2 * records) learner->staging_floats = 2 * records;
  if (learner->staging_floats < (u64)rows * larger(4, sizes->streams))
    learner->staging_floats = (u64)rows * larger(4, sizes->streams);
  learner->staging = arena_take_pointer(host, "learner.staging", DTYPE_F32, learner->staging_floats, 0, 0, 0);

  const u64 mark = arena_mark(device); /* the overlay: never live together */
  rollout_place_phase(&learner->rollout, &learner->shape, device);
  arena_rewind(device, mark);
  place_training_phase(learner, device);
  arena_end_overlays(device);
}

/* The programs, listed once. */
#define LEARNER_PROGRAMS(ROW) \
  ROW(train_sft)              \
  ROW(train_policy)           \
  ROW(train_critic) ROW(score_reference) ROW(score_policy) ROW(score_value) ROW(advantages) ROW(snapshot)

static void record_snapshot(struct learner *learner, const struct device *device) {
  struct program *program = &learner->snapshot;
  program_begin(program, "snapshot");
  for (u32 i = 0; i < model_tensor_count(&learner->shape); i++) {
    const struct model_tensor from = model_tensor_at(&learner->shape, &learner->policy.weights, i);
    const struct model_tensor reference = model_tensor_at(&learner->shape, &learner->reference, i);
    PROGRAM_CALL(program, copy, .source = device_address(device, from.offset),
                 .result = device_address(device, reference.offset), .n = (u32)model_tensor_floats(&from));
    const struct model_tensor critic = model_tensor_at(&learner->critic_shape, &learner->critic.weights, i);
    if (critic.offset == learner->critic.weights.head) continue; /* drawn afresh: learner_begin_ppo */
    PROGRAM_CALL(program, copy, .source = device_address(device, from.offset),
                 .result = device_address(device, critic.offset), .n = (u32)model_tensor_floats(&from));
  }
}

void learner_record(struct learner *learner, const struct device *device) {
  trainable_record(&learner->policy, &learner->config, device);
  trainable_record(&learner->critic, &learner->config, device);
  rollout_record(&learner->rollout, &learner->shape, &learner->policy.weights, &learner->rope, device);
  passes_record(learner, device);
  record_snapshot(learner, device);
}

void learner_place_programs(struct learner *learner, struct arena *host, struct arena *device) {
  arena_label(host, "programs", "always");
  arena_label(device, "programs", "always");
  trainable_place_programs(&learner->policy, host, device);
  trainable_place_programs(&learner->critic, host, device);
  rollout_place_programs(&learner->rollout, host, device);
#define LEARNER_PLACE_PROGRAM(name) program_place(&learner->name, host, device);
  LEARNER_PROGRAMS(LEARNER_PLACE_PROGRAM)
#undef LEARNER_PLACE_PROGRAM
}

enum status learner_load(struct learner *learner, struct device *device, struct error *error) {
  enum status status = trainable_load(&learner->policy, device, error);
  if (status == STATUS_OK) status = trainable_load(&learner->critic, device, error);
  if (status == STATUS_OK) status = rollout_load(&learner->rollout, device, error);
#define LEARNER_LOAD_PROGRAM(name) \
  if (status == STATUS_OK) status = device_program_load(device, &learner->name, error);
  LEARNER_PROGRAMS(LEARNER_LOAD_PROGRAM)
#undef LEARNER_LOAD_PROGRAM
  if (status == STATUS_OK)
    status = rope_table_fill(&learner->rope, learner->shape.rope_theta, learner->staging, device, error);
  return status;
}

/* |w| < 2^-51 is +0, as every operand of a matrix product. */
static f32 quiet(f32 x) { return x > -0x1p-51f && x < 0x1p-51f ? 0.0f : x; }

static enum status draw_tensor(struct learner *learner, const struct model_tensor *tensor, enum random_use use,
                               u32 index, struct device *device, struct error *error) {
  struct random_stream stream;
  random_open(&stream, (u64)learner->config.run_seed, use, index);
  const u64 floats = model_tensor_floats(tensor);
  for (u64 done = 0; done < floats;) {
    const u64 n = floats - done < learner->staging_floats ? floats - done : learner->staging_floats;
    for (u64 i = 0; i < n; i++)
      learner->staging[i] = tensor->is_norm         ? 1.0f
                            : tensor->init_std == 0 ? 0.0f
                                                    : quiet(tensor->init_std * random_normal(&stream));
    const enum status status = device_upload(device, tensor->offset + 4 * done, learner->staging, 4 * n, error);
    if (status != STATUS_OK) return status;
    done += n;
  }
  return STATUS_OK;
}

enum status learner_initialise(struct learner *learner, struct device *device, struct error *error) {
  for (u32 i = 0; i < model_tensor_count(&learner->shape); i++) {
    const struct model_tensor tensor = model_tensor_at(&learner->shape, &learner->policy.weights, i);
    const enum status status = draw_tensor(learner, &tensor, RANDOM_INIT_POLICY, i, device, error);
    if (status != STATUS_OK) return status;
  }
  return trainable_reset(&learner->policy, device, error);
}

enum status learner_begin_ppo(struct learner *learner, struct device *device, struct error *error) {
  enum status status = device_program_run(device, &learner->snapshot, error);
  const u32 count = model_tensor_count(&learner->critic_shape);
  for (u32 i = count - 2; i < count && status == STATUS_OK; i++) { /* the value head and its bias */
    const struct model_tensor tensor = model_tensor_at(&learner->critic_shape, &learner->critic.weights, i);
    status = draw_tensor(learner, &tensor, RANDOM_INIT_CRITIC, i, device, error);
  }
  if (status == STATUS_OK) status = trainable_reset(&learner->policy, device, error);
  if (status == STATUS_OK) status = trainable_reset(&learner->critic, device, error);
  return status;
}

enum status learner_weights_hash(struct learner *learner, struct device *device, u64 *hash, struct error *error) {
  struct hash64 running;
  hash64_begin(&running);
  for (u32 i = 0; i < model_tensor_count(&learner->shape); i++) {
    const struct model_tensor tensor = model_tensor_at(&learner->shape, &learner->policy.weights, i);
    const u64 floats = model_tensor_floats(&tensor);
    for (u64 done = 0; done < floats;) {
      const u64 n = floats - done < learner->staging_floats ? floats - done : learner->staging_floats;
      const enum status status = device_download(device, tensor.offset + 4 * done, learner->staging, 4 * n, error);
      if (status != STATUS_OK) return status;
      hash64_add(&running, learner->staging, 4 * n);
      done += n;
    }
  }
  *hash = hash64_end(&running);
  return STATUS_OK;
}
