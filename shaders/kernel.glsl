// What every kernel's shader begins with. Its params are the push constants `p`; which piece of the work a workgroup does
// is group_index(): a call's groups are numbered from 0, and a dispatch may be any run of them (long calls are cut into
// several submits), folded into two dimensions. So a shader ends at once where its group is beyond the live rows, never
// asks how large the dispatch is, and reads sizes from `p` alone. platform/vulkan/dispatch.h counts the groups.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require
#include "shaders/params.h"
#include "shaders/exact_math.h"
#include "shaders/geometry.h"

#define KERNEL(name)                        \
  layout(push_constant, std430) uniform P_ { \
    name##_params p;                        \
    layout(offset = GROUP_BASE_OFFSET) uint group_base; \
  };                                        \
  uint group_index() { return group_base + gl_WorkGroupID.y * uint(WORKGROUPS_MAX) + gl_WorkGroupID.x; }

// Whether an optional address is given. A macro, because glslang 11 mangles all reference types alike and refuses the
// overload.
#define IS_THERE(reference) any(notEqual(uvec2(reference), uvec2(0u)))

// kernel_live of engine/kernels/kernel.h.
uint live_rows(U32 count, uint first, uint rows_max) {
  if (!IS_THERE(count)) return rows_max;
  uint live = count.v[0];
  return live <= first ? 0u : min(live - first, rows_max);
}

// Sortable integer keys (engine/kernels/lanes.h): every maximum goes through them.
int row_key(float x) {
  uint bits = ex_bits(x);
  return int(bits ^ ((0u - (bits >> 31)) & EX_MAGNITUDE));
}
float row_from_key(int key) {
  uint bits = uint(key);
  return ex_from_bits(bits ^ ((0u - (bits >> 31)) & EX_MAGNITUDE));
}
