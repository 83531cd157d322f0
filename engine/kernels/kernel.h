/* What a kernel is to the CPU device, and the macros its C file is written with.
 *
 * engine/kernels/NAME.c holds NAME's definition; it is compiled once per instruction set (KERNEL_ISA = baseline, avx2, avx512), so
 * every symbol carries the set's name. A kernel splits its work into independent groups; any thread may run any range of groups,
 * in any order, with the same bits. Kernels never allocate, never fail, and read sizes only from params and the count words.
 * Lanes (private scratch of one worker) are uninitialised memory. The CPU device has FTZ and DAZ set before a kernel runs. */
#ifndef RLSP_ENGINE_KERNELS_KERNEL_H
#define RLSP_ENGINE_KERNELS_KERNEL_H

#include "engine/kernels/kernel_table.h"
#include "engine/memory/limits.h"
#include "engine/types.h"
#include "shaders/params.h"

enum kernel {
#define KERNEL_ENUM(name, form) KERNEL_##name,
  KERNEL_TABLE(KERNEL_ENUM)
#undef KERNEL_ENUM
      KERNEL_COUNT
};

typedef u32 kernel_groups_function(const void *params);
typedef void kernel_run_function(const void *params, u32 group_begin, u32 group_end, void *scratch);

struct kernel_entry {
  const char *name;
  u32 params_bytes;
  kernel_groups_function *groups; /* how many groups this call has now */
  kernel_run_function *run;       /* the fast form where there is one */
  kernel_groups_function *definition_groups;
  kernel_run_function *definition; /* the specification */
};

/* The table of one instruction set. Which the CPU can run is platform/cpu's to say. */
extern const struct kernel_entry kernels_baseline[KERNEL_COUNT];
#if defined(__x86_64__)
extern const struct kernel_entry kernels_avx2[KERNEL_COUNT];
extern const struct kernel_entry kernels_avx512[KERNEL_COUNT];
#endif

#ifdef KERNEL_ISA
#define KERNEL_PASTE2(a, b, c) a##_##b##_##c
#define KERNEL_PASTE(a, b, c) KERNEL_PASTE2(a, b, c)
#define KERNEL_SYMBOL(name, part) KERNEL_PASTE(name, part, KERNEL_ISA)
/* KERNEL_GROUPS(matmul) { return ...; }   KERNEL_RUN(matmul) { const struct matmul_params *p = params; ... }
 * and KERNEL_FAST_GROUPS / KERNEL_FAST for the second form (in NAME_fast.c). */
#define KERNEL_GROUPS(name) u32 KERNEL_SYMBOL(name, groups)(const void *params)
#define KERNEL_RUN(name) \
  void KERNEL_SYMBOL(name, run)(const void *params, u32 group_begin, u32 group_end, void *scratch)
#define KERNEL_FAST_GROUPS(name) u32 KERNEL_SYMBOL(name, fast_groups)(const void *params)
#define KERNEL_FAST(name) \
  void KERNEL_SYMBOL(name, fast)(const void *params, u32 group_begin, u32 group_end, void *scratch)
#define KERNEL_DECLARE(name, form) \
  KERNEL_GROUPS(name);             \
  KERNEL_RUN(name);                \
  KERNEL_FAST_GROUPS(name);        \
  KERNEL_FAST(name);
KERNEL_TABLE(KERNEL_DECLARE)
#undef KERNEL_DECLARE
#endif

/* An address member as a typed pointer. */
#define AT(type, address) ((type *)(uintptr_t)(address))

static inline u32 kernel_live(u64 count, u32 first, u32 rows_max) {
  if (count == 0) return rows_max;
  const u32 live = *AT(const u32, count);
  if (live <= first) return 0;
  return live - first < rows_max ? live - first : rows_max;
}

#endif
