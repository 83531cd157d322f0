/* Gradient of RMSNorm with respect to its input, a row at a time; the gradient that goes round the block is added in
 * the same pass. */
#include "engine/kernels/kernel.h"
#include "engine/kernels/lanes.h"

#define ROWS_PER_GROUP 16u

KERNEL_GROUPS(rmsnorm_bwd) {
  const struct rmsnorm_bwd_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

/* w * dy * x * rstd, multiplied from the left */
static inline void add_products(f32 lane[ROW_LANES], u32 base, const f32 *x, const f32 *w, const f32 *dy, f32 rstd,
                                u32 count) {
  f32 product[ROW_LANES];
  for (u32 l = 0; l < count; l++) product[l] = w[l] * dy[l] * x[l] * rstd;
  lanes_add(lane, base, product, count);
}

static f32 dot_sum(const f32 *x, const f32 *w, const f32 *dy, f32 rstd, u32 width) {
  f32 lane[ROW_LANES] = {0};
  u32 base = 0;
  for (; base + ROW_LANES <= width; base += ROW_LANES) /* a constant count: vectors */
    add_products(lane, base, x + base, w + base, dy + base, rstd, ROW_LANES);
  if (base < width) add_products(lane, base, x + base, w + base, dy + base, rstd, width - base);
  return row_sum_tree(lane);
}

/* residual or x or dy may be dx itself: each element is read before it is written. */
static void row(const f32 *x, const f32 *w, const f32 *dy, const f32 *residual, f32 rstd, f32 mean, u32 width,
                f32 *dx) {
  if (residual == NULL) {
    for (u32 c = 0; c < width; c++) dx[c] = ex_quiet(rstd * (w[c] * dy[c] - x[c] * rstd * mean));
  } else {
    for (u32 c = 0; c < width; c++) dx[c] = ex_quiet(residual[c] + rstd * (w[c] * dy[c] - x[c] * rstd * mean));
  }
}

KERNEL_RUN(rmsnorm_bwd) {
  const struct rmsnorm_bwd_params *p = params;
  const f32 *w = AT(const f32, p->w);
  const u64 live = kernel_live(p->count, 0, p->rows_max), end = (u64)group_end * ROWS_PER_GROUP;
  (void)scratch;
  for (u64 t = (u64)group_begin * ROWS_PER_GROUP; t < live && t < end; t++) {
    const u64 begin = t * p->width;
    const f32 *x = AT(const f32, p->x) + begin, *dy = AT(const f32, p->dy) + begin;
    const f32 *residual = p->residual == 0 ? NULL : AT(const f32, p->residual) + begin;
    const f32 rstd = AT(const f32, p->rstd)[t];
    const f32 mean = ex_div(dot_sum(x, w, dy, rstd, p->width), (f32)p->width);
    row(x, w, dy, residual, rstd, mean, p->width, AT(f32, p->dx) + begin);
  }
}
