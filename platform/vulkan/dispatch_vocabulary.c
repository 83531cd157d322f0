/* The groups of the kernels over rows of logits. See dispatch.h. */
#include "engine/check.h"
#include "platform/vulkan/dispatch.h"

#define TILE (VOCABULARY_TILE_BLOCKS * VOCABULARY_BLOCK)

/* Invocations of a workgroup that has a row: enough to fill a tile in a few rounds, no more than a small row keeps busy. */
static u32 row_invocations(u32 vocab) { return vocab > TILE / 2 ? VOCABULARY_INVOCATIONS_MAX : GROUP_ROW_LANES; }

void dispatch_logprob_fwd(const void *params, struct dispatch *dispatch) {
  const struct logprob_fwd_params *p = params;
  *dispatch = dispatch_rows(p->count, p->rows_max, 1, 50ull * p->vocab);
  dispatch->first = p->first;
  dispatch->constants[0] = row_invocations(p->vocab);
  dispatch->constant_count = 1;
}

void dispatch_logprob_bwd(const void *params, struct dispatch *dispatch) {
  const struct logprob_bwd_params *p = params;
  *dispatch = dispatch_rows(p->count, p->rows_max, 1, 100ull * VOCABULARY_SLICE);
  dispatch->first = p->first;
  dispatch->repeat = p->vocab <= VOCABULARY_SLICE ? 1 : (p->vocab + VOCABULARY_SLICE - 1) / VOCABULARY_SLICE;
}

void dispatch_sample(const void *params, struct dispatch *dispatch) {
  const struct sample_params *p = params;
  CHECK(p->vocab <= TILE * VOCABULARY_TILES_MAX, "a vocabulary of %u tokens", p->vocab);
  *dispatch = dispatch_rows(p->count, p->rows_max, 1, 50ull * p->vocab);
  dispatch->constants[0] = row_invocations(p->vocab);
  dispatch->constant_count = 1;
}
