#include "engine/kernels/kernel.h"

#define ELEMENTS_PER_GROUP 16384u

KERNEL_GROUPS(fill) {
  const struct fill_params *p = params;
  return (p->n + ELEMENTS_PER_GROUP - 1) / ELEMENTS_PER_GROUP;
}

KERNEL_RUN(fill) {
  const struct fill_params *p = params;
  f32 *result = AT(f32, p->result);
  (void)scratch;
  const u64 begin = (u64)group_begin * ELEMENTS_PER_GROUP;
  const u64 end = (u64)group_end * ELEMENTS_PER_GROUP < p->n ? (u64)group_end * ELEMENTS_PER_GROUP : p->n;
  for (u64 i = begin; i < end; i++) result[i] = p->value;
}
