/* One level of a sum over an array: 4096 elements a group, in the order of lanes.h. */
#include "engine/kernels/kernel.h"
#include "engine/kernels/lanes.h"

#define ELEMENTS_PER_GROUP 4096u

KERNEL_GROUPS(reduce) {
  const struct reduce_params *p = params;
  return (u32)(((u64)p->n + ELEMENTS_PER_GROUP - 1) / ELEMENTS_PER_GROUP);
}

static inline f32 term(f32 x, u32 op, f32 mean) {
  if (op == REDUCE_SUM) return ex_flush(x);
  const f32 base = op == REDUCE_SQUARE ? ex_quiet60(x) : x - mean;
  return ex_flush(base * base);
}

static inline __attribute__((always_inline)) void add_elements(const f32 *x, u64 elements, u32 op, f32 mean,
                                                               f32 lane[ROW_LANES]) {
  u64 i = 0;
  for (; i + ROW_LANES <= elements; i += ROW_LANES)
    for (u32 l = 0; l < ROW_LANES; l++) lane[l] = lane[l] + term(x[i + l], op, mean);
  for (u32 l = 0; i + l < elements; l++) lane[l] = lane[l] + term(x[i + l], op, mean);
}

/* The samples' live positions; what is dead adds +0, which no lane feels: none is ever -0. */
static void add_live_positions(const struct reduce_params *p, u64 begin, u64 end, f32 mean, f32 lane[ROW_LANES]) {
  const f32 *x = AT(const f32, p->x);
  const u32 *length = AT(const u32, p->lengths);
  for (u64 i = begin; i < end; i++)
    if (i % p->response_max < length[i / p->response_max]) lane[(i - begin) % ROW_LANES] += term(x[i], p->op, mean);
}

KERNEL_RUN(reduce) {
  const struct reduce_params *p = params;
  const f32 mean = p->op == REDUCE_DEVIATION ? AT(const f32, p->mean)[0] : 0.0f;
  const u64 counted = p->count == 0 ? p->n : (u64)AT(const u32, p->count)[0] * p->width;
  const u64 live = counted < p->n ? counted : p->n;
  (void)scratch;
  for (u32 group = group_begin; group < group_end; group++) {
    f32 lane[ROW_LANES] = {0};
    const u64 begin = (u64)group * ELEMENTS_PER_GROUP;
    const u64 end = begin + ELEMENTS_PER_GROUP < live ? begin + ELEMENTS_PER_GROUP : live;
    const f32 *x = AT(const f32, p->x) + begin;
    if (begin < end) {
      if (p->lengths != 0)
        add_live_positions(p, begin, end, mean, lane);
      else if (p->op == REDUCE_SUM)
        add_elements(x, end - begin, REDUCE_SUM, mean, lane);
      else if (p->op == REDUCE_SQUARE)
        add_elements(x, end - begin, REDUCE_SQUARE, mean, lane);
      else
        add_elements(x, end - begin, REDUCE_DEVIATION, mean, lane);
    }
    AT(f32, p->result)[group] = row_sum_tree(lane);
  }
}
