/* Gradient of RMSNorm with respect to its weights: a sum down the rows, a group for every 16 columns. */
#include "engine/kernels/kernel.h"

#define BLOCK 64u
#define COLUMNS 16u /* columns of a group: one cache line, and enough groups for the threads at small widths */

KERNEL_GROUPS(rmsnorm_bwd_w) {
  const struct rmsnorm_bwd_w_params *p = params;
  return (p->width + COLUMNS - 1) / COLUMNS;
}

/* block[c] = sum over rows t0..t1-1 of dy * x * rstd, from the first on. */
static void sum_block(const struct rmsnorm_bwd_w_params *p, u32 t0, u32 t1, u32 c0, u32 columns, f32 block[COLUMNS]) {
  const f32 *rstd = AT(const f32, p->rstd);
  for (u32 t = t0; t < t1; t++) {
    const f32 *x = AT(const f32, p->x) + (u64)t * p->width + c0, *dy = AT(const f32, p->dy) + (u64)t * p->width + c0;
    for (u32 c = 0; c < columns; c++) {
      const f32 product = dy[c] * x[c] * rstd[t];
      block[c] = t == t0 ? product : block[c] + product;
    }
  }
}

KERNEL_RUN(rmsnorm_bwd_w) {
  const struct rmsnorm_bwd_w_params *p = params;
  const u32 live = kernel_live(p->count, 0, p->rows_max);
  (void)scratch;
  for (u32 g = group_begin; g < group_end; g++) {
    const u32 c0 = g * COLUMNS, columns = p->width - c0 < COLUMNS ? p->width - c0 : COLUMNS;
    f32 total[COLUMNS] = {0}, block[COLUMNS];
    for (u32 t = 0; t < live; t += BLOCK) {
      const u32 end = live - t < BLOCK ? live : t + BLOCK;
      if (columns == COLUMNS)
        sum_block(p, t, end, c0, COLUMNS, block); /* a constant: the compiler keeps the block in registers */
      else
        sum_block(p, t, end, c0, columns, block);
      for (u32 c = 0; c < columns; c++) total[c] = t == 0 ? block[c] : total[c] + block[c];
    }
    for (u32 c = 0; c < columns; c++) AT(f32, p->dw)[c0 + c] = total[c];
  }
}
