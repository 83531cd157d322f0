/* Everything that lives on the device: networks, optimizers, the pack being trained on, the rollout, PPO's records; and the programs over them.
 *
 *   device arena   | policy critic reference | moments | records | rope, batch |  rollout phase: KV cache, decode buffers          |
 *                                                                              |  training phase: activations, gradients, grad sums |
 *
 * learner_place is the plan: it runs once to measure and once to place (ARCHITECTURE.md, Memory). Called by the trainer; functions over it live in
 * sft.c, score.c, ppo.c. Owns no memory of its own; the caller owns the struct. */
#ifndef RLSP_ENGINE_LEARN_LEARNER_H
#define RLSP_ENGINE_LEARN_LEARNER_H

#include "engine/learn/rollout.h"
#include "engine/learn/trainable.h"
#include "engine/model/head.h"

/* What the run's sizes follow from, besides the config. */
struct learner_sizes {
  u32 vocab, end_token;
  u32 prompt_max;       /* tokens of the longest prompt */
  u32 sft_sequence_max; /* tokens of the longest demonstration */
  u32 streams;          /* reward streams = value heads */
  u32 kl_stream;        /* the one the KL is taken from */
  u32 eval_samples;     /* responses of one evaluation rollout */
};

/* One PPO rollout's records; N = samples x response_max. Device offsets. */
struct ppo_records {
  u32 samples, response_max, streams;
  u64 old_logprob, reference_logprob, kl; /* [samples][response_max] */
  u64 mixed;                              /* [samples][response_max] the advantage PPO learns from */
  u64 value, reward, advantage, ret;      /* [S][samples][response_max] */
  u64 outcome;                            /* [S][samples] */
  u64 length;                             /* u32 [samples] */
  u64 partials;                           /* of the reductions */
  u64 scalars;                            /* RECORD_SCALARS words */
};
enum {
  SCALAR_TOKENS,
  SCALAR_KL_COEF,
  SCALAR_SUM = 64,
  SCALAR_MEAN = 128,
  SCALAR_DEVIATION = 192,
  SCALAR_VARIANCE = 256,
  RECORD_SCALARS = 320
};

struct learner {
  struct config config;
  struct learner_sizes sizes;
  struct model_shape shape, critic_shape;
  struct trainable policy, critic;
  struct model_weights reference;
  struct rope_table rope;
  struct batch batch;
  struct activations activations;
  struct activation_gradients gradients;
  struct head head;
  u64 loss, policy_stat, value_stat; /* [L][S], [L][4], [L][S]: what a pass leaves for the metrics */
  struct ppo_records records;
  struct rollout rollout;
  struct program train_sft, train_policy, train_critic, score_reference, score_policy, score_value, advantages,
      snapshot;
  f32 *staging; /* host floats: the largest single transfer */
  u64 staging_floats;
};

struct model_shape learner_shape(const struct config *config, u32 vocab);
/* Places everything but the program lists. */
void learner_place(struct learner *learner, const struct config *config, const struct learner_sizes *sizes,
                   struct arena *host, struct arena *device);
/* Records every program; run once to count (before learner_place_programs), once for good (after memory is reserved). */
void learner_record(struct learner *learner, const struct device *device);
void learner_place_programs(struct learner *learner, struct arena *host, struct arena *device);
enum status learner_load(struct learner *learner, struct device *device, struct error *error) MUST_USE;

/* Random weights for the policy: a draw depends on (seed, tensor, element) alone. */
enum status learner_initialise(struct learner *learner, struct device *device, struct error *error) MUST_USE;
/* After SFT: reference = policy; critic = policy with a fresh value head; both optimizers' moments zero. */
enum status learner_begin_ppo(struct learner *learner, struct device *device, struct error *error) MUST_USE;
/* XXH64 of all policy weights, canonical order, little-endian f32. */
enum status learner_weights_hash(struct learner *learner, struct device *device, u64 *hash,
                                 struct error *error) MUST_USE;

/* Optimizer passes one step may need for `sequences` of at most `sequence_max` tokens packed whole into rows_max rows: two packs in a row never both
 * fit one, so the count is below twice the quotient. */
u32 learner_packs_max(u64 sequences, u32 sequence_max, u32 rows_max);

#endif
