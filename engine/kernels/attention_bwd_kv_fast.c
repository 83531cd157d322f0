/* The keys' and values' gradients as the CPU device runs it: memcmp-equal to attention_bwd_kv.c.
 *
 * A group is a panel of keys (PANEL_COLUMNS of them) by one kv head. Queries come in chunks of 64 from the panel's
 * first key on: weights p and ds [query][key] are made with a vector's lanes across keys, then summed into key rows
 * with the lanes across the head's dimensions. Blocks are counted from each key's own row, so key i of the panel starts
 * a new block i steps into the chunk; a tile of TILE_ROWS keys therefore goes through its chunk in three parts: before,
 * through (one key starts anew each step) and after its keys' boundaries. Pairs that do not see each other have weights
 * +0; attention_fast.h says why that is the same. */
#include "engine/kernels/attention_fast.h"

#define CHUNK PANEL_BLOCK

/* Scratch, in floats: panels of keys and of values | p and ds of a chunk | a packed panel of query rows | sums: block,
 * total, result of dk and dv */
#define PANEL (HEAD_DIM_MAX * PANEL_COLUMNS)
#define WEIGHTS (CHUNK * PANEL_COLUMNS)
#define SUMS (PANEL_COLUMNS * HEAD_DIM_MAX)

_Static_assert(4u * (2 * PANEL + 3 * WEIGHTS + 6 * SUMS) <= KERNEL_SCRATCH_BYTES,
               "the backward's blocks exceed the scratch");
_Static_assert(HEAD_DIM_MAX % PANEL_COLUMNS == 0 && PANEL_COLUMNS % TILE_ROWS == 0 && PANEL_COLUMNS <= CHUNK,
               "tiles do not fit their panel");

KERNEL_FAST_GROUPS(attention_bwd_kv) {
  const struct attention_bwd_kv_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + PANEL_COLUMNS - 1) / PANEL_COLUMNS * p->kv_heads;
}

struct work {
  const struct attention_bwd_kv_params *p;
  f32 *k_panel, *v_panel, *probability, *ds, *row_panel; /* probability and ds: [CHUNK][PANEL_COLUMNS] */
  f32 *block_k, *block_v, *total_k, *total_v;            /* of one query head: [PANEL_COLUMNS][stride] */
  f32 *result_k, *result_v;
  u64 stride, first, last; /* the panel's first key; the row after its last query */
  u32 keys, kv_head;
  simd_u32 key[PANEL_VECTORS];     /* 0, 1, 2, ...: the keys of the panel */
  simd_u32 seq_end[PANEL_VECTORS]; /* 0 for keys that are not there */
};

static struct work work_of(const struct attention_bwd_kv_params *p, f32 *scratch) {
  struct work w = {.p = p, .k_panel = scratch, .v_panel = scratch + PANEL, .stride = strip_total_stride(p->head_dim)};
  w.probability = w.v_panel + PANEL;
  w.ds = w.probability + WEIGHTS;
  w.row_panel = w.ds + WEIGHTS;
  w.block_k = w.row_panel + WEIGHTS;
  w.block_v = w.block_k + SUMS;
  w.total_k = w.block_v + SUMS;
  w.total_v = w.total_k + SUMS;
  w.result_k = w.total_v + SUMS;
  w.result_v = w.result_k + SUMS;
  return w;
}

/* Scores and dp of `rows` queries from t on become p and ds. */
static void weights(const struct work *w, u64 t, u32 rows, u32 head) {
  const struct attention_bwd_kv_params *p = w->p;
  const u32 dim = p->head_dim;
  const f32 *q = AT(const f32, p->q) + t * p->q_stride + (u64)head * dim,
            *d_o = AT(const f32, p->d_o) + (t * p->heads + head) * dim;
  strip_dots(q, p->q_stride, rows, w->k_panel, dim, PANEL_VECTORS, w->probability, PANEL_COLUMNS);
  strip_dots(d_o, (u64)p->heads * dim, rows, w->v_panel, dim, PANEL_VECTORS, w->ds, PANEL_COLUMNS);
  const u32 first = (u32)w->first;
  for (u32 r = 0; r < rows; r++) {
    const u64 row = (t + r) * p->heads + head;
    const f32 *stat = AT(const f32, p->stat) + 2 * row, delta = AT(const f32, p->delta)[row];
    const u32 query = (u32)(t + r);
    for (u32 v = 0; v < PANEL_VECTORS; v++) {
      f32 *score = w->probability + r * PANEL_COLUMNS + v * SIMD_WIDTH,
          *dp = w->ds + r * PANEL_COLUMNS + v * SIMD_WIDTH;
      const simd_u32 seen = (simd_u32)(w->key[v] + first <= query) & (simd_u32)(w->seq_end[v] > query);
      const simd_f32 x = simd_quiet_div(simd_quiet_exp(simd_load(score) * p->scale - stat[0]), simd_all(stat[1]));
      const simd_f32 y = simd_quiet(x * (simd_load(dp) - delta) * p->scale);
      simd_store(score, (simd_f32)((simd_u32)x & seen));
      simd_store(dp, (simd_f32)((simd_u32)y & seen));
    }
  }
}

/* Steps begin .. end-1 of a tile's sums: sum[key] += weight[step][key] * row[step]. */
SIMD_INLINE void plain_steps(simd_f32 sum[TILE_ROWS][PANEL_VECTORS], const f32 *weight, struct tile_columns row,
                             u32 begin, u32 end, u32 vectors) {
  for (u32 step = begin; step < end; step++)
    for (u32 i = 0; i < TILE_ROWS; i++)
      for (u32 v = 0; v < vectors; v++)
        sum[i][v] =
            sum[i][v] + weight[step * PANEL_COLUMNS + i] * simd_load(row.b + step * row.stride + v * SIMD_WIDTH);
}

/* A chunk's `rows` steps for TILE_ROWS keys, the first of which is key `boundary` of the panel. */
SIMD_INLINE void tile_chunk(const f32 *weight, struct tile_columns row, u32 rows, u32 boundary, u32 vectors, f32 *block,
                            f32 *total, u64 stride) {
  simd_f32 sum[TILE_ROWS][PANEL_VECTORS];
  for (u32 i = 0; i < TILE_ROWS; i++)
    for (u32 v = 0; v < vectors; v++) sum[i][v] = simd_load(block + i * stride + v * SIMD_WIDTH);
  plain_steps(sum, weight, row, 0, boundary < rows ? boundary : rows, vectors);
  for (u32 s = 0; s < TILE_ROWS; s++) { /* unrolled: s is a constant below */
    if (boundary + s >= rows) continue;
    for (u32 v = 0; v < vectors; v++) {
      f32 *at = total + s * stride + v * SIMD_WIDTH;
      simd_store(at, simd_load(at) + sum[s][v]);
      sum[s][v] = simd_zero();
    }
    plain_steps(sum, weight, row, boundary + s, boundary + s + 1, vectors);
  }
  if (boundary + TILE_ROWS < rows) plain_steps(sum, weight, row, boundary + TILE_ROWS, rows, vectors);
  for (u32 i = 0; i < TILE_ROWS; i++)
    for (u32 v = 0; v < vectors; v++) simd_store(block + i * stride + v * SIMD_WIDTH, sum[i][v]);
}

/* All keys of the panel: block and total (+)= weight^T x the chunk's query rows. */
static void add_chunk(const struct work *w, const f32 *weight, const f32 *row, u64 row_stride, u32 rows, f32 *block,
                      f32 *total) {
  for (u32 d = 0; d < w->p->head_dim; d += PANEL_COLUMNS) {
    const u32 columns = w->p->head_dim - d < PANEL_COLUMNS ? w->p->head_dim - d : PANEL_COLUMNS,
              vectors = columns <= SIMD_WIDTH ? 1 : PANEL_VECTORS;
    struct tile_columns at = {row + d, row_stride};
    if (columns % SIMD_WIDTH != 0) {
      panel_pack_rows(row + d, row_stride, columns, rows, w->row_panel, vectors);
      at = (struct tile_columns){w->row_panel, vectors * SIMD_WIDTH};
    }
    for (u32 i = 0; i < w->keys; i += TILE_ROWS) {
      f32 *block_at = block + i * w->stride + d, *total_at = total + i * w->stride + d;
      if (vectors == 1)
        tile_chunk(weight + i, at, rows, i, 1, block_at, total_at, w->stride);
      else
        tile_chunk(weight + i, at, rows, i, PANEL_VECTORS, block_at, total_at, w->stride);
    }
  }
}

static void one_head(const struct work *w, u32 head, bool is_first) {
  const struct attention_bwd_kv_params *p = w->p;
  const u64 floats = PANEL_COLUMNS * w->stride;
  for (f32 *const *sum = (f32 *const[]){w->block_k, w->block_v, w->total_k, w->total_v, NULL}; *sum != NULL; sum++)
    memset(*sum, 0, sizeof(f32) * floats);
  for (u64 t = w->first; t < w->last; t += CHUNK) {
    const u32 rows = w->last - t < CHUNK ? (u32)(w->last - t) : CHUNK;
    weights(w, t, rows, head);
    add_chunk(w, w->ds, AT(const f32, p->q) + t * p->q_stride + (u64)head * p->head_dim, p->q_stride, rows, w->block_k,
              w->total_k);
    add_chunk(w, w->probability, AT(const f32, p->d_o) + (t * p->heads + head) * p->head_dim,
              (u64)p->heads * p->head_dim, rows, w->block_v, w->total_v);
  }
  for (u64 i = 0; i < floats; i++) {
    const f32 k = w->total_k[i] + w->block_k[i], v = w->total_v[i] + w->block_v[i];
    w->result_k[i] = is_first ? k : w->result_k[i] + k;
    w->result_v[i] = is_first ? v : w->result_v[i] + v;
  }
}

static void one_panel(struct work *w) {
  const struct attention_bwd_kv_params *p = w->p;
  const u32 heads = p->heads / p->kv_heads;
  const u64 at = w->first * p->kv_stride + (u64)w->kv_head * p->head_dim;
  u32 key[PANEL_COLUMNS], seq_end[PANEL_COLUMNS];
  w->last = 0;
  for (u32 j = 0; j < PANEL_COLUMNS; j++) {
    key[j] = j;
    seq_end[j] = j < w->keys ? AT(const u32, p->seq_end)[w->first + j] : 0;
    w->last = seq_end[j] > w->last ? seq_end[j] : w->last;
  }
  memcpy(w->key, key, sizeof key);
  memcpy(w->seq_end, seq_end, sizeof seq_end);
  panel_pack_transposed(AT(const f32, p->k) + at, p->kv_stride, w->keys, p->head_dim, w->k_panel, PANEL_VECTORS);
  panel_pack_transposed(AT(const f32, p->v) + at, p->kv_stride, w->keys, p->head_dim, w->v_panel, PANEL_VECTORS);
  for (u32 i = 0; i < heads; i++) one_head(w, w->kv_head * heads + i, i == 0);
  for (u32 j = 0; j < w->keys; j++)
    for (u32 d = 0; d < p->head_dim; d++) {
      AT(f32, p->dk)[at + (u64)j * p->kv_stride + d] = ex_quiet(w->result_k[j * w->stride + d]);
      AT(f32, p->dv)[at + (u64)j * p->kv_stride + d] = ex_quiet(w->result_v[j * w->stride + d]);
    }
}

KERNEL_FAST(attention_bwd_kv) {
  const struct attention_bwd_kv_params *p = params;
  const u64 live = kernel_live(p->count, 0, p->rows_max);
  struct work w = work_of(p, scratch);
  for (u32 g = group_begin; g < group_end; g++) {
    w.first = (u64)(g / p->kv_heads) * PANEL_COLUMNS;
    w.keys = live - w.first < PANEL_COLUMNS ? (u32)(live - w.first) : PANEL_COLUMNS;
    w.kv_head = g % p->kv_heads;
    one_panel(&w);
  }
}
