/* Attention, forward and backward: against double with derived bounds and central differences, definition against fast
 * form on every instruction set, and decode over a cache against packed training rows. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/kernel_oracle.h"

#define ROWS_MAX 400u
#define DIM_MAX 160u

static struct kernel_image image;

/* Packed sequences, and dead rows after them. */
struct shape {
  u32 heads, kv_heads, dim, sequences, length[8], dead;
};

static u32 live_rows(const struct shape *s) {
  u32 rows = 0;
  for (u32 i = 0; i < s->sequences; i++) rows += s->length[i];
  return rows;
}
static u32 stride_of(const struct shape *s) { return (s->heads + 2 * s->kv_heads) * s->dim; }

/* The arrays of one case, as the model lays them: q, k and v are columns of one buffer. */
struct pack {
  f32 *qkv, *o, *stat, *d_o, *delta, *dqkv;
  u32 *kv_start, *kv_count, *seq_end, *count;
};

static void build_pack(struct kernel_image *to, const struct shape *s, struct pack *pack) {
  const u64 rows = live_rows(s) + s->dead;
  *pack = (struct pack){.qkv = image_floats(to, rows * stride_of(s), -2, 2),
                        .kv_start = image_words(to, rows, 1),
                        .kv_count = image_words(to, rows, 1),
                        .seq_end = image_words(to, rows, 1),
                        .count = image_word(to, live_rows(s))};
  u32 t = 0;
  for (u32 i = 0; i < s->sequences; i++) {
    const u32 start = t;
    for (; t < start + s->length[i]; t++) {
      pack->kv_start[t] = start;
      pack->kv_count[t] = t - start + 1;
      pack->seq_end[t] = start + s->length[i];
    }
  }
  pack->o = image_poison(to, rows * s->heads * s->dim);
  pack->stat = image_poison(to, rows * s->heads * 2);
}

static f32 scale_of(const struct shape *s) { return (f32)(1 / sqrt(s->dim)); }

static void forward_params(const struct shape *s, const struct pack *x, struct attention_fwd_params *p) {
  const u64 qkv = image_address(x->qkv), width = 4ull * s->heads * s->dim;
  *p = (struct attention_fwd_params){.q = qkv,
                                     .k = qkv + width,
                                     .v = qkv + width + 4ull * s->kv_heads * s->dim,
                                     .o = image_address(x->o),
                                     .stat = image_address(x->stat),
                                     .kv_start = image_address(x->kv_start),
                                     .kv_count = image_address(x->kv_count),
                                     .count = image_address(x->count),
                                     .rows_max = live_rows(s) + s->dead,
                                     .heads = s->heads,
                                     .kv_heads = s->kv_heads,
                                     .head_dim = s->dim,
                                     .q_stride = stride_of(s),
                                     .kv_stride = stride_of(s),
                                     .scale = scale_of(s)};
}

static struct pack pack; /* of the case in the image */

static void build_forward(struct kernel_image *to, const void *shape, void *params) {
  build_pack(to, shape, &pack);
  forward_params(shape, &pack, params);
}

/* o and stat are the forward's, then the backward's inputs and outputs. */
static void build_backward(struct kernel_image *to, const struct shape *s) {
  struct attention_fwd_params forward;
  const u64 rows = live_rows(s) + s->dead;
  build_pack(to, s, &pack);
  forward_params(s, &pack, &forward);
  oracle_define(KERNEL_attention_fwd, &forward);
  pack.d_o = image_floats(to, rows * s->heads * s->dim, -1, 1);
  pack.delta = image_poison(to, rows * s->heads);
  pack.dqkv = image_poison(to, rows * stride_of(s));
}

static void build_backward_q(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  build_backward(to, s);
  const u64 qkv = image_address(pack.qkv), width = 4ull * s->heads * s->dim;
  *(struct attention_bwd_q_params *)params =
      (struct attention_bwd_q_params){.q = qkv,
                                      .k = qkv + width,
                                      .v = qkv + width + 4ull * s->kv_heads * s->dim,
                                      .o = image_address(pack.o),
                                      .d_o = image_address(pack.d_o),
                                      .stat = image_address(pack.stat),
                                      .delta = image_address(pack.delta),
                                      .dq = image_address(pack.dqkv),
                                      .kv_start = image_address(pack.kv_start),
                                      .kv_count = image_address(pack.kv_count),
                                      .count = image_address(pack.count),
                                      .rows_max = live_rows(s) + s->dead,
                                      .heads = s->heads,
                                      .kv_heads = s->kv_heads,
                                      .head_dim = s->dim,
                                      .q_stride = stride_of(s),
                                      .kv_stride = stride_of(s),
                                      .scale = scale_of(s)};
}

static void build_backward_kv(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  struct attention_bwd_q_params q;
  build_backward_q(to, s, &q);
  oracle_define(KERNEL_attention_bwd_q, &q);
  const u64 width = 4ull * s->heads * s->dim, kv_width = 4ull * s->kv_heads * s->dim;
  *(struct attention_bwd_kv_params *)params = (struct attention_bwd_kv_params){.q = q.q,
                                                                               .k = q.k,
                                                                               .v = q.v,
                                                                               .d_o = q.d_o,
                                                                               .stat = q.stat,
                                                                               .delta = q.delta,
                                                                               .dk = q.dq + width,
                                                                               .dv = q.dq + width + kv_width,
                                                                               .seq_end = image_address(pack.seq_end),
                                                                               .count = q.count,
                                                                               .rows_max = q.rows_max,
                                                                               .heads = q.heads,
                                                                               .kv_heads = q.kv_heads,
                                                                               .head_dim = q.head_dim,
                                                                               .q_stride = q.q_stride,
                                                                               .kv_stride = q.kv_stride,
                                                                               .scale = q.scale};
}

/* One head of one query in double, with bounds. */
struct truth {
  struct bounded p[ROWS_MAX], o[DIM_MAX], m, l;
};

static const f32 *row_of(const struct shape *s, u32 t, u32 head, u32 part) { /* part 0 q, 1 k, 2 v; head of that part */
  const u32 offset = part == 0 ? 0 : part == 1 ? s->heads : s->heads + s->kv_heads;
  return pack.qkv + (u64)t * stride_of(s) + (u64)(offset + head) * s->dim;
}

static struct bounded dot(const f32 *a, const f32 *b, u32 dim) {
  struct bounded_sum sum = {0};
  for (u32 d = 0; d < dim; d++) bounded_sum_add(&sum, bounded_mul(bounded_of((f64)a[d]), bounded_of((f64)b[d])));
  return bounded_sum_end(&sum, depth_of_blocks(dim));
}

static void truth_of(const struct shape *s, u32 t, u32 h, struct truth *x) {
  const u32 start = pack.kv_start[t], keys = pack.kv_count[t], g = h / (s->heads / s->kv_heads);
  struct bounded_sum l = {0};
  x->m = (struct bounded){-INFINITY, 0};
  f64 bound = 0;
  for (u32 j = 0; j < keys; j++) {
    x->p[j] = bounded_mul(dot(row_of(s, t, h, 0), row_of(s, start + j, g, 1), s->dim), bounded_of((f64)scale_of(s)));
    if (x->p[j].value > x->m.value) x->m = x->p[j];
    bound = fmax(bound, x->p[j].bound);
  }
  x->m.bound = bound;
  for (u32 j = 0; j < keys; j++) {
    x->p[j] = bounded_quiet(bounded_exp(bounded_sub(x->p[j], x->m)));
    bounded_sum_add(&l, x->p[j]);
  }
  x->l = bounded_sum_end(&l, depth_of_lanes(keys));
  for (u32 d = 0; d < s->dim; d++) {
    struct bounded_sum o = {0};
    for (u32 j = 0; j < keys; j++)
      bounded_sum_add(&o, bounded_mul(x->p[j], bounded_of((f64)row_of(s, start + j, g, 2)[d])));
    x->o[d] = bounded_quiet(bounded_div(bounded_sum_end(&o, depth_of_blocks(keys)), x->l));
  }
}

static void forward_is_right(const struct shape *s) {
  static struct truth x;
  struct attention_fwd_params p;
  oracle_agree(&image, KERNEL_attention_fwd, build_forward, s, &p);
  for (u32 t = 0; t < live_rows(s); t++)
    for (u32 h = 0; h < s->heads; h++) {
      const u64 row = (u64)t * s->heads + h;
      truth_of(s, t, h, &x);
      assert_within(pack.stat[2 * row], x.m, "m", t, h);
      assert_within(pack.stat[2 * row + 1], x.l, "l", t, h);
      for (u32 d = 0; d < s->dim; d++) assert_within(pack.o[row * s->dim + d], x.o[d], "o", row, d);
    }
  const u64 live = (u64)live_rows(s) * s->heads;
  assert_untouched(pack.o + live * s->dim, (u64)s->dead * s->heads * s->dim, "o");
  assert_untouched(pack.stat + live * 2, (u64)s->dead * s->heads * 2, "stat");
}

/* The gradients of all q, k and v in double, with bounds, laid as qkv is. */
static struct bounded gradient[ROWS_MAX * 400];

static void gradients_of(const struct shape *s) {
  static struct truth x;
  static struct bounded_sum sum[ROWS_MAX * 400];
  static u32 depth[ROWS_MAX];
  const u32 stride = stride_of(s), live = live_rows(s), group = s->heads / s->kv_heads;
  const struct bounded scale = bounded_of((f64)scale_of(s));
  assert_true((u64)live * stride <= COUNT_OF(sum));
  memset(sum, 0, sizeof sum);
  memset(depth, 0, sizeof depth);
  for (u32 t = 0; t < live; t++)
    for (u32 h = 0; h < s->heads; h++) {
      const f32 *d_o = pack.d_o + ((u64)t * s->heads + h) * s->dim;
      const u32 g = h / group;
      struct bounded_sum delta_sum = {0};
      truth_of(s, t, h, &x);
      for (u32 d = 0; d < s->dim; d++) bounded_sum_add(&delta_sum, bounded_mul(bounded_of((f64)d_o[d]), x.o[d]));
      const struct bounded delta = bounded_sum_end(&delta_sum, depth_of_lanes(s->dim));
      for (u32 j = 0; j < pack.kv_count[t]; j++) {
        const u32 key = pack.kv_start[t] + j;
        const struct bounded p = bounded_quiet(bounded_div(x.p[j], x.l)), dp = dot(d_o, row_of(s, key, g, 2), s->dim);
        const struct bounded ds = bounded_quiet(bounded_mul(bounded_mul(p, bounded_sub(dp, delta)), scale));
        for (u32 d = 0; d < s->dim; d++) {
          bounded_sum_add(&sum[t * stride + h * s->dim + d], bounded_mul(ds, bounded_of((f64)row_of(s, key, g, 1)[d])));
          bounded_sum_add(&sum[key * stride + (s->heads + g) * s->dim + d],
                          bounded_mul(ds, bounded_of((f64)row_of(s, t, h, 0)[d])));
          bounded_sum_add(&sum[key * stride + (s->heads + s->kv_heads + g) * s->dim + d],
                          bounded_mul(p, bounded_of((f64)d_o[d])));
        }
        depth[key]++;
      }
    }
  for (u32 t = 0; t < live; t++)
    for (u32 c = 0; c < stride; c++) {
      const u64 length =
          c < s->heads * s->dim ? depth_of_blocks(pack.kv_count[t]) : depth_of_blocks(depth[t] / s->heads) + group;
      gradient[t * stride + c] = bounded_quiet(bounded_sum_end(&sum[t * stride + c], length));
    }
}

static void backward_is_right(const struct shape *s) {
  const u32 stride = stride_of(s), live = live_rows(s), width = s->heads * s->dim;
  struct attention_bwd_q_params q;
  struct attention_bwd_kv_params kv;
  oracle_agree(&image, KERNEL_attention_bwd_q, build_backward_q, s, &q);
  for (u32 t = 0; t < live; t++) assert_untouched(pack.dqkv + (u64)t * stride + width, stride - width, "dk, dv");
  oracle_agree(&image, KERNEL_attention_bwd_kv, build_backward_kv, s, &kv);
  gradients_of(s);
  for (u32 t = 0; t < live; t++)
    for (u32 c = 0; c < stride; c++)
      assert_within(pack.dqkv[(u64)t * stride + c], gradient[t * stride + c], "dqkv", t, c);
  assert_untouched(pack.dqkv + (u64)live * stride, (u64)s->dead * stride, "dqkv");
  assert_untouched(pack.delta + (u64)live * s->heads, (u64)s->dead * s->heads, "delta");
}

static const struct shape shapes[] = {
    {4, 4, 32, 7, {1, 3, 63, 64, 65, 10, 127}, 9},
    {4, 2, 8, 3, {130, 1, 70}, 1},
    {6, 1, 20, 3, {33, 66, 2}, 3},
    {2, 1, 72, 2, {65, 40}, 5},
    {1, 1, 128, 2, {5, 66}, 0},
    {2, 2, 16, 1, {200}, 70},
    {3, 3, 2, 8, {1, 1, 1, 1, 1, 1, 1, 1}, 2},
    {2, 2, 32, 0, {0}, 20},
};

static void forward_of_every_shape(void **state) {
  (void)state;
  for (u32 i = 0; i < COUNT_OF(shapes); i++) forward_is_right(&shapes[i]);
}

static void backward_of_every_shape(void **state) {
  (void)state;
  for (u32 i = 0; i < COUNT_OF(shapes); i++) backward_is_right(&shapes[i]);
}

/* sum of d_o * o over everything, in double. */
static f64 loss(const struct shape *s, const f64 *qkv) {
  const u32 stride = stride_of(s), group = s->heads / s->kv_heads;
  f64 total = 0, weight[64];
  for (u32 t = 0; t < live_rows(s); t++)
    for (u32 h = 0; h < s->heads; h++) {
      const u32 start = pack.kv_start[t], keys = pack.kv_count[t], k_at = (s->heads + h / group) * s->dim,
                v_at = k_at + s->kv_heads * s->dim;
      f64 l = 0;
      for (u32 j = 0; j < keys; j++) {
        f64 score = 0;
        for (u32 d = 0; d < s->dim; d++)
          score += qkv[t * stride + h * s->dim + d] * qkv[(start + j) * stride + k_at + d];
        weight[j] = exp(score * (f64)scale_of(s));
        l += weight[j];
      }
      for (u32 d = 0; d < s->dim; d++) {
        f64 o = 0;
        for (u32 j = 0; j < keys; j++) o += weight[j] * qkv[(start + j) * stride + v_at + d];
        total += (f64)pack.d_o[((u64)t * s->heads + h) * s->dim + d] * o / l;
      }
    }
  return total;
}

static void the_gradient_is_the_derivative(void **state) {
  (void)state;
  static f64 qkv[20 * 64];
  const struct shape s = {4, 2, 6, 2, {7, 9}, 0};
  struct attention_bwd_q_params q;
  image_reset(&image, 11);
  build_backward_q(&image, &s, &q);
  gradients_of(&s);
  const u32 floats = live_rows(&s) * stride_of(&s);
  assert_true(floats <= COUNT_OF(qkv));
  for (u32 i = 0; i < floats; i++) qkv[i] = (f64)pack.qkv[i];
  for (u32 i = 0; i < floats; i++) {
    const f64 x = qkv[i], step = 1e-5;
    qkv[i] = x + step;
    const f64 above = loss(&s, qkv);
    qkv[i] = x - step;
    const f64 below = loss(&s, qkv);
    qkv[i] = x;
    assert_derivative(gradient[i].value, (above - below) / (2 * step), 1, "dqkv", i);
  }
}

/* Rows of a few queries that see as many keys as there may be. */
static void build_longest(struct kernel_image *to, const void *shape, void *params) {
  (void)shape;
  static const u32 heads = 2, dim = 8, rows = 3;
  u32 *start = image_words(to, rows, 1), *count = image_words(to, rows, 1);
  for (u32 t = 0; t < rows; t++) count[t] = CONTEXT_MAX - rows + 1 + t;
  *(struct attention_fwd_params *)params =
      (struct attention_fwd_params){.q = image_address(image_floats(to, rows * heads * dim, -2, 2)),
                                    .k = image_address(image_floats(to, CONTEXT_MAX * dim, -2, 2)),
                                    .v = image_address(image_floats(to, CONTEXT_MAX * dim, -2, 2)),
                                    .o = image_address(image_poison(to, rows * heads * dim)),
                                    .kv_start = image_address(start),
                                    .kv_count = image_address(count),
                                    .rows_max = rows,
                                    .heads = heads,
                                    .kv_heads = 1,
                                    .head_dim = dim,
                                    .q_stride = heads * dim,
                                    .kv_stride = dim,
                                    .scale = 0.5f};
}

static void the_longest_context_fits(void **state) {
  (void)state;
  struct attention_fwd_params p;
  oracle_agree(&image, KERNEL_attention_fwd, build_longest, NULL, &p);
}

/* Rolls the packed sequences out again, one token of each a step, over a cache that is NaN wherever nothing was stored:
 * every row of o comes out as the training pass makes it, bit for bit. */
static void decode_is_training(void **state) {
  (void)state;
  static f32 trained[ROWS_MAX * 160];
  static const u32 slot_of[] = {2, 0, 3, 1}, capacity = 80;
  const struct shape s = {4, 2, 32, 4, {70, 9, 64, 33}, 0};
  const u32 kv_width = s.kv_heads * s.dim, o_width = s.heads * s.dim;
  struct kernel_tables tables;
  kernel_tables_open(&tables);
  for (u32 i = 0; i < tables.count; i++) {
    const struct kernel_entry *table = tables.table[i];
    struct attention_fwd_params p;
    image_reset(&image, 5);
    build_forward(&image, &s, &p);
    kernel_image_run(table, KERNEL_attention_fwd, &p);
    memcpy(trained, pack.o, sizeof(f32) * live_rows(&s) * o_width);
    f32 *k_cache = image_poison(&image, 4ull * capacity * kv_width),
        *v_cache = image_poison(&image, 4ull * capacity * kv_width);
    f32 *row = image_poison(&image, 4ull * stride_of(&s)), *o = image_poison(&image, 4ull * o_width);
    u32 *cache_row = image_words(&image, 4, 1), *start = image_words(&image, 4, 1), *count = image_words(&image, 4, 1),
        *live = image_word(&image, 0);
    for (u32 step = 0; step < 70; step++) {
      u32 source[4];
      *live = 0;
      for (u32 n = 0, first = 0; n < s.sequences; first += s.length[n++]) {
        if (step >= s.length[n]) continue;
        source[*live] = first + step;
        memcpy(row + *live * stride_of(&s), pack.qkv + (u64)(first + step) * stride_of(&s),
               sizeof(f32) * stride_of(&s));
        start[*live] = slot_of[n] * capacity;
        cache_row[*live] = start[*live] + step;
        count[(*live)++] = step + 1;
      }
      const u64 at = image_address(row), k = at + 4ull * o_width, v = k + 4ull * kv_width;
      const struct kv_store_params store = {.k = k,
                                            .v = v,
                                            .k_cache = image_address(k_cache),
                                            .v_cache = image_address(v_cache),
                                            .cache_row = image_address(cache_row),
                                            .count = image_address(live),
                                            .rows_max = 4,
                                            .width = kv_width,
                                            .stride = stride_of(&s)};
      const struct attention_fwd_params decode = {.q = at,
                                                  .k = store.k_cache,
                                                  .v = store.v_cache,
                                                  .o = image_address(o),
                                                  .kv_start = image_address(start),
                                                  .kv_count = image_address(count),
                                                  .count = image_address(live),
                                                  .rows_max = 4,
                                                  .heads = s.heads,
                                                  .kv_heads = s.kv_heads,
                                                  .head_dim = s.dim,
                                                  .q_stride = stride_of(&s),
                                                  .kv_stride = kv_width,
                                                  .scale = scale_of(&s)};
      kernel_image_run(table, KERNEL_kv_store, &store);
      kernel_image_run(table, KERNEL_attention_fwd, &decode);
      for (u32 n = 0; n < *live; n++)
        assert_memory_equal(o + n * o_width, trained + source[n] * o_width, sizeof(f32) * o_width);
    }
    image_guards_stand(&image);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(forward_of_every_shape),
      cmocka_unit_test(backward_of_every_shape),
      cmocka_unit_test(the_gradient_is_the_derivative),
      cmocka_unit_test(the_longest_context_fits),
      cmocka_unit_test(decode_is_training),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
