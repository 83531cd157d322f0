/* One quotient: a mean from a sum and a count. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

KERNEL_GROUPS(divide) {
  (void)params;
  return 1;
}

KERNEL_RUN(divide) {
  const struct divide_params *p = params;
  (void)group_begin, (void)group_end, (void)scratch;
  const f32 divisor = AT(const f32, p->divisor)[0];
  AT(f32, p->result)[0] = divisor == 0.0f ? 0.0f : ex_div(AT(const f32, p->sum)[0], divisor);
}
