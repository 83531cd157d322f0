// Rotary positions of engine/kernels/rope.c, bit for bit: one thread a pair.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(rope)

void main() {
  uint i = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  uint angles = p.head_dim / 2u; // of a head
  uint pairs = p.heads * angles; // of a row
  if (i >= live_rows(p.count, 0u, p.rows_max) * pairs) return;
  uint row = i / pairs, head = i % pairs / angles, angle = i % angles;
  uint low = row * p.stride + head * p.head_dim + angle, high = low + angles;
  uint at_angle = p.position.v[row] * angles + angle;
  float a = p.x.v[low], b = p.x.v[high], cosine = p.cosine.v[at_angle], sine = p.sine.v[at_angle];
  if (p.direction != 0u) sine = -sine;
  P float a_cosine = a * cosine;
  P float b_sine = b * sine;
  P float a_sine = a * sine;
  P float b_cosine = b * cosine;
  P float low_turned = a_cosine - b_sine;
  P float high_turned = a_sine + b_cosine;
  p.x.v[low] = ex_quiet(low_turned);
  p.x.v[high] = ex_quiet(high_turned);
}
