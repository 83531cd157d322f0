/* Panels: a few vectors' worth of columns of a matrix, packed [k][columns] so that a product walks them straight
 * through; and the tile, the register-blocked product of some rows with a panel. Shared by the fast forms of the matrix
 * product and of attention. Included by those kernels; owns nothing, never fails. Panels lie in the worker's scratch.
 */
#ifndef RLSP_ENGINE_KERNELS_PANEL_H
#define RLSP_ENGINE_KERNELS_PANEL_H

#include "engine/kernels/simd.h"

#define PANEL_BLOCK 64u  /* k's summed up before they join the total: part of the contract */
#define PANEL_VECTORS 2u /* vectors of a full panel's row */
#define PANEL_COLUMNS (PANEL_VECTORS * SIMD_WIDTH)
#define TILE_ROWS (SIMD_REGISTERS / 4u) /* x 2 vectors: half of the registers hold sums */

/* Columns k .. of `rows` (<= width) rows stand up as panel rows; the columns of rows that are not there are 0. */
SIMD_INLINE void panel_transpose(const f32 *from, u64 stride, u32 rows, u32 k_count, f32 *panel, u32 panel_stride) {
  u32 k = 0;
  for (; k + SIMD_WIDTH <= k_count; k += SIMD_WIDTH) {
    simd_f32 block[SIMD_WIDTH];
    for (u32 i = 0; i < SIMD_WIDTH; i++) block[i] = i < rows ? simd_load(from + i * stride + k) : simd_zero();
    simd_transpose(block);
    for (u32 i = 0; i < SIMD_WIDTH; i++) simd_store(panel + (u64)(k + i) * panel_stride, block[i]);
  }
  for (; k < k_count; k++)
    for (u32 i = 0; i < SIMD_WIDTH; i++) panel[(u64)k * panel_stride + i] = i < rows ? from[i * stride + k] : 0;
}

/* panel[k][c] = from[c][k], c < columns; `vectors` vectors a panel row. */
static inline void panel_pack_transposed(const f32 *from, u64 stride, u32 columns, u32 k_count, f32 *panel,
                                         u32 vectors) {
  for (u32 v = 0; v < vectors; v++) {
    const u32 left = columns - v * SIMD_WIDTH, rows = left < SIMD_WIDTH ? left : SIMD_WIDTH;
    if (rows == SIMD_WIDTH)
      panel_transpose(from + v * SIMD_WIDTH * stride, stride, SIMD_WIDTH, k_count, panel + v * SIMD_WIDTH,
                      vectors * SIMD_WIDTH);
    else
      panel_transpose(from + v * SIMD_WIDTH * stride, stride, rows, k_count, panel + v * SIMD_WIDTH,
                      vectors * SIMD_WIDTH);
  }
}

/* panel[k][c] = from[k][c] */
static inline void panel_pack_rows(const f32 *from, u64 stride, u32 columns, u32 k_count, f32 *panel, u32 vectors) {
  const u32 width = vectors * SIMD_WIDTH;
  if (columns == PANEL_COLUMNS) {
    for (u32 k = 0; k < k_count; k++)
      for (u32 v = 0; v < PANEL_VECTORS; v++)
        simd_store(panel + (u64)k * width + v * SIMD_WIDTH, simd_load(from + k * stride + v * SIMD_WIDTH));
    return;
  }
  for (u32 k = 0; k < k_count; k++) {
    for (u32 c = 0; c < columns; c++) panel[(u64)k * width + c] = from[k * stride + c];
    for (u32 c = columns; c < width; c++) panel[(u64)k * width + c] = 0;
  }
}

/* Rows of A whose element (row, k) stands at a[row * row_stride + k * k_stride]. */
struct tile_rows {
  const f32 *a;
  u64 row_stride, k_stride;
};

/* Row k of B's columns starts at b[k * stride]: a packed panel, or a matrix as it lies where whole vectors can be read.
 */
struct tile_columns {
  const f32 *b;
  u64 stride;
};

/* sum[row][column] = one block's products, in order of k from the first, added to sum where it has_total.
 * k_count 1..64. `rows`, `vectors` and one of the strides are constants where this is called: the sums stay in
 * registers. */
SIMD_INLINE void tile_product(struct tile_rows a, struct tile_columns b, u32 k_count, u32 rows, u32 vectors,
                              bool has_total, f32 *sum, u64 sum_stride) {
  simd_f32 block[TILE_ROWS][PANEL_VECTORS];
  for (u32 i = 0; i < rows; i++)
    for (u32 v = 0; v < vectors; v++) block[i][v] = a.a[i * a.row_stride] * simd_load(b.b + v * SIMD_WIDTH);
  for (u32 k = 1; k < k_count; k++) {
    const f32 *row = b.b + k * b.stride, *column = a.a + k * a.k_stride;
    for (u32 i = 0; i < rows; i++)
      for (u32 v = 0; v < vectors; v++)
        block[i][v] = block[i][v] + column[i * a.row_stride] * simd_load(row + v * SIMD_WIDTH);
  }
  for (u32 i = 0; i < rows; i++)
    for (u32 v = 0; v < vectors; v++) {
      f32 *at = sum + i * sum_stride + v * SIMD_WIDTH;
      simd_store(at, has_total ? simd_load(at) + block[i][v] : block[i][v]);
    }
}

/* Any number of rows, as few tiles as they need. */
SIMD_INLINE void tile_rows_product(struct tile_rows a, struct tile_columns b, u32 k_count, u32 rows, u32 vectors,
                                   bool has_total, f32 *sum, u64 sum_stride) {
  u32 i = 0;
#define TILE_STEP(n)                                                                       \
  for (; i + (n) <= rows; i += (n)) {                                                      \
    const struct tile_rows at = {a.a + i * a.row_stride, a.row_stride, a.k_stride};        \
    tile_product(at, b, k_count, n, vectors, has_total, sum + i * sum_stride, sum_stride); \
  }
#if SIMD_REGISTERS == 32
  TILE_STEP(8)
#endif
  TILE_STEP(4)
  TILE_STEP(2)
  TILE_STEP(1)
#undef TILE_STEP
}

/* The two ways A lies: along its rows (k_stride 1) and across them (row_stride 1). */
static inline void tile_product_along(const f32 *a, u64 row_stride, struct tile_columns b, u32 k_count, u32 rows,
                                      u32 vectors, bool has_total, f32 *sum, u64 sum_stride) {
  const struct tile_rows at = {a, row_stride, 1};
  if (vectors == 1)
    tile_rows_product(at, b, k_count, rows, 1, has_total, sum, sum_stride);
  else
    tile_rows_product(at, b, k_count, rows, PANEL_VECTORS, has_total, sum, sum_stride);
}
static inline void tile_product_across(const f32 *a, u64 k_stride, struct tile_columns b, u32 k_count, u32 rows,
                                       u32 vectors, bool has_total, f32 *sum, u64 sum_stride) {
  const struct tile_rows at = {a, 1, k_stride};
  if (vectors == 1)
    tile_rows_product(at, b, k_count, rows, 1, has_total, sum, sum_stride);
  else
    tile_rows_product(at, b, k_count, rows, PANEL_VECTORS, has_total, sum, sum_stride);
}

#endif
