/* The decoder: its shape, where its weights lie, and their names.
 *
 * Llama shapes: RMSNorm, rotary positions, grouped-query attention, SwiGLU, untied head; optional q/k/v biases (Qwen2). Weights are [out][in] as in
 * Hugging Face files. q, k, v lie one after the other and so do gate and up: one matrix product serves them, and each is still a tensor of its own.
 * Owned by the caller: offsets only, into the device arena. The same layout serves weights, gradients and moments. */
#ifndef RLSP_ENGINE_MODEL_MODEL_H
#define RLSP_ENGINE_MODEL_MODEL_H

#include "engine/memory/arena.h"

#define MODEL_LAYERS_MAX 256u

struct model_shape {
  u32 layers, width, heads, kv_heads, head_dim, ffn, vocab;
  u32 outputs;   /* rows of the head: vocab for a policy, value heads for a critic */
  bool qkv_bias; /* biases on q, k, v */
  bool head_bias;
  f32 norm_eps;
  f64 rope_theta;
};

/* Byte offsets in the device arena. Legend: C width, Q = (heads + 2*kv_heads)*head_dim, A = heads*head_dim, F ffn, V vocab, O outputs. */
struct model_layer {
  u64 norm_attention; /* [C] */
  u64 qkv;            /* [Q][C] */
  u64 qkv_bias;       /* [Q], when shape.qkv_bias */
  u64 attention_out;  /* [C][A] */
  u64 norm_ffn;       /* [C] */
  u64 gate_up;        /* [2F][C] */
  u64 down;           /* [C][F] */
};
struct model_weights {
  u64 embed;      /* [V][C] */
  u64 norm_final; /* [C] */
  u64 head;       /* [O][C] */
  u64 head_bias;  /* [O], when shape.head_bias */
  struct model_layer layers[MODEL_LAYERS_MAX];
};

struct model_tensor {
  char name[PLAN_NAME_BYTES]; /* Hugging Face's: model.layers.0.self_attn.q_proj.weight */
  u64 offset;
  u32 rows, cols; /* cols 0: a vector of `rows` */
  f32 init_std;   /* of the random start; 0: ones for a norm, zeros for a bias */
  bool is_norm;
};

u32 model_qkv_width(const struct model_shape *shape);
u32 model_attention_width(const struct model_shape *shape);
/* Takes one set of tensors (weights, gradients, a moment); prefix names it in the plan: "policy", "policy.grad". */
void model_place(struct model_weights *weights, const struct model_shape *shape, const char *prefix,
                 struct arena *device);
/* The canonical order: embed, layers in order, final norm, head. Hashes, checkpoints and the optimizer all walk it. */
u32 model_tensor_count(const struct model_shape *shape);
struct model_tensor model_tensor_at(const struct model_shape *shape, const struct model_weights *weights, u32 index);
u64 model_tensor_floats(const struct model_tensor *tensor);
u64 model_parameter_count(const struct model_shape *shape);

#endif
