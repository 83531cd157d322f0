// AdamW of engine/kernels/adamw.c, bit for bit: one thread an element.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(adamw)

void main() {
  uint i = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (i >= p.n) return;
  P float scaled_gradient = p.g.v[i] * p.scale.v[0];
  float gradient = ex_quiet(scaled_gradient);
  P float first = p.beta1 * p.m.v[i];
  P float first_new = p.one_minus_beta1 * gradient;
  first = first + first_new;
  first = ex_flush(first);
  P float second = p.beta2 * p.v.v[i];
  P float second_new = gradient * gradient;
  second_new = p.one_minus_beta2 * second_new;
  second = second + second_new;
  second = ex_flush(second);
  p.m.v[i] = first;
  p.v.v[i] = second;

  P float first_hat = first * p.control.v[1];
  P float second_hat = second * p.control.v[2];
  P float denominator = ex_sqrt(second_hat);
  denominator = denominator + p.eps;
  P float change = ex_div(first_hat, denominator);
  P float w = p.w.v[i];
  P float decay = p.weight_decay * w;
  change = change + decay;
  change = p.control.v[0] * change;
  w = w - change;
  p.w.v[i] = ex_quiet(w);
}
