#include "engine/kernels/kernel.h"

KERNEL_FAST_GROUPS(attention_bwd_kv) { return KERNEL_SYMBOL(attention_bwd_kv, groups)(params); }

KERNEL_FAST(attention_bwd_kv) { KERNEL_SYMBOL(attention_bwd_kv, run)(params, group_begin, group_end, scratch); }
