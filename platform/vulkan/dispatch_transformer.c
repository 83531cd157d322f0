/* The groups of the decoder's kernels, attention and matrix products aside. See dispatch.h. */
#include "platform/vulkan/dispatch.h"

void dispatch_rmsnorm_fwd(const void *params, struct dispatch *dispatch) {
  const struct rmsnorm_fwd_params *p = params;
  *dispatch = dispatch_rows(p->count, p->rows_max, 1, 6ull * p->width);
}
