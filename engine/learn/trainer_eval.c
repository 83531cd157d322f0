/* Evaluation: pass@1 and behaviours on the held-out problems. The same prompts and the same draws every time, so that two evaluations differ by the
 * weights alone. */
#include <math.h>
#include <string.h>

#include "engine/learn/trainer.h"
#include "platform/clock.h"

static u32 smaller(u32 a, u32 b) { return a < b ? a : b; }

/* Writes the prompts of problems [begin, begin + count), `samples` responses each. */
static void write_prompts(struct trainer *trainer, u32 begin, u32 count, u32 samples) {
  struct rollout *rollout = &trainer->learner.rollout;
  for (u32 i = 0; i < count * samples; i++) {
    const u32 problem = begin + i / samples;
    struct random_stream random;
    trainer->buffers.problems[i] = trainer->countdown.test.problems[problem];
    random_open(&random, (u64)trainer->config.run_seed, RANDOM_EVAL_PROMPT, problem);
    rollout->prompt[i] = countdown_prompt(&trainer->buffers.problems[i], &random, rollout_tokens(rollout, i));
  }
}

static void count_outcomes(struct trainer *trainer, u32 problems, u32 samples, struct countdown_totals *totals,
                           struct verdict_counts *counts) {
  const struct rollout *rollout = &trainer->learner.rollout;
  const u32 demonstrated = countdown_demonstrated_depth(&trainer->task);
  for (u32 problem = 0; problem < problems; problem++) {
    u32 correct = 0;
    for (u32 i = problem * samples; i < (problem + 1) * samples; i++) {
      struct countdown_outcome outcome;
      countdown_analyse(&trainer->buffers.problems[i], rollout_tokens(rollout, i) + rollout->prompt[i],
                        rollout->length[i] - rollout->ended[i], rollout->ended[i] != 0, &outcome);
      outcome.verdict = trainer_verdict(trainer, i, outcome.verdict, counts);
      countdown_totals_add(totals, &outcome, demonstrated);
      correct += outcome.verdict == VERDICT_CORRECT;
    }
    countdown_totals_problem(totals, correct, samples);
  }
}

enum status trainer_evaluate(struct trainer *trainer, const char *phase, struct summary_eval *eval,
                             struct error *error) {
  const u32 samples = (u32)trainer->config.eval_samples,
            problems = smaller((u32)trainer->config.eval_problems, trainer->countdown.test.count);
  const u32 chunk = samples >= TRAINER_EVAL_CHUNK ? 1 : TRAINER_EVAL_CHUNK / samples;
  struct countdown_totals totals = {0};
  struct verdict_counts counts = {0};
  struct countdown_rates rates;
  for (u32 begin = 0, index = 0; begin < problems; begin += chunk, index++) {
    const u32 count = smaller(chunk, problems - begin);
    write_prompts(trainer, begin, count, samples);
    enum status status =
        rollout_run(&trainer->learner.rollout, ROLLOUT_EVAL, count * samples, index, &trainer->device, error);
    if (status == STATUS_OK) status = trainer_judge(trainer, phase, index, count * samples, error);
    if (status != STATUS_OK) return status;
    count_outcomes(trainer, count, samples, &totals, &counts);
  }
  countdown_rates(&totals, &rates);
  *eval =
      (struct summary_eval){.phase = phase,
                            .problems = problems,
                            .samples = samples,
                            .pass_at_1 = rates.pass_at_1,
                            .stderr_pass = rates.stderr_pass,
                            .first_attempt = rates.first_correct,
                            .mean_length = rates.mean_length,
                            .mean_attempts = rates.mean_attempts,
                            .depth2_share = rates.depth2_share,
                            .distinct_ratio = totals.multi > 0 ? rates.distinct_ratio : (f64)NAN,
                            .check_precision = totals.ok_true + totals.ok_false > 0 ? rates.check_precision : (f64)NAN,
                            .clipped_ratio = rates.clip_rate,
                            .undecided = counts.responses > 0 ? (f64)counts.undecided / (f64)counts.responses : 0};
  return STATUS_OK;
}

enum status trainer_record_eval(struct trainer *trainer, const char *phase, struct error *error) {
  struct trainer_state *state = &trainer->state;
  struct metrics *m = &trainer->metrics;
  if (trainer->config.eval_problems == 0) return STATUS_OK;
  const u64 begin_ns = clock_monotonic_ns();
  struct summary_eval *eval = &trainer->evals[state->evals];
  const enum status status = trainer_evaluate(trainer, phase, eval, error);
  if (status != STATUS_OK) return status;
  state->evals++;
  state->eval_seconds += (f64)(clock_monotonic_ns() - begin_ns) * 1e-9;
  metrics_clear(m);
  metrics_set(m, METRIC_EVAL_PASS, eval->pass_at_1);
  metrics_set(m, METRIC_EVAL_STDERR, eval->stderr_pass);
  metrics_set(m, METRIC_EVAL_LENGTH, eval->mean_length);
  metrics_set(m, METRIC_EVAL_ATTEMPTS, eval->mean_attempts);
  metrics_set(m, METRIC_EVAL_DEPTH2_SHARE, eval->depth2_share);
  metrics_set(m, METRIC_EVAL_DISTINCT_RATIO, eval->distinct_ratio);
  metrics_set(m, METRIC_EVAL_CHECK_PRECISION, eval->check_precision);
  metrics_set(m, METRIC_EVAL_UNDECIDED, eval->undecided);
  return run_log_metrics(&trainer->log, PHASE_EVAL, state->sft_steps + state->ppo_iterations, m, error);
}
