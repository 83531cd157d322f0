/* What a call reads and writes, so that a program has barriers only where a call depends on one before it. Pure C. Called by
 * vulkan_program.c and the tests, which hold each kernel's definition to it (tests/vulkan_image.c). Never fails. */
#ifndef RLSP_PLATFORM_VULKAN_ACCESS_H
#define RLSP_PLATFORM_VULKAN_ACCESS_H

#include "engine/kernels/kernel.h"

#define ACCESSES_MAX 12u               /* of one call: as many as there are addresses in the longest params */
#define ACCESS_ROWS_UNKNOWN UINT64_MAX /* rows that indices choose: all of memory from the address on */

/* `rows` pieces of row_bytes, stride_bytes from one to the next. */
struct access {
  u64 address, row_bytes, stride_bytes, rows;
  bool write;
};

/* At most what the call touches with all rows live. Returns how many; addresses that are 0 (not given) are left out. */
u32 kernel_accesses(u32 kernel, const void *params, struct access accesses[ACCESSES_MAX]);
/* Whether one must wait for the other: they share a byte (as far as can be told) and one of them writes. */
bool access_conflict(const struct access *a, const struct access *b);

#endif
