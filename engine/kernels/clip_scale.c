/* The gradient's norm, and the factor that brings it down to the largest allowed. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

KERNEL_GROUPS(clip_scale) {
  (void)params;
  return 1;
}

KERNEL_RUN(clip_scale) {
  const struct clip_scale_params *p = params;
  (void)group_begin, (void)group_end, (void)scratch;
  const f32 norm = ex_sqrt(AT(const f32, p->square_sum)[0]);
  AT(f32, p->norm)[0] = norm;
  AT(f32, p->scale)[0] = p->max_norm > 0.0f && norm > p->max_norm ? ex_div(p->max_norm, norm) : 1.0f;
}
