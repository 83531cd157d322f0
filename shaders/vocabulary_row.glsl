// The softmax of one row of logits (engine/kernels/vocabulary_row.h), for logprob_fwd and sample: one text, so that a
// token's log-prob at rollout is its log-prob at training. One workgroup a row, of as many invocations as the dispatch
// says. A row goes by in tiles of 32 blocks of 64 tokens: all invocations fill the tile, then each sum over it is one
// invocation's, in its order. Functions that end in a barrier are called by all invocations together, in uniform control
// flow.
#define LANES uint(GROUP_ROW_LANES)
#define BLOCK uint(VOCABULARY_BLOCK)
#define TILE_BLOCKS uint(VOCABULARY_TILE_BLOCKS)
#define TILE (TILE_BLOCKS * BLOCK)
#define BLOCK_STRIDE (BLOCK + 1u) // one word of padding: neither tokens nor blocks in step meet in a bank

layout(local_size_x_id = 0) in;

struct vocabulary_row {
  F32 logits;
  uint begin, vocab; // its tokens are logits.v[begin .. begin + vocab - 1]
  float inverse_temperature, m;
};

shared int row_max_key;

float vocabulary_z(float logit, float inverse_temperature) {
  P float z = logit * inverse_temperature;
  return ex_canonical(ex_flush(z));
}

float row_z(vocabulary_row row, uint token) {
  return vocabulary_z(row.logits.v[row.begin + token], row.inverse_temperature);
}

// The row's largest key; ends in a barrier.
int vocabulary_max_key(vocabulary_row row) {
  int best = int(EX_SIGN); // below every key
  if (gl_LocalInvocationID.x == 0u) row_max_key = best;
  barrier();
  for (uint j = gl_LocalInvocationID.x; j < row.vocab; j += gl_WorkGroupSize.x) best = max(best, row_key(row_z(row, j)));
  atomicMax(row_max_key, best);
  barrier();
  return row_max_key;
}

float vocabulary_logprob(vocabulary_row row, uint token, float log_total) {
  P float logprob = row_z(row, token) - row.m;
  logprob = logprob - log_total;
  return ex_canonical(logprob);
}

uint tile_blocks(uint tile, uint vocab) {
  return min(TILE_BLOCKS, (vocab - tile * TILE + BLOCK - 1u) / BLOCK);
}
