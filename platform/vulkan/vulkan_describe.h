/* What a physical device is and whether rlsp can run on it. Owns nothing; asks the driver afresh each time, so free
 * memory is of now. Called by vulkan_device.c, to list and to open. Never fails: what is missing is a text in
 * device_info. */
#ifndef RLSP_PLATFORM_VULKAN_DESCRIBE_H
#define RLSP_PLATFORM_VULKAN_DESCRIBE_H

#include "platform/vulkan/vulkan_api.h"

#define VULKAN_NO_QUEUE UINT32_MAX

struct vulkan_limits {
  VkPhysicalDeviceMemoryProperties memory;
  u64 allocation_bytes_max;       /* one vkAllocateMemory */
  u32 vendor, device;             /* of PCI, or the driver's */
  u8 pipeline_uuid[VK_UUID_SIZE]; /* of the driver's compiled pipelines */
  VkPhysicalDeviceType type;
  u32 queue_family; /* the one to compute on: without graphics if there is one; VULKAN_NO_QUEUE = none */
};

void vulkan_describe(const struct vulkan_api *api, VkPhysicalDevice physical, u32 index, struct device_info *info,
                     struct vulkan_limits *limits);

#endif
