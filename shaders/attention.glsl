// What the attention shaders share: 64 x 64 tiles made by 16 x 16 threads. A tile has rows of its own (queries, or keys
// in the gradient of keys) and is summed along columns (keys, or queries there). Two products alternate:
//
//   tile_dots   dot_of[row][column] = row . column      over the head's dimensions
//   tile_add    block_of[row][d] += weight[column][row] * vector[column][d]      over 64 columns
//
// Rows, columns and dimensions go in fours, in registers and in shared memory: one wide read brings four. Four f of 64
// holds numbers f, f + 16, f + 32 and f + 48, so that neighbours read neighbouring words; thread (x, y) has four y of
// the rows, and four x of the columns or of each 64 dimensions.
//
// A column that a row does not see has the weight +0 there. Such products change no sum but for the sign of a zero, and
// every such sum ends quieted, where zeros have one sign (engine/kernels/attention_fast.h).
#define SIDE uint(ATTENTION_SIDE)
#define TILE uint(ATTENTION_TILE)
#define PART uint(ATTENTION_PART)
#define DEPTH 32u           // dimensions of a step of tile_dots
#define STRIDE (SIDE + 1u)  // fours of 64, and one of padding: no bank conflicts where neighbours are in different rows
#define NOTHING ex_from_bits(EX_SIGN) // -0: a float plus it is itself, bit for bit

layout(local_size_x = ATTENTION_SIDE, local_size_y = ATTENTION_SIDE) in;

layout(constant_id = 0) const uint HEAD_DIM = 64u;
// A group makes one part of a result's dimensions: COLUMNS of them a thread.
const uint PARTS = (HEAD_DIM + PART - 1u) / PART;
const uint COLUMNS = HEAD_DIM < PART ? (HEAD_DIM + SIDE - 1u) / SIDE : PART / SIDE;
const uint FOURS = (COLUMNS + 3u) / 4u, STEPS = 32u / FOURS; // columns of a step of tile_add
#define WEIGHTS (TILE * STRIDE)
#define VECTORS (32u * SIDE)
// Whether a step's dimensions are all there.
const bool DEPTH_IS_WHOLE = HEAD_DIM % DEPTH == 0u, PART_IS_WHOLE = HEAD_DIM % (COLUMNS * SIDE) == 0u;

// Fours of rows, then of columns, while dots are made: [dimension][four]. Then [column][four of rows] of weights, and
// behind them the vectors: [column][four of 64 dimensions][x]. SPARE: what a shader wants besides.
shared vec4 fours[WEIGHTS + VECTORS + SPARE];

// Rows of a tensor, `stride` words apart, from word `at` on.
struct rows_of {
  F32 x;
  uint at, stride, count;
};

vec4 dot_of[4]; // of four y of rows with each of four x of columns

// 32 dimensions of 64 rows. There is no row beyond the last: it stands in. Beyond the head's dimensions: `beyond`.
void load_depth(rows_of from, uint base, uint d0, float beyond, uint x, uint y) {
  for (uint depth = x; depth < DEPTH; depth += SIDE) {
    vec4 four = vec4(beyond);
    if (DEPTH_IS_WHOLE || d0 + depth < HEAD_DIM)
      for (uint i = 0u; i < 4u; i++)
        four[i] = from.x.v[from.at + min(y + SIDE * i, from.count - 1u) * from.stride + d0 + depth];
    fours[base + depth * STRIDE + y] = four;
  }
}

// dot_of, dimensions in blocks of 64, each from its first product. Begins with writes to `fours`, ends with a barrier
// after its last read.
void tile_dots(rows_of rows, rows_of columns, uint x, uint y) {
  vec4 block[4];
  for (uint d0 = 0u; d0 < HEAD_DIM; d0 += DEPTH) {
    load_depth(rows, 0u, d0, NOTHING, x, y);
    load_depth(columns, DEPTH * STRIDE, d0, 0.0, x, y);
    barrier();
    if (d0 % TILE == 0u)
      for (uint j = 0u; j < 4u; j++) block[j] = vec4(NOTHING);
    uint depth_end = min(DEPTH, HEAD_DIM - d0);
    for (uint depth = 0u; depth < depth_end; depth++) {
      vec4 a = fours[depth * STRIDE + y], b = fours[(DEPTH + depth) * STRIDE + x];
      for (uint j = 0u; j < 4u; j++) {
        P vec4 product = a * b[j];
        block[j] = block[j] + product;
      }
    }
    if ((d0 + DEPTH) % TILE == 0u || d0 + DEPTH >= HEAD_DIM)
      for (uint j = 0u; j < 4u; j++) dot_of[j] = d0 < TILE ? block[j] : dot_of[j] + block[j];
    barrier();
  }
}

// Weights. A thread puts and gets back its own without a barrier: what is costly for each is done there, in a loop that
// drivers need not unroll as they do one over registers.
void put_weight(uint column, uint y, vec4 weight) { fours[column * STRIDE + y] = weight; }
vec4 get_weight(uint column, uint y) { return fours[column * STRIDE + y]; }

// Sums along columns: the running block of 64 columns, and the blocks so far.
vec4 block_of[COLUMNS], total_of[COLUMNS];

// Columns from step0 on, STEPS of them (beyond the last it stands in); dimensions from d0 on, 16 COLUMNS of them.
void load_vectors(rows_of from, uint step0, uint d0, uint x, uint y) {
  for (uint step = y; step < STEPS; step += SIDE) {
    uint at = from.at + min(step0 + step, from.count - 1u) * from.stride + d0 + x;
    for (uint f = 0u; f < FOURS; f++) {
      vec4 four = vec4(0.0);
      for (uint c = 0u; c < 4u; c++)
        if (4u * f + c < COLUMNS && (PART_IS_WHOLE || d0 + x + SIDE * (4u * f + c) < HEAD_DIM))
          four[c] = from.x.v[at + SIDE * (4u * f + c)];
      fours[WEIGHTS + (step * FOURS + f) * SIDE + x] = four;
    }
  }
}

void start_totals() {
  for (uint c = 0u; c < COLUMNS; c++) {
    block_of[c] = vec4(0.0);
    total_of[c] = vec4(0.0);
  }
}

void fold_rows() {
  for (uint c = 0u; c < COLUMNS; c++) {
    total_of[c] = total_of[c] + block_of[c];
    block_of[c] = vec4(0.0);
  }
}

void fold_row(uint i) {
  for (uint c = 0u; c < COLUMNS; c++) {
    total_of[c][i] = total_of[c][i] + block_of[c][i];
    block_of[c][i] = 0.0;
  }
}

// block_of += weight * vector, for the 64 columns in order. is_diagonal: row r folds its block before column r. Begins
// with writes to the vectors of `fours`, and weights may have been put just before; ends with a barrier after the last
// read of both.
void tile_add(rows_of vectors, uint d0, bool is_diagonal, uint x, uint y) {
  for (uint step0 = 0u; step0 < min(TILE, vectors.count); step0 += STEPS) {
    load_vectors(vectors, step0, d0, x, y);
    barrier();
    uint steps = min(STEPS, vectors.count - step0);
    for (uint step = 0u; step < steps; step++) {
      if (is_diagonal && (step0 + step) % SIDE == y)
        for (uint i = 0u; i < 4u; i++)
          if ((step0 + step) / SIDE == i) fold_row(i);
      vec4 weight = fours[(step0 + step) * STRIDE + y];
      for (uint f = 0u; f < FOURS; f++) {
        vec4 value = fours[WEIGHTS + (step * FOURS + f) * SIDE + x];
        for (uint c = 0u; c < 4u; c++)
          if (4u * f + c < COLUMNS) {
            P vec4 product = weight * value[c];
            block_of[4u * f + c] = block_of[4u * f + c] + product;
          }
      }
    }
    barrier();
  }
}

// The fixed tree of a row sum (engine/kernels/lanes.h), once lanes 32 and 16 apart have met.
float tree_of_16(float v[16]) {
  for (uint l = 0u; l < 8u; l++) v[l] = v[l] + v[l + 8u];
  for (uint l = 0u; l < 4u; l++) v[l] = v[l] + v[l + 4u];
  for (uint l = 0u; l < 2u; l++) v[l] = v[l] + v[l + 2u];
  return v[0] + v[1];
}

shared float sum_of[TILE];

// Every row's sum of its 64 lanes, of which a thread has four x, into sum_of. Weights are overwritten.
void row_sums(vec4 lane_sum[4], uint x, uint y) {
  uint lane = y * SIDE + x;
  P vec4 even = lane_sum[0] + lane_sum[2];
  P vec4 odd = lane_sum[1] + lane_sum[3];
  put_weight(x, y, even + odd);
  barrier();
  if (lane < TILE) {
    float v[16];
    for (uint l = 0u; l < 16u; l++) v[l] = fours[l * STRIDE + lane % SIDE][lane / SIDE];
    sum_of[lane] = tree_of_16(v);
  }
  barrier();
}

// Queries of a tile, run by run of those that share their keys.
shared uint start_of[TILE], count_of[TILE]; // kv_start and kv_count of the tile's queries

struct run {
  uint t, first, rows, keys; // its first query; that one's place in the tile; the most keys any sees
};

void load_ranges(U32 kv_start, U32 kv_count, uint row0, uint rows, uint lane) {
  if (lane < rows) {
    start_of[lane] = kv_start.v[row0 + lane];
    count_of[lane] = kv_count.v[row0 + lane];
  }
  barrier();
}

run run_from(uint row0, uint first, uint rows) {
  uint keys = count_of[first], end = first + 1u;
  for (; end < rows && start_of[end] == start_of[first]; end++) keys = max(keys, count_of[end]);
  return run(row0 + first, first, end - first, keys);
}

// How many keys each of four y of the run's queries sees.
uvec4 run_seen(run r, uint y) {
  uvec4 seen = uvec4(0u);
  for (uint i = 0u; i < 4u; i++)
    if (y + SIDE * i < r.rows) seen[i] = count_of[r.first + y + SIDE * i];
  return seen;
}

// The probability of a column, from its row's (m, l), and its score's gradient: engine/kernels/attention.h.
float attention_probability(float score, float m, float l) {
  P float difference = score - m;
  return ex_quiet(ex_div(ex_quiet(ex_exp(difference)), l));
}
float attention_score_gradient(float probability, float dp, float delta, float scale) {
  P float gradient = dp - delta;
  gradient = probability * gradient;
  gradient = gradient * scale;
  return ex_quiet(gradient);
}
