#include "engine/model/network.h"

#include <stdio.h>
#include <string.h>

#include "engine/kernels/exact_double.h"

/* A pass being recorded: what every call needs. */
struct recording {
  struct program *program;
  const struct device *device;
  const struct model_shape *shape;
  u64 count; /* address of the live row count */
  u32 rows_max;
};

static u64 at(const struct recording *r, u64 offset) { return device_address(r->device, offset); }

static f32 score_scale(const struct model_shape *shape) { return (f32)(1.0 / exact_sqrt64(shape->head_dim)); }

void rope_table_place(struct rope_table *table, const struct model_shape *shape, u32 positions, const char *name,
                      struct arena *device) {
  char full[PLAN_NAME_BYTES];
  table->positions = positions;
  table->half = shape->head_dim / 2;
  snprintf(full, sizeof full, "%s.cosine", name);
  table->cosine = arena_take(device, full, DTYPE_F32, positions, table->half, 0, 0);
  snprintf(full, sizeof full, "%s.sine", name);
  table->sine = arena_take(device, full, DTYPE_F32, positions, table->half, 0, 0);
}

enum status rope_table_fill(const struct rope_table *table, f64 theta, f32 *staging, struct device *device,
                            struct error *error) {
  const f64 log_theta = exact_log64(theta);
  const u64 bytes = 4ull * table->positions * table->half;
  for (int is_sine = 0; is_sine < 2; is_sine++) {
    for (u32 i = 0; i < table->half; i++) {
      const f64 frequency = exact_exp64(-(f64)i / table->half * log_theta);
      for (u32 p = 0; p < table->positions; p++) {
        f64 sine, cosine;
        exact_sincos64(p * frequency, &sine, &cosine);
        staging[p * table->half + i] = (f32)(is_sine ? sine : cosine);
      }
    }
    const enum status status = device_upload(device, is_sine ? table->sine : table->cosine, staging, bytes, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

static u64 take(struct arena *device, const char *name, u64 rows, u64 cols) {
  return arena_take(device, name, DTYPE_F32, rows, cols, 0, 0);
}

void activations_place(struct activations *activations, const struct model_shape *shape, u32 rows_max, bool kept,
                       struct arena *device) {
  memset(activations, 0, sizeof *activations);
  const u32 width = shape->width;
  activations->rows_max = rows_max;
  activations->kept = kept;
  for (u32 l = 0; l < shape->layers; l++) {
    struct activation_layer *layer = &activations->layers[l];
    if (l > 0 && !kept) {
      *layer = activations->layers[0];
      continue;
    }
    layer->x = take(device, "act.x", rows_max, width);
    layer->rstd_attention = take(device, "act.rstd_attention", rows_max, 0);
    layer->norm_attention = take(device, "act.norm_attention", rows_max, width);
    layer->qkv = take(device, "act.qkv", rows_max, model_qkv_width(shape));
    layer->stat = kept ? arena_take(device, "act.stat", DTYPE_F32, rows_max, shape->heads, 2, 0) : 0;
    layer->attention = take(device, "act.attention", rows_max, model_attention_width(shape));
    layer->x_middle = kept ? take(device, "act.x_middle", rows_max, width) : layer->x;
    layer->rstd_ffn = take(device, "act.rstd_ffn", rows_max, 0);
    layer->norm_ffn = take(device, "act.norm_ffn", rows_max, width);
    layer->gate_up = take(device, "act.gate_up", rows_max, 2ull * shape->ffn);
    layer->inner = take(device, "act.inner", rows_max, shape->ffn);
  }
  activations->x_final = kept ? take(device, "act.x_final", rows_max, width) : activations->layers[0].x;
  activations->rstd_final = take(device, "act.rstd_final", rows_max, 0);
  activations->norm_final = take(device, "act.norm_final", rows_max, width);
  activations->branch = take(device, "act.branch", rows_max, width);
}

void activation_gradients_place(struct activation_gradients *gradients, const struct model_shape *shape, u32 rows_max,
                                struct arena *device) {
  gradients->dx = take(device, "grad.dx", rows_max, shape->width);
  gradients->dnorm = take(device, "grad.dnorm", rows_max, shape->width);
  gradients->dinner = take(device, "grad.dinner", rows_max, shape->ffn);
  gradients->dattention = take(device, "grad.dattention", rows_max, model_attention_width(shape));
  gradients->dqkv = take(device, "grad.dqkv", rows_max, model_qkv_width(shape));
  gradients->delta = take(device, "grad.delta", rows_max, shape->heads);
}

struct row_source batch_rows(const struct batch *batch) {
  return (struct row_source){.token = BATCH_OFFSET(batch, token),
                             .position = BATCH_OFFSET(batch, position),
                             .kv_start = BATCH_OFFSET(batch, kv_start),
                             .kv_count = BATCH_OFFSET(batch, kv_count),
                             .count = batch_count_offset(batch, BATCH_COUNT_ROWS),
                             .rows_max = batch->rows_max};
}

/* y[T][out] = x[T][in] W^T (+ bias): a matrix-product operand later on, so quieted. */
static void linear(const struct recording *r, u64 x, u64 w, u64 bias, u64 y, u32 in, u32 out) {
  PROGRAM_CALL(r->program, matmul, .a = at(r, x), .b = at(r, w), .c = at(r, y), .bias = bias == 0 ? 0 : at(r, bias),
               .count = r->count, .m = r->rows_max, .n = out, .k = in, .lda = in, .ldb = in, .ldc = out,
               .orientation = MATMUL_NT, .flags = MATMUL_QUIET);
}

static void norm(const struct recording *r, u64 x, u64 w, u64 y, u64 rstd) {
  PROGRAM_CALL(r->program, rmsnorm_fwd, .x = at(r, x), .w = at(r, w), .y = at(r, y), .rstd = at(r, rstd),
               .count = r->count, .rows_max = r->rows_max, .width = r->shape->width, .eps = r->shape->norm_eps);
}

static void add(const struct recording *r, u64 a, u64 b, u64 result) {
  PROGRAM_CALL(r->program, add, .a = at(r, a), .b = at(r, b), .result = at(r, result), .count = r->count,
               .rows_max = r->rows_max, .width = r->shape->width);
}

static void rope(const struct recording *r, const struct rope_table *table, u64 x, u64 position, u32 direction) {
  const struct model_shape *shape = r->shape;
  PROGRAM_CALL(r->program, rope, .x = at(r, x), .position = at(r, position), .cosine = at(r, table->cosine),
               .sine = at(r, table->sine), .count = r->count, .rows_max = r->rows_max,
               .heads = shape->heads + shape->kv_heads, .head_dim = shape->head_dim, .stride = model_qkv_width(shape),
               .direction = direction);
}

static void attention(const struct recording *r, u32 l, const struct activation_layer *layer,
                      const struct row_source *rows, const struct kv_cache *cache) {
  const struct model_shape *shape = r->shape;
  const u32 q_width = model_attention_width(shape), kv_width = shape->kv_heads * shape->head_dim,
            stride = model_qkv_width(shape);
  const u64 q = at(r, layer->qkv), k = q + 4ull * q_width, v = k + 4ull * kv_width;
  if (cache != NULL)
    PROGRAM_CALL(r->program, kv_store, .k = k, .v = v, .k_cache = at(r, cache->k[l]), .v_cache = at(r, cache->v[l]),
                 .cache_row = at(r, cache->cache_row), .count = r->count, .rows_max = r->rows_max, .width = kv_width,
                 .stride = stride);
  PROGRAM_CALL(r->program, attention_fwd, .q = q, .k = cache != NULL ? at(r, cache->k[l]) : k,
               .v = cache != NULL ? at(r, cache->v[l]) : v, .o = at(r, layer->attention),
               .stat = layer->stat == 0 ? 0 : at(r, layer->stat), .kv_start = at(r, rows->kv_start),
               .kv_count = at(r, rows->kv_count), .count = r->count, .rows_max = r->rows_max, .heads = shape->heads,
               .kv_heads = shape->kv_heads, .head_dim = shape->head_dim, .q_stride = stride,
               .kv_stride = cache != NULL ? kv_width : stride, .scale = score_scale(shape));
}

void network_forward(struct program *program, const struct device *device, const struct model_shape *shape,
                     const struct model_weights *weights, const struct activations *activations,
                     const struct rope_table *table, const struct row_source *rows, const struct kv_cache *cache) {
  const struct recording recording = {program, device, shape, device_address(device, rows->count), rows->rows_max},
                         *r = &recording;
  PROGRAM_CALL(program, embed_fwd, .table = at(r, weights->embed), .token = at(r, rows->token),
               .result = at(r, activations->layers[0].x), .count = r->count, .rows_max = r->rows_max,
               .width = shape->width);
  for (u32 l = 0; l < shape->layers; l++) {
    const struct model_layer *w = &weights->layers[l];
    const struct activation_layer *layer = &activations->layers[l];
    const u64 x_next = l + 1 < shape->layers ? activations->layers[l + 1].x : activations->x_final;
    norm(r, layer->x, w->norm_attention, layer->norm_attention, layer->rstd_attention);
    linear(r, layer->norm_attention, w->qkv, w->qkv_bias, layer->qkv, shape->width, model_qkv_width(shape));
    rope(r, table, layer->qkv, rows->position, 0);
    attention(r, l, layer, rows, cache);
    linear(r, layer->attention, w->attention_out, 0, activations->branch, model_attention_width(shape), shape->width);
    add(r, layer->x, activations->branch, layer->x_middle);
    norm(r, layer->x_middle, w->norm_ffn, layer->norm_ffn, layer->rstd_ffn);
    linear(r, layer->norm_ffn, w->gate_up, 0, layer->gate_up, shape->width, 2 * shape->ffn);
    PROGRAM_CALL(program, swiglu_fwd, .gate_up = at(r, layer->gate_up), .result = at(r, layer->inner),
                 .count = r->count, .rows_max = r->rows_max, .width = shape->ffn);
    linear(r, layer->inner, w->down, 0, activations->branch, shape->ffn, shape->width);
    add(r, layer->x_middle, activations->branch, x_next);
  }
  norm(r, activations->x_final, weights->norm_final, activations->norm_final, activations->rstd_final);
}

/* dx = dy W (quieted), dW = dy^T x. y had `out` columns, x `in`. */
static void linear_backward(const struct recording *r, u64 dy, u64 x, u64 w, u64 dx, u64 dw, u32 in, u32 out) {
  PROGRAM_CALL(r->program, matmul, .a = at(r, dy), .b = at(r, w), .c = at(r, dx), .count = r->count, .m = r->rows_max,
               .n = in, .k = out, .lda = out, .ldb = in, .ldc = in, .orientation = MATMUL_NN, .flags = MATMUL_QUIET);
  PROGRAM_CALL(r->program, matmul, .a = at(r, dy), .b = at(r, x), .c = at(r, dw), .count = r->count, .m = out, .n = in,
               .k = r->rows_max, .lda = out, .ldb = in, .ldc = in, .orientation = MATMUL_TN);
}

/* dw of the norm, then dx = residual + d(norm)/dx * dy; residual 0 = none. */
static void norm_backward(const struct recording *r, u64 x, u64 w, u64 rstd, u64 dy, u64 residual, u64 dx, u64 dw) {
  PROGRAM_CALL(r->program, rmsnorm_bwd_w, .x = at(r, x), .rstd = at(r, rstd), .dy = at(r, dy), .dw = at(r, dw),
               .count = r->count, .rows_max = r->rows_max, .width = r->shape->width);
  PROGRAM_CALL(r->program, rmsnorm_bwd, .x = at(r, x), .w = at(r, w), .rstd = at(r, rstd), .dy = at(r, dy),
               .residual = residual == 0 ? 0 : at(r, residual), .dx = at(r, dx), .count = r->count,
               .rows_max = r->rows_max, .width = r->shape->width);
}

static void attention_backward(const struct recording *r, const struct activation_layer *layer,
                               const struct activation_gradients *g, const struct batch *batch) {
  const struct model_shape *shape = r->shape;
  const u64 q_bytes = 4ull * model_attention_width(shape), kv_bytes = 4ull * shape->kv_heads * shape->head_dim;
  const u64 q = at(r, layer->qkv), dq = at(r, g->dqkv);
  PROGRAM_CALL(r->program, attention_bwd_q, .q = q, .k = q + q_bytes, .v = q + q_bytes + kv_bytes,
               .o = at(r, layer->attention), .d_o = at(r, g->dattention), .stat = at(r, layer->stat),
               .delta = at(r, g->delta), .dq = dq, .kv_start = at(r, BATCH_OFFSET(batch, kv_start)),
               .kv_count = at(r, BATCH_OFFSET(batch, kv_count)), .count = r->count, .rows_max = r->rows_max,
               .heads = shape->heads, .kv_heads = shape->kv_heads, .head_dim = shape->head_dim,
               .q_stride = model_qkv_width(shape), .kv_stride = model_qkv_width(shape), .scale = score_scale(shape));
  PROGRAM_CALL(r->program, attention_bwd_kv, .q = q, .k = q + q_bytes, .v = q + q_bytes + kv_bytes,
               .d_o = at(r, g->dattention), .stat = at(r, layer->stat), .delta = at(r, g->delta), .dk = dq + q_bytes,
               .dv = dq + q_bytes + kv_bytes, .seq_end = at(r, BATCH_OFFSET(batch, seq_end)), .count = r->count,
               .rows_max = r->rows_max, .heads = shape->heads, .kv_heads = shape->kv_heads, .head_dim = shape->head_dim,
               .q_stride = model_qkv_width(shape), .kv_stride = model_qkv_width(shape), .scale = score_scale(shape));
}

static void layer_backward(const struct recording *r, const struct model_layer *w, const struct model_layer *dw,
                           const struct activation_layer *layer, const struct activation_gradients *g,
                           const struct rope_table *table, const struct batch *batch) {
  const struct model_shape *shape = r->shape;
  const u32 width = shape->width, qkv = model_qkv_width(shape);
  linear_backward(r, g->dx, layer->inner, w->down, g->dinner, dw->down, shape->ffn, width);
  PROGRAM_CALL(r->program, swiglu_bwd, .gate_up = at(r, layer->gate_up), .dout = at(r, g->dinner),
               .d_gate_up = at(r, layer->gate_up), .count = r->count, .rows_max = r->rows_max, .width = shape->ffn);
  linear_backward(r, layer->gate_up, layer->norm_ffn, w->gate_up, g->dnorm, dw->gate_up, width, 2 * shape->ffn);
  norm_backward(r, layer->x_middle, w->norm_ffn, layer->rstd_ffn, g->dnorm, g->dx, g->dx, dw->norm_ffn);
  linear_backward(r, g->dx, layer->attention, w->attention_out, g->dattention, dw->attention_out,
                  model_attention_width(shape), width);
  attention_backward(r, layer, g, batch);
  rope(r, table, g->dqkv, BATCH_OFFSET(batch, position), 1);
  if (shape->qkv_bias)
    PROGRAM_CALL(r->program, bias_bwd, .dy = at(r, g->dqkv), .db = at(r, dw->qkv_bias), .count = r->count,
                 .rows_max = r->rows_max, .width = qkv, .stride = qkv);
  linear_backward(r, g->dqkv, layer->norm_attention, w->qkv, g->dnorm, dw->qkv, width, qkv);
  norm_backward(r, layer->x, w->norm_attention, layer->rstd_attention, g->dnorm, g->dx, g->dx, dw->norm_attention);
}

void network_backward(struct program *program, const struct device *device, const struct model_shape *shape,
                      const struct model_weights *weights, const struct model_weights *grad,
                      const struct activations *activations, const struct activation_gradients *g,
                      const struct rope_table *table, const struct batch *batch) {
  const struct recording recording = {
      program, device, shape, device_address(device, batch_count_offset(batch, BATCH_COUNT_ROWS)), batch->rows_max};
  const struct recording *r = &recording;
  norm_backward(r, activations->x_final, weights->norm_final, activations->rstd_final, g->dx, 0, g->dx,
                grad->norm_final);
  for (u32 l = shape->layers; l-- > 0;)
    layer_backward(r, &weights->layers[l], &grad->layers[l], &activations->layers[l], g, table, batch);
  PROGRAM_CALL(program, fill, .result = at(r, grad->embed), .n = shape->vocab * shape->width, .value = 0);
  PROGRAM_CALL(program, embed_bwd, .dx = at(r, g->dx), .dtable_acc = at(r, grad->embed),
               .unique = at(r, BATCH_OFFSET(batch, embed_unique)), .begin = at(r, BATCH_OFFSET(batch, embed_begin)),
               .order = at(r, BATCH_OFFSET(batch, embed_order)),
               .unique_count = device_address(device, batch_count_offset(batch, BATCH_COUNT_UNIQUE)),
               .unique_max = batch->rows_max, .width = shape->width);
}
