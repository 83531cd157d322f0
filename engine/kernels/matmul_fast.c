/* The matrix product as the CPU device runs it: memcmp-equal to matmul.c, since every element of C sees the same
 * operations in the same order.
 *
 * A group is some rows of C by a few panels of its columns. The panels of B are packed into scratch once for all
 * consecutive groups of a call (groups go down the rows first), CHUNK k's at a time; sums of 64 k's are made in
 * registers and join totals in the first-level cache, where the rows' 64 columns of A stay too while the panels pass
 * by. From chunk to chunk C itself keeps the totals. */
#include "engine/kernels/kernel.h"
#include "engine/kernels/panel.h"

#define ROWS_MAX 64u /* of a group: 64 x 64 of A are 16 KiB, a third of the first-level cache */
#define ROWS_MIN 16u
#define PANELS_MAX 4u     /* of a group: so often is A used while it is there */
#define GROUPS_WANTED 48u /* below this the groups get smaller, for threads to share */
#define CHUNK 1024u       /* k's packed at once: with PANELS_MAX panels half of a second-level cache */
#define COLUMNS_MAX (PANELS_MAX * PANEL_COLUMNS)

_Static_assert((CHUNK + ROWS_MAX) * COLUMNS_MAX * sizeof(f32) <= KERNEL_SCRATCH_BYTES,
               "packed panels and totals exceed the scratch");
_Static_assert(CHUNK % PANEL_BLOCK == 0, "blocks of k straddle chunks");

/* The shape of a call now, and how it is cut: groups of `rows` by `columns`. */
struct product {
  const struct matmul_params *p;
  u32 m, n, k, rows, columns, row_blocks, column_blocks;
};

static void cut(struct product *x) {
  x->row_blocks = (x->m + x->rows - 1) / x->rows;
  x->column_blocks = (x->n + x->columns - 1) / x->columns;
}

static bool is_coarse(const struct product *x) { return (u64)x->row_blocks * x->column_blocks < GROUPS_WANTED; }

static struct product product_of(const struct matmul_params *p) {
  struct product x = {.p = p, .m = p->m, .n = p->n, .k = p->k, .rows = ROWS_MAX, .columns = COLUMNS_MAX};
  if (p->orientation == MATMUL_TN)
    x.k = kernel_live(p->count, p->first, p->k);
  else
    x.m = kernel_live(p->count, p->first, p->m);
  for (cut(&x); is_coarse(&x) && x.columns > PANEL_COLUMNS; cut(&x)) x.columns /= 2;
  for (; is_coarse(&x) && x.rows > ROWS_MIN; cut(&x)) x.rows /= 2;
  return x;
}

KERNEL_FAST_GROUPS(matmul) {
  const struct product x = product_of(params);
  return x.row_blocks * x.column_blocks;
}

/* What a group works on. Its last panel may be narrow. */
struct group {
  u32 m0, rows, n0, columns;
};

static struct group group_of(const struct product *x, u32 index) {
  struct group g = {.m0 = index % x->row_blocks * x->rows, .n0 = index / x->row_blocks * x->columns};
  g.rows = x->m - g.m0 < x->rows ? x->m - g.m0 : x->rows;
  g.columns = x->n - g.n0 < x->columns ? x->n - g.n0 : x->columns;
  return g;
}

/* One panel of a group: columns n .. n + columns - 1 of C. */
struct panel {
  u32 n, columns, vectors, width;
};

static struct panel panel_of(const struct group *g, u32 first) {
  struct panel panel = {.n = g->n0 + first,
                        .columns = g->columns - first < PANEL_COLUMNS ? g->columns - first : PANEL_COLUMNS};
  panel.vectors = panel.columns <= SIMD_WIDTH ? 1 : PANEL_VECTORS;
  panel.width = panel.vectors * SIMD_WIDTH;
  return panel;
}

static void pack(const struct matmul_params *p, const struct group *g, u32 k0, u32 k_count, f32 *packed) {
  const f32 *b = AT(const f32, p->b);
  for (u32 first = 0; first < g->columns; first += PANEL_COLUMNS, packed += CHUNK * PANEL_COLUMNS) {
    const struct panel panel = panel_of(g, first);
    if (p->orientation == MATMUL_NT)
      panel_pack_transposed(b + (u64)panel.n * p->ldb + k0, p->ldb, panel.columns, k_count, packed, panel.vectors);
    else
      panel_pack_rows(b + (u64)k0 * p->ldb + panel.n, p->ldb, panel.columns, k_count, packed, panel.vectors);
  }
}

/* Totals as C has them, or zeros. Each panel's totals stand for themselves, [rows][width]. */
static void load_totals(const struct matmul_params *p, const struct group *g, bool has_total, f32 *total) {
  for (u32 first = 0; first < g->columns; first += PANEL_COLUMNS, total += ROWS_MAX * PANEL_COLUMNS) {
    const struct panel panel = panel_of(g, first);
    memset(total, 0, sizeof(f32) * g->rows * panel.width);
    const f32 *c = AT(const f32, p->c) + (u64)g->m0 * p->ldc + panel.n;
    for (u32 i = 0; i < g->rows && has_total; i++)
      memcpy(total + i * panel.width, c + (u64)i * p->ldc, sizeof(f32) * panel.columns);
  }
}

/* One block of k's from k on, packed from `packed` on, for all panels of a group. */
static void add_block(const struct matmul_params *p, const struct group *g, u32 k, u32 k_count, const f32 *packed,
                      u32 packed_k, bool has_total, f32 *total) {
  const f32 *a = AT(const f32, p->a);
  for (u32 first = 0; first < g->columns;
       first += PANEL_COLUMNS, packed += CHUNK * PANEL_COLUMNS, total += ROWS_MAX * PANEL_COLUMNS) {
    const struct panel panel = panel_of(g, first);
    const struct tile_columns b = {packed + (u64)packed_k * panel.width, panel.width};
    if (p->orientation == MATMUL_TN)
      tile_product_across(a + (u64)k * p->lda + g->m0, p->lda, b, k_count, g->rows, panel.vectors, has_total, total,
                          panel.width);
    else
      tile_product_along(a + (u64)g->m0 * p->lda + k, p->lda, b, k_count, g->rows, panel.vectors, has_total, total,
                         panel.width);
  }
}

/* Out: the totals so far, or, at the end, with bias and quieting. */
static void store_totals(const struct matmul_params *p, const struct group *g, bool is_end, const f32 *total) {
  const bool has_bias = is_end && p->bias != 0, is_quiet = is_end && (p->flags & MATMUL_QUIET) != 0;
  for (u32 first = 0; first < g->columns; first += SIMD_WIDTH) {
    const struct panel panel = panel_of(g, first / PANEL_COLUMNS * PANEL_COLUMNS);
    const u32 lanes = g->columns - first < SIMD_WIDTH ? g->columns - first : SIMD_WIDTH;
    const simd_f32 bias = has_bias ? simd_load_part(AT(const f32, p->bias) + g->n0 + first, lanes) : simd_zero();
    const f32 *from = total + (u64)(first / PANEL_COLUMNS) * (ROWS_MAX * PANEL_COLUMNS) + first % PANEL_COLUMNS;
    f32 *c = AT(f32, p->c) + (u64)g->m0 * p->ldc + g->n0 + first;
    for (u32 i = 0; i < g->rows; i++, c += p->ldc, from += panel.width) {
      simd_f32 value = simd_load(from);
      if (has_bias) value = value + bias;
      if (is_quiet) value = simd_quiet(value);
      if (lanes == SIMD_WIDTH)
        simd_store(c, value);
      else
        simd_store_part(c, value, lanes);
    }
  }
}

/* Groups begin .. end-1, which share their columns: chunk after chunk of k, each packed once. Without any k there is
 * one empty chunk. */
static void columns_of_groups(const struct product *x, u32 begin, u32 end, f32 *scratch) {
  const struct matmul_params *p = x->p;
  f32 *total = scratch, *packed = total + ROWS_MAX * COLUMNS_MAX;
  u32 k0 = 0;
  do {
    const u32 k_count = x->k - k0 < CHUNK ? x->k - k0 : CHUNK;
    for (u32 index = begin; index < end; index++) {
      const struct group g = group_of(x, index);
      bool has_total = k0 > 0 || (p->flags & MATMUL_ACCUMULATE) != 0;
      if (index == begin) pack(p, &g, k0, k_count, packed);
      load_totals(p, &g, has_total, total);
      for (u32 k = 0; k < k_count; k += PANEL_BLOCK, has_total = true)
        add_block(p, &g, k0 + k, k_count - k < PANEL_BLOCK ? k_count - k : PANEL_BLOCK, packed, k, has_total, total);
      store_totals(p, &g, k0 + k_count == x->k, total);
    }
    k0 += k_count;
  } while (k0 < x->k);
}

KERNEL_FAST(matmul) {
  const struct product x = product_of(params);
  for (u32 index = group_begin; index < group_end;) {
    const u32 next_columns = (index / x.row_blocks + 1) * x.row_blocks,
              end = next_columns < group_end ? next_columns : group_end;
    columns_of_groups(&x, index, end, scratch);
    index = end;
  }
}
