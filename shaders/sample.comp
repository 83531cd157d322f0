// The draws of engine/kernels/sample.c, bit for bit: one workgroup a slot. A first walk over the row's tiles keeps the
// cumulative sum at the end of each; the tile in which it passes the cut is then made again, and one invocation finds
// the token there.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"
#include "shaders/philox.h"
#include "shaders/row_sum.glsl"
#include "shaders/vocabulary_row.glsl"

#define TILES uint(VOCABULARY_TILES_MAX)

KERNEL(sample)

shared float weight[TILE_BLOCKS * BLOCK_STRIDE]; // exp(z - m); +0 beyond the row
shared float block_sum[TILE_BLOCKS];
shared float tile_end[TILES]; // the cumulative sum, in order over the blocks
shared uint first_found;

void fill_tile(vocabulary_row row, uint tile, uint blocks) {
  for (uint i = gl_LocalInvocationID.x; i < blocks * BLOCK; i += gl_WorkGroupSize.x) {
    uint token = tile * TILE + i;
    bool is_there = token < row.vocab;
    P float shift = row_z(row, is_there ? token : 0u) - row.m;
    float e = ex_exp(shift);
    weight[i / BLOCK * BLOCK_STRIDE + i % BLOCK] = is_there ? e : 0.0;
  }
}

// One invocation a block; not those that have the lanes, where there are others.
void add_blocks(uint blocks) {
  uint x = gl_LocalInvocationID.x, first = gl_WorkGroupSize.x > LANES ? LANES : 0u;
  if (x < first || x - first >= blocks) return;
  uint begin = (x - first) * BLOCK_STRIDE;
  P float sum = weight[begin];
  for (uint l = 1u; l < BLOCK; l++) sum = sum + weight[begin + l];
  block_sum[x - first] = sum;
}

// Gives the invocation's lane of logprob_fwd's sum; ends in a barrier.
float walk_tiles(vocabulary_row row) {
  uint lane = gl_LocalInvocationID.x;
  P float running = 0.0, lane_sum = 0.0;
  for (uint tile = 0u; tile * TILE < row.vocab; tile++) {
    uint blocks = tile_blocks(tile, row.vocab);
    fill_tile(row, tile, blocks);
    barrier();
    for (uint block = 0u; block < blocks && lane < LANES; block++)
      lane_sum = lane_sum + weight[block * BLOCK_STRIDE + lane];
    add_blocks(blocks);
    barrier();
    if (lane == 0u) { // the others fill the next tile meanwhile, which leaves block_sum alone
      for (uint block = 0u; block < blocks; block++) running = running + block_sum[block];
      tile_end[tile] = running;
    }
  }
  barrier();
  return lane_sum;
}

// The first token of the largest key; ends in a barrier.
uint first_maximum(vocabulary_row row, int max_key) {
  if (gl_LocalInvocationID.x == 0u) first_found = row.vocab;
  barrier();
  uint first = row.vocab;
  for (uint j = gl_LocalInvocationID.x; j < row.vocab && first == row.vocab; j += gl_WorkGroupSize.x)
    if (row_key(row_z(row, j)) == max_key) first = j;
  atomicMin(first_found, first);
  barrier();
  return first_found;
}

float slot_unit(uint slot) {
  uint counter[4] = uint[4](p.position.v[slot], p.sample_index.v[slot], p.iteration.v[0], p.stream);
  uint key[2] = uint[2](p.seed_low, p.seed_high), words[4];
  philox4x32_10(counter, key, words);
  return philox_unit(words[0]);
}

// a > cut, and false where a is no number: told by its bits, since a driver may take a float for a number.
bool exceeds(float a, float cut) { return (ex_bits(a) & 0x7fffffffu) <= EX_INF_BITS && a > cut; }

// In the tile that weight and block_sum hold: the first token whose cumulative sum exceeds the cut. There is one.
uint token_in_tile(uint tile, uint blocks, float before_tile, float cut) {
  P float before = before_tile;
  P float after = before + block_sum[0];
  uint block = 0u;
  while (block + 1u < blocks && !exceeds(after, cut)) {
    block++;
    before = after;
    after = before + block_sum[block];
  }
  P float sum = weight[block * BLOCK_STRIDE];
  P float cumulative = before + sum;
  uint l = 0u;
  while (l + 1u < BLOCK && !exceeds(cumulative, cut)) {
    l++;
    sum = sum + weight[block * BLOCK_STRIDE + l];
    cumulative = before + sum;
  }
  return tile * TILE + block * BLOCK + l;
}

// Rounding never lowers a sum, so the first tile that ends above the cut has the first block that does. Without one
// (a row with NaNs) the tile count is given back.
uint tile_of(float cut, uint tiles) {
  uint tile = 0u;
  while (tile < tiles && !exceeds(tile_end[tile], cut)) tile++;
  return tile;
}

void main() {
  uint slot = group_index();
  if (slot >= live_rows(p.count, 0u, p.rows_max)) return;
  vocabulary_row row = vocabulary_row(p.logits, slot * p.vocab, p.vocab, p.inverse_temperature, 0.0);
  int max_key = vocabulary_max_key(row);
  row.m = row_from_key(max_key);
  float total = row_sum(walk_tiles(row));

  uint tiles = (p.vocab + TILE - 1u) / TILE, tile = tiles, token;
  P float cut = slot_unit(slot) * tile_end[tiles - 1u];
  if (p.greedy == 0u) tile = tile_of(cut, tiles);
  if (tile == tiles) {
    token = first_maximum(row, max_key);
  } else {
    uint blocks = tile_blocks(tile, p.vocab);
    if (tile + 1u < tiles) { // else it is the tile made last
      fill_tile(row, tile, blocks);
      barrier();
      add_blocks(blocks);
      barrier();
    }
    token = token_in_tile(tile, blocks, tile == 0u ? 0.0 : tile_end[tile - 1u], cut);
  }
  if (gl_LocalInvocationID.x != 0u) return;
  p.token.v[slot] = token;
  p.logprob.v[slot] = vocabulary_logprob(row, token, ex_log(total));
}
