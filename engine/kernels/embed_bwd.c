/* Gradient of the embedding: each token's row is summed over the token's places, one group a token, so no two groups
 * meet. */
#include "engine/kernels/kernel.h"

#define BLOCK 64u   /* entries added up before they join the total */
#define COLUMNS 64u /* columns summed at a time: they stay in registers */

KERNEL_GROUPS(embed_bwd) {
  const struct embed_bwd_params *p = params;
  return kernel_live(p->unique_count, 0, p->unique_max);
}

/* block[c] = sum of dx[order[i]][c] for i in begin..end-1, from the first entry on. */
static void sum_block(const f32 *dx, const u32 *order, u32 begin, u32 end, u32 width, u32 columns, f32 block[COLUMNS]) {
  const f32 *first = dx + (u64)order[begin] * width;
  for (u32 c = 0; c < columns; c++) block[c] = first[c];
  for (u32 i = begin + 1; i < end; i++) {
    const f32 *row = dx + (u64)order[i] * width;
    for (u32 c = 0; c < columns; c++) block[c] = block[c] + row[c];
  }
}

KERNEL_RUN(embed_bwd) {
  const struct embed_bwd_params *p = params;
  const u32 *unique = AT(const u32, p->unique), *begin = AT(const u32, p->begin), *order = AT(const u32, p->order);
  (void)scratch;
  for (u32 u = group_begin; u < group_end; u++) {
    for (u32 c0 = 0; c0 < p->width; c0 += COLUMNS) {
      const u32 columns = p->width - c0 < COLUMNS ? p->width - c0 : COLUMNS;
      f32 *total = AT(f32, p->dtable_acc) + (u64)unique[u] * p->width + c0;
      for (u32 i = begin[u]; i < begin[u + 1]; i += BLOCK) {
        const u32 end = begin[u + 1] - i < BLOCK ? begin[u + 1] : i + BLOCK;
        f32 block[COLUMNS];
        sum_block(AT(const f32, p->dx) + c0, order, i, end, p->width, columns, block);
        for (u32 c = 0; c < columns; c++) total[c] = total[c] + block[c];
      }
    }
  }
}
