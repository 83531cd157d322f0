/* The most multiply-adds this machine does a second where a product and its sum are rounded apart, as the exact profile
 * has them.
 *
 * Vector products, each added to one of enough running sums, all in registers and of the width that the CPU device
 * uses: what a matrix product could reach that never waited for memory, nor for a result. Called by: the bench, between
 * the products, so that whatever else the machine does slows both. Owns nothing; starts its threads and joins them in
 * each call. */
#ifndef RLSP_TOOLS_BENCH_CEILING_H
#define RLSP_TOOLS_BENCH_CEILING_H

#include "engine/status.h"
#include "platform/device.h"

/* *flops: floating-point operations a second, a multiply-add counted as two. simd: what the device resolved, not
 * SIMD_AUTO. */
enum status bench_ceiling(enum simd simd, u32 threads, f64 seconds, f64 *flops, struct error *error) MUST_USE;
/* The set that a device's info names (info.driver of the CPU device). */
enum simd bench_simd(const struct device_info *info);

#endif
