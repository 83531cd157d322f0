/* The kernels, listed once. ROW(name): params struct name_params (shaders/params.h), C definition engine/kernels/name.c,
 * shader shaders/name.comp. FAST rows have a second C form, memcmp-equal, that the CPU device runs.
 *   KERNEL(name, form)   form: PLAIN | FAST */
#ifndef RLSP_ENGINE_KERNELS_KERNEL_TABLE_H
#define RLSP_ENGINE_KERNELS_KERNEL_TABLE_H

#define KERNEL_TABLE(KERNEL)             \
  KERNEL(matmul, FAST)           \
  KERNEL(embed_fwd, PLAIN)       \
  KERNEL(embed_bwd, PLAIN)       \
  KERNEL(rmsnorm_fwd, PLAIN)     \
  KERNEL(rmsnorm_bwd, PLAIN)     \
  KERNEL(rmsnorm_bwd_w, PLAIN)   \
  KERNEL(bias_bwd, PLAIN)        \
  KERNEL(rope, PLAIN)            \
  KERNEL(attention_fwd, FAST)    \
  KERNEL(attention_bwd_q, FAST)  \
  KERNEL(attention_bwd_kv, FAST) \
  KERNEL(kv_store, PLAIN)        \
  KERNEL(swiglu_fwd, PLAIN)      \
  KERNEL(swiglu_bwd, PLAIN)      \
  KERNEL(add, PLAIN)             \
  KERNEL(fill, PLAIN)            \
  KERNEL(copy, PLAIN)            \
  KERNEL(gather_rows, PLAIN)     \
  KERNEL(scatter_rows, PLAIN)    \
  KERNEL(logprob_fwd, PLAIN)     \
  KERNEL(logprob_bwd, PLAIN)     \
  KERNEL(sample, PLAIN)          \
  KERNEL(cross_entropy, PLAIN)   \
  KERNEL(ppo_policy, PLAIN)      \
  KERNEL(ppo_value, PLAIN)       \
  KERNEL(token_reward, PLAIN)    \
  KERNEL(gae, PLAIN)             \
  KERNEL(reduce, PLAIN)          \
  KERNEL(divide, PLAIN)          \
  KERNEL(whiten, PLAIN)          \
  KERNEL(clip_scale, PLAIN)      \
  KERNEL(adamw, PLAIN)

#endif
