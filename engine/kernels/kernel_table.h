/* The kernels, listed once. ROW(name): params struct name_params (shaders/params.h), C definition engine/kernels/name.c,
 * shader shaders/name.comp. FAST rows have a second C form, memcmp-equal, that the CPU device runs.
 *   KERNEL(name, form, shader)   form: PLAIN | FAST      shader: SHADER | NONE (until its issue)              */
#ifndef RLSP_ENGINE_KERNELS_KERNEL_TABLE_H
#define RLSP_ENGINE_KERNELS_KERNEL_TABLE_H

#define KERNEL_TABLE(KERNEL)              \
  KERNEL(matmul, FAST, SHADER)            \
  KERNEL(embed_fwd, PLAIN, NONE)          \
  KERNEL(embed_bwd, PLAIN, NONE)          \
  KERNEL(rmsnorm_fwd, PLAIN, SHADER)      \
  KERNEL(rmsnorm_bwd, PLAIN, NONE)        \
  KERNEL(rmsnorm_bwd_w, PLAIN, NONE)      \
  KERNEL(bias_bwd, PLAIN, NONE)           \
  KERNEL(rope, PLAIN, NONE)               \
  KERNEL(attention_fwd, FAST, NONE)       \
  KERNEL(attention_bwd_q, FAST, NONE)     \
  KERNEL(attention_bwd_kv, FAST, NONE)    \
  KERNEL(kv_store, PLAIN, NONE)           \
  KERNEL(swiglu_fwd, PLAIN, NONE)         \
  KERNEL(swiglu_bwd, PLAIN, NONE)         \
  KERNEL(add, PLAIN, NONE)                \
  KERNEL(fill, PLAIN, NONE)               \
  KERNEL(copy, PLAIN, NONE)               \
  KERNEL(gather_rows, PLAIN, NONE)        \
  KERNEL(scatter_rows, PLAIN, NONE)       \
  KERNEL(logprob_fwd, PLAIN, SHADER)      \
  KERNEL(logprob_bwd, PLAIN, SHADER)      \
  KERNEL(sample, PLAIN, SHADER)           \
  KERNEL(cross_entropy, PLAIN, SHADER)    \
  KERNEL(ppo_policy, PLAIN, SHADER)       \
  KERNEL(ppo_value, PLAIN, SHADER)        \
  KERNEL(token_reward, PLAIN, SHADER)     \
  KERNEL(gae, PLAIN, SHADER)              \
  KERNEL(reduce, PLAIN, SHADER)           \
  KERNEL(divide, PLAIN, SHADER)           \
  KERNEL(whiten, PLAIN, SHADER)           \
  KERNEL(clip_scale, PLAIN, SHADER)       \
  KERNEL(adamw, PLAIN, SHADER)

#endif
