// The rewards of engine/kernels/token_reward.c, bit for bit: one thread a position, all its streams.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(token_reward)

void main() {
  uint i = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  uint records = p.samples * p.response_max;
  if (i >= records) return;
  uint row = i / p.response_max, t = i % p.response_max, length = p.lengths.v[row];
  P float kl = p.logprob.v[i] - p.reference.v[i];
  kl = t < length ? kl : 0.0;
  p.kl.v[i] = kl;
  for (uint stream = 0u; stream < p.streams; stream++) {
    bool penalised = stream == p.kl_stream;
    float reward = 0.0;
    if (penalised && t < length) {
      P float penalty = p.kl_coef.v[0] * kl;
      reward = ex_flush(-penalty);
    }
    if (t + 1u == length) {
      P float outcome = p.outcome.v[stream * p.samples + row];
      P float sum = reward + outcome;
      reward = penalised ? sum : outcome;
    }
    p.reward.v[stream * records + i] = reward;
  }
}
