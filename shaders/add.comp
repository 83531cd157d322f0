// The sum of engine/kernels/add.c, bit for bit: one thread an element.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(add)

void main() {
  uint i = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (i >= live_rows(p.count, 0u, p.rows_max) * p.width) return;
  P float sum = p.a.v[i] + p.b.v[i];
  p.result.v[i] = sum;
}
