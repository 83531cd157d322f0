/* A network that learns: weights, gradients of one pass, the tree that sums passes, AdamW's moments, and the programs that move them.
 *
 * Gradients of micro-batches are summed in a fixed binary tree over the micro-batch index (a binary counter of partial sums), so that neither the
 * number of passes held at once nor, later, the number of ranks changes a bit. One optimizer step:
 *   trainable_begin; for each micro-batch: <program that assigns grad>, trainable_accumulate; trainable_step.
 * Owns nothing but its struct; memory is the device arena's. */
#ifndef RLSP_ENGINE_LEARN_TRAINABLE_H
#define RLSP_ENGINE_LEARN_TRAINABLE_H

#include "engine/config/config.h"
#include "engine/model/model.h"
#include "platform/device.h"

#define TRAINABLE_LEVELS_MAX 16u /* 2^16 micro-batches a step */

/* Words of the control block; the first CONTROL_UPLOADED go up before a pass, the rest come down after a step. */
enum {
  CONTROL_LR,
  CONTROL_CORRECTION1,
  CONTROL_CORRECTION2,
  CONTROL_LOSS_SCALE,
  CONTROL_ENTROPY_SCALE,
  CONTROL_UPLOADED,
  CONTROL_GRAD_SCALE = 64,
  CONTROL_GRAD_NORM = 128,
  CONTROL_SQUARE_SUM = 192,
  CONTROL_WORDS = 256
};

struct trainable {
  const char *name; /* static text: "policy", "critic" */
  struct model_shape shape;
  struct model_weights weights, grad, m, v;
  struct model_weights sums[TRAINABLE_LEVELS_MAX]; /* partial sums of 2^level micro-batches */
  u32 levels;
  u64 partials; /* [sum over tensors of ceil(floats/4096)], then the levels above */
  u32 partial_count;
  u64 control;
  f32 *control_host; /* [CONTROL_WORDS] */
  u32 micro_batches; /* of this step, so far */
  struct program save[TRAINABLE_LEVELS_MAX], merge[TRAINABLE_LEVELS_MAX], step, reset;
};

/* micro_batches_max: the most passes one optimizer step may take. */
void trainable_place(struct trainable *trainable, const char *name, const struct model_shape *shape,
                     u32 micro_batches_max, struct arena *host, struct arena *device);
/* Gradients and the sums tree: training-phase memory, placed apart from the weights and moments so that the rollout's may overlay it. */
void trainable_place_gradients(struct trainable *trainable, struct arena *device);
void trainable_record(struct trainable *trainable, const struct config *config, const struct device *device);
void trainable_place_programs(struct trainable *trainable, struct arena *host, struct arena *device);
enum status trainable_load(struct trainable *trainable, struct device *device, struct error *error) MUST_USE;

/* Moments to zero. */
enum status trainable_reset(struct trainable *trainable, struct device *device, struct error *error) MUST_USE;
/* Sets loss scale (1 / tokens of the step) and entropy scale for the passes to come. */
enum status trainable_begin(struct trainable *trainable, f64 loss_tokens, f64 entropy_coef, struct device *device,
                            struct error *error) MUST_USE;
enum status trainable_accumulate(struct trainable *trainable, struct device *device, struct error *error) MUST_USE;
/* t counts this optimizer's steps from 1. *grad_norm is before clipping. */
enum status trainable_step(struct trainable *trainable, const struct config *config, f64 lr, u64 t, f64 *grad_norm,
                           struct device *device, struct error *error) MUST_USE;

#endif
