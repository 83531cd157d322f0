/* How many workgroups a call of each kernel is dispatched with: from the bounds in its params, since the live counts
 * are known only on the device; groups beyond those end at once. Pure C. Called by vulkan_program.c and the tests.
 * Never fails; a kernel without a shader is a CHECK. */
#ifndef RLSP_PLATFORM_VULKAN_WORKGROUPS_H
#define RLSP_PLATFORM_VULKAN_WORKGROUPS_H

#include "engine/kernels/kernel.h"

/* What every Vulkan device takes in one dimension. */
#define WORKGROUPS_MAX 65535u

void vulkan_workgroups(u32 kernel, const void *params, u32 groups[2]);

#endif
