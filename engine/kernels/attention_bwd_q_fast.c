/* The queries' gradient as the CPU device runs it: memcmp-equal to attention_bwd_q.c. A group is some queries by one kv
 * head (attention_fast.h); keys come in blocks of 64, whose gradients of scores live only while their sum is made. */
#include "engine/kernels/attention_fast.h"

/* Scratch, in floats: a panel of keys or values, then of key rows | totals | scores and dp of one block of keys */
#define PANEL (HEAD_DIM_MAX * PANEL_COLUMNS)
#define TOTALS (STRIP_ROWS * HEAD_DIM_MAX)
#define BLOCK_SCORES (STRIP_ROWS * PANEL_BLOCK)

_Static_assert(4u * (PANEL + TOTALS + 2 * BLOCK_SCORES) <= KERNEL_SCRATCH_BYTES,
               "the backward's blocks exceed the scratch");
_Static_assert(HEAD_DIM_MAX % PANEL_COLUMNS == 0 && HEAD_DIM_MAX >= PANEL_BLOCK,
               "a panel of key rows exceeds its room");

KERNEL_FAST_GROUPS(attention_bwd_q) {
  const struct attention_bwd_q_params *p = params;
  const u32 live = kernel_live(p->count, 0, p->rows_max), rows = strip_group_rows(live, p->kv_heads);
  return (live + rows - 1) / rows * p->kv_heads;
}

static void row_deltas(const struct attention_bwd_q_params *p, const struct strip *s, f32 *delta) {
  f32 product[HEAD_DIM_MAX];
  for (u32 r = 0; r < s->rows; r++) {
    const u64 row = strip_row(s, r, p->heads);
    const f32 *d_o = AT(const f32, p->d_o) + row * p->head_dim, *o = AT(const f32, p->o) + row * p->head_dim;
    for (u32 d = 0; d < p->head_dim; d++) product[d] = d_o[d] * o[d];
    delta[r] = lanes_sum(product, p->head_dim);
    AT(f32, p->delta)[row] = delta[r];
  }
}

/* result[r][j] = row[r] . key[j] for a block of keys */
static void block_dots(const f32 *row, u64 row_stride, u32 rows, const f32 *key, u64 key_stride, u32 keys, u32 dim,
                       f32 *panel, f32 *result) {
  for (u32 j = 0; j < keys; j += PANEL_COLUMNS) {
    const u32 columns = keys - j < PANEL_COLUMNS ? keys - j : PANEL_COLUMNS,
              vectors = columns <= SIMD_WIDTH ? 1 : PANEL_VECTORS;
    panel_pack_transposed(key + j * key_stride, key_stride, columns, dim, panel, vectors);
    strip_dots(row, row_stride, rows, panel, dim, vectors, result + j, PANEL_BLOCK);
  }
}

/* Scores become their gradients; +0 where the row sees no key. */
static void score_gradients(f32 *score, const f32 *dp, u32 keys, const f32 stat[2], f32 delta, f32 scale) {
  const simd_f32 l = simd_all(stat[1]);
  for (u32 j = 0; j < keys; j += SIMD_WIDTH) {
    const simd_f32 p = simd_quiet_div(simd_quiet_exp(simd_load(score + j) * scale - stat[0]), l);
    simd_store(score + j, simd_quiet(p * (simd_load(dp + j) - delta) * scale));
  }
  memset(score + keys, 0, sizeof(f32) * (PANEL_BLOCK - keys));
}

static void one_strip(const struct attention_bwd_q_params *p, const struct strip *s, u32 kv_head, f32 *scratch) {
  f32 *total = scratch + PANEL, *score = total + TOTALS, *dp = score + BLOCK_SCORES, delta[STRIP_ROWS];
  const u32 dim = p->head_dim;
  const u64 head = (u64)s->head * dim, total_stride = strip_total_stride(dim),
            kv = s->kv_start * p->kv_stride + (u64)kv_head * dim;
  const f32 *q = AT(const f32, p->q) + s->t * p->q_stride + head,
            *d_o = AT(const f32, p->d_o) + s->t * p->heads * dim + head;
  const f32 *k = AT(const f32, p->k) + kv, *v = AT(const f32, p->v) + kv;
  const u64 q_stride = s->along_heads ? dim : p->q_stride, o_stride = s->along_heads ? dim : (u64)p->heads * dim;
  row_deltas(p, s, delta);
  memset(total, 0, sizeof(f32) * s->rows * total_stride);
  for (u32 j = 0, blind = 0; j < s->keys; j += PANEL_BLOCK) {
    blind = strip_blind_rows(s, j, blind);
    const u32 keys = s->keys - j < PANEL_BLOCK ? s->keys - j : PANEL_BLOCK, rows = s->rows - blind;
    const f32 *key = k + (u64)j * p->kv_stride, *value = v + (u64)j * p->kv_stride;
    block_dots(q + blind * q_stride, q_stride, rows, key, p->kv_stride, keys, dim, scratch, score);
    block_dots(d_o + blind * o_stride, o_stride, rows, value, p->kv_stride, keys, dim, scratch, dp);
    for (u32 r = 0; r < rows; r++) {
      const u32 seen = s->count[blind + r] <= j ? 0 : s->count[blind + r] - j < keys ? s->count[blind + r] - j : keys;
      score_gradients(score + r * PANEL_BLOCK, dp + r * PANEL_BLOCK, seen,
                      AT(const f32, p->stat) + 2 * strip_row(s, blind + r, p->heads), delta[blind + r], p->scale);
    }
    strip_weighted_sum(score, PANEL_BLOCK, rows, key, p->kv_stride, keys, dim, j > 0, scratch,
                       total + blind * total_stride, total_stride);
  }
  for (u32 r = 0; r < s->rows; r++) {
    f32 *dq = AT(f32, p->dq) + (s->along_heads ? s->t : s->t + r) * p->q_stride +
              (u64)(s->along_heads ? s->head + r : s->head) * dim;
    for (u32 d = 0; d < dim; d++) dq[d] = ex_quiet(total[r * total_stride + d]);
  }
}

/* Queries t .. t + rows - 1, which share their keys, with all query heads of the kv head. */
static void one_run(const struct attention_bwd_q_params *p, u64 t, u32 rows, u32 kv_head, f32 *scratch) {
  const u32 heads = p->heads / p->kv_heads;
  struct strip s = {.t = t, .kv_start = AT(const u32, p->kv_start)[t], .along_heads = rows == 1};
  for (u32 i = 0; i < heads;) {
    s.rows = !s.along_heads ? rows : heads - i < STRIP_ROWS ? heads - i : STRIP_ROWS;
    s.head = kv_head * heads + i;
    strip_count_keys(&s, AT(const u32, p->kv_count));
    one_strip(p, &s, kv_head, scratch);
    i += s.along_heads ? s.rows : 1;
  }
}

KERNEL_FAST(attention_bwd_q) {
  const struct attention_bwd_q_params *p = params;
  const u32 live = kernel_live(p->count, 0, p->rows_max), group_rows = strip_group_rows(live, p->kv_heads);
  for (u32 g = group_begin, heads; g < group_end; g += heads) {
    /* The groups of one block of rows go together: one query's keys of all heads lie side by side. */
    const u32 head = g % p->kv_heads;
    heads = p->kv_heads - head < group_end - g ? p->kv_heads - head : group_end - g;
    const u64 begin = (u64)(g / p->kv_heads) * group_rows, end = live - begin < group_rows ? live : begin + group_rows;
    for (u64 t = begin; t < end;) {
      const u32 rows = strip_run(AT(const u32, p->kv_start), t, (u32)(end - t));
      for (u32 i = 0; i < heads; i++) one_run(p, t, rows, head + i, scratch);
      t += rows;
    }
  }
}
