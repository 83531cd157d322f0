/* RMSNorm (Zhang and Sennrich, 2019), a row at a time. */
#include "engine/kernels/kernel.h"
#include "engine/kernels/lanes.h"

#define ROWS_PER_GROUP 16u

KERNEL_GROUPS(rmsnorm_fwd) {
  const struct rmsnorm_fwd_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

static inline void add_squares(f32 lane[ROW_LANES], u32 base, const f32 *x, u32 count) {
  f32 square[ROW_LANES];
  for (u32 l = 0; l < count; l++) square[l] = x[l] * x[l];
  lanes_add(lane, base, square, count);
}

static f32 square_sum(const f32 *x, u32 width) {
  f32 lane[ROW_LANES] = {0};
  u32 base = 0;
  for (; base + ROW_LANES <= width; base += ROW_LANES)
    add_squares(lane, base, x + base, ROW_LANES); /* a constant count: vectors */
  if (base < width) add_squares(lane, base, x + base, width - base);
  return row_sum_tree(lane);
}

KERNEL_RUN(rmsnorm_fwd) {
  const struct rmsnorm_fwd_params *p = params;
  const f32 *w = AT(const f32, p->w);
  const u64 live = kernel_live(p->count, 0, p->rows_max), end = (u64)group_end * ROWS_PER_GROUP;
  (void)scratch;
  for (u64 t = (u64)group_begin * ROWS_PER_GROUP; t < live && t < end; t++) {
    const f32 *x = AT(const f32, p->x) + t * p->width;
    f32 *y = AT(f32, p->y) + t * p->width;
    const f32 mean = ex_div(square_sum(x, p->width), (f32)p->width);
    const f32 rstd = ex_rsqrt(mean + p->eps);
    AT(f32, p->rstd)[t] = rstd;
    for (u32 c = 0; c < p->width; c++) y[c] = ex_quiet(x[c] * rstd * w[c]);
  }
}
