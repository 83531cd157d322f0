// The loss of engine/kernels/cross_entropy.c, bit for bit: one thread a loss row.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(cross_entropy)

void main() {
  uint t = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (t >= live_rows(p.count, 0u, p.rows_max)) return;
  P float weight = p.weight.v[t], scale = p.scale.v[0];
  P float weighted = weight * p.logprob.v[t];
  P float loss = ex_flush(weighted) * scale;
  P float gradient = weight * scale;
  p.dlogprob.v[t] = ex_flush(-gradient);
  p.loss.v[t] = ex_flush(-loss);
}
