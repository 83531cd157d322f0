/* PPO's clipped value loss and its gradient, every stream of one loss row after another. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

#define ROWS_PER_GROUP 1024u

KERNEL_GROUPS(ppo_value) {
  const struct ppo_value_params *p = params;
  return (kernel_live(p->count, 0, p->rows_max) + ROWS_PER_GROUP - 1) / ROWS_PER_GROUP;
}

static void value_element(const struct ppo_value_params *p, f32 scale, u64 element, u64 record) {
  const f32 value = AT(const f32, p->value)[element], old = AT(const f32, p->old_value)[record],
            ret = AT(const f32, p->ret)[record];
  const f32 moved = value - old;
  f32 limited = value; /* inside the clip it is the value itself, not old + (value - old), which may round elsewhere */
  if (p->clip > 0.0f && moved > p->clip) limited = old + p->clip;
  if (p->clip > 0.0f && moved < -p->clip) limited = old - p->clip;
  const f32 error = value - ret, limited_error = limited - ret;
  const f32 square = ex_flush(error * error), limited_square = ex_flush(limited_error * limited_error);
  const bool clipped = limited_square > square;
  const f32 half = ex_flush((clipped ? limited_square : square) * 0.5f);
  AT(f32, p->loss)[element] = ex_flush(half * scale);
  AT(f32, p->dvalue)[element] = clipped ? 0.0f : ex_quiet(error * scale);
  AT(f32, p->stat)[element] = clipped ? 1.0f : 0.0f;
}

KERNEL_RUN(ppo_value) {
  const struct ppo_value_params *p = params;
  const f32 scale = AT(const f32, p->scale)[0];
  const u64 rows = kernel_live(p->count, 0, p->rows_max);
  const u64 end = (u64)group_end * ROWS_PER_GROUP < rows ? (u64)group_end * ROWS_PER_GROUP : rows;
  (void)scratch;
  for (u64 t = (u64)group_begin * ROWS_PER_GROUP; t < end; t++)
    for (u32 s = 0; s < p->streams; s++)
      value_element(p, scale, t * p->streams + s, (u64)s * p->records + AT(const u32, p->record)[t]);
}
