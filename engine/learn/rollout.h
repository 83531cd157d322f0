/* Rollout: many responses sampled through a fixed set of slots, with continuous batching.
 *
 * A step runs every live slot: a fresh one brings its whole prompt, the others their last token; the row that predicts is gathered, its token drawn.
 * A draw depends on (seed, stream, iteration, sample, position) alone and a row's bits on its own sequence alone, so neither slots nor order change
 * a sample. Owns device index arrays and host records, placed once; records are valid until the next rollout_run.
 * Called by: PPO (training temperature) and evaluation (its own). Fails: with the device. */
#ifndef RLSP_ENGINE_LEARN_ROLLOUT_H
#define RLSP_ENGINE_LEARN_ROLLOUT_H

#include "engine/model/network.h"

enum rollout_kind { ROLLOUT_TRAIN, ROLLOUT_EVAL, ROLLOUT_KINDS };

struct rollout_settings {
  u32 slots, samples_max, prompt_max, response_max;
  u64 seed;
  u32 end_token;
  f64 temperature[ROLLOUT_KINDS]; /* 0 = greedy */
};

/* One list of the arrays of the index block. ROW(name, entries) */
#define ROLLOUT_ARRAYS(ROW) \
  ROW(counts, 64)           \
  ROW(token, rows_max)      \
  ROW(position, rows_max)   \
  ROW(kv_start, rows_max)   \
  ROW(kv_count, rows_max)   \
  ROW(cache_row, rows_max)  \
  ROW(predict_row, slots)   \
  ROW(sample_index, slots)  \
  ROW(draw_position, slots)

struct rollout_slot {
  u32 sample;   /* which record it is filling */
  u32 consumed; /* tokens of the sequence already run */
  bool live;
};

struct rollout {
  struct rollout_settings settings;
  u32 rows_max, sequence_max; /* rows of a step; tokens of the longest sequence */
  /* device */
  u64 block;
  struct kv_cache cache;
  struct activations activations;
  u64 hidden, logits, token_out, logprob_out; /* [slots][C], [slots][V], [slots], [slots] */
  struct program step[ROLLOUT_KINDS];
  /* host */
  u32 *host; /* mirror of the block */
  u32 words;
#define ROLLOUT_WORD(name, entries) u32 name;
  ROLLOUT_ARRAYS(ROLLOUT_WORD)
#undef ROLLOUT_WORD
  struct rollout_slot *slot; /* [slots] */
  u32 *predicting;           /* [slots] which slots drew in this step */
  u32 *drawn;                /* [slots] */
  f32 *drawn_logprob;        /* [slots] */
  /* records of the last run, by sample */
  u32 *tokens;  /* [samples_max][sequence_max] prompt, then response */
  u32 *prompt;  /* [samples_max] tokens of the prompt; set by the caller */
  u32 *length;  /* [samples_max] tokens of the response, the end token included */
  u32 *ended;   /* [samples_max] 1: it drew the end token; 0: cut at response_max */
  f32 *logprob; /* [samples_max][response_max] of each response token */
  u64 decoded;  /* response tokens of the last run */
};

/* Records and settings: memory that lives always. */
void rollout_place(struct rollout *rollout, const struct rollout_settings *settings, const struct model_shape *shape,
                   struct arena *host);
/* KV cache and the step's buffers: the rollout phase's, to be overlaid by the training phase's. */
void rollout_place_phase(struct rollout *rollout, const struct model_shape *shape, struct arena *device);
void rollout_record(struct rollout *rollout, const struct model_shape *shape, const struct model_weights *weights,
                    const struct rope_table *rope, const struct device *device);
void rollout_place_programs(struct rollout *rollout, struct arena *host, struct arena *device);
enum status rollout_load(struct rollout *rollout, struct device *device, struct error *error) MUST_USE;

/* Samples `count` responses to the prompts the caller wrote into tokens and prompt. iteration keys the draws. */
enum status rollout_run(struct rollout *rollout, enum rollout_kind kind, u32 count, u32 iteration,
                        struct device *device, struct error *error) MUST_USE;
static inline u32 *rollout_tokens(const struct rollout *rollout, u32 sample) {
  return rollout->tokens + (u64)sample * rollout->sequence_max;
}
static inline f32 *rollout_logprob(const struct rollout *rollout, u32 sample) {
  return rollout->logprob + (u64)sample * rollout->settings.response_max;
}

#endif
