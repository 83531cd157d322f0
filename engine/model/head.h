/* From the final norm's rows to log-probs (vocabulary head) or values (value head), and back.
 *
 * Only loss rows are computed: they are gathered first. The vocabulary is never materialised for a whole pack: logits live one chunk of rows at
 * a time (whole 64-row blocks, so that chunking changes no bit of the head's gradient). Owns nothing; offsets are device ones. */
#ifndef RLSP_ENGINE_MODEL_HEAD_H
#define RLSP_ENGINE_MODEL_HEAD_H

#include "engine/model/network.h"

/* Legend: L loss rows (at most the pack's rows), C width, V vocab, O outputs of a value head. */
struct head {
  u32 rows_max, chunk_rows;
  u64 hidden;   /* [L][C] */
  u64 dhidden;  /* [L][C]; 0 unless trained */
  u64 logits;   /* [chunk][V] */
  u64 stat;     /* [L][2] maximum and denominator */
  u64 logprob;  /* [L] */
  u64 entropy;  /* [L] */
  u64 dlogprob; /* [L] */
  u64 dentropy; /* [L] */
  u64 value;    /* [L][O] */
  u64 dvalue;   /* [L][O] */
};

void head_place(struct head *head, u32 rows_max, u32 width, u32 vocab, u32 value_outputs, bool trained,
                struct arena *device);

/* Everything the recording functions below need besides the buffers. */
struct head_pass {
  struct program *program;
  const struct device *device;
  const struct model_shape *shape;
  const struct model_weights *weights;
  const struct head *head;
  const struct batch *batch;
};

/* hidden = the loss rows of norm_final. */
void head_gather(const struct head_pass *pass, const struct activations *activations);
/* logprob, entropy and stat of every loss row, from hidden. */
void head_policy_forward(const struct head_pass *pass, f32 inverse_temperature);
/* From dlogprob (and dentropy, when with_entropy): assigns grad->head and gradients->dx. Follows head_policy_forward in the same program. */
void head_policy_backward(const struct head_pass *pass, const struct model_weights *grad,
                          const struct activation_gradients *gradients, f32 inverse_temperature, bool with_entropy);
/* value[L][O] from hidden. */
void head_value_forward(const struct head_pass *pass);
/* From dvalue: assigns grad->head, grad->head_bias and gradients->dx. */
void head_value_backward(const struct head_pass *pass, const struct model_weights *grad,
                         const struct activation_gradients *gradients);

#endif
