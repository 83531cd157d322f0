// Attention of engine/kernels/attention_fwd.c, bit for bit, in two forms (a constant of the pipeline says which):
//
//   packs    a group takes a tile of 64 queries by one head, run by run of queries that share their keys
//   alone    queries that share no keys (decode): a group takes 4 heads, 64 threads each
//
// Both see the keys twice: for the maximum, then for the weights and their sums.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

KERNEL(attention_fwd)
#include "shaders/attention.glsl"

layout(constant_id = 1) const uint IS_ALONE = 0u;

#define ALONE uint(ATTENTION_ALONE)
#define KEY_MIN int(0x80000000u)
const uint LONE_COLUMNS = (HEAD_DIM + TILE - 1u) / TILE; // dimensions of a thread

shared int best_of[TILE]; // row_key of each row's maximum

uint kv_column(uint head) { return head / (p.heads / p.kv_heads) * HEAD_DIM; }

float weight_of(float score, float m) {
  P float difference = score - m;
  return ex_quiet(ex_exp(difference));
}

void write_stat(uint index, bool has_keys, int best, float l) {
  if (!IS_THERE(p.stat)) return;
  p.stat.v[2u * index] = has_keys ? row_from_key(best) : 0.0;
  p.stat.v[2u * index + 1u] = l;
}

// Scores of 64 keys from j0 on, before the scale.
void run_dots(run r, uint head, uint j0, uint x, uint y) {
  tile_dots(rows_of(p.q, r.t * p.q_stride + head * HEAD_DIM, p.q_stride, r.rows),
            rows_of(p.k, (start_of[r.first] + j0) * p.kv_stride + kv_column(head), p.kv_stride, r.keys - j0), x, y);
}

// Every row's maximum, into best_of. The last block comes first: the first one's scores remain in dot_of.
void run_maxima(run r, uint head, uint x, uint y) {
  int best[4];
  for (uint i = 0u; i < 4u; i++) best[i] = KEY_MIN;
  if (y * SIDE + x < TILE) best_of[y * SIDE + x] = KEY_MIN;
  barrier();
  for (uint blocks = (r.keys + TILE - 1u) / TILE; blocks > 0u; blocks--) {
    uint j0 = (blocks - 1u) * TILE;
    run_dots(r, head, j0, x, y);
    for (uint i = 0u; i < 4u; i++) {
      uint row = y + SIDE * i, seen = row < r.rows ? count_of[r.first + row] : 0u;
      for (uint j = 0u; j < 4u; j++) {
        P float score = dot_of[i][j] * p.scale;
        if (j0 + x + SIDE * j < seen) best[i] = max(best[i], row_key(score));
      }
    }
  }
  for (uint i = 0u; i < 4u; i++) atomicMax(best_of[y + SIDE * i], best[i]);
  barrier();
}

// A block's weights; each is a lane of its row's sum.
void run_weights(run r, uint j0, uint x, uint y, inout float lane_sum[4][4]) {
  for (uint i = 0u; i < 4u; i++) {
    uint row = y + SIDE * i, seen = row < r.rows ? count_of[r.first + row] : 0u;
    float m = row_from_key(best_of[row]);
    for (uint j = 0u; j < 4u; j++) {
      P float score = dot_of[i][j] * p.scale;
      float w = j0 + x + SIDE * j < seen ? weight_of(score, m) : 0.0;
      lane_sum[i][j] = lane_sum[i][j] + w;
      weight[(x + SIDE * j) * PADDED + row] = w;
    }
  }
}

void one_run(run r, uint head, uint d0, uint x, uint y) {
  float lane_sum[4][4];
  for (uint i = 0u; i < 4u; i++)
    for (uint j = 0u; j < 4u; j++) lane_sum[i][j] = 0.0;
  start_totals();
  run_maxima(r, head, x, y);
  for (uint j0 = 0u; j0 < r.keys; j0 += TILE) {
    if (j0 > 0u) run_dots(r, head, j0, x, y);
    run_weights(r, j0, x, y, lane_sum);
    tile_add(rows_of(p.v, (start_of[r.first] + j0) * p.kv_stride + kv_column(head), p.kv_stride, r.keys - j0), d0,
             false, x, y);
    fold_rows();
  }
  row_sums(lane_sum, x, y);
  for (uint i = 0u; i < 4u; i++) {
    uint row = y + SIDE * i, index = (r.t + row) * p.heads + head;
    if (row >= r.rows) continue;
    bool has_keys = count_of[r.first + row] > 0u;
    for (uint c = 0u; c < COLUMNS; c++) {
      uint d = d0 + x + SIDE * c;
      if (d < HEAD_DIM) p.o.v[index * HEAD_DIM + d] = has_keys ? ex_quiet(ex_div(total_of[i][c], sum_of[row])) : 0.0;
    }
    if (x == 0u && d0 == 0u) write_stat(index, has_keys, best_of[row], sum_of[row]);
  }
  barrier();
}

void one_tile(uint live, uint x, uint y) {
  uint across = p.heads * PARTS, group = group_index(), row0 = group / across * TILE;
  if (row0 >= live) return;
  uint head = group % across / PARTS, rows = min(TILE, live - row0);
  load_ranges(p.kv_start, p.kv_count, row0, rows, y * SIDE + x);
  for (uint first = 0u; first < rows;) {
    run r = run_from(row0, first, rows);
    one_run(r, head, group % PARTS * PART, x, y);
    first += r.rows;
  }
}

// One head of a lone query, made by 64 threads. Its q lies in `stage` from the head's quarter on, its weights behind all
// four q; the dimensions of its keys go through its quarter of `weight`.
struct lone {
  uint quarter, lane, index; // index: row * heads + head
  uint kv_at, keys, keys_max; // keys_max: of the group's heads, so that all pass the same barriers
};

uint lone_weights(lone a) { return ALONE * HEAD_DIM + a.quarter * TILE; }

// The score of key j0 + lane.
float lone_score(lone a, uint j0) {
  uint keys = a.quarter * DEPTH * PADDED;
  float block = 0.0, dot_total = 0.0;
  for (uint d0 = 0u; d0 < HEAD_DIM; d0 += DEPTH) {
    for (uint i = a.lane; i < TILE * DEPTH; i += TILE) {
      uint key = i / DEPTH, depth = i % DEPTH;
      float value = 0.0;
      if (j0 + key < a.keys && d0 + depth < HEAD_DIM)
        value = p.k.v[a.kv_at + (j0 + key) * p.kv_stride + d0 + depth];
      weight[keys + depth * PADDED + key] = value;
    }
    barrier();
    uint depth_end = min(DEPTH, HEAD_DIM - d0);
    for (uint depth = 0u; depth < depth_end; depth++) {
      P float product = stage[a.quarter * HEAD_DIM + d0 + depth] * weight[keys + depth * PADDED + a.lane];
      block = (d0 + depth) % TILE == 0u ? product : block + product;
    }
    if ((d0 + DEPTH) % TILE == 0u || d0 + DEPTH >= HEAD_DIM) dot_total = d0 < TILE ? block : dot_total + block;
    barrier();
  }
  return dot_total * p.scale;
}

void lone_maximum(lone a) {
  int best = KEY_MIN;
  for (uint j0 = 0u; j0 < a.keys_max; j0 += TILE) {
    float score = lone_score(a, j0);
    if (j0 + a.lane < a.keys) best = max(best, row_key(score));
  }
  atomicMax(best_of[a.quarter], best);
  barrier();
}

// Numerators of dimensions lane + 64 c, and the lane's sum of weights.
float lone_sums(lone a, out float total[LONE_COLUMNS]) {
  float m = row_from_key(best_of[a.quarter]), lane_sum = 0.0;
  for (uint c = 0u; c < LONE_COLUMNS; c++) total[c] = 0.0;
  for (uint j0 = 0u; j0 < a.keys_max; j0 += TILE) {
    float score = lone_score(a, j0);
    float w = j0 + a.lane < a.keys ? weight_of(score, m) : 0.0;
    lane_sum = lane_sum + w;
    stage[lone_weights(a) + a.lane] = w;
    barrier();
    uint steps = j0 < a.keys ? min(TILE, a.keys - j0) : 0u;
    for (uint c = 0u; c < LONE_COLUMNS; c++) {
      uint d = a.lane + TILE * c;
      float block = 0.0;
      if (d < HEAD_DIM)
        for (uint step = 0u; step < steps; step++) {
          P float product = stage[lone_weights(a) + step] * p.v.v[a.kv_at + (j0 + step) * p.kv_stride + d];
          block = block + product;
        }
      total[c] = total[c] + block;
    }
  }
  return lane_sum;
}

// The sum of the head's 64 lanes.
float lone_tree(lone a, float lane_sum) {
  uint at = a.quarter * TILE;
  barrier();
  weight[at + a.lane] = lane_sum;
  barrier();
  float v[16];
  for (uint l = 0u; l < 16u; l++) {
    P float even = weight[at + l] + weight[at + l + 32u];
    P float odd = weight[at + l + 16u] + weight[at + l + 48u];
    v[l] = even + odd;
  }
  return tree_of_16(v);
}

void lone_heads(uint live, uint thread) {
  lone a;
  a.quarter = thread / TILE;
  a.lane = thread % TILE;
  a.index = group_index() * ALONE + a.quarter;
  if (group_index() * ALONE >= live * p.heads) return;
  bool is_there = a.index < live * p.heads;
  uint row = is_there ? a.index / p.heads : 0u, head = a.index % p.heads;
  a.keys = is_there ? p.kv_count.v[row] : 0u;
  a.kv_at = p.kv_start.v[row] * p.kv_stride + kv_column(head);
  if (a.lane == 0u) {
    best_of[a.quarter] = KEY_MIN;
    count_of[a.quarter] = a.keys;
  }
  for (uint d = a.lane; d < HEAD_DIM; d += TILE)
    stage[a.quarter * HEAD_DIM + d] = p.q.v[row * p.q_stride + head * HEAD_DIM + d];
  barrier();
  a.keys_max = max(max(count_of[0], count_of[1]), max(count_of[2], count_of[3]));
  float total[LONE_COLUMNS];
  lone_maximum(a);
  float l = lone_tree(a, lone_sums(a, total));
  if (!is_there) return;
  for (uint c = 0u; c < LONE_COLUMNS; c++) {
    uint d = a.lane + TILE * c;
    if (d < HEAD_DIM) p.o.v[a.index * HEAD_DIM + d] = a.keys > 0u ? ex_quiet(ex_div(total[c], l)) : 0.0;
  }
  if (a.lane == 0u) write_stat(a.index, a.keys > 0u, best_of[a.quarter], l);
}

void main() {
  uint live = live_rows(p.count, 0u, p.rows_max);
  if (live == 0u) return;
  if (IS_ALONE != 0u)
    lone_heads(live, gl_LocalInvocationID.y * SIDE + gl_LocalInvocationID.x);
  else
    one_tile(live, gl_LocalInvocationID.x, gl_LocalInvocationID.y);
}
