#include "engine/model/head.h"

static u64 at(const struct head_pass *pass, u64 offset) { return device_address(pass->device, offset); }

static u64 loss_rows(const struct head_pass *pass) {
  return at(pass, batch_count_offset(pass->batch, BATCH_COUNT_LOSS_ROWS));
}

static u64 chunk_rows(u32 rows_max, u32 vocab) {
  const u64 fitting = HEAD_CHUNK_FLOATS / vocab / 64 * 64;
  const u64 needed = ((u64)rows_max + 63) / 64 * 64;
  return fitting < 64 ? 64 : fitting < needed ? fitting : needed;
}

void head_place(struct head *head, u32 rows_max, u32 width, u32 vocab, u32 value_outputs, bool trained,
                struct arena *device) {
  const u64 rows = rows_max;
  *head = (struct head){.rows_max = rows_max, .chunk_rows = (u32)chunk_rows(rows_max, vocab)};
  head->hidden = arena_take(device, "head.hidden", DTYPE_F32, rows, width, 0, 0);
  head->logits = arena_take(device, "head.logits", DTYPE_F32, head->chunk_rows, vocab, 0, 0);
  head->stat = arena_take(device, "head.stat", DTYPE_F32, rows, 2, 0, 0);
  head->logprob = arena_take(device, "head.logprob", DTYPE_F32, rows, 0, 0, 0);
  head->entropy = arena_take(device, "head.entropy", DTYPE_F32, rows, 0, 0, 0);
  head->value = arena_take(device, "head.value", DTYPE_F32, rows, value_outputs, 0, 0);
  if (!trained) return;
  head->dhidden = arena_take(device, "head.dhidden", DTYPE_F32, rows, width, 0, 0);
  head->dlogprob = arena_take(device, "head.dlogprob", DTYPE_F32, rows, 0, 0, 0);
  head->dentropy = arena_take(device, "head.dentropy", DTYPE_F32, rows, 0, 0, 0);
  head->dvalue = arena_take(device, "head.dvalue", DTYPE_F32, rows, value_outputs, 0, 0);
}

void head_gather(const struct head_pass *pass, const struct activations *activations) {
  PROGRAM_CALL(pass->program, gather_rows, .x = at(pass, activations->norm_final),
               .row = at(pass, BATCH_OFFSET(pass->batch, loss_row)), .result = at(pass, pass->head->hidden),
               .count = loss_rows(pass), .rows_max = pass->head->rows_max, .width = pass->shape->width);
}

static void chunk_logits(const struct head_pass *pass, u32 first) {
  const u32 width = pass->shape->width, vocab = pass->shape->vocab;
  PROGRAM_CALL(pass->program, matmul, .a = at(pass, pass->head->hidden) + 4ull * first * width,
               .b = at(pass, pass->weights->head), .c = at(pass, pass->head->logits), .count = loss_rows(pass),
               .m = pass->head->chunk_rows, .n = vocab, .k = width, .lda = width, .ldb = width, .ldc = vocab,
               .first = first, .orientation = MATMUL_NT);
}

void head_policy_forward(const struct head_pass *pass, f32 inverse_temperature) {
  const struct head *head = pass->head;
  for (u32 first = 0; first < head->rows_max; first += head->chunk_rows) {
    chunk_logits(pass, first);
    PROGRAM_CALL(pass->program, logprob_fwd, .logits = at(pass, head->logits),
                 .target = at(pass, BATCH_OFFSET(pass->batch, loss_target)), .logprob = at(pass, head->logprob),
                 .entropy = at(pass, head->entropy), .stat = at(pass, head->stat), .count = loss_rows(pass),
                 .first = first, .rows_max = head->chunk_rows, .vocab = pass->shape->vocab,
                 .inverse_temperature = inverse_temperature);
  }
}

/* dx = 0 but for the loss rows, which get dhidden. */
static void scatter_gradient(const struct head_pass *pass, const struct activation_gradients *gradients) {
  const u32 width = pass->shape->width;
  PROGRAM_CALL(pass->program, fill, .result = at(pass, gradients->dx), .n = pass->batch->rows_max * width, .value = 0);
  PROGRAM_CALL(pass->program, scatter_rows, .x = at(pass, pass->head->dhidden),
               .row = at(pass, BATCH_OFFSET(pass->batch, loss_row)), .result = at(pass, gradients->dx),
               .count = loss_rows(pass), .rows_max = pass->head->rows_max, .width = width);
}

/* dhidden rows of the chunk = d W; dW = d^T hidden, the running total carried from chunk to chunk. d is [chunk][outputs]. */
static void chunk_backward(const struct head_pass *pass, const struct model_weights *grad, u64 d, u32 outputs,
                           u32 first, u32 rows) {
  const u32 width = pass->shape->width;
  const u64 hidden = 4ull * first * width;
  PROGRAM_CALL(pass->program, matmul, .a = at(pass, d), .b = at(pass, pass->weights->head),
               .c = at(pass, pass->head->dhidden) + hidden, .count = loss_rows(pass), .m = rows, .n = width,
               .k = outputs, .lda = outputs, .ldb = width, .ldc = width, .first = first, .orientation = MATMUL_NN,
               .flags = MATMUL_QUIET);
  PROGRAM_CALL(pass->program, matmul, .a = at(pass, d), .b = at(pass, pass->head->hidden) + hidden,
               .c = at(pass, grad->head), .count = loss_rows(pass), .m = outputs, .n = width, .k = rows, .lda = outputs,
               .ldb = width, .ldc = width, .first = first, .orientation = MATMUL_TN,
               .flags = first == 0 ? 0 : MATMUL_ACCUMULATE);
}

void head_policy_backward(const struct head_pass *pass, const struct model_weights *grad,
                          const struct activation_gradients *gradients, f32 inverse_temperature, bool with_entropy) {
  const struct head *head = pass->head;
  for (u32 first = 0; first < head->rows_max; first += head->chunk_rows) {
    if (head->rows_max > head->chunk_rows) chunk_logits(pass, first); /* a single chunk's logits still stand */
    PROGRAM_CALL(pass->program, logprob_bwd, .logits = at(pass, head->logits),
                 .target = at(pass, BATCH_OFFSET(pass->batch, loss_target)), .stat = at(pass, head->stat),
                 .dlogprob = at(pass, head->dlogprob), .entropy = at(pass, head->entropy),
                 .dentropy = with_entropy ? at(pass, head->dentropy) : 0, .count = loss_rows(pass), .first = first,
                 .rows_max = head->chunk_rows, .vocab = pass->shape->vocab, .inverse_temperature = inverse_temperature);
    chunk_backward(pass, grad, head->logits, pass->shape->vocab, first, head->chunk_rows);
  }
  scatter_gradient(pass, gradients);
}

void head_value_forward(const struct head_pass *pass) {
  const struct model_shape *shape = pass->shape;
  PROGRAM_CALL(pass->program, matmul, .a = at(pass, pass->head->hidden), .b = at(pass, pass->weights->head),
               .c = at(pass, pass->head->value), .bias = at(pass, pass->weights->head_bias), .count = loss_rows(pass),
               .m = pass->head->rows_max, .n = shape->outputs, .k = shape->width, .lda = shape->width,
               .ldb = shape->width, .ldc = shape->outputs, .orientation = MATMUL_NT);
}

void head_value_backward(const struct head_pass *pass, const struct model_weights *grad,
                         const struct activation_gradients *gradients) {
  const u32 outputs = pass->shape->outputs;
  chunk_backward(pass, grad, pass->head->dvalue, outputs, 0, pass->head->rows_max);
  PROGRAM_CALL(pass->program, bias_bwd, .dy = at(pass, pass->head->dvalue), .db = at(pass, grad->head_bias),
               .count = loss_rows(pass), .rows_max = pass->head->rows_max, .width = outputs, .stride = outputs);
  scatter_gradient(pass, gradients);
}
