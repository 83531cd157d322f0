/* The Vulkan device behind the door: opens and closes it, lists all, submits. vulkan_device.h says what it owns and for
 * how long. */
#include "platform/vulkan/vulkan_device.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "platform/vulkan/vulkan_constrain.h"

static struct vulkan_device the_vulkan; /* the one exception to "no mutable globals" here: see vulkan_device.h */

u32 vulkan_device_list(struct device_info *infos, u32 capacity, char *note, u32 note_bytes) {
  struct vulkan_api api;
  struct error error = {0};
  VkPhysicalDevice devices[DEVICES_MAX];
  struct vulkan_limits limits;
  u32 count = 0;
  enum status status = vulkan_api_open(&api, &error);
  if (status == STATUS_OK)
    status = vulkan_api_devices(&api, devices, capacity < DEVICES_MAX ? capacity : DEVICES_MAX, &count, &error);
  for (u32 i = 0; i < count; i++) vulkan_describe(&api, devices[i], i, &infos[i], &limits);
  vulkan_api_close(&api);
  if (status == STATUS_OK)
    vulkan_permission_note(note, note_bytes);
  else
    snprintf(note, note_bytes, "%s", error.text);
  return count;
}

enum status vulkan_checked(const struct vulkan_device *vulkan, VkResult result, const char *call, struct error *error) {
  if (result == VK_SUCCESS) return STATUS_OK;
  return status_fail(error, STATUS_DEVICE, vulkan->name, "%s: %s", call, vulkan_result_text(result));
}

static enum status create_device(struct vulkan_device *vulkan, struct error *error) {
  const float priority = 1.0f;
  const VkDeviceQueueCreateInfo queue = {.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                         .queueFamilyIndex = vulkan->limits.queue_family,
                                         .queueCount = 1,
                                         .pQueuePriorities = &priority};
  const VkPhysicalDeviceVulkan12Features features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES,
                                                     .bufferDeviceAddress = VK_TRUE};
  const VkDeviceCreateInfo create = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                                     .pNext = &features,
                                     .queueCreateInfoCount = 1,
                                     .pQueueCreateInfos = &queue};
  VkDevice device = VK_NULL_HANDLE;
  const VkResult result = vulkan->api.CreateDevice(vulkan->physical, &create, NULL, &device);
  enum status status = vulkan_checked(vulkan, result, "vkCreateDevice", error);
  if (status != STATUS_OK) return status;
  status = vulkan_api_load_device(&vulkan->api, device, error);
  if (status != STATUS_OK) return status;
  vulkan->device = device;
  vulkan->api.GetDeviceQueue(device, vulkan->limits.queue_family, 0, &vulkan->queue);
  return STATUS_OK;
}

static enum status create_objects(struct vulkan_device *vulkan, struct error *error) {
  const struct vulkan_api *api = &vulkan->api;
  const VkCommandPoolCreateInfo pool = {.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                        .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
                                        .queueFamilyIndex = vulkan->limits.queue_family};
  enum status status = vulkan_checked(vulkan, api->CreateCommandPool(vulkan->device, &pool, NULL, &vulkan->pool),
                                      "vkCreateCommandPool", error);
  if (status != STATUS_OK) return status;
  const VkCommandBufferAllocateInfo commands = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                                .commandPool = vulkan->pool,
                                                .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                                .commandBufferCount = 1};
  status = vulkan_checked(vulkan, api->AllocateCommandBuffers(vulkan->device, &commands, &vulkan->transfer),
                          "vkAllocateCommandBuffers", error);
  if (status != STATUS_OK) return status;
  const VkFenceCreateInfo fence = {.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
  status =
      vulkan_checked(vulkan, api->CreateFence(vulkan->device, &fence, NULL, &vulkan->fence), "vkCreateFence", error);
  if (status != STATUS_OK) return status;
  const VkPushConstantRange range = {VK_SHADER_STAGE_COMPUTE_BIT, 0, PUSH_BYTES};
  const VkPipelineLayoutCreateInfo layout = {.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
                                             .pushConstantRangeCount = 1,
                                             .pPushConstantRanges = &range};
  return vulkan_checked(vulkan, api->CreatePipelineLayout(vulkan->device, &layout, NULL, &vulkan->layout),
                        "vkCreatePipelineLayout", error);
}

enum status vulkan_alive(const struct vulkan_device *vulkan, struct error *error) {
  if (!vulkan->lost) return STATUS_OK;
  return status_fail(error, STATUS_DEVICE, vulkan->name,
                     "the device was lost earlier; restart, and resume from the checkpoint");
}

enum status vulkan_submit(struct vulkan_device *vulkan, VkCommandBuffer commands, const char *what,
                          struct error *error) {
  const struct vulkan_api *api = &vulkan->api;
  if (vulkan_alive(vulkan, error) != STATUS_OK) return STATUS_DEVICE;
  const VkSubmitInfo submit = {
      .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO, .commandBufferCount = 1, .pCommandBuffers = &commands};
  const char *call = "vkQueueSubmit";
  VkResult result = api->QueueSubmit(vulkan->queue, 1, &submit, vulkan->fence);
  if (result == VK_SUCCESS) {
    call = "vkWaitForFences";
    result = api->WaitForFences(vulkan->device, 1, &vulkan->fence, VK_TRUE, VULKAN_WAIT_NS);
  }
  if (result == VK_SUCCESS)
    return vulkan_checked(vulkan, api->ResetFences(vulkan->device, 1, &vulkan->fence), "vkResetFences", error);
  vulkan->lost = result == VK_TIMEOUT || result == VK_ERROR_DEVICE_LOST;
  if (result == VK_TIMEOUT)
    return status_fail(error, STATUS_DEVICE, vulkan->name,
                       "%s did not finish within %llu s: the GPU hangs or the work is too large; restart, and resume "
                       "from the checkpoint",
                       what, VULKAN_WAIT_NS / 1000000000ull);
  if (result == VK_ERROR_DEVICE_LOST)
    return status_fail(
        error, STATUS_DEVICE, vulkan->name,
        "the driver lost the device in %s (a hang, a reset, or memory that was not there; see dmesg); restart, and "
        "resume from the checkpoint",
        what);
  return status_fail(error, STATUS_DEVICE, vulkan->name, "%s of %s: %s", call, what, vulkan_result_text(result));
}

void vulkan_barrier(const struct vulkan_device *vulkan, VkCommandBuffer commands) {
  const VkMemoryBarrier barrier = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                                   .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
                                   .dstAccessMask = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT |
                                                    VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT |
                                                    VK_ACCESS_HOST_READ_BIT | VK_ACCESS_HOST_WRITE_BIT};
  const VkPipelineStageFlags work = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;
  vulkan->api.CmdPipelineBarrier(commands, work, work | VK_PIPELINE_STAGE_HOST_BIT, 0, 1, &barrier, 0, NULL, 0, NULL);
}

static void vulkan_close(struct device *device) {
  struct vulkan_device *vulkan = device->state;
  const struct vulkan_api *api = &vulkan->api;
  if (vulkan->lost) return; /* the driver may still be writing: the process is to end, and with it everything */
  if (vulkan->device != VK_NULL_HANDLE) {
    (void)api->DeviceWaitIdle(vulkan->device);
    vulkan_programs_release(vulkan);
    vulkan_memory_release(vulkan);
    api->DestroyPipelineLayout(vulkan->device, vulkan->layout, NULL);
    api->DestroyFence(vulkan->device, vulkan->fence, NULL);
    api->DestroyCommandPool(vulkan->device, vulkan->pool, NULL);
    api->DestroyDevice(vulkan->device, NULL);
  }
  vulkan_api_close(&vulkan->api);
  memset(vulkan, 0, sizeof *vulkan);
}

static const struct device_operations vulkan_operations = {
    .memory_reserve = vulkan_memory_reserve,
    .address = vulkan_address,
    .upload = vulkan_upload,
    .download = vulkan_download,
    .program_load = vulkan_program_load,
    .program_run = vulkan_program_run,
    .close = vulkan_close,
};

enum status vulkan_device_open(struct device *device, u32 index, struct error *error) {
  struct vulkan_device *vulkan = &the_vulkan;
  CHECK(!vulkan->open, "a Vulkan device is open already");
  memset(vulkan, 0, sizeof *vulkan);
  vulkan->open = true;
  device->operations = &vulkan_operations;
  device->state = vulkan;
  enum status status = vulkan_api_open(&vulkan->api, error);
  if (status != STATUS_OK) return status;
  VkPhysicalDevice devices[DEVICES_MAX];
  u32 count;
  status = vulkan_api_devices(&vulkan->api, devices, DEVICES_MAX, &count, error);
  if (status != STATUS_OK) return status;
  if (index >= count)
    return status_fail(error, STATUS_DEVICE, VULKAN_PLACE, "there is no device %u of %u; rlsp devices lists them",
                       index, count);
  vulkan->physical = devices[index];
  vulkan_describe(&vulkan->api, vulkan->physical, index, &device->info, &vulkan->limits);
  memcpy(vulkan->name, device->info.name, sizeof vulkan->name);
  if (device->info.missing[0] != '\0')
    return status_fail(error, STATUS_DEVICE, device->info.name,
                       "this device lacks what rlsp needs: %s; set run.device to another", device->info.missing);
  /* A discrete GPU's memory is slow to map or not mappable whole; any other's is ordinary memory. */
  vulkan->staged = strcmp(device->info.type, "discrete") == 0;
  vulkan->chunk_bytes = CHUNK_BYTES_MAX;
  status = create_device(vulkan, error);
  return status == STATUS_OK ? create_objects(vulkan, error) : status;
}

void vulkan_device_constrain(struct device *device, bool staged, u64 chunk_bytes) {
  if (device->info.kind != DEVICE_KIND_VULKAN) return;
  struct vulkan_device *vulkan = device->state;
  CHECK(vulkan->chunk_count == 0 && chunk_bytes % TENSOR_ALIGN_BYTES == 0 && chunk_bytes <= CHUNK_BYTES_MAX,
        "too late or odd");
  vulkan->staged = staged;
  vulkan->chunk_bytes = chunk_bytes;
}

static VKAPI_ATTR VkResult VKAPI_CALL wait_times_out(VkDevice device, u32 count, const VkFence *fences, VkBool32 all,
                                                     u64 ns) {
  (void)device, (void)count, (void)fences, (void)all, (void)ns;
  return VK_TIMEOUT;
}

static VKAPI_ATTR VkResult VKAPI_CALL wait_loses_device(VkDevice device, u32 count, const VkFence *fences, VkBool32 all,
                                                        u64 ns) {
  (void)device, (void)count, (void)fences, (void)all, (void)ns;
  return VK_ERROR_DEVICE_LOST;
}

void vulkan_device_break(struct device *device, bool timeout) {
  if (device->info.kind != DEVICE_KIND_VULKAN) return;
  struct vulkan_device *vulkan = device->state;
  vulkan->api.WaitForFences = timeout ? wait_times_out : wait_loses_device;
}
