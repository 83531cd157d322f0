/* The kernels, listed once. ROW(name): params struct name_params (shaders/params.h), C definition engine/kernels/name.c,
 * shader shaders/name.comp. FAST rows have a second C form, memcmp-equal, that the CPU device runs.
 *   KERNEL(name, form, shader)   form: PLAIN | FAST      shader: SHADER | NONE                                */
#ifndef RLSP_ENGINE_KERNELS_KERNEL_TABLE_H
#define RLSP_ENGINE_KERNELS_KERNEL_TABLE_H

#define KERNEL_TABLE(KERNEL)             \
  KERNEL(matmul, FAST, SHADER)           \
  KERNEL(embed_fwd, PLAIN, SHADER)       \
  KERNEL(embed_bwd, PLAIN, SHADER)       \
  KERNEL(rmsnorm_fwd, PLAIN, SHADER)     \
  KERNEL(rmsnorm_bwd, PLAIN, SHADER)     \
  KERNEL(rmsnorm_bwd_w, PLAIN, SHADER)   \
  KERNEL(bias_bwd, PLAIN, SHADER)        \
  KERNEL(rope, PLAIN, SHADER)            \
  KERNEL(attention_fwd, FAST, SHADER)    \
  KERNEL(attention_bwd_q, FAST, SHADER)  \
  KERNEL(attention_bwd_kv, FAST, SHADER) \
  KERNEL(kv_store, PLAIN, SHADER)        \
  KERNEL(swiglu_fwd, PLAIN, SHADER)      \
  KERNEL(swiglu_bwd, PLAIN, SHADER)      \
  KERNEL(add, PLAIN, SHADER)             \
  KERNEL(fill, PLAIN, SHADER)            \
  KERNEL(copy, PLAIN, SHADER)            \
  KERNEL(gather_rows, PLAIN, SHADER)     \
  KERNEL(scatter_rows, PLAIN, SHADER)    \
  KERNEL(logprob_fwd, PLAIN, SHADER)     \
  KERNEL(logprob_bwd, PLAIN, SHADER)     \
  KERNEL(sample, PLAIN, SHADER)          \
  KERNEL(cross_entropy, PLAIN, SHADER)   \
  KERNEL(ppo_policy, PLAIN, SHADER)      \
  KERNEL(ppo_value, PLAIN, SHADER)       \
  KERNEL(token_reward, PLAIN, SHADER)    \
  KERNEL(gae, PLAIN, SHADER)             \
  KERNEL(reduce, PLAIN, SHADER)          \
  KERNEL(divide, PLAIN, SHADER)          \
  KERNEL(whiten, PLAIN, SHADER)          \
  KERNEL(clip_scale, PLAIN, SHADER)      \
  KERNEL(adamw, PLAIN, SHADER)

#endif
