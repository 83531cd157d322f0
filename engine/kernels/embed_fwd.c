/* Token embedding: a row of the table per token. */
#include <string.h>

#include "engine/kernels/kernel.h"

#define ROWS_PER_GROUP 32u

KERNEL_GROUPS(embed_fwd) {
  const struct embed_fwd_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

KERNEL_RUN(embed_fwd) {
  const struct embed_fwd_params *p = params;
  const u32 *token = AT(const u32, p->token);
  const u64 live = kernel_live(p->count, 0, p->rows_max), end = (u64)group_end * ROWS_PER_GROUP;
  (void)scratch;
  for (u64 t = (u64)group_begin * ROWS_PER_GROUP; t < live && t < end; t++)
    memcpy(AT(f32, p->result) + t * p->width, AT(const f32, p->table) + (u64)token[t] * p->width,
           sizeof(f32) * p->width);
}
