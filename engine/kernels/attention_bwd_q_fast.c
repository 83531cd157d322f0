#include "engine/kernels/kernel.h"

KERNEL_FAST_GROUPS(attention_bwd_q) { return KERNEL_SYMBOL(attention_bwd_q, groups)(params); }

KERNEL_FAST(attention_bwd_q) { KERNEL_SYMBOL(attention_bwd_q, run)(params, group_begin, group_end, scratch); }
