#include "platform/vulkan/shaders.h"

#define SHADER_ROW(name) {#name, shader_##name##_words, &shader_##name##_bytes},
#define ROW(name, form) SHADER_ROW(name)
const struct shader shaders[KERNEL_COUNT + SHADERS_COUNT] = {KERNEL_TABLE(ROW) OWN_SHADERS(SHADER_ROW)};
