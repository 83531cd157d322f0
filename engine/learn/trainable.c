#include "engine/learn/trainable.h"

#include <string.h>

#include "engine/check.h"

#define REDUCE_FAN_IN 4096u

static u32 reduced(u64 n) { return (u32)((n + REDUCE_FAN_IN - 1) / REDUCE_FAN_IN); }

/* Partials of all tensors side by side, then room for each level above. */
static u32 partials_of(const struct model_shape *shape, const struct model_weights *weights) {
  u32 count = 0;
  for (u32 i = 0; i < model_tensor_count(shape); i++) {
    const struct model_tensor tensor = model_tensor_at(shape, weights, i);
    count += reduced(model_tensor_floats(&tensor));
  }
  return count;
}

void trainable_place(struct trainable *t, const char *name, const struct model_shape *shape, u32 micro_batches_max,
                     struct arena *host, struct arena *device) {
  char label[PLAN_NAME_BYTES];
  t->name = name;
  t->shape = *shape;
  t->levels = 0;
  while ((1u << t->levels) < micro_batches_max) t->levels++;
  CHECK(t->levels <= TRAINABLE_LEVELS_MAX, "%u micro-batches", micro_batches_max);
  arena_label(device, "weights", "always");
  model_place(&t->weights, shape, name, device);
  arena_label(device, "optimizer", "always");
  snprintf(label, sizeof label, "%s.m", name);
  model_place(&t->m, shape, label, device);
  snprintf(label, sizeof label, "%s.v", name);
  model_place(&t->v, shape, label, device);
  t->partial_count = partials_of(shape, &t->weights);
  snprintf(label, sizeof label, "%s.square_partials", name);
  t->partials = arena_take(device, label, DTYPE_F32, t->partial_count + reduced(t->partial_count) + 64u, 0, 0, 0);
  snprintf(label, sizeof label, "%s.control", name);
  t->control = arena_take(device, label, DTYPE_F32, CONTROL_WORDS, 0, 0, 0);
  snprintf(label, sizeof label, "%s.control_mirror", name);
  t->control_host = arena_take_pointer(host, label, DTYPE_F32, CONTROL_WORDS, 0, 0, 0);
}

void trainable_place_gradients(struct trainable *t, struct arena *device) {
  char label[PLAN_NAME_BYTES];
  snprintf(label, sizeof label, "%s.grad", t->name);
  model_place(&t->grad, &t->shape, label, device);
  for (u32 level = 0; level < t->levels; level++) {
    snprintf(label, sizeof label, "%s.grad_sum%u", t->name, level);
    model_place(&t->sums[level], &t->shape, label, device);
  }
}

static void record_step(struct trainable *t, const struct config *config, const struct device *device) {
  const struct model_shape *shape = &t->shape;
  const u64 partials = device_address(device, t->partials), control = device_address(device, t->control);
  const u64 scale = control + 4 * CONTROL_GRAD_SCALE, square_sum = control + 4 * CONTROL_SQUARE_SUM;
  struct program *program = &t->step;
  u32 next = 0;
  program_begin(program, "optimizer");
  for (u32 i = 0; i < model_tensor_count(shape); i++) {
    const struct model_tensor g = model_tensor_at(shape, &t->grad, i);
    const u32 n = (u32)model_tensor_floats(&g);
    PROGRAM_CALL(program, reduce, .x = device_address(device, g.offset), .result = partials + 4ull * next, .n = n,
                 .width = 1, .op = REDUCE_SQUARE);
    next += reduced(n);
  }
  u64 from = partials;
  for (u32 n = t->partial_count; n > 1; n = reduced(n)) {
    const u64 to = n <= REDUCE_FAN_IN ? square_sum : from + 4ull * n;
    PROGRAM_CALL(program, reduce, .x = from, .result = to, .n = n, .width = 1, .op = REDUCE_SUM);
    from = to;
  }
  PROGRAM_CALL(program, clip_scale, .square_sum = square_sum, .norm = control + 4 * CONTROL_GRAD_NORM, .scale = scale,
               .max_norm = (f32)config->optim_max_grad_norm);
  for (u32 i = 0; i < model_tensor_count(shape); i++) {
    const struct model_tensor w = model_tensor_at(shape, &t->weights, i), g = model_tensor_at(shape, &t->grad, i);
    const struct model_tensor m = model_tensor_at(shape, &t->m, i), v = model_tensor_at(shape, &t->v, i);
    PROGRAM_CALL(program, adamw, .w = device_address(device, w.offset), .g = device_address(device, g.offset),
                 .m = device_address(device, m.offset), .v = device_address(device, v.offset), .scale = scale,
                 .control = control, .n = (u32)model_tensor_floats(&w), .beta1 = (f32)config->optim_beta1,
                 .beta2 = (f32)config->optim_beta2, .one_minus_beta1 = (f32)(1.0 - config->optim_beta1),
                 .one_minus_beta2 = (f32)(1.0 - config->optim_beta2), .eps = (f32)config->optim_eps,
                 .weight_decay = w.cols == 0 ? 0.0f : (f32)config->optim_weight_decay);
  }
}

void trainable_record(struct trainable *t, const struct config *config, const struct device *device) {
  const struct model_shape *shape = &t->shape;
  for (u32 level = 0; level < t->levels; level++) {
    program_begin(&t->save[level], "grad_save");
    program_begin(&t->merge[level], "grad_merge");
    for (u32 i = 0; i < model_tensor_count(shape); i++) {
      const struct model_tensor sum = model_tensor_at(shape, &t->sums[level], i),
                                g = model_tensor_at(shape, &t->grad, i);
      const u64 s_at = device_address(device, sum.offset), g_at = device_address(device, g.offset);
      const u32 n = (u32)model_tensor_floats(&g);
      PROGRAM_CALL(&t->save[level], copy, .source = g_at, .result = s_at, .n = n);
      PROGRAM_CALL(&t->merge[level], add, .a = s_at, .b = g_at, .result = g_at, .rows_max = n, .width = 1);
    }
  }
  program_begin(&t->reset, "optimizer_reset");
  for (u32 i = 0; i < model_tensor_count(shape); i++) {
    const struct model_tensor m = model_tensor_at(shape, &t->m, i), v = model_tensor_at(shape, &t->v, i);
    PROGRAM_CALL(&t->reset, fill, .result = device_address(device, m.offset), .n = (u32)model_tensor_floats(&m),
                 .value = 0);
    PROGRAM_CALL(&t->reset, fill, .result = device_address(device, v.offset), .n = (u32)model_tensor_floats(&v),
                 .value = 0);
  }
  record_step(t, config, device);
}

void trainable_place_programs(struct trainable *t, struct arena *host, struct arena *device) {
  for (u32 level = 0; level < t->levels; level++) {
    program_place(&t->save[level], host, device);
    program_place(&t->merge[level], host, device);
  }
  program_place(&t->reset, host, device);
  program_place(&t->step, host, device);
}

enum status trainable_load(struct trainable *t, struct device *device, struct error *error) {
  enum status status = device_program_load(device, &t->step, error);
  if (status == STATUS_OK) status = device_program_load(device, &t->reset, error);
  for (u32 level = 0; level < t->levels && status == STATUS_OK; level++) {
    status = device_program_load(device, &t->save[level], error);
    if (status == STATUS_OK) status = device_program_load(device, &t->merge[level], error);
  }
  return status;
}

enum status trainable_reset(struct trainable *t, struct device *device, struct error *error) {
  return device_program_run(device, &t->reset, error);
}

static enum status upload_control(struct trainable *t, struct device *device, struct error *error) {
  return device_upload(device, t->control, t->control_host, 4 * CONTROL_UPLOADED, error);
}

enum status trainable_begin(struct trainable *t, f64 loss_tokens, f64 entropy_coef, struct device *device,
                            struct error *error) {
  CHECK(loss_tokens > 0, "a step without loss tokens");
  t->micro_batches = 0;
  t->control_host[CONTROL_LOSS_SCALE] = (f32)(1.0 / loss_tokens);
  t->control_host[CONTROL_ENTROPY_SCALE] = (f32)(entropy_coef / loss_tokens);
  return upload_control(t, device, error);
}

enum status trainable_accumulate(struct trainable *t, struct device *device, struct error *error) {
  const u32 index = t->micro_batches++;
  CHECK((index >> t->levels) == 0, "%s: micro-batch %u of a step planned for %u", t->name, index + 1, 1u << t->levels);
  if (t->levels == 0) return STATUS_OK;
  u32 level = 0;
  for (; index >> level & 1u; level++) {
    const enum status status = device_program_run(device, &t->merge[level], error);
    if (status != STATUS_OK) return status;
  }
  return level < t->levels ? device_program_run(device, &t->save[level], error) : STATUS_OK;
}

/* The partial sums that are left, smallest last: grad = (largest + (... + smallest)). */
static enum status fold_sums(struct trainable *t, struct device *device, struct error *error) {
  const u32 count = t->micro_batches;
  if (t->levels == 0 || count == 1u << t->levels) return STATUS_OK;
  u32 lowest = 0;
  while ((count >> lowest & 1u) == 0) lowest++; /* its sum is what grad still holds */
  for (u32 level = lowest + 1; level < t->levels; level++) {
    if ((count >> level & 1u) == 0) continue;
    const enum status status = device_program_run(device, &t->merge[level], error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

/* beta^t by squaring: the same double on every machine. */
static f64 power(f64 beta, u64 t) {
  f64 result = 1.0;
  for (; t != 0; t >>= 1, beta *= beta)
    if (t & 1) result *= beta;
  return result;
}

enum status trainable_step(struct trainable *t, const struct config *config, f64 lr, u64 step, f64 *grad_norm,
                           struct device *device, struct error *error) {
  enum status status = fold_sums(t, device, error);
  if (status != STATUS_OK) return status;
  t->control_host[CONTROL_LR] = (f32)lr;
  t->control_host[CONTROL_CORRECTION1] = (f32)(1.0 / (1.0 - power(config->optim_beta1, step)));
  t->control_host[CONTROL_CORRECTION2] = (f32)(1.0 / (1.0 - power(config->optim_beta2, step)));
  status = upload_control(t, device, error);
  if (status == STATUS_OK) status = device_program_run(device, &t->step, error);
  f32 norm = 0;
  if (status == STATUS_OK)
    status = device_download(device, t->control + 4 * CONTROL_GRAD_NORM, &norm, sizeof norm, error);
  *grad_norm = norm;
  return status;
}
