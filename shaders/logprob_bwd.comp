// The gradients of engine/kernels/logprob_bwd.c, bit for bit: one workgroup a slice of a row.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

#define SLICE uint(VOCABULARY_SLICE)

layout(local_size_x = GROUP_ROW_LANES) in;
KERNEL(logprob_bwd)

void main() {
  uint slices = (p.vocab + SLICE - 1u) / SLICE;
  uint live = live_rows(p.count, p.first, p.rows_max);
  if (group_index() >= live * slices) return;
  uint row = group_index() / slices, index = p.first + row, begin = group_index() % slices * SLICE;
  P float m = p.stat.v[2u * index];
  P float total = p.stat.v[2u * index + 1u];
  P float log_total = ex_log(total);
  P float dlogprob = p.dlogprob.v[index];
  bool with_entropy = IS_THERE(p.dentropy);
  P float entropy = 0.0;
  P float dentropy = 0.0;
  if (with_entropy) {
    entropy = p.entropy.v[index];
    dentropy = p.dentropy.v[index];
  }
  uint target = p.target.v[index], end = min(begin + SLICE, p.vocab);
  for (uint j = begin + gl_LocalInvocationID.x; j < end; j += gl_WorkGroupSize.x) {
    P float z = p.logits.v[row * p.vocab + j] * p.inverse_temperature;
    P float shift = ex_canonical(ex_flush(z)) - m;
    P float probability = ex_div(ex_exp(shift), total);
    P float of_logprob = (j == target ? 1.0 : 0.0) - probability;
    of_logprob = dlogprob * of_logprob;
    P float dlogit = of_logprob;
    if (with_entropy) {
      P float of_entropy = dentropy * probability;
      P float surprise = shift - log_total;
      surprise = surprise + entropy;
      of_entropy = of_entropy * surprise;
      dlogit = of_logprob - of_entropy;
    }
    dlogit = p.inverse_temperature * dlogit;
    p.logits.v[row * p.vocab + j] = ex_quiet(dlogit);
  }
}
