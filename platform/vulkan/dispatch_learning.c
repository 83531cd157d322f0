/* The groups of the losses, the advantages and the optimizer. See dispatch.h. */
#include "platform/vulkan/dispatch.h"

void dispatch_cross_entropy(const void *params, struct dispatch *dispatch) {
  const struct cross_entropy_params *p = params;
  *dispatch = dispatch_elements(p->count, p->rows_max, 1, 10);
}

void dispatch_ppo_policy(const void *params, struct dispatch *dispatch) {
  const struct ppo_policy_params *p = params;
  *dispatch = dispatch_elements(p->count, p->rows_max, 1, 50);
}

void dispatch_ppo_value(const void *params, struct dispatch *dispatch) {
  const struct ppo_value_params *p = params;
  *dispatch = dispatch_elements(p->count, p->rows_max, p->streams, 20);
}

void dispatch_token_reward(const void *params, struct dispatch *dispatch) {
  const struct token_reward_params *p = params;
  *dispatch = dispatch_elements(0, p->samples, p->response_max, 5 + 5 * p->streams);
}

void dispatch_gae(const void *params, struct dispatch *dispatch) {
  const struct gae_params *p = params;
  *dispatch = dispatch_rows(0, p->samples, GROUP_SAMPLES, 10ull * p->response_max);
}

void dispatch_reduce(const void *params, struct dispatch *dispatch) {
  const struct reduce_params *p = params;
  *dispatch = dispatch_rows(0, p->n, REDUCE_ELEMENTS, 5); /* dead elements too: all results are assigned */
}

void dispatch_divide(const void *params, struct dispatch *dispatch) {
  (void)params;
  *dispatch = dispatch_fixed(1, 50);
}

void dispatch_whiten(const void *params, struct dispatch *dispatch) {
  const struct whiten_params *p = params;
  *dispatch = dispatch_elements(0, p->samples, p->response_max, 100);
}

void dispatch_clip_scale(const void *params, struct dispatch *dispatch) {
  (void)params;
  *dispatch = dispatch_fixed(1, 100);
}

void dispatch_adamw(const void *params, struct dispatch *dispatch) {
  const struct adamw_params *p = params;
  *dispatch = dispatch_elements(0, p->n, 1, 40);
}
