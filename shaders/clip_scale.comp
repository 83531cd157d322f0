// The gradient's norm and scale of engine/kernels/clip_scale.c, bit for bit: one thread. (The workgroup has more: in a workgroup of one,
// lavapipe 22.3 gets the loops wrong that GPU-assisted validation adds.)
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = 8) in;
KERNEL(clip_scale)

void main() {
  if (group_index() > 0u || gl_LocalInvocationID.x > 0u) return;
  float norm = ex_sqrt(p.square_sum.v[0]);
  p.norm.v[0] = norm;
  p.scale.v[0] = p.max_norm > 0.0 && norm > p.max_norm ? ex_div(p.max_norm, norm) : 1.0;
}
