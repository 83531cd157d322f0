#include "engine/memory/arena.h"

#include <string.h>

#include "engine/check.h"

const char *dtype_name(enum dtype dtype) {
  static const char *const names[] = {"f32", "u32", "u8", "u64"};
  return names[dtype];
}

u32 dtype_bytes(enum dtype dtype) {
  static const u32 bytes[] = {4, 4, 1, 8};
  return bytes[dtype];
}

void arena_open(struct arena *arena, const char *name, u64 chunk_bytes, struct plan *plan) {
  memset(arena, 0, sizeof *arena);
  arena->name = name;
  arena->limit = UINT64_MAX;
  arena->chunk_bytes = chunk_bytes;
  arena->plan = plan;
  arena_label(arena, "unnamed", "always");
}

void arena_label(struct arena *arena, const char *region, const char *phase) {
  arena->region = region;
  arena->phase = phase;
}

static u64 product_checked(const char *name, u64 left, u64 right) {
  CHECK(right == 0 || left <= UINT64_MAX / 2 / right, "size of %s overflows", name);
  return left * right;
}

static void record_row(struct arena *arena, const char *name, enum dtype dtype, u64 offset, u64 bytes,
                       const u64 dims[4], u32 rank) {
  struct plan *plan = arena->plan;
  if (plan->count == PLAN_ROWS_MAX) {
    plan->lost++;
    return;
  }
  struct plan_row *row = &plan->rows[plan->count++];
  *row = (struct plan_row){.region = arena->region,
                           .phase = arena->phase,
                           .arena = arena->name,
                           .offset = offset,
                           .bytes = bytes,
                           .dims = {dims[0], dims[1], dims[2], dims[3]},
                           .rank = rank,
                           .dtype = dtype};
  strncpy(row->name, name, sizeof row->name - 1);
}

u64 arena_take(struct arena *arena, const char *name, enum dtype dtype, u64 dim0, u64 dim1, u64 dim2, u64 dim3) {
  CHECK(!arena->frozen, "%s arena is frozen; %s was asked for after the plan", arena->name, name);
  const u64 dims[4] = {dim0, dim1, dim2, dim3};
  u64 bytes = dtype_bytes(dtype);
  u32 rank = 0;
  while (rank < 4 && dims[rank] != 0) bytes = product_checked(name, bytes, dims[rank++]);
  CHECK(rank > 0, "%s has no size", name);
  const bool above_chunk = arena->chunk_bytes != 0 && bytes > arena->chunk_bytes;
  CHECK(!above_chunk || arena->limit == UINT64_MAX, "%s is larger than one chunk of the %s arena", name, arena->name);
  if (above_chunk && arena->refused[0] == 0) strncpy(arena->refused, name, sizeof arena->refused - 1);

  u64 offset = (arena->used + TENSOR_ALIGN_BYTES - 1) / TENSOR_ALIGN_BYTES * TENSOR_ALIGN_BYTES;
  if (arena->chunk_bytes != 0 && !above_chunk &&
      offset / arena->chunk_bytes != (offset + bytes - 1) / arena->chunk_bytes)
    offset = (offset / arena->chunk_bytes + 1) * arena->chunk_bytes;
  CHECK(offset <= arena->limit && bytes <= arena->limit - offset, "%s does not fit the planned %s arena", name,
        arena->name);
  arena->used = offset + bytes;
  if (arena->used > arena->high) arena->high = arena->used;

  if (arena->plan != NULL) record_row(arena, name, dtype, offset, bytes, dims, rank);
  return offset;
}

void *arena_take_pointer(struct arena *arena, const char *name, enum dtype dtype, u64 dim0, u64 dim1, u64 dim2,
                         u64 dim3) {
  const u64 offset = arena_take(arena, name, dtype, dim0, dim1, dim2, dim3);
  return (void *)((uintptr_t)arena->base + (uintptr_t)offset);
}

u64 arena_mark(const struct arena *arena) { return arena->used; }

void arena_rewind(struct arena *arena, u64 mark) {
  CHECK(mark <= arena->used, "rewind of the %s arena goes forward", arena->name);
  arena->used = mark;
}

void arena_end_overlays(struct arena *arena) { arena->used = arena->high; }

void arena_freeze(struct arena *arena) { arena->frozen = true; }
