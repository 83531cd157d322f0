// SwiGLU of engine/kernels/swiglu_fwd.c, bit for bit: one thread an element.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(swiglu_fwd)

void main() {
  uint i = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (i >= live_rows(p.count, 0u, p.rows_max) * p.width) return;
  uint row = i / p.width, column = i % p.width;
  uint gate = 2u * row * p.width + column;
  P float y = ex_silu(p.gate_up.v[gate]) * p.gate_up.v[gate + p.width];
  p.result.v[i] = ex_quiet(y);
}
