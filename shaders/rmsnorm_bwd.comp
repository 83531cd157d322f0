// Gradient of RMSNorm of engine/kernels/rmsnorm_bwd.c, bit for bit: one workgroup of 64 lanes a row. dx may be any of the
// rows read: a lane writes only elements that it alone reads, after it read them.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"
#include "shaders/row_sum.glsl"

#define LANES uint(GROUP_ROW_LANES)

layout(local_size_x = GROUP_ROW_LANES) in;
KERNEL(rmsnorm_bwd)

void main() {
  uint lane = gl_LocalInvocationID.x, row = group_index();
  if (row >= live_rows(p.count, 0u, p.rows_max)) return;
  uint begin = row * p.width;
  float rstd = p.rstd.v[row];

  P float sum = 0.0;
  for (uint i = lane; i < p.width; i += LANES) {
    P float product = p.w.v[i] * p.dy.v[begin + i];
    product = product * p.x.v[begin + i];
    product = product * rstd;
    sum = i == lane ? product : sum + product;
  }
  P float mean = ex_div(row_sum(sum), float(p.width));

  bool has_residual = IS_THERE(p.residual);
  for (uint i = lane; i < p.width; i += LANES) {
    P float dx = p.w.v[i] * p.dy.v[begin + i];
    P float along = p.x.v[begin + i] * rstd;
    along = along * mean;
    dx = dx - along;
    dx = rstd * dx;
    if (has_residual) dx = p.residual.v[begin + i] + dx;
    p.dx.v[begin + i] = ex_quiet(dx);
  }
}
