/* New keys and values go to their rows of the cache. */
#include <string.h>

#include "engine/kernels/kernel.h"

#define ROWS_PER_GROUP 32u

KERNEL_GROUPS(kv_store) {
  const struct kv_store_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

KERNEL_RUN(kv_store) {
  const struct kv_store_params *p = params;
  const u32 *cache_row = AT(const u32, p->cache_row);
  const u64 live = kernel_live(p->count, 0, p->rows_max), end = (u64)group_end * ROWS_PER_GROUP;
  (void)scratch;
  for (u64 t = (u64)group_begin * ROWS_PER_GROUP; t < live && t < end; t++) {
    const u64 from = t * p->stride, to = (u64)cache_row[t] * p->width;
    memcpy(AT(f32, p->k_cache) + to, AT(const f32, p->k) + from, sizeof(f32) * p->width);
    memcpy(AT(f32, p->v_cache) + to, AT(const f32, p->v) + from, sizeof(f32) * p->width);
  }
}
