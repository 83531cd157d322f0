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
  void *library;
  PFN_vkGetInstanceProcAddr GetInstanceProcAddr;
  VkInstance instance;
#define FUNCTION_MEMBER(name) PFN_vk##name name;
  VULKAN_GLOBAL_FUNCTIONS(FUNCTION_MEMBER)
  VULKAN_INSTANCE_FUNCTIONS(FUNCTION_MEMBER)
  VULKAN_DEVICE_FUNCTIONS(FUNCTION_MEMBER) /* NULL until vulkan_api_load_device */
#undef FUNCTION_MEMBER
};

/* Zeroes *api first. Instance without surface, Vulkan 1.2. */
enum status vulkan_api_open(struct vulkan_api *api, struct error *error) MUST_USE;
enum status vulkan_api_load_device(struct vulkan_api *api, VkDevice device, struct error *error) MUST_USE;
void vulkan_api_close(struct vulkan_api *api);

/* Fills at most `capacity` physical devices, in the loader's order. */
enum status vulkan_api_devices(const struct vulkan_api *api, VkPhysicalDevice *devices, u32 capacity, u32 *count,
                               struct error *error) MUST_USE;
const char *vulkan_result_text(VkResult result);
/* The first GPU node of the kernel that exists and may not be opened by this user, with the cure; "" when there is
 * none. */
void vulkan_permission_note(char *note, u32 note_bytes);

#endif
