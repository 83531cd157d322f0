/* The Vulkan device behind the door: opens and closes it, lists all, submits. vulkan_device.h says what it owns and for
 * how long. */
#include "platform/vulkan/vulkan_device.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "platform/clock.h"
#include "platform/vulkan/vulkan_constrain.h"
#include "platform/vulkan/vulkan_note.h"

#define VENDOR_NVIDIA 0x10deu

static struct vulkan_device the_vulkan; /* the one exception to "no mutable globals" here: see vulkan_device.h */
static bool constrain_all;              /* a test's: see vulkan_constrain.h */

u32 vulkan_device_list(struct device_info *infos, u32 capacity, char *note, u32 note_bytes) {
  struct vulkan_api api;
  struct error error = {0};
  VkPhysicalDevice devices[DEVICES_MAX];
  struct vulkan_limits limits;
  u32 count = 0;
  enum status status = vulkan_api_open(&api, NULL, &error);
  if (status == STATUS_OK)
    status = vulkan_api_devices(&api, devices, capacity < DEVICES_MAX ? capacity : DEVICES_MAX, &count, &error);
  bool nvidia_listed = false;
  for (u32 i = 0; i < count; i++) {
    vulkan_describe(&api, devices[i], i, &infos[i], &limits);
    nvidia_listed = nvidia_listed || limits.vendor == VENDOR_NVIDIA;
  }
  vulkan_api_close(&api);
  if (status == STATUS_OK)
    vulkan_access_note("", nvidia_listed, note, note_bytes);
  else
    snprintf(note, note_bytes, "%s", error.text);
  return count;
}

enum status vulkan_checked(const struct vulkan_device *vulkan, VkResult result, const char *call, struct error *error) {
  if (result == VK_SUCCESS) return STATUS_OK;
  if (result == VK_ERROR_OUT_OF_HOST_MEMORY || result == VK_ERROR_OUT_OF_DEVICE_MEMORY)
    return status_fail(error, STATUS_DEVICE, vulkan->name,
                       "%s: %s; end what else uses memory, and run the same command again", call,
                       vulkan_result_text(result));
  return status_fail(error, STATUS_DEVICE, vulkan->name,
                     "%s: %s; run the same command again, and if that stays, update the driver or set run.device = cpu",
                     call, vulkan_result_text(result));
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
  const VkResult result = vulkan->api.CreateDevice(vulkan->physical, &create, vulkan->api.host, &device);
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
  enum status status = vulkan_checked(vulkan, api->CreateCommandPool(vulkan->device, &pool, api->host, &vulkan->pool),
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
  status = vulkan_checked(vulkan, api->CreateFence(vulkan->device, &fence, api->host, &vulkan->fence), "vkCreateFence",
                          error);
  if (status != STATUS_OK) return status;
  const VkPushConstantRange range = {VK_SHADER_STAGE_COMPUTE_BIT, 0, PUSH_BYTES};
  const VkPipelineLayoutCreateInfo layout = {.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
                                             .pushConstantRangeCount = 1,
                                             .pPushConstantRanges = &range};
  return vulkan_checked(vulkan, api->CreatePipelineLayout(vulkan->device, &layout, api->host, &vulkan->layout),
                        "vkCreatePipelineLayout", error);
}

enum status vulkan_alive(const struct vulkan_device *vulkan, struct error *error) {
  if (!vulkan->lost) return STATUS_OK;
  return status_fail(error, STATUS_DEVICE, vulkan->name,
                     "the device was lost earlier; restart, and resume from the checkpoint");
}

/* What is wrong, by what a submit or its wait came back with. */
static enum status submit_failed(struct vulkan_device *vulkan, VkResult result, const char *call, const char *what,
                                 struct error *error) {
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
  if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY)
    return status_fail(error, STATUS_DEVICE, vulkan->name,
                       "%s of %s: %s, though the plan fits; end what else uses the device, and run the same command "
                       "again: it goes on from the checkpoint",
                       call, what, vulkan_result_text(result));
  return status_fail(error, STATUS_DEVICE, vulkan->name, "%s of %s: %s; resume from the checkpoint", call, what,
                     vulkan_result_text(result));
}

enum status vulkan_submit(struct vulkan_device *vulkan, VkCommandBuffer commands, const char *what, u64 *ns,
                          struct error *error) {
  const struct vulkan_api *api = &vulkan->api;
  if (vulkan_alive(vulkan, error) != STATUS_OK) return STATUS_DEVICE;
  const VkSubmitInfo submit = {
      .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO, .commandBufferCount = 1, .pCommandBuffers = &commands};
  const u64 began = clock_monotonic_ns();
  VkResult result = api->QueueSubmit(vulkan->queue, 1, &submit, vulkan->fence);
  if (result != VK_SUCCESS) return submit_failed(vulkan, result, "vkQueueSubmit", what, error);
  result = api->WaitForFences(vulkan->device, 1, &vulkan->fence, VK_TRUE, VULKAN_WAIT_NS);
  if (result != VK_SUCCESS) return submit_failed(vulkan, result, "vkWaitForFences", what, error);
  const u64 took = clock_monotonic_ns() - began;
  durations_add(&vulkan->submits, took);
  if (ns != NULL) *ns = took;
  return vulkan_checked(vulkan, api->ResetFences(vulkan->device, 1, &vulkan->fence), "vkResetFences", error);
}

void vulkan_barrier(const struct vulkan_device *vulkan, VkCommandBuffer commands) {
  const VkMemoryBarrier barrier = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                                   .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
                                   .dstAccessMask = VK_ACCESS_INDIRECT_COMMAND_READ_BIT | VK_ACCESS_SHADER_READ_BIT |
                                                    VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_READ_BIT |
                                                    VK_ACCESS_TRANSFER_WRITE_BIT | VK_ACCESS_HOST_READ_BIT |
                                                    VK_ACCESS_HOST_WRITE_BIT};
  const VkPipelineStageFlags work = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;
  vulkan->api.CmdPipelineBarrier(commands, work,
                                 work | VK_PIPELINE_STAGE_DRAW_INDIRECT_BIT | VK_PIPELINE_STAGE_HOST_BIT, 0, 1,
                                 &barrier, 0, NULL, 0, NULL);
}

void vulkan_barrier_between_calls(const struct vulkan_device *vulkan, VkCommandBuffer commands) {
  const VkMemoryBarrier barrier = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                                   .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT,
                                   .dstAccessMask = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT};
  vulkan->api.CmdPipelineBarrier(commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                                 0, 1, &barrier, 0, NULL, 0, NULL);
}

static enum status vulkan_freeze(struct device *device, struct error *error) {
  return vulkan_pipelines_warm(device->state, error);
}

static void vulkan_report(const struct device *device, struct device_report *report) {
  const struct vulkan_device *vulkan = device->state;
  *report = (struct device_report){.submits = vulkan->submits.count,
                                   .submit_p50_ns = durations_quantile_ns(&vulkan->submits, 0.5),
                                   .submit_p99_ns = durations_quantile_ns(&vulkan->submits, 0.99),
                                   .submit_max_ns = vulkan->submits.max_ns,
                                   .pipelines = vulkan->pipelines.count,
                                   .pipelines_ns = vulkan->pipelines.ns,
                                   .pipelines_cache_bytes = vulkan->pipelines.cache_bytes,
                                   .segments = vulkan->segment_count,
                                   .driver_bytes = vulkan->host.high};
  for (u32 i = 0; i < vulkan->segment_count; i++) {
    report->dispatches += vulkan->segments[i].dispatches;
    report->barriers += vulkan->segments[i].barriers;
  }
}

/* A device that does not come to rest may still be writing, and its driver reading what it was given: the process is to end, and
 * with it everything. */
static bool vulkan_close(struct device *device) {
  struct vulkan_device *vulkan = device->state;
  const struct vulkan_api *api = &vulkan->api;
  if (vulkan->lost) return false;
  if (vulkan->device != VK_NULL_HANDLE) {
    if (api->DeviceWaitIdle(vulkan->device) != VK_SUCCESS) return false;
    vulkan_pipelines_close(vulkan);
    vulkan_memory_release(vulkan);
    api->DestroyPipelineLayout(vulkan->device, vulkan->layout, api->host);
    api->DestroyFence(vulkan->device, vulkan->fence, api->host);
    api->DestroyCommandPool(vulkan->device, vulkan->pool, api->host);
    api->DestroyDevice(vulkan->device, api->host);
  }
  vulkan_api_close(&vulkan->api);
  vulkan_host_memory_close(&vulkan->host);
  memset(vulkan, 0, sizeof *vulkan);
  return true;
}

static const struct device_operations vulkan_operations = {
    .memory_reserve = vulkan_memory_reserve,
    .address = vulkan_address,
    .upload = vulkan_upload,
    .download = vulkan_download,
    .program_load = vulkan_program_load,
    .program_run = vulkan_program_run,
    .probe = vulkan_probe,
    .freeze = vulkan_freeze,
    .report = vulkan_report,
    .close = vulkan_close,
};

enum status vulkan_device_open(struct device *device, u32 index, const struct device_options *options,
                               struct error *error) {
  struct vulkan_device *vulkan = &the_vulkan;
  CHECK(!vulkan->open, "a Vulkan device is open already");
  memset(vulkan, 0, sizeof *vulkan);
  vulkan->open = true;
  device->operations = &vulkan_operations;
  device->state = vulkan;
  vulkan_host_memory_open(&vulkan->host, options->driver_memory, options->driver_memory_bytes);
  enum status status = vulkan_api_open(&vulkan->api, vulkan_host_callbacks(&vulkan->host), error);
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
  vulkan->staged = strcmp(device->info.type, "discrete") == 0 || !vulkan_memory_is_shared(vulkan) || constrain_all;
  vulkan->reversed = constrain_all;
  vulkan->chunk_bytes = CHUNK_BYTES_MAX;
  vulkan->on_cpu = vulkan->limits.type == VK_PHYSICAL_DEVICE_TYPE_CPU;
  vulkan->segment_work = vulkan_segment_work(vulkan->limits.type);
  vulkan->segment_ns_max = SEGMENT_NS_MAX;
  status = create_device(vulkan, error);
  if (status == STATUS_OK) status = create_objects(vulkan, error);
  return status == STATUS_OK ? vulkan_pipelines_open(vulkan, options->cache_folder, error) : status;
}

void vulkan_device_constrain(struct device *device, bool staged, u64 chunk_bytes) {
  if (device->info.kind != DEVICE_KIND_VULKAN) return;
  struct vulkan_device *vulkan = device->state;
  CHECK(vulkan->chunk_count == 0 && chunk_bytes % TENSOR_ALIGN_BYTES == 0 && chunk_bytes <= CHUNK_BYTES_MAX,
        "too late or odd");
  vulkan->staged = staged;
  vulkan->on_cpu = false;
  vulkan->chunk_bytes = chunk_bytes;
}

void vulkan_device_reverse(struct device *device) {
  if (device->info.kind != DEVICE_KIND_VULKAN) return;
  struct vulkan_device *vulkan = device->state;
  vulkan->reversed = true;
}

void vulkan_constrain_all(bool staged_and_reversed) { constrain_all = staged_and_reversed; }

void vulkan_device_cut(struct device *device, u64 work, u64 ns_max) {
  if (device->info.kind != DEVICE_KIND_VULKAN) return;
  struct vulkan_device *vulkan = device->state;
  vulkan->segment_work = work;
  vulkan->segment_ns_max = ns_max;
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
