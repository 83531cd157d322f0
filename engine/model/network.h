/* The decoder's passes as recorded kernel calls: forward, head, backward; for packed training rows and for decode over a KV cache.
 *
 * Owns nothing: records into the caller's program, through offsets the caller placed. activations_place takes the buffers of one pass over at
 * most rows_max rows: kept per layer when a backward follows, else one layer's worth is used again and again.
 * A network is weights + the shape they have; gradients are a second set of weights. */
#ifndef RLSP_ENGINE_MODEL_NETWORK_H
#define RLSP_ENGINE_MODEL_NETWORK_H

#include "engine/model/batch.h"
#include "engine/model/model.h"

/* Byte offsets. Legend: T rows_max, C width, Q qkv width, A attention width, F ffn, H heads. */
struct activation_layer {
  u64 x;              /* [T][C] residual stream entering the block */
  u64 rstd_attention; /* [T] */
  u64 norm_attention; /* [T][C] */
  u64 qkv;            /* [T][Q] after rotation */
  u64 stat;           /* [T][H][2] maximum and denominator */
  u64 attention;      /* [T][A] */
  u64 x_middle;       /* [T][C] residual stream between attention and ffn */
  u64 rstd_ffn;       /* [T] */
  u64 norm_ffn;       /* [T][C] */
  u64 gate_up;        /* [T][2F] */
  u64 inner;          /* [T][F] */
};
struct activations {
  u32 rows_max;
  bool kept; /* a layer each, for a backward */
  struct activation_layer layers[MODEL_LAYERS_MAX];
  u64 x_final;    /* [T][C] */
  u64 rstd_final; /* [T] */
  u64 norm_final; /* [T][C] */
  u64 branch;     /* [T][C] what a block adds to the residual stream */
};

/* Gradients of activations; one layer at a time. */
struct activation_gradients {
  u64 dx;         /* [T][C] */
  u64 dnorm;      /* [T][C] */
  u64 dinner;     /* [T][F] */
  u64 dattention; /* [T][A] */
  u64 dqkv;       /* [T][Q] */
  u64 delta;      /* [T][H] */
};

/* cos and sin of position * theta^(-2i/D): [positions][D/2] each. */
struct rope_table {
  u64 cosine, sine;
  u32 positions, half;
};

/* Where rows read their tokens and keys: a pack's arrays, or the decoder's slots. Device offsets. */
struct row_source {
  u64 token, position, kv_start, kv_count, count;
  u32 rows_max;
};
/* The KV cache of a decode pass; NULL for packed rows, whose keys lie in qkv itself. */
struct kv_cache {
  u64 k[MODEL_LAYERS_MAX], v[MODEL_LAYERS_MAX]; /* [cache rows][kv_heads*head_dim] a layer */
  u64 cache_row;                                /* [T] cache row each row's key goes to */
};

void rope_table_place(struct rope_table *table, const struct model_shape *shape, u32 positions, const char *name,
                      struct arena *device);
/* Fills and uploads the table: + - * / on double alone, the same bits on every machine. staging: [positions * half] floats of the caller. */
enum status rope_table_fill(const struct rope_table *table, f64 theta, f32 *staging, struct device *device,
                            struct error *error) MUST_USE;

void activations_place(struct activations *activations, const struct model_shape *shape, u32 rows_max, bool kept,
                       struct arena *device);
void activation_gradients_place(struct activation_gradients *gradients, const struct model_shape *shape, u32 rows_max,
                                struct arena *device);
struct row_source batch_rows(const struct batch *batch);

/* Token rows in, activations->norm_final out. */
void network_forward(struct program *program, const struct device *device, const struct model_shape *shape,
                     const struct model_weights *weights, const struct activations *activations,
                     const struct rope_table *rope, const struct row_source *rows, const struct kv_cache *cache);
/* gradients->dx holds d(norm_final) on entry. Assigns every tensor of `grad` but the head's (network_head_* below own those). */
void network_backward(struct program *program, const struct device *device, const struct model_shape *shape,
                      const struct model_weights *weights, const struct model_weights *grad,
                      const struct activations *activations, const struct activation_gradients *gradients,
                      const struct rope_table *rope, const struct batch *batch);

#endif
