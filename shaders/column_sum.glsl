// Sums down rows: 64 rows a block, each from its first row on, the blocks added in order. A workgroup is COLUMNS columns
// wide and sums BLOCKS blocks at once, one an invocation's y; what they come to goes through shared memory to the
// invocations with y = 0, which fold the blocks in order. Included after kernel.glsl and KERNEL(); the shader defines COLUMNS
// and BLOCKS before, and column_term after.
#define BLOCK_ROWS 64u

layout(local_size_x = COLUMNS, local_size_y = BLOCKS) in;

shared float block_sum[BLOCKS][COLUMNS];

float column_term(uint row, uint column);

// The total of rows 0 .. rows - 1, for the invocations with y = 0; `total` starts it where has_total, else the first block
// does. Called in uniform control flow; is_inside says whether this invocation's column is one.
float column_sum(uint rows, uint column, bool is_inside, float total, bool has_total) {
  uint x = gl_LocalInvocationID.x, y = gl_LocalInvocationID.y;
  for (uint begin = 0u; begin < rows; begin += BLOCKS * BLOCK_ROWS) {
    uint row = begin + y * BLOCK_ROWS;
    if (is_inside && row < rows) {
      uint end = min(rows, row + BLOCK_ROWS);
      P float sum = column_term(row, column);
      for (row++; row < end; row++) sum = sum + column_term(row, column);
      block_sum[y][x] = sum;
    }
    barrier();
    if (is_inside && y == 0u) {
      uint blocks = min(BLOCKS, (rows - begin + BLOCK_ROWS - 1u) / BLOCK_ROWS);
      for (uint block = 0u; block < blocks; block++) {
        P float next = total + block_sum[block][x];
        total = has_total ? next : block_sum[block][x];
        has_total = true;
      }
    }
    barrier();
  }
  return total;
}
