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
#define SPARE 256u
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

void run_maxima(run r, uint j0, uint x, uint y) {
  uvec4 seen = run_seen(r, y);
  ivec4 best = ivec4(KEY_MIN);
  for (uint j = 0u; j < 4u; j++) {
    P vec4 score = dot_of[j] * p.scale;
    for (uint i = 0u; i < 4u; i++)
      if (j0 + x + SIDE * j < seen[i]) best[i] = max(best[i], row_key(score[i]));
  }
  for (uint i = 0u; i < 4u; i++) atomicMax(best_of[y + SIDE * i], best[i]);
}

// A block's weights; each is in a lane of its row's sum.
void run_weights(run r, uint j0, uint x, uint y, inout vec4 lane_sum[4]) {
  uvec4 seen = run_seen(r, y);
  vec4 m;
  for (uint i = 0u; i < 4u; i++) m[i] = row_from_key(best_of[y + SIDE * i]);
  for (uint j = 0u; j < 4u; j++) put_weight(x + SIDE * j, y, dot_of[j] * p.scale);
  for (uint column = x; column < TILE; column += SIDE) {
    vec4 weight = get_weight(column, y);
    for (uint i = 0u; i < 4u; i++) weight[i] = j0 + column < seen[i] ? weight_of(weight[i], m[i]) : 0.0;
    put_weight(column, y, weight);
  }
  for (uint j = 0u; j < 4u; j++) lane_sum[j] = lane_sum[j] + get_weight(x + SIDE * j, y);
}

// o = total / l, stat. Totals go through the weights' room, four columns of each thread at a time.
void write_run(run r, uint head, uint d0, uint x, uint y) {
  for (uint f = 0u; f < FOURS; f++) {
    for (uint c = 0u; c < 4u; c++)
      if (4u * f + c < COLUMNS) put_weight(x + SIDE * c, y, total_of[4u * f + c]);
    for (uint d = d0 + TILE * f + x; d < min(HEAD_DIM, d0 + TILE * f + TILE); d += SIDE) {
      vec4 total = get_weight(d - d0 - TILE * f, y);
      for (uint i = 0u; i < 4u; i++) {
        uint row = y + SIDE * i, index = (r.t + row) * p.heads + head;
        float quotient = ex_quiet(ex_div(total[i], sum_of[row]));
        if (row < r.rows) p.o.v[index * HEAD_DIM + d] = count_of[r.first + row] > 0u ? quotient : 0.0;
      }
    }
  }
  uint lane = y * SIDE + x;
  if (lane < r.rows && d0 == 0u)
    write_stat((r.t + lane) * p.heads + head, count_of[r.first + lane] > 0u, best_of[lane], sum_of[lane]);
  barrier();
}

// Blocks of keys are gone through from the last to the first for the maxima, then back for the sums: the first one's
// scores serve both.
void one_run(run r, uint head, uint d0, uint x, uint y) {
  vec4 lane_sum[4];
  for (uint j = 0u; j < 4u; j++) lane_sum[j] = vec4(0.0);
  start_totals();
  if (y * SIDE + x < TILE) best_of[y * SIDE + x] = KEY_MIN;
  uint blocks = (r.keys + TILE - 1u) / TILE;
  for (uint n = 1u; n < 2u * blocks; n++) {
    uint j0 = (n < blocks ? blocks - n : n - blocks) * TILE;
    run_dots(r, head, j0, x, y);
    if (n <= blocks) run_maxima(r, j0, x, y);
    if (n < blocks) continue;
    barrier();
    run_weights(r, j0, x, y, lane_sum);
    tile_add(rows_of(p.v, (start_of[r.first] + j0) * p.kv_stride + kv_column(head), p.kv_stride, r.keys - j0), d0,
             false, x, y);
    fold_rows();
  }
  row_sums(lane_sum, x, y);
  write_run(r, head, d0, x, y);
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

// One head of a lone query, made by 64 threads. 16 dimensions of its keys at a time go through a quarter of the
// weights' room, in fours along the dimensions; behind lie all q, in such fours, and then as many blocks of scores,
// which become weights, as there is room for. The scores of later blocks are made twice.
struct lone {
  uint quarter, lane, index;  // index: row * heads + head
  uint kv_at, keys, keys_max; // keys_max: of the group's heads, so that all pass the same barriers
};

#define LONE_DEPTH 4u // fours of a step
#define LONE_STRIDE (TILE + 1u)
const uint LONE_Q = (HEAD_DIM + 3u) / 4u; // fours of a q
const uint LONE_SCORES = WEIGHTS + ALONE * LONE_Q;
const uint LONE_KEPT = (VECTORS + SPARE - ALONE * LONE_Q) / (ALONE * SIDE); // blocks of a head
const bool LONE_IS_WHOLE = HEAD_DIM % (4u * LONE_DEPTH) == 0u;

// Where a block's 16 fours of scores lie. One that is not kept takes the place of the last that is.
uint lone_block(lone a, uint n) { return LONE_SCORES + (a.quarter * LONE_KEPT + min(n, LONE_KEPT - 1u)) * SIDE; }

void lone_load_q(lone a, uint at) {
  for (uint f = a.lane; f < LONE_Q; f += TILE) {
    vec4 four = vec4(NOTHING);
    for (uint c = 0u; c < 4u; c++)
      if (4u * f + c < HEAD_DIM) four[c] = p.q.v[at + 4u * f + c];
    fours[WEIGHTS + a.quarter * LONE_Q + f] = four;
  }
}

// 16 dimensions of 64 keys. Beyond the head's dimensions: 0; beyond its keys: the last.
void lone_load_keys(lone a, uint j0, uint d0) {
  if (j0 >= a.keys) return;
  uint f = a.lane % LONE_DEPTH, d = d0 + 4u * f;
  for (uint key = a.lane / LONE_DEPTH; key < TILE; key += TILE / LONE_DEPTH) {
    uint at = a.kv_at + min(j0 + key, a.keys - 1u) * p.kv_stride + d;
    vec4 four = vec4(0.0);
    for (uint c = 0u; c < 4u; c++)
      if (LONE_IS_WHOLE || d + c < HEAD_DIM) four[c] = p.k.v[at + c];
    fours[(a.quarter * LONE_DEPTH + f) * LONE_STRIDE + key] = four;
  }
}

// The score of key j0 + lane.
float lone_score(lone a, uint j0) {
  P float block = NOTHING;
  P float dot_total = NOTHING;
  for (uint d0 = 0u; d0 < HEAD_DIM; d0 += 4u * LONE_DEPTH) {
    lone_load_keys(a, j0, d0);
    barrier();
    uint f_end = min(LONE_DEPTH, LONE_Q - d0 / 4u);
    for (uint f = 0u; f < f_end; f++) {
      P vec4 product = fours[WEIGHTS + a.quarter * LONE_Q + d0 / 4u + f] *
                       fours[(a.quarter * LONE_DEPTH + f) * LONE_STRIDE + a.lane];
      for (uint c = 0u; c < 4u; c++) block = block + product[c];
    }
    if ((d0 + 4u * LONE_DEPTH) % TILE == 0u || d0 + 4u * LONE_DEPTH >= HEAD_DIM) {
      dot_total = dot_total + block;
      block = NOTHING;
    }
    barrier();
  }
  return dot_total * p.scale;
}

// The head's maximum, into best_of; the scores that are kept.
void lone_maximum(lone a) {
  int best = KEY_MIN;
  for (uint j0 = 0u; j0 < a.keys_max; j0 += TILE) {
    float score = lone_score(a, j0);
    if (j0 + a.lane < a.keys) best = max(best, row_key(score));
    if (j0 < LONE_KEPT * TILE) fours[lone_block(a, j0 / TILE) + a.lane / 4u][a.lane % 4u] = score;
  }
  atomicMax(best_of[a.quarter], best);
  barrier();
}

// The weight of key j0 + lane, from its score, into the block's place.
float lone_put_weight(lone a, uint j0, float score) {
  float weight = j0 + a.lane < a.keys ? weight_of(score, row_from_key(best_of[a.quarter])) : 0.0;
  fours[lone_block(a, j0 / TILE) + a.lane / 4u][a.lane % 4u] = weight;
  return weight;
}

// Numerators of dimensions lane + 64 c: one block more.
void lone_add(lone a, uint j0, inout float total[LONE_COLUMNS]) {
  uint steps = j0 < a.keys ? min(TILE, a.keys - j0) : 0u, weights = lone_block(a, j0 / TILE);
  for (uint c = 0u; c < LONE_COLUMNS; c++) {
    uint at = a.kv_at + j0 * p.kv_stride + min(a.lane + TILE * c, HEAD_DIM - 1u);
    float block = 0.0;
    for (uint step = 0u; step < steps; step += 4u) {
      vec4 weight = fours[weights + step / 4u]; // 0 beyond the keys, where the last stands in
      for (uint i = 0u; i < 4u; i++) {
        P float product = weight[i] * p.v.v[at + min(step + i, steps - 1u) * p.kv_stride];
        block = block + product;
      }
    }
    total[c] = total[c] + block;
  }
}

// Numerators; the lane's sum of weights.
float lone_sums(lone a, out float total[LONE_COLUMNS]) {
  float lane_sum = 0.0;
  for (uint c = 0u; c < LONE_COLUMNS; c++) total[c] = 0.0;
  for (uint j0 = 0u; j0 < min(a.keys_max, LONE_KEPT * TILE); j0 += TILE)
    lane_sum = lane_sum + lone_put_weight(a, j0, fours[lone_block(a, j0 / TILE) + a.lane / 4u][a.lane % 4u]);
  barrier();
  for (uint j0 = 0u; j0 < a.keys_max; j0 += TILE) {
    if (j0 >= LONE_KEPT * TILE) {
      lane_sum = lane_sum + lone_put_weight(a, j0, lone_score(a, j0));
      barrier();
    }
    lone_add(a, j0, total);
  }
  return lane_sum;
}

// The sum of the head's 64 lanes.
float lone_tree(lone a, float lane_sum) {
  uint at = lone_block(a, 0u);
  barrier();
  fours[at + a.lane % SIDE][a.lane / SIDE] = lane_sum;
  barrier();
  float v[16];
  for (uint l = 0u; l < 16u; l++) {
    vec4 lanes = fours[at + l];
    P float even = lanes.x + lanes.z;
    P float odd = lanes.y + lanes.w;
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
  lone_load_q(a, row * p.q_stride + head * HEAD_DIM);
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
