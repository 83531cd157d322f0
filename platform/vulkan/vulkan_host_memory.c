#include "platform/vulkan/vulkan_host_memory.h"

#include <string.h>

#include "engine/check.h"

/* Blocks lie back to back from base to base + bytes. `before` leads to the left neighbour; the payload follows the header, or, where
 * the driver wants more than 16-byte alignment, some padding whose length stands in the word before the payload. */
struct vulkan_host_block {
  u64 bytes;   /* header included; a multiple of UNIT */
  u64 before;  /* bytes of the left neighbour; 0 = the first */
  u64 wanted;  /* of the payload; 0 = free */
  u64 padding; /* repeated in the word before the payload */
};

#define UNIT 64u /* no block is smaller or cut otherwise: whole cache lines keep the list short */
#define ALIGNMENT_MAX 4096u

static struct vulkan_host_block *block_at(const struct vulkan_host_memory *memory, u64 offset) {
  return (struct vulkan_host_block *)(void *)(memory->base + offset);
}

static u64 offset_of(const struct vulkan_host_memory *memory, const struct vulkan_host_block *block) {
  return (u64)((const u8 *)block - memory->base);
}

static struct vulkan_host_block *right_of(const struct vulkan_host_memory *memory,
                                          const struct vulkan_host_block *block) {
  const u64 offset = offset_of(memory, block) + block->bytes;
  return offset == memory->bytes ? NULL : block_at(memory, offset);
}

static u8 *payload_of(struct vulkan_host_block *block) { return (u8 *)(block + 1) + block->padding; }

static struct vulkan_host_block *block_of(void *payload) {
  u64 padding;
  memcpy(&padding, (u8 *)payload - sizeof padding, sizeof padding);
  return (struct vulkan_host_block *)(void *)((u8 *)payload - padding) - 1;
}

/* How far the payload of a block is from its header, so that it is aligned. */
static u64 padding_for(const struct vulkan_host_block *block, u64 alignment) {
  const u64 begin = (u64)(uintptr_t)(block + 1);
  return (begin + alignment - 1) / alignment * alignment - begin;
}

/* Cuts a free block to `bytes`; what is left becomes a free block. */
static void cut(struct vulkan_host_memory *memory, struct vulkan_host_block *block, u64 bytes) {
  if (block->bytes == bytes) return;
  struct vulkan_host_block *right = right_of(memory, block);
  struct vulkan_host_block *rest = block_at(memory, offset_of(memory, block) + bytes);
  *rest = (struct vulkan_host_block){.bytes = block->bytes - bytes, .before = bytes};
  block->bytes = bytes;
  if (right != NULL) right->before = rest->bytes;
}

/* Joins a free block with a free right neighbour. */
static void join(struct vulkan_host_memory *memory, struct vulkan_host_block *block) {
  struct vulkan_host_block *right = right_of(memory, block);
  if (right == NULL || right->wanted != 0) return;
  block->bytes += right->bytes;
  right = right_of(memory, block);
  if (right != NULL) right->before = block->bytes;
}

static void *take(struct vulkan_host_memory *memory, u64 wanted, u64 alignment) {
  for (struct vulkan_host_block *block = block_at(memory, 0); block != NULL; block = right_of(memory, block)) {
    if (block->wanted != 0) continue;
    const u64 padding = padding_for(block, alignment);
    const u64 needs = (sizeof *block + padding + wanted + UNIT - 1) / UNIT * UNIT;
    if (needs > block->bytes) continue;
    cut(memory, block, needs);
    block->wanted = wanted;
    block->padding = padding;
    memory->used += needs;
    if (memory->used > memory->high) memory->high = memory->used;
    u8 *payload = payload_of(block);
    memcpy(payload - sizeof padding, &padding, sizeof padding); /* the header's own word where there is no padding */
    return payload;
  }
  memory->refused++;
  return NULL;
}

static void give_back(struct vulkan_host_memory *memory, void *payload) {
  struct vulkan_host_block *block = block_of(payload);
  CHECK(block->wanted != 0 && offset_of(memory, block) < memory->bytes, "the driver frees what it was not given");
  block->wanted = 0;
  memory->used -= block->bytes;
  join(memory, block);
  if (block->before == 0) return;
  struct vulkan_host_block *left = block_at(memory, offset_of(memory, block) - block->before);
  if (left->wanted == 0) join(memory, left);
}

/* ---- what the driver calls ---- */

static VKAPI_ATTR void *VKAPI_CALL allocate(void *context, size_t bytes, size_t alignment,
                                            VkSystemAllocationScope scope) {
  struct vulkan_host_memory *memory = context;
  (void)scope;
  if (alignment > ALIGNMENT_MAX || bytes > memory->bytes) return NULL;
  if (bytes == 0) bytes = 1; /* lavapipe (Mesa 22.3) asks for nothing, and takes NULL for a failure */
  pthread_mutex_lock(&memory->lock);
  void *payload = take(memory, bytes, alignment < 16 ? 16 : alignment);
  pthread_mutex_unlock(&memory->lock);
  return payload;
}

static VKAPI_ATTR void VKAPI_CALL release(void *context, void *payload) {
  struct vulkan_host_memory *memory = context;
  if (payload == NULL) return;
  pthread_mutex_lock(&memory->lock);
  give_back(memory, payload);
  pthread_mutex_unlock(&memory->lock);
}

static VKAPI_ATTR void *VKAPI_CALL reallocate(void *context, void *old, size_t bytes, size_t alignment,
                                              VkSystemAllocationScope scope) {
  if (old == NULL) return allocate(context, bytes, alignment, scope);
  if (bytes == 0) {
    release(context, old);
    return NULL;
  }
  void *payload = allocate(context, bytes, alignment, scope);
  if (payload == NULL) return NULL; /* the old one stands */
  const u64 had = block_of(old)->wanted;
  memcpy(payload, old, had < bytes ? had : bytes);
  release(context, old);
  return payload;
}

void vulkan_host_memory_open(struct vulkan_host_memory *memory, void *base, u64 bytes) {
  memset(memory, 0, sizeof *memory);
  if (base == NULL) return;
  CHECK((uintptr_t)base % 16 == 0 && bytes >= UNIT, "an odd region for the driver");
  memory->base = base;
  memory->bytes = bytes / UNIT * UNIT;
  *block_at(memory, 0) = (struct vulkan_host_block){.bytes = memory->bytes};
  pthread_mutex_init(&memory->lock, NULL);
  memory->callbacks = (VkAllocationCallbacks){
      .pUserData = memory, .pfnAllocation = allocate, .pfnReallocation = reallocate, .pfnFree = release};
}

const VkAllocationCallbacks *vulkan_host_callbacks(const struct vulkan_host_memory *memory) {
  return memory->base == NULL ? NULL : &memory->callbacks;
}

void vulkan_host_memory_close(struct vulkan_host_memory *memory) {
  if (memory->base != NULL) pthread_mutex_destroy(&memory->lock);
  memset(memory, 0, sizeof *memory);
}
