// The clipped surrogate of engine/kernels/ppo_policy.c, bit for bit: one thread a loss row.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(ppo_policy)

void main() {
  uint t = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (t >= live_rows(p.count, 0u, p.rows_max)) return;
  uint record = p.record.v[t];
  P float advantage = p.advantage.v[record];
  P float difference = p.logprob.v[t] - p.old_logprob.v[record];
  P float ratio = ex_exp(difference);
  P float low = 1.0 - p.clip_low;
  P float high = 1.0 + p.clip_high;
  float clipped_ratio = ratio < low ? low : ratio > high ? high : ratio;
  P float surrogate = ratio * advantage;
  surrogate = ex_flush(surrogate);
  P float clipped_surrogate = clipped_ratio * advantage;
  clipped_surrogate = ex_flush(clipped_surrogate);
  bool clipped = clipped_surrogate < surrogate;
  P float gain = clipped ? clipped_surrogate : surrogate;
  P float scaled = gain * p.scale.v[0];
  float loss = ex_flush(-scaled);
  P float estimate = ratio - 1.0;
  estimate = estimate - difference;
  p.loss.v[t] = loss;
  p.dlogprob.v[t] = clipped ? 0.0 : loss;
  p.stat.v[4u * t] = ratio;
  p.stat.v[4u * t + 1u] = clipped ? 1.0 : 0.0;
  p.stat.v[4u * t + 2u] = difference;
  p.stat.v[4u * t + 3u] = estimate;
}
