// The keys' and values' gradients of engine/kernels/attention_bwd_kv.c, bit for bit: a group takes a tile of 64 keys by
// one kv head and makes one of the two. Queries come in chunks of 64 from the tile's first key on; since blocks are
// counted from each key's own row, key r of the tile starts a new block r steps into the chunk.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

KERNEL(attention_bwd_kv)
#include "shaders/attention.glsl"

shared uint end_of[TILE]; // seq_end of the tile's keys; 0 where there is none
shared uint last_end;     // the largest of them

struct key_tile {
  uint j0, keys, column; // its first key; the kv head's first dimension
  bool is_k;             // dk, else dv
};

// The weights of one head's queries t0 .. t0 + 63.
void chunk_weights(key_tile tile, uint t0, uint head, uint x, uint y) {
  uint queries = last_end - t0, at = tile.j0 * p.kv_stride + tile.column, width = p.heads * HEAD_DIM;
  float m[4], l[4], delta[4], probability[4][4];
  for (uint j = 0u; j < 4u; j++) {
    bool is_there = x + SIDE * j < queries;
    uint row = (t0 + x + SIDE * j) * p.heads + head;
    m[j] = is_there ? p.stat.v[2u * row] : 0.0;
    l[j] = is_there ? p.stat.v[2u * row + 1u] : 0.0;
    delta[j] = is_there ? p.delta.v[row] : 0.0;
  }
  tile_dots(rows_of(p.k, at, p.kv_stride, tile.keys),
            rows_of(p.q, t0 * p.q_stride + head * HEAD_DIM, p.q_stride, queries), x, y);
  for (uint i = 0u; i < 4u; i++)
    for (uint j = 0u; j < 4u; j++) probability[i][j] = attention_probability(dot_of[i][j] * p.scale, m[j], l[j]);
  if (tile.is_k)
    tile_dots(rows_of(p.v, at, p.kv_stride, tile.keys), rows_of(p.d_o, t0 * width + head * HEAD_DIM, width, queries),
              x, y);
  for (uint i = 0u; i < 4u; i++)
    for (uint j = 0u; j < 4u; j++) {
      uint row = y + SIDE * i, column = x + SIDE * j, t = t0 + column;
      float w = tile.is_k ? attention_score_gradient(probability[i][j], dot_of[i][j], delta[j], p.scale)
                          : probability[i][j];
      weight[column * PADDED + row] = tile.j0 + row <= t && t < end_of[row] ? w : 0.0;
    }
}

// The heads' totals are added up in place, where no other thread looks.
void add_head(key_tile tile, uint d0, bool is_first, bool is_last, uint x, uint y) {
  for (uint i = 0u; i < 4u; i++)
    for (uint c = 0u; c < COLUMNS; c++) {
      uint row = y + SIDE * i, d = d0 + x + SIDE * c;
      uint at = (tile.j0 + row) * p.kv_stride + tile.column + d;
      if (row >= tile.keys || d >= HEAD_DIM) continue;
      P float sum = total_of[i][c];
      if (!is_first) sum = (tile.is_k ? p.dk.v[at] : p.dv.v[at]) + sum;
      if (is_last) sum = ex_quiet(sum);
      if (tile.is_k) p.dk.v[at] = sum;
      else p.dv.v[at] = sum;
    }
}

void one_tile(key_tile tile, uint kv_head, uint d0, uint x, uint y) {
  uint heads = p.heads / p.kv_heads, width = p.heads * HEAD_DIM;
  for (uint n = 0u; n < heads; n++) {
    uint head = kv_head * heads + n;
    start_totals();
    for (uint t0 = tile.j0; t0 < last_end; t0 += TILE) {
      uint queries = last_end - t0;
      chunk_weights(tile, t0, head, x, y);
      if (tile.is_k)
        tile_add(rows_of(p.q, t0 * p.q_stride + head * HEAD_DIM, p.q_stride, queries), d0, true, x, y);
      else
        tile_add(rows_of(p.d_o, t0 * width + head * HEAD_DIM, width, queries), d0, true, x, y);
    }
    fold_rows();
    add_head(tile, d0, n == 0u, n + 1u == heads, x, y);
  }
}

void main() {
  uint x = gl_LocalInvocationID.x, y = gl_LocalInvocationID.y, lane = y * SIDE + x;
  uint live = live_rows(p.count, 0u, p.rows_max);
  if (live == 0u) return;
  uint across = 2u * p.kv_heads * PARTS, group = group_index(), j0 = group / across * TILE;
  if (j0 >= live) return;
  if (lane == 0u) last_end = 0u;
  barrier();
  uint keys = min(TILE, live - j0);
  if (lane < TILE) {
    end_of[lane] = lane < keys ? p.seq_end.v[j0 + lane] : 0u;
    atomicMax(last_end, end_of[lane]);
  }
  barrier();
  uint kv_head = group % across / (2u * PARTS);
  key_tile tile = key_tile(j0, keys, kv_head * HEAD_DIM, group % 2u == 0u);
  one_tile(tile, kv_head, group / 2u % PARTS * PART, x, y);
}
