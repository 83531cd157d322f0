// The matrix product of engine/kernels/matmul.c, bit for bit. One workgroup makes a tile of C. Its invocations are SLICES
// slices of LANES_Y x LANES_X; in a slice each makes ROWS x COLUMNS elements: rows y + LANES_Y i, columns x + LANES_X j,
// so that neighbours read and write neighbouring words. One slice walks k from its start to its end. Of several, each
// takes every SLICES-th block of 64 k's, and the block sums are then added in order: for results too small to fill a
// GPU. platform/vulkan/dispatch_matmul.c chooses the sizes. Groups: ceil(m / TILE_ROWS) rows of ceil(n / TILE_COLUMNS)
// tiles.
//
// k goes through shared memory DEPTH at a time. There and in registers rows go in fours (a vec4 each: one wide read, and
// on a CPU driver, whose every read costs, a quarter of the time); four f of a tile of T rows holds the rows f, f + T / 4,
// f + T / 2 and f + 3 T / 4, so that neighbouring fours are read from neighbouring words. Columns likewise, where an
// invocation has a multiple of four.
//
// Beyond the end of k, A is -0 and B is +0, and every sum starts from -0: a float plus -0 is itself, bit for bit, so that
// no loop asks where k ends.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

#define INVOCATIONS uint(MATMUL_INVOCATIONS)
#define BLOCK uint(MATMUL_BLOCK)
#define NOTHING ex_from_bits(EX_SIGN)

layout(constant_id = 0) const uint ORIENTATION = MATMUL_NT;
layout(constant_id = 1) const uint ROWS = 4u; // a multiple of 4
layout(constant_id = 2) const uint COLUMNS = 4u;
layout(constant_id = 3) const uint LANES_Y = 16u;
layout(constant_id = 4) const uint LANES_X = 16u;
layout(constant_id = 5) const uint DEPTH = 16u; // divides 64

const bool A_ALONG_K = ORIENTATION != MATMUL_TN, B_ALONG_K = ORIENTATION == MATMUL_NT;
const uint SLICES = INVOCATIONS / (LANES_Y * LANES_X);
const uint FOURS = ROWS / 4u, TILE_FOURS = FOURS * LANES_Y, TILE_COLUMNS = COLUMNS * LANES_X;
const bool B_IN_FOURS = COLUMNS % 4u == 0u;
const uint B_READS_OF_K = B_IN_FOURS ? COLUMNS / 4u : COLUMNS, B_ACROSS = B_IN_FOURS ? TILE_COLUMNS / 4u : TILE_COLUMNS;
const uint PIECE = SLICES * DEPTH; // k's of one step
const uint A_READS = (PIECE * TILE_FOURS + INVOCATIONS - 1u) / INVOCATIONS;
const uint B_READS = (PIECE * B_ACROSS + INVOCATIONS - 1u) / INVOCATIONS;
const uint SUMS = TILE_FOURS * TILE_COLUMNS; // fours of C in a tile
const uint SHARE = (SUMS + INVOCATIONS - 1u) / INVOCATIONS;
// One four (or word) of padding: no bank conflicts where k runs across the lanes.
const uint A_STRIDE = TILE_FOURS + 1u, B_STRIDE = B_ACROSS + 1u;
const uint A_SIZE = PIECE * A_STRIDE, B_SIZE = B_IN_FOURS ? PIECE * B_STRIDE : 0u;
const uint SUMS_SIZE = SLICES == 1u ? 0u : SLICES * SUMS;

layout(local_size_x = MATMUL_INVOCATIONS) in;
KERNEL(matmul)

// A's piece, then B's if it is in fours; when a block is summed, [slice][four of rows][column] of its sums.
shared vec4 fours[A_SIZE + B_SIZE > SUMS_SIZE ? A_SIZE + B_SIZE : SUMS_SIZE];
shared float b_words[B_IN_FOURS ? 1u : PIECE * B_STRIDE];

// Where an element of a piece lies: its k, and its row (column, four of them) in the tile. Neighbours read neighbours.
struct place {
  uint k, across;
};
place place_of(uint element, uint tile, bool along_k) {
  uint rest = element % (DEPTH * tile), slice = element / (DEPTH * tile);
  uint depth = along_k ? rest % DEPTH : rest / tile;
  return place(slice * DEPTH + depth, along_k ? rest / DEPTH : rest % tile);
}
// The k of a place in memory: a slice's pieces are a block apart.
uint k_of(place at, uint k0) { return k0 + at.k / DEPTH * BLOCK + at.k % DEPTH; }

float read_a(uint row, uint k) { return p.a.v[ORIENTATION == MATMUL_TN ? k * p.lda + row : row * p.lda + k]; }
float read_b(uint column, uint k) { return p.b.v[ORIENTATION == MATMUL_NT ? column * p.ldb + k : k * p.ldb + column]; }

// What a four of C starts from.
vec4 start(uint row, uint column, uint m, uint k) {
  vec4 value = vec4(ex_from_bits(k == 0u ? 0u : EX_SIGN));
  if ((p.flags & MATMUL_ACCUMULATE) != 0u && column < p.n)
    for (uint c = 0u; c < 4u; c++)
      if (row + TILE_FOURS * c < m) value[c] = p.c.v[(row + TILE_FOURS * c) * p.ldc + column];
  return value;
}

void finish(uint row, uint column, uint m, vec4 total) {
  if (column >= p.n) return;
  for (uint c = 0u; c < 4u; c++) {
    if (row + TILE_FOURS * c >= m) continue;
    P float value = total[c];
    if (IS_THERE(p.bias)) value = value + p.bias.v[column];
    p.c.v[(row + TILE_FOURS * c) * p.ldc + column] = (p.flags & MATMUL_QUIET) != 0u ? ex_quiet(value) : value;
  }
}

// The piece that begins at k0 (of slice 0), into registers.
vec4 a_next[A_READS], b_next[B_READS];
void fetch(uint lane, uint row0, uint column0, uint k0, uint m, uint k) {
  for (uint t = 0u; t < A_READS; t++) {
    place at = place_of(lane + INVOCATIONS * t, TILE_FOURS, A_ALONG_K);
    uint at_k = k_of(at, k0), row = row0 + at.across;
    for (uint c = 0u; c < 4u; c++) a_next[t][c] = read_a(min(row + TILE_FOURS * c, m - 1u), min(at_k, k - 1u));
    if (at_k >= k) a_next[t] = vec4(NOTHING);
  }
  for (uint t = 0u; t < B_READS; t++) {
    place at = place_of(lane + INVOCATIONS * t, B_ACROSS, B_ALONG_K);
    uint at_k = k_of(at, k0), column = column0 + at.across;
    for (uint c = 0u; c < (B_IN_FOURS ? 4u : 1u); c++)
      b_next[t][c] = read_b(min(column + B_ACROSS * c, p.n - 1u), min(at_k, k - 1u));
    if (at_k >= k) b_next[t] = vec4(0.0);
  }
}

void put(uint lane) {
  for (uint t = 0u; t < A_READS; t++) {
    uint element = lane + INVOCATIONS * t;
    place at = place_of(element, TILE_FOURS, A_ALONG_K);
    if (element < PIECE * TILE_FOURS) fours[at.k * A_STRIDE + at.across] = a_next[t];
  }
  for (uint t = 0u; t < B_READS; t++) {
    uint element = lane + INVOCATIONS * t;
    place at = place_of(element, B_ACROSS, B_ALONG_K);
    if (element >= PIECE * B_ACROSS) continue;
    if (B_IN_FOURS)
      fours[A_SIZE + at.k * B_STRIDE + at.across] = b_next[t];
    else
      b_words[at.k * B_STRIDE + at.across] = b_next[t].x;
  }
}

// Adds the piece in shared memory to the block sums, one k after another.
vec4 block[FOURS][COLUMNS];
void sum_piece(uint slice, uint y, uint x) {
  for (uint depth = 0u; depth < DEPTH; depth++) {
    vec4 a[FOURS];
    float b[COLUMNS];
    uint at = slice * DEPTH + depth, a_at = at * A_STRIDE + y, b_at = at * B_STRIDE + x;
    for (uint i = 0u; i < FOURS; i++) a[i] = fours[a_at + LANES_Y * i];
    for (uint j = 0u; j < B_READS_OF_K; j++) {
      if (B_IN_FOURS) {
        vec4 four = fours[A_SIZE + b_at + LANES_X * j];
        for (uint c = 0u; c < 4u; c++) b[j + B_READS_OF_K * c] = four[c];
      } else {
        b[j] = b_words[b_at + LANES_X * j];
      }
    }
    for (uint i = 0u; i < FOURS; i++)
      for (uint j = 0u; j < COLUMNS; j++) {
        P vec4 product = a[i] * b[j];
        block[i][j] = block[i][j] + product;
      }
  }
}

void main() {
  uint lane = gl_LocalInvocationID.x, slice = lane / (LANES_Y * LANES_X);
  uint y = lane / LANES_X % LANES_Y, x = lane % LANES_X;
  uint group = group_index(), tiles_across = (p.n + TILE_COLUMNS - 1u) / TILE_COLUMNS;
  uint row0 = group / tiles_across * TILE_FOURS * 4u, column0 = group % tiles_across * TILE_COLUMNS;
  uint m = ORIENTATION == MATMUL_TN ? p.m : live_rows(p.count, p.first, p.m);
  uint k = ORIENTATION == MATMUL_TN ? live_rows(p.count, p.first, p.k) : p.k;
  if (row0 >= m) return;

  vec4 total[SLICES == 1u ? FOURS : 1u][SLICES == 1u ? COLUMNS : 1u]; // of one slice: the invocation's own
  vec4 share[SLICES == 1u ? 1u : SHARE];                              // of several: an equal share of the tile
  if (SLICES == 1u) {
    for (uint i = 0u; i < FOURS; i++)
      for (uint j = 0u; j < COLUMNS; j++) total[i][j] = start(row0 + y + LANES_Y * i, column0 + x + LANES_X * j, m, k);
  } else {
    for (uint t = 0u; t < SHARE; t++) {
      uint e = lane + INVOCATIONS * t;
      share[t] = start(row0 + e / TILE_COLUMNS, column0 + e % TILE_COLUMNS, e < SUMS ? m : 0u, k);
    }
  }

  if (k > 0u) fetch(lane, row0, column0, 0u, m, k);
  for (uint k0 = 0u; k0 < k; k0 += SLICES * BLOCK) {
    for (uint i = 0u; i < FOURS; i++)
      for (uint j = 0u; j < COLUMNS; j++) block[i][j] = vec4(NOTHING);
    for (uint depth = 0u; depth < BLOCK && k0 + depth < k; depth += DEPTH) {
      barrier(); // the piece before is summed
      put(lane);
      barrier();
      uint next = depth + DEPTH < BLOCK ? k0 + depth + DEPTH : k0 + SLICES * BLOCK;
      if (next < k) fetch(lane, row0, column0, next, m, k);
      sum_piece(slice, y, x);
    }
    if (SLICES == 1u) {
      for (uint i = 0u; i < FOURS; i++)
        for (uint j = 0u; j < COLUMNS; j++) total[i][j] = total[i][j] + block[i][j];
    } else {
      barrier();
      for (uint i = 0u; i < FOURS; i++)
        for (uint j = 0u; j < COLUMNS; j++)
          fours[slice * SUMS + (y + LANES_Y * i) * TILE_COLUMNS + x + LANES_X * j] = block[i][j];
      barrier();
      for (uint t = 0u; t < SHARE; t++)
        for (uint s = 0u; s < SLICES; s++)
          share[t] = share[t] + fours[s * SUMS + min(lane + INVOCATIONS * t, SUMS - 1u)];
    }
  }

  if (SLICES == 1u) {
    for (uint i = 0u; i < FOURS; i++)
      for (uint j = 0u; j < COLUMNS; j++) finish(row0 + y + LANES_Y * i, column0 + x + LANES_X * j, m, total[i][j]);
  } else {
    for (uint t = 0u; t < SHARE; t++) {
      uint e = lane + INVOCATIONS * t;
      finish(row0 + e / TILE_COLUMNS, column0 + e % TILE_COLUMNS, e < SUMS ? m : 0u, share[t]);
    }
  }
}
