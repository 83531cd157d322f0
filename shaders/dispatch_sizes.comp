// How many workgroups each call of a program has now, from the live rows: one invocation a row of the program's sizes
// (dispatch_sizes_params.h). A row of zeros is of a call whose size is fixed.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"
#include "shaders/dispatch_sizes_params.h"

layout(local_size_x = 64) in;
KERNEL(dispatch_sizes)

void main() {
  uint row = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x, at = row * SIZES_WORDS;
  if (row >= p.rows || p.sizes.v[at + SIZES_PER_GROUP] == 0u) return;
  U32 count = U32(uvec2(p.sizes.v[at + SIZES_COUNT_LOW], p.sizes.v[at + SIZES_COUNT_HIGH]));
  uint live = live_rows(count, p.sizes.v[at + SIZES_FIRST], p.sizes.v[at + SIZES_ROWS_MAX]);
  uint per_group = p.sizes.v[at + SIZES_PER_GROUP], units = live * p.sizes.v[at + SIZES_UNIT];
  uint groups = (units / per_group + (units % per_group != 0u ? 1u : 0u)) * p.sizes.v[at + SIZES_REPEAT];
  uint base = p.sizes.v[at + SIZES_BASE];
  uint size = groups > base ? min(groups - base, p.sizes.v[at + SIZES_LIMIT]) : 0u;
  p.sizes.v[at + SIZES_COMMAND] = min(size, uint(WORKGROUPS_MAX));
  p.sizes.v[at + SIZES_COMMAND + 1u] = (size + uint(WORKGROUPS_MAX) - 1u) / uint(WORKGROUPS_MAX);
  p.sizes.v[at + SIZES_COMMAND + 2u] = 1u;
}
