// The queries' gradient of engine/kernels/attention_bwd_q.c, bit for bit: a group takes a tile of 64 queries by one
// head, run by run of queries that share their keys.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

KERNEL(attention_bwd_q)
#define SPARE 0u
#include "shaders/attention.glsl"

// delta = sum of do * o, into sum_of.
void run_deltas(run r, uint head, bool is_written, uint x, uint y) {
  vec4 lane_sum[4];
  for (uint j = 0u; j < 4u; j++) {
    lane_sum[j] = vec4(0.0);
    for (uint d = x + SIDE * j; d < HEAD_DIM; d += TILE)
      for (uint i = 0u; i < 4u; i++) {
        uint at = ((r.t + min(y + SIDE * i, r.rows - 1u)) * p.heads + head) * HEAD_DIM + d;
        P float product = p.d_o.v[at] * p.o.v[at];
        lane_sum[j][i] = d < TILE ? product : lane_sum[j][i] + product;
      }
  }
  row_sums(lane_sum, x, y);
  uint lane = y * SIDE + x;
  if (is_written && lane < r.rows) p.delta.v[(r.t + lane) * p.heads + head] = sum_of[lane];
}

// The weights: gradients of the block's scores.
void run_weights(run r, uint head, uint j0, uint x, uint y) {
  uint at = (start_of[r.first] + j0) * p.kv_stride + head / (p.heads / p.kv_heads) * HEAD_DIM;
  uvec4 seen = run_seen(r, y);
  vec4 m, l, delta, probability[4];
  for (uint i = 0u; i < 4u; i++) {
    uint row = min(y + SIDE * i, r.rows - 1u), index = (r.t + row) * p.heads + head;
    m[i] = p.stat.v[2u * index];
    l[i] = p.stat.v[2u * index + 1u];
    delta[i] = sum_of[row];
  }
  tile_dots(rows_of(p.q, r.t * p.q_stride + head * HEAD_DIM, p.q_stride, r.rows),
            rows_of(p.k, at, p.kv_stride, r.keys - j0), x, y);
  for (uint j = 0u; j < 4u; j++) put_weight(x + SIDE * j, y, dot_of[j] * p.scale);
  for (uint column = x; column < TILE; column += SIDE) {
    vec4 weight = get_weight(column, y);
    for (uint i = 0u; i < 4u; i++) weight[i] = attention_probability(weight[i], m[i], l[i]);
    put_weight(column, y, weight);
  }
  for (uint j = 0u; j < 4u; j++) probability[j] = get_weight(x + SIDE * j, y);
  barrier();
  tile_dots(rows_of(p.d_o, (r.t * p.heads + head) * HEAD_DIM, p.heads * HEAD_DIM, r.rows),
            rows_of(p.v, at, p.kv_stride, r.keys - j0), x, y);
  for (uint j = 0u; j < 4u; j++) {
    vec4 weight;
    for (uint i = 0u; i < 4u; i++) {
      float ds = attention_score_gradient(probability[j][i], dot_of[j][i], delta[i], p.scale);
      weight[i] = j0 + x + SIDE * j < seen[i] ? ds : 0.0;
    }
    put_weight(x + SIDE * j, y, weight);
  }
}

void one_run(run r, uint head, uint d0, uint x, uint y) {
  run_deltas(r, head, d0 == 0u, x, y);
  start_totals();
  for (uint j0 = 0u; j0 < r.keys; j0 += TILE) {
    uint at = (start_of[r.first] + j0) * p.kv_stride + head / (p.heads / p.kv_heads) * HEAD_DIM;
    run_weights(r, head, j0, x, y);
    tile_add(rows_of(p.k, at, p.kv_stride, r.keys - j0), d0, false, x, y);
    fold_rows();
  }
  for (uint i = 0u; i < 4u; i++)
    for (uint c = 0u; c < COLUMNS; c++) {
      uint row = y + SIDE * i, d = d0 + x + SIDE * c;
      if (row < r.rows && d < HEAD_DIM)
        p.dq.v[(r.t + row) * p.q_stride + head * HEAD_DIM + d] = ex_quiet(total_of[c][i]);
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
