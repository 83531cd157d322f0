// Generalised advantage estimation of engine/kernels/gae.c, bit for bit: one thread a sample, from its last token back.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_SAMPLES) in;
KERNEL(gae)

void main() {
  uint row = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (row >= p.samples) return;
  uint begin = row * p.response_max, length = p.lengths.v[row];
  for (uint t = length; t < p.response_max; t++) {
    p.advantage.v[begin + t] = 0.0;
    p.ret.v[begin + t] = 0.0;
  }
  float advantage_next = 0.0, value_next = 0.0;
  for (uint left = length; left > 0u; left--) {
    uint i = begin + left - 1u;
    P float value = p.value.v[i];
    P float outlook = p.reward.v[i];
    if (left < length) {
      P float discounted = p.gamma * value_next;
      outlook = outlook + ex_flush(discounted);
    }
    P float advantage = outlook - value;
    if (left < length) {
      P float carried = p.gamma_lambda * advantage_next;
      advantage = advantage + ex_flush(carried);
    }
    P float ret = advantage + value;
    p.advantage.v[i] = advantage;
    p.ret.v[i] = ret;
    advantage_next = advantage;
    value_next = value;
  }
}
