/* Generalised advantage estimation (Schulman et al. 2016, eq. 16), from the last token back. One sample a group. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

KERNEL_GROUPS(gae) { return ((const struct gae_params *)params)->samples; }

KERNEL_RUN(gae) {
  const struct gae_params *p = params;
  (void)scratch;
  for (u32 sample = group_begin; sample < group_end; sample++) {
    const u64 row = (u64)sample * p->response_max;
    const u32 length = AT(const u32, p->lengths)[sample];
    const f32 *reward = AT(const f32, p->reward) + row, *value = AT(const f32, p->value) + row;
    f32 *advantage = AT(f32, p->advantage) + row, *ret = AT(f32, p->ret) + row;
    for (u32 t = length; t < p->response_max; t++) advantage[t] = ret[t] = 0.0f;
    for (u32 t = length; t-- > 0;) {
      const bool last = t + 1 == length;
      const f32 outlook = last ? reward[t] : reward[t] + ex_flush(p->gamma * value[t + 1]);
      const f32 delta = outlook - value[t];
      advantage[t] = last ? delta : delta + ex_flush(p->gamma_lambda * advantage[t + 1]);
      ret[t] = advantage[t] + value[t];
    }
  }
}
