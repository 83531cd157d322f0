/* Between us and the driver: every Vulkan call goes through a door of its own, which marks what the driver allocates meanwhile as the
 * driver's (platform/allocations.h), and in tests makes the nth call fail. Called by vulkan_api.c, which hands the doors out as
 * struct vulkan_api. Owns the driver's addresses, one set a process: a process has one Vulkan loader and opens one device at a time.
 * Never fails of itself. */
#ifndef RLSP_PLATFORM_VULKAN_DOOR_H
#define RLSP_PLATFORM_VULKAN_DOOR_H

#include "platform/vulkan/vulkan_api.h"

/* Looks each function of its kind up and opens its door in *api. Returns the name of one that the loader lacks, or NULL. */
const char *vulkan_door_open_global(struct vulkan_api *api);
const char *vulkan_door_open_instance(struct vulkan_api *api);
const char *vulkan_door_open_device(struct vulkan_api *api, VkDevice device);

#endif
