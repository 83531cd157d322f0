/* Gradient of attention with respect to the queries, one head of one query a group: the definition that
 * attention_bwd_q_fast.c equals bit for bit. */
#include "engine/kernels/attention.h"
#include "engine/kernels/kernel.h"
#include "engine/kernels/lanes.h"

KERNEL_GROUPS(attention_bwd_q) {
  const struct attention_bwd_q_params *p = params;
  return kernel_live(p->count, 0, p->rows_max) * p->heads;
}

static f32 row_delta(const f32 *d_o, const f32 *o, u32 dim) {
  f32 product[HEAD_DIM_MAX];
  for (u32 d = 0; d < dim; d++) product[d] = d_o[d] * o[d];
  return lanes_sum(product, dim);
}

static void one_head(const struct attention_bwd_q_params *p, u64 t, u32 h) {
  const u32 keys = AT(const u32, p->kv_count)[t], dim = p->head_dim;
  const u64 head = (u64)AT(const u32, p->kv_start)[t] * p->kv_stride + (u64)(h / (p->heads / p->kv_heads)) * dim,
            row = t * p->heads + h;
  const f32 *q = AT(const f32, p->q) + t * p->q_stride + (u64)h * dim, *k = AT(const f32, p->k) + head,
            *v = AT(const f32, p->v) + head;
  const f32 *d_o = AT(const f32, p->d_o) + row * dim, *stat = AT(const f32, p->stat) + 2 * row;
  const f32 delta = row_delta(d_o, AT(const f32, p->o) + row * dim, dim);
  AT(f32, p->delta)[row] = delta;

  f32 total[HEAD_DIM_MAX] = {0}, block[HEAD_DIM_MAX];
  for (u32 j = 0; j < keys; j++) {
    const f32 probability = attention_probability(attention_dot(q, k + (u64)j * p->kv_stride, dim) * p->scale, stat);
    const f32 ds =
        attention_score_gradient(probability, attention_dot(d_o, v + (u64)j * p->kv_stride, dim), delta, p->scale);
    attention_accumulate(block, ds, k + (u64)j * p->kv_stride, dim, j % ATTENTION_BLOCK == 0);
    if (j % ATTENTION_BLOCK == ATTENTION_BLOCK - 1 || j == keys - 1)
      attention_fold(total, block, dim, j < ATTENTION_BLOCK);
  }
  f32 *dq = AT(f32, p->dq) + t * p->q_stride + (u64)h * dim;
  for (u32 d = 0; d < dim; d++) dq[d] = ex_quiet(total[d]);
}

KERNEL_RUN(attention_bwd_q) {
  const struct attention_bwd_q_params *p = params;
  (void)scratch;
  for (u32 g = group_begin; g < group_end; g++) one_head(p, g / p->heads, g % p->heads);
}
