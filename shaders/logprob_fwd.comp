// The log-probs and entropies of engine/kernels/logprob_fwd.c, bit for bit: one workgroup a row.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"
#include "shaders/row_sum.glsl"
#include "shaders/vocabulary_row.glsl"

KERNEL(logprob_fwd)

shared float weight[TILE_BLOCKS * BLOCK_STRIDE]; // exp(z - m); +0 beyond the row
shared float moment[TILE_BLOCKS * BLOCK_STRIDE]; // exp(z - m) * (z - m); likewise
shared float weight_sum[LANES], moment_sum[LANES];

void fill_tile(vocabulary_row row, uint tile, uint blocks) {
  for (uint i = gl_LocalInvocationID.x; i < blocks * BLOCK; i += gl_WorkGroupSize.x) {
    uint token = tile * TILE + i, place = i / BLOCK * BLOCK_STRIDE + i % BLOCK;
    bool is_there = token < row.vocab;
    P float shift = row_z(row, is_there ? token : 0u) - row.m;
    P float e = ex_exp(shift);
    P float product = e * shift;
    weight[place] = is_there ? e : 0.0;
    moment[place] = is_there ? product : 0.0;
  }
}

// Lanes 0 .. 63 sum the weights, 64 .. 127 the moments, whichever invocations take them.
void add_tile(uint blocks) {
  for (uint i = gl_LocalInvocationID.x; i < 2u * LANES; i += gl_WorkGroupSize.x) {
    uint lane = i % LANES;
    P float sum = i < LANES ? weight_sum[lane] : moment_sum[lane];
    for (uint block = 0u; block < blocks; block++)
      sum = sum + (i < LANES ? weight[block * BLOCK_STRIDE + lane] : moment[block * BLOCK_STRIDE + lane]);
    if (i < LANES)
      weight_sum[lane] = sum;
    else
      moment_sum[lane] = sum;
  }
}

void main() {
  uint live = live_rows(p.count, p.first, p.rows_max);
  if (group_index() >= live) return;
  vocabulary_row row = vocabulary_row(p.logits, group_index() * p.vocab, p.vocab, p.inverse_temperature, 0.0);
  row.m = row_from_key(vocabulary_max_key(row));
  for (uint i = gl_LocalInvocationID.x; i < LANES; i += gl_WorkGroupSize.x) weight_sum[i] = moment_sum[i] = 0.0;
  for (uint tile = 0u; tile * TILE < p.vocab; tile++) {
    uint blocks = tile_blocks(tile, p.vocab);
    fill_tile(row, tile, blocks);
    barrier();
    add_tile(blocks);
    barrier();
  }
  uint lane = gl_LocalInvocationID.x % LANES;
  float total = row_sum(weight_sum[lane]), moments = row_sum(moment_sum[lane]);

  if (gl_LocalInvocationID.x != 0u) return;
  uint index = p.first + group_index();
  float log_total = ex_log(total);
  p.stat.v[2u * index] = row.m;
  p.stat.v[2u * index + 1u] = total;
  p.logprob.v[index] = vocabulary_logprob(row, p.target.v[index], log_total);
  if (!IS_THERE(p.entropy)) return;
  P float entropy = log_total - ex_div(moments, total);
  p.entropy.v[index] = entropy;
}
