/* The groups of the decoder's kernels, attention and matrix products aside. See dispatch.h. */
#include "platform/vulkan/dispatch.h"

/* The costs are products and sums of an element; a copied or added one is a few words of memory, which cost as much. */
#define MEMORY_COST 4u

/* Rows of `width` elements, one thread an element. */
#define DISPATCH_ROWS_OF_ELEMENTS(name, element_cost)                             \
  void dispatch_##name(const void *params, struct dispatch *dispatch) {           \
    const struct name##_params *p = params;                                       \
    *dispatch = dispatch_elements(p->count, p->rows_max, p->width, element_cost); \
  }
DISPATCH_ROWS_OF_ELEMENTS(embed_fwd, MEMORY_COST)
DISPATCH_ROWS_OF_ELEMENTS(kv_store, 2 * MEMORY_COST)
DISPATCH_ROWS_OF_ELEMENTS(swiglu_fwd, 60)
DISPATCH_ROWS_OF_ELEMENTS(swiglu_bwd, 70)
DISPATCH_ROWS_OF_ELEMENTS(add, MEMORY_COST)
DISPATCH_ROWS_OF_ELEMENTS(gather_rows, MEMORY_COST)
DISPATCH_ROWS_OF_ELEMENTS(scatter_rows, MEMORY_COST)

void dispatch_fill(const void *params, struct dispatch *dispatch) {
  const struct fill_params *p = params;
  *dispatch = dispatch_elements(0, p->n, 1, MEMORY_COST);
}

void dispatch_copy(const void *params, struct dispatch *dispatch) {
  const struct copy_params *p = params;
  *dispatch = dispatch_elements(0, p->n, 1, MEMORY_COST);
}

void dispatch_rope(const void *params, struct dispatch *dispatch) {
  const struct rope_params *p = params;
  *dispatch = dispatch_elements(p->count, p->rows_max, p->heads * (p->head_dim / 2), 3 * MEMORY_COST);
}

void dispatch_rmsnorm_fwd(const void *params, struct dispatch *dispatch) {
  const struct rmsnorm_fwd_params *p = params;
  *dispatch = dispatch_rows(p->count, p->rows_max, 1, 6ull * p->width);
}

void dispatch_rmsnorm_bwd(const void *params, struct dispatch *dispatch) {
  const struct rmsnorm_bwd_params *p = params;
  *dispatch = dispatch_rows(p->count, p->rows_max, 1, 12ull * p->width);
}

/* A sum down the rows makes every column, however many rows are live. */
static struct dispatch columns(u32 width, u64 column_cost) {
  return dispatch_fixed((width + COLUMN_SUM_COLUMNS - 1) / COLUMN_SUM_COLUMNS, COLUMN_SUM_COLUMNS * column_cost);
}

void dispatch_rmsnorm_bwd_w(const void *params, struct dispatch *dispatch) {
  const struct rmsnorm_bwd_w_params *p = params;
  *dispatch = columns(p->width, 3ull * MEMORY_COST * p->rows_max);
}

void dispatch_bias_bwd(const void *params, struct dispatch *dispatch) {
  const struct bias_bwd_params *p = params;
  *dispatch = columns(p->width, (u64)MEMORY_COST * p->rows_max);
}

void dispatch_embed_bwd(const void *params, struct dispatch *dispatch) {
  const struct embed_bwd_params *p = params;
  *dispatch = dispatch_rows(p->unique_count, p->unique_max, 1, 0);
  dispatch->repeat = (p->width + EMBED_BWD_COLUMNS - 1) / EMBED_BWD_COLUMNS;
  dispatch->group_cost = (u64)EMBED_BWD_COLUMNS * 64 * MEMORY_COST; /* as if each token had a block of places */
}
