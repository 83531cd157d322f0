/* What a run's checkpoint holds: the policy as a Hugging Face model, the other networks, the moments, and the trainer's counters. */
#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/learn/trainer.h"

/* The files of a checkpoint, listed once: what each holds, and whether SFT already needs it. */
enum { FILE_MODEL, FILE_MOMENTS, FILE_REFERENCE, FILE_CRITIC, FILE_CRITIC_MOMENTS, FILE_COUNT };
#define SFT_FILES 2u

static u32 name_tensors(const struct model_shape *shape, const struct model_weights *weights, const char *prefix,
                        struct tensor_entry *tensors) {
  const u32 count = model_tensor_count(shape);
  for (u32 i = 0; tensors != NULL && i < count; i++) {
    const struct model_tensor tensor = model_tensor_at(shape, weights, i);
    char name[TENSOR_NAME_BYTES];
    snprintf(name, sizeof name, "%s%s", prefix, tensor.name);
    tensor_entry_set(&tensors[i], name, DTYPE_F32, tensor.offset, tensor.rows, tensor.cols, 0, 0);
  }
  return count;
}

/* All tensors in file order; tensors NULL counts. */
u32 trainer_tensors(const struct learner *learner, struct tensor_entry *tensors) {
  const struct {
    const struct model_shape *shape;
    const struct model_weights *weights;
    const char *prefix;
  } sets[] = {{&learner->shape, &learner->policy.weights, ""},
              {&learner->shape, &learner->policy.m, "m."},
              {&learner->shape, &learner->policy.v, "v."},
              {&learner->shape, &learner->reference, ""},
              {&learner->critic_shape, &learner->critic.weights, ""},
              {&learner->critic_shape, &learner->critic.m, "m."},
              {&learner->critic_shape, &learner->critic.v, "v."}};
  u32 count = 0;
  for (u32 i = 0; i < COUNT_OF(sets); i++)
    count += name_tensors(sets[i].shape, sets[i].weights, sets[i].prefix, tensors == NULL ? NULL : tensors + count);
  return count;
}

static u32 list_files(const struct trainer *trainer, struct checkpoint_file *files) {
  const u32 policy = model_tensor_count(&trainer->learner.shape),
            critic = model_tensor_count(&trainer->learner.critic_shape);
  static const char *const names[FILE_COUNT] = {"model.safetensors", "policy_moments.safetensors",
                                                "reference.safetensors", "critic.safetensors",
                                                "critic_moments.safetensors"};
  const u32 counts[FILE_COUNT] = {policy, 2 * policy, policy, critic, 2 * critic};
  const struct tensor_entry *next = trainer->buffers.tensors;
  for (u32 i = 0; i < FILE_COUNT; i++) {
    files[i] = (struct checkpoint_file){names[i], next, counts[i]};
    next += counts[i];
  }
  return trainer->state.ppo_begun != 0 ? FILE_COUNT : SFT_FILES;
}

static enum status read_tensor(void *context, u64 offset, void *data, u64 bytes, struct error *error) {
  return device_download(context, offset, data, bytes, error);
}

static enum status write_tensor(void *context, u64 offset, const void *data, u64 bytes, struct error *error) {
  return device_upload(context, offset, data, bytes, error);
}

#define EVAL_VALUES(ROW) \
  ROW(pass_at_1)         \
  ROW(stderr_pass)       \
  ROW(first_attempt)     \
  ROW(mean_length) ROW(mean_attempts) ROW(depth2_share) ROW(distinct_ratio) ROW(check_precision) ROW(clipped_ratio)

static u64 bits_of(f64 x) {
  u64 bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static f64 from_bits(u64 bits) {
  f64 x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
#define TO_u64(x) (x)
#define TO_f64(x) bits_of(x)
#define FROM_u64(x) (x)
#define FROM_f64(x) from_bits(x)

/* The state as named numbers; the evaluation of SFT (evals[0]) rides along, since it is not made again. */
static u32 list_values(const struct trainer *trainer, struct checkpoint_value *values) {
  const struct trainer_state *state = &trainer->state;
  u32 n = 0;
#define LIST_STATE(type, name) values[n++] = (struct checkpoint_value){#name, TO_##type(state->name)};
  TRAINER_STATE(LIST_STATE)
#undef LIST_STATE
  values[n++] = (struct checkpoint_value){"config_hash", trainer->config_hash};
#define LIST_EVAL(name) values[n++] = (struct checkpoint_value){"sft_eval." #name, bits_of(trainer->evals[0].name)};
  EVAL_VALUES(LIST_EVAL)
#undef LIST_EVAL
  values[n++] = (struct checkpoint_value){"sft_eval.problems", trainer->evals[0].problems};
  values[n++] = (struct checkpoint_value){"sft_eval.samples", trainer->evals[0].samples};
  CHECK(n <= CHECKPOINT_VALUES_MAX, "%u values", n);
  return n;
}

static void take_values(struct trainer *trainer, const struct checkpoint_value *values) {
  struct trainer_state *state = &trainer->state;
  u32 n = 0;
#define TAKE_STATE(type, name) state->name = FROM_##type(values[n++].value);
  TRAINER_STATE(TAKE_STATE)
#undef TAKE_STATE
  n++; /* config_hash was compared */
  trainer->evals[0].phase = "sft";
#define TAKE_EVAL(name) trainer->evals[0].name = from_bits(values[n++].value);
  EVAL_VALUES(TAKE_EVAL)
#undef TAKE_EVAL
  trainer->evals[0].problems = values[n++].value;
  trainer->evals[0].samples = values[n++].value;
}

static u64 global_step(const struct trainer *trainer) {
  return trainer->state.sft_steps + trainer->state.ppo_iterations;
}

/* config.json of the Hugging Face layout, so that other tools load model.safetensors. */
static u64 model_config_text(const struct trainer *trainer, char *text, u64 capacity) {
  const struct model_shape *s = &trainer->learner.shape;
  const int bytes = snprintf(
      text, capacity,
      "{\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\", \"hidden_size\": %u, "
      "\"intermediate_size\": %u, "
      "\"num_hidden_layers\": %u, \"num_attention_heads\": %u, \"num_key_value_heads\": %u, \"head_dim\": %u, "
      "\"vocab_size\": %u, "
      "\"rms_norm_eps\": %.9g, \"rope_theta\": %.17g, \"max_position_embeddings\": %u, \"hidden_act\": \"silu\", "
      "\"attention_bias\": %s, \"tie_word_embeddings\": false, \"torch_dtype\": \"float32\"}\n",
      s->width, s->ffn, s->layers, s->heads, s->kv_heads, s->head_dim, s->vocab, (f64)s->norm_eps, s->rope_theta,
      trainer->learner.rope.positions, s->qkv_bias ? "true" : "false");
  CHECK(bytes > 0 && (u64)bytes < capacity, "config.json does not fit");
  return (u64)bytes;
}

enum status trainer_checkpoint(struct trainer *trainer, struct error *error) {
  struct checkpoint_file files[FILE_COUNT];
  struct checkpoint_value values[CHECKPOINT_VALUES_MAX];
  enum status status = run_log_sync(&trainer->log, error);
  if (status == STATUS_OK && verdict_journal_is_open(&trainer->journal))
    status = verdict_journal_sync(&trainer->journal, error);
  if (status != STATUS_OK) return status;
  trainer->state.metrics_bytes = trainer->log.metrics_bytes;
  trainer->state.samples_bytes = trainer->log.samples_bytes;
  const u64 json_bytes = model_config_text(trainer, trainer->buffers.response_text, TRAINER_TEXT_BYTES);
  const struct checkpoint_text text = {"config.json", trainer->buffers.response_text, json_bytes};
  const struct checkpoint_content content = {.files = files,
                                             .file_count = list_files(trainer, files),
                                             .texts = &text,
                                             .text_count = 1,
                                             .values = values,
                                             .value_count = list_values(trainer, values),
                                             .read = read_tensor,
                                             .write = write_tensor,
                                             .context = &trainer->device};
  return checkpoint_save(&trainer->checkpoints, global_step(trainer), &content, error);
}

/* The newest good checkpoint into the device and the state; none: a fresh start. */
enum status trainer_restore(struct trainer *trainer, struct error *error) {
  struct checkpoint_found found;
  struct checkpoint_file files[FILE_COUNT];
  struct checkpoint_value values[CHECKPOINT_VALUES_MAX];
  u64 config_hash = 0, ppo_begun = 0;
  enum status status = checkpoint_newest(&trainer->checkpoints, &found, error);
  if (status != STATUS_OK) return status;
  if (found.note[0] != 0) progress_note(&trainer->progress, "%s", found.note);
  if (!found.any) return STATUS_OK;
  status = checkpoint_value(&trainer->checkpoints, found.step, "config_hash", &config_hash, error);
  if (status != STATUS_OK) return status;
  if (config_hash != trainer->config_hash)
    return status_fail(error, STATUS_USAGE, trainer->config.run_dir,
                       "this run was begun with other settings; give it the config.ini it holds, or another run.dir");
  status = checkpoint_value(&trainer->checkpoints, found.step, "ppo_begun", &ppo_begun, error);
  if (status != STATUS_OK) return status;
  trainer->state.ppo_begun = ppo_begun; /* says which files there are */
  const u32 file_count = list_files(trainer, files), value_count = list_values(trainer, values);
  const struct checkpoint_content content = {.files = files,
                                             .file_count = file_count,
                                             .values = values,
                                             .value_count = value_count,
                                             .read = read_tensor,
                                             .write = write_tensor,
                                             .context = &trainer->device};
  status = checkpoint_load(&trainer->checkpoints, found.step, &content, error);
  if (status == STATUS_OK) take_values(trainer, values);
  return status;
}

enum status trainer_load_model(struct trainer *trainer, struct error *error) {
  char path[PATH_BYTES_MAX];
  struct file file;
  files_none(&file);
  enum status status = files_path(path, trainer->config.model_path, "model.safetensors", error);
  if (status == STATUS_OK) status = files_open_read(&file, path, error);
  if (status == STATUS_OK)
    status = safetensors_load_same(&file, trainer->buffers.tensors, model_tensor_count(&trainer->learner.shape),
                                   write_tensor, &trainer->device, trainer->buffers.staging, CHECKPOINT_STAGING_BYTES,
                                   error);
  files_close(&file);
  return status;
}
