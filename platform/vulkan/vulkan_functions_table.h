/* The Vulkan entry points in use, listed once: vulkan_api.c looks each up by name. FUNCTION(name without vk).
 * Before an instance, of an instance, of a device. */
#ifndef RLSP_PLATFORM_VULKAN_FUNCTIONS_TABLE_H
#define RLSP_PLATFORM_VULKAN_FUNCTIONS_TABLE_H

#define VULKAN_GLOBAL_FUNCTIONS(FUNCTION) FUNCTION(CreateInstance)

#define VULKAN_INSTANCE_FUNCTIONS(FUNCTION)        \
  FUNCTION(DestroyInstance)                        \
  FUNCTION(EnumeratePhysicalDevices)               \
  FUNCTION(EnumerateDeviceExtensionProperties)     \
  FUNCTION(GetPhysicalDeviceProperties)            \
  FUNCTION(GetPhysicalDeviceProperties2)           \
  FUNCTION(GetPhysicalDeviceFeatures2)             \
  FUNCTION(GetPhysicalDeviceMemoryProperties2)     \
  FUNCTION(GetPhysicalDeviceQueueFamilyProperties) \
  FUNCTION(CreateDevice)                           \
  FUNCTION(GetDeviceProcAddr)

#define VULKAN_DEVICE_FUNCTIONS(FUNCTION) \
  FUNCTION(DestroyDevice)                 \
  FUNCTION(DeviceWaitIdle)                \
  FUNCTION(GetDeviceQueue)                \
  FUNCTION(CreateBuffer)                  \
  FUNCTION(DestroyBuffer)                 \
  FUNCTION(GetBufferMemoryRequirements)   \
  FUNCTION(GetBufferDeviceAddress)        \
  FUNCTION(AllocateMemory)                \
  FUNCTION(FreeMemory)                    \
  FUNCTION(BindBufferMemory)              \
  FUNCTION(MapMemory)                     \
  FUNCTION(CreateCommandPool)             \
  FUNCTION(DestroyCommandPool)            \
  FUNCTION(AllocateCommandBuffers)        \
  FUNCTION(BeginCommandBuffer)            \
  FUNCTION(EndCommandBuffer)              \
  FUNCTION(CreateFence)                   \
  FUNCTION(DestroyFence)                  \
  FUNCTION(ResetFences)                   \
  FUNCTION(WaitForFences)                 \
  FUNCTION(QueueSubmit)                   \
  FUNCTION(CreateShaderModule)            \
  FUNCTION(DestroyShaderModule)           \
  FUNCTION(CreatePipelineLayout)          \
  FUNCTION(DestroyPipelineLayout)         \
  FUNCTION(CreateComputePipelines)        \
  FUNCTION(DestroyPipeline)               \
  FUNCTION(CmdBindPipeline)               \
  FUNCTION(CmdPushConstants)              \
  FUNCTION(CmdDispatch)                   \
  FUNCTION(CmdPipelineBarrier)            \
  FUNCTION(CmdFillBuffer)                 \
  FUNCTION(CmdCopyBuffer)

#endif
