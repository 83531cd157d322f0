#include "engine/learn/trainer.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "platform/allocations.h"
#include "platform/clock.h"
#include "platform/memory.h"
#include "platform/probe.h"
#include "platform/signals.h"

/* ---- the plan: one placing code, run twice ---- */

static u32 smaller(u64 a, u64 b) { return (u32)(a < b ? a : b); }

static void place_buffers(struct trainer *trainer) {
  const struct config *config = &trainer->config;
  struct trainer_buffers *b = &trainer->buffers;
  struct arena *host = &trainer->host;
  const u64 samples = (u64)config->rollout_samples, samples_max = trainer->learner.rollout.settings.samples_max,
            batch = (u64)config->sft_batch;
  arena_label(host, "trainer", "always");
  b->trace_tokens = arena_take_pointer(host, "sft.tokens", DTYPE_U32, batch, countdown_trace_max(&trainer->task), 0, 0);
  b->sequences = arena_take_pointer(host, "sft.sequences", DTYPE_U8, batch, sizeof *b->sequences, 0, 0);
  b->problems = arena_take_pointer(host, "rollout.problems", DTYPE_U8, samples_max, sizeof *b->problems, 0, 0);
  b->outcomes = arena_take_pointer(host, "rollout.outcomes", DTYPE_U8, samples_max, sizeof *b->outcomes, 0, 0);
  b->rewards = arena_take_pointer(host, "rollout.rewards", DTYPE_F32, trainer->learner.sizes.streams, samples, 0, 0);
  b->sources = arena_take_pointer(host, "rollout.sources", DTYPE_F32, REWARD_SOURCES, samples, 0, 0);
  b->sample_kl = arena_take_pointer(host, "ppo.sample_kl", DTYPE_U64, samples, 0, 0, 0); /* f64 */
  b->order = arena_take_pointer(host, "ppo.order", DTYPE_U32, samples, 0, 0, 0);
  b->prompt_text = arena_take_pointer(host, "log.prompt", DTYPE_U8, TRAINER_TEXT_BYTES, 0, 0, 0);
  b->response_text = arena_take_pointer(host, "log.response", DTYPE_U8, TRAINER_TEXT_BYTES, 0, 0, 0);
  b->log_line = arena_take_pointer(host, "log.line", DTYPE_U8, RUN_LOG_LINE_BYTES, 0, 0, 0);
  b->staging = arena_take_pointer(host, "checkpoint.staging", DTYPE_U8, CHECKPOINT_STAGING_BYTES, 0, 0, 0);
  b->report = arena_take_pointer(host, "report.memory", DTYPE_U8, REPORT_MEMORY_BYTES, 0, 0, 0);
  b->tensor_count = trainer_tensors(&trainer->learner, NULL);
  b->tensors = arena_take_pointer(host, "checkpoint.tensors", DTYPE_U8, b->tensor_count, sizeof *b->tensors, 0, 0);
  if (host->base != NULL) trainer_tensors(&trainer->learner, b->tensors);
  trainer_verify_place(trainer, host);
}

/* A device that gives no addresses: what recording sees while only counting. */
static u64 no_address(const struct device *device, u64 offset) {
  (void)device;
  return offset;
}
static const struct device_operations counting_operations = {.address = no_address};

/* Only the CPU device, asked for by name, is sure to need none. */
static bool wants_driver_memory(const struct config *config) { return strcmp(config->run_device, "cpu") != 0; }

static enum status place(struct trainer *trainer, struct error *error) {
  const struct config *config = &trainer->config;
  const struct countdown_file file = {config->task_problems, trainer->problem_text, trainer->problem_text_bytes};
  struct arena *host = &trainer->host, *device = &trainer->device_arena;
  arena_label(host, "driver", "always");
  if (wants_driver_memory(config)) { /* first: the device is opened with it before the rest is placed */
    const void *memory = arena_take_pointer(host, "vulkan.driver_objects", DTYPE_U8, DRIVER_MEMORY_BYTES, 0, 0, 0);
    CHECK(memory == trainer->host.base, "the driver's memory is not where the driver has it");
  }
  arena_label(host, "cpu", "always");
  void *scratch = arena_take_pointer(host, "cpu.scratch", DTYPE_U8, cpu_threads((u32)config->run_threads),
                                     KERNEL_SCRATCH_BYTES, 0, 0);
  if (host->base != NULL) cpu_device_scratch(&trainer->device, scratch);
  arena_label(host, "task", "always");
  const enum status status =
      countdown_place(&trainer->countdown, &trainer->task, config->task_problems[0] != 0 ? &file : NULL, host, error);
  if (status != STATUS_OK) return status;
  if (config->sft_steps > 0 && trainer->countdown.sft.count == 0)
    return status_fail(error, STATUS_USAGE, "task",
                       "no problem is left for SFT; lower task.ppo_share or task.test_problems, or set sft.steps = 0");
  if (config->ppo_iterations > 0 && trainer->countdown.ppo.count == 0)
    return status_fail(
        error, STATUS_USAGE, "task",
        "no problem is left for PPO; raise task.ppo_share, lower task.test_problems, or set ppo.iterations = 0");
  const u64 eval_total =
      (u64)smaller((u64)config->eval_problems, trainer->countdown.test.count) * (u64)config->eval_samples;
  const u64 eval_chunk =
      (u64)config->eval_samples > TRAINER_EVAL_CHUNK ? (u64)config->eval_samples : TRAINER_EVAL_CHUNK;
  const struct learner_sizes sizes = {.vocab = COUNTDOWN_VOCAB,
                                      .end_token = COUNTDOWN_EOS,
                                      .prompt_max = countdown_prompt_max(&trainer->task),
                                      .sft_sequence_max = countdown_trace_max(&trainer->task),
                                      .streams = reward_stream_count(&trainer->reward),
                                      .kl_stream = reward_kl_stream(&trainer->reward),
                                      .eval_samples = smaller(eval_total, eval_chunk)};
  learner_place(&trainer->learner, config, &sizes, host, device);
  place_buffers(trainer);
  const struct device counting = {.operations = &counting_operations};
  learner_record(&trainer->learner, &counting);
  learner_place_programs(&trainer->learner, host, device);
  return STATUS_OK;
}

static enum status measure(struct trainer *trainer, struct error *error) {
  const struct config *config = &trainer->config;
  countdown_options_from(&trainer->task, config);
  reward_settings_from(&trainer->reward, config);
  enum status status = reward_check(&trainer->reward, "reward", error);
  if (status != STATUS_OK) return status;
  if (config->task_problems[0] != 0 && trainer->problem_text == NULL) {
    struct file file;
    status = files_open_read(&file, config->task_problems, error);
    if (status == STATUS_OK) status = files_size(&file, &trainer->problem_text_bytes, error);
    files_close(&file);
    if (status == STATUS_OK)
      status = host_memory_reserve(trainer->problem_text_bytes + 1, &trainer->problem_text, error);
    u64 bytes;
    if (status == STATUS_OK)
      status = files_read_whole(config->task_problems, trainer->problem_text, trainer->problem_text_bytes + 1, &bytes,
                                error);
    if (status != STATUS_OK) return status;
  }
  arena_open(&trainer->host, "host", 0, &trainer->plan);
  arena_open(&trainer->device_arena, "device", CHUNK_BYTES_MAX, &trainer->plan);
  status = place(trainer, error);
  if (status != STATUS_OK) return status;
  if (trainer->plan.lost > 0)
    return status_fail(
        error, STATUS_DOES_NOT_FIT, "plan",
        "the run has %llu tensors more than the %u a plan lists; raise optim.micro_tokens or lower model.layers",
        (unsigned long long)trainer->plan.lost, PLAN_ROWS_MAX);
  if (trainer->device_arena.refused[0] != 0)
    return status_fail(error, STATUS_DOES_NOT_FIT, trainer->device_arena.refused,
                       "this tensor is larger than the 2 GiB a device gives in one piece; lower model.width, model.ffn "
                       "or optim.micro_tokens");
  trainer->host_bytes = trainer->host.high;
  trainer->device_bytes = trainer->device_arena.high;
  return STATUS_OK;
}

static void release_problem_text(struct trainer *trainer) {
  host_memory_release(trainer->problem_text, trainer->problem_text_bytes + 1);
  trainer->problem_text = NULL;
}

enum status trainer_measure(const struct config *config, struct plan *plan, u64 *host_bytes, u64 *device_bytes,
                            struct error *error) {
  static struct trainer trainer; /* large; a plan is made by one thread, and nothing of it outlives the call */
  memset(&trainer, 0, sizeof trainer);
  trainer.config = *config;
  const enum status status = measure(&trainer, error);
  release_problem_text(&trainer);
  *plan = trainer.plan;
  *host_bytes = trainer.host_bytes;
  *device_bytes = trainer.device_bytes;
  return status;
}

/* ---- opening ---- */

static enum status open_device(struct trainer *trainer, struct error *error) {
  const struct config *config = &trainer->config;
  const bool keeps = strcmp(config->run_pipeline_cache, "none") != 0;
  char cache[PATH_BYTES_MAX] = "", folder[PATH_BYTES_MAX];
  if (keeps && strcmp(config->run_pipeline_cache, "auto") != 0)
    snprintf(cache, sizeof cache, "%s", config->run_pipeline_cache);
  else if (keeps && files_user_cache(folder) && files_path(cache, folder, "rlsp", error) != STATUS_OK)
    cache[0] = '\0';
  const struct device_options options = {.select = config->run_device,
                                         .threads = (u32)config->run_threads,
                                         .simd = (enum simd)config->run_simd,
                                         .driver_memory = wants_driver_memory(config) ? trainer->host_base : NULL,
                                         .driver_memory_bytes = DRIVER_MEMORY_BYTES,
                                         .cache_folder = cache};
  return device_open(&trainer->device, &options, error);
}

static enum status check_device_limit(const struct trainer *trainer, u64 device_limit, struct error *error) {
  if (device_limit == 0 || trainer->device_bytes <= device_limit) return STATUS_OK;
  return status_fail(error, STATUS_DOES_NOT_FIT, trainer->device.info.name,
                     "the plan takes %llu bytes of device memory, %llu are given; run rlsp plan to see which "
                     "settings would make it fit",
                     (unsigned long long)trainer->device_bytes, (unsigned long long)device_limit);
}

/* The second pass: memory is there. */
static enum status place_for_good(struct trainer *trainer, struct error *error) {
  const u64 host_bytes = trainer->host_bytes, device_bytes = trainer->device_bytes;
  trainer->plan.count = 0;
  trainer->plan.lost = 0;
  arena_open(&trainer->host, "host", 0, &trainer->plan);
  arena_open(&trainer->device_arena, "device", CHUNK_BYTES_MAX, &trainer->plan);
  trainer->host.base = trainer->host_base;
  trainer->host.limit = host_bytes;
  trainer->device_arena.limit = device_bytes;
  const enum status status = place(trainer, error);
  if (status != STATUS_OK) return status;
  CHECK(trainer->host.high == host_bytes && trainer->device_arena.high == device_bytes,
        "the plan and the placing differ");
  learner_record(&trainer->learner, &trainer->device);
  arena_freeze(&trainer->host);
  arena_freeze(&trainer->device_arena);
  return STATUS_OK;
}

/* A device that computes otherwise would give another run: it is refused before the first step. */
static enum status check_bits(struct trainer *trainer, struct error *error) {
  struct probe_verdict verdict;
  char text[PROBE_TEXT_BYTES];
  if (trainer->device.info.kind == DEVICE_KIND_CPU || trainer->device_bytes < PROBE_ARENA_BYTES) return STATUS_OK;
  const enum status status = device_probe(&trainer->device, PROBE_SHORT, &verdict, error);
  if (status != STATUS_OK || verdict.failed == NULL) return status;
  return status_fail(error, STATUS_DEVICE, trainer->device.info.name,
                     "this driver's bits do not match: %s; run.numerics = exact refuses it (fast will take it when it "
                     "comes): set run.device to another device or to cpu",
                     probe_verdict_text(&verdict, text));
}

enum status trainer_open(struct trainer *trainer, const struct config *config, u64 device_limit, struct error *error) {
  memset(trainer, 0, sizeof *trainer);
  files_none(&trainer->lock.file);
  files_none(&trainer->log.metrics);
  files_none(&trainer->log.samples);
  program_runner_none(&trainer->program);
  verdict_journal_none(&trainer->journal);
  trainer->config = *config;
  trainer->config_hash = config_hash(config);
  trainer->began_ns = clock_monotonic_ns();
  enum status status = measure(trainer, error);
  if (status == STATUS_OK) status = trainer_program_open(trainer, error); /* forks: before large memory and threads */
  if (status == STATUS_OK) status = host_memory_reserve(trainer->host_bytes, &trainer->host_base, error);
  if (status == STATUS_OK) status = open_device(trainer, error);
  if (status == STATUS_OK) status = check_device_limit(trainer, device_limit, error);
  if (status == STATUS_OK) status = device_memory_reserve(&trainer->device, trainer->device_bytes, error);
  if (status == STATUS_OK) status = check_bits(trainer, error);
  if (status == STATUS_OK) status = place_for_good(trainer, error);
  if (status == STATUS_OK) status = trainer_verify_open(trainer, error);
  if (status == STATUS_OK) status = learner_load(&trainer->learner, &trainer->device, error);
  if (status == STATUS_OK) status = device_freeze(&trainer->device, error);
  release_problem_text(trainer);
  return status;
}

void trainer_close(struct trainer *trainer) {
  trainer_verify_close(trainer);
  program_runner_close(&trainer->program);
  verdict_journal_close(&trainer->journal);
  if (trainer->logging) run_log_close(&trainer->log);
  files_unlock(&trainer->files, &trainer->lock);
  /* A lost device's driver may still look at what it was given: the mapping then ends with the process. */
  if (device_close(&trainer->device)) host_memory_release(trainer->host_base, trainer->host_bytes);
  host_memory_release(trainer->problem_text, trainer->problem_text_bytes + 1);
  trainer->host_base = trainer->problem_text = NULL;
}

/* ---- the run ---- */

/* SFT's evaluation, then the reference, the critic and fresh moments, in one checkpoint. */
static enum status begin_ppo(struct trainer *trainer, struct error *error) {
  enum status status = trainer_record_eval(trainer, "sft", error);
  if (status == STATUS_OK) status = learner_begin_ppo(&trainer->learner, &trainer->device, error);
  trainer->state.ppo_begun = 1;
  return status != STATUS_OK ? status : trainer_checkpoint(trainer, error);
}

static enum status run_phases(struct trainer *trainer, bool fresh, struct error *error) {
  enum status status = fresh ? learner_initialise(&trainer->learner, &trainer->device, error) : STATUS_OK;
  if (status == STATUS_OK && fresh && trainer->config.model_path[0] != 0) status = trainer_load_model(trainer, error);
  if (status == STATUS_OK) status = trainer_sft_phase(trainer, error);
  if (status == STATUS_OK && trainer->state.ppo_begun == 0) status = begin_ppo(trainer, error);
  if (status == STATUS_OK) status = trainer_ppo_phase(trainer, error);
  if (status == STATUS_OK && trainer->config.ppo_iterations > 0) {
    status = trainer_checkpoint(trainer, error); /* before the last evaluation: nothing to lose in it */
    if (status == STATUS_OK) status = trainer_record_eval(trainer, "rlsp", error);
  }
  return status;
}

static enum status finish(struct trainer *trainer, enum status outcome, struct error *error) {
  const bool stopped = outcome == STATUS_INTERRUPTED || outcome == STATUS_TERMINATED;
  allocations_watch_end();
  progress_end(&trainer->progress);
  if (outcome != STATUS_OK && !stopped) return outcome;
  enum status status = run_log_sync(&trainer->log, error);
  if (status == STATUS_OK) status = trainer_summary(trainer, !stopped, error);
  if (status == STATUS_OK)
    status =
        report_write(&trainer->files, trainer->config.run_dir, trainer->buffers.report, REPORT_MEMORY_BYTES, error);
  if (status != STATUS_OK) return status;
  return stopped ? status_fail(error, outcome, trainer->config.run_dir,
                               "stopped by a signal after a checkpoint; the same command goes on from it")
                 : STATUS_OK;
}

/* What the start of a Vulkan device cost. */
static void note_pipelines(struct trainer *trainer) {
  struct device_report report;
  device_report(&trainer->device, &report);
  if (report.pipelines == 0) return;
  char cache[64] = "no pipeline cache was there; the next start may have one";
  if (report.pipelines_cache_bytes > 0)
    snprintf(cache, sizeof cache, "with a pipeline cache of %llu bytes",
             (unsigned long long)report.pipelines_cache_bytes);
  progress_note(&trainer->progress, "%s: %u pipelines ready in %.2f s (%s)", trainer->device.info.name,
                report.pipelines, (f64)report.pipelines_ns * 1e-9, cache);
}

enum status trainer_train(struct trainer *trainer, struct error *error) {
  bool used = false, finished = false;
  progress_begin(&trainer->progress, false);
  note_pipelines(trainer);
  enum status status = trainer_take_directory(trainer, &used, error);
  if (status == STATUS_OK && used)
    status =
        summary_finished(trainer->config.run_dir, (char *)trainer->buffers.report, SUMMARY_BYTES_MAX, &finished, error);
  if (status != STATUS_OK) return status;
  if (finished) {
    progress_note(&trainer->progress, "%s: this run is finished; nothing to do", trainer->config.run_dir);
    return STATUS_OK;
  }
  status = signals_install(error);
  if (status == STATUS_OK) status = trainer_open_directory(trainer, used, error);
  if (status != STATUS_OK) return status;
  allocations_watch_begin(false);
  const bool fresh = trainer->state.sft_steps == 0 && trainer->state.ppo_begun == 0;
  return finish(trainer, run_phases(trainer, fresh, error), error);
}

enum status trainer_evaluate_checkpoint(struct trainer *trainer, struct summary_eval *eval, struct error *error) {
  progress_begin(&trainer->progress, true);
  if (trainer->config.eval_problems == 0)
    return status_fail(error, STATUS_USAGE, "eval.problems",
                       "0 problems leave nothing to evaluate; set eval.problems above 0");
  enum status status = checkpoints_open(&trainer->checkpoints, &trainer->files, trainer->config.run_dir,
                                        (u32)trainer->config.checkpoint_keep, trainer->buffers.staging,
                                        CHECKPOINT_STAGING_BYTES, false, error);
  if (status == STATUS_OK) status = trainer_restore(trainer, error);
  if (status == STATUS_OK && trainer->state.sft_steps == 0 && trainer->state.ppo_begun == 0)
    return status_fail(error, STATUS_USAGE, trainer->config.run_dir,
                       "there is no checkpoint here; rlsp train makes one");
  return status != STATUS_OK ? status : trainer_evaluate(trainer, "eval", eval, error);
}
