/* The groups of the losses, the advantages and the optimizer. See dispatch.h. */
#include "platform/vulkan/dispatch.h"

void dispatch_adamw(const void *params, struct dispatch *dispatch) {
  const struct adamw_params *p = params;
  *dispatch = dispatch_elements(0, p->n, 1, 40);
}
