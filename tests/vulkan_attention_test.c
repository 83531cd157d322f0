/* Attention, forward and backward, on every Vulkan device, bit for bit. See vulkan_image.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "engine/memory/limits.h"
#include "tests/vulkan_image.h"

struct shape {
  u32 heads, kv_heads, dim;
};

/* Head dimensions round a thread's 16, a block's 64, a group's 128, and beyond. */
static const struct shape shapes[] = {{8, 2, 32}, {6, 1, 20}, {3, 3, 2}, {2, 1, 65}, {1, 1, 128}, {3, 1, 200}};

/* Where q, k and v lie: columns of one tensor in a pack; a cache has rows of its own. */
struct keys {
  u64 q, k, v;
  u32 q_stride, kv_stride;
};

/* Queries, one in three all 0: their scores are zeros of either sign. */
static u64 queries(struct image *image, u32 rows, u32 stride, u32 width) {
  const u64 q = floats(image, (u64)rows * stride, -4, 1);
  u32 *host = host_words(image, q);
  for (u32 t = 0; host != NULL && t < rows; t += 3) memset(host + (u64)t * stride, 0, sizeof(u32) * width);
  return q;
}

static struct keys pack_of(struct image *image, const struct shape *s, u32 rows) {
  const u32 width = s->heads * s->dim, kv_width = s->kv_heads * s->dim,
            stride = width + 2 * kv_width + next_below(image, 3);
  const u64 q = queries(image, rows, stride, width), k = q + 4ull * width;
  return (struct keys){q, k, k + 4ull * kv_width, stride, stride};
}

static struct keys cache_of(struct image *image, const struct shape *s, u32 rows, u32 cache_rows) {
  const u32 width = s->heads * s->dim, kv_stride = s->kv_heads * s->dim;
  const u64 q = queries(image, rows, width + 3, width), k = floats(image, (u64)cache_rows * kv_stride, -4, 1),
            v = floats(image, (u64)cache_rows * kv_stride, -4, 1);
  return (struct keys){q, k, v, width + 3, kv_stride};
}

/* Each row's range of keys. */
struct ranges {
  u32 start[512], count[512], end[512];
};

/* Sequences one behind the other: of one row, of a few, of up to `length_max`. */
static void packed(struct image *image, u32 rows, u32 length_max, struct ranges *ranges) {
  for (u32 t = 0; t < rows;) {
    const u32 which = next_below(image, 4), wanted = 1 + next_below(image, which == 0   ? 1
                                                                           : which == 1 ? 9
                                                                                        : length_max);
    const u32 start = t, end = rows - t < wanted ? rows : t + wanted;
    for (; t < end; t++) {
      ranges->start[t] = start;
      ranges->count[t] = t - start + 1;
      ranges->end[t] = end;
    }
  }
}

/* Any range of any row, empty ones too. */
static void scattered(struct image *image, u32 rows, u32 cache_rows, struct ranges *ranges) {
  for (u32 t = 0; t < rows; t++) {
    ranges->start[t] = next_below(image, 3) == 0 && t > 0 ? ranges->start[t - 1] : next_below(image, cache_rows);
    ranges->count[t] = next_below(image, 5) == 0 ? 0 : next_below(image, cache_rows - ranges->start[t] + 1);
  }
}

static const f32 scale = 0.3f;

static struct attention_fwd_params record_forward(struct image *image, struct program *program, const struct shape *s,
                                                  const struct keys *x, const struct ranges *ranges, u32 rows,
                                                  u64 count) {
  const u64 o = floats(image, (u64)rows * s->heads * s->dim, 0, 0), start = words(image, ranges->start, rows),
            keys = words(image, ranges->count, rows);
  const struct attention_fwd_params p = {
      .q = x->q,
      .k = x->k,
      .v = x->v,
      .o = o,
      .stat = next_below(image, 4) == 0 ? 0 : floats(image, 2ull * rows * s->heads, 0, 0),
      .kv_start = start,
      .kv_count = keys,
      .count = count,
      .rows_max = rows,
      .heads = s->heads,
      .kv_heads = s->kv_heads,
      .head_dim = s->dim,
      .q_stride = x->q_stride,
      .kv_stride = x->kv_stride,
      .scale = scale};
  program_call(program, KERNEL_attention_fwd, &p, sizeof p);
  return p;
}

static void record_any_ranges(struct image *image, struct program *program) {
  struct ranges ranges;
  for (u32 i = 0; i < 4 * COUNT_OF(shapes); i++) {
    const struct shape *s = &shapes[i % COUNT_OF(shapes)];
    const u32 rows = next_size(image), cache_rows = rows + next_below(image, 200);
    const struct keys x = i / COUNT_OF(shapes) % 2 == 0 ? cache_of(image, s, rows, cache_rows)
                                                        : pack_of(image, s, cache_rows); /* both forms */
    scattered(image, rows, cache_rows, &ranges);
    record_forward(image, program, s, &x, &ranges, rows, next_count(image, rows));
  }
  for (u32 i = 0; i < 2; i++) { /* more scores than a lone query keeps */
    const struct shape *s = &shapes[3];
    const struct keys x = i == 0 ? cache_of(image, s, 5, 1300) : pack_of(image, s, 1300);
    scattered(image, 5, 1300, &ranges);
    record_forward(image, program, s, &x, &ranges, 5, 0);
  }
}

static void any_ranges_are_the_definition(void **state) {
  (void)state;
  compare_on_all(record_any_ranges);
}

/* Queries that see as many keys as there may be, in both forms. */
static void record_longest(struct image *image, struct program *program) {
  const struct shape s = {3, 1, 2};
  struct ranges ranges;
  for (u32 i = 0; i < 2; i++) {
    const struct keys x = i == 0 ? cache_of(image, &s, 2, CONTEXT_MAX) : pack_of(image, &s, CONTEXT_MAX);
    for (u32 t = 0; t < 2; t++) {
      ranges.start[t] = 0;
      ranges.count[t] = CONTEXT_MAX - t;
    }
    record_forward(image, program, &s, &x, &ranges, 2, 0);
  }
}

static void the_longest_context_is_the_definition(void **state) {
  (void)state;
  compare_on_all(record_longest);
}

static void record_one_step(struct image *image, struct program *program, const struct shape *s, u32 rows,
                            u32 length_max) {
  struct ranges ranges;
  const struct keys x = pack_of(image, s, rows);
  packed(image, rows, length_max, &ranges);
  const u64 count = next_count(image, rows), d_o = floats(image, (u64)rows * s->heads * s->dim, -6, 1);
  struct attention_fwd_params forward = record_forward(image, program, s, &x, &ranges, rows, count);
  if (forward.stat == 0) forward.stat = floats(image, 2ull * rows * s->heads, -2, 1);
  const u64 delta = floats(image, (u64)rows * s->heads, 0, 0), width = 4ull * s->heads * s->dim,
            dqkv = floats(image, (u64)rows * x.q_stride, 0, 0);
  PROGRAM_CALL(program, attention_bwd_q, .q = x.q, .k = x.k, .v = x.v, .o = forward.o, .d_o = d_o, .stat = forward.stat,
               .delta = delta, .dq = dqkv, .kv_start = forward.kv_start, .kv_count = forward.kv_count, .count = count,
               .rows_max = rows, .heads = s->heads, .kv_heads = s->kv_heads, .head_dim = s->dim, .q_stride = x.q_stride,
               .kv_stride = x.kv_stride, .scale = scale);
  PROGRAM_CALL(program, attention_bwd_kv, .q = x.q, .k = x.k, .v = x.v, .d_o = d_o, .stat = forward.stat,
               .delta = delta, .dk = dqkv + width, .dv = dqkv + width + 4ull * s->kv_heads * s->dim,
               .seq_end = words(image, ranges.end, rows), .count = count, .rows_max = rows, .heads = s->heads,
               .kv_heads = s->kv_heads, .head_dim = s->dim, .q_stride = x.q_stride, .kv_stride = x.kv_stride,
               .scale = scale);
}

static void record_steps(struct image *image, struct program *program) {
  for (u32 i = 0; i < 4 * COUNT_OF(shapes); i++)
    record_one_step(image, program, &shapes[i % COUNT_OF(shapes)], next_size(image), 150);
  record_one_step(image, program, &shapes[0], 390, 390);
}

/* The head dimensions that models have. */
static void record_usual_heads(struct image *image, struct program *program) {
  static const u32 dims[] = {4, 16, 48, 64, 80, 96, 256};
  struct ranges ranges;
  for (u32 i = 0; i < COUNT_OF(dims); i++) {
    const struct shape s = {2, 1, dims[i]};
    const struct keys x = cache_of(image, &s, 35, 140);
    scattered(image, 35, 140, &ranges);
    record_forward(image, program, &s, &x, &ranges, 35, 0);
    record_one_step(image, program, &s, 97, 60);
  }
}

static void usual_heads_are_the_definition(void **state) {
  (void)state;
  compare_on_all(record_usual_heads);
}

static void steps_are_the_definition(void **state) {
  (void)state;
  compare_on_all(record_steps);
}

int main(void) {
  if (images_open() != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(any_ranges_are_the_definition, close_device),
      cmocka_unit_test_teardown(the_longest_context_is_the_definition, close_device),
      cmocka_unit_test_teardown(usual_heads_are_the_definition, close_device),
      cmocka_unit_test_teardown(steps_are_the_definition, close_device),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  images_close();
  return failed;
}
