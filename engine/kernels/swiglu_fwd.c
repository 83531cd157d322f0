/* SwiGLU (Shazeer, 2020): silu(gate) * up. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

#define ROWS_PER_GROUP 16u

KERNEL_GROUPS(swiglu_fwd) {
  const struct swiglu_fwd_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

static void row(const f32 *restrict gate, const f32 *restrict up, u32 width, f32 *restrict result) {
  for (u32 f = 0; f < width; f++) result[f] = ex_quiet(ex_silu(gate[f]) * up[f]);
}

KERNEL_RUN(swiglu_fwd) {
  const struct swiglu_fwd_params *p = params;
  const u64 live = kernel_live(p->count, 0, p->rows_max), end = (u64)group_end * ROWS_PER_GROUP;
  (void)scratch;
  for (u64 t = (u64)group_begin * ROWS_PER_GROUP; t < live && t < end; t++) {
    const f32 *gate = AT(const f32, p->gate_up) + t * 2 * p->width;
    row(gate, gate + p->width, p->width, AT(f32, p->result) + t * p->width);
  }
}
