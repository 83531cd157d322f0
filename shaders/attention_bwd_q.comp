// The queries' gradient of engine/kernels/attention_bwd_q.c, bit for bit: a group takes a tile of 64 queries by one head,
// run by run of queries that share their keys.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

KERNEL(attention_bwd_q)
#include "shaders/attention.glsl"

// delta = sum of do * o, into sum_of.
void run_deltas(run r, uint head, bool is_written, uint x, uint y) {
  float lane_sum[4][4];
  for (uint i = 0u; i < 4u; i++) {
    uint row = y + SIDE * i, at = ((r.t + row) * p.heads + head) * HEAD_DIM;
    for (uint j = 0u; j < 4u; j++) {
      lane_sum[i][j] = 0.0;
      if (row < r.rows)
        for (uint d = x + SIDE * j; d < HEAD_DIM; d += TILE) {
          P float product = p.d_o.v[at + d] * p.o.v[at + d];
          lane_sum[i][j] = d < TILE ? product : lane_sum[i][j] + product;
        }
    }
  }
  row_sums(lane_sum, x, y);
  uint lane = y * SIDE + x;
  if (is_written && lane < r.rows) p.delta.v[(r.t + lane) * p.heads + head] = sum_of[lane];
}

void one_run(run r, uint head, uint d0, uint x, uint y) {
  float m[4], l[4];
  uint seen[4];
  for (uint i = 0u; i < 4u; i++) {
    uint row = y + SIDE * i, at = 2u * ((r.t + row) * p.heads + head);
    bool is_there = row < r.rows;
    m[i] = is_there ? p.stat.v[at] : 0.0;
    l[i] = is_there ? p.stat.v[at + 1u] : 0.0;
    seen[i] = is_there ? count_of[r.first + row] : 0u;
  }
  uint kv_column = head / (p.heads / p.kv_heads) * HEAD_DIM;
  rows_of q = rows_of(p.q, r.t * p.q_stride + head * HEAD_DIM, p.q_stride, r.rows);
  rows_of d_o = rows_of(p.d_o, (r.t * p.heads + head) * HEAD_DIM, p.heads * HEAD_DIM, r.rows);
  run_deltas(r, head, d0 == 0u, x, y);
  start_totals();
  for (uint j0 = 0u; j0 < r.keys; j0 += TILE) {
    uint at = (start_of[r.first] + j0) * p.kv_stride + kv_column;
    rows_of keys = rows_of(p.k, at, p.kv_stride, r.keys - j0);
    rows_of values = rows_of(p.v, at, p.kv_stride, r.keys - j0);
    float probability[4][4];
    tile_dots(q, keys, x, y);
    for (uint i = 0u; i < 4u; i++)
      for (uint j = 0u; j < 4u; j++) probability[i][j] = attention_probability(dot_of[i][j] * p.scale, m[i], l[i]);
    tile_dots(d_o, values, x, y);
    for (uint i = 0u; i < 4u; i++)
      for (uint j = 0u; j < 4u; j++) {
        uint row = y + SIDE * i, column = x + SIDE * j;
        float ds = attention_score_gradient(probability[i][j], dot_of[i][j], sum_of[row], p.scale);
        weight[column * PADDED + row] = j0 + column < seen[i] ? ds : 0.0;
      }
    tile_add(keys, d0, false, x, y);
    fold_rows();
  }
  for (uint i = 0u; i < 4u; i++)
    for (uint c = 0u; c < COLUMNS; c++) {
      uint row = y + SIDE * i, d = d0 + x + SIDE * c;
      if (row < r.rows && d < HEAD_DIM)
        p.dq.v[(r.t + row) * p.q_stride + head * HEAD_DIM + d] = ex_quiet(total_of[i][c]);
    }
  barrier();
}

void main() {
  uint x = gl_LocalInvocationID.x, y = gl_LocalInvocationID.y;
  uint live = live_rows(p.count, 0u, p.rows_max);
  if (live == 0u) return;
  uint across = p.heads * PARTS, group = group_index(), row0 = group / across * TILE;
  if (row0 >= live) return;
  uint rows = min(TILE, live - row0);
  load_ranges(p.kv_start, p.kv_count, row0, rows, y * SIDE + x);
  for (uint first = 0u; first < rows;) {
    run r = run_from(row0, first, rows);
    one_run(r, group % across / PARTS, group % PARTS * PART, x, y);
    first += r.rows;
  }
}
