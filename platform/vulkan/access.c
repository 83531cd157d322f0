#include "platform/vulkan/access.h"

#include "engine/check.h"

struct list {
  struct access *accesses;
  u32 count;
};

static void add(struct list *list, bool write, u64 address, u64 rows, u64 row, u64 stride) {
  if (address == 0 || rows == 0 || row == 0) return;
  CHECK(list->count < ACCESSES_MAX, "a call with more than %u accesses", ACCESSES_MAX);
  list->accesses[list->count++] = (struct access){
      .address = address, .row_bytes = 4 * row, .stride_bytes = 4 * stride, .rows = rows, .write = write};
}

/* Sizes in elements of 4 bytes: `rows` rows of `row`, `stride` apart; or n in a row. */
#define READ_ROWS(member, rows, row, stride) add(list, false, p->member, rows, row, stride)
#define WRITE_ROWS(member, rows, row, stride) add(list, true, p->member, rows, row, stride)
#define READ(member, n) READ_ROWS(member, 1, n, n)
#define WRITE(member, n) WRITE_ROWS(member, 1, n, n)
#define READ_ANY(member) READ_ROWS(member, ACCESS_ROWS_UNKNOWN, 1, 1)
#define WRITE_ANY(member) WRITE_ROWS(member, ACCESS_ROWS_UNKNOWN, 1, 1)

/* What a kernel accumulates into or works on in place is written; that it is read besides adds nothing. */
#define ACCESS(name) static void access_##name(const struct name##_params *p, struct list *list)

ACCESS(matmul) {
  const bool a_tall = p->orientation == MATMUL_TN, b_wide = p->orientation != MATMUL_NT;
  READ_ROWS(a, a_tall ? p->k : p->m, a_tall ? p->m : p->k, p->lda);
  READ_ROWS(b, b_wide ? p->k : p->n, b_wide ? p->n : p->k, p->ldb);
  WRITE_ROWS(c, p->m, p->n, p->ldc);
  READ(bias, p->n);
  READ(count, 1);
}

ACCESS(embed_fwd) {
  READ_ANY(table);
  READ(token, p->rows_max);
  WRITE(result, (u64)p->rows_max * p->width);
  READ(count, 1);
}

ACCESS(embed_bwd) {
  READ_ANY(dx);
  WRITE_ANY(dtable_acc);
  READ(unique, p->unique_max);
  READ(begin, (u64)p->unique_max + 1);
  READ_ANY(order);
  READ(unique_count, 1);
}

ACCESS(rmsnorm_fwd) {
  READ(x, (u64)p->rows_max * p->width);
  READ(w, p->width);
  WRITE(y, (u64)p->rows_max * p->width);
  WRITE(rstd, p->rows_max);
  READ(count, 1);
}

ACCESS(rmsnorm_bwd) {
  READ(x, (u64)p->rows_max * p->width);
  READ(w, p->width);
  READ(rstd, p->rows_max);
  READ(dy, (u64)p->rows_max * p->width);
  READ(residual, (u64)p->rows_max * p->width);
  WRITE(dx, (u64)p->rows_max * p->width);
  READ(count, 1);
}

ACCESS(rmsnorm_bwd_w) {
  READ(x, (u64)p->rows_max * p->width);
  READ(rstd, p->rows_max);
  READ(dy, (u64)p->rows_max * p->width);
  WRITE(dw, p->width);
  READ(count, 1);
}

ACCESS(bias_bwd) {
  READ_ROWS(dy, p->rows_max, p->width, p->stride);
  WRITE(db, p->width);
  READ(count, 1);
}

ACCESS(rope) {
  WRITE_ROWS(x, p->rows_max, (u64)p->heads * p->head_dim, p->stride);
  READ(position, p->rows_max);
  READ_ANY(cosine);
  READ_ANY(sine);
  READ(count, 1);
}

ACCESS(attention_fwd) {
  READ_ROWS(q, p->rows_max, (u64)p->heads * p->head_dim, p->q_stride);
  READ_ANY(k);
  READ_ANY(v);
  WRITE(o, (u64)p->rows_max * p->heads * p->head_dim);
  WRITE(stat, (u64)p->rows_max * p->heads * 2);
  READ(kv_start, p->rows_max);
  READ(kv_count, p->rows_max);
  READ(count, 1);
}

ACCESS(attention_bwd_q) {
  READ_ROWS(q, p->rows_max, (u64)p->heads * p->head_dim, p->q_stride);
  READ_ROWS(k, p->rows_max, (u64)p->kv_heads * p->head_dim, p->kv_stride);
  READ_ROWS(v, p->rows_max, (u64)p->kv_heads * p->head_dim, p->kv_stride);
  READ(o, (u64)p->rows_max * p->heads * p->head_dim);
  READ(d_o, (u64)p->rows_max * p->heads * p->head_dim);
  READ(stat, (u64)p->rows_max * p->heads * 2);
  WRITE(delta, (u64)p->rows_max * p->heads);
  WRITE_ROWS(dq, p->rows_max, (u64)p->heads * p->head_dim, p->q_stride);
  READ(kv_start, p->rows_max);
  READ(kv_count, p->rows_max);
  READ(count, 1);
}

ACCESS(attention_bwd_kv) {
  READ_ROWS(q, p->rows_max, (u64)p->heads * p->head_dim, p->q_stride);
  READ_ROWS(k, p->rows_max, (u64)p->kv_heads * p->head_dim, p->kv_stride);
  READ_ROWS(v, p->rows_max, (u64)p->kv_heads * p->head_dim, p->kv_stride);
  READ(d_o, (u64)p->rows_max * p->heads * p->head_dim);
  READ(stat, (u64)p->rows_max * p->heads * 2);
  READ(delta, (u64)p->rows_max * p->heads);
  WRITE_ROWS(dk, p->rows_max, (u64)p->kv_heads * p->head_dim, p->kv_stride);
  WRITE_ROWS(dv, p->rows_max, (u64)p->kv_heads * p->head_dim, p->kv_stride);
  READ(seq_end, p->rows_max);
  READ(count, 1);
}

ACCESS(kv_store) {
  READ_ROWS(k, p->rows_max, p->width, p->stride);
  READ_ROWS(v, p->rows_max, p->width, p->stride);
  WRITE_ANY(k_cache);
  WRITE_ANY(v_cache);
  READ(cache_row, p->rows_max);
  READ(count, 1);
}

ACCESS(swiglu_fwd) {
  READ(gate_up, (u64)p->rows_max * 2 * p->width);
  WRITE(result, (u64)p->rows_max * p->width);
  READ(count, 1);
}

ACCESS(swiglu_bwd) {
  READ(gate_up, (u64)p->rows_max * 2 * p->width);
  READ(dout, (u64)p->rows_max * p->width);
  WRITE(d_gate_up, (u64)p->rows_max * 2 * p->width);
  READ(count, 1);
}

ACCESS(add) {
  READ(a, (u64)p->rows_max * p->width);
  READ(b, (u64)p->rows_max * p->width);
  WRITE(result, (u64)p->rows_max * p->width);
  READ(count, 1);
}

ACCESS(fill) { WRITE(result, p->n); }

ACCESS(copy) {
  READ(source, p->n);
  WRITE(result, p->n);
}

ACCESS(gather_rows) {
  READ_ANY(x);
  READ(row, p->rows_max);
  WRITE(result, (u64)p->rows_max * p->width);
  READ(count, 1);
}

ACCESS(scatter_rows) {
  READ(x, (u64)p->rows_max * p->width);
  READ(row, p->rows_max);
  WRITE_ANY(result);
  READ(count, 1);
}

ACCESS(logprob_fwd) {
  const u64 end = (u64)p->first + p->rows_max;
  READ(logits, (u64)p->rows_max * p->vocab);
  READ(target, end);
  WRITE(logprob, end);
  WRITE(entropy, end);
  WRITE(stat, 2 * end);
  READ(count, 1);
}

ACCESS(logprob_bwd) {
  const u64 end = (u64)p->first + p->rows_max;
  WRITE(logits, (u64)p->rows_max * p->vocab);
  READ(target, end);
  READ(stat, 2 * end);
  READ(dlogprob, end);
  READ(entropy, end);
  READ(dentropy, end);
  READ(count, 1);
}

ACCESS(sample) {
  READ(logits, (u64)p->rows_max * p->vocab);
  READ(sample_index, p->rows_max);
  READ(position, p->rows_max);
  WRITE(token, p->rows_max);
  WRITE(logprob, p->rows_max);
  READ(iteration, 1);
  READ(count, 1);
}

ACCESS(cross_entropy) {
  READ(logprob, p->rows_max);
  READ(weight, p->rows_max);
  READ(scale, 1);
  WRITE(loss, p->rows_max);
  WRITE(dlogprob, p->rows_max);
  READ(count, 1);
}

ACCESS(ppo_policy) {
  READ(logprob, p->rows_max);
  READ(record, p->rows_max);
  READ_ANY(old_logprob);
  READ_ANY(advantage);
  READ(scale, 1);
  WRITE(loss, p->rows_max);
  WRITE(dlogprob, p->rows_max);
  WRITE(stat, (u64)p->rows_max * 4);
  READ(count, 1);
}

ACCESS(ppo_value) {
  READ(value, (u64)p->rows_max * p->streams);
  READ(record, p->rows_max);
  READ(old_value, (u64)p->streams * p->records);
  READ(ret, (u64)p->streams * p->records);
  READ(scale, 1);
  WRITE(loss, (u64)p->rows_max * p->streams);
  WRITE(dvalue, (u64)p->rows_max * p->streams);
  WRITE(stat, (u64)p->rows_max * p->streams);
  READ(count, 1);
}

ACCESS(token_reward) {
  const u64 records = (u64)p->samples * p->response_max;
  READ(logprob, records);
  READ(reference, records);
  READ(lengths, p->samples);
  READ(outcome, (u64)p->streams * p->samples);
  READ(kl_coef, 1);
  WRITE(kl, records);
  WRITE(reward, p->streams * records);
}

ACCESS(gae) {
  const u64 records = (u64)p->samples * p->response_max;
  READ(reward, records);
  READ(value, records);
  READ(lengths, p->samples);
  WRITE(advantage, records);
  WRITE(ret, records);
}

ACCESS(reduce) {
  READ(x, p->n);
  WRITE(result, ((u64)p->n + 4095) / 4096);
  READ(lengths, p->response_max == 0 ? 0 : ((u64)p->n + p->response_max - 1) / p->response_max);
  READ(mean, 1);
  READ(count, 1);
}

ACCESS(divide) {
  READ(sum, 1);
  READ(divisor, 1);
  WRITE(result, 1);
}

ACCESS(whiten) {
  const u64 records = (u64)p->samples * p->response_max;
  READ(x, records);
  READ(mean, 1);
  READ(variance, 1);
  READ(lengths, p->samples);
  WRITE(result, records);
}

ACCESS(clip_scale) {
  READ(square_sum, 1);
  WRITE(norm, 1);
  WRITE(scale, 1);
}

ACCESS(adamw) {
  WRITE(w, p->n);
  READ(g, p->n);
  WRITE(m, p->n);
  WRITE(v, p->n);
  READ(scale, 1);
  READ(control, 3);
}

u32 kernel_accesses(u32 kernel, const void *params, struct access accesses[ACCESSES_MAX]) {
  struct list list = {accesses, 0};
  switch ((enum kernel)kernel) {
#define CASE(name, form)          \
  case KERNEL_##name:             \
    access_##name(params, &list); \
    break;
    KERNEL_TABLE(CASE)
    case KERNEL_COUNT:
      break;
  }
  return list.count;
}

static u64 end_of(const struct access *access) {
  if (access->rows == ACCESS_ROWS_UNKNOWN) return UINT64_MAX;
  return access->address + (access->rows - 1) * access->stride_bytes + access->row_bytes;
}

/* Columns of one matrix, side by side: the same stride, and neither's rows reach into the other's columns. */
static bool are_columns_apart(const struct access *a, const struct access *b) {
  if (a->stride_bytes != b->stride_bytes || a->rows == ACCESS_ROWS_UNKNOWN || b->rows == ACCESS_ROWS_UNKNOWN)
    return false;
  const struct access *left = a->address <= b->address ? a : b, *right = left == a ? b : a;
  const u64 offset = (right->address - left->address) % left->stride_bytes;
  return offset >= left->row_bytes && offset + right->row_bytes <= left->stride_bytes;
}

bool access_conflict(const struct access *a, const struct access *b) {
  if (!a->write && !b->write) return false;
  if (end_of(a) <= b->address || end_of(b) <= a->address) return false;
  return !are_columns_apart(a, b);
}
