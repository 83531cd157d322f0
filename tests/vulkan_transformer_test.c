/* The decoder's row kernels on every Vulkan device, bit for bit. See vulkan_image.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "shaders/geometry.h"
#include "tests/vulkan_image.h"

#define CASES 24u

static void record_rmsnorm_fwd(struct image *image, struct program *program) {
  for (u32 i = 0; i < 40; i++) {
    const u32 width = next_size(image) * (1 + next_below(image, 8)), rows = next_size(image);
    const i32 low = (i32)next_below(image, 5) * -25; /* ordinary rows, tiny rows, where eps rules, and rows with both */
    const u64 x = floats(image, (u64)rows * width, low, 12), w = floats(image, width, -8, 3);
    const u64 y = floats(image, (u64)rows * width, 0, 0), rstd = floats(image, rows, 0, 0),
              count = next_count(image, rows);
    PROGRAM_CALL(program, rmsnorm_fwd, .x = x, .w = w, .y = y, .rstd = rstd, .count = count, .rows_max = rows,
                 .width = width, .eps = i % 2 == 0 ? 1e-6f : 1e-5f);
  }
}

/* dx in memory of its own or over what it is made from, with and without a residual, and more rows than a dimension of
 * workgroups. */
static void record_rmsnorm_bwd(struct image *image, struct program *program) {
  for (u32 i = 0; i <= CASES; i++) {
    const bool many = i == CASES;
    const u32 width = many ? 2 : next_size(image) * (1 + next_below(image, 4));
    const u32 rows = many ? WORKGROUPS_MAX + 5 : next_size(image);
    const u64 n = (u64)rows * width;
    const i32 tiny = i % 4 == 3 ? -40 : 0; /* results near what is quieted */
    const u64 x = floats(image, n, -20 - tiny / 4, 8), w = floats(image, width, -8, 3),
              dy = floats(image, n, tiny - 20, tiny + 4), rstd = floats(image, rows, -8, 8),
              residual = floats(image, n, tiny - 20, tiny + 4), apart = floats(image, n, 0, 0);
    const u64 count = many ? 0 : next_count(image, rows), results[] = {apart, residual, dy, x};
    PROGRAM_CALL(program, rmsnorm_bwd, .x = x, .w = w, .rstd = rstd, .dy = dy,
                 .residual = next_below(image, 3) == 0 ? 0 : residual, .dx = results[next_below(image, 4)],
                 .count = count, .rows_max = rows, .width = width);
  }
}

/* A column of -0: its sum is -0, which tells a sum begun from its first row from one begun from +0. */
static void zero_column(const struct image *image, u64 tensor, u32 rows, u32 stride) {
  u32 *word = host_words(image, tensor);
  for (u32 row = 0; word != NULL && row < rows; row++) word[(u64)row * stride] = 0x80000000u;
}

/* Up to several times the blocks of 64 rows that a workgroup sums at once. */
static u32 next_column_rows(struct image *image) {
  return next_size(image) * (1 + next_below(image, 16)) + next_below(image, 2);
}

static void record_rmsnorm_bwd_w(struct image *image, struct program *program) {
  for (u32 i = 0; i < CASES; i++) {
    const u32 width = next_size(image), rows = next_column_rows(image);
    const u64 n = (u64)rows * width;
    const u64 x = floats(image, n, -20, 8), rstd = floats(image, rows, -8, 8), dy = floats(image, n, -20, 4);
    const u64 dw = floats(image, width, 0, 0), count = next_count(image, rows);
    PROGRAM_CALL(program, rmsnorm_bwd_w, .x = x, .rstd = rstd, .dy = dy, .dw = dw, .count = count, .rows_max = rows,
                 .width = width);
  }
}

static void record_bias_bwd(struct image *image, struct program *program) {
  for (u32 i = 0; i < CASES; i++) {
    const u32 width = next_size(image), stride = width + next_below(image, 9), rows = next_column_rows(image);
    const u64 dy = floats(image, (u64)rows * stride, -20, 8), db = floats(image, width, 0, 0),
              count = next_count(image, rows);
    zero_column(image, dy, rows, stride);
    PROGRAM_CALL(program, bias_bwd, .dy = dy, .db = db, .count = count, .rows_max = rows, .width = width,
                 .stride = stride);
  }
}

static void record_embed_fwd(struct image *image, struct program *program) {
  for (u32 i = 0; i < CASES; i++) {
    const u32 width = next_size(image), rows = next_size(image), vocab = next_size(image);
    const u64 table = floats(image, (u64)vocab * width, -40, 12), token = next_words(image, rows, vocab),
              result = floats(image, (u64)rows * width, 0, 0), count = next_count(image, rows);
    PROGRAM_CALL(program, embed_fwd, .table = table, .token = token, .result = result, .count = count, .rows_max = rows,
                 .width = width);
  }
}

/* Tokens of no place, of a few, and of more blocks than a workgroup sums at once. */
static void record_embed_bwd(struct image *image, struct program *program) {
  for (u32 i = 0; i < CASES; i++) {
    u32 unique[193], begin[194] = {0};
    const u32 width = next_size(image), tokens = next_size(image), step = 1 + 2 * next_below(image, 3);
    for (u32 u = 0; u < tokens; u++) {
      const u32 long_token = (1 + next_below(image, 4)) * next_size(image);
      unique[u] = (tokens - 1 - u) * step + 1;
      begin[u + 1] = begin[u] + (u % 32 == 0 ? long_token : next_below(image, 12));
    }
    const u32 entries = begin[tokens], vocab = tokens * step + 1;
    const u64 dx = floats(image, (u64)(entries + 1) * width, -20, 8),
              dtable = floats(image, (u64)vocab * width, -20, 8), order = next_words(image, entries + 1, entries + 1),
              count = next_count(image, tokens);
    const u64 unique_words = words(image, unique, tokens), begin_words = words(image, begin, tokens + 1);
    PROGRAM_CALL(program, embed_bwd, .dx = dx, .dtable_acc = dtable, .unique = unique_words, .begin = begin_words,
                 .order = order, .unique_count = count, .unique_max = tokens, .width = width);
  }
}

/* Turned and turned back; columns behind the heads are left alone. */
static void record_rope(struct image *image, struct program *program) {
  for (u32 i = 0; i < CASES; i++) {
    const u32 head_dim = 2 * (1 + next_below(image, 64)), heads = 1 + next_below(image, 9), rows = next_size(image);
    const u32 stride = heads * head_dim + next_below(image, 40), positions = next_size(image);
    const u64 angles = (u64)positions * (head_dim / 2);
    const u64 x = floats(image, (u64)rows * stride, -40, 8), position = next_words(image, rows, positions),
              cosine = floats(image, angles, -20, 0), sine = floats(image, angles, -20, 0),
              count = next_count(image, rows);
    PROGRAM_CALL(program, rope, .x = x, .position = position, .cosine = cosine, .sine = sine, .count = count,
                 .rows_max = rows, .heads = heads, .head_dim = head_dim, .stride = stride, .direction = i % 2);
  }
}

/* `rows` words below `end`, each once. */
static u64 next_distinct(struct image *image, u32 rows, u32 end) {
  u32 row[193];
  const u32 first = next_below(image, end);
  for (u32 i = 0; i < rows; i++) row[i] = (first + end - i) % end;
  for (u32 i = rows - 1; i > 0; i--) {
    const u32 other = next_below(image, i + 1), swapped = row[i];
    row[i] = row[other];
    row[other] = swapped;
  }
  return words(image, row, rows);
}

static void record_kv_store(struct image *image, struct program *program) {
  for (u32 i = 0; i < CASES; i++) {
    const u32 width = next_size(image), stride = 3 * width + next_below(image, 9), rows = next_size(image);
    const u32 cache_rows = rows + next_below(image, 9);
    const u64 qkv = floats(image, (u64)rows * stride, -40, 12), k_cache = floats(image, (u64)cache_rows * width, 0, 0),
              v_cache = floats(image, (u64)cache_rows * width, 0, 0), count = next_count(image, rows);
    const u64 cache_row = next_distinct(image, rows, cache_rows), k = qkv + 4ull * width, v = k + 4ull * width;
    PROGRAM_CALL(program, kv_store, .k = k, .v = v, .k_cache = k_cache, .v_cache = v_cache, .cache_row = cache_row,
                 .count = count, .rows_max = rows, .width = width, .stride = stride);
  }
}

static void record_gather_scatter(struct image *image, struct program *program) {
  for (u32 i = 0; i < CASES; i++) {
    const u32 width = next_size(image), rows = next_size(image), others = rows + next_below(image, 9);
    const u64 all = floats(image, (u64)others * width, -40, 12), some = floats(image, (u64)rows * width, -40, 12),
              count = next_count(image, rows);
    const u64 row = i % 2 == 0 ? next_words(image, rows, others) : next_distinct(image, rows, others);
    if (i % 2 == 0)
      PROGRAM_CALL(program, gather_rows, .x = all, .row = row, .result = some, .count = count, .rows_max = rows,
                   .width = width);
    else
      PROGRAM_CALL(program, scatter_rows, .x = some, .row = row, .result = all, .count = count, .rows_max = rows,
                   .width = width);
  }
}

/* Gates from where silu is linear to where the sigmoid is 0 or 1. */
static void record_swiglu_fwd(struct image *image, struct program *program) {
  for (u32 i = 0; i < CASES; i++) {
    const u32 width = next_size(image) * (1 + next_below(image, 3)), rows = next_size(image);
    const u64 gate_up = floats(image, 2ull * rows * width, (i32)next_below(image, 4) * -15 - 1, 8),
              result = floats(image, (u64)rows * width, 0, 0), count = next_count(image, rows);
    PROGRAM_CALL(program, swiglu_fwd, .gate_up = gate_up, .result = result, .count = count, .rows_max = rows,
                 .width = width);
  }
}

static void record_swiglu_bwd(struct image *image, struct program *program) {
  for (u32 i = 0; i < CASES; i++) {
    const u32 width = next_size(image) * (1 + next_below(image, 3)), rows = next_size(image);
    const u64 gate_up = floats(image, 2ull * rows * width, (i32)next_below(image, 3) * -15 - 1, 8),
              dout = floats(image, (u64)rows * width, -20, 4), apart = floats(image, 2ull * rows * width, 0, 0),
              count = next_count(image, rows);
    PROGRAM_CALL(program, swiglu_bwd, .gate_up = gate_up, .dout = dout, .d_gate_up = i % 2 == 0 ? apart : gate_up,
                 .count = count, .rows_max = rows, .width = width);
  }
}

static void record_add(struct image *image, struct program *program) {
  for (u32 i = 0; i < CASES; i++) {
    const u32 width = next_size(image) * (1 + next_below(image, 3)), rows = next_size(image);
    const u64 a = floats(image, (u64)rows * width, -40, 12), b = floats(image, (u64)rows * width, -40, 12),
              apart = floats(image, (u64)rows * width, 0, 0), count = next_count(image, rows);
    const u64 results[] = {apart, a, b};
    PROGRAM_CALL(program, add, .a = a, .b = i % 5 == 0 ? a : b, .result = results[i % 3], .count = count,
                 .rows_max = rows, .width = width);
  }
}

static void record_fill_copy(struct image *image, struct program *program) {
  static const f32 values[] = {0.0f, -0.0f, 1.0f, -3.25e-9f};
  for (u32 i = 0; i < CASES; i++) {
    const u32 n = next_size(image) * next_size(image);
    const u64 source = floats(image, n + 1, -40, 12), copied = floats(image, n, 0, 0), filled = floats(image, n, 0, 0);
    PROGRAM_CALL(program, copy, .source = source, .result = copied, .n = n);
    PROGRAM_CALL(program, fill, .result = filled, .n = n, .value = values[i % COUNT_OF(values)]);
  }
}

#define TRANSFORMER_TESTS(TEST) \
  TEST(rmsnorm_fwd)             \
  TEST(rmsnorm_bwd)             \
  TEST(rmsnorm_bwd_w)           \
  TEST(bias_bwd)                \
  TEST(embed_fwd)               \
  TEST(embed_bwd)               \
  TEST(rope)                    \
  TEST(kv_store)                \
  TEST(gather_scatter)          \
  TEST(swiglu_fwd)              \
  TEST(swiglu_bwd)              \
  TEST(add)                     \
  TEST(fill_copy)

#define DEFINE_TEST(name)                              \
  static void name##_is_the_definition(void **state) { \
    (void)state;                                       \
    compare_on_all(record_##name);                     \
  }
TRANSFORMER_TESTS(DEFINE_TEST)

#define LIST_TEST(name) cmocka_unit_test_teardown(name##_is_the_definition, close_device),

int main(void) {
  if (images_open() != 0) return 1;
  const struct CMUnitTest tests[] = {TRANSFORMER_TESTS(LIST_TEST)};
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  images_close();
  return failed;
}
