/* The groups of the matrix product. See dispatch.h. */
#include "platform/vulkan/dispatch.h"

void dispatch_matmul(const void *params, struct dispatch *dispatch) {
  const struct matmul_params *p = params;
  const bool rows_are_live = p->orientation != MATMUL_TN; /* else the count bounds k, and every tile is made */
  *dispatch = dispatch_rows(rows_are_live ? p->count : 0, p->m, MATMUL_TILE, 0);
  dispatch->first = rows_are_live ? p->first : 0;
  dispatch->repeat = (p->n + MATMUL_TILE - 1) / MATMUL_TILE;
  dispatch->group_cost = 2ull * MATMUL_TILE * MATMUL_TILE * p->k;
}
