// The log-probs and entropies of engine/kernels/logprob_fwd.c, bit for bit: one workgroup a row.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"
#include "shaders/row_sum.glsl"
#include "shaders/vocabulary_row.glsl"

KERNEL(logprob_fwd)

shared float weight[TILE_BLOCKS * BLOCK_STRIDE]; // exp(z - m); +0 beyond the row
shared float moment[TILE_BLOCKS * BLOCK_STRIDE]; // exp(z - m) * (z - m); likewise

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

// Each of the first 64 invocations adds up a lane.
void add_tiles(vocabulary_row row, inout float weights, inout float moments) {
  uint lane = gl_LocalInvocationID.x;
  for (uint tile = 0u; tile * TILE < row.vocab; tile++) {
    uint blocks = tile_blocks(tile, row.vocab);
    fill_tile(row, tile, blocks);
    barrier();
    for (uint block = 0u; block < blocks && lane < LANES; block++) {
      weights = weights + weight[block * BLOCK_STRIDE + lane];
      moments = moments + moment[block * BLOCK_STRIDE + lane];
    }
    barrier();
  }
}

// With 64 invocations (a small vocabulary) each does so without a tile.
void add_row(vocabulary_row row, inout float weights, inout float moments) {
  for (uint j = gl_LocalInvocationID.x; j < row.vocab; j += LANES) {
    P float shift = row_z(row, j) - row.m;
    P float e = ex_exp(shift);
    P float product = e * shift;
    weights = weights + e;
    moments = moments + product;
  }
}

void main() {
  uint live = live_rows(p.count, p.first, p.rows_max);
  if (group_index() >= live) return;
  vocabulary_row row = vocabulary_row(p.logits, group_index() * p.vocab, p.vocab, p.inverse_temperature, 0.0);
  row.m = row_from_key(vocabulary_max_key(row));
  float weights = 0.0, moments = 0.0;
  if (gl_WorkGroupSize.x == LANES)
    add_row(row, weights, moments);
  else
    add_tiles(row, weights, moments);
  float total = row_sum(weights), moment_total = row_sum(moments);

  if (gl_LocalInvocationID.x != 0u) return;
  uint index = p.first + group_index();
  float log_total = ex_log(total);
  p.stat.v[2u * index] = row.m;
  p.stat.v[2u * index + 1u] = total;
  p.logprob.v[index] = vocabulary_logprob(row, p.target.v[index], log_total);
  if (!IS_THERE(p.entropy)) return;
  P float entropy = log_total - ex_div(moment_total, total);
  p.entropy.v[index] = entropy;
}
