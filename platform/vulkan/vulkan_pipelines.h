/* Compiled shaders: one pipeline for each shader and set of constants that programs meet, made while programs are loaded, run once
 * before the freeze (drivers compile at the first dispatch), and kept between runs in a file of the user's cache folder.
 *
 *   pipelines-VENDOR-DEVICE-UUID.bin   | "rlspvkc1" | bytes | XXH64 | the driver's own data, which it checks again |
 *
 * Owned by struct vulkan_device, from the first program to device_close. Errors: a shader that the driver does not compile is
 * STATUS_DEVICE, named. A cache file that is missing, damaged or not writable is no error: the pipelines are compiled again. */
#ifndef RLSP_PLATFORM_VULKAN_PIPELINES_H
#define RLSP_PLATFORM_VULKAN_PIPELINES_H

#include "platform/vulkan/dispatch.h"
#include "platform/vulkan/vulkan_api.h"

/* One to four a kernel: a matrix product has one an orientation and tile, attention one a head dimension. */
#define VULKAN_PIPELINES_MAX 128u

struct vulkan_pipeline {
  u32 shader, constant_count, constants[DISPATCH_CONSTANTS_MAX];
  VkPipeline pipeline;
  const struct program_call *call; /* one that uses it */
};

struct vulkan_pipelines {
  struct vulkan_pipeline all[VULKAN_PIPELINES_MAX];
  u32 count, warm_count; /* warm: run once */
  VkPipelineCache cache;
  u64 cache_bytes; /* of the file that was read; 0 = none */
  u64 ns;          /* compiling and warming so far */
};

struct vulkan_device;
/* folder: where the cache file is; "" = nowhere. */
enum status vulkan_pipelines_open(struct vulkan_device *vulkan, const char *folder, struct error *error) MUST_USE;
/* Finds or makes one. shader: an index of shaders[]. call: NULL for the device's own. */
enum status vulkan_pipeline_get(struct vulkan_device *vulkan, u32 shader, const struct dispatch *dispatch,
                                const struct program_call *call, VkPipeline *pipeline, struct error *error) MUST_USE;
/* Runs those that were not yet, on no group that does anything, and writes the cache file if there is something new. */
enum status vulkan_pipelines_warm(struct vulkan_device *vulkan, struct error *error) MUST_USE;
void vulkan_pipelines_close(struct vulkan_device *vulkan);

#endif
