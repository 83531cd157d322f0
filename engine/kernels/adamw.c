/* AdamW (Loshchilov & Hutter 2019) over one tensor. A gradient quieted first, and moments flushed at 2^-100, leave no
 * product near the denormals. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

#define ELEMENTS_PER_GROUP 16384u

KERNEL_GROUPS(adamw) {
  const struct adamw_params *p = params;
  return (u32)(((u64)p->n + ELEMENTS_PER_GROUP - 1) / ELEMENTS_PER_GROUP);
}

KERNEL_RUN(adamw) {
  const struct adamw_params q = *(const struct adamw_params *)params; /* a copy: no store below can change it */
  (void)scratch;
  f32 *restrict w = AT(f32, q.w), *restrict m = AT(f32, q.m), *restrict v = AT(f32, q.v);
  const f32 *restrict g = AT(const f32, q.g);
  const f32 scale = AT(const f32, q.scale)[0];
  const f32 lr = AT(const f32, q.control)[0], correction1 = AT(const f32, q.control)[1],
            correction2 = AT(const f32, q.control)[2];
  const u64 end = (u64)group_end * ELEMENTS_PER_GROUP < q.n ? (u64)group_end * ELEMENTS_PER_GROUP : q.n;
  for (u64 i = (u64)group_begin * ELEMENTS_PER_GROUP; i < end; i++) {
    const f32 gradient = ex_quiet(g[i] * scale);
    const f32 first = ex_flush(q.beta1 * m[i] + q.one_minus_beta1 * gradient);
    const f32 second = ex_flush(q.beta2 * v[i] + q.one_minus_beta2 * (gradient * gradient));
    m[i] = first;
    v[i] = second;
    const f32 step = ex_div(first * correction1, ex_sqrt(second * correction2) + q.eps);
    w[i] = ex_quiet(w[i] - lr * (step + q.weight_decay * w[i]));
  }
}
