/* The SFT phase: demonstrations drawn afresh each step, so that a step depends on its number alone. */
#include "engine/kernels/exact_double.h"
#include "engine/learn/trainer.h"
#include "platform/clock.h"
#include "platform/signals.h"

/* Linear warm-up, then a cosine from peak to peak * final_share over the steps of the run. done counts from 0. */
f64 trainer_schedule(u64 done, u64 total, u64 warmup, f64 peak, f64 final_share) {
  const f64 pi = 3.14159265358979323846;
  f64 sine, cosine;
  exact_sincos64(pi * (f64)done / (f64)(total == 0 ? 1 : total), &sine, &cosine);
  const f64 ramp = done + 1 < warmup ? (f64)(done + 1) / (f64)warmup : 1.0;
  return peak * ramp * (final_share + (1.0 - final_share) * 0.5 * (1.0 + cosine));
}

static void draw_traces(struct trainer *trainer, u64 step) {
  const u32 batch = (u32)trainer->config.sft_batch, trace_max = countdown_trace_max(&trainer->task);
  const struct countdown_split *split = &trainer->countdown.sft;
  for (u32 i = 0; i < batch; i++) {
    struct random_stream random;
    struct countdown_trace trace;
    u32 *tokens = trainer->buffers.trace_tokens + (u64)i * trace_max;
    random_open(&random, (u64)trainer->config.run_seed, RANDOM_SFT_TRACE, step * batch + i);
    countdown_trace(&split->problems[random_below(&random, split->count)], &trainer->task, &random, tokens, &trace);
    trainer->buffers.sequences[i] = (struct batch_sequence){.tokens = tokens,
                                                            .count = trace.count,
                                                            .prompt = trace.prompt,
                                                            .position_gap = trace.position_gap,
                                                            .loss_begin = trace.loss_begin};
  }
}

static enum status log_step(struct trainer *trainer, const struct sft_stats *stats, f64 lr, f64 seconds,
                            struct error *error) {
  struct metrics *m = &trainer->metrics;
  metrics_clear(m);
  metrics_set(m, METRIC_LR, lr);
  metrics_set(m, METRIC_LOSS_SFT, stats->loss);
  metrics_set(m, METRIC_GRAD_NORM, stats->grad_norm);
  metrics_set(m, METRIC_TOKENS, (f64)stats->rows);
  metrics_set(m, METRIC_LOSS_TOKENS, (f64)stats->loss_tokens);
  metrics_set(m, METRIC_PERF_SECONDS, seconds);
  metrics_set(m, METRIC_PERF_TOKENS, seconds > 0 ? (f64)stats->rows / seconds : 0);
  return run_log_metrics(&trainer->log, PHASE_SFT, trainer->state.sft_steps, m, error);
}

static enum status one_step(struct trainer *trainer, struct error *error) {
  const struct config *config = &trainer->config;
  struct trainer_state *state = &trainer->state;
  const u64 steps = (u64)config->sft_steps, begin_ns = clock_monotonic_ns();
  const f64 lr =
      trainer_schedule(state->sft_steps, steps, (u64)config->sft_warmup, config->sft_lr, config->sft_lr_final);
  struct sft_stats stats;
  draw_traces(trainer, state->sft_steps);
  enum status status = sft_step(&trainer->learner, trainer->buffers.sequences, (u32)config->sft_batch, lr,
                                state->sft_steps + 1, &stats, &trainer->device, error);
  if (status != STATUS_OK) return status;
  if (!(stats.loss < 1e30))
    return status_fail(error, STATUS_FAILED, "sft", "the loss of step %llu is not a number; lower sft.lr",
                       (unsigned long long)state->sft_steps + 1);
  const f64 seconds = (f64)(clock_monotonic_ns() - begin_ns) * 1e-9;
  state->sft_steps++;
  state->sft_seconds += seconds;
  state->sft_tokens += stats.rows;
  const bool logged = state->sft_steps % (u64)config->log_every == 0 || state->sft_steps == steps;
  if (logged) status = log_step(trainer, &stats, lr, seconds, error);
  progress_step(&trainer->progress, state->sft_steps, logged ? &trainer->metrics : NULL);
  return status;
}

enum status trainer_sft_phase(struct trainer *trainer, struct error *error) {
  const u64 steps = (u64)trainer->config.sft_steps, every = (u64)trainer->config.checkpoint_every;
  struct trainer_state *state = &trainer->state;
  progress_phase(&trainer->progress, PHASE_SFT, state->sft_steps, steps);
  while (state->sft_steps < steps) {
    enum status status = one_step(trainer, error);
    if (status != STATUS_OK) return status;
    const enum status stop = signals_pending();
    const bool due = every != 0 && state->sft_steps % every == 0 && state->sft_steps < steps;
    if (due || stop != STATUS_OK) status = trainer_checkpoint(trainer, error);
    if (status != STATUS_OK) return status;
    if (stop != STATUS_OK) return stop;
  }
  return STATUS_OK;
}
