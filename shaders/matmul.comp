// The matrix product of engine/kernels/matmul.c, bit for bit: one workgroup makes a 64 x 64 tile of C, each of its 16 x
// 16 threads 4 x 4 elements (rows y + 16 i, columns x + 16 j, so that neighbours read neighbouring words). k goes
// through shared memory 16 at a time; `block` is the running sum of 64 k's, `total` the blocks so far. Groups: ceil(m / 64)
// rows of ceil(n / 64) tiles.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

#define TILE uint(MATMUL_TILE)
#define SIDE uint(MATMUL_SIDE)
#define DEPTH 16u
#define BLOCK 64u

layout(local_size_x = MATMUL_SIDE, local_size_y = MATMUL_SIDE) in;
KERNEL(matmul)

// One word of padding: a column is written without bank conflicts.
shared float a_tile[DEPTH][TILE + 1u];
shared float b_tile[DEPTH][TILE + 1u];

// Beyond the edges 0 is stored and never used: rows and columns there are not written, k's there not summed.
void load_a(uint lane, uint row0, uint k0, uint m, uint k) {
  for (uint i = lane; i < TILE * DEPTH; i += SIDE * SIDE) {
    bool along_k = p.orientation != MATMUL_TN;
    uint row = along_k ? i / DEPTH : i % TILE;
    uint depth = along_k ? i % DEPTH : i / TILE;
    float value = 0.0;
    if (row0 + row < m && k0 + depth < k)
      value = p.a.v[along_k ? (row0 + row) * p.lda + k0 + depth : (k0 + depth) * p.lda + row0 + row];
    a_tile[depth][row] = value;
  }
}

void load_b(uint lane, uint column0, uint k0, uint k) {
  for (uint i = lane; i < TILE * DEPTH; i += SIDE * SIDE) {
    bool along_k = p.orientation == MATMUL_NT;
    uint column = along_k ? i / DEPTH : i % TILE;
    uint depth = along_k ? i % DEPTH : i / TILE;
    float value = 0.0;
    if (column0 + column < p.n && k0 + depth < k)
      value = p.b.v[along_k ? (column0 + column) * p.ldb + k0 + depth : (k0 + depth) * p.ldb + column0 + column];
    b_tile[depth][column] = value;
  }
}

void main() {
  uint x = gl_LocalInvocationID.x, y = gl_LocalInvocationID.y, lane = y * SIDE + x;
  uint group = group_index(), tiles_across = (p.n + TILE - 1u) / TILE;
  uint row0 = group / tiles_across * TILE, column0 = group % tiles_across * TILE;
  bool rows_are_live = p.orientation != MATMUL_TN;
  uint m = rows_are_live ? live_rows(p.count, p.first, p.m) : p.m;
  uint k = rows_are_live ? p.k : live_rows(p.count, p.first, p.k);
  if (row0 >= m) return;

  bool has_total = (p.flags & MATMUL_ACCUMULATE) != 0u;
  float total[4][4], block[4][4];
  for (uint i = 0u; i < 4u; i++)
    for (uint j = 0u; j < 4u; j++) {
      uint row = row0 + y + SIDE * i, column = column0 + x + SIDE * j;
      total[i][j] = has_total && row < m && column < p.n ? p.c.v[row * p.ldc + column] : 0.0;
    }

  for (uint k0 = 0u; k0 < k; k0 += DEPTH) {
    load_a(lane, row0, k0, m, k);
    load_b(lane, column0, k0, k);
    barrier();
    uint depth = 0u, depth_end = min(DEPTH, k - k0);
    if (k0 % BLOCK == 0u) {
      for (uint i = 0u; i < 4u; i++)
        for (uint j = 0u; j < 4u; j++) block[i][j] = a_tile[0][y + SIDE * i] * b_tile[0][x + SIDE * j];
      depth = 1u;
    }
    for (; depth < depth_end; depth++) {
      float a[4], b[4];
      for (uint i = 0u; i < 4u; i++) a[i] = a_tile[depth][y + SIDE * i];
      for (uint j = 0u; j < 4u; j++) b[j] = b_tile[depth][x + SIDE * j];
      for (uint i = 0u; i < 4u; i++)
        for (uint j = 0u; j < 4u; j++) {
          P float product = a[i] * b[j];
          block[i][j] = block[i][j] + product;
        }
    }
    if ((k0 + DEPTH) % BLOCK == 0u || k0 + DEPTH >= k) {
      for (uint i = 0u; i < 4u; i++)
        for (uint j = 0u; j < 4u; j++) total[i][j] = has_total ? total[i][j] + block[i][j] : block[i][j];
      has_total = true;
    }
    barrier();
  }

  bool has_bias = IS_THERE(p.bias);
  for (uint i = 0u; i < 4u; i++)
    for (uint j = 0u; j < 4u; j++) {
      uint row = row0 + y + SIDE * i, column = column0 + x + SIDE * j;
      if (row >= m || column >= p.n) continue;
      P float value = total[i][j];
      if (has_bias) value = value + p.bias.v[column];
      p.c.v[row * p.ldc + column] = (p.flags & MATMUL_QUIET) != 0u ? ex_quiet(value) : value;
    }
}
