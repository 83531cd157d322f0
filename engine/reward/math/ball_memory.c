#include "engine/reward/math/ball_memory.h"

#include <stdatomic.h>
#include <string.h>

#include "engine/check.h"
#include "engine/reward/math/balls.h"

/* A block of order k has 16 << k bytes, header included, and begins at a multiple of its size (from the region's start). */
#define ORDERS 29u /* up to 4 GiB */
#define UNIT_BYTES 16u
#define MARK_TAKEN 0x74616b65u
#define MARK_FREE 0x66726565u
/* Blocks of up to 2 KiB are kept for the next request of their order, so many an order: halving and joining costs more than most sums. */
#define KEPT_ORDERS 8u
#define KEPT_MAX 64u

struct header {
  u32 mark, order;
  u64 unused;
};

struct free_block {
  struct header header;
  struct free_block *next, *previous;
};

struct region {
  u8 *base; /* of the memory; blocks are aligned to it */
  u64 bytes, used, peak;
  struct free_block *free[ORDERS];
  struct free_block *kept[KEPT_ORDERS];
  u32 kept_count[KEPT_ORDERS];
};

/* The libraries call us without a context; one region a thread. */
static _Thread_local struct region *own;

static void push(struct region *region, u64 offset, u32 order) {
  struct free_block *block = (struct free_block *)(void *)(region->base + offset);
  block->header = (struct header){.mark = MARK_FREE, .order = order};
  block->previous = NULL;
  block->next = region->free[order];
  if (block->next) block->next->previous = block;
  region->free[order] = block;
}

static void unlink_block(struct region *region, struct free_block *block) {
  if (block->previous) {
    block->previous->next = block->next;
  } else {
    region->free[block->header.order] = block->next;
  }
  if (block->next) block->next->previous = block->previous;
}

static u64 block_bytes(u32 order) { return (u64)UNIT_BYTES << order; }

static u32 order_of(u64 bytes) {
  u32 order = 1; /* a free block holds two pointers beside its header */
  while (order < ORDERS && block_bytes(order) - sizeof(struct header) < bytes) order++;
  return order;
}

static struct free_block *split(struct region *region, u32 order) {
  u32 from = order;
  while (from < ORDERS && !region->free[from]) from++;
  if (from >= ORDERS) return NULL;
  struct free_block *block = region->free[from];
  unlink_block(region, block);
  const u64 offset = (u64)((u8 *)block - region->base);
  while (from > order) {
    from--;
    push(region, offset + block_bytes(from), from);
  }
  return block;
}

static void join(struct region *region, u64 offset, u32 order) {
  while (order + 1 < ORDERS) {
    const u64 buddy = offset ^ block_bytes(order);
    if (buddy + block_bytes(order) > region->bytes) break;
    struct free_block *block = (struct free_block *)(void *)(region->base + buddy);
    if (block->header.mark != MARK_FREE || block->header.order != order) break;
    unlink_block(region, block);
    block->header.mark = 0;
    offset &= ~block_bytes(order);
    order++;
  }
  push(region, offset, order);
}

/* Gives what is kept back to the whole: where a large request would fail otherwise. */
static void give_kept(struct region *region) {
  for (u32 order = 0; order < KEPT_ORDERS; order++) {
    while (region->kept[order]) {
      struct free_block *block = region->kept[order];
      region->kept[order] = block->next;
      join(region, (u64)((u8 *)block - region->base), order);
    }
    region->kept_count[order] = 0;
  }
}

void *ball_memory_take(u64 bytes) {
  struct region *region = own;
  CHECK(region != NULL, "ball arithmetic on a thread without an open evaluator");
  const u32 order = order_of(bytes);
  struct free_block *block = NULL;
  if (order < KEPT_ORDERS && region->kept[order]) {
    block = region->kept[order];
    region->kept[order] = block->next;
    region->kept_count[order]--;
  } else if (order < ORDERS) {
    block = split(region, order);
    if (!block) {
      give_kept(region);
      block = split(region, order);
    }
  }
  CHECK(block != NULL,
        "the verifier's ball arithmetic needs %llu bytes more than its region has (%llu of %llu in use): its operands "
        "were "
        "not bounded beforehand",
        (unsigned long long)bytes, (unsigned long long)region->used, (unsigned long long)region->bytes);
  block->header = (struct header){.mark = MARK_TAKEN, .order = order};
  region->used += block_bytes(order);
  if (region->peak < region->used) region->peak = region->used;
  return &block->header + 1;
}

static struct free_block *block_of(const struct region *region, void *pointer) {
  struct free_block *block = (struct free_block *)(void *)((struct header *)pointer - 1);
  CHECK(region != NULL && (u8 *)block >= region->base && (u8 *)block < region->base + region->bytes &&
            block->header.mark == MARK_TAKEN,
        "a block that is not of this thread's region, or was given back before");
  return block;
}

void ball_memory_give(void *pointer) {
  if (!pointer) return;
  struct region *region = own;
  struct free_block *block = block_of(region, pointer);
  const u32 order = block->header.order;
  region->used -= block_bytes(order);
  block->header.mark = 0;
  if (order < KEPT_ORDERS && region->kept_count[order] < KEPT_MAX) {
    block->next = region->kept[order];
    region->kept[order] = block;
    region->kept_count[order]++;
    return;
  }
  join(region, (u64)((u8 *)block - region->base), order);
}

/* ---- the libraries' hooks ---- */

static void *hook_take(size_t bytes) { return ball_memory_take(bytes); }
static void hook_give(void *pointer) { ball_memory_give(pointer); }
static void hook_give_sized(void *pointer, size_t bytes) {
  (void)bytes;
  ball_memory_give(pointer);
}

static void *hook_take_zeroed(size_t count, size_t bytes) {
  CHECK(bytes == 0 || count <= SIZE_MAX / bytes, "size overflows");
  void *block = ball_memory_take(count * bytes);
  memset(block, 0, count * bytes);
  return block;
}

static void *hook_change(void *pointer, size_t bytes) {
  if (!pointer) return ball_memory_take(bytes);
  const u64 room = block_bytes(block_of(own, pointer)->header.order) - sizeof(struct header);
  if (bytes <= room) return pointer;
  void *block = ball_memory_take(bytes);
  memcpy(block, pointer, room);
  ball_memory_give(pointer);
  return block;
}

static void *hook_change_sized(void *pointer, size_t old_bytes, size_t bytes) {
  (void)old_bytes;
  return hook_change(pointer, bytes);
}

/* The hooks are the process's, and always the same: set once, by whoever opens first; the others wait for it. */
static void set_hooks(void) {
  static atomic_int hooks; /* 0 not set, 1 being set, 2 set */
  int expected = 0;
  if (atomic_compare_exchange_strong(&hooks, &expected, 1)) {
    mp_set_memory_functions(hook_take, hook_change_sized, hook_give_sized);
    __flint_set_memory_functions(hook_take, hook_take_zeroed, hook_change, hook_give);
    atomic_store(&hooks, 2);
  }
  while (atomic_load(&hooks) != 2) {
  }
}

void ball_memory_open(u8 *memory, u64 bytes) {
  CHECK(own == NULL, "this thread has an open evaluator");
  CHECK(bytes >= 4096 && bytes % UNIT_BYTES == 0 && (uintptr_t)memory % UNIT_BYTES == 0, "not a region");
  set_hooks();
  struct region *region = (struct region *)(void *)memory;
  memset(region, 0, sizeof *region);
  region->base = memory;
  region->bytes = bytes;
  /* The largest blocks that fit, one after another, behind this struct. */
  u64 offset = (sizeof *region + 2 * UNIT_BYTES - 1) / (2 * UNIT_BYTES) * (2 * UNIT_BYTES);
  while (offset + block_bytes(1) <= bytes) {
    u32 order = 1;
    while (order + 1 < ORDERS && offset % block_bytes(order + 1) == 0 && offset + block_bytes(order + 1) <= bytes)
      order++;
    push(region, offset, order);
    offset += block_bytes(order);
  }
  own = region;
}

void ball_memory_close(const u8 *memory) {
  CHECK(ball_memory_is(memory), "closed on another thread than it was opened on");
  flint_cleanup();
  own = NULL;
}

bool ball_memory_is(const u8 *memory) { return own != NULL && own->base == memory; }

u64 ball_memory_used(const u8 *memory) { return ((const struct region *)(const void *)memory)->used; }
u64 ball_memory_peak(const u8 *memory) { return ((const struct region *)(const void *)memory)->peak; }
