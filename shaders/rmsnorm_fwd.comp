// RMSNorm of engine/kernels/rmsnorm_fwd.c, bit for bit: one workgroup of 64 lanes a row.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"
#include "shaders/row_sum.glsl"

#define LANES uint(GROUP_ROW_LANES)

layout(local_size_x = GROUP_ROW_LANES) in;
KERNEL(rmsnorm_fwd)

void main() {
  uint lane = gl_LocalInvocationID.x, row = group_index();
  if (row >= live_rows(p.count, 0u, p.rows_max)) return;
  uint begin = row * p.width;

  P float sum = 0.0;
  for (uint i = lane; i < p.width; i += LANES) {
    P float x = p.x.v[begin + i];
    P float square = x * x;
    sum = i == lane ? square : sum + square;
  }
  P float mean = ex_div(row_sum(sum), float(p.width));
  P float shifted = mean + p.eps;
  P float rstd = ex_rsqrt(shifted);
  if (lane == 0u) p.rstd.v[row] = rstd;
  for (uint i = lane; i < p.width; i += LANES) {
    P float scaled = p.x.v[begin + i] * rstd;
    P float y = scaled * p.w.v[i];
    p.y.v[begin + i] = ex_quiet(y);
  }
}
