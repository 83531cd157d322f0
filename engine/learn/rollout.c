#include "engine/learn/rollout.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"

enum { COUNT_ROWS, COUNT_SLOTS, COUNT_ITERATION };

/* A step never needs more rows than all slots bringing prompts; beyond this many, fresh prompts wait a step: the buffers stay small. */
#define STEP_ROWS_ENOUGH 4096u

static u32 rows_of(const struct rollout_settings *s) {
  const u64 all = (u64)s->slots * s->prompt_max;
  u64 rows = all < STEP_ROWS_ENOUGH ? all : STEP_ROWS_ENOUGH;
  if (rows < s->slots + (u64)s->prompt_max) rows = s->slots + (u64)s->prompt_max;
  return (u32)rows;
}

void rollout_place(struct rollout *rollout, const struct rollout_settings *settings, const struct model_shape *shape,
                   struct arena *host) {
  (void)shape;
  memset(rollout, 0, sizeof *rollout);
  rollout->settings = *settings;
  rollout->rows_max = rows_of(settings);
  rollout->sequence_max = settings->prompt_max + settings->response_max;
  const u32 slots = settings->slots, rows_max = rollout->rows_max, samples = settings->samples_max;
#define ROLLOUT_LAY(name, entries) rollout->name = rollout->words, rollout->words += ((entries) + 63u) / 64u * 64u;
  ROLLOUT_ARRAYS(ROLLOUT_LAY)
#undef ROLLOUT_LAY
  arena_label(host, "rollout", "always");
  rollout->host = arena_take_pointer(host, "rollout.mirror", DTYPE_U32, rollout->words, 0, 0, 0);
  rollout->slot = arena_take_pointer(host, "rollout.slot", DTYPE_U8, slots, sizeof *rollout->slot, 0, 0);
  rollout->predicting = arena_take_pointer(host, "rollout.predicting", DTYPE_U32, slots, 0, 0, 0);
  rollout->drawn = arena_take_pointer(host, "rollout.drawn", DTYPE_U32, slots, 0, 0, 0);
  rollout->drawn_logprob = arena_take_pointer(host, "rollout.drawn_logprob", DTYPE_F32, slots, 0, 0, 0);
  rollout->tokens = arena_take_pointer(host, "rollout.tokens", DTYPE_U32, samples, rollout->sequence_max, 0, 0);
  rollout->prompt = arena_take_pointer(host, "rollout.prompt", DTYPE_U32, samples, 0, 0, 0);
  rollout->length = arena_take_pointer(host, "rollout.length", DTYPE_U32, samples, 0, 0, 0);
  rollout->ended = arena_take_pointer(host, "rollout.ended", DTYPE_U32, samples, 0, 0, 0);
  rollout->logprob = arena_take_pointer(host, "rollout.logprob", DTYPE_F32, samples, settings->response_max, 0, 0);
}

void rollout_place_phase(struct rollout *rollout, const struct model_shape *shape, struct arena *device) {
  const struct rollout_settings *s = &rollout->settings;
  const u64 kv_width = (u64)shape->kv_heads * shape->head_dim;
  char name[PLAN_NAME_BYTES];
  arena_label(device, "kv_cache", "rollout");
  for (u32 l = 0; l < shape->layers; l++) {
    snprintf(name, sizeof name, "kv_cache.%u.k", l);
    rollout->cache.k[l] = arena_take(device, name, DTYPE_F32, s->slots, rollout->sequence_max, kv_width, 0);
    snprintf(name, sizeof name, "kv_cache.%u.v", l);
    rollout->cache.v[l] = arena_take(device, name, DTYPE_F32, s->slots, rollout->sequence_max, kv_width, 0);
  }
  arena_label(device, "rollout", "rollout");
  rollout->block = arena_take(device, "rollout.block", DTYPE_U32, rollout->words, 0, 0, 0);
  rollout->cache.cache_row = rollout->block + 4ull * rollout->cache_row;
  activations_place(&rollout->activations, shape, rollout->rows_max, false, device);
  rollout->hidden = arena_take(device, "rollout.hidden", DTYPE_F32, s->slots, shape->width, 0, 0);
  rollout->logits = arena_take(device, "rollout.logits", DTYPE_F32, s->slots, shape->vocab, 0, 0);
  rollout->token_out = arena_take(device, "rollout.token_out", DTYPE_U32, s->slots, 0, 0, 0);
  rollout->logprob_out = arena_take(device, "rollout.logprob_out", DTYPE_F32, s->slots, 0, 0, 0);
}

static u64 array(const struct rollout *rollout, u32 word) { return rollout->block + 4ull * word; }

static void record_step(struct rollout *rollout, enum rollout_kind kind, const struct model_shape *shape,
                        const struct model_weights *weights, const struct rope_table *rope,
                        const struct device *device) {
  static const char *const names[ROLLOUT_KINDS] = {"decode", "decode_eval"};
  const struct rollout_settings *s = &rollout->settings;
  struct program *program = &rollout->step[kind];
  const struct row_source rows = {.token = array(rollout, rollout->token),
                                  .position = array(rollout, rollout->position),
                                  .kv_start = array(rollout, rollout->kv_start),
                                  .kv_count = array(rollout, rollout->kv_count),
                                  .count = array(rollout, rollout->counts + COUNT_ROWS),
                                  .rows_max = rollout->rows_max};
  const u64 slots = device_address(device, array(rollout, rollout->counts + COUNT_SLOTS));
  const u64 hidden = device_address(device, rollout->hidden), logits = device_address(device, rollout->logits);
  const bool greedy = s->temperature[kind] == 0;
  program_begin(program, names[kind]);
  network_forward(program, device, shape, weights, &rollout->activations, rope, &rows, &rollout->cache);
  PROGRAM_CALL(program, gather_rows, .x = device_address(device, rollout->activations.norm_final),
               .row = device_address(device, array(rollout, rollout->predict_row)), .result = hidden, .count = slots,
               .rows_max = s->slots, .width = shape->width);
  PROGRAM_CALL(program, matmul, .a = hidden, .b = device_address(device, weights->head), .c = logits, .count = slots,
               .m = s->slots, .n = shape->vocab, .k = shape->width, .lda = shape->width, .ldb = shape->width,
               .ldc = shape->vocab, .orientation = MATMUL_NT);
  PROGRAM_CALL(
      program, sample, .logits = logits, .sample_index = device_address(device, array(rollout, rollout->sample_index)),
      .position = device_address(device, array(rollout, rollout->draw_position)),
      .token = device_address(device, rollout->token_out), .logprob = device_address(device, rollout->logprob_out),
      .iteration = device_address(device, array(rollout, rollout->counts + COUNT_ITERATION)), .count = slots,
      .rows_max = s->slots, .vocab = shape->vocab, .seed_low = (u32)s->seed, .seed_high = (u32)(s->seed >> 32),
      .stream = (u32)kind, .greedy = greedy, .inverse_temperature = greedy ? 1.0f : (f32)(1.0 / s->temperature[kind]));
}

void rollout_record(struct rollout *rollout, const struct model_shape *shape, const struct model_weights *weights,
                    const struct rope_table *rope, const struct device *device) {
  for (int kind = 0; kind < ROLLOUT_KINDS; kind++)
    record_step(rollout, (enum rollout_kind)kind, shape, weights, rope, device);
}

void rollout_place_programs(struct rollout *rollout, struct arena *host, struct arena *device) {
  for (int kind = 0; kind < ROLLOUT_KINDS; kind++) program_place(&rollout->step[kind], host, device);
}

enum status rollout_load(struct rollout *rollout, struct device *device, struct error *error) {
  enum status status = STATUS_OK;
  for (int kind = 0; kind < ROLLOUT_KINDS && status == STATUS_OK; kind++)
    status = device_program_load(device, &rollout->step[kind], error);
  return status;
}

/* Rows of the tokens [consumed, known) of a slot's sequence. Returns the next free row. */
static u32 write_rows(struct rollout *rollout, u32 slot, u32 known, u32 row) {
  u32 *words = rollout->host;
  struct rollout_slot *state = &rollout->slot[slot];
  const u32 *tokens = rollout_tokens(rollout, state->sample);
  const u32 cache_begin = slot * rollout->sequence_max;
  for (u32 i = state->consumed; i < known; i++, row++) {
    words[rollout->token + row] = tokens[i];
    words[rollout->position + row] = i;
    words[rollout->kv_start + row] = cache_begin;
    words[rollout->kv_count + row] = i + 1;
    words[rollout->cache_row + row] = cache_begin + i;
  }
  state->consumed = known;
  return row;
}

/* Fills the index block: fresh samples into free slots, then the rows of every live slot that fits. Returns how many predict. */
static u32 prepare(struct rollout *rollout, u32 count, u32 *next_sample) {
  u32 row = 0, predictions = 0;
  for (u32 i = 0; i < rollout->settings.slots; i++) {
    struct rollout_slot *slot = &rollout->slot[i];
    if (!slot->live && *next_sample < count) {
      *slot = (struct rollout_slot){.sample = *next_sample, .live = true};
      rollout->length[*next_sample] = rollout->ended[*next_sample] = 0;
      (*next_sample)++;
    }
    if (!slot->live) continue;
    const u32 known = rollout->prompt[slot->sample] + rollout->length[slot->sample];
    /* later slots have at most one row to bring unless fresh: keep one for each, so that none that is under way waits */
    const u32 later = rollout->settings.slots - 1 - i;
    if (known - slot->consumed > 1 && row + (known - slot->consumed) + later > rollout->rows_max) continue;
    row = write_rows(rollout, i, known, row);
    rollout->host[rollout->predict_row + predictions] = row - 1;
    rollout->host[rollout->sample_index + predictions] = slot->sample;
    rollout->host[rollout->draw_position + predictions] = known;
    rollout->predicting[predictions++] = i;
  }
  rollout->host[rollout->counts + COUNT_ROWS] = row;
  rollout->host[rollout->counts + COUNT_SLOTS] = predictions;
  return predictions;
}

static void take_draws(struct rollout *rollout, u32 predictions) {
  const struct rollout_settings *s = &rollout->settings;
  for (u32 i = 0; i < predictions; i++) {
    struct rollout_slot *slot = &rollout->slot[rollout->predicting[i]];
    const u32 sample = slot->sample, position = rollout->length[sample]++;
    rollout_tokens(rollout, sample)[rollout->prompt[sample] + position] = rollout->drawn[i];
    rollout_logprob(rollout, sample)[position] = rollout->drawn_logprob[i];
    rollout->ended[sample] = rollout->drawn[i] == s->end_token;
    slot->live = !rollout->ended[sample] && rollout->length[sample] < s->response_max;
    rollout->decoded++;
  }
}

enum status rollout_run(struct rollout *rollout, enum rollout_kind kind, u32 count, u32 iteration,
                        struct device *device, struct error *error) {
  const struct rollout_settings *s = &rollout->settings;
  CHECK(count <= s->samples_max, "%u samples", count);
  memset(rollout->slot, 0, s->slots * sizeof *rollout->slot);
  rollout->host[rollout->counts + COUNT_ITERATION] = iteration;
  rollout->decoded = 0;
  u32 next_sample = 0;
  for (;;) {
    const u32 predictions = prepare(rollout, count, &next_sample);
    if (predictions == 0) return STATUS_OK;
    enum status status = device_upload(device, rollout->block, rollout->host, 4ull * rollout->words, error);
    if (status == STATUS_OK) status = device_program_run(device, &rollout->step[kind], error);
    if (status == STATUS_OK)
      status = device_download(device, rollout->token_out, rollout->drawn, 4ull * predictions, error);
    if (status == STATUS_OK)
      status = device_download(device, rollout->logprob_out, rollout->drawn_logprob, 4ull * predictions, error);
    if (status != STATUS_OK) return status;
    take_draws(rollout, predictions);
  }
}
