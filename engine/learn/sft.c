#include "engine/learn/sft.h"

#include <string.h>

static enum status run_pack(struct learner *learner, struct sft_stats *stats, struct device *device,
                            struct error *error) {
  const u32 rows = learner->batch.loss_rows;
  enum status status = batch_finish(&learner->batch, device, error);
  if (status == STATUS_OK) status = device_program_run(device, &learner->train_sft, error);
  if (status == STATUS_OK) status = trainable_accumulate(&learner->policy, device, error);
  if (status == STATUS_OK) status = device_download(device, learner->loss, learner->staging, 4ull * rows, error);
  if (status != STATUS_OK) return status;
  for (u32 i = 0; i < rows; i++) stats->loss += learner->staging[i];
  stats->rows += learner->batch.rows;
  return STATUS_OK;
}

enum status sft_step(struct learner *learner, const struct batch_sequence *sequences, u32 count, f64 lr, u64 t,
                     struct sft_stats *stats, struct device *device, struct error *error) {
  struct batch *batch = &learner->batch;
  memset(stats, 0, sizeof *stats);
  for (u32 i = 0; i < count; i++) stats->loss_tokens += sequences[i].count - sequences[i].loss_begin;
  if (stats->loss_tokens == 0)
    return status_fail(error, STATUS_FAILED, "sft",
                       "no token of the batch carries loss; check that the demonstrations have responses");
  enum status status = trainable_begin(&learner->policy, (f64)stats->loss_tokens, 0, device, error);
  batch_begin(batch);
  for (u32 i = 0; i < count && status == STATUS_OK; i++) {
    if (!batch_fits(batch, sequences[i].count)) {
      status = run_pack(learner, stats, device, error);
      batch_begin(batch);
    }
    batch_append(batch, &sequences[i]);
  }
  if (status == STATUS_OK) status = run_pack(learner, stats, device, error);
  if (status == STATUS_OK)
    status = trainable_step(&learner->policy, &learner->config, lr, t, &stats->grad_norm, device, error);
  return status;
}
