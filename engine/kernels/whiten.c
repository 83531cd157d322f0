/* Advantages of one stream, whitened (or plain), into the weighted mix of all streams. One sample a group. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

KERNEL_GROUPS(whiten) { return ((const struct whiten_params *)params)->samples; }

KERNEL_RUN(whiten) {
  const struct whiten_params *p = params;
  (void)scratch;
  const f32 mean = p->plain ? 0.0f : AT(const f32, p->mean)[0];
  const f32 rstd = p->plain ? 1.0f : ex_div(1.0f, ex_sqrt(AT(const f32, p->variance)[0]) + 1e-8f);
  for (u32 sample = group_begin; sample < group_end; sample++) {
    const u64 row = (u64)sample * p->response_max;
    const u32 length = AT(const u32, p->lengths)[sample];
    const f32 *x = AT(const f32, p->x) + row;
    f32 *result = AT(f32, p->result) + row;
    for (u32 t = 0; t < p->response_max; t++) {
      const f32 centred = p->plain ? x[t] : x[t] - mean;
      const f32 weighted = ex_flush(p->weight * centred);
      const f32 mixed = p->plain ? weighted : ex_flush(weighted * rstd);
      result[t] = t >= length ? 0.0f : p->accumulate ? result[t] + mixed : mixed;
    }
  }
}
