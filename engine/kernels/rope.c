/* Rotary positions (Su et al., 2021), halves paired as Llama's: element i turns with element i + D/2. In place. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

#define ROWS_PER_GROUP 16u

KERNEL_GROUPS(rope) {
  const struct rope_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

static void turn(f32 *restrict low, f32 *restrict high, const f32 *restrict cosine, const f32 *restrict sine,
                 u32 half) {
  for (u32 i = 0; i < half; i++) {
    const f32 a = low[i], b = high[i];
    low[i] = ex_quiet(a * cosine[i] - b * sine[i]);
    high[i] = ex_quiet(a * sine[i] + b * cosine[i]);
  }
}

static void turn_back(f32 *restrict low, f32 *restrict high, const f32 *restrict cosine, const f32 *restrict sine,
                      u32 half) {
  for (u32 i = 0; i < half; i++) {
    const f32 a = low[i], b = high[i], s = -sine[i];
    low[i] = ex_quiet(a * cosine[i] - b * s);
    high[i] = ex_quiet(a * s + b * cosine[i]);
  }
}

KERNEL_RUN(rope) {
  const struct rope_params *p = params;
  const u32 half = p->head_dim / 2;
  const u64 live = kernel_live(p->count, 0, p->rows_max), end = (u64)group_end * ROWS_PER_GROUP;
  (void)scratch;
  for (u64 t = (u64)group_begin * ROWS_PER_GROUP; t < live && t < end; t++) {
    const u64 angle = (u64)AT(const u32, p->position)[t] * half;
    const f32 *cosine = AT(const f32, p->cosine) + angle, *sine = AT(const f32, p->sine) + angle;
    for (u32 h = 0; h < p->heads; h++) {
      f32 *x = AT(f32, p->x) + t * p->stride + (u64)h * p->head_dim;
      if (p->direction == 0)
        turn(x, x + half, cosine, sine, half);
      else
        turn_back(x, x + half, cosine, sine, half);
    }
  }
}
