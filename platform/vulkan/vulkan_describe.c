#include "platform/vulkan/vulkan_describe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EXTENSIONS_MAX 512u    /* drivers of 2024 list up to 250 */
#define QUEUE_FAMILIES_MAX 16u /* the most in the field is 8 */

/* What the shaders are written for (ARCHITECTURE.md, Devices): every desktop driver since 2020 has it. */
#define INVOCATIONS_NEEDED 256u
#define SHARED_BYTES_NEEDED (32u << 10)

static const char *type_name(VkPhysicalDeviceType type) {
  switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return "discrete";
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return "integrated";
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return "virtual";
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
      return "cpu";
    default:
      return "other";
  }
}

static u32 compute_queue_family(const struct vulkan_api *api, VkPhysicalDevice physical) {
  VkQueueFamilyProperties families[QUEUE_FAMILIES_MAX];
  u32 count = QUEUE_FAMILIES_MAX, chosen = VULKAN_NO_QUEUE;
  api->GetPhysicalDeviceQueueFamilyProperties(physical, &count, families);
  for (u32 i = count; i-- > 0;) {
    if ((families[i].queueFlags & VK_QUEUE_COMPUTE_BIT) == 0) continue;
    const bool graphics = (families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT) != 0;
    if (chosen == VULKAN_NO_QUEUE || !graphics) chosen = i;
  }
  return chosen;
}

static bool has_memory_budget(const struct vulkan_api *api, VkPhysicalDevice physical) {
  VkExtensionProperties extensions[EXTENSIONS_MAX];
  u32 count = EXTENSIONS_MAX;
  const VkResult result = api->EnumerateDeviceExtensionProperties(physical, NULL, &count, extensions);
  if (result != VK_SUCCESS && result != VK_INCOMPLETE) return false;
  for (u32 i = 0; i < count; i++)
    if (strcmp(extensions[i].extensionName, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME) == 0) return true;
  return false;
}

/* The largest device-local heap, and what is free of it. */
static void describe_memory(const struct vulkan_api *api, VkPhysicalDevice physical, struct device_info *info,
                            struct vulkan_limits *limits) {
  VkPhysicalDeviceMemoryBudgetPropertiesEXT budget = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT};
  VkPhysicalDeviceMemoryProperties2 memory = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2};
  info->free_known = has_memory_budget(api, physical);
  if (info->free_known) memory.pNext = &budget;
  api->GetPhysicalDeviceMemoryProperties2(physical, &memory);
  limits->memory = memory.memoryProperties;
  for (u32 i = 0; i < limits->memory.memoryHeapCount; i++) {
    const VkMemoryHeap *heap = &limits->memory.memoryHeaps[i];
    if ((heap->flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) == 0 || heap->size <= info->memory_bytes) continue;
    info->memory_bytes = heap->size;
    info->free_bytes = budget.heapBudget[i] > budget.heapUsage[i] ? budget.heapBudget[i] - budget.heapUsage[i] : 0;
  }
}

PRINTF_LIKE(2, 3) static void missing(struct device_info *info, const char *format, ...) {
  const size_t used = strlen(info->missing);
  const size_t left = sizeof info->missing - used;
  const int comma = used == 0 ? 0 : snprintf(info->missing + used, left, ", ");
  if (comma < 0 || (size_t)comma >= left) return;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(info->missing + used + comma, left - (size_t)comma, format, arguments);
  va_end(arguments);
}

static void describe_driver(const struct vulkan_api *api, VkPhysicalDevice physical, u32 version,
                            struct device_info *info, struct vulkan_limits *limits) {
  VkPhysicalDeviceVulkan12Properties driver = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES};
  VkPhysicalDeviceVulkan11Properties core = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES,
                                             .pNext = &driver};
  VkPhysicalDeviceProperties2 properties = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &core};
  api->GetPhysicalDeviceProperties2(physical, &properties);
  snprintf(info->driver, sizeof info->driver, "%.48s %.48s, Vulkan %u.%u.%u", driver.driverName, driver.driverInfo,
           VK_API_VERSION_MAJOR(version), VK_API_VERSION_MINOR(version), VK_API_VERSION_PATCH(version));
  info->subgroup_size = core.subgroupSize;
  limits->allocation_bytes_max = core.maxMemoryAllocationSize;
}

static void check_features(const struct vulkan_api *api, VkPhysicalDevice physical, struct device_info *info) {
  VkPhysicalDeviceVulkan12Features features12 = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
  VkPhysicalDeviceFeatures2 features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &features12};
  api->GetPhysicalDeviceFeatures2(physical, &features);
  if (!features12.bufferDeviceAddress) missing(info, "bufferDeviceAddress");
}

static void check_limits(const VkPhysicalDeviceLimits *device, struct device_info *info) {
  if (device->maxComputeWorkGroupInvocations < INVOCATIONS_NEEDED ||
      device->maxComputeWorkGroupSize[0] < INVOCATIONS_NEEDED)
    missing(info, "%u invocations a workgroup (it has %u)", INVOCATIONS_NEEDED, device->maxComputeWorkGroupInvocations);
  if (device->maxComputeSharedMemorySize < SHARED_BYTES_NEEDED)
    missing(info, "%u B of shared memory (it has %u)", SHARED_BYTES_NEEDED, device->maxComputeSharedMemorySize);
  if (device->maxPushConstantsSize < PUSH_BYTES)
    missing(info, "%u B of push constants (it has %u)", PUSH_BYTES, device->maxPushConstantsSize);
}

void vulkan_describe(const struct vulkan_api *api, VkPhysicalDevice physical, u32 index, struct device_info *info,
                     struct vulkan_limits *limits) {
  memset(info, 0, sizeof *info);
  memset(limits, 0, sizeof *limits);
  VkPhysicalDeviceProperties properties;
  api->GetPhysicalDeviceProperties(physical, &properties);
  const u32 version = properties.apiVersion;
  info->kind = DEVICE_KIND_VULKAN;
  info->index = index;
  snprintf(info->name, sizeof info->name, "%.*s", (int)sizeof info->name - 1, properties.deviceName);
  snprintf(info->type, sizeof info->type, "%s", type_name(properties.deviceType));
  limits->vendor = properties.vendorID;
  limits->device = properties.deviceID;
  limits->type = properties.deviceType;
  memcpy(limits->pipeline_uuid, properties.pipelineCacheUUID, sizeof limits->pipeline_uuid);
  limits->queue_family = compute_queue_family(api, physical);
  if (limits->queue_family == VULKAN_NO_QUEUE) missing(info, "a compute queue");
  check_limits(&properties.limits, info);
  if (version < VK_API_VERSION_1_2) { /* such a driver may not be asked the rest */
    missing(info, "Vulkan 1.2");
    snprintf(info->driver, sizeof info->driver, "Vulkan %u.%u.%u", VK_API_VERSION_MAJOR(version),
             VK_API_VERSION_MINOR(version), VK_API_VERSION_PATCH(version));
    return;
  }
  describe_driver(api, physical, version, info, limits);
  describe_memory(api, physical, info, limits);
  check_features(api, physical, info);
}
