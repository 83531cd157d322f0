/* The matrix product as the CPU device runs it: memcmp-equal to matmul.c, since every element of C sees the same operations in the same order.
 *
 * A group is some rows of C by one panel of its columns. The panel of B is packed into scratch once and serves all consecutive groups of a
 * call (groups go down the rows first); sums of 64 k's are made in registers and join totals that stay in the first-level cache. */
#include "engine/kernels/kernel.h"
#include "engine/kernels/panel.h"

#define ROWS_MAX 64u   /* of a group: its totals and its slice of A fit the first-level cache beside the panel */
#define ROWS_MIN 16u
#define GROUPS_WANTED 48u /* below this the groups get smaller, for threads to share */
#define CHUNK 2048u       /* k's packed at once */

_Static_assert((CHUNK + ROWS_MAX) * PANEL_COLUMNS * sizeof(f32) <= KERNEL_SCRATCH_BYTES, "a packed panel and its totals exceed the scratch");
_Static_assert(CHUNK % PANEL_BLOCK == 0, "blocks of k straddle chunks");

/* The shape of a call now. */
struct product {
  const struct matmul_params *p;
  u32 m, n, k, rows, row_blocks, panels;
};

static struct product product_of(const struct matmul_params *p) {
  struct product x = {.p = p, .m = p->m, .n = p->n, .k = p->k, .rows = ROWS_MAX, .panels = (p->n + PANEL_COLUMNS - 1) / PANEL_COLUMNS};
  if (p->orientation == MATMUL_TN) x.k = kernel_live(p->count, p->first, p->k);
  else x.m = kernel_live(p->count, p->first, p->m);
  while (x.rows > ROWS_MIN && (u64)((x.m + x.rows - 1) / x.rows) * x.panels < GROUPS_WANTED) x.rows /= 2;
  x.row_blocks = (x.m + x.rows - 1) / x.rows;
  return x;
}

KERNEL_FAST_GROUPS(matmul) {
  const struct product x = product_of(params);
  return x.row_blocks * x.panels;
}

/* What a group works on. */
struct group {
  u32 m0, rows, n0, columns, vectors;
};

static struct group group_of(const struct product *x, u32 index) {
  struct group g = {.m0 = index % x->row_blocks * x->rows, .n0 = index / x->row_blocks * PANEL_COLUMNS};
  g.rows = x->m - g.m0 < x->rows ? x->m - g.m0 : x->rows;
  g.columns = x->n - g.n0 < PANEL_COLUMNS ? x->n - g.n0 : PANEL_COLUMNS;
  g.vectors = g.columns <= SIMD_WIDTH ? 1 : PANEL_VECTORS;
  return g;
}

static void pack(const struct matmul_params *p, const struct group *g, u32 k0, u32 k_count, f32 *panel) {
  const f32 *b = AT(const f32, p->b);
  if (p->orientation == MATMUL_NT) panel_pack_transposed(b + (u64)g->n0 * p->ldb + k0, p->ldb, g->columns, k_count, panel, g->vectors);
  else panel_pack_rows(b + (u64)k0 * p->ldb + g->n0, p->ldb, g->columns, k_count, panel, g->vectors);
}

static void start_totals(const struct matmul_params *p, const struct group *g, f32 *total) {
  const f32 *c = AT(const f32, p->c) + (u64)g->m0 * p->ldc + g->n0;
  const u32 width = g->vectors * SIMD_WIDTH;
  memset(total, 0, sizeof(f32) * g->rows * width);
  if ((p->flags & MATMUL_ACCUMULATE) == 0) return;
  for (u32 i = 0; i < g->rows; i++) memcpy(total + i * width, c + (u64)i * p->ldc, sizeof(f32) * g->columns);
}

/* The packed k's of a group's rows, block after block. */
static void add_blocks(const struct matmul_params *p, const struct group *g, u32 k0, u32 k_count, const f32 *panel, bool has_total, f32 *total) {
  const u32 width = g->vectors * SIMD_WIDTH;
  for (u32 k = 0; k < k_count; k += PANEL_BLOCK) {
    const u32 block = k_count - k < PANEL_BLOCK ? k_count - k : PANEL_BLOCK;
    const f32 *a = AT(const f32, p->a);
    const struct tile_columns b = {panel + (u64)k * width, width};
    if (p->orientation == MATMUL_TN)
      tile_product_across(a + (u64)(k0 + k) * p->lda + g->m0, p->lda, b, block, g->rows, g->vectors, has_total, total, width);
    else
      tile_product_along(a + (u64)g->m0 * p->lda + k0 + k, p->lda, b, block, g->rows, g->vectors, has_total, total, width);
    has_total = true;
  }
}

/* Bias, quieting, and out. */
static void finish(const struct matmul_params *p, const struct group *g, const f32 *total) {
  const u32 width = g->vectors * SIMD_WIDTH;
  for (u32 v = 0; v * SIMD_WIDTH < g->columns; v++) {
    const u32 n = g->n0 + v * SIMD_WIDTH, left = g->columns - v * SIMD_WIDTH, lanes = left < SIMD_WIDTH ? left : SIMD_WIDTH;
    const simd_f32 bias = p->bias == 0 ? simd_zero() : simd_load_part(AT(const f32, p->bias) + n, lanes);
    f32 *c = AT(f32, p->c) + (u64)g->m0 * p->ldc + n;
    for (u32 i = 0; i < g->rows; i++, c += p->ldc) {
      simd_f32 value = simd_load(total + i * width + v * SIMD_WIDTH);
      if (p->bias != 0) value = value + bias;
      if ((p->flags & MATMUL_QUIET) != 0) value = simd_quiet(value);
      if (lanes == SIMD_WIDTH) simd_store(c, value);
      else simd_store_part(c, value, lanes);
    }
  }
}

KERNEL_FAST(matmul) {
  const struct product x = product_of(params);
  f32 *total = scratch, *panel = total + ROWS_MAX * PANEL_COLUMNS;
  u32 packed = UINT32_MAX; /* the panel that stands whole in scratch */
  for (u32 index = group_begin; index < group_end; index++) {
    const struct group g = group_of(&x, index);
    start_totals(x.p, &g, total);
    for (u32 k0 = 0; k0 < x.k; k0 += CHUNK) {
      const u32 k_count = x.k - k0 < CHUNK ? x.k - k0 : CHUNK;
      if (x.k > CHUNK || packed != g.n0) pack(x.p, &g, k0, k_count, panel);
      packed = g.n0;
      add_blocks(x.p, &g, k0, k_count, panel, k0 > 0 || (x.p->flags & MATMUL_ACCUMULATE) != 0, total);
    }
    finish(x.p, &g, total);
  }
}
