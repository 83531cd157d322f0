/* The Vulkan loader, opened at run time, and the functions in use. The only header that includes vulkan.h.
 *
 * Owns the library handle and the instance, from vulkan_api_open to vulkan_api_close; the caller owns the struct and
 * always closes. Called by the files of platform/vulkan. Fails with STATUS_DEVICE: no loader, no driver, each with its
 * cure. */
#ifndef RLSP_PLATFORM_VULKAN_API_H
#define RLSP_PLATFORM_VULKAN_API_H

#define VK_NO_PROTOTYPES
#include <vulkan/vulkan.h>

#include "engine/status.h"
#include "platform/device.h"
#include "platform/vulkan/vulkan_functions_table.h"

#define VULKAN_PLACE "vulkan"

struct vulkan_api {
  const VkAllocationCallbacks *host; /* for every object; NULL = the driver's own heap */
  void *library;
  PFN_vkGetInstanceProcAddr GetInstanceProcAddr;
  VkInstance instance;
#define API_RESULT(name, parameters, arguments, errors) PFN_vk##name name;
#define API_OTHER(type, name, parameters, arguments) PFN_vk##name name;
  VULKAN_GLOBAL_FUNCTIONS(API_RESULT, API_OTHER)
  VULKAN_INSTANCE_FUNCTIONS(API_RESULT, API_OTHER)
  VULKAN_DEVICE_FUNCTIONS(API_RESULT, API_OTHER) /* NULL until vulkan_api_load_device */
#undef API_OTHER
#undef API_RESULT
};

/* Zeroes *api first. Instance without surface, Vulkan 1.2. `host` (may be NULL) must outlive it. */
enum status vulkan_api_open(struct vulkan_api *api, const VkAllocationCallbacks *host, struct error *error) MUST_USE;
enum status vulkan_api_load_device(struct vulkan_api *api, VkDevice device, struct error *error) MUST_USE;
void vulkan_api_close(struct vulkan_api *api);

/* Fills at most `capacity` physical devices, in the loader's order. */
enum status vulkan_api_devices(const struct vulkan_api *api, VkPhysicalDevice *devices, u32 capacity, u32 *count,
                               struct error *error) MUST_USE;
const char *vulkan_result_text(VkResult result);

#endif
