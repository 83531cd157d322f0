/* The SPIR-V of every kernel marked SHADER in the kernel table, built and embedded by tools/shaders/build.sh. Constant
 * data. Called by vulkan_program.c. A kernel without a shader has words NULL. */
#ifndef RLSP_PLATFORM_VULKAN_SHADERS_H
#define RLSP_PLATFORM_VULKAN_SHADERS_H

#include "engine/kernels/kernel.h"

#define SHADER_DECLARE_NONE(name)
#define SHADER_DECLARE_SHADER(name)         \
  extern const u32 shader_##name##_words[]; \
  extern const u32 shader_##name##_bytes;
#define SHADER_DECLARE(name, form, shader) SHADER_DECLARE_##shader(name)
KERNEL_TABLE(SHADER_DECLARE)

struct shader {
  const char *name; /* the kernel's */
  const u32 *words; /* NULL = none */
  const u32 *bytes;
};
extern const struct shader shaders[KERNEL_COUNT];

#endif
