/* shaders/exact_math.h: accuracy against libm's double, special values, hardware division and root against the integer
 * form, and one stored hash of a sweep, which every compiler, optimisation and instruction set must meet. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/kernels/exact_double.h"
#include "platform/cpu/thread_pool.h"
#include "shaders/exact_math.h"

typedef f32 function_of_one(f32);
typedef f64 truth_of_one(f64);

static f64 truth_rsqrt(f64 x) { return 1 / sqrt(x); }
static f64 truth_sigmoid(f64 x) { return 1 / (1 + exp(-x)); }
static f64 truth_silu(f64 x) { return x / (1 + exp(-x)); }

/* Error bounds: the table of exact_math.h. Ranges: where results are normal numbers. */
static const struct {
  const char *name;
  function_of_one *function;
  truth_of_one *truth;
  f64 ulps;
  f32 from, to;
} functions[] = {
    {"exp", ex_exp, exp, 0.98, -87.0f, 88.72283f},
    {"log", ex_log, log, 0.84, 0x1p-126f, 0x1.fffffep127f},
    {"sqrt", ex_sqrt, sqrt, 0.5, 0x1p-126f, 0x1.fffffep127f},
    {"rsqrt", ex_rsqrt, truth_rsqrt, 1.5, 0x1p-126f, 0x1.fffffep127f},
    {"sigmoid", ex_sigmoid, truth_sigmoid, 2.5, -87.0f, 100.0f},
    {"silu", ex_silu, truth_silu, 2.5, -87.0f, 100.0f},
    {"tanh", ex_tanh, tanh, 1.45, -20.0f, 20.0f},
};

static f64 ulps_off(f32 value, f64 truth) {
  int exponent;
  frexp(truth, &exponent);
  return fabs((f64)value - truth) / ldexp(1.0, (exponent < -125 ? -125 : exponent) - 24);
}

static void errors_are_what_the_header_says(void **state) {
  (void)state;
  const u64 mode = denormals_flush();
  f64 worst[COUNT_OF(functions)] = {0};
  for (u32 i = 0; i < COUNT_OF(functions); i++)
    for (u64 bits = 0; bits <= UINT32_MAX; bits += 2411) {
      const f32 x = ex_from_bits((u32)bits);
      if (!(x >= functions[i].from && x <= functions[i].to) || fabsf(x) < 0x1p-100f) continue;
      const f64 off = ulps_off(functions[i].function(x), functions[i].truth((f64)x));
      if (off > worst[i]) worst[i] = off;
    }
  denormals_restore(mode);
  for (u32 i = 0; i < COUNT_OF(functions); i++) {
    print_message("# %-8s largest error %.3f ulp\n", functions[i].name, worst[i]);
    assert_true(worst[i] <= functions[i].ulps);
  }
}

#define NEGATIVE_ZERO 0x80000000u
#define NEGATIVE_INF 0xff800000u
#define SMALLEST_NORMAL 0x00800000u
#define LARGEST 0x7f7fffffu
#define ONE 0x3f800000u

static void special_values_are_as_written(void **state) {
  (void)state;
  static const struct {
    function_of_one *function;
    u32 x, result;
  } rows[] = {
      {ex_exp, 0, ONE},
      {ex_exp, NEGATIVE_ZERO, ONE},
      {ex_exp, 1, ONE},
      {ex_exp, EX_INF_BITS, EX_INF_BITS},
      {ex_exp, NEGATIVE_INF, 0},
      {ex_exp, 0x42b17218, EX_INF_BITS},
      {ex_exp, 0xc2ae0001, 0},
      {ex_exp, 0xff800001, EX_NAN_BITS},
      {ex_log, 0, NEGATIVE_INF},
      {ex_log, 0x807fffff, NEGATIVE_INF},
      {ex_log, ONE, 0},
      {ex_log, 0xbf800000, EX_NAN_BITS},
      {ex_log, EX_INF_BITS, EX_INF_BITS},
      {ex_log, NEGATIVE_INF, EX_NAN_BITS},
      {ex_log, 0x7f800001, EX_NAN_BITS},
      {ex_sqrt, 0x807fffff, NEGATIVE_ZERO},
      {ex_sqrt, 0x007fffff, 0},
      {ex_sqrt, 0x80800000, EX_NAN_BITS},
      {ex_sqrt, NEGATIVE_INF, EX_NAN_BITS},
      {ex_sqrt, EX_INF_BITS, EX_INF_BITS},
      {ex_sqrt, 0xffffffff, EX_NAN_BITS},
      {ex_rsqrt, 0, EX_INF_BITS},
      {ex_rsqrt, EX_INF_BITS, 0},
      {ex_sigmoid, NEGATIVE_INF, 0},
      {ex_sigmoid, EX_INF_BITS, ONE},
      {ex_sigmoid, 0, 0x3f000000},
      {ex_silu, NEGATIVE_INF, EX_NAN_BITS},
      {ex_silu, 0, 0},
      {ex_silu, NEGATIVE_ZERO, NEGATIVE_ZERO},
      {ex_tanh, EX_INF_BITS, ONE},
      {ex_tanh, NEGATIVE_INF, 0xbf800000},
      {ex_tanh, 0x80000001, NEGATIVE_ZERO},
      {ex_tanh, 0x7fffffff, EX_NAN_BITS},
      {ex_ftz, 0x807fffff, NEGATIVE_ZERO},
      {ex_ftz, SMALLEST_NORMAL, SMALLEST_NORMAL},
      {ex_quiet, 0xa5ffffff, 0},
      {ex_quiet, 0xa6000000, 0xa6000000},
      {ex_quiet60, 0x217fffff, 0},
      {ex_quiet60, 0x21800000, 0x21800000},
      {ex_flush, 0x8d7fffff, 0},
      {ex_flush, 0x8d800000, 0x8d800000},
      {ex_canonical, 0xffc00000, EX_NAN_BITS},
  };
  const u64 mode = denormals_flush();
  u32 results[COUNT_OF(rows)];
  for (u32 i = 0; i < COUNT_OF(rows); i++) results[i] = ex_bits(rows[i].function(ex_from_bits(rows[i].x)));
  denormals_restore(mode);
  for (u32 i = 0; i < COUNT_OF(rows); i++)
    if (results[i] != rows[i].result)
      fail_msg("row %u: f(%08x) = %08x, not %08x", i, rows[i].x, results[i], rows[i].result);
}

static u32 next_random(u64 *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return (u32)(*state >> 16);
}

/* Dividends and divisors of every kind: any bits; extremes; quotients within a few units of 2^-126, where flushing
 * begins. */
static void draw_operands(u64 *random, u32 *a, u32 *b) {
  static const u32 extremes[] = {0,       1,       0x7fffff,    SMALLEST_NORMAL, 0x800001,    ONE - 1,   ONE,
                                 ONE + 1, LARGEST, EX_INF_BITS, 0x7f800001,      EX_NAN_BITS, 0x7e800001};
  const u32 kind = next_random(random) % 4, sign = next_random(random) & EX_SIGN;
  *a = next_random(random);
  *b = next_random(random);
  if (kind == 0) *a = extremes[next_random(random) % COUNT_OF(extremes)] | sign;
  if (kind == 1) *b = extremes[next_random(random) % COUNT_OF(extremes)] | sign;
  if (kind == 2) {
    const u32 exponent = 128 + next_random(random) % 126;
    *b = (*b & 0x807fffffu) | exponent << 23;
    *a = sign | (((*b & EX_MANTISSA) | (exponent - 126) << 23) + next_random(random) % 9 - 4);
  }
}

static void hardware_division_and_root_are_the_integer_forms(void **state) {
  (void)state;
  const u64 mode = denormals_flush();
  u64 random = 88172645463325252u;
  u32 a = 0, b = 0, different = 0;
  for (u32 i = 0; i < 3000000 && different == 0; i++) {
    draw_operands(&random, &a, &b);
    const f32 x = ex_from_bits(a), y = ex_from_bits(b);
    different = ex_bits(ex_div(x, y)) != ex_bits(ex_div_by_integers(x, y)) ||
                ex_bits(ex_sqrt(x)) != ex_bits(ex_sqrt_by_integers(x));
  }
  denormals_restore(mode);
  if (different) fail_msg("%08x and %08x", a, b);
}

/* Without flushing: division is C division wherever nothing is denormal. */
static void integer_forms_are_correctly_rounded(void **state) {
  (void)state;
  u64 random = 1;
  for (u32 i = 0; i < 1000000; i++) {
    const f32 a = ex_from_bits((next_random(&random) & 0x807fffffu) | (64 + next_random(&random) % 128) << 23);
    const f32 b = ex_from_bits((next_random(&random) & 0x807fffffu) | (96 + next_random(&random) % 64) << 23);
    assert_int_equal(ex_bits(ex_div_by_integers(a, b)), ex_bits(a / b));
    assert_int_equal(ex_bits(ex_sqrt_by_integers(fabsf(a))), ex_bits(sqrtf(fabsf(a))));
  }
}

static u64 mix(u64 hash, u32 word) {
  hash = (hash ^ word) * 0x100000001b3u;
  return hash ^ hash >> 29;
}

/* Computed in blocks, so that the compiler is free to use vectors. */
static u64 sweep_hash(void) {
  enum { BLOCK = 256, STRIDE = 4099 };
  static f32 x[BLOCK], y[BLOCK];
  u64 hash = 14695981039346656037u;
  for (u64 begin = 0; begin <= UINT32_MAX; begin += (u64)BLOCK * STRIDE) {
    for (u32 i = 0; i < BLOCK; i++) x[i] = ex_from_bits((u32)(begin + (u64)i * STRIDE));
#define SWEEP(expression)                            \
  for (u32 i = 0; i < BLOCK; i++) y[i] = expression; \
  for (u32 i = 0; i < BLOCK; i++) hash = mix(hash, ex_bits(y[i]));
    SWEEP(ex_exp(x[i]))
    SWEEP(ex_log(x[i]))
    SWEEP(ex_sqrt(x[i]))
    SWEEP(ex_rsqrt(x[i]))
    SWEEP(ex_sigmoid(x[i]))
    SWEEP(ex_silu(x[i]))
    SWEEP(ex_tanh(x[i]))
    SWEEP(ex_div(x[i], x[BLOCK - 1 - i]))
    SWEEP(ex_div(x[BLOCK / 2], x[i]))
#undef SWEEP
  }
  return hash;
}

static void bits_are_the_stored_ones(void **state) {
  (void)state;
  const u64 mode = denormals_flush();
  const u64 hash = sweep_hash();
  denormals_restore(mode);
  if (hash != 0x9e0bf7b8019f1fd2u) fail_msg("the sweep's hash is %016llx", (unsigned long long)hash);
}

/* ---- exact_double.h ---- */

static u64 hash_double(u64 hash, f64 x) {
  const u64 bits = exact_bits64(x);
  return mix(mix(hash, (u32)bits), (u32)(bits >> 32));
}

static f64 relative(f64 value, f64 truth) { return truth == 0 ? fabs(value) : fabs(value / truth - 1); }

static void doubles_are_near_libm_and_the_stored_ones(void **state) {
  (void)state;
  u64 random = 7, hash = 14695981039346656037u;
  f64 worst[5] = {0};
  for (u32 i = 0; i < 100000; i++) {
    const f64 unit = (f64)next_random(&random) * 0x1p-32, x = (unit - 0.5) * 1400,
              angle = (unit - 0.5) * (i % 2 ? 0x1p21 : 20);
    const f64 positive = i % 2 ? exact_exp64(x / 2) : 0.7 + unit;
    f64 sine, cosine;
    exact_sincos64(angle, &sine, &cosine);
    const f64 off[5] = {
        relative(exact_exp64(x), exp(x)), relative(exact_log64(positive), log(positive)),
        relative(exact_sqrt64(positive), sqrt(positive)), fmax(fabs(sine - sin(angle)), fabs(cosine - cos(angle))),
        relative(exact_pow64(0.01 + unit * 99, (unit - 0.3) * 8), pow(0.01 + unit * 99, (unit - 0.3) * 8))};
    for (u32 k = 0; k < 5; k++) worst[k] = fmax(worst[k], off[k]);
    hash = hash_double(hash_double(hash_double(hash, exact_exp64(x)), exact_log64(positive)), exact_sqrt64(positive));
    hash = hash_double(hash_double(hash, sine), cosine);
  }
  print_message("# double: exp %.2g log %.2g sqrt %.2g sin, cos %.2g pow %.2g\n", worst[0], worst[1], worst[2],
                worst[3], worst[4]);
  assert_true(worst[0] <= 4 * 0x1p-53 && worst[1] <= 4 * 0x1p-53 && worst[2] <= 2 * 0x1p-53 && worst[3] <= 4 * 0x1p-53);
  assert_true(worst[4] <= (2 * 8 * 5 + 4) * 0x1p-53); /* the exponent's rounding times |log of the result| */
  assert_true(exact_exp64(0) == 1 && exact_log64(1) == 0 && exact_sqrt64(0) == 0 && exact_sqrt64(64) == 8 &&
              exact_cos64(0) == 1 && exact_sin64(0) == 0);
  if (hash != 0xcbe773c535083ed4u) fail_msg("the doubles' hash is %016llx", (unsigned long long)hash);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(errors_are_what_the_header_says),
      cmocka_unit_test(special_values_are_as_written),
      cmocka_unit_test(hardware_division_and_root_are_the_integer_forms),
      cmocka_unit_test(integer_forms_are_correctly_rounded),
      cmocka_unit_test(bits_are_the_stored_ones),
      cmocka_unit_test(doubles_are_near_libm_and_the_stored_ones),
  };
  return cmocka_run_group_tests_name("exact_math", tests, NULL, NULL);
}
