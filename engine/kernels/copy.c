#include <string.h>

#include "engine/kernels/kernel.h"

#define ELEMENTS_PER_GROUP 16384u

KERNEL_GROUPS(copy) {
  const struct copy_params *p = params;
  return (u32)(((u64)p->n + ELEMENTS_PER_GROUP - 1) / ELEMENTS_PER_GROUP);
}

KERNEL_RUN(copy) {
  const struct copy_params *p = params;
  const u64 begin = (u64)group_begin * ELEMENTS_PER_GROUP;
  const u64 end = (u64)group_end * ELEMENTS_PER_GROUP < p->n ? (u64)group_end * ELEMENTS_PER_GROUP : p->n;
  (void)scratch;
  memcpy(AT(f32, p->result) + begin, AT(const f32, p->source) + begin, sizeof(f32) * (end - begin));
}
