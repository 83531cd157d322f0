/* The groups of attention. See dispatch.h. Every pipeline is made for its head dimension, which sizes its arrays. */
#include "platform/vulkan/dispatch.h"

#define KEYS_USUAL 512u /* what the cost of a group assumes: the lengths are on the device */

static u64 usual_keys(u32 rows_max) { return rows_max < KEYS_USUAL ? rows_max : KEYS_USUAL; }

/* Tiles of 64 rows by `heads` by parts of the head's dimensions; `dots` products along the dimensions for each pair. */
static struct dispatch tiles(u64 count, u32 rows_max, u32 heads, u32 head_dim, u32 dots) {
  const u32 parts = (head_dim + ATTENTION_PART - 1) / ATTENTION_PART;
  struct dispatch tiled = dispatch_rows(count, rows_max, ATTENTION_TILE, 0);
  tiled.repeat = heads * parts;
  tiled.group_cost = 2ull * ATTENTION_TILE * (usual_keys(rows_max) + ATTENTION_TILE) * (dots + 1) * head_dim;
  tiled.constants[0] = head_dim;
  tiled.constant_count = 1;
  return tiled;
}

/* Keys that lie in rows of their own are a cache: there each query is alone with its keys. */
void dispatch_attention_fwd(const void *params, struct dispatch *dispatch) {
  const struct attention_fwd_params *p = params;
  const bool is_alone = p->kv_stride != p->q_stride;
  *dispatch = tiles(p->count, p->rows_max, p->heads, p->head_dim, 2);
  if (is_alone) {
    dispatch->unit = p->heads;
    dispatch->per_group = ATTENTION_ALONE;
    dispatch->repeat = 1;
    dispatch->group_cost = 6ull * ATTENTION_ALONE * KEYS_USUAL * p->head_dim;
  }
  dispatch->constants[dispatch->constant_count++] = is_alone;
}

void dispatch_attention_bwd_q(const void *params, struct dispatch *dispatch) {
  const struct attention_bwd_q_params *p = params;
  *dispatch = tiles(p->count, p->rows_max, p->heads, p->head_dim, 2);
}

void dispatch_attention_bwd_kv(const void *params, struct dispatch *dispatch) {
  const struct attention_bwd_kv_params *p = params;
  *dispatch = tiles(p->count, p->rows_max, 2 * p->kv_heads, p->head_dim, 2); /* keys and values apart */
  dispatch->group_cost *= p->heads / p->kv_heads;
}
