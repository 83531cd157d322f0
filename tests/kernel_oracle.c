#include "tests/kernel_oracle.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "platform/cpu/thread_pool.h"

#define SMALLEST 0x1p-126 /* a result below it may be flushed to zero */
#define SEED 20250611u

static _Alignas(64) u8 scratch[KERNEL_SCRATCH_BYTES];

struct bounded bounded_of(f64 value) {
  return (struct bounded){value, 0};
}

/* The float result lies within `carried` of value before it is rounded. */
static struct bounded rounded(f64 value, f64 carried, f64 roundings) {
  return (struct bounded){value, carried + roundings * ORACLE_UNIT * (fabs(value) + carried) + SMALLEST};
}

struct bounded bounded_add(struct bounded a, struct bounded b) {
  return rounded(a.value + b.value, a.bound + b.bound, 1);
}
struct bounded bounded_sub(struct bounded a, struct bounded b) {
  return rounded(a.value - b.value, a.bound + b.bound, 1);
}

struct bounded bounded_mul(struct bounded a, struct bounded b) {
  return rounded(a.value * b.value, fabs(a.value) * b.bound + fabs(b.value) * a.bound + a.bound * b.bound, 1);
}

struct bounded bounded_div(struct bounded a, struct bounded b) {
  const f64 value = a.value / b.value, least = fabs(b.value) - b.bound;
  return rounded(value, (a.bound + fabs(value) * b.bound) / least, 1);
}

struct bounded bounded_sqrt(struct bounded a) {
  return rounded(sqrt(a.value), a.bound / sqrt(a.value), 1);
}

/* exact_math.h: 0.87 ulp, at most 1.74 half units. */
struct bounded bounded_exp(struct bounded a) {
  const f64 value = exp(a.value);
  return rounded(value, value * expm1(a.bound), 1.74);
}

struct bounded bounded_quiet(struct bounded a) {
  if (fabs(a.value) - a.bound >= 0x1p-51) return a;
  return (struct bounded){a.value,
                          fmax(a.bound, fabs(a.value) + a.bound < 0x1p-51 ? fabs(a.value) : 0x1p-51 + a.bound)};
}

void bounded_sum_add(struct bounded_sum *sum, struct bounded term) {
  sum->value += term.value;
  sum->size += fabs(term.value) + term.bound;
  sum->bounds += term.bound;
}

struct bounded bounded_sum_end(const struct bounded_sum *sum, u64 depth) {
  const f64 unit = (f64)depth * ORACLE_UNIT;
  return (struct bounded){sum->value, sum->bounds + unit / (1 - unit) * sum->size + (f64)depth * SMALLEST};
}

u64 depth_of_blocks(u64 n) { return (n < 64 ? n : 64) + (n + 63) / 64; }
u64 depth_of_lanes(u64 n) { return (n + 63) / 64 + 6; }

void assert_within(f32 got, struct bounded want, const char *what, u64 i, u64 j) {
  const f64 error = fabs((f64)got - want.value);
  if (!(error <= want.bound))
    fail_msg("%s[%llu][%llu] is %.9g, not %.9g: off by %.3g, %.2f times the bound", what, (unsigned long long)i,
             (unsigned long long)j, (f64)got, want.value, error, error / want.bound);
}

void assert_derivative(f64 analytic, f64 central, f64 size, const char *what, u64 i) {
  if (!(fabs(analytic - central) <= 1e-7 * (size + fabs(analytic))))
    fail_msg("%s[%llu]: the formula gives %.12g, central differences %.12g", what, (unsigned long long)i, analytic,
             central);
}

f32 float_sum_of_blocks(const f32 *term, u32 count) {
  f32 total = 0, block = 0;
  for (u32 i = 0; i < count; i++) {
    block = i % 64 == 0 ? term[i] : block + term[i];
    if (i % 64 == 63 || i == count - 1) total = i < 64 ? block : total + block;
  }
  return total;
}

static f32 lane_tree(const f32 *term, u32 count, u32 lane, u32 apart) {
  if (apart < 64) return lane_tree(term, count, lane, 2 * apart) + lane_tree(term, count, lane + apart, 2 * apart);
  f32 sum = lane < count ? term[lane] : 0;
  for (u32 i = lane + 64; i < count; i += 64) sum = sum + term[i];
  return sum;
}
f32 float_sum_of_lanes(const f32 *term, u32 count) { return lane_tree(term, count, 0, 1); }

static void run_definition(const struct kernel_entry *table, enum kernel kernel, const void *params) {
  struct kernel_entry definition[KERNEL_COUNT];
  memcpy(definition, table, sizeof definition);
  definition[kernel].groups = table[kernel].definition_groups;
  definition[kernel].run = table[kernel].definition;
  kernel_image_run(definition, kernel, params);
}

static void run_whole(const struct kernel_entry *table, enum kernel kernel, const void *params) {
  const u64 mode = denormals_flush();
  memset(scratch, 0xff, sizeof scratch);
  table[kernel].run(params, 0, table[kernel].groups(params), scratch);
  denormals_restore(mode);
}

void oracle_define(enum kernel kernel, const void *params) { run_definition(kernels_baseline, kernel, params); }

void oracle_agree(struct kernel_image *image, enum kernel kernel, oracle_build *build, const void *shape,
                  void *params) {
  static const char *const forms[] = {"definition", "in pieces", "in one piece"};
  struct kernel_tables tables;
  kernel_tables_open(&tables);
  u64 hash = 0;
  for (u32 t = 0; t < tables.count; t++) {
    for (u32 form = 0; form < COUNT_OF(forms); form++) {
      image_reset(image, SEED);
      build(image, shape, params);
      if (form == 0)
        run_definition(tables.table[t], kernel, params);
      else if (form == 1)
        kernel_image_run(tables.table[t], kernel, params);
      else
        run_whole(tables.table[t], kernel, params);
      image_guards_stand(image);
      const u64 now = image_hash(image);
      if (t == 0 && form == 0) hash = now;
      if (now != hash)
        fail_msg("%s: %s, %s: not the bits of the baseline's definition", tables.table[t][kernel].name, tables.name[t],
                 forms[form]);
    }
  }
}

void assert_untouched(const f32 *x, u64 count, const char *what) {
  for (u64 i = 0; i < count; i++) {
    u32 bits;
    memcpy(&bits, &x[i], sizeof bits);
    if (bits != UINT32_MAX) fail_msg("%s[%llu] was written, beyond the live rows", what, (unsigned long long)i);
  }
}
