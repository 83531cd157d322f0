/* The sizes of a program's dispatches, worked out on the device before its first call: the params of dispatch_sizes.comp and what lies
 * in a row of a program's `sizes` (engine/kernels/program.h). Read by C and by GLSL. */
#ifndef RLSP_SHADERS_DISPATCH_SIZES_PARAMS_H
#define RLSP_SHADERS_DISPATCH_SIZES_PARAMS_H

#include "shaders/params.h"

/* Words of a row. The first eight say how groups follow from live rows (platform/vulkan/dispatch.h), and which of them the dispatch
 * does: groups base .. base + limit - 1; the next three are written by the shader: a VkDispatchIndirectCommand. */
#define SIZES_COUNT_LOW 0u
#define SIZES_COUNT_HIGH 1u
#define SIZES_FIRST 2u
#define SIZES_ROWS_MAX 3u
#define SIZES_UNIT 4u
#define SIZES_PER_GROUP 5u
#define SIZES_REPEAT 6u
#define SIZES_BASE 7u
#define SIZES_COMMAND 8u
#define SIZES_LIMIT 11u
#define SIZES_WORDS 12u

PARAMS(dispatch_sizes_params) {
  ADDRESS(U32, sizes) /* [rows][SIZES_WORDS] */ UINT(rows)
};

#endif
