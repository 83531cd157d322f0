// The keys' and values' gradients of engine/kernels/attention_bwd_kv.c, bit for bit: a group takes a tile of 64 keys by
// one kv head and makes one of the two. Queries come in chunks of 64 from the tile's first key on; since blocks are
// counted from each key's own row, key r of the tile starts a new block r steps into the chunk.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

KERNEL(attention_bwd_kv)
#define SPARE 0u
#include "shaders/attention.glsl"

shared uint end_of[TILE]; // seq_end of the tile's keys; 0 where there is none
shared uint last_end;     // the largest of them

struct key_tile {
  uint j0, keys, column; // its first key; the kv head's first dimension
  bool is_k;             // dk, else dv
};

bool is_seen(key_tile tile, uint t, uint row) { return tile.j0 + row <= t && t < end_of[row]; }

// Probabilities become gradients of the scores.
void score_gradients(key_tile tile, uint t0, uint head, uint x, uint y) {
  uint queries = last_end - t0, width = p.heads * HEAD_DIM;
  vec4 probability[4];
  for (uint j = 0u; j < 4u; j++) probability[j] = get_weight(x + SIDE * j, y);
  barrier();
  tile_dots(rows_of(p.v, tile.j0 * p.kv_stride + tile.column, p.kv_stride, tile.keys),
            rows_of(p.d_o, t0 * width + head * HEAD_DIM, width, queries), x, y);
  for (uint j = 0u; j < 4u; j++) {
    uint column = x + SIDE * j;
    float delta = p.delta.v[(t0 + min(column, queries - 1u)) * p.heads + head];
    vec4 ds;
    for (uint i = 0u; i < 4u; i++) {
      ds[i] = attention_score_gradient(probability[j][i], dot_of[j][i], delta, p.scale);
      if (!is_seen(tile, t0 + column, y + SIDE * i)) ds[i] = 0.0;
    }
    put_weight(column, y, ds);
  }
}

// The weights of one head's queries t0 .. t0 + 63.
void chunk_weights(key_tile tile, uint t0, uint head, uint x, uint y) {
  uint queries = last_end - t0, at = tile.j0 * p.kv_stride + tile.column;
  tile_dots(rows_of(p.k, at, p.kv_stride, tile.keys),
            rows_of(p.q, t0 * p.q_stride + head * HEAD_DIM, p.q_stride, queries), x, y);
  for (uint j = 0u; j < 4u; j++) put_weight(x + SIDE * j, y, dot_of[j] * p.scale);
  for (uint column = x; column < TILE; column += SIDE) {
    uint row = (t0 + min(column, queries - 1u)) * p.heads + head;
    float m = p.stat.v[2u * row], l = p.stat.v[2u * row + 1u];
    vec4 weight = get_weight(column, y);
    for (uint i = 0u; i < 4u; i++)
      weight[i] = is_seen(tile, t0 + column, y + SIDE * i) ? attention_probability(weight[i], m, l) : 0.0;
    put_weight(column, y, weight);
  }
  if (tile.is_k) score_gradients(tile, t0, head, x, y);
}

// The heads' totals are added up in place, where no other thread looks.
void add_head(key_tile tile, uint d0, bool is_first, bool is_last, uint x, uint y) {
  for (uint i = 0u; i < 4u; i++)
    for (uint c = 0u; c < COLUMNS; c++) {
      uint row = y + SIDE * i, d = d0 + x + SIDE * c;
      uint at = (tile.j0 + row) * p.kv_stride + tile.column + d;
      if (row >= tile.keys || d >= HEAD_DIM) continue;
      P float sum = total_of[c][i];
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
      rows_of vectors = rows_of(p.d_o, t0 * width + head * HEAD_DIM, width, queries);
      if (tile.is_k) vectors = rows_of(p.q, t0 * p.q_stride + head * HEAD_DIM, p.q_stride, queries);
      tile_add(vectors, d0, true, x, y);
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
