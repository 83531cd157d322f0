/* How long something took, many times over: counts in buckets that grow by powers of two in 16 steps, so that any quantile is known
 * to 6% in little memory. The caller owns the struct; all zero is empty. Never fails. */
#ifndef RLSP_PLATFORM_VULKAN_DURATIONS_H
#define RLSP_PLATFORM_VULKAN_DURATIONS_H

#include "engine/types.h"

#define DURATIONS_BUCKETS 976u /* to 2^64 ns */

struct durations {
  u64 count, max_ns;
  u64 buckets[DURATIONS_BUCKETS];
};

void durations_add(struct durations *durations, u64 ns);
/* The shortest bucket's upper end that `share` (0..1) of them do not exceed, at most the longest; 0 when there are none. */
u64 durations_quantile_ns(const struct durations *durations, f64 share);

#endif
