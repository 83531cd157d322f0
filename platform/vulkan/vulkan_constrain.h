/* For tests: makes an opened Vulkan device behave as a discrete GPU with small allocations (staging, no mapped arena, many chunks), which a
 * CPU driver alone would never show. Called between device_open and device_memory_reserve; does nothing on another device. */
#ifndef RLSP_PLATFORM_VULKAN_CONSTRAIN_H
#define RLSP_PLATFORM_VULKAN_CONSTRAIN_H

#include "platform/device.h"

/* chunk_bytes: a multiple of TENSOR_ALIGN_BYTES, at most CHUNK_BYTES_MAX. */
void vulkan_device_constrain(struct device *device, bool staged, u64 chunk_bytes);

#endif
