/* Gradient of attention with respect to keys and values, one kv head of one key a group: the definition that
 * attention_bwd_kv_fast.c equals bit for bit. */
#include "engine/kernels/attention.h"
#include "engine/kernels/kernel.h"

KERNEL_GROUPS(attention_bwd_kv) {
  const struct attention_bwd_kv_params *p = params;
  return kernel_live(p->count, 0, p->rows_max) * p->kv_heads;
}

struct key_row {
  const f32 *k, *v;
  u64 begin, end; /* its queries */
};

/* One query head's share: queries from the key's own on, in blocks of 64. */
static void one_head(const struct attention_bwd_kv_params *p, const struct key_row *key, u32 h, f32 *dk, f32 *dv) {
  const u32 dim = p->head_dim;
  f32 block_k[HEAD_DIM_MAX], block_v[HEAD_DIM_MAX];
  for (u64 t = key->begin; t < key->end; t++) {
    const u64 row = t * p->heads + h, i = t - key->begin;
    const f32 *q = AT(const f32, p->q) + t * p->q_stride + (u64)h * dim, *d_o = AT(const f32, p->d_o) + row * dim;
    const f32 probability =
        attention_probability(attention_dot(q, key->k, dim) * p->scale, AT(const f32, p->stat) + 2 * row);
    const f32 ds =
        attention_score_gradient(probability, attention_dot(d_o, key->v, dim), AT(const f32, p->delta)[row], p->scale);
    attention_accumulate(block_k, ds, q, dim, i % ATTENTION_BLOCK == 0);
    attention_accumulate(block_v, probability, d_o, dim, i % ATTENTION_BLOCK == 0);
    if (i % ATTENTION_BLOCK != ATTENTION_BLOCK - 1 && t + 1 != key->end) continue;
    attention_fold(dk, block_k, dim, i < ATTENTION_BLOCK);
    attention_fold(dv, block_v, dim, i < ATTENTION_BLOCK);
  }
}

static void one_key(const struct attention_bwd_kv_params *p, u64 j, u32 g) {
  const u32 dim = p->head_dim, heads_per_kv = p->heads / p->kv_heads;
  const u64 at = j * p->kv_stride + (u64)g * dim;
  const struct key_row key = {AT(const f32, p->k) + at, AT(const f32, p->v) + at, j, AT(const u32, p->seq_end)[j]};
  f32 total_k[HEAD_DIM_MAX], total_v[HEAD_DIM_MAX], head_k[HEAD_DIM_MAX] = {0}, head_v[HEAD_DIM_MAX] = {0};
  for (u32 i = 0; i < heads_per_kv; i++) {
    one_head(p, &key, g * heads_per_kv + i, head_k, head_v);
    attention_fold(total_k, head_k, dim, i == 0);
    attention_fold(total_v, head_v, dim, i == 0);
  }
  for (u32 d = 0; d < dim; d++) {
    AT(f32, p->dk)[at + d] = ex_quiet(total_k[d]);
    AT(f32, p->dv)[at + d] = ex_quiet(total_v[d]);
  }
}

KERNEL_RUN(attention_bwd_kv) {
  const struct attention_bwd_kv_params *p = params;
  (void)scratch;
  for (u32 g = group_begin; g < group_end; g++) one_key(p, g / p->kv_heads, g % p->kv_heads);
}
