/* The matrix product: against double with a derived bound, its definition against its fast form on every instruction
 * set, tails of every size, live counts, and the row that must not know its batch. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/kernel_oracle.h"

static struct kernel_image image;

struct shape {
  u32 m, n, k, orientation, flags, first, count; /* count UINT32_MAX: none given */
  bool bias;
  u32 gap; /* strides are this much wider than the rows */
};

static u32 rows_of(const struct shape *s, bool is_b) {
  if (is_b) return s->orientation == MATMUL_NT ? s->n : s->k;
  return s->orientation == MATMUL_TN ? s->k : s->m;
}
static u32 columns_of(const struct shape *s, bool is_b) {
  if (is_b) return s->orientation == MATMUL_NT ? s->k : s->n;
  return s->orientation == MATMUL_TN ? s->m : s->k;
}

static void build(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  struct matmul_params *p = params;
  *p = (struct matmul_params){
      .m = s->m, .n = s->n, .k = s->k, .orientation = s->orientation, .flags = s->flags, .first = s->first};
  p->lda = columns_of(s, false) + s->gap;
  p->ldb = columns_of(s, true) + s->gap;
  p->ldc = s->n + s->gap;
  p->a = image_address(image_floats(to, (u64)rows_of(s, false) * p->lda, -2, 2));
  p->b = image_address(image_floats(to, (u64)rows_of(s, true) * p->ldb, -2, 2));
  f32 *a = AT(f32, p->a);
  for (u64 i = 0; i < (u64)rows_of(s, false) * p->lda; i++)
    a[i] = i / p->lda % 7 == 3 ? 0 : a[i]; /* sums of zeros of both signs */
  if (s->bias) p->bias = image_address(image_floats(to, s->n, -1, 1));
  if (s->count != UINT32_MAX) p->count = image_address(image_word(to, s->count));
  const u64 c = (u64)s->m * p->ldc;
  p->c = image_address((s->flags & MATMUL_ACCUMULATE) != 0 ? image_floats(to, c, -4, 4) : image_poison(to, c));
}

static u32 live(const struct shape *s, u32 rows) {
  if (s->count == UINT32_MAX) return rows;
  return s->count <= s->first ? 0 : s->count - s->first < rows ? s->count - s->first : rows;
}

static struct bounded element(const struct shape *s, const struct matmul_params *p, u64 m, u64 n, u32 k_count,
                              f32 before) {
  const f32 *a = AT(const f32, p->a), *b = AT(const f32, p->b);
  const bool accumulates = (s->flags & MATMUL_ACCUMULATE) != 0;
  struct bounded_sum sum = {0};
  for (u64 k = 0; k < k_count; k++) {
    const f64 x = (f64)(s->orientation == MATMUL_TN ? a[k * p->lda + m] : a[m * p->lda + k]);
    const f64 y = (f64)(s->orientation == MATMUL_NT ? b[n * p->ldb + k] : b[k * p->ldb + n]);
    bounded_sum_add(&sum, bounded_mul(bounded_of(x), bounded_of(y)));
  }
  if (accumulates) bounded_sum_add(&sum, bounded_of((f64)before));
  struct bounded value = bounded_sum_end(&sum, depth_of_blocks(k_count) + 1);
  if (s->bias) value = bounded_add(value, bounded_of((f64)AT(const f32, p->bias)[n]));
  return (s->flags & MATMUL_QUIET) != 0 ? bounded_quiet(value) : value;
}

static void one_shape(const struct shape *s) {
  static f32 before[1 << 17];
  struct matmul_params p;
  image_reset(&image, 20250611u);
  build(&image, s, &p);
  oracle_agree(&image, KERNEL_matmul, build, s, &p);
  const f32 *c = AT(const f32, p.c);
  static f32 result[1 << 17];
  const u64 floats = (u64)s->m * p.ldc;
  assert_true(floats <= COUNT_OF(before));
  memcpy(result, c, sizeof(f32) * floats);
  image_reset(&image, 20250611u);
  build(&image, s, &p); /* C as it was */
  memcpy(before, c, sizeof(f32) * floats);
  const u32 m_live = s->orientation == MATMUL_TN ? s->m : live(s, s->m),
            k_live = s->orientation == MATMUL_TN ? live(s, s->k) : s->k;
  for (u64 m = 0; m < s->m; m++) {
    if (m >= m_live) assert_memory_equal(result + m * p.ldc, before + m * p.ldc, sizeof(f32) * s->n);
    for (u64 n = 0; n < s->n && m < m_live; n++) {
      assert_within(result[m * p.ldc + n], element(s, &p, m, n, k_live, before[m * p.ldc + n]), "C", m, n);
    }
    assert_memory_equal(result + m * p.ldc + s->n, before + m * p.ldc + s->n, sizeof(f32) * s->gap);
  }
}

static const u32 sizes[] = {1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129};

/* Every size in each place, the others drawn from the list; all orientations; flags by turns. */
static void every_tail_is_right(void **state) {
  (void)state;
  u32 turn = 0;
  for (u32 orientation = MATMUL_NT; orientation <= MATMUL_TN; orientation++)
    for (u32 place = 0; place < 3; place++)
      for (u32 i = 0; i < COUNT_OF(sizes); i++, turn++) {
        u32 size[3] = {sizes[(7 * turn + 3) % COUNT_OF(sizes)], sizes[(4 * turn + 1) % COUNT_OF(sizes)],
                       sizes[(11 * turn + 2) % COUNT_OF(sizes)]};
        size[place] = sizes[i];
        one_shape(&(struct shape){.m = size[0],
                                  .n = size[1],
                                  .k = size[2],
                                  .orientation = orientation,
                                  .flags = turn % 4,
                                  .count = UINT32_MAX,
                                  .bias = turn % 3 == 0,
                                  .gap = turn % 5 == 0 ? 5 : 0});
      }
}

/* k beyond what is packed at once; the totals pass from chunk to chunk. */
static void long_sums_are_right(void **state) {
  (void)state;
  for (u32 orientation = MATMUL_NT; orientation <= MATMUL_TN; orientation++)
    for (u32 flags = 0; flags < 4; flags++)
      one_shape(&(struct shape){.m = 9,
                                .n = 35,
                                .k = 4096 + 70,
                                .orientation = orientation,
                                .flags = flags,
                                .count = UINT32_MAX,
                                .bias = flags == 3});
}

/* count bounds m, or k where tokens are summed over; no live row leaves C, or zeroes it, or keeps what is accumulated.
 */
static void live_counts_bound_the_rows(void **state) {
  (void)state;
  static const u32 counts[] = {0, 1, 10, 11, 12, 73, 74, 75, 200};
  for (u32 orientation = MATMUL_NT; orientation <= MATMUL_TN; orientation++)
    for (u32 i = 0; i < COUNT_OF(counts); i++)
      for (u32 flags = 0; flags < 4; flags++)
        one_shape(&(struct shape){.m = 64,
                                  .n = 33,
                                  .k = 65,
                                  .orientation = orientation,
                                  .flags = flags,
                                  .first = i % 2 == 0 ? 10 : 0,
                                  .count = counts[i]});
}

/* Row 5 of a batch is row 0 of a batch of one, bit for bit: what a token's numbers are does not depend on who is
 * computed beside it. */
static void a_row_does_not_know_its_batch(void **state) {
  (void)state;
  struct kernel_tables tables;
  kernel_tables_open(&tables);
  const struct shape s = {
      .m = 70, .n = 114, .k = 200, .orientation = MATMUL_NT, .flags = MATMUL_QUIET, .count = UINT32_MAX};
  for (u32 t = 0; t < tables.count; t++) {
    struct matmul_params p;
    f32 row[114];
    image_reset(&image, 3);
    build(&image, &s, &p);
    kernel_image_run(tables.table[t], KERNEL_matmul, &p);
    for (u32 m = 0; m < s.m; m++) {
      struct matmul_params one = p;
      one.m = 1;
      one.a = p.a + 4ull * m * p.lda;
      one.c = image_address(row);
      kernel_image_run(tables.table[t], KERNEL_matmul, &one);
      assert_memory_equal(row, AT(const f32, p.c) + m * p.ldc, sizeof row);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_tail_is_right),
      cmocka_unit_test(long_sums_are_right),
      cmocka_unit_test(live_counts_bound_the_rows),
      cmocka_unit_test(a_row_does_not_know_its_batch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
