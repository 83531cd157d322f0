/* Attention as the CPU device runs it: memcmp-equal to attention_fwd.c. A group is some queries by one kv head
 * (attention_fast.h). */
#include "engine/kernels/attention_fast.h"

/* Scratch, in floats: a panel of keys | a panel of values | totals [STRIP_ROWS][stride] | scores, as many rows as fit.
 */
#define KEY_PANEL (HEAD_DIM_MAX * PANEL_COLUMNS)
#define VALUE_PANEL (PANEL_BLOCK * PANEL_COLUMNS)
#define TOTALS (STRIP_ROWS * HEAD_DIM_MAX)
#define SCORES (KERNEL_SCRATCH_BYTES / 4u - KEY_PANEL - VALUE_PANEL - TOTALS)

_Static_assert(SCORES >= CONTEXT_MAX + 2 * PANEL_BLOCK, "one row's scores exceed the scratch");
_Static_assert(HEAD_DIM_MAX % PANEL_COLUMNS == 0, "totals of the widest head exceed their room");

#define NOTHING 0xffffffffu /* a score's bits with the smallest key of all: it is never the maximum */

KERNEL_FAST_GROUPS(attention_fwd) {
  const struct attention_fwd_params *p = params;
  const u32 live = kernel_live(p->count, 0, p->rows_max), rows = strip_group_rows(live, p->kv_heads);
  return (live + rows - 1) / rows * p->kv_heads;
}

/* Room for a row's scores: whole blocks, and one line more so that rows do not fall on the same cache sets. */
static u64 score_stride(u32 keys) { return (u64)(keys + PANEL_BLOCK - 1) / PANEL_BLOCK * PANEL_BLOCK + 16; }

/* A lone query's keys and values come straight from memory: its values, and the next head's keys, are asked for while
 * its scores are made. */
static void prefetch_rows(const f32 *from, u64 stride, u32 rows, u32 dim) {
  for (u32 j = 0; j < rows; j++)
    for (u32 d = 0; d < dim; d += 16) __builtin_prefetch(from + j * stride + d);
}

static void scores(const struct attention_fwd_params *p, const struct strip *s, u64 column, f32 *panel, f32 *score) {
  const f32 *q = AT(const f32, p->q) + s->t * p->q_stride + (u64)s->head * p->head_dim;
  const f32 *k = AT(const f32, p->k) + s->kv_start * p->kv_stride + column;
  const f32 *v = AT(const f32, p->v) + s->kv_start * p->kv_stride + column;
  const u64 row_stride = s->along_heads ? p->head_dim : p->q_stride, stride = score_stride(s->keys);
  for (u32 j = 0, blind = 0; j < s->keys; j += PANEL_COLUMNS) {
    const u32 keys = s->keys - j < PANEL_COLUMNS ? s->keys - j : PANEL_COLUMNS,
              vectors = keys <= SIMD_WIDTH ? 1 : PANEL_VECTORS;
    blind = strip_blind_rows(s, j, blind);
    if (s->along_heads) {
      prefetch_rows(v + (u64)j * p->kv_stride, p->kv_stride, keys, p->head_dim);
      prefetch_rows(k + (u64)j * p->kv_stride + p->head_dim, p->kv_stride, keys, p->head_dim);
    }
    panel_pack_transposed(k + (u64)j * p->kv_stride, p->kv_stride, keys, p->head_dim, panel, vectors);
    strip_dots(q + blind * row_stride, row_stride, s->rows - blind, panel, p->head_dim, vectors,
               score + blind * stride + j, stride);
  }
}

/* The maximum of `count` (whole vectors) scores, after the scale. */
static f32 scale_and_max(f32 *score, u32 keys, u32 whole, f32 scale) {
  simd_i32 best = (simd_i32){0} + INT32_MIN;
  for (u32 j = 0; j < whole; j += SIMD_WIDTH) simd_store(score + j, simd_load(score + j) * scale);
  for (u32 j = keys; j < whole; j++) score[j] = ex_from_bits(NOTHING);
  for (u32 j = 0; j < whole; j += SIMD_WIDTH) best = simd_max(best, simd_key(simd_load(score + j)));
  return row_from_key(simd_max_lane(best));
}

/* Scores become weights, +0 beyond the row's keys and up to `room`; (m, l) is returned in stat. */
static void softmax(f32 *score, u32 keys, u64 room, f32 scale, f32 stat[2]) {
  const u32 whole = (keys + SIMD_WIDTH - 1) / SIMD_WIDTH * SIMD_WIDTH;
  simd_f32 lane[SIMD_LANES] = {0};
  const f32 m = keys == 0 ? 0 : scale_and_max(score, keys, whole, scale);
  for (u32 j = 0; j < whole; j += SIMD_WIDTH) simd_store(score + j, simd_quiet_exp(simd_load(score + j) - m));
  for (u64 j = keys; j < room; j++) score[j] = 0; /* gcc 13 takes a memset of room - keys for one that may wrap */
  /* Weights are never -0: the zeros beyond the keys change no lane. */
  for (u32 j = 0; j < keys; j += ROW_LANES)
    for (u32 i = 0; i < SIMD_LANES; i++) lane[i] = lane[i] + simd_load(score + j + i * SIMD_WIDTH);
  stat[0] = m;
  stat[1] = simd_tree(lane);
}

static void values(const struct attention_fwd_params *p, const struct strip *s, u64 column, const f32 *weight,
                   f32 *panel, f32 *total) {
  const f32 *v = AT(const f32, p->v) + s->kv_start * p->kv_stride + column;
  const u64 stride = score_stride(s->keys), total_stride = strip_total_stride(p->head_dim);
  for (u32 j = 0, blind = 0; j < s->keys; j += PANEL_BLOCK) {
    const u32 keys = s->keys - j < PANEL_BLOCK ? s->keys - j : PANEL_BLOCK;
    blind = strip_blind_rows(s, j, blind);
    strip_weighted_sum(weight + blind * stride + j, stride, s->rows - blind, v + (u64)j * p->kv_stride, p->kv_stride,
                       keys, p->head_dim, j > 0, panel, total + blind * total_stride, total_stride);
  }
}

static void finish(const struct attention_fwd_params *p, const struct strip *s, const f32 *stat, const f32 *total) {
  for (u32 r = 0; r < s->rows; r++) {
    const u64 row = strip_row(s, r, p->heads);
    const f32 *sum = total + (u64)r * strip_total_stride(p->head_dim), l = stat[2 * r + 1];
    f32 *o = AT(f32, p->o) + row * p->head_dim;
    if (s->count[r] == 0)
      memset(o, 0, sizeof(f32) * p->head_dim);
    else
      for (u32 d = 0; d < p->head_dim; d++) o[d] = ex_quiet(ex_div(sum[d], l));
    if (p->stat != 0) memcpy(AT(f32, p->stat) + 2 * row, stat + 2 * r, 2 * sizeof(f32));
  }
}

static void one_strip(const struct attention_fwd_params *p, struct strip *s, u32 kv_head, f32 *scratch) {
  f32 *value_panel = scratch + KEY_PANEL, *total = value_panel + VALUE_PANEL, *score = total + TOTALS,
      stat[2 * STRIP_ROWS];
  const u64 column = (u64)kv_head * p->head_dim, stride = score_stride(s->keys);
  scores(p, s, column, scratch, score);
  for (u32 r = 0; r < s->rows; r++) softmax(score + r * stride, s->count[r], stride - 16, p->scale, stat + 2 * r);
  values(p, s, column, score, value_panel, total);
  finish(p, s, stat, total);
}

/* Queries t .. t + rows - 1, which share their keys, with all query heads of the kv head. */
static void one_run(const struct attention_fwd_params *p, u64 t, u32 rows, u32 kv_head, f32 *scratch) {
  const u32 heads = p->heads / p->kv_heads, *kv_count = AT(const u32, p->kv_count);
  struct strip s = {.kv_start = AT(const u32, p->kv_start)[t], .along_heads = rows == 1};
  u32 keys = 0;
  for (u32 r = 0; r < rows; r++) keys = kv_count[t + r] > keys ? kv_count[t + r] : keys;
  const u32 fitting = (u32)(SCORES / score_stride(keys)), step = fitting < STRIP_ROWS ? fitting : STRIP_ROWS;
  const u32 outer = s.along_heads ? 1 : heads, inner = s.along_heads ? heads : rows;
  for (u32 i = 0; i < outer; i++) {
    for (u32 r = 0; r < inner; r += step) {
      s.rows = inner - r < step ? inner - r : step;
      s.t = s.along_heads ? t : t + r;
      s.head = kv_head * heads + (s.along_heads ? r : i);
      strip_count_keys(&s, kv_count);
      one_strip(p, &s, kv_head, scratch);
    }
  }
}

KERNEL_FAST(attention_fwd) {
  const struct attention_fwd_params *p = params;
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
