/* One address space being laid out: a bump allocation of named, shaped tensors, run twice.
 *
 * Owns: offsets, never memory. Pass 1 places into an endless empty arena (base NULL, limit UINT64_MAX) to measure; pass 2 runs
 * the SAME placing code with the measured limit and checks equality; then arena_freeze: a later take aborts with its name.
 *
 *   offset 0                                                       used            high
 *   | weights | optimizer | ... | rollout (overlay A)        ...... |               |
 *                               | training (overlay B)  ............................|
 *
 * Overlay: m = arena_mark(); place A; arena_rewind(m); place B; arena_end_overlays(). `high` keeps the larger. The plan's rows show both, with phase.
 * Called by: every room's *_place function. Fails: never with a status; a take above the limit or after the freeze is a CHECK. */
#ifndef RLSP_ENGINE_MEMORY_ARENA_H
#define RLSP_ENGINE_MEMORY_ARENA_H

#include "engine/memory/limits.h"
#include "engine/types.h"

enum dtype { DTYPE_F32, DTYPE_U32, DTYPE_U8, DTYPE_U64 };
const char *dtype_name(enum dtype dtype);
u32 dtype_bytes(enum dtype dtype);

struct plan_row {
  char name[PLAN_NAME_BYTES]; /* e.g. "policy.layers.0.mlp.down" */
  const char *region;         /* static text: "weights", "optimizer", "kv_cache", ... */
  const char *phase;          /* static text: "always", or the overlay it belongs to: "rollout", "training" */
  const char *arena;          /* "host" or "device" */
  u64 offset, bytes;          /* within its arena; bytes without alignment padding */
  u64 dims[4];
  u32 rank;
  enum dtype dtype;
};

struct plan {
  struct plan_row rows[PLAN_ROWS_MAX];
  u32 count;
  u64 lost; /* rows beyond PLAN_ROWS_MAX: such a plan is refused */
};

struct arena {
  const char *name;           /* "host" or "device" */
  u8 *base;                   /* NULL while measuring, and always for a device arena */
  u64 used, high;             /* bytes */
  u64 limit;                  /* bytes; UINT64_MAX while measuring */
  u64 chunk_bytes;            /* no tensor straddles a multiple of this; 0 = one chunk without end */
  const char *region, *phase; /* labels for the rows to come */
  struct plan *plan;          /* rows go here; NULL = not recorded */
  char refused
      [PLAN_NAME_BYTES]; /* first tensor larger than a chunk met while measuring; "" when none: the caller refuses the plan */
  bool frozen;
};

/* Zeroes *arena and sets it to measure: base NULL, no limit. chunk_bytes 0 or CHUNK_BYTES_MAX. */
void arena_open(struct arena *arena, const char *name, u64 chunk_bytes, struct plan *plan);
/* Static texts for the rows that follow. */
void arena_label(struct arena *arena, const char *region, const char *phase);
/* Takes a tensor of rank 1..4 (unused dims 0) and returns its byte offset, TENSOR_ALIGN_BYTES-aligned. name is copied (cut). */
u64 arena_take(struct arena *arena, const char *name, enum dtype dtype, u64 dim0, u64 dim1, u64 dim2, u64 dim3);
/* Host arenas: the same, as a pointer (base + offset). While measuring the pointer is not to be read or written. */
void *arena_take_pointer(struct arena *arena, const char *name, enum dtype dtype, u64 dim0, u64 dim1, u64 dim2,
                         u64 dim3);
u64 arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, u64 mark);
/* After the last overlay: what is taken next lies beyond the longest of them. */
void arena_end_overlays(struct arena *arena);
/* After this, a take is a CHECK failure that names what was asked for. */
void arena_freeze(struct arena *arena);

#endif
