// New keys and values of engine/kernels/kv_store.c: one thread an element of a row, its key and its value.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(kv_store)

void main() {
  uint i = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (i >= live_rows(p.count, 0u, p.rows_max) * p.width) return;
  uint row = i / p.width, column = i % p.width;
  uint from = row * p.stride + column, to = p.cache_row.v[row] * p.width + column;
  p.k_cache.v[to] = p.k.v[from];
  p.v_cache.v[to] = p.v.v[from];
}
