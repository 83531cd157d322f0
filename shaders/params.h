/* The params struct of every kernel, declared once for C and for GLSL (push constants: at most 128 bytes, addresses first).
 *
 * ADDRESS members are 64-bit buffer addresses: host addresses on the CPU device, buffer device addresses on Vulkan. The word
 * before the name is the element type read through it. Shapes are in the comment, outermost first.
 *
 * Legend: T rows of a pack (tokens), N records (samples x response_max), C width, F ffn, V vocabulary, H query heads, G kv heads,
 * D head_dim, S reward streams. `count` points at one u32: how many rows are live now (rows_max is the bound of the dispatch).
 * `first` is the index of a chunk's first row: live rows of the chunk = clamp(count[0] - first, 0, rows_max).
 * "quiet" = |x| < 2^-51 stored as +0 (EXACT rule: operands of matrix products); "flush" = |x| < 2^-100 stored as +0: what elementwise kernels do
 * to every product, so that no sum or product of stored values is ever denormal. (shaders/exact_math.h; no input holds denormals.)
 * Operations are done in the order written, left to right, each rounded. Gradients: dx assigned, *_acc accumulates. */
#ifndef RLSP_SHADERS_PARAMS_H
#define RLSP_SHADERS_PARAMS_H

#ifdef GL_core_profile
#define PARAMS(name) struct name
#define ADDRESS(type, name) type name;
#define UINT(name) uint name;
#define REAL(name) float name;
layout(buffer_reference, std430, buffer_reference_align = 4) buffer F32 { float v[]; };
layout(buffer_reference, std430, buffer_reference_align = 4) buffer U32 { uint v[]; };
#else
#include "engine/types.h"
#define PARAMS(name) struct name
#define ADDRESS(type, name) u64 name;
#define UINT(name) u32 name;
#define REAL(name) f32 name;
#endif

/* C = A * B (+ bias), k in blocks of 64, block sums added in order. Layouts (row strides lda, ldb, ldc in elements):
 *   MATMUL_NT: A[m][k], B[n][k]   y = x W^T       `count` bounds m
 *   MATMUL_NN: A[m][k], B[k][n]   dx = dy W       `count` bounds m
 *   MATMUL_TN: A[k][m], B[k][n]   dW = dy^T x     `count` bounds k (no rows: C is zero, or kept when accumulating)
 * flags: MATMUL_ACCUMULATE: the running total starts from C instead of the first block; MATMUL_QUIET: the result is quieted.
 * count 0 = the bound is m (or k) itself. bias 0 = none; bias[n] is added last, before the quieting. */
#define MATMUL_NT 0u
#define MATMUL_NN 1u
#define MATMUL_TN 2u
#define MATMUL_ACCUMULATE 1u
#define MATMUL_QUIET 2u
PARAMS(matmul_params) {
  ADDRESS(F32, a) ADDRESS(F32, b) ADDRESS(F32, c) ADDRESS(F32, bias) ADDRESS(U32, count)
  UINT(m) UINT(n) UINT(k) UINT(lda) UINT(ldb) UINT(ldc) UINT(first) UINT(orientation) UINT(flags)
};

/* result[t][:] = table[token[t]][:] */
PARAMS(embed_fwd_params) {
  ADDRESS(F32, table) /* [V][C] */ ADDRESS(U32, token) /* [T] */ ADDRESS(F32, result) /* [T][C] */ ADDRESS(U32, count)
  UINT(rows_max) UINT(width)
};
/* dtable_acc[unique[u]][:] += sum of dx[order[i]][:] for i in begin[u]..begin[u+1]-1, in blocks of 64 entries, blocks in order. */
PARAMS(embed_bwd_params) {
  ADDRESS(F32, dx) /* [T][C] */ ADDRESS(F32, dtable_acc) /* [V][C] */
  ADDRESS(U32, unique) /* [U] token ids, each once */ ADDRESS(U32, begin) /* [U+1] */ ADDRESS(U32, order) /* [T] rows sorted by token, stable */
  ADDRESS(U32, unique_count) UINT(unique_max) UINT(width)
};

/* y = quiet(x * rstd * w), rstd = 1/sqrt(mean(x^2) + eps); row sum = 64 strided lanes, then the fixed tree. */
PARAMS(rmsnorm_fwd_params) {
  ADDRESS(F32, x) ADDRESS(F32, w) /* [C] */ ADDRESS(F32, y) ADDRESS(F32, rstd) /* [T] */ ADDRESS(U32, count)
  UINT(rows_max) UINT(width) REAL(eps)
};
/* dx = quiet(residual + rstd * (w*dy - x*rstd * mean(w*dy * x*rstd))); residual (0 = none) is the gradient that goes round the block;
 * it may be dx itself. */
PARAMS(rmsnorm_bwd_params) {
  ADDRESS(F32, x) ADDRESS(F32, w) ADDRESS(F32, rstd) ADDRESS(F32, dy) ADDRESS(F32, residual) ADDRESS(F32, dx) ADDRESS(U32, count)
  UINT(rows_max) UINT(width)
};
/* dw[c] = sum over t of dy*x*rstd, t in blocks of 64, blocks in order. Assigned; zero when there are no rows. */
PARAMS(rmsnorm_bwd_w_params) {
  ADDRESS(F32, x) ADDRESS(F32, rstd) ADDRESS(F32, dy) ADDRESS(F32, dw) ADDRESS(U32, count)
  UINT(rows_max) UINT(width)
};
/* db[n] = sum over t of dy[t][n], t in blocks of 64, blocks in order. Assigned. */
PARAMS(bias_bwd_params) {
  ADDRESS(F32, dy) /* [T][stride] */ ADDRESS(F32, db) /* [width] */ ADDRESS(U32, count)
  UINT(rows_max) UINT(width) UINT(stride)
};

/* In place, on the first `heads` heads of each row: (a, b) -> (a*cos - b*sin, a*sin + b*cos) for pairs (i, i + D/2); quieted.
 * direction 0 forward, 1 backward (sin negated). Table rows are positions. */
PARAMS(rope_params) {
  ADDRESS(F32, x) /* [T][stride] */ ADDRESS(U32, position) /* [T] */ ADDRESS(F32, cosine) /* [P][D/2] */ ADDRESS(F32, sine)
  ADDRESS(U32, count) UINT(rows_max) UINT(heads) UINT(head_dim) UINT(stride) UINT(direction)
};

/* Causal grouped-query attention; one form for packed training rows and for decode over a KV cache. Row t sees keys
 * kv_start[t] .. kv_start[t] + kv_count[t] - 1 of k and v (rows of kv_stride elements; head g at column g*D).
 * s_j = (q . k_j, d in blocks of 64) * scale; m = max by integer key; p_j = quiet(exp(s_j - m)); l = sum of p (64 strided lanes, fixed tree);
 * o = quiet((sum of p_j v_j, keys in blocks of 64 from the sequence's key 0, blocks in order) / l). stat (0 = not wanted) keeps m and l. */
PARAMS(attention_fwd_params) {
  ADDRESS(F32, q) /* [T][q_stride] */ ADDRESS(F32, k) ADDRESS(F32, v) ADDRESS(F32, o) /* [T][H*D] */ ADDRESS(F32, stat) /* [T][H][2] */
  ADDRESS(U32, kv_start) /* [T] */ ADDRESS(U32, kv_count) /* [T] */ ADDRESS(U32, count)
  UINT(rows_max) UINT(heads) UINT(kv_heads) UINT(head_dim) UINT(q_stride) UINT(kv_stride) REAL(scale)
};
/* Packed training rows only. p_j = quiet(quiet(exp(s_j - m)) / l); delta = sum_d do*o (64 strided lanes, tree); dp_j = do . v_j (d in blocks of 64);
 * ds_j = quiet(p_j * (dp_j - delta) * scale); dq = quiet(sum_j ds_j k_j, keys in blocks of 64, blocks in order). delta is kept for the dkv kernel. */
PARAMS(attention_bwd_q_params) {
  ADDRESS(F32, q) ADDRESS(F32, k) ADDRESS(F32, v) ADDRESS(F32, o) ADDRESS(F32, d_o) /* [T][H*D] */ ADDRESS(F32, stat) ADDRESS(F32, delta) /* [T][H] */
  ADDRESS(F32, dq) /* [T][q_stride] */ ADDRESS(U32, kv_start) ADDRESS(U32, kv_count) ADDRESS(U32, count)
  UINT(rows_max) UINT(heads) UINT(kv_heads) UINT(head_dim) UINT(q_stride) UINT(kv_stride) REAL(scale)
};
/* For key row j of kv head g: for each query head of the group in order: queries t = j .. seq_end[j]-1 in blocks of 64 counted from t = j,
 * blocks in order; then the heads' totals added in order. dk = quiet(sum ds*q), dv = quiet(sum p*do). p, ds as above (stat, delta read). */
PARAMS(attention_bwd_kv_params) {
  ADDRESS(F32, q) ADDRESS(F32, k) ADDRESS(F32, v) ADDRESS(F32, d_o) ADDRESS(F32, stat) ADDRESS(F32, delta)
  ADDRESS(F32, dk) /* [T][kv_stride] */ ADDRESS(F32, dv) ADDRESS(U32, seq_end) /* [T] row after the sequence's last */ ADDRESS(U32, count)
  UINT(rows_max) UINT(heads) UINT(kv_heads) UINT(head_dim) UINT(q_stride) UINT(kv_stride) REAL(scale)
};
/* Copies row t of k and v (columns of a qkv buffer) to cache row cache_row[t]. */
PARAMS(kv_store_params) {
  ADDRESS(F32, k) ADDRESS(F32, v) /* [T][stride] */ ADDRESS(F32, k_cache) ADDRESS(F32, v_cache) /* [rows][width] */ ADDRESS(U32, cache_row) ADDRESS(U32, count)
  UINT(rows_max) UINT(width) UINT(stride)
};

/* result = quiet(silu(gate) * up); gate_up [T][2F]: gate first, then up. */
PARAMS(swiglu_fwd_params) {
  ADDRESS(F32, gate_up) ADDRESS(F32, result) /* [T][F] */ ADDRESS(U32, count)
  UINT(rows_max) UINT(width)
};
/* dgate = quiet(dout*up * s*(1 + gate*(1-s))), s = sigmoid(gate); dup = quiet(dout * gate*s). d_gate_up may be gate_up itself. */
PARAMS(swiglu_bwd_params) {
  ADDRESS(F32, gate_up) ADDRESS(F32, dout) ADDRESS(F32, d_gate_up) ADDRESS(U32, count)
  UINT(rows_max) UINT(width)
};

/* result = a + b over count[0]*width elements (count 0: rows_max*width). result may be a or b. */
PARAMS(add_params) {
  ADDRESS(F32, a) ADDRESS(F32, b) ADDRESS(F32, result) ADDRESS(U32, count)
  UINT(rows_max) UINT(width)
};
/* result[i] = value, i < n */
PARAMS(fill_params) {
  ADDRESS(F32, result) UINT(n) REAL(value)
};
/* result[i] = in[i], i < n */
PARAMS(copy_params) {
  ADDRESS(F32, source) ADDRESS(F32, result) UINT(n)
};
/* Rows gathered: result[i][:] = x[row[i]][:] for i < count[0]. */
PARAMS(gather_rows_params) {
  ADDRESS(F32, x) ADDRESS(U32, row) ADDRESS(F32, result) ADDRESS(U32, count)
  UINT(rows_max) UINT(width)
};
/* Rows scattered: result[row[i]][:] = x[i][:] for i < count[0] (rows distinct); rows not named are left alone. */
PARAMS(scatter_rows_params) {
  ADDRESS(F32, x) ADDRESS(U32, row) ADDRESS(F32, result) ADDRESS(U32, count)
  UINT(rows_max) UINT(width)
};

/* Per row of a chunk of logits [rows][V] (z_j = flush(logit_j * inverse_temperature)): m = max by integer key; L = sum exp(z_j - m) (64 strided lanes
 * from +0, tree); logprob[first+i] = (z_target - m) - log L; entropy = log L - (sum exp(z_j - m) * (z_j - m), same order) / L; stat[first+i] = (m, L).
 * target, logprob, entropy, stat are indexed by first + row. entropy 0 = not wanted. Logits are finite: a token is masked by -1e30, not by -inf. */
PARAMS(logprob_fwd_params) {
  ADDRESS(F32, logits) ADDRESS(U32, target) ADDRESS(F32, logprob) ADDRESS(F32, entropy) ADDRESS(F32, stat) /* [.][2] */ ADDRESS(U32, count)
  UINT(first) UINT(rows_max) UINT(vocab) REAL(inverse_temperature)
};
/* In place: logits become dlogits. With p_j = exp(z_j - m) / L, lp_j = (z_j - m) - log L:
 * dlogit_j = quiet(inverse_temperature * (dlogprob * (1[j == target] - p_j) - (dentropy * p_j) * (lp_j + entropy))). dentropy (address) 0 = none:
 * no subtraction. */
PARAMS(logprob_bwd_params) {
  ADDRESS(F32, logits) ADDRESS(U32, target) ADDRESS(F32, stat) ADDRESS(F32, dlogprob) ADDRESS(F32, entropy) ADDRESS(F32, dentropy) ADDRESS(U32, count)
  UINT(first) UINT(rows_max) UINT(vocab) REAL(inverse_temperature)
};
/* Per slot: draws a token from softmax(z) by the inverse of the cumulative sum: u = (word 0 >> 8) * 2^-24 of Philox4x32-10 under key (seed_low,
 * seed_high), counter (position[i], sample_index[i], iteration[0], stream). With e_j = exp(z_j - m) as in logprob_fwd: b_k = in-order sum of e over
 * tokens 64k .. 64k+63; c_0 = b_0, c_k = c_(k-1) + b_k; cut = u * c_last. The token is the first j of the first block k with c_k > cut for which
 * c_(k-1) + (in-order sum of the block's e up to j) > cut: it always has e_j > 0. A row with NaNs (each taken as the canonical one), and greedy = 1: the
 * first maximum by integer key.
 * logprob is logprob_fwd's, bit for bit (its L is the strided-lane sum). */
PARAMS(sample_params) {
  ADDRESS(F32, logits) /* [B][V] */ ADDRESS(U32, sample_index) /* [B] */ ADDRESS(U32, position) /* [B] */ ADDRESS(U32, token) /* [B] out */
  ADDRESS(F32, logprob) /* [B] out */ ADDRESS(U32, iteration) /* [1] */ ADDRESS(U32, count)
  UINT(rows_max) UINT(vocab) UINT(seed_low) UINT(seed_high) UINT(stream) UINT(greedy) REAL(inverse_temperature)
};

/* SFT: loss[t] = flush(-(flush(weight[t] * logprob[t]) * scale[0])); dlogprob[t] = flush(-(weight[t] * scale[0])). scale[0] = 1 / (loss tokens of
 * the step). */
PARAMS(cross_entropy_params) {
  ADDRESS(F32, logprob) ADDRESS(F32, weight) ADDRESS(F32, scale) ADDRESS(F32, loss) ADDRESS(F32, dlogprob) ADDRESS(U32, count)
  UINT(rows_max)
};
/* Clipped surrogate (Schulman et al. 2017, eq. 7). ratio = exp(logprob - old); a = flush(ratio*A), b = flush(clip(ratio, 1-clip_low, 1+clip_high)*A);
 * clipped = b < a; loss = flush(-((clipped ? b : a) * scale[0])); dlogprob = clipped ? 0 : loss (the ratio's derivative is the ratio). old, advantage
 * are records read at record[t].
 * stat[t] = (ratio, 1 if clipped else 0, logprob - old, k3 estimate of KL(old||new): (exp(d) - 1) - d with d = logprob - old). */
PARAMS(ppo_policy_params) {
  ADDRESS(F32, logprob) ADDRESS(U32, record) ADDRESS(F32, old_logprob) ADDRESS(F32, advantage) ADDRESS(F32, scale)
  ADDRESS(F32, loss) ADDRESS(F32, dlogprob) ADDRESS(F32, stat) /* [T][4] */ ADDRESS(U32, count)
  UINT(rows_max) REAL(clip_low) REAL(clip_high)
};
/* Per row t and stream s: v = value[t][s], old and ret are records [S][N] read at s*records + record[t]; limited = v - old > clip ? old + clip :
 * v - old < -clip ? old - clip : v; a = flush((v-ret)^2), b = flush((limited-ret)^2); clipped = b > a; loss[t][s] = flush(flush((clipped ? b : a) * 0.5)
 * * scale[0]); dvalue = clipped ? 0 : quiet((v-ret) * scale[0]); stat[t][s] = clipped ? 1 : 0. clip 0 = no clipping (limited = v). */
PARAMS(ppo_value_params) {
  ADDRESS(F32, value) /* [T][S] */ ADDRESS(U32, record) ADDRESS(F32, old_value) ADDRESS(F32, ret) ADDRESS(F32, scale)
  ADDRESS(F32, loss) /* [T][S] */ ADDRESS(F32, dvalue) /* [T][S] */ ADDRESS(F32, stat) /* [T][S] */ ADDRESS(U32, count)
  UINT(rows_max) UINT(streams) UINT(records) REAL(clip)
};

/* Records are [samples][response_max]; sample i has lengths[i] live tokens. KL per token (k1) = logprob - reference;
 * kl[i][p] = that, 0 beyond the length; for stream s: reward[s][i][p] = s == kl_stream ? flush(-(kl_coef[0] * kl)) : 0, to which outcome[s][i] is added
 * (s == kl_stream) or which is outcome[s][i] (other streams) at p == length-1; 0 beyond the length. */
PARAMS(token_reward_params) {
  ADDRESS(F32, logprob) ADDRESS(F32, reference) ADDRESS(U32, lengths) ADDRESS(F32, outcome) /* [S][samples] */ ADDRESS(F32, kl_coef)
  ADDRESS(F32, kl) /* [samples][response_max] */ ADDRESS(F32, reward) /* [S][samples][response_max] */
  UINT(samples) UINT(response_max) UINT(streams) UINT(kl_stream)
};
/* GAE (Schulman et al. 2016, eq. 16), one stream: from the last live token back, delta = (r + flush(gamma*V_next)) - V (at the last token r - V),
 * A = delta + flush(gamma_lambda*A_next) (at the last token delta); ret = A + V. Beyond the length advantage and ret are 0. gamma_lambda is gamma*lambda. */
PARAMS(gae_params) {
  ADDRESS(F32, reward) ADDRESS(F32, value) ADDRESS(U32, lengths) ADDRESS(F32, advantage) ADDRESS(F32, ret) /* all [samples][response_max] */
  UINT(samples) UINT(response_max) REAL(gamma) REAL(gamma_lambda)
};
/* One level of a reduction: result[g] = sum of f(x[i]) over i in [4096 g, 4096 (g+1)): lane l of 64 adds i = l, l+64, ... in order, from +0; then the fixed tree
 * (lanes l and l+32, then 16, 8, 4, 2, 1). REDUCE_SUM f(x) = flush(x); REDUCE_SQUARE f(x) = quiet60(x)^2 (|x| < 2^-60 counts 0);
 * REDUCE_DEVIATION f(x) = flush((x - mean[0])^2). What is not live counts +0 (all ceil(n/4096) results are assigned). lengths 0: all n are live; else x is
 * [.][response_max] and position p is live if p < lengths[row]. */
#define REDUCE_SUM 0u
#define REDUCE_SQUARE 1u
#define REDUCE_DEVIATION 2u
PARAMS(reduce_params) {
  ADDRESS(F32, x) ADDRESS(F32, result) /* [ceil(n/4096)] */ ADDRESS(U32, lengths) ADDRESS(F32, mean) ADDRESS(U32, count) /* 0 = n; else live elements = count[0]*width */
  UINT(n) UINT(width) UINT(response_max) UINT(op)
};
/* result[0] = sum[0] / divisor[0]; 0 when the divisor is 0 (the mean of nothing). */
PARAMS(divide_params) {
  ADDRESS(F32, sum) ADDRESS(F32, divisor) ADDRESS(F32, result)
};
/* Whitening mix: y = flush(flush(weight * (x - mean[0])) * rstd), rstd = 1 / (sqrt(variance[0]) + 1e-8); plain 1: y = flush(weight * x), mean and
 * variance not read. result[i][p] = accumulate ? result[i][p] + y : y; 0 beyond the length. result may be x. */
PARAMS(whiten_params) {
  ADDRESS(F32, x) ADDRESS(F32, mean) ADDRESS(F32, variance) ADDRESS(U32, lengths) ADDRESS(F32, result)
  UINT(samples) UINT(response_max) UINT(accumulate) UINT(plain) REAL(weight)
};
/* norm[0] = sqrt(square_sum[0]); scale[0] = norm > max_norm ? max_norm / norm : 1 (max_norm 0, or a NaN norm: 1). */
PARAMS(clip_scale_params) {
  ADDRESS(F32, square_sum) ADDRESS(F32, norm) ADDRESS(F32, scale) REAL(max_norm)
};
/* AdamW (Loshchilov & Hutter 2019). g' = quiet(g * scale[0]); m = flush(beta1*m + one_minus_beta1*g'); v = flush(beta2*v + one_minus_beta2*(g'*g'));
 * w = quiet(w - lr * (mhat / (sqrt(vhat) + eps) + weight_decay * w)), mhat = m * control[1], vhat = v * control[2].
 * control: [0] lr, [1] 1/(1-beta1^t), [2] 1/(1-beta2^t). */
PARAMS(adamw_params) {
  ADDRESS(F32, w) ADDRESS(F32, g) ADDRESS(F32, m) ADDRESS(F32, v) ADDRESS(F32, scale) ADDRESS(F32, control)
  UINT(n) REAL(beta1) REAL(beta2) REAL(one_minus_beta1) REAL(one_minus_beta2) REAL(eps) REAL(weight_decay)
};

#endif
