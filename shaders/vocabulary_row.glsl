// The softmax of one row of logits (engine/kernels/vocabulary_row.h), for logprob_fwd and sample: one text, so that a
// token's log-prob at rollout is its log-prob at training. One workgroup a row, of 64 or more invocations (the dispatch
// says). A long row goes by in tiles of 32 blocks of 64 tokens: all invocations fill the tile, then each sum over it is
// one invocation's, in its order. Functions with a barrier are called by all invocations together.
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

shared int row_best_key[VOCABULARY_INVOCATIONS_MAX];

float vocabulary_z(float logit, float inverse_temperature) {
  P float z = logit * inverse_temperature;
  return ex_canonical(ex_flush(z));
}

float row_z(vocabulary_row row, uint token) {
  return vocabulary_z(row.logits.v[row.begin + token], row.inverse_temperature);
}

// The row's largest key; called once.
int vocabulary_max_key(vocabulary_row row) {
  int best = int(EX_SIGN); // below every key
  for (uint j = gl_LocalInvocationID.x; j < row.vocab; j += gl_WorkGroupSize.x)
    best = max(best, row_key(row_z(row, j)));
  row_best_key[gl_LocalInvocationID.x] = best;
  barrier();
  for (uint i = 0u; i < gl_WorkGroupSize.x; i++) best = max(best, row_best_key[i]);
  return best;
}

float vocabulary_logprob(vocabulary_row row, uint token, float log_total) {
  P float logprob = row_z(row, token) - row.m;
  logprob = logprob - log_total;
  return ex_canonical(logprob);
}

uint tile_blocks(uint tile, uint vocab) {
  return min(TILE_BLOCKS, (vocab - tile * TILE + BLOCK - 1u) / BLOCK);
}
