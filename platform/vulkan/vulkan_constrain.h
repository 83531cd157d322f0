/* For tests: what a CPU driver alone would never show. Does nothing on a device that is not Vulkan's. */
#ifndef RLSP_PLATFORM_VULKAN_CONSTRAIN_H
#define RLSP_PLATFORM_VULKAN_CONSTRAIN_H

#include "platform/device.h"

/* Makes an opened device behave as a discrete GPU with small allocations (staging, no mapped arena, many chunks, a
 * GPU's tiles of matrix products).
 * Called before device_memory_reserve. chunk_bytes: a multiple of TENSOR_ALIGN_BYTES, at most CHUNK_BYTES_MAX. */
void vulkan_device_constrain(struct device *device, bool staged, u64 chunk_bytes);
/* Calls between two barriers are recorded in the reverse of their order from now on: what depends on an order that no barrier keeps comes out
 * otherwise, on drivers too that run one call after the other. */
void vulkan_device_reverse(struct device *device);
/* From now on every device that is opened is staged and reversed, or as it is again. For whole runs. */
void vulkan_constrain_all(bool staged_and_reversed);
/* Programs loaded from now on are cut into submits of some `work` operations, and those that take longer than ns_max are cut again. */
void vulkan_device_cut(struct device *device, u64 work, u64 ns_max);
/* From now on an operation of the probe (platform/probe.h) comes out wrong on every Vulkan device; or right again. */
void vulkan_probe_corrupt(u32 operation);
void vulkan_probe_heal(void);
/* From now on every wait for the device ends in a timeout, or in a lost device. The process cannot open it again. */
void vulkan_device_break(struct device *device, bool timeout);

/* From now on the nth call of a Vulkan function that returns a VkResult fails, with the choice-th of the errors its specification
 * lists (vulkan_functions_table.h), without reaching the driver; lasting: and so does every such call after it. nth 0 = none.
 * Sets the count of calls to 0. */
void vulkan_fault_set(u64 nth, u32 choice, bool lasting);
u64 vulkan_fault_calls(void);
struct vulkan_fault_report {
  const char *function; /* that was the nth; NULL = none was yet */
  u32 choices;          /* errors it has: a choice beyond them struck nothing */
  i32 result;           /* the VkResult injected */
};
struct vulkan_fault_report vulkan_fault_reported(void);

#endif
