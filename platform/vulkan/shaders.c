#include "platform/vulkan/shaders.h"

#define ROW_SHADER(name) {#name, shader_##name##_words, &shader_##name##_bytes},
#define ROW_NONE(name) {#name, NULL, NULL},
#define ROW(name, form, shader) ROW_##shader(name)
const struct shader shaders[KERNEL_COUNT + SHADERS_COUNT] = {KERNEL_TABLE(ROW) OWN_SHADERS(ROW_SHADER)};
