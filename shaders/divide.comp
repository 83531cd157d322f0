// The quotient of engine/kernels/divide.c, bit for bit: one thread. (The workgroup has more: in a workgroup of one,
// lavapipe 22.3 gets the loops wrong that GPU-assisted validation adds.)
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = 8) in;
KERNEL(divide)

void main() {
  if (group_index() > 0u || gl_LocalInvocationID.x > 0u) return;
  float divisor = p.divisor.v[0];
  p.result.v[0] = divisor == 0.0 ? 0.0 : ex_div(p.sum.v[0], divisor);
}
