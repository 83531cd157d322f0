/* Programs, cut into submits. Drivers reset a device that is busy for seconds with one submit, and a desktop stutters long before: so a
 * program is a row of segments, each a command buffer of its own, submitted and waited for one after the other. First cuts go by
 * estimated work; a segment that took longer than SEGMENT_NS_MAX is cut in two before it runs again. Where the cuts are changes no bit.
 *
 *   calls   |  0  |  1  |     2      |  3  | 4 |        a position is (call, group of it)
 *   segments|-----------|--------|---------|---|
 *
 * Owned by struct vulkan_device; a segment's command buffer lives as long as the device. */
#ifndef RLSP_PLATFORM_VULKAN_SEGMENTS_H
#define RLSP_PLATFORM_VULKAN_SEGMENTS_H

#include "engine/kernels/program.h"
#include "platform/vulkan/vulkan_api.h"

/* Of all programs together; more would each be shorter than a submit costs. */
#define VULKAN_SEGMENTS_MAX 8192u
/* Half of the 250 ms that no submit should take. */
#define SEGMENT_NS_MAX 125000000ull

struct position {
  u32 call;
  u64 group;
};

struct vulkan_segment {
  VkCommandBuffer commands;
  struct position begin, end; /* end is not part of it */
  u32 next;                   /* the program's next segment; VULKAN_SEGMENTS_MAX = none */
  u32 ordinal;                /* of the program's segments, in the order they were made */
  u32 slow_runs;              /* in a row */
  u32 barriers, dispatches;   /* recorded in it */
};

struct vulkan_program {
  const struct program *program;
  u32 first, count;  /* segments */
  bool any_indirect; /* some call's size depends on live rows */
};

struct vulkan_device;
/* Operations of a segment before anything is measured. */
u64 vulkan_segment_work(VkPhysicalDeviceType type);
/* Cuts and records a program whose pipelines are made. */
enum status vulkan_segments_record(struct vulkan_device *vulkan, struct vulkan_program *recorded,
                                   struct error *error) MUST_USE;
/* Runs it to its end; cuts what was too long. */
enum status vulkan_segments_run(struct vulkan_device *vulkan, struct vulkan_program *recorded,
                                struct error *error) MUST_USE;

#endif
