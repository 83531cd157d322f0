#include "platform/vulkan/workgroups.h"

#include "engine/check.h"
#include "shaders/geometry.h"

typedef void workgroups_function(const void *params, u32 groups[2]);

static u32 pieces(u32 n, u32 size) { return n / size + (n % size != 0); }

/* A row of groups folded into two dimensions; the shader's index is y * (groups in x) + x. */
static void fold(u32 n, u32 groups[2]) {
  groups[0] = n < WORKGROUPS_MAX ? n : WORKGROUPS_MAX;
  groups[1] = n == 0 ? 0 : pieces(n, groups[0]);
}

static void workgroups_matmul(const void *params, u32 groups[2]) {
  const struct matmul_params *p = params;
  groups[0] = pieces(p->n, MATMUL_TILE);
  groups[1] = pieces(p->m, MATMUL_TILE);
  CHECK(groups[0] <= WORKGROUPS_MAX && groups[1] <= WORKGROUPS_MAX, "a matrix product of %u x %u", p->m, p->n);
}

static void workgroups_rmsnorm_fwd(const void *params, u32 groups[2]) {
  const struct rmsnorm_fwd_params *p = params;
  fold(p->rows_max, groups);
}

static void workgroups_adamw(const void *params, u32 groups[2]) {
  const struct adamw_params *p = params;
  fold(pieces(p->n, GROUP_ELEMENTS), groups);
}

#define ROW_SHADER(name) workgroups_##name,
#define ROW_NONE(name) NULL,
#define ROW(name, form, shader) ROW_##shader(name)
static workgroups_function *const functions[KERNEL_COUNT] = {KERNEL_TABLE(ROW)};

void vulkan_workgroups(u32 kernel, const void *params, u32 groups[2]) {
  CHECK(kernel < KERNEL_COUNT && functions[kernel] != NULL, "kernel %u has no shader", kernel);
  functions[kernel](params, groups);
}
