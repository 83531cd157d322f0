/* Host memory for the driver's objects: VkAllocationCallbacks served from one bounded region that the plan lists, so that a driver that
 * asks us never asks the heap.
 *
 *   | block | block | ...      a block = header, payload; free neighbours are joined; the first one that is large enough is taken
 *
 * The caller owns the region, which must outlive every Vulkan object made with it. Drivers may call from their own threads: a lock
 * guards it. Where there is no room the driver is told so (NULL), and its call ends in VK_ERROR_OUT_OF_HOST_MEMORY.
 * Not every driver asks: NVIDIA's takes its objects from the heap whatever it is given. */
#ifndef RLSP_PLATFORM_VULKAN_HOST_MEMORY_H
#define RLSP_PLATFORM_VULKAN_HOST_MEMORY_H

#include <pthread.h>

#include "platform/vulkan/vulkan_api.h"

struct vulkan_host_block; /* vulkan_host_memory.c */

struct vulkan_host_memory {
  pthread_mutex_t lock;
  u8 *base;
  u64 bytes;
  u64 used, high; /* payloads and headers now, and at most so far */
  u64 refused;    /* requests there was no room for */
  VkAllocationCallbacks callbacks;
};

/* base: 16-byte aligned. NULL: *memory serves nothing, and vulkan_host_callbacks gives NULL. */
void vulkan_host_memory_open(struct vulkan_host_memory *memory, void *base, u64 bytes);
const VkAllocationCallbacks *vulkan_host_callbacks(const struct vulkan_host_memory *memory);
void vulkan_host_memory_close(struct vulkan_host_memory *memory);

#endif
