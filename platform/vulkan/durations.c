#include "platform/vulkan/durations.h"

#define STEP_BITS 4u /* 16 steps a power of two */

static u32 bucket_of(u64 ns) {
  u32 top = 63;
  while (top > STEP_BITS && (ns >> top) == 0) top--;
  const u32 shift = top - STEP_BITS; /* below 32 ns each value has its own */
  return (shift << STEP_BITS) + (u32)(ns >> shift);
}

static u64 upper_end(u32 bucket) {
  const u32 shift = bucket < 2u << STEP_BITS ? 0 : (bucket >> STEP_BITS) - 1;
  return ((u64)(bucket - (shift << STEP_BITS)) << shift) + (((u64)1 << shift) - 1);
}

void durations_add(struct durations *durations, u64 ns) {
  durations->count++;
  durations->buckets[bucket_of(ns)]++;
  if (ns > durations->max_ns) durations->max_ns = ns;
}

u64 durations_quantile_ns(const struct durations *durations, f64 share) {
  u64 seen = 0;
  for (u32 bucket = 0; bucket < DURATIONS_BUCKETS; bucket++) {
    seen += durations->buckets[bucket];
    if (seen == 0 || (f64)seen < share * (f64)durations->count) continue;
    const u64 end = upper_end(bucket);
    return end < durations->max_ns ? end : durations->max_ns;
  }
  return durations->max_ns;
}
