/* FLINT's and GMP's memory: a bounded region of ours for each thread, in place of the heap.
 *
 * Blocks are powers of two, halved when taken and joined again when given back (a buddy system), so that what was asked for
 * earlier does not decide whether a later request fits. The libraries' hooks know no context: the region of a thread hangs on one
 * thread-local pointer, the only one in the engine.
 * Owns: nothing but that pointer; the memory is the caller's. Called by: evaluate.c. Fails: a region that is full, a block that is given back
 * twice: CHECK. Operands are bounded before the work (bounds.h), so a full region is an error of ours. */
#ifndef RLSP_ENGINE_REWARD_MATH_BALL_MEMORY_H
#define RLSP_ENGINE_REWARD_MATH_BALL_MEMORY_H

#include "engine/types.h"

/* From now on this thread's. `memory` has `bytes` bytes, aligned to TENSOR_ALIGN_BYTES. One at a time in a thread. */
void ball_memory_open(u8 *memory, u64 bytes);
/* Gives all back that FLINT keeps in it (caches of constants, pools of integers). memory: what was opened. */
void ball_memory_close(const u8 *memory);
bool ball_memory_is(const u8 *memory);
/* A block of this thread's region; 16-byte aligned. */
void *ball_memory_take(u64 bytes);
void ball_memory_give(void *block);
/* Bytes in blocks now, and the most at any time since it was opened. */
u64 ball_memory_used(const u8 *memory);
u64 ball_memory_peak(const u8 *memory);

#endif
