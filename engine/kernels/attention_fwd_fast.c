#include "engine/kernels/kernel.h"

KERNEL_FAST_GROUPS(attention_fwd) { return KERNEL_SYMBOL(attention_fwd, groups)(params); }

KERNEL_FAST(attention_fwd) { KERNEL_SYMBOL(attention_fwd, run)(params, group_begin, group_end, scratch); }
