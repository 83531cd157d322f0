#include "tools/bench_learning.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/learn/trainer.h"
#include "platform/clock.h"

enum part { PART_ROLLOUT, PART_SCORE, PART_ADVANTAGES, PART_UPDATE, PART_ITERATION, PART_COUNT };

/* What one iteration took and did. */
struct iteration {
  f64 seconds[PART_COUNT];
  u64 decoded, tokens, trained_rows;
};

struct learning_rows {
  struct bench_row *sft_seconds, *sft_rate, *decode_rate, *ppo_rate, *update_rate, *parts[PART_COUNT];
};

static f64 seconds_since(u64 begin_ns) { return (f64)(clock_monotonic_ns() - begin_ns) * 1e-9; }

static struct random_stream stream_of(const struct trainer *trainer, u64 index) {
  struct random_stream random;
  random_open(&random, (u64)trainer->config.run_seed, RANDOM_TEST, index);
  return random;
}

static u32 write_prompt(const struct trainer *trainer, struct random_stream *random, u32 *tokens) {
  const struct countdown_split *split =
      trainer->countdown.ppo.count > 0 ? &trainer->countdown.ppo : &trainer->countdown.test;
  return countdown_prompt(&split->problems[random_below(random, split->count)], random, tokens);
}

/* ---- SFT ---- */

/* Tokens of a demonstration: what the buffers hold bounds it, in a task of tiny traces. */
static u32 sft_tokens(const struct trainer *trainer) {
  const u32 wanted = countdown_prompt_max(&trainer->task) + BENCH_RESPONSE, room = countdown_trace_max(&trainer->task);
  return wanted < room ? wanted : room;
}

static void write_demonstrations(struct trainer *trainer) {
  const u32 batch = (u32)trainer->config.sft_batch, stride = countdown_trace_max(&trainer->task),
            count = sft_tokens(trainer);
  for (u32 i = 0; i < batch; i++) {
    struct random_stream random = stream_of(trainer, i);
    u32 *tokens = trainer->buffers.trace_tokens + (u64)i * stride;
    const u32 prompt = write_prompt(trainer, &random, tokens);
    for (u32 t = prompt; t < count; t++) tokens[t] = random_below(&random, COUNTDOWN_VOCAB);
    trainer->buffers.sequences[i] =
        (struct batch_sequence){.tokens = tokens, .count = count, .prompt = prompt, .loss_begin = prompt};
  }
}

static enum status run_sft(struct trainer *trainer, u64 step, f64 *seconds, u64 *rows, struct error *error) {
  struct sft_stats stats;
  const u64 begin_ns = clock_monotonic_ns();
  const enum status status = sft_step(&trainer->learner, trainer->buffers.sequences, (u32)trainer->config.sft_batch,
                                      trainer->config.sft_lr, step, &stats, &trainer->device, error);
  *seconds = seconds_since(begin_ns);
  *rows = stats.rows;
  return status;
}

/* ---- PPO ---- */

static void write_prompts(struct trainer *trainer) {
  struct rollout *rollout = &trainer->learner.rollout;
  for (u32 i = 0; i < (u32)trainer->config.rollout_samples; i++) {
    struct random_stream random = stream_of(trainer, (1ull << 32) + i);
    rollout->prompt[i] = write_prompt(trainer, &random, rollout_tokens(rollout, i));
  }
}

/* Random verdicts; what a reward is worth changes no operation. */
static void write_rewards(struct trainer *trainer) {
  struct random_stream random = stream_of(trainer, 2ull << 32);
  const u32 count = trainer->learner.sizes.streams * (u32)trainer->config.rollout_samples;
  for (u32 i = 0; i < count; i++) trainer->buffers.rewards[i] = (f32)random_unit(&random);
}

static enum status run_iteration(struct trainer *trainer, u64 number, struct iteration *iteration,
                                 struct error *error) {
  const struct config *config = &trainer->config;
  const u32 samples = (u32)config->rollout_samples;
  struct learner *learner = &trainer->learner;
  struct ppo_measures measures;
  struct ppo_stats stats = {0};
  const struct ppo_update_settings settings = {.iteration = number,
                                               .policy_lr = config->ppo_lr,
                                               .critic_lr = config->critic_lr,
                                               .policy_steps = trainer->state.policy_steps,
                                               .critic_steps = trainer->state.critic_steps};
  u64 marks[PART_COUNT];
  marks[PART_ROLLOUT] = clock_monotonic_ns();
  enum status status = rollout_run(&learner->rollout, ROLLOUT_TRAIN, samples, (u32)number, &trainer->device, error);
  marks[PART_SCORE] = clock_monotonic_ns();
  if (status == STATUS_OK) status = ppo_score(learner, samples, &trainer->device, error);
  marks[PART_ADVANTAGES] = clock_monotonic_ns();
  if (status == STATUS_OK)
    status = ppo_advantages(learner, trainer->buffers.rewards, config->ppo_kl_coef, trainer->buffers.sample_kl,
                            &measures, &trainer->device, error);
  marks[PART_UPDATE] = clock_monotonic_ns();
  if (status == STATUS_OK)
    status = ppo_update(learner, &settings, trainer->buffers.order, &stats, &trainer->device, error);
  marks[PART_ITERATION] = clock_monotonic_ns();
  for (int part = PART_ROLLOUT; part < PART_ITERATION; part++)
    iteration->seconds[part] = (f64)(marks[part + 1] - marks[part]) * 1e-9;
  iteration->seconds[PART_ITERATION] = (f64)(marks[PART_ITERATION] - marks[PART_ROLLOUT]) * 1e-9;
  iteration->decoded = learner->rollout.decoded;
  iteration->tokens = stats.tokens;
  iteration->trained_rows = stats.trained_tokens;
  trainer->state.policy_steps += stats.policy_steps;
  trainer->state.critic_steps += stats.critic_steps;
  return status;
}

/* ---- the measurement ---- */

static struct learning_rows add_rows(struct bench_table *table) {
  static const char rates[] = "Learning: tokens a second", parts[] = "One PPO iteration, and where its time goes";
  static const char *const names[PART_COUNT][2] = {{"ppo.rollout_seconds", "rollout"},
                                                   {"ppo.score_seconds", "reference log-probs and values"},
                                                   {"ppo.advantages_seconds", "KL, GAE, whitening"},
                                                   {"ppo.update_seconds", "update: policy and critic"},
                                                   {"ppo.iteration_seconds", "iteration"}};
  struct learning_rows rows;
  rows.sft_rate = bench_row_add(table, rates, "rows/s", "sft.rows_per_second", "SFT: rows trained");
  rows.decode_rate = bench_row_add(table, rates, "tokens/s", "decode.tokens_per_second", "decode: response tokens");
  rows.update_rate =
      bench_row_add(table, rates, "rows/s", "ppo.update_rows_per_second", "PPO update: rows, policy and critic");
  rows.ppo_rate =
      bench_row_add(table, rates, "tokens/s", "ppo.tokens_per_second", "PPO: response tokens, whole iterations");
  for (int part = 0; part < PART_COUNT; part++)
    rows.parts[part] = bench_row_add(table, parts, "s", names[part][0], names[part][1]);
  rows.sft_seconds = bench_row_add(table, "One SFT step", "s", "sft.step_seconds", "step");
  return rows;
}

static void take_iteration(struct learning_rows *rows, const struct iteration *iteration) {
  for (int part = 0; part < PART_COUNT; part++) bench_row_value(rows->parts[part], iteration->seconds[part]);
  bench_row_value(rows->decode_rate, (f64)iteration->decoded / iteration->seconds[PART_ROLLOUT]);
  bench_row_value(rows->update_rate, (f64)iteration->trained_rows / iteration->seconds[PART_UPDATE]);
  bench_row_value(rows->ppo_rate, (f64)iteration->tokens / iteration->seconds[PART_ITERATION]);
}

/* SFT steps first, iterations after: as in a run, and PPO starts with a policy that is not wholly random. The first of
 * each is not counted. */
static enum status measure(struct trainer *trainer, u32 repetitions, struct learning_rows *rows, struct error *error) {
  enum status status = learner_initialise(&trainer->learner, &trainer->device, error);
  write_demonstrations(trainer);
  for (u32 step = 0; step <= repetitions && status == STATUS_OK; step++) {
    f64 seconds;
    u64 trained;
    status = run_sft(trainer, step + 1, &seconds, &trained, error);
    if (status != STATUS_OK || step == 0) continue;
    bench_row_value(rows->sft_seconds, seconds);
    bench_row_value(rows->sft_rate, (f64)trained / seconds);
  }
  if (status == STATUS_OK) status = learner_begin_ppo(&trainer->learner, &trainer->device, error);
  write_prompts(trainer);
  write_rewards(trainer);
  for (u32 number = 0; number <= repetitions && status == STATUS_OK; number++) {
    struct iteration iteration;
    status = run_iteration(trainer, number, &iteration, error);
    if (status == STATUS_OK && number > 0) take_iteration(rows, &iteration);
  }
  return status;
}

static void describe(const struct trainer *trainer, struct bench_facts *facts) {
  static char device[DEVICE_NAME_BYTES], driver[DEVICE_NAME_BYTES], workload[512];
  const struct config *config = &trainer->config;
  snprintf(device, sizeof device, "%s", trainer->device.info.name);
  snprintf(driver, sizeof driver, "%s", trainer->device.info.driver);
  snprintf(
      workload, sizeof workload,
      "Workload: prompts of %u tokens, responses of exactly %u; a rollout of %u responses in %u slots, %u epoch(s)\n"
      "of minibatches of %u; SFT steps of %u sequences of %u tokens. A row is a token that is predicted from: a\n"
      "sequence has one less than tokens. (tools/peers runs the same in PyTorch.)",
      trainer->learner.rollout.prompt[0], BENCH_RESPONSE, (u32)config->rollout_samples, (u32)config->rollout_slots,
      (u32)config->ppo_epochs, (u32)config->ppo_minibatch, (u32)config->sft_batch, sft_tokens(trainer));
  facts->device = device;
  facts->simd = driver;
  facts->threads = cpu_threads((u32)config->run_threads);
  facts->workload = workload;
}

enum status bench_learning(const struct config *config, u32 repetitions, struct bench_table *table,
                           struct bench_facts *facts, struct error *error) {
  static struct trainer trainer; /* large */
  static struct config fixed;
  fixed = *config;
  fixed.rollout_response_max = BENCH_RESPONSE;
  fixed.eval_problems = 0; /* else its records are planned for */
  enum status status = trainer_open(&trainer, &fixed, 0, error);
  if (status == STATUS_OK) {
    trainer.learner.rollout.settings.end_token = COUNTDOWN_VOCAB; /* no token: nothing ends early */
    struct learning_rows rows = add_rows(table);
    status = measure(&trainer, repetitions, &rows, error);
    describe(&trainer, facts);
  }
  trainer_close(&trainer);
  return status;
}
