// Gradient of the embedding of engine/kernels/embed_bwd.c, bit for bit: one workgroup a few columns of a token's row. Most
// tokens have few places, so a group is wide and sums few blocks at once.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

KERNEL(embed_bwd)

#define COLUMNS uint(EMBED_BWD_COLUMNS)
#define BLOCKS uint(EMBED_BWD_BLOCKS)
#include "shaders/column_sum.glsl"

uint first_entry; // of the token, in p.order

float column_term(uint entry, uint column) { return p.dx.v[p.order.v[first_entry + entry] * p.width + column]; }

void main() {
  uint groups_across = (p.width + COLUMNS - 1u) / COLUMNS, group = group_index();
  if (group >= live_rows(p.unique_count, 0u, p.unique_max) * groups_across) return;
  uint token = group / groups_across, column = group % groups_across * COLUMNS + gl_LocalInvocationID.x;
  bool is_inside = column < p.width;
  uint i = p.unique.v[token] * p.width + column;
  first_entry = p.begin.v[token];
  float before = is_inside ? p.dtable_acc.v[i] : 0.0;
  float total = column_sum(p.begin.v[token + 1u] - first_entry, column, is_inside, before, true);
  if (is_inside && gl_LocalInvocationID.y == 0u) p.dtable_acc.v[i] = total;
}
