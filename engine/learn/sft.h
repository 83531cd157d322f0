/* Supervised fine-tuning: one optimizer step on demonstrations, loss on their scored tokens only. Owns nothing; memory is the learner's. */
#ifndef RLSP_ENGINE_LEARN_SFT_H
#define RLSP_ENGINE_LEARN_SFT_H

#include "engine/learn/learner.h"

struct sft_stats {
  f64 loss;      /* nats a scored token */
  f64 grad_norm; /* before clipping */
  u64 loss_tokens, rows;
};

/* sequences: records are ignored; every one must carry loss (a batch without loss tokens is STATUS_FAILED). t counts optimizer steps from 1. */
enum status sft_step(struct learner *learner, const struct batch_sequence *sequences, u32 count, f64 lr, u64 t,
                     struct sft_stats *stats, struct device *device, struct error *error) MUST_USE;

#endif
