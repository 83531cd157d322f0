/* Element by element; the result may be either operand. */
#include "engine/kernels/kernel.h"

#define ELEMENTS_PER_GROUP 16384u

static u64 live_elements(const struct add_params *p) { return (u64)kernel_live(p->count, 0, p->rows_max) * p->width; }

KERNEL_GROUPS(add) { return (u32)((live_elements(params) + ELEMENTS_PER_GROUP - 1) / ELEMENTS_PER_GROUP); }

KERNEL_RUN(add) {
  const struct add_params *p = params;
  const f32 *a = AT(const f32, p->a), *b = AT(const f32, p->b);
  f32 *result = AT(f32, p->result);
  const u64 live = live_elements(p),
            end = (u64)group_end * ELEMENTS_PER_GROUP < live ? (u64)group_end * ELEMENTS_PER_GROUP : live;
  (void)scratch;
  for (u64 i = (u64)group_begin * ELEMENTS_PER_GROUP; i < end; i++) result[i] = a[i] + b[i];
}
