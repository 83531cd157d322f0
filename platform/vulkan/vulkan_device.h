/* The Vulkan device's inside, shared by the files of platform/vulkan; the door is platform/device.h.
 *
 *   struct device -> struct vulkan_device: loader and instance, VkDevice and one queue,
 *                    chunks[]    the arena: one buffer and one allocation of at most CHUNK_BYTES_MAX each
 *                    staging     a small host-visible buffer, where the arena cannot be mapped (discrete GPUs)
 *                    pipelines   one per shader and its constants; one layout for all (push constants only)
 *                    programs[]  each a row of segments[], a command buffer and a submit each
 *                    host        where the driver's objects lie, when the caller gave a region for them
 *
 * Lives from vulkan_device_open to device_close; a process opens at most one (CHECKed), because nothing may be
 * allocated after the freeze and the struct is large. One thread; every submit is waited for. */
#ifndef RLSP_PLATFORM_VULKAN_DEVICE_H
#define RLSP_PLATFORM_VULKAN_DEVICE_H

#include "platform/vulkan/durations.h"
#include "platform/vulkan/vulkan_describe.h"
#include "platform/vulkan/vulkan_host_memory.h"
#include "platform/vulkan/vulkan_pipelines.h"
#include "platform/vulkan/vulkan_segments.h"

/* 256 chunks of 2 GiB: more than any single GPU's memory. */
#define VULKAN_CHUNKS_MAX 256u
/* Programs of a run: decode, prefill, score, train and optimizer steps, each for policy, reference and critic, with
 * room. */
#define VULKAN_PROGRAMS_MAX 64u
/* Large enough that a copy's fixed cost vanishes, small beside any GPU's memory. */
#define VULKAN_STAGING_BYTES (4u << 20)
/* Twice the longest watchdog of a driver (amdgpu's 60 s): what is not done then never will be. */
#define VULKAN_WAIT_NS (120ull * 1000000000ull)

struct vulkan_buffer {
  VkBuffer buffer;
  VkDeviceMemory memory;
  u64 bytes;
  u64 address; /* 0 for staging */
  u8 *mapped;  /* NULL = not mapped */
};

struct vulkan_device {
  bool open;
  bool staged;        /* transfers go through staging */
  u64 chunk_bytes;    /* CHUNK_BYTES_MAX, less in tests */
  bool on_cpu;        /* shaders run on the CPU; false in tests, which are for GPUs */
  u64 segment_work;   /* operations of a segment when programs are first cut */
  bool reversed;      /* a test's: see vulkan_constrain.h */
  u64 segment_ns_max; /* longer ones are cut in two */
  bool lost;          /* a submit did not come back: nothing may be asked of the device, not even to be destroyed */
  struct vulkan_api api;
  VkPhysicalDevice physical;
  struct vulkan_limits limits;
  char name[DEVICE_NAME_BYTES]; /* the place of every error */
  VkDevice device;
  VkQueue queue;
  VkCommandPool pool;
  VkCommandBuffer transfer; /* recorded anew for each piece of a transfer */
  VkFence fence;
  VkPipelineLayout layout;
  struct vulkan_pipelines pipelines;
  char cache_folder[PATH_BYTES_MAX];
  struct vulkan_host_memory host;
  struct durations submits;
  struct vulkan_buffer chunks[VULKAN_CHUNKS_MAX], staging;
  u32 chunk_count, program_count, segment_count;
  u64 arena_bytes;
  struct vulkan_program programs[VULKAN_PROGRAMS_MAX];
  struct vulkan_segment segments[VULKAN_SEGMENTS_MAX];
};

/* vulkan_device.c: submits, waits, and says what went wrong. *ns (may be NULL): how long it took. */
enum status vulkan_submit(struct vulkan_device *vulkan, VkCommandBuffer commands, const char *what, u64 *ns,
                          struct error *error) MUST_USE;
/* STATUS_DEVICE once the device is lost: its command buffers may still be running and are not to be touched. */
enum status vulkan_alive(const struct vulkan_device *vulkan, struct error *error) MUST_USE;
/* STATUS_DEVICE with the call's name unless result is VK_SUCCESS. */
enum status vulkan_checked(const struct vulkan_device *vulkan, VkResult result, const char *call,
                           struct error *error) MUST_USE;
/* All that came before (kernels and copies) is done and seen by all that follows (kernels, copies, and the host). */
void vulkan_barrier(const struct vulkan_device *vulkan, VkCommandBuffer commands);
/* Kernels before it are done and seen by kernels after it. */
void vulkan_barrier_between_calls(const struct vulkan_device *vulkan, VkCommandBuffer commands);

/* vulkan_memory.c */
/* Whether the device's own memory can be mapped. */
bool vulkan_memory_is_shared(const struct vulkan_device *vulkan);
enum status vulkan_memory_reserve(struct device *device, u64 bytes, struct error *error) MUST_USE;
u64 vulkan_address(const struct device *device, u64 offset);
enum status vulkan_upload(struct device *device, u64 offset, const void *data, u64 bytes, struct error *error) MUST_USE;
enum status vulkan_download(struct device *device, u64 offset, void *data, u64 bytes, struct error *error) MUST_USE;
/* The same for those who have no struct device at hand. */
u64 vulkan_arena_address(const struct vulkan_device *vulkan, u64 offset);
enum status vulkan_upload_bytes(struct vulkan_device *vulkan, u64 offset, const void *data, u64 bytes,
                                struct error *error) MUST_USE;
/* The chunk an arena offset lies in, and the offset in its buffer. */
u64 vulkan_chunk_offset(const struct vulkan_device *vulkan, u64 offset, VkBuffer *buffer);
/* One-time commands, recorded into vulkan->transfer between the two. */
enum status vulkan_transfer_begin(struct vulkan_device *vulkan, struct error *error) MUST_USE;
enum status vulkan_transfer_end(struct vulkan_device *vulkan, const char *what, struct error *error) MUST_USE;
void vulkan_memory_release(struct vulkan_device *vulkan);

/* vulkan_probe.c */
enum status vulkan_probe(struct device *device, u64 cases, u64 results, u32 operation, u32 count,
                         struct error *error) MUST_USE;

/* vulkan_program.c */
enum status vulkan_program_load(struct device *device, struct program *program, struct error *error) MUST_USE;
enum status vulkan_program_run(struct device *device, struct program *program, struct error *error) MUST_USE;

#endif
