/* The host region: one mapping, taken before the first step and given back at the end.
 *
 * Called by: the trainer and the tools, once each; the CPU device for its arena. Fails: STATUS_DOES_NOT_FIT, before or
 * at the reservation, never later: every page is touched here. */
#ifndef RLSP_PLATFORM_MEMORY_H
#define RLSP_PLATFORM_MEMORY_H

#include "engine/status.h"

/* *base = NULL on failure. Zeroed, page-aligned, resident. bytes 0 gives one page. */
enum status host_memory_reserve(u64 bytes, void **base, struct error *error) MUST_USE;
/* The same bytes; NULL is fine. */
void host_memory_release(void *base, u64 bytes);
/* Of the machine; 0 = unknown. */
u64 host_memory_physical(void);
u64 host_memory_available(void);

#endif
