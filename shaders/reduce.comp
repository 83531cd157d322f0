// One level of the sum of engine/kernels/reduce.c, bit for bit: one workgroup of 64 lanes takes 4096 elements.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"
#include "shaders/row_sum.glsl"

#define LANES uint(GROUP_ROW_LANES)
#define ELEMENTS uint(REDUCE_ELEMENTS)

layout(local_size_x = GROUP_ROW_LANES) in;
KERNEL(reduce)

// min(n, count * width), whose product may not fit 32 bits.
uint live_elements() {
  if (!IS_THERE(p.count)) return p.n;
  uint rows = p.count.v[0];
  return p.width != 0u && rows > p.n / p.width ? p.n : rows * p.width;
}

float term(float x, float mean) {
  if (p.op == REDUCE_SUM) return ex_flush(x);
  P float base = x - mean;
  if (p.op == REDUCE_SQUARE) base = ex_quiet60(x);
  P float square = base * base;
  return ex_flush(square);
}

void main() {
  uint begin = group_index() * ELEMENTS;
  if (begin >= p.n) return;
  uint live = live_elements(), end = min(begin + ELEMENTS, live);
  bool has_lengths = IS_THERE(p.lengths);
  float mean = 0.0;
  if (p.op == REDUCE_DEVIATION) mean = p.mean.v[0];
  P float sum = 0.0;
  for (uint i = begin + gl_LocalInvocationID.x; i < end; i += LANES) {
    if (has_lengths && i % p.response_max >= p.lengths.v[i / p.response_max]) continue;
    sum = sum + term(p.x.v[i], mean);
  }
  float total = row_sum(sum);
  if (gl_LocalInvocationID.x == 0u) p.result.v[group_index()] = total;
}
