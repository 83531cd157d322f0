/* The transformer's row kernels: embedding, norms, rotary positions, SwiGLU, sums down the rows, and what moves rows
 * about. Each against double with derived bounds, gradients against central differences, and every instruction set
 * against the others, with dead rows beyond the live ones. (The matrix product and attention have tests of their own.)
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "engine/types.h"
#include "shaders/exact_math.h"
#include "tests/kernel_oracle.h"

#define DEAD 3u
#define WIDTH_MAX 400u

static struct kernel_image image;

struct shape {
  u32 rows, width; /* live rows; DEAD more follow */
};
static const struct shape shapes[] = {{1, 1},     {3, 2},     {17, 63}, {64, 64}, {65, 65},
                                      {127, 127}, {130, 128}, {0, 32},  {33, 352}};

/* The buffers of the case in the image, whatever each kernel calls them. */
static struct {
  f32 *a, *b, *w, *rstd, *y, *z;
  u32 *index;
} buffer;

static f32 *some(struct kernel_image *to, u64 floats) { return image_floats(to, floats, -2, 2); }

static void assert_bits(f32 got, f32 want, const char *what, u64 i) {
  if (memcmp(&got, &want, sizeof got) != 0)
    fail_msg("%s[%llu] is %.9g, not %.9g: another order of summation", what, (unsigned long long)i, (f64)got,
             (f64)want);
}

typedef void check(const struct shape *s);
static void every_shape(enum kernel kernel, oracle_build *build, check *is_right) {
  static u64 params[PARAMS_BYTES_MAX / 8];
  for (u32 i = 0; i < COUNT_OF(shapes); i++) {
    oracle_agree(&image, kernel, build, &shapes[i], params);
    is_right(&shapes[i]);
  }
}

/* Embedding */

#define VOCAB 50u

static void build_embed_fwd(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  buffer.a = some(to, (u64)VOCAB * s->width);
  buffer.index = image_words(to, s->rows + DEAD, VOCAB);
  buffer.y = image_poison(to, (u64)(s->rows + DEAD) * s->width);
  *(struct embed_fwd_params *)params = (struct embed_fwd_params){.table = image_address(buffer.a),
                                                                 .token = image_address(buffer.index),
                                                                 .result = image_address(buffer.y),
                                                                 .count = image_address(image_word(to, s->rows)),
                                                                 .rows_max = s->rows + DEAD,
                                                                 .width = s->width};
}

static void rows_were_gathered(const struct shape *s) {
  for (u64 t = 0; t < s->rows; t++)
    assert_memory_equal(buffer.y + t * s->width, buffer.a + (u64)buffer.index[t] * s->width, 4 * s->width);
  assert_untouched(buffer.y + (u64)s->rows * s->width, (u64)DEAD * s->width, "dead rows");
}

static void embedding_reads_the_table(void **state) {
  (void)state;
  every_shape(KERNEL_embed_fwd, build_embed_fwd, rows_were_gathered);
}

/* Few distinct tokens, so that their blocks of 64 entries fill and spill. */
#define TOKENS 2u

static void build_embed_bwd(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  u32 *token = image_words(to, s->rows + DEAD, TOKENS), *order = image_words(to, s->rows + DEAD, 1),
      *unique = image_words(to, TOKENS, 1);
  u32 *begin = image_words(to, TOKENS + 1, 1), count = 0, entries = 0;
  for (u32 v = TOKENS; v-- > 0;) { /* ids come in any order */
    begin[count] = entries;
    for (u32 t = 0; t < s->rows; t++)
      if (token[t] == v) order[entries++] = t;
    if (entries > begin[count]) unique[count++] = v;
  }
  begin[count] = entries;
  buffer.index = token;
  buffer.a = some(to, (u64)(s->rows + DEAD) * s->width);
  buffer.y = some(to, (u64)VOCAB * s->width);
  buffer.z = some(to, (u64)VOCAB * s->width);
  memcpy(buffer.z, buffer.y, 4ull * VOCAB * s->width); /* the table before */
  *(struct embed_bwd_params *)params = (struct embed_bwd_params){.dx = image_address(buffer.a),
                                                                 .dtable_acc = image_address(buffer.y),
                                                                 .unique = image_address(unique),
                                                                 .begin = image_address(begin),
                                                                 .order = image_address(order),
                                                                 .unique_count = image_address(image_word(to, count)),
                                                                 .unique_max = TOKENS,
                                                                 .width = s->width};
}

static void embed_bwd_is_right(const struct shape *s) {
  for (u32 v = 0; v < VOCAB; v++)
    for (u32 c = 0; c < s->width; c++) {
      struct bounded_sum sum = {0};
      bounded_sum_add(&sum, bounded_of((f64)buffer.z[v * s->width + c]));
      u32 terms = 0;
      f32 term[160], total = buffer.z[v * s->width + c];
      for (u32 t = 0; t < s->rows; t++)
        if (buffer.index[t] == v) term[terms++] = buffer.a[t * s->width + c];
      for (u32 i = 0; i < terms; i++) bounded_sum_add(&sum, bounded_of((f64)term[i]));
      for (u32 i = 0; i < terms; i += 64)
        total = total + float_sum_of_blocks(term + i, terms - i < 64 ? terms - i : 64);
      assert_within(buffer.y[v * s->width + c], bounded_sum_end(&sum, depth_of_blocks(terms) + 1), "dtable", v, c);
      assert_bits(buffer.y[v * s->width + c], total, "dtable", v);
    }
}

static void embedding_gradient_adds_every_place(void **state) {
  (void)state;
  every_shape(KERNEL_embed_bwd, build_embed_bwd, embed_bwd_is_right);
}

/* RMSNorm */

#define EPS 1e-5f

static void build_norm(struct kernel_image *to, const struct shape *s) {
  const u64 floats = (u64)(s->rows + DEAD) * s->width;
  buffer.a = some(to, floats);
  buffer.w = some(to, s->width);
  buffer.y = image_poison(to, floats);
  buffer.rstd = image_poison(to, s->rows + DEAD);
}

static void build_rmsnorm_fwd(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  build_norm(to, s);
  *(struct rmsnorm_fwd_params *)params = (struct rmsnorm_fwd_params){.x = image_address(buffer.a),
                                                                     .w = image_address(buffer.w),
                                                                     .y = image_address(buffer.y),
                                                                     .rstd = image_address(buffer.rstd),
                                                                     .count = image_address(image_word(to, s->rows)),
                                                                     .rows_max = s->rows + DEAD,
                                                                     .width = s->width,
                                                                     .eps = EPS};
}

static struct bounded rstd_of(const f32 *x, u32 width) {
  struct bounded_sum sum = {0};
  for (u32 c = 0; c < width; c++) bounded_sum_add(&sum, bounded_mul(bounded_of((f64)x[c]), bounded_of((f64)x[c])));
  const struct bounded mean = bounded_div(bounded_sum_end(&sum, depth_of_lanes(width)), bounded_of(width));
  return bounded_div(bounded_of(1), bounded_sqrt(bounded_add(mean, bounded_of((f64)EPS))));
}

static void rmsnorm_fwd_is_right(const struct shape *s) {
  for (u64 t = 0; t < s->rows; t++) {
    const f32 *x = buffer.a + t * s->width;
    const struct bounded rstd = rstd_of(x, s->width);
    f32 square[WIDTH_MAX];
    for (u32 c = 0; c < s->width; c++) square[c] = x[c] * x[c];
    assert_within(buffer.rstd[t], rstd, "rstd", t, 0);
    assert_bits(buffer.rstd[t], ex_rsqrt(ex_div(float_sum_of_lanes(square, s->width), (f32)s->width) + EPS), "rstd", t);
    for (u32 c = 0; c < s->width; c++) {
      const struct bounded y = bounded_mul(bounded_mul(bounded_of((f64)x[c]), rstd), bounded_of((f64)buffer.w[c]));
      assert_within(buffer.y[t * s->width + c], bounded_quiet(y), "y", t, c);
    }
  }
  assert_untouched(buffer.y + (u64)s->rows * s->width, (u64)DEAD * s->width, "y");
  assert_untouched(buffer.rstd + s->rows, DEAD, "rstd");
}

static void rmsnorm_is_right(void **state) {
  (void)state;
  every_shape(KERNEL_rmsnorm_fwd, build_rmsnorm_fwd, rmsnorm_fwd_is_right);
}

/* x, w and rstd of a forward pass, and dy. buffer.z keeps what the residual was, should dx be it. */
static void build_norm_backward(struct kernel_image *to, const struct shape *s) {
  const u64 floats = (u64)(s->rows + DEAD) * s->width;
  build_norm(to, s);
  struct rmsnorm_fwd_params forward = {.x = image_address(buffer.a),
                                       .w = image_address(buffer.w),
                                       .y = image_address(buffer.y),
                                       .rstd = image_address(buffer.rstd),
                                       .rows_max = s->rows,
                                       .width = s->width,
                                       .eps = EPS};
  oracle_define(KERNEL_rmsnorm_fwd, &forward);
  buffer.b = some(to, floats);
  buffer.z = some(to, floats);
  buffer.y = image_poison(to, floats);
}

static void rmsnorm_bwd_params_of(struct kernel_image *to, const struct shape *s, bool has_residual,
                                  struct rmsnorm_bwd_params *p) {
  *p = (struct rmsnorm_bwd_params){.x = image_address(buffer.a),
                                   .w = image_address(buffer.w),
                                   .rstd = image_address(buffer.rstd),
                                   .dy = image_address(buffer.b),
                                   .residual = has_residual ? image_address(buffer.y) : 0,
                                   .dx = image_address(buffer.y),
                                   .count = image_address(image_word(to, s->rows)),
                                   .rows_max = s->rows + DEAD,
                                   .width = s->width};
  if (has_residual) memcpy(buffer.y, buffer.z, 4ull * (s->rows + DEAD) * s->width); /* dx is the residual itself */
}
static void build_rmsnorm_bwd(struct kernel_image *to, const void *shape, void *params) {
  build_norm_backward(to, shape);
  rmsnorm_bwd_params_of(to, shape, false, params);
}
static void build_rmsnorm_bwd_residual(struct kernel_image *to, const void *shape, void *params) {
  build_norm_backward(to, shape);
  rmsnorm_bwd_params_of(to, shape, true, params);
}

static void norm_gradient(const f32 *x, const f32 *dy, u32 width, struct bounded *dx) {
  const struct bounded rstd = rstd_of(x, width);
  struct bounded_sum sum = {0};
  struct bounded wdy[WIDTH_MAX];
  for (u32 c = 0; c < width; c++) {
    wdy[c] = bounded_mul(bounded_of((f64)buffer.w[c]), bounded_of((f64)dy[c]));
    bounded_sum_add(&sum, bounded_mul(bounded_mul(wdy[c], bounded_of((f64)x[c])), rstd));
  }
  const struct bounded mean = bounded_div(bounded_sum_end(&sum, depth_of_lanes(width)), bounded_of(width));
  for (u32 c = 0; c < width; c++)
    dx[c] = bounded_mul(rstd, bounded_sub(wdy[c], bounded_mul(bounded_mul(bounded_of((f64)x[c]), rstd), mean)));
}

/* dx of element c of row t in float, in the contract's order. */
static f32 norm_gradient_in_order(const struct shape *s, u64 t, u32 c, bool has_residual) {
  const f32 *x = buffer.a + t * s->width, *dy = buffer.b + t * s->width, *w = buffer.w, rstd = buffer.rstd[t];
  f32 term[WIDTH_MAX];
  for (u32 i = 0; i < s->width; i++) term[i] = w[i] * dy[i] * x[i] * rstd;
  const f32 dx = rstd * (w[c] * dy[c] - x[c] * rstd * ex_div(float_sum_of_lanes(term, s->width), (f32)s->width));
  return ex_quiet(has_residual ? buffer.z[t * s->width + c] + dx : dx);
}

static void norm_gradients_are_right(const struct shape *s, bool has_residual) {
  struct bounded dx[WIDTH_MAX];
  for (u64 t = 0; t < s->rows; t++) {
    norm_gradient(buffer.a + t * s->width, buffer.b + t * s->width, s->width, dx);
    for (u32 c = 0; c < s->width; c++) {
      const struct bounded want =
          has_residual ? bounded_add(bounded_of((f64)buffer.z[t * s->width + c]), dx[c]) : dx[c];
      assert_within(buffer.y[t * s->width + c], bounded_quiet(want), "dx", t, c);
    }
    const u32 last = s->width - 1;
    assert_bits(buffer.y[t * s->width + last], norm_gradient_in_order(s, t, last, has_residual), "dx", t);
  }
}
static void rmsnorm_bwd_is_right(const struct shape *s) {
  norm_gradients_are_right(s, false);
  assert_untouched(buffer.y + (u64)s->rows * s->width, (u64)DEAD * s->width, "dx");
}
static void rmsnorm_bwd_residual_is_right(const struct shape *s) {
  norm_gradients_are_right(s, true);
  const u64 live = (u64)s->rows * s->width;
  assert_memory_equal(buffer.y + live, buffer.z + live, 4ull * DEAD * s->width);
}

static void build_rmsnorm_bwd_w(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  build_norm_backward(to, s);
  *(struct rmsnorm_bwd_w_params *)params =
      (struct rmsnorm_bwd_w_params){.x = image_address(buffer.a),
                                    .rstd = image_address(buffer.rstd),
                                    .dy = image_address(buffer.b),
                                    .dw = image_address(buffer.y),
                                    .count = image_address(image_word(to, s->rows)),
                                    .rows_max = s->rows + DEAD,
                                    .width = s->width};
}

static void rmsnorm_bwd_w_is_right(const struct shape *s) {
  struct bounded rstd[160];
  for (u32 t = 0; t < s->rows; t++) rstd[t] = rstd_of(buffer.a + t * s->width, s->width);
  for (u32 c = 0; c < s->width; c++) {
    struct bounded_sum sum = {0};
    f32 term[160];
    for (u32 t = 0; t < s->rows; t++) {
      const u32 at = t * s->width + c;
      bounded_sum_add(&sum,
                      bounded_mul(bounded_mul(bounded_of((f64)buffer.b[at]), bounded_of((f64)buffer.a[at])), rstd[t]));
      term[t] = buffer.b[at] * buffer.a[at] * buffer.rstd[t];
    }
    assert_within(buffer.y[c], bounded_sum_end(&sum, depth_of_blocks(s->rows)), "dw", c, 0);
    assert_bits(buffer.y[c], float_sum_of_blocks(term, s->rows), "dw", c);
  }
}

static void rmsnorm_gradients_are_right(void **state) {
  (void)state;
  every_shape(KERNEL_rmsnorm_bwd, build_rmsnorm_bwd, rmsnorm_bwd_is_right);
  every_shape(KERNEL_rmsnorm_bwd, build_rmsnorm_bwd_residual, rmsnorm_bwd_residual_is_right);
  every_shape(KERNEL_rmsnorm_bwd_w, build_rmsnorm_bwd_w, rmsnorm_bwd_w_is_right);
}

static f64 norm_loss(const f64 *x, u32 width) { /* sum of dy * y of row 0 */
  f64 square = 0, loss = 0;
  for (u32 c = 0; c < width; c++) square += x[c] * x[c];
  for (u32 c = 0; c < width; c++) loss += (f64)buffer.b[c] * x[c] * (f64)buffer.w[c] / sqrt(square / width + (f64)EPS);
  return loss;
}

static void rmsnorm_gradient_is_the_derivative(void **state) {
  (void)state;
  const struct shape s = {1, 40};
  struct rmsnorm_bwd_params p;
  struct bounded dx[WIDTH_MAX];
  f64 x[40];
  image_reset(&image, 9);
  build_rmsnorm_bwd(&image, &s, &p);
  norm_gradient(buffer.a, buffer.b, s.width, dx);
  for (u32 c = 0; c < s.width; c++) x[c] = (f64)buffer.a[c];
  for (u32 c = 0; c < s.width; c++) {
    const f64 middle = x[c], step = 1e-5;
    x[c] = middle + step;
    const f64 above = norm_loss(x, s.width);
    x[c] = middle - step;
    const f64 below = norm_loss(x, s.width);
    x[c] = middle;
    assert_derivative(dx[c].value, (above - below) / (2 * step), 1, "dx", c);
  }
}

/* Sums down the rows */

#define GAP 5u

static void build_bias_bwd(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  buffer.a = some(to, (u64)(s->rows + DEAD) * (s->width + GAP));
  buffer.y = image_poison(to, s->width);
  *(struct bias_bwd_params *)params = (struct bias_bwd_params){.dy = image_address(buffer.a),
                                                               .db = image_address(buffer.y),
                                                               .count = image_address(image_word(to, s->rows)),
                                                               .rows_max = s->rows + DEAD,
                                                               .width = s->width,
                                                               .stride = s->width + GAP};
}

static void bias_bwd_is_right(const struct shape *s) {
  for (u32 c = 0; c < s->width; c++) {
    struct bounded_sum sum = {0};
    f32 term[160];
    for (u32 t = 0; t < s->rows; t++) term[t] = buffer.a[t * (s->width + GAP) + c];
    for (u32 t = 0; t < s->rows; t++) bounded_sum_add(&sum, bounded_of((f64)term[t]));
    assert_within(buffer.y[c], bounded_sum_end(&sum, depth_of_blocks(s->rows)), "db", c, 0);
    assert_bits(buffer.y[c], float_sum_of_blocks(term, s->rows), "db", c);
  }
}

static void bias_gradient_is_right(void **state) {
  (void)state;
  every_shape(KERNEL_bias_bwd, build_bias_bwd, bias_bwd_is_right);
}

/* Rotary positions: two of three heads turn; width is half a head */

#define POSITIONS 70u
#define HEADS 3u
#define TURNING 2u

static void build_rope(struct kernel_image *to, const struct shape *s, u32 direction, struct rope_params *p) {
  const u64 floats = (u64)(s->rows + DEAD) * HEADS * 2 * s->width, table = (u64)POSITIONS * s->width;
  buffer.y = some(to, floats);
  buffer.z = some(to, floats);
  memcpy(buffer.z, buffer.y, 4 * floats);
  buffer.a = image_floats(to, table, -1, 1);
  buffer.b = image_floats(to, table, -1, 1);
  buffer.index = image_words(to, s->rows + DEAD, POSITIONS);
  *p = (struct rope_params){.x = image_address(buffer.y),
                            .position = image_address(buffer.index),
                            .cosine = image_address(buffer.a),
                            .sine = image_address(buffer.b),
                            .count = image_address(image_word(to, s->rows)),
                            .rows_max = s->rows + DEAD,
                            .heads = TURNING,
                            .head_dim = 2 * s->width,
                            .stride = HEADS * 2 * s->width,
                            .direction = direction};
}
static void build_rope_forward(struct kernel_image *to, const void *shape, void *params) {
  build_rope(to, shape, 0, params);
}
static void build_rope_backward(struct kernel_image *to, const void *shape, void *params) {
  build_rope(to, shape, 1, params);
}

/* Backward is the transpose of forward: its sine is the other way. */
static void turned_rightly(const struct shape *s, f64 sign) {
  const u32 half = s->width;
  for (u32 t = 0; t < s->rows + DEAD; t++)
    for (u32 h = 0; h < HEADS; h++) {
      const f32 *before = buffer.z + (u64)(t * HEADS + h) * 2 * half,
                *after = buffer.y + (u64)(t * HEADS + h) * 2 * half;
      if (t >= s->rows || h >= TURNING) assert_memory_equal(before, after, 8 * half);
      for (u32 i = 0; i < half && t < s->rows && h < TURNING; i++) {
        const u32 angle = buffer.index[t] * half + i;
        const struct bounded a = bounded_of((f64)before[i]), b = bounded_of((f64)before[i + half]),
                             cosine = bounded_of((f64)buffer.a[angle]);
        const struct bounded sine = bounded_of(sign * (f64)buffer.b[angle]);
        assert_within(after[i], bounded_quiet(bounded_sub(bounded_mul(a, cosine), bounded_mul(b, sine))), "low", t, i);
        assert_within(after[i + half], bounded_quiet(bounded_add(bounded_mul(a, sine), bounded_mul(b, cosine))), "high",
                      t, i);
      }
    }
}
static void rope_forward_is_right(const struct shape *s) { turned_rightly(s, 1); }
static void rope_backward_is_right(const struct shape *s) { turned_rightly(s, -1); }

static void rope_turns_pairs_and_back(void **state) {
  (void)state;
  every_shape(KERNEL_rope, build_rope_forward, rope_forward_is_right);
  every_shape(KERNEL_rope, build_rope_backward, rope_backward_is_right);
}

/* SwiGLU */

static void build_swiglu_fwd(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  const u64 rows = s->rows + DEAD;
  buffer.a = image_floats(to, rows * 2 * s->width, -20, 20);
  buffer.y = image_poison(to, rows * s->width);
  *(struct swiglu_fwd_params *)params = (struct swiglu_fwd_params){.gate_up = image_address(buffer.a),
                                                                   .result = image_address(buffer.y),
                                                                   .count = image_address(image_word(to, s->rows)),
                                                                   .rows_max = s->rows + DEAD,
                                                                   .width = s->width};
}

/* 1 + e^-x */
static struct bounded one_and_power(f64 x) { return bounded_add(bounded_of(1), bounded_exp(bounded_of(-x))); }

static void swiglu_fwd_is_right(const struct shape *s) {
  for (u64 t = 0; t < s->rows; t++)
    for (u32 f = 0; f < s->width; f++) {
      const f64 gate = (f64)buffer.a[t * 2 * s->width + f], up = (f64)buffer.a[(t * 2 + 1) * s->width + f];
      const struct bounded silu = bounded_div(bounded_of(gate), one_and_power(gate));
      assert_within(buffer.y[t * s->width + f], bounded_quiet(bounded_mul(silu, bounded_of(up))), "swiglu", t, f);
    }
  assert_untouched(buffer.y + (u64)s->rows * s->width, (u64)DEAD * s->width, "swiglu");
}

/* The gradient is written over gate_up. */
static void build_swiglu_bwd(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  const u64 rows = s->rows + DEAD;
  buffer.y = image_floats(to, rows * 2 * s->width, -20, 20);
  buffer.a = some(to, rows * 2 * s->width);
  memcpy(buffer.a, buffer.y, 8 * rows * s->width);
  buffer.b = some(to, rows * s->width);
  *(struct swiglu_bwd_params *)params = (struct swiglu_bwd_params){.gate_up = image_address(buffer.y),
                                                                   .dout = image_address(buffer.b),
                                                                   .d_gate_up = image_address(buffer.y),
                                                                   .count = image_address(image_word(to, s->rows)),
                                                                   .rows_max = s->rows + DEAD,
                                                                   .width = s->width};
}

static void swiglu_gradient(f64 gate, f64 up, f64 dout, struct bounded *dgate, struct bounded *dup) {
  const struct bounded g = bounded_of(gate), one = bounded_of(1), s = bounded_div(one, one_and_power(gate));
  const struct bounded slope = bounded_add(one, bounded_mul(g, bounded_sub(one, s)));
  *dgate = bounded_mul(bounded_mul(bounded_mul(bounded_of(dout), bounded_of(up)), s), slope);
  *dup = bounded_mul(bounded_mul(bounded_of(dout), g), s);
}

static void swiglu_bwd_is_right(const struct shape *s) {
  for (u64 t = 0; t < s->rows; t++)
    for (u32 f = 0; f < s->width; f++) {
      const u64 at = t * 2 * s->width + f;
      struct bounded dgate, dup;
      swiglu_gradient((f64)buffer.a[at], (f64)buffer.a[at + s->width], (f64)buffer.b[t * s->width + f], &dgate, &dup);
      assert_within(buffer.y[at], bounded_quiet(dgate), "dgate", t, f);
      assert_within(buffer.y[at + s->width], bounded_quiet(dup), "dup", t, f);
    }
  const u64 live = (u64)s->rows * 2 * s->width;
  assert_memory_equal(buffer.y + live, buffer.a + live, 8ull * DEAD * s->width);
}

static f64 swiglu(f64 gate, f64 up) { return gate / (1 + exp(-gate)) * up; }

static void swiglu_is_right(void **state) {
  (void)state;
  every_shape(KERNEL_swiglu_fwd, build_swiglu_fwd, swiglu_fwd_is_right);
  every_shape(KERNEL_swiglu_bwd, build_swiglu_bwd, swiglu_bwd_is_right);
  for (u32 i = 0; i < 100; i++) {
    const f64 gate = 0.2 * i - 10, up = 1.5 - 0.03 * i, dout = 0.7, step = 1e-5;
    struct bounded dgate, dup;
    swiglu_gradient(gate, up, dout, &dgate, &dup);
    assert_derivative(dgate.value, dout * (swiglu(gate + step, up) - swiglu(gate - step, up)) / (2 * step), 1, "dgate",
                      i);
    assert_derivative(dup.value, dout * (swiglu(gate, up + step) - swiglu(gate, up - step)) / (2 * step), 1, "dup", i);
  }
}

/* What moves and adds */

static void build_add(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  const u64 floats = (u64)(s->rows + DEAD) * s->width;
  buffer.y = some(to, floats); /* one operand, and the result */
  buffer.a = some(to, floats);
  memcpy(buffer.a, buffer.y, 4 * floats);
  buffer.b = some(to, floats);
  *(struct add_params *)params = (struct add_params){.a = image_address(buffer.y),
                                                     .b = image_address(buffer.b),
                                                     .result = image_address(buffer.y),
                                                     .count = image_address(image_word(to, s->rows)),
                                                     .rows_max = s->rows + DEAD,
                                                     .width = s->width};
}
static void sums_are_right(const struct shape *s) {
  for (u64 i = 0; i < (u64)(s->rows + DEAD) * s->width; i++) {
    const f32 want =
        i < (u64)s->rows * s->width ? buffer.a[i] + buffer.b[i] : buffer.a[i]; /* one rounding: the same in C */
    assert_memory_equal(&buffer.y[i], &want, 4);
  }
}

static void build_copy(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  const u64 floats = (u64)s->rows * s->width * 4 + 1;
  buffer.a = some(to, floats);
  buffer.y = image_poison(to, floats);
  *(struct copy_params *)params =
      (struct copy_params){.source = image_address(buffer.a), .result = image_address(buffer.y), .n = (u32)floats};
}
static void copy_is_right(const struct shape *s) {
  assert_memory_equal(buffer.y, buffer.a, 16ull * s->rows * s->width + 4);
}

static void build_gather_rows(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  buffer.a = some(to, (u64)VOCAB * s->width);
  buffer.index = image_words(to, s->rows + DEAD, VOCAB);
  buffer.y = image_poison(to, (u64)(s->rows + DEAD) * s->width);
  *(struct gather_rows_params *)params = (struct gather_rows_params){.x = image_address(buffer.a),
                                                                     .row = image_address(buffer.index),
                                                                     .result = image_address(buffer.y),
                                                                     .count = image_address(image_word(to, s->rows)),
                                                                     .rows_max = s->rows + DEAD,
                                                                     .width = s->width};
}

/* Every second row of twice as many, from the last to the first. */
static void scattered_to(const struct shape *s, u32 *row) {
  for (u32 i = 0; i < s->rows + DEAD; i++) row[i] = 2 * (s->rows + DEAD - 1 - i);
}
static void build_scatter_rows(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  buffer.a = some(to, (u64)(s->rows + DEAD) * s->width);
  buffer.index = image_words(to, s->rows + DEAD, 1);
  scattered_to(s, buffer.index);
  buffer.y = image_poison(to, (u64)(s->rows + DEAD) * 2 * s->width);
  *(struct scatter_rows_params *)params = (struct scatter_rows_params){.x = image_address(buffer.a),
                                                                       .row = image_address(buffer.index),
                                                                       .result = image_address(buffer.y),
                                                                       .count = image_address(image_word(to, s->rows)),
                                                                       .rows_max = s->rows + DEAD,
                                                                       .width = s->width};
}
static void scatter_is_right(const struct shape *s) {
  for (u64 i = 0; i < s->rows + DEAD; i++) {
    const f32 *row = buffer.y + (u64)buffer.index[i] * s->width;
    if (i < s->rows)
      assert_memory_equal(row, buffer.a + i * s->width, 4 * s->width);
    else
      assert_untouched(row, s->width, "rows beyond the count");
    assert_untouched(row + s->width, s->width, "rows not named");
  }
}

/* k and v are columns of one buffer; y and z the caches. */
static void build_kv_store(struct kernel_image *to, const void *shape, void *params) {
  const struct shape *s = shape;
  const u64 rows = s->rows + DEAD;
  buffer.a = some(to, rows * (2 * s->width + GAP));
  buffer.index = image_words(to, rows, 1);
  scattered_to(s, buffer.index);
  buffer.y = image_poison(to, rows * 2 * s->width);
  buffer.z = image_poison(to, rows * 2 * s->width);
  *(struct kv_store_params *)params = (struct kv_store_params){.k = image_address(buffer.a),
                                                               .v = image_address(buffer.a + s->width),
                                                               .k_cache = image_address(buffer.y),
                                                               .v_cache = image_address(buffer.z),
                                                               .cache_row = image_address(buffer.index),
                                                               .count = image_address(image_word(to, s->rows)),
                                                               .rows_max = s->rows + DEAD,
                                                               .width = s->width,
                                                               .stride = 2 * s->width + GAP};
}
static void kv_store_is_right(const struct shape *s) {
  for (u64 i = 0; i < s->rows + DEAD; i++) {
    const u64 at = (u64)buffer.index[i] * s->width, from = i * (2 * s->width + GAP);
    if (i < s->rows) {
      assert_memory_equal(buffer.y + at, buffer.a + from, 4 * s->width);
      assert_memory_equal(buffer.z + at, buffer.a + from + s->width, 4 * s->width);
    }
    const u64 from_row = i < s->rows ? s->width : 0;
    assert_untouched(buffer.y + at + from_row, 2 * s->width - from_row, "cache rows not named");
    assert_untouched(buffer.z + at + from_row, 2 * s->width - from_row, "cache rows not named");
  }
}

static void rows_move_whole(void **state) {
  (void)state;
  every_shape(KERNEL_add, build_add, sums_are_right);
  every_shape(KERNEL_copy, build_copy, copy_is_right);
  every_shape(KERNEL_gather_rows, build_gather_rows, rows_were_gathered);
  every_shape(KERNEL_scatter_rows, build_scatter_rows, scatter_is_right);
  every_shape(KERNEL_kv_store, build_kv_store, kv_store_is_right);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(embedding_reads_the_table), cmocka_unit_test(embedding_gradient_adds_every_place),
      cmocka_unit_test(rmsnorm_is_right),          cmocka_unit_test(rmsnorm_gradients_are_right),
      cmocka_unit_test(bias_gradient_is_right),    cmocka_unit_test(rmsnorm_gradient_is_the_derivative),
      cmocka_unit_test(rope_turns_pairs_and_back), cmocka_unit_test(swiglu_is_right),
      cmocka_unit_test(rows_move_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
