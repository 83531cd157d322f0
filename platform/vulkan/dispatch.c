#include "platform/vulkan/dispatch.h"

#include "engine/check.h"

typedef void dispatch_function(const void *params, struct dispatch *dispatch);

#define ROW(name, form) dispatch_##name,
static dispatch_function *const functions[KERNEL_COUNT] = {KERNEL_TABLE(ROW)};

struct dispatch dispatch_rows(u64 count, u32 rows_max, u32 per_group, u64 row_cost) {
  return (struct dispatch){.count = count,
                           .rows_max = rows_max,
                           .unit = 1,
                           .per_group = per_group,
                           .repeat = 1,
                           .group_cost = per_group * row_cost};
}

struct dispatch dispatch_elements(u64 count, u32 rows_max, u32 width, u32 element_cost) {
  return (struct dispatch){.count = count,
                           .rows_max = rows_max,
                           .unit = width,
                           .per_group = GROUP_ELEMENTS,
                           .repeat = 1,
                           .group_cost = (u64)GROUP_ELEMENTS * element_cost};
}

struct dispatch dispatch_fixed(u32 groups, u64 group_cost) {
  return dispatch_rows(0, groups, 1, group_cost);
}

u64 dispatch_groups(const struct dispatch *dispatch, u32 live) {
  const u64 units = (u64)live * dispatch->unit;
  CHECK(units <= UINT32_MAX, "%u rows of %u elements", live, dispatch->unit);
  return (units + dispatch->per_group - 1) / dispatch->per_group * dispatch->repeat;
}

void vulkan_dispatch(u32 kernel, const void *params, bool on_cpu, struct dispatch *dispatch) {
  CHECK(kernel < KERNEL_COUNT, "kernel %u", kernel);
  *dispatch = (struct dispatch){.on_cpu = on_cpu};
  functions[kernel](params, dispatch);
  CHECK(dispatch->unit > 0 && dispatch->per_group > 0 && dispatch->repeat > 0, "kernel %u has an empty dispatch",
        kernel);
}
