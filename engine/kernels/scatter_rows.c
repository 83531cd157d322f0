/* Rows that stand one after another go to the rows an index names; the index names none twice. */
#include <string.h>

#include "engine/kernels/kernel.h"

#define ROWS_PER_GROUP 32u

KERNEL_GROUPS(scatter_rows) {
  const struct scatter_rows_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

KERNEL_RUN(scatter_rows) {
  const struct scatter_rows_params *p = params;
  const u32 *row = AT(const u32, p->row);
  const u64 live = kernel_live(p->count, 0, p->rows_max), end = (u64)group_end * ROWS_PER_GROUP;
  (void)scratch;
  for (u64 i = (u64)group_begin * ROWS_PER_GROUP; i < live && i < end; i++)
    memcpy(AT(f32, p->result) + (u64)row[i] * p->width, AT(const f32, p->x) + i * p->width, sizeof(f32) * p->width);
}
