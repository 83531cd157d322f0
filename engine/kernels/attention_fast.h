/* What the fast forms of attention share. Query rows of one sequence and one kv head are worked on together, as strips:
 * the rows of a strip see the same keys (each its own first few of them), so a block of keys is packed once for all.
 * Scores are made with a vector's lanes across keys, sums of values and of keys with the lanes across the head's
 * dimensions: both in the contract's order.
 *
 * A key a row does not see has the weight +0 there. Such products change no sum but for the sign of a zero, and every
 * sum ends quieted, where zeros have one sign. (Were a hidden key infinite, its sequence would be lost already: it sees
 * itself.) Included by those kernels; owns nothing, never fails. */
#ifndef RLSP_ENGINE_KERNELS_ATTENTION_FAST_H
#define RLSP_ENGINE_KERNELS_ATTENTION_FAST_H

#include "engine/kernels/attention.h"
#include "engine/kernels/kernel.h"
#include "engine/kernels/lanes.h"
#include "engine/kernels/panel.h"

#define STRIP_ROWS 64u /* of a group, at most */
#define STRIP_ROWS_MIN 4u
#define STRIP_GROUPS_WANTED 48u

/* Rows of q, of k and so on that a strip reads: strip row r is query t + r (or t's head `head + r`). */
struct strip {
  u64 t;
  u32 head, rows;
  bool along_heads;      /* one query's heads instead of one head's queries */
  u64 kv_start;          /* row of the sequence's first key */
  u32 keys;              /* the most any row sees */
  u32 count[STRIP_ROWS]; /* keys each row sees */
};

static inline u32 strip_group_rows(u32 live, u32 kv_heads) {
  u32 rows = STRIP_ROWS;
  while (rows > STRIP_ROWS_MIN && (live + rows - 1) / rows * kv_heads < STRIP_GROUPS_WANTED) rows /= 2;
  return rows;
}

/* The index of a strip row in arrays of [T][H]. */
static inline u64 strip_row(const struct strip *s, u32 r, u32 heads) {
  return s->along_heads ? s->t * heads + s->head + r : (s->t + r) * heads + s->head;
}

/* Rows at the front that see none of the keys from `key` on (in a packed sequence later rows see more), `blind` of
 * which saw none before. */
static inline u32 strip_blind_rows(const struct strip *s, u32 key, u32 blind) {
  while (blind < s->rows && s->count[blind] <= key) blind++;
  return blind;
}

/* How many rows from t on share t's keys; at most `rows_max`. */
static inline u32 strip_run(const u32 *kv_start, u64 t, u32 rows_max) {
  u32 rows = 1;
  while (rows < rows_max && kv_start[t + rows] == kv_start[t]) rows++;
  return rows;
}

static inline void strip_count_keys(struct strip *s, const u32 *kv_count) {
  s->keys = 0;
  for (u32 r = 0; r < s->rows; r++) {
    s->count[r] = kv_count[s->along_heads ? s->t : s->t + r];
    s->keys = s->count[r] > s->keys ? s->count[r] : s->keys;
  }
}

/* result[r][c] (+)= row[r] . key[c], a panel of keys, the dimensions in blocks of 64. `panel` holds dim x
 * PANEL_COLUMNS. */
static inline void strip_dots(const f32 *row, u64 row_stride, u32 rows, const f32 *panel, u32 dim, u32 vectors,
                              f32 *result, u64 result_stride) {
  for (u32 d = 0; d < dim; d += PANEL_BLOCK) {
    const struct tile_columns columns = {panel + (u64)d * vectors * SIMD_WIDTH, vectors * SIMD_WIDTH};
    const u32 block = dim - d < PANEL_BLOCK ? dim - d : PANEL_BLOCK;
    tile_product_along(row + d, row_stride, columns, block, rows, vectors, d > 0, result, result_stride);
  }
}

/* total[r][d] (+)= sum of weight[r][j] * value[j][d] over one block of keys; `panel` has room for PANEL_BLOCK x
 * PANEL_COLUMNS. */
static inline void strip_weighted_sum(const f32 *weight, u64 weight_stride, u32 rows, const f32 *value,
                                      u64 value_stride, u32 keys, u32 dim, bool has_total, f32 *panel, f32 *total,
                                      u64 total_stride) {
  for (u32 d = 0; d < dim; d += PANEL_COLUMNS) {
    const u32 columns = dim - d < PANEL_COLUMNS ? dim - d : PANEL_COLUMNS,
              vectors = columns <= SIMD_WIDTH ? 1 : PANEL_VECTORS;
    struct tile_columns at = {value + d, value_stride};
    if (columns % SIMD_WIDTH != 0) {
      panel_pack_rows(value + d, value_stride, columns, keys, panel, vectors);
      at = (struct tile_columns){panel, vectors * SIMD_WIDTH};
    }
    tile_product_along(weight, weight_stride, at, keys, rows, vectors, has_total, total + d, total_stride);
  }
}

/* Head dimensions rounded up to whole panels: the stride of totals. */
static inline u32 strip_total_stride(u32 dim) { return (dim + PANEL_COLUMNS - 1) / PANEL_COLUMNS * PANEL_COLUMNS; }

#endif
