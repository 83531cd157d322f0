/* The matrix product, one row of C after another: the definition that matmul_fast.c and shaders/matmul.comp equal bit
 * for bit. */
#include "engine/kernels/kernel.h"
#include "shaders/exact_math.h"

#define BLOCK 64u

static u32 live_m(const struct matmul_params *p) {
  return p->orientation == MATMUL_TN ? p->m : kernel_live(p->count, p->first, p->m);
}

static u32 live_k(const struct matmul_params *p) {
  return p->orientation == MATMUL_TN ? kernel_live(p->count, p->first, p->k) : p->k;
}

KERNEL_GROUPS(matmul) { return live_m(params); }

static f32 element_a(const struct matmul_params *p, u64 m, u64 k) {
  const f32 *a = AT(const f32, p->a);
  return p->orientation == MATMUL_TN ? a[k * p->lda + m] : a[m * p->lda + k];
}

static f32 element_b(const struct matmul_params *p, u64 n, u64 k) {
  const f32 *b = AT(const f32, p->b);
  return p->orientation == MATMUL_NT ? b[n * p->ldb + k] : b[k * p->ldb + n];
}

/* One element of C. Each block starts from its first product; the total starts from C or from the first block. */
static f32 element(const struct matmul_params *p, u32 m, u32 n, u32 k_count, f32 c) {
  bool has_total = (p->flags & MATMUL_ACCUMULATE) != 0;
  f32 total = has_total ? c : 0;
  for (u32 k0 = 0; k0 < k_count; k0 += BLOCK) {
    const u32 k1 = k_count - k0 < BLOCK ? k_count : k0 + BLOCK;
    f32 block = element_a(p, m, k0) * element_b(p, n, k0);
    for (u32 k = k0 + 1; k < k1; k++) block = block + element_a(p, m, k) * element_b(p, n, k);
    total = has_total ? total + block : block;
    has_total = true;
  }
  return total;
}

KERNEL_RUN(matmul) {
  const struct matmul_params *p = params;
  const f32 *bias = AT(const f32, p->bias);
  const u32 k_count = live_k(p);
  (void)scratch;
  for (u32 m = group_begin; m < group_end; m++) {
    f32 *c = AT(f32, p->c) + (u64)m * p->ldc;
    for (u32 n = 0; n < p->n; n++) {
      f32 value = element(p, m, n, k_count, c[n]);
      if (bias != NULL) value = value + bias[n];
      c[n] = (p->flags & MATMUL_QUIET) != 0 ? ex_quiet(value) : value;
    }
  }
}
