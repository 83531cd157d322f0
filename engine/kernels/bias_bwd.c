/* Gradient of a bias: a sum down the rows, a group for every 16 columns. */
#include "engine/kernels/kernel.h"

#define BLOCK 64u
#define COLUMNS 16u

KERNEL_GROUPS(bias_bwd) {
  const struct bias_bwd_params *p = params;
  return (p->width + COLUMNS - 1) / COLUMNS;
}

/* block[c] = sum over rows t0..t1-1, from the first on. */
static void sum_block(const struct bias_bwd_params *p, u32 t0, u32 t1, u32 c0, u32 columns, f32 block[COLUMNS]) {
  for (u32 t = t0; t < t1; t++) {
    const f32 *dy = AT(const f32, p->dy) + (u64)t * p->stride + c0;
    for (u32 c = 0; c < columns; c++) block[c] = t == t0 ? dy[c] : block[c] + dy[c];
  }
}

KERNEL_RUN(bias_bwd) {
  const struct bias_bwd_params *p = params;
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
    for (u32 c = 0; c < columns; c++) AT(f32, p->db)[c0 + c] = total[c];
  }
}
