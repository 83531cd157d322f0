/* Gradient of SwiGLU. The result may be written over gate_up: each element is read before it is written. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

#define ROWS_PER_GROUP 16u

KERNEL_GROUPS(swiglu_bwd) {
  const struct swiglu_bwd_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

#define CHUNK 64u /* through a copy, so that the compiler need not fear that dgate overwrites up */

static inline void chunk(const f32 *gate, const f32 *up, const f32 *dout, u32 count, f32 *dgate, f32 *dup) {
  _Alignas(64) f32 s[CHUNK], dg[CHUNK], du[CHUNK];
  for (u32 f = 0; f < count; f++) s[f] = ex_sigmoid(gate[f]);
  for (u32 f = 0; f < count; f++) dg[f] = ex_quiet(dout[f] * up[f] * s[f] * (1.0f + gate[f] * (1.0f - s[f])));
  for (u32 f = 0; f < count; f++) du[f] = ex_quiet(dout[f] * gate[f] * s[f]);
  for (u32 f = 0; f < count; f++) dgate[f] = dg[f];
  for (u32 f = 0; f < count; f++) dup[f] = du[f];
}

KERNEL_RUN(swiglu_bwd) {
  const struct swiglu_bwd_params *p = params;
  const u64 live = kernel_live(p->count, 0, p->rows_max), end = (u64)group_end * ROWS_PER_GROUP;
  const u32 width = p->width;
  (void)scratch;
  for (u64 t = (u64)group_begin * ROWS_PER_GROUP; t < live && t < end; t++) {
    const f32 *gate = AT(const f32, p->gate_up) + t * 2 * width, *dout = AT(const f32, p->dout) + t * width;
    f32 *dgate = AT(f32, p->d_gate_up) + t * 2 * width;
    u32 f = 0;
    for (; f + CHUNK <= width; f += CHUNK)
      chunk(gate + f, gate + width + f, dout + f, CHUNK, dgate + f, dgate + width + f);
    if (f < width) chunk(gate + f, gate + width + f, dout + f, width - f, dgate + f, dgate + width + f);
  }
}
