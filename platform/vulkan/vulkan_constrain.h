/* For tests: what a CPU driver alone would never show. Does nothing on a device that is not Vulkan's. */
#ifndef RLSP_PLATFORM_VULKAN_CONSTRAIN_H
#define RLSP_PLATFORM_VULKAN_CONSTRAIN_H

#include "platform/device.h"

/* Makes an opened device behave as a discrete GPU with small allocations (staging, no mapped arena, many chunks).
 * Called before device_memory_reserve. chunk_bytes: a multiple of TENSOR_ALIGN_BYTES, at most CHUNK_BYTES_MAX. */
void vulkan_device_constrain(struct device *device, bool staged, u64 chunk_bytes);
/* From now on every wait for the device ends in a timeout, or in a lost device. The process cannot open it again. */
void vulkan_device_break(struct device *device, bool timeout);

#endif
