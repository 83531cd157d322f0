/* A run directory: its lock, whether a run has used it, and what lies in it from the start (config.ini, plan.txt, the logs). */
#include <string.h>

#include "engine/check.h"
#include "engine/learn/trainer.h"
#include "engine/report/plan_text.h"

static enum status write_text(struct trainer *trainer, const char *name, const char *text, u64 bytes,
                              struct error *error) {
  char path[PATH_BYTES_MAX];
  const enum status status = files_path(path, trainer->config.run_dir, name, error);
  return status != STATUS_OK ? status : files_replace(&trainer->files, path, text, bytes, error);
}

static enum status write_config(struct trainer *trainer, struct error *error) {
  char *text = (char *)trainer->buffers.report;
  const u64 bytes = config_print(&trainer->config, text, REPORT_MEMORY_BYTES);
  CHECK(bytes < REPORT_MEMORY_BYTES, "the config does not fit its buffer");
  return write_text(trainer, "config.ini", text, bytes, error);
}

struct text_buffer {
  char *text;
  u64 bytes;
};

static void append_line(void *context, const char *line, u64 bytes) {
  struct text_buffer *buffer = context;
  CHECK(bytes <= REPORT_MEMORY_BYTES - buffer->bytes, "the plan's text does not fit its buffer");
  memcpy(buffer->text + buffer->bytes, line, bytes);
  buffer->bytes += bytes;
}

static enum status write_plan(struct trainer *trainer, struct error *error) {
  struct text_buffer buffer = {(char *)trainer->buffers.report, 0};
  plan_text(&trainer->plan, trainer->host_bytes, trainer->device_bytes, append_line, &buffer);
  return write_text(trainer, "plan.txt", buffer.text, buffer.bytes, error);
}

enum status trainer_take_directory(struct trainer *trainer, bool *used, struct error *error) {
  const struct config *config = &trainer->config;
  char path[PATH_BYTES_MAX];
  if (config->run_dir[0] == 0)
    return status_fail(error, STATUS_USAGE, "run.dir",
                       "no run directory is set; add run.dir=FOLDER to the command, or to [run]");
  enum status status = files_make_folders(&trainer->files, config->run_dir, error);
  if (status == STATUS_OK) status = files_path(path, config->run_dir, "lock", error);
  if (status == STATUS_OK) status = files_lock(&trainer->files, &trainer->lock, path, error);
  if (status == STATUS_OK) status = files_path(path, config->run_dir, "config.ini", error);
  if (status != STATUS_OK) return status;
  *used = files_exists(path);
  if (*used && config->run_resume == RESUME_NEVER)
    return status_fail(error, STATUS_USAGE, config->run_dir,
                       "this run directory is used; choose another run.dir, or set run.resume = auto to go on");
  return STATUS_OK;
}

enum status trainer_open_directory(struct trainer *trainer, bool used, struct error *error) {
  const struct config *config = &trainer->config;
  struct trainer_state *state = &trainer->state;
  enum status status =
      checkpoints_open(&trainer->checkpoints, &trainer->files, config->run_dir, (u32)config->checkpoint_keep,
                       trainer->buffers.staging, CHECKPOINT_STAGING_BYTES, true, error);
  if (status == STATUS_OK && used) status = trainer_restore(trainer, error);
  if (status == STATUS_OK) status = trainer_program_resume(trainer, error);
  if (status == STATUS_OK) status = write_config(trainer, error);
  if (status == STATUS_OK) status = write_plan(trainer, error);
  if (status == STATUS_OK)
    status = run_log_open(&trainer->log, &trainer->files, config->run_dir, state->metrics_bytes, state->samples_bytes,
                          trainer->buffers.log_line, RUN_LOG_LINE_BYTES, error);
  trainer->logging = status == STATUS_OK;
  if (status != STATUS_OK || !used) return status;
  const bool in_ppo = state->ppo_begun != 0;
  const u64 step = in_ppo ? state->ppo_iterations : state->sft_steps;
  progress_note(&trainer->progress, "going on from %s step %llu", phase_name(in_ppo ? PHASE_PPO : PHASE_SFT),
                (unsigned long long)step);
  return run_log_resumed(&trainer->log, in_ppo ? PHASE_PPO : PHASE_SFT, step, error);
}
