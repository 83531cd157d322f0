/* Causal grouped-query attention, one head of one query a group: the definition that attention_fwd_fast.c equals bit
 * for bit. */
#include "engine/kernels/attention.h"
#include "engine/kernels/kernel.h"
#include "engine/kernels/lanes.h"

KERNEL_GROUPS(attention_fwd) {
  const struct attention_fwd_params *p = params;
  return kernel_live(p->count, 0, p->rows_max) * p->heads;
}

/* o = (sum of weight_j v_j) / l; without keys 0. */
static void weighted_values(const struct attention_fwd_params *p, const f32 *weight, const f32 *v, u32 keys, f32 l,
                            f32 *o) {
  f32 total[HEAD_DIM_MAX] = {0}, block[HEAD_DIM_MAX];
  for (u32 j0 = 0; j0 < keys; j0 += ATTENTION_BLOCK) {
    const u32 j1 = keys - j0 < ATTENTION_BLOCK ? keys : j0 + ATTENTION_BLOCK;
    for (u32 j = j0; j < j1; j++)
      attention_accumulate(block, weight[j], v + (u64)j * p->kv_stride, p->head_dim, j == j0);
    attention_fold(total, block, p->head_dim, j0 == 0);
  }
  for (u32 d = 0; d < p->head_dim; d++) o[d] = keys == 0 ? 0 : ex_quiet(ex_div(total[d], l));
}

static void one_head(const struct attention_fwd_params *p, u64 t, u32 h, f32 *score) {
  const u32 keys = AT(const u32, p->kv_count)[t];
  const u64 head =
      (u64)AT(const u32, p->kv_start)[t] * p->kv_stride + (u64)(h / (p->heads / p->kv_heads)) * p->head_dim;
  const f32 *q = AT(const f32, p->q) + t * p->q_stride + (u64)h * p->head_dim, *k = AT(const f32, p->k) + head;
  for (u32 j = 0; j < keys; j++) score[j] = attention_dot(q, k + (u64)j * p->kv_stride, p->head_dim) * p->scale;
  const f32 m = keys == 0 ? 0 : lanes_max(score, keys);
  for (u32 j = 0; j < keys; j++) score[j] = ex_quiet(ex_exp(score[j] - m));
  const f32 l = lanes_sum(score, keys);
  const u64 row = t * p->heads + h;
  weighted_values(p, score, AT(const f32, p->v) + head, keys, l, AT(f32, p->o) + row * p->head_dim);
  if (p->stat == 0) return;
  AT(f32, p->stat)[2 * row] = m;
  AT(f32, p->stat)[2 * row + 1] = l;
}

KERNEL_RUN(attention_fwd) {
  const struct attention_fwd_params *p = params;
  for (u32 g = group_begin; g < group_end; g++) one_head(p, g / p->heads, g % p->heads, scratch);
}
