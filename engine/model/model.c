#include "engine/model/model.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"

u32 model_qkv_width(const struct model_shape *shape) { return (shape->heads + 2 * shape->kv_heads) * shape->head_dim; }

u32 model_attention_width(const struct model_shape *shape) { return shape->heads * shape->head_dim; }

static u64 take(struct arena *device, const char *prefix, const char *name, u64 rows, u64 cols) {
  char full[PLAN_NAME_BYTES];
  snprintf(full, sizeof full, "%s.%s", prefix, name);
  return arena_take(device, full, DTYPE_F32, rows, cols, 0, 0);
}

static u64 take_layer(struct arena *device, const char *prefix, u32 layer, const char *name, u64 rows, u64 cols) {
  char full[PLAN_NAME_BYTES];
  snprintf(full, sizeof full, "%s.layers.%u.%s", prefix, layer, name);
  return arena_take(device, full, DTYPE_F32, rows, cols, 0, 0);
}

void model_place(struct model_weights *weights, const struct model_shape *shape, const char *prefix,
                 struct arena *device) {
  CHECK(shape->layers <= MODEL_LAYERS_MAX, "%u layers", shape->layers);
  memset(weights, 0, sizeof *weights);
  const u64 width = shape->width, qkv = model_qkv_width(shape);
  weights->embed = take(device, prefix, "embed", shape->vocab, width);
  for (u32 l = 0; l < shape->layers; l++) {
    struct model_layer *layer = &weights->layers[l];
    layer->norm_attention = take_layer(device, prefix, l, "norm_attention", width, 0);
    layer->qkv = take_layer(device, prefix, l, "qkv", qkv, width);
    if (shape->qkv_bias) layer->qkv_bias = take_layer(device, prefix, l, "qkv_bias", qkv, 0);
    layer->attention_out = take_layer(device, prefix, l, "attention_out", width, model_attention_width(shape));
    layer->norm_ffn = take_layer(device, prefix, l, "norm_ffn", width, 0);
    layer->gate_up = take_layer(device, prefix, l, "gate_up", 2ull * shape->ffn, width);
    layer->down = take_layer(device, prefix, l, "down", width, shape->ffn);
  }
  weights->norm_final = take(device, prefix, "norm_final", width, 0);
  weights->head = take(device, prefix, "head", shape->outputs, width);
  if (shape->head_bias) weights->head_bias = take(device, prefix, "head_bias", shape->outputs, 0);
}

/* One transformer block as Hugging Face names it. Which part of the fused tensors a row is follows from the order q, k, v and gate, up. */
enum layer_part {
  PART_NORM_ATTENTION,
  PART_Q,
  PART_K,
  PART_V,
  PART_OUT,
  PART_NORM_FFN,
  PART_GATE,
  PART_UP,
  PART_DOWN,
  PART_Q_BIAS,
  PART_K_BIAS,
  PART_V_BIAS, /* last, so that a model without them just has fewer parts */
  PART_COUNT
};

static u32 parts_of(const struct model_shape *shape) { return shape->qkv_bias ? PART_COUNT : PART_Q_BIAS; }

u32 model_tensor_count(const struct model_shape *shape) {
  return 1 + shape->layers * parts_of(shape) + 2 + (shape->head_bias ? 1 : 0);
}

static f32 inverse_root(u32 n) {
  /* 1/sqrt(n) by Newton steps: IEEE double, no libm, the same on every machine */
  f64 y = 1.0;
  for (int i = 0; i < 64; i++) y = 0.5 * (y + 1.0 / (n * y));
  return (f32)y;
}

/* Residual branches start small (the prototype's 0.4) so that a fresh network is close to its embedding. */
#define RESIDUAL_INIT 0.4f
#define HEAD_INIT 0.5f

static struct model_tensor layer_tensor(const struct model_shape *shape, const struct model_layer *layer, u32 l,
                                        u32 part) {
  static const char *const names[PART_COUNT] = {
      "input_layernorm.weight",  "self_attn.q_proj.weight", "self_attn.k_proj.weight",
      "self_attn.v_proj.weight", "self_attn.o_proj.weight", "post_attention_layernorm.weight",
      "mlp.gate_proj.weight",    "mlp.up_proj.weight",      "mlp.down_proj.weight",
      "self_attn.q_proj.bias",   "self_attn.k_proj.bias",   "self_attn.v_proj.bias"};
  const u32 width = shape->width, attention = model_attention_width(shape), kv = shape->kv_heads * shape->head_dim;
  const u64 row = 4ull * width;
  const f32 in_width = inverse_root(width);
  struct model_tensor t = {.rows = width, .cols = width, .init_std = in_width};
  switch (part) {
    case PART_NORM_ATTENTION:
      t.offset = layer->norm_attention, t.cols = 0, t.init_std = 0, t.is_norm = true;
      break;
    case PART_Q:
      t.offset = layer->qkv, t.rows = attention;
      break;
    case PART_K:
      t.offset = layer->qkv + attention * row, t.rows = kv;
      break;
    case PART_V:
      t.offset = layer->qkv + (attention + kv) * row, t.rows = kv;
      break;
    case PART_OUT:
      t.offset = layer->attention_out, t.cols = attention, t.init_std = RESIDUAL_INIT * inverse_root(attention);
      break;
    case PART_NORM_FFN:
      t.offset = layer->norm_ffn, t.cols = 0, t.init_std = 0, t.is_norm = true;
      break;
    case PART_GATE:
      t.offset = layer->gate_up, t.rows = shape->ffn;
      break;
    case PART_UP:
      t.offset = layer->gate_up + shape->ffn * row, t.rows = shape->ffn;
      break;
    case PART_DOWN:
      t.offset = layer->down, t.cols = shape->ffn, t.init_std = RESIDUAL_INIT * inverse_root(shape->ffn);
      break;
    case PART_Q_BIAS:
      t.offset = layer->qkv_bias, t.rows = attention, t.cols = 0, t.init_std = 0;
      break;
    case PART_K_BIAS:
      t.offset = layer->qkv_bias + 4ull * attention, t.rows = kv, t.cols = 0, t.init_std = 0;
      break;
    default:
      t.offset = layer->qkv_bias + 4ull * (attention + kv), t.rows = kv, t.cols = 0, t.init_std = 0;
      break;
  }
  snprintf(t.name, sizeof t.name, "model.layers.%u.%s", l, names[part]);
  return t;
}

struct model_tensor model_tensor_at(const struct model_shape *shape, const struct model_weights *weights, u32 index) {
  const u32 parts = parts_of(shape), layered = shape->layers * parts;
  CHECK(index < model_tensor_count(shape), "tensor %u", index);
  if (index == 0)
    return (struct model_tensor){"model.embed_tokens.weight",
                                 weights->embed,
                                 shape->vocab,
                                 shape->width,
                                 /* .01 sqrt(width), the prototype's: about 0.11 at width 128 */ .01f *
                                     (f32)shape->width * inverse_root(shape->width),
                                 false};
  index -= 1;
  if (index < layered) return layer_tensor(shape, &weights->layers[index / parts], index / parts, index % parts);
  index -= layered;
  if (index == 0) return (struct model_tensor){"model.norm.weight", weights->norm_final, shape->width, 0, 0, true};
  if (index == 1)
    return (struct model_tensor){"lm_head.weight",
                                 weights->head,
                                 shape->outputs,
                                 shape->width,
                                 shape->outputs == shape->vocab
                                     ? HEAD_INIT * inverse_root(shape->width)
                                     : inverse_root(shape->width + 1) /* N(0, 1/(d+1)), RLSP's critic */,
                                 false};
  return (struct model_tensor){"lm_head.bias", weights->head_bias, shape->outputs, 0, 0, false};
}

u64 model_tensor_floats(const struct model_tensor *tensor) {
  return (u64)tensor->rows * (tensor->cols == 0 ? 1 : tensor->cols);
}

u64 model_parameter_count(const struct model_shape *shape) {
  const struct model_weights none = {0};
  u64 count = 0;
  for (u32 i = 0; i < model_tensor_count(shape); i++) {
    const struct model_tensor tensor = model_tensor_at(shape, &none, i);
    count += model_tensor_floats(&tensor);
  }
  return count;
}
