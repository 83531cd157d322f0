// Which rows are live (kernel_live of engine/kernels/kernel.h), and whether an optional address is given. Read by the
// shaders alone. IS_THERE is a macro because glslang 11 mangles all reference types alike and refuses the overload.
#define IS_THERE(reference) any(notEqual(uvec2(reference), uvec2(0u)))

uint live_rows(U32 count, uint first, uint rows_max) {
  if (!IS_THERE(count)) return rows_max;
  uint live = count.v[0];
  return live <= first ? 0u : min(live - first, rows_max);
}
