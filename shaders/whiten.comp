// Whitening of engine/kernels/whiten.c, bit for bit: one thread a position.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(whiten)

void main() {
  uint i = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (i >= p.samples * p.response_max) return;
  if (i % p.response_max >= p.lengths.v[i / p.response_max]) {
    p.result.v[i] = 0.0;
    return;
  }
  P float x = p.x.v[i];
  if (p.plain == 0u) x = x - p.mean.v[0];
  P float mixed = p.weight * x;
  mixed = ex_flush(mixed);
  if (p.plain == 0u) {
    P float deviation = ex_sqrt(p.variance.v[0]);
    deviation = deviation + 1e-8;
    mixed = mixed * ex_div(1.0, deviation);
    mixed = ex_flush(mixed);
  }
  if (p.accumulate != 0u) mixed = p.result.v[i] + mixed;
  p.result.v[i] = mixed;
}
