/* The table of one instruction set: compiled once per KERNEL_ISA, beside the kernels. */
#include "engine/kernels/kernel.h"

#define ENTRY_PLAIN(name)        \
  {#name,                        \
   sizeof(struct name##_params), \
   KERNEL_SYMBOL(name, groups),  \
   KERNEL_SYMBOL(name, run),     \
   KERNEL_SYMBOL(name, groups),  \
   KERNEL_SYMBOL(name, run)},
#define ENTRY_FAST(name)             \
  {#name,                            \
   sizeof(struct name##_params),     \
   KERNEL_SYMBOL(name, fast_groups), \
   KERNEL_SYMBOL(name, fast),        \
   KERNEL_SYMBOL(name, groups),      \
   KERNEL_SYMBOL(name, run)},
#define ENTRY(name, form) ENTRY_##form(name)

#define TABLE_PASTE2(isa) kernels_##isa
#define TABLE_PASTE(isa) TABLE_PASTE2(isa)
const struct kernel_entry TABLE_PASTE(KERNEL_ISA)[KERNEL_COUNT] = {KERNEL_TABLE(ENTRY)};

#define PARAMS_FIT(name, form) \
  _Static_assert(sizeof(struct name##_params) <= PARAMS_BYTES_MAX, "params of " #name " exceed the push constants");
KERNEL_TABLE(PARAMS_FIT)
