// Rows of engine/kernels/gather_rows.c: one thread an element.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(gather_rows)

void main() {
  uint i = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (i >= live_rows(p.count, 0u, p.rows_max) * p.width) return;
  uint row = i / p.width, column = i % p.width;
  p.result.v[i] = p.x.v[p.row.v[row] * p.width + column];
}
