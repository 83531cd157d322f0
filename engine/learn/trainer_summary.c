/* summary.json of a run, from the trainer's state. */
#include <stdio.h>
#include <string.h>

#include "engine/learn/trainer.h"
#include "engine/version.h"
#include "platform/allocations.h"
#include "platform/clock.h"

static f64 rate(u64 tokens, f64 seconds) { return seconds > 0 ? (f64)tokens / seconds : 0; }

enum status trainer_summary(struct trainer *trainer, bool finished, struct error *error) {
  const struct trainer_state *state = &trainer->state;
  struct run_summary summary = {.finished = finished,
                                .config_hash = trainer->config_hash,
                                .seed = (u64)trainer->config.run_seed,
                                .threads = trainer->device.threads,
                                .sft_steps = state->sft_steps,
                                .ppo_iterations = state->ppo_iterations,
                                .parameters = model_parameter_count(&trainer->learner.shape),
                                .eval_count = (u32)state->evals,
                                .sft_seconds = state->sft_seconds,
                                .ppo_seconds = state->ppo_seconds,
                                .eval_seconds = state->eval_seconds,
                                .total_seconds = state->sft_seconds + state->ppo_seconds + state->eval_seconds,
                                .sft_tokens_per_second = rate(state->sft_tokens, state->sft_seconds),
                                .rollout_tokens_per_second = rate(state->rollout_tokens, state->rollout_seconds),
                                .ppo_tokens_per_second = rate(state->rollout_tokens, state->ppo_seconds),
                                .host_bytes = trainer->host_bytes,
                                .device_bytes = trainer->device_bytes,
                                .allocations_after_freeze = allocations_count(),
                                .driver_allocations = allocations_driver_count()};
  device_report(&trainer->device, &summary.vulkan);
  snprintf(summary.device, sizeof summary.device, "%s", trainer->device.info.name);
  snprintf(summary.driver, sizeof summary.driver, "%s", trainer->device.info.driver);
  snprintf(summary.numerics, sizeof summary.numerics, "exact");
  snprintf(summary.version, sizeof summary.version, "%s", RLSP_VERSION);
  memcpy(summary.evals, trainer->evals, sizeof summary.evals);
  summary_memory_add(&summary, &trainer->plan);
  const enum status status = learner_weights_hash(&trainer->learner, &trainer->device, &summary.weights_hash, error);
  if (status != STATUS_OK) return status;
  return summary_write(&trainer->files, trainer->config.run_dir, &summary, (char *)trainer->buffers.report,
                       SUMMARY_BYTES_MAX, error);
}
