/* The arena on a Vulkan device, and transfers to and from it. See vulkan_device.h. What was made before a failure is
 * released by device_close. */
#include <string.h>

#include "engine/check.h"
#include "platform/vulkan/vulkan_device.h"

#define UPLOAD true
#define DOWNLOAD false

static const VkMemoryPropertyFlags host_seen =
    VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;

/* The first type (drivers list the fastest first) that has all of `wanted`; UINT32_MAX = none. */
static u32 memory_type(const struct vulkan_device *vulkan, u32 allowed, VkMemoryPropertyFlags wanted) {
  const VkPhysicalDeviceMemoryProperties *memory = &vulkan->limits.memory;
  for (u32 i = 0; i < memory->memoryTypeCount; i++)
    if ((allowed >> i & 1u) != 0 && (memory->memoryTypes[i].propertyFlags & wanted) == wanted) return i;
  return UINT32_MAX;
}

/* Memory that both sides reach as their own: of the largest local heap (not the window that a discrete GPU maps), and cached for the host
 * (checkpoints read it all). */
static u32 shared_type(const struct vulkan_device *vulkan, u32 allowed) {
  const VkPhysicalDeviceMemoryProperties *memory = &vulkan->limits.memory;
  const u32 type = memory_type(vulkan, allowed,
                               VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT | host_seen | VK_MEMORY_PROPERTY_HOST_CACHED_BIT);
  if (type == UINT32_MAX) return UINT32_MAX;
  const VkDeviceSize size = memory->memoryHeaps[memory->memoryTypes[type].heapIndex].size;
  for (u32 i = 0; i < memory->memoryHeapCount; i++)
    if ((memory->memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0 && memory->memoryHeaps[i].size > size)
      return UINT32_MAX;
  return type;
}

bool vulkan_memory_is_shared(const struct vulkan_device *vulkan) {
  return shared_type(vulkan, UINT32_MAX) != UINT32_MAX;
}

static u32 arena_type(const struct vulkan_device *vulkan, u32 allowed) {
  if (vulkan->staged) return memory_type(vulkan, allowed, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT);
  return shared_type(vulkan, allowed);
}

static u32 staging_type(const struct vulkan_device *vulkan, u32 allowed) {
  const u32 cached = memory_type(vulkan, allowed, host_seen | VK_MEMORY_PROPERTY_HOST_CACHED_BIT);
  return cached != UINT32_MAX ? cached : memory_type(vulkan, allowed, host_seen);
}

static enum status create_buffer(const struct vulkan_device *vulkan, struct vulkan_buffer *buffer, bool arena,
                                 struct error *error) {
  const VkBufferUsageFlags copied = VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
  const VkBufferUsageFlags read = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT |
                                  VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT;
  const VkBufferCreateInfo create = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                     .size = buffer->bytes,
                                     .usage = arena ? copied | read : copied,
                                     .sharingMode = VK_SHARING_MODE_EXCLUSIVE};
  return vulkan_checked(vulkan, vulkan->api.CreateBuffer(vulkan->device, &create, vulkan->api.host, &buffer->buffer),
                        "vkCreateBuffer", error);
}

static enum status give_memory(const struct vulkan_device *vulkan, struct vulkan_buffer *buffer, bool arena,
                               struct error *error) {
  const struct vulkan_api *api = &vulkan->api;
  VkMemoryRequirements needs;
  api->GetBufferMemoryRequirements(vulkan->device, buffer->buffer, &needs);
  const u32 type = arena ? arena_type(vulkan, needs.memoryTypeBits) : staging_type(vulkan, needs.memoryTypeBits);
  if (type == UINT32_MAX)
    return status_fail(error, STATUS_DEVICE, vulkan->name, "the device has no memory type for %s",
                       arena ? "the arena" : "staging");
  const VkMemoryAllocateFlagsInfo flags = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO,
                                           .flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT};
  const VkMemoryAllocateInfo allocation = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                           .pNext = arena ? &flags : NULL,
                                           .allocationSize = needs.size,
                                           .memoryTypeIndex = type};
  const VkResult result = api->AllocateMemory(vulkan->device, &allocation, api->host, &buffer->memory);
  if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY)
    return status_fail(error, STATUS_DOES_NOT_FIT, vulkan->name,
                       "%llu bytes cannot be allocated (%s); run rlsp plan to see what takes them",
                       (unsigned long long)buffer->bytes, vulkan_result_text(result));
  const enum status status = vulkan_checked(vulkan, result, "vkAllocateMemory", error);
  if (status != STATUS_OK) return status;
  return vulkan_checked(vulkan, api->BindBufferMemory(vulkan->device, buffer->buffer, buffer->memory, 0),
                        "vkBindBufferMemory", error);
}

static enum status map(const struct vulkan_device *vulkan, struct vulkan_buffer *buffer, struct error *error) {
  void *mapped = NULL;
  const VkResult result = vulkan->api.MapMemory(vulkan->device, buffer->memory, 0, VK_WHOLE_SIZE, 0, &mapped);
  buffer->mapped = mapped;
  return vulkan_checked(vulkan, result, "vkMapMemory", error);
}

/* A piece of the arena (with an address, mapped where transfers are direct) or the staging buffer (mapped, no address).
 */
static enum status allocate(const struct vulkan_device *vulkan, struct vulkan_buffer *buffer, u64 bytes, bool arena,
                            struct error *error) {
  buffer->bytes = bytes;
  enum status status = create_buffer(vulkan, buffer, arena, error);
  if (status == STATUS_OK) status = give_memory(vulkan, buffer, arena, error);
  if (status != STATUS_OK) return status;
  if (arena) {
    const VkBufferDeviceAddressInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO,
                                            .buffer = buffer->buffer};
    buffer->address = vulkan->api.GetBufferDeviceAddress(vulkan->device, &info);
  }
  return arena && vulkan->staged ? STATUS_OK : map(vulkan, buffer, error);
}

enum status vulkan_transfer_begin(struct vulkan_device *vulkan, struct error *error) {
  if (vulkan_alive(vulkan, error) != STATUS_OK) return STATUS_DEVICE;
  const VkCommandBufferBeginInfo begin = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                          .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
  const VkResult result = vulkan->api.BeginCommandBuffer(vulkan->transfer, &begin);
  if (result == VK_SUCCESS) vulkan_barrier(vulkan, vulkan->transfer);
  return vulkan_checked(vulkan, result, "vkBeginCommandBuffer", error);
}

enum status vulkan_transfer_end(struct vulkan_device *vulkan, const char *what, struct error *error) {
  vulkan_barrier(vulkan, vulkan->transfer);
  const enum status status =
      vulkan_checked(vulkan, vulkan->api.EndCommandBuffer(vulkan->transfer), "vkEndCommandBuffer", error);
  return status == STATUS_OK ? vulkan_submit(vulkan, vulkan->transfer, what, NULL, error) : status;
}

/* Drivers promise memory they do not have: every byte is written once here, so that a plan that does not fit fails
 * before the first step. */
static enum status touch(struct vulkan_device *vulkan, struct vulkan_buffer *chunk, struct error *error) {
  if (chunk->mapped != NULL) {
    memset(chunk->mapped, 0, chunk->bytes);
    return STATUS_OK;
  }
  const enum status status = vulkan_transfer_begin(vulkan, error);
  if (status != STATUS_OK) return status;
  vulkan->api.CmdFillBuffer(vulkan->transfer, chunk->buffer, 0, VK_WHOLE_SIZE, 0);
  struct error why = {0};
  if (vulkan_transfer_end(vulkan, "clearing the arena", &why) == STATUS_OK) return STATUS_OK;
  return status_fail(error, STATUS_DOES_NOT_FIT, vulkan->name,
                     "the driver gave %llu bytes of memory that could not be written (%s); end what else uses the "
                     "device, or see rlsp plan for what to make smaller",
                     (unsigned long long)vulkan->arena_bytes, why.text);
}

static enum status check_room(const struct device *device, u64 bytes, struct error *error) {
  const struct vulkan_device *vulkan = device->state;
  const u64 largest = bytes < vulkan->chunk_bytes ? bytes : vulkan->chunk_bytes;
  struct device_info now;
  struct vulkan_limits limits;
  vulkan_describe(&vulkan->api, vulkan->physical, device->info.index, &now, &limits);
  if (now.free_known && bytes > now.free_bytes)
    return status_fail(error, STATUS_DOES_NOT_FIT, vulkan->name,
                       "the plan needs %llu bytes and %llu are free; run rlsp plan to see what takes them",
                       (unsigned long long)bytes, (unsigned long long)now.free_bytes);
  if (largest > limits.allocation_bytes_max)
    return status_fail(
        error, STATUS_DOES_NOT_FIT, vulkan->name,
        "the plan needs chunks of %llu bytes and this driver allocates at most %llu at once; use another device",
        (unsigned long long)largest, (unsigned long long)limits.allocation_bytes_max);
  if (bytes > VULKAN_CHUNKS_MAX * vulkan->chunk_bytes)
    return status_fail(error, STATUS_DOES_NOT_FIT, vulkan->name, "the plan needs %llu bytes, more than %u chunks",
                       (unsigned long long)bytes, VULKAN_CHUNKS_MAX);
  return STATUS_OK;
}

enum status vulkan_memory_reserve(struct device *device, u64 bytes, struct error *error) {
  struct vulkan_device *vulkan = device->state;
  CHECK(vulkan->chunk_count == 0, "the arena is reserved already");
  enum status status = check_room(device, bytes, error);
  if (status != STATUS_OK) return status;
  if (vulkan->staged) {
    status = allocate(vulkan, &vulkan->staging, VULKAN_STAGING_BYTES, false, error);
    if (status != STATUS_OK) return status;
  }
  for (u64 offset = 0; offset < bytes; offset += vulkan->chunk_bytes) {
    struct vulkan_buffer *chunk = &vulkan->chunks[vulkan->chunk_count++];
    const u64 left = bytes - offset;
    const u64 aligned = (left + 3) & ~(u64)3; /* vkCmdFillBuffer fills whole words */
    status = allocate(vulkan, chunk, aligned < vulkan->chunk_bytes ? aligned : vulkan->chunk_bytes, true, error);
    if (status == STATUS_OK) status = touch(vulkan, chunk, error);
    if (status != STATUS_OK) return status;
  }
  vulkan->arena_bytes = bytes;
  return STATUS_OK;
}

u64 vulkan_address(const struct device *device, u64 offset) { return vulkan_arena_address(device->state, offset); }

u64 vulkan_arena_address(const struct vulkan_device *vulkan, u64 offset) {
  CHECK(offset < vulkan->arena_bytes, "address %llu beyond the arena", (unsigned long long)offset);
  return vulkan->chunks[offset / vulkan->chunk_bytes].address + offset % vulkan->chunk_bytes;
}

u64 vulkan_chunk_offset(const struct vulkan_device *vulkan, u64 offset, VkBuffer *buffer) {
  CHECK(offset < vulkan->arena_bytes, "offset %llu beyond the arena", (unsigned long long)offset);
  *buffer = vulkan->chunks[offset / vulkan->chunk_bytes].buffer;
  return offset % vulkan->chunk_bytes;
}

/* One piece: within one chunk, and within the staging buffer where there is one. */
static enum status transfer_piece(struct vulkan_device *vulkan, bool up, u64 offset, u8 *data, u64 bytes,
                                  struct error *error) {
  const struct vulkan_buffer *chunk = &vulkan->chunks[offset / vulkan->chunk_bytes];
  const u64 within = offset % vulkan->chunk_bytes;
  if (chunk->mapped != NULL) {
    if (up)
      memcpy(chunk->mapped + within, data, bytes);
    else
      memcpy(data, chunk->mapped + within, bytes);
    return STATUS_OK;
  }
  if (up) memcpy(vulkan->staging.mapped, data, bytes);
  enum status status = vulkan_transfer_begin(vulkan, error);
  if (status != STATUS_OK) return status;
  const VkBufferCopy region = {.srcOffset = up ? 0 : within, .dstOffset = up ? within : 0, .size = bytes};
  vulkan->api.CmdCopyBuffer(vulkan->transfer, up ? vulkan->staging.buffer : chunk->buffer,
                            up ? chunk->buffer : vulkan->staging.buffer, 1, &region);
  status = vulkan_transfer_end(vulkan, up ? "an upload" : "a download", error);
  if (status == STATUS_OK && !up) memcpy(data, vulkan->staging.mapped, bytes);
  return status;
}

static enum status transfer(struct vulkan_device *vulkan, bool up, u64 offset, u8 *data, u64 bytes,
                            struct error *error) {
  CHECK(offset <= vulkan->arena_bytes && bytes <= vulkan->arena_bytes - offset, "transfer beyond the arena");
  while (bytes > 0) {
    u64 piece = vulkan->chunk_bytes - offset % vulkan->chunk_bytes;
    if (vulkan->staged && piece > VULKAN_STAGING_BYTES) piece = VULKAN_STAGING_BYTES;
    if (piece > bytes) piece = bytes;
    const enum status status = transfer_piece(vulkan, up, offset, data, piece, error);
    if (status != STATUS_OK) return status;
    offset += piece;
    data += piece;
    bytes -= piece;
  }
  return STATUS_OK;
}

enum status vulkan_upload(struct device *device, u64 offset, const void *data, u64 bytes, struct error *error) {
  return vulkan_upload_bytes(device->state, offset, data, bytes, error);
}

enum status vulkan_upload_bytes(struct vulkan_device *vulkan, u64 offset, const void *data, u64 bytes,
                                struct error *error) {
  return transfer(vulkan, UPLOAD, offset, (u8 *)(uintptr_t)data, bytes, error); /* only read from */
}

enum status vulkan_download(struct device *device, u64 offset, void *data, u64 bytes, struct error *error) {
  return transfer(device->state, DOWNLOAD, offset, data, bytes, error);
}

static void release(const struct vulkan_device *vulkan, struct vulkan_buffer *buffer) {
  vulkan->api.DestroyBuffer(vulkan->device, buffer->buffer, vulkan->api.host);
  vulkan->api.FreeMemory(vulkan->device, buffer->memory, vulkan->api.host); /* unmaps */
  memset(buffer, 0, sizeof *buffer);
}

void vulkan_memory_release(struct vulkan_device *vulkan) {
  for (u32 i = 0; i < vulkan->chunk_count; i++) release(vulkan, &vulkan->chunks[i]);
  release(vulkan, &vulkan->staging);
  vulkan->chunk_count = 0;
}
