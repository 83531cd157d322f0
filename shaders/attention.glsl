// What the attention shaders share: 64 x 64 tiles made by 16 x 16 threads. A tile has rows of its own (queries, or keys
// in the gradient of keys) and is summed along columns (keys, or queries there). Thread (x, y) holds rows y + 16 i and
// columns x + 16 j of it, i, j < 4, so that neighbours read neighbouring words. Two products alternate:
//
//   tile_dots   dot[i][j] = row . column      over the head's dimensions
//   tile_add    sum[i][c] += weight[column][row] * vector[column][x + 16 c]      over 64 columns
//
// A column that a row does not see has the weight +0 there. Such products change no sum but for the sign of a zero, and
// every such sum ends quieted, where zeros have one sign (engine/kernels/attention_fast.h).
#define SIDE uint(ATTENTION_SIDE)
#define TILE uint(ATTENTION_TILE)
#define PADDED (TILE + 1u) // a word of padding: columns are written without bank conflicts
#define DEPTH 16u
#define LANES (SIDE * SIDE)

layout(local_size_x = ATTENTION_SIDE, local_size_y = ATTENTION_SIDE) in;

layout(constant_id = 0) const uint HEAD_DIM = 64u;
// A group makes one part of a result's dimensions, of which a thread has each sixteenth.
#define PART uint(ATTENTION_PART)
const uint PARTS = (HEAD_DIM + PART - 1u) / PART;
const uint COLUMNS = HEAD_DIM < PART ? (HEAD_DIM + SIDE - 1u) / SIDE : PART / SIDE;

// Words of a result's row of 16 * COLUMNS dimensions, padded, times DEPTH fit too.
#define STAGE_WORDS (2u * DEPTH * PADDED)
shared float stage[STAGE_WORDS];
shared float weight[TILE * PADDED]; // [column][row]

float dot_of[4][4];

// Rows `first` .. of a tensor with rows of `stride` words, from word `at` on.
struct rows_of {
  F32 x;
  uint at, stride, count;
};

// Dimensions d0 .. d0 + 15 of 64 rows: stage[base + depth * PADDED + row]. Beyond the rows there are, and beyond the
// head's dimensions, 0 is stored and never used.
void load_depth(rows_of from, uint base, uint lane, uint d0) {
  for (uint i = lane; i < TILE * DEPTH; i += LANES) {
    uint row = i / DEPTH, depth = i % DEPTH;
    float value = 0.0;
    if (row < from.count && d0 + depth < HEAD_DIM) value = from.x.v[from.at + row * from.stride + d0 + depth];
    stage[base + depth * PADDED + row] = value;
  }
}

// dot_of[i][j] = rows[y + 16 i] . columns[x + 16 j], dimensions in blocks of 64, each from its first product. Begins
// with writes to `stage` and ends with a barrier after its last read.
void tile_dots(rows_of rows, rows_of columns, uint x, uint y) {
  uint lane = y * SIDE + x;
  float block[4][4];
  for (uint d0 = 0u; d0 < HEAD_DIM; d0 += DEPTH) {
    load_depth(rows, 0u, lane, d0);
    load_depth(columns, DEPTH * PADDED, lane, d0);
    barrier();
    uint depth = 0u, depth_end = min(DEPTH, HEAD_DIM - d0);
    if (d0 % TILE == 0u) {
      for (uint i = 0u; i < 4u; i++)
        for (uint j = 0u; j < 4u; j++) block[i][j] = stage[y + SIDE * i] * stage[DEPTH * PADDED + x + SIDE * j];
      depth = 1u;
    }
    for (; depth < depth_end; depth++) {
      float a[4], b[4];
      for (uint i = 0u; i < 4u; i++) a[i] = stage[depth * PADDED + y + SIDE * i];
      for (uint j = 0u; j < 4u; j++) b[j] = stage[(DEPTH + depth) * PADDED + x + SIDE * j];
      for (uint i = 0u; i < 4u; i++)
        for (uint j = 0u; j < 4u; j++) {
          P float product = a[i] * b[j];
          block[i][j] = block[i][j] + product;
        }
    }
    if ((d0 + DEPTH) % TILE == 0u || d0 + DEPTH >= HEAD_DIM)
      for (uint i = 0u; i < 4u; i++)
        for (uint j = 0u; j < 4u; j++) dot_of[i][j] = d0 < TILE ? block[i][j] : dot_of[i][j] + block[i][j];
    barrier();
  }
}

// Sums along columns of 16 COLUMNS dimensions from d0 on: the running block of 64 columns, and the blocks so far.
float block_of[4][COLUMNS], total_of[4][COLUMNS];

// Dimensions d0 .. d0 + 16 COLUMNS - 1 of 16 columns from step0 on: stage[step * 16 COLUMNS + dimension].
void load_vectors(rows_of from, uint lane, uint step0, uint d0) {
  for (uint i = lane; i < DEPTH * SIDE * COLUMNS; i += LANES) {
    uint step = i / (SIDE * COLUMNS), d = d0 + i % (SIDE * COLUMNS);
    float value = 0.0;
    if (step0 + step < from.count && d < HEAD_DIM) value = from.x.v[from.at + (step0 + step) * from.stride + d];
    stage[i] = value;
  }
}

void start_totals() {
  for (uint i = 0u; i < 4u; i++)
    for (uint c = 0u; c < COLUMNS; c++) {
      block_of[i][c] = 0.0;
      total_of[i][c] = 0.0;
    }
}

void fold_row(uint i) {
  for (uint c = 0u; c < COLUMNS; c++) {
    total_of[i][c] = total_of[i][c] + block_of[i][c];
    block_of[i][c] = 0.0;
  }
}

void fold_rows() {
  for (uint i = 0u; i < 4u; i++) fold_row(i);
}

// block_of[i][c] += weight[column][y + 16 i] * vectors[column][d0 + x + 16 c], for the 64 columns in order. is_diagonal:
// row r folds its block before column r. Begins with writes to `stage`: `weight` may have been written just before; ends
// with a barrier after the last read of both.
void tile_add(rows_of vectors, uint d0, bool is_diagonal, uint x, uint y) {
  for (uint step0 = 0u; step0 < min(TILE, vectors.count); step0 += DEPTH) {
    load_vectors(vectors, y * SIDE + x, step0, d0);
    barrier();
    for (uint step = 0u; step < DEPTH; step++) {
      if (is_diagonal && step == y)
        for (uint i = 0u; i < 4u; i++)
          if (step0 == i * DEPTH) fold_row(i);
      float w[4];
      for (uint i = 0u; i < 4u; i++) w[i] = weight[(step0 + step) * PADDED + y + SIDE * i];
      for (uint c = 0u; c < COLUMNS; c++) {
        float value = stage[step * SIDE * COLUMNS + x + SIDE * c];
        for (uint i = 0u; i < 4u; i++) {
          P float product = w[i] * value;
          block_of[i][c] = block_of[i][c] + product;
        }
      }
    }
    barrier();
  }
}

// The fixed tree of a row sum, once lanes 32 and 16 apart have met.
float tree_of_16(float v[16]) {
  for (uint l = 0u; l < 8u; l++) v[l] = v[l] + v[l + 8u];
  for (uint l = 0u; l < 4u; l++) v[l] = v[l] + v[l + 4u];
  for (uint l = 0u; l < 2u; l++) v[l] = v[l] + v[l + 2u];
  return v[0] + v[1];
}

shared float sum_of[TILE];

// Every row's sum of its 64 lanes, of which thread x has lanes x + 16 j, into sum_of. `weight` is overwritten.
void row_sums(float lane_sum[4][4], uint x, uint y) {
  uint lane = y * SIDE + x;
  for (uint i = 0u; i < 4u; i++) {
    P float even = lane_sum[i][0] + lane_sum[i][2];
    P float odd = lane_sum[i][1] + lane_sum[i][3];
    weight[x * PADDED + y + SIDE * i] = even + odd;
  }
  barrier();
  if (lane < TILE) {
    float v[16];
    for (uint l = 0u; l < 16u; l++) v[l] = weight[l * PADDED + lane];
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
