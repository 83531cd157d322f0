// Gradient of RMSNorm's weights of engine/kernels/rmsnorm_bwd_w.c, bit for bit: one workgroup a few columns.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

KERNEL(rmsnorm_bwd_w)

#define COLUMNS uint(COLUMN_SUM_COLUMNS)
#define BLOCKS uint(COLUMN_SUM_BLOCKS)
#include "shaders/column_sum.glsl"

float column_term(uint row, uint column) {
  uint i = row * p.width + column;
  P float product = p.dy.v[i] * p.x.v[i];
  product = product * p.rstd.v[row];
  return product;
}

void main() {
  uint column = group_index() * COLUMNS + gl_LocalInvocationID.x;
  bool is_inside = column < p.width;
  float total = column_sum(live_rows(p.count, 0u, p.rows_max), column, is_inside, 0.0, false);
  if (is_inside && gl_LocalInvocationID.y == 0u) p.dw.v[column] = total;
}
