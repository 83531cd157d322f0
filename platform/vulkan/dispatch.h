/* How a call of each kernel becomes workgroups: how many there are, and which constants its pipeline is specialised with.
 *
 * Groups are counted from the rows that are live when the program runs, which only the device knows: a dispatch says how,
 * and dispatch_sizes.comp does it (indirect dispatch). Pure C. Called by vulkan_program.c and the tests, one file a room of
 * kernels (dispatch_*.c). Never fails. */
#ifndef RLSP_PLATFORM_VULKAN_DISPATCH_H
#define RLSP_PLATFORM_VULKAN_DISPATCH_H

#include "engine/kernels/kernel.h"
#include "shaders/geometry.h"

#define DISPATCH_CONSTANTS_MAX 6u

/* groups = ceil(live * unit / per_group) * repeat, where live = kernel_live(count, first, rows_max). Within a call the
 * groups are numbered row block by row block: the ones of rows that are not live are the last. live * unit fits a u32,
 * since no tensor is larger than a chunk. */
struct dispatch {
  u64 count; /* address of the live rows' word; 0 = rows_max are live */
  u32 first, rows_max;
  u32 unit, per_group, repeat;           /* at least 1 each */
  u32 constants[DISPATCH_CONSTANTS_MAX]; /* specialisation constants 0, 1, ... of the shader */
  u32 constant_count;
  bool on_cpu;    /* given */
  u64 group_cost; /* products and sums one group does, roughly: long calls are cut by it */
};

/* on_cpu: the driver runs shaders on the CPU, where few groups that do much each are best. */
void vulkan_dispatch(u32 kernel, const void *params, bool on_cpu, struct dispatch *dispatch);
/* Groups of a call where `live` rows are live. */
u64 dispatch_groups(const struct dispatch *dispatch, u32 live);

/* The common shapes, for dispatch_*.c: `rows_max` rows, `per_group` of them a group; one thread an element of rows of
 * `width` elements; as many groups as said. The caller sets what differs. */
struct dispatch dispatch_rows(u64 count, u32 rows_max, u32 per_group, u64 row_cost);
struct dispatch dispatch_elements(u64 count, u32 rows_max, u32 width, u32 element_cost);
struct dispatch dispatch_fixed(u32 groups, u64 group_cost);

#define DISPATCH_DECLARE(name, form) void dispatch_##name(const void *params, struct dispatch *dispatch);
KERNEL_TABLE(DISPATCH_DECLARE)

#endif
