/* The Vulkan entry points in use, listed once: vulkan_door.c makes a door for each, vulkan_api.c opens them by name. Without vk.
 * Before an instance, of an instance, of a device.
 *
 *   RESULT(name, parameters, arguments, errors)  returns a VkResult; errors: what the specification lets it return, the tests
 *                                                inject each (VK_TIMEOUT is no error to Vulkan, but the end of a run to us)
 *   OTHER(type, name, parameters, arguments)     returns something else */
#ifndef RLSP_PLATFORM_VULKAN_FUNCTIONS_TABLE_H
#define RLSP_PLATFORM_VULKAN_FUNCTIONS_TABLE_H

#define VULKAN_MEMORY_ERRORS VK_ERROR_OUT_OF_HOST_MEMORY, VK_ERROR_OUT_OF_DEVICE_MEMORY

#define VULKAN_GLOBAL_FUNCTIONS(RESULT, OTHER)                                                                         \
  RESULT(CreateInstance, (const VkInstanceCreateInfo *info, const VkAllocationCallbacks *host, VkInstance *instance),  \
         (info, host, instance),                                                                                       \
         (VULKAN_MEMORY_ERRORS, VK_ERROR_INITIALIZATION_FAILED, VK_ERROR_LAYER_NOT_PRESENT,                            \
          VK_ERROR_EXTENSION_NOT_PRESENT, VK_ERROR_INCOMPATIBLE_DRIVER))

#define VULKAN_INSTANCE_FUNCTIONS(RESULT, OTHER)                                                                       \
  OTHER(void, DestroyInstance, (VkInstance instance, const VkAllocationCallbacks *host), (instance, host))             \
  RESULT(EnumeratePhysicalDevices, (VkInstance instance, uint32_t *count, VkPhysicalDevice *devices),                  \
         (instance, count, devices), (VULKAN_MEMORY_ERRORS, VK_ERROR_INITIALIZATION_FAILED))                           \
  RESULT(EnumerateDeviceExtensionProperties,                                                                           \
         (VkPhysicalDevice physical, const char *layer, uint32_t *count, VkExtensionProperties *properties),           \
         (physical, layer, count, properties), (VULKAN_MEMORY_ERRORS, VK_ERROR_LAYER_NOT_PRESENT))                     \
  OTHER(void, GetPhysicalDeviceProperties, (VkPhysicalDevice physical, VkPhysicalDeviceProperties *properties),        \
        (physical, properties))                                                                                        \
  OTHER(void, GetPhysicalDeviceProperties2, (VkPhysicalDevice physical, VkPhysicalDeviceProperties2 *properties),      \
        (physical, properties))                                                                                        \
  OTHER(void, GetPhysicalDeviceFeatures2, (VkPhysicalDevice physical, VkPhysicalDeviceFeatures2 *features),            \
        (physical, features))                                                                                          \
  OTHER(void, GetPhysicalDeviceMemoryProperties2,                                                                      \
        (VkPhysicalDevice physical, VkPhysicalDeviceMemoryProperties2 *memory), (physical, memory))                    \
  OTHER(void, GetPhysicalDeviceQueueFamilyProperties,                                                                  \
        (VkPhysicalDevice physical, uint32_t *count, VkQueueFamilyProperties *families), (physical, count, families))  \
  RESULT(CreateDevice,                                                                                                 \
         (VkPhysicalDevice physical, const VkDeviceCreateInfo *info, const VkAllocationCallbacks *host,                \
          VkDevice *device),                                                                                           \
         (physical, info, host, device),                                                                               \
         (VULKAN_MEMORY_ERRORS, VK_ERROR_INITIALIZATION_FAILED, VK_ERROR_EXTENSION_NOT_PRESENT,                        \
          VK_ERROR_FEATURE_NOT_PRESENT, VK_ERROR_TOO_MANY_OBJECTS, VK_ERROR_DEVICE_LOST))                              \
  OTHER(PFN_vkVoidFunction, GetDeviceProcAddr, (VkDevice device, const char *name), (device, name))

#define VULKAN_DEVICE_FUNCTIONS(RESULT, OTHER)                                                                         \
  OTHER(void, DestroyDevice, (VkDevice device, const VkAllocationCallbacks *host), (device, host))                     \
  RESULT(DeviceWaitIdle, (VkDevice device), (device), (VULKAN_MEMORY_ERRORS, VK_ERROR_DEVICE_LOST))                    \
  OTHER(void, GetDeviceQueue, (VkDevice device, uint32_t family, uint32_t index, VkQueue *queue),                      \
        (device, family, index, queue))                                                                                \
  RESULT(CreateBuffer,                                                                                                 \
         (VkDevice device, const VkBufferCreateInfo *info, const VkAllocationCallbacks *host, VkBuffer *buffer),       \
         (device, info, host, buffer), (VULKAN_MEMORY_ERRORS, VK_ERROR_INVALID_OPAQUE_CAPTURE_ADDRESS))                \
  OTHER(void, DestroyBuffer, (VkDevice device, VkBuffer buffer, const VkAllocationCallbacks *host),                    \
        (device, buffer, host))                                                                                        \
  OTHER(void, GetBufferMemoryRequirements, (VkDevice device, VkBuffer buffer, VkMemoryRequirements *needs),            \
        (device, buffer, needs))                                                                                       \
  OTHER(VkDeviceAddress, GetBufferDeviceAddress, (VkDevice device, const VkBufferDeviceAddressInfo *info),             \
        (device, info))                                                                                                \
  RESULT(AllocateMemory,                                                                                               \
         (VkDevice device, const VkMemoryAllocateInfo *info, const VkAllocationCallbacks *host,                        \
          VkDeviceMemory *memory),                                                                                     \
         (device, info, host, memory),                                                                                 \
         (VULKAN_MEMORY_ERRORS, VK_ERROR_TOO_MANY_OBJECTS, VK_ERROR_INVALID_EXTERNAL_HANDLE,                           \
          VK_ERROR_INVALID_OPAQUE_CAPTURE_ADDRESS))                                                                    \
  OTHER(void, FreeMemory, (VkDevice device, VkDeviceMemory memory, const VkAllocationCallbacks *host),                 \
        (device, memory, host))                                                                                        \
  RESULT(BindBufferMemory, (VkDevice device, VkBuffer buffer, VkDeviceMemory memory, VkDeviceSize offset),             \
         (device, buffer, memory, offset), (VULKAN_MEMORY_ERRORS, VK_ERROR_INVALID_OPAQUE_CAPTURE_ADDRESS))            \
  RESULT(MapMemory,                                                                                                    \
         (VkDevice device, VkDeviceMemory memory, VkDeviceSize offset, VkDeviceSize bytes, VkMemoryMapFlags flags,     \
          void **mapped),                                                                                              \
         (device, memory, offset, bytes, flags, mapped), (VULKAN_MEMORY_ERRORS, VK_ERROR_MEMORY_MAP_FAILED))           \
  RESULT(CreateCommandPool,                                                                                            \
         (VkDevice device, const VkCommandPoolCreateInfo *info, const VkAllocationCallbacks *host,                     \
          VkCommandPool *pool),                                                                                        \
         (device, info, host, pool), (VULKAN_MEMORY_ERRORS))                                                           \
  OTHER(void, DestroyCommandPool, (VkDevice device, VkCommandPool pool, const VkAllocationCallbacks *host),            \
        (device, pool, host))                                                                                          \
  RESULT(AllocateCommandBuffers,                                                                                       \
         (VkDevice device, const VkCommandBufferAllocateInfo *info, VkCommandBuffer *commands),                        \
         (device, info, commands), (VULKAN_MEMORY_ERRORS))                                                             \
  RESULT(BeginCommandBuffer, (VkCommandBuffer commands, const VkCommandBufferBeginInfo *info), (commands, info),       \
         (VULKAN_MEMORY_ERRORS))                                                                                       \
  RESULT(EndCommandBuffer, (VkCommandBuffer commands), (commands), (VULKAN_MEMORY_ERRORS))                             \
  RESULT(CreateFence,                                                                                                  \
         (VkDevice device, const VkFenceCreateInfo *info, const VkAllocationCallbacks *host, VkFence *fence),          \
         (device, info, host, fence), (VULKAN_MEMORY_ERRORS))                                                          \
  OTHER(void, DestroyFence, (VkDevice device, VkFence fence, const VkAllocationCallbacks *host),                       \
        (device, fence, host))                                                                                         \
  RESULT(ResetFences, (VkDevice device, uint32_t count, const VkFence *fences), (device, count, fences),               \
         (VK_ERROR_OUT_OF_DEVICE_MEMORY))                                                                              \
  RESULT(WaitForFences, (VkDevice device, uint32_t count, const VkFence *fences, VkBool32 all, uint64_t ns),           \
         (device, count, fences, all, ns), (VULKAN_MEMORY_ERRORS, VK_ERROR_DEVICE_LOST, VK_TIMEOUT))                   \
  RESULT(QueueSubmit, (VkQueue queue, uint32_t count, const VkSubmitInfo *submits, VkFence fence),                     \
         (queue, count, submits, fence), (VULKAN_MEMORY_ERRORS, VK_ERROR_DEVICE_LOST))                                 \
  RESULT(CreateShaderModule,                                                                                           \
         (VkDevice device, const VkShaderModuleCreateInfo *info, const VkAllocationCallbacks *host,                    \
          VkShaderModule *module),                                                                                     \
         (device, info, host, module), (VULKAN_MEMORY_ERRORS, VK_ERROR_INVALID_SHADER_NV))                             \
  OTHER(void, DestroyShaderModule, (VkDevice device, VkShaderModule module, const VkAllocationCallbacks *host),        \
        (device, module, host))                                                                                        \
  RESULT(CreatePipelineLayout,                                                                                         \
         (VkDevice device, const VkPipelineLayoutCreateInfo *info, const VkAllocationCallbacks *host,                  \
          VkPipelineLayout *layout),                                                                                   \
         (device, info, host, layout), (VULKAN_MEMORY_ERRORS))                                                         \
  OTHER(void, DestroyPipelineLayout, (VkDevice device, VkPipelineLayout layout, const VkAllocationCallbacks *host),    \
        (device, layout, host))                                                                                        \
  RESULT(CreatePipelineCache,                                                                                          \
         (VkDevice device, const VkPipelineCacheCreateInfo *info, const VkAllocationCallbacks *host,                   \
          VkPipelineCache *cache),                                                                                     \
         (device, info, host, cache), (VULKAN_MEMORY_ERRORS))                                                          \
  OTHER(void, DestroyPipelineCache, (VkDevice device, VkPipelineCache cache, const VkAllocationCallbacks *host),       \
        (device, cache, host))                                                                                         \
  RESULT(GetPipelineCacheData, (VkDevice device, VkPipelineCache cache, size_t *bytes, void *data),                    \
         (device, cache, bytes, data), (VULKAN_MEMORY_ERRORS))                                                         \
  RESULT(CreateComputePipelines,                                                                                       \
         (VkDevice device, VkPipelineCache cache, uint32_t count, const VkComputePipelineCreateInfo *infos,            \
          const VkAllocationCallbacks *host, VkPipeline *pipelines),                                                   \
         (device, cache, count, infos, host, pipelines), (VULKAN_MEMORY_ERRORS, VK_ERROR_INVALID_SHADER_NV))           \
  OTHER(void, DestroyPipeline, (VkDevice device, VkPipeline pipeline, const VkAllocationCallbacks *host),              \
        (device, pipeline, host))                                                                                      \
  OTHER(void, CmdBindPipeline, (VkCommandBuffer commands, VkPipelineBindPoint point, VkPipeline pipeline),             \
        (commands, point, pipeline))                                                                                   \
  OTHER(void, CmdPushConstants,                                                                                        \
        (VkCommandBuffer commands, VkPipelineLayout layout, VkShaderStageFlags stages, uint32_t offset,                \
         uint32_t bytes, const void *values),                                                                          \
        (commands, layout, stages, offset, bytes, values))                                                             \
  OTHER(void, CmdDispatch, (VkCommandBuffer commands, uint32_t x, uint32_t y, uint32_t z), (commands, x, y, z))        \
  OTHER(void, CmdDispatchIndirect, (VkCommandBuffer commands, VkBuffer buffer, VkDeviceSize offset),                   \
        (commands, buffer, offset))                                                                                    \
  OTHER(void, CmdPipelineBarrier,                                                                                      \
        (VkCommandBuffer commands, VkPipelineStageFlags from, VkPipelineStageFlags to, VkDependencyFlags flags,        \
         uint32_t count, const VkMemoryBarrier *barriers, uint32_t buffer_count,                                       \
         const VkBufferMemoryBarrier *buffer_barriers, uint32_t image_count,                                           \
         const VkImageMemoryBarrier *image_barriers),                                                                  \
        (commands, from, to, flags, count, barriers, buffer_count, buffer_barriers, image_count, image_barriers))      \
  OTHER(void, CmdFillBuffer,                                                                                           \
        (VkCommandBuffer commands, VkBuffer buffer, VkDeviceSize offset, VkDeviceSize bytes, uint32_t value),          \
        (commands, buffer, offset, bytes, value))                                                                      \
  OTHER(void, CmdCopyBuffer,                                                                                           \
        (VkCommandBuffer commands, VkBuffer from, VkBuffer to, uint32_t count, const VkBufferCopy *pieces),            \
        (commands, from, to, count, pieces))

#endif
