/* The SPIR-V of every kernel of the kernel table, built and embedded by tools/shaders/build.sh. Constant
 * data. Called by vulkan_pipelines.c. */
#ifndef RLSP_PLATFORM_VULKAN_SHADERS_H
#define RLSP_PLATFORM_VULKAN_SHADERS_H

#include "engine/kernels/kernel.h"

#define SHADER_DECLARE(name)                \
  extern const u32 shader_##name##_words[]; \
  extern const u32 shader_##name##_bytes;
#define SHADER_DECLARE_KERNEL(name, form) SHADER_DECLARE(name)
KERNEL_TABLE(SHADER_DECLARE_KERNEL)

/* The device's own shaders, which are no kernels: shaders/NAME.comp, params in shaders/NAME_params.h. */
#define OWN_SHADERS(OWN_SHADER) OWN_SHADER(dispatch_sizes) OWN_SHADER(probe)
OWN_SHADERS(SHADER_DECLARE)

struct shader {
  const char *name; /* the kernel's */
  const u32 *words;
  const u32 *bytes;
};
enum own_shader {
#define OWN_SHADER_ENUM(name) SHADER_##name,
  OWN_SHADERS(OWN_SHADER_ENUM)
#undef OWN_SHADER_ENUM
      SHADERS_COUNT
};
/* Kernels first, at their enum kernel; then the device's own, at KERNEL_COUNT + enum own_shader. */
extern const struct shader shaders[KERNEL_COUNT + SHADERS_COUNT];

#endif
