/* A program: a fixed list of kernel calls, recorded once at start and replayed every step (decode step, train step, ...).
 *
 * Recording runs twice, like placing: with calls == NULL it only counts; program_place then takes the list from the host arena; the
 * second recording fills it. What varies from step to step is read by the kernels from small device buffers, never from the list. */
#ifndef RLSP_ENGINE_KERNELS_PROGRAM_H
#define RLSP_ENGINE_KERNELS_PROGRAM_H

#include "engine/kernels/kernel.h"
#include "engine/memory/arena.h"

struct program_call {
  u8 params[PARAMS_BYTES_MAX];
  u32 kernel;
  u32 params_bytes;
};

struct program {
  const char *name;           /* static text */
  struct program_call *calls; /* host arena; NULL while counting */
  u32 count, capacity;
  u64 sizes; /* device arena: u32 [PROGRAM_SIZES_ROWS(count)][PROGRAM_SIZES_WORDS], the device's own, for how large each
                       * call is in this run (platform/vulkan/vulkan_segments.c) */
  void *device_state; /* the device's own recording of it, or NULL */
};

/* A row a call, and one for each piece that a long program is cut into besides the first. */
#define PROGRAM_PIECES_MAX 1024u
#define PROGRAM_SIZES_ROWS(count) ((count) + PROGRAM_PIECES_MAX)
#define PROGRAM_SIZES_WORDS 12u

void program_begin(struct program *program, const char *name); /* count = 0; keeps calls and capacity */
void program_call(struct program *program, enum kernel kernel, const void *params, u32 params_bytes);
/* After the counting pass: takes room for exactly `count` calls. */
void program_place(struct program *program, struct arena *host, struct arena *device);

/* PROGRAM_CALL(program, matmul, .a = ..., .b = ...) */
#define PROGRAM_CALL(program, name, ...) \
  program_call(program, KERNEL_##name, &(const struct name##_params){__VA_ARGS__}, sizeof(struct name##_params))

#endif
