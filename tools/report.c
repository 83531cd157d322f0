/* rlsp report: rebuilds report.html from what a run directory holds. Also of a run that is going on. */
#include "engine/report/report.h"

#include <stdio.h>

#include "platform/files.h"
#include "platform/memory.h"
#include "tools/commands.h"

/* The operand is the run directory, or a config that names one. */
static enum status run_folder_of(const struct invocation *invocation, char *folder, struct error *error) {
  const char *const target = invocation->operand;
  if (files_kind(target) == FILES_KIND_FILE) {
    struct config config;
    const enum status status = invocation_config(invocation, &config, error);
    if (status != STATUS_OK) return status;
    if (config.run_dir[0] == 0)
      return status_fail(error, STATUS_USAGE, target,
                         "names no run directory; give the directory itself, or run.dir=PATH");
    snprintf(folder, PATH_BYTES_MAX, "%s", config.run_dir);
    return STATUS_OK;
  }
  if (invocation->override_count > 0)
    return status_fail(error, STATUS_USAGE, invocation->overrides[0],
                       "a setting says nothing beside a run directory; leave it out, or give a config file");
  if (snprintf(folder, PATH_BYTES_MAX, "%s", target) >= (int)PATH_BYTES_MAX)
    return status_fail(error, STATUS_USAGE, target, "the path is too long; choose a shorter one");
  return STATUS_OK;
}

static enum status check_run_folder(const char *folder, struct error *error) {
  static const char *const holds[] = {"metrics.jsonl", "summary.json", "config.ini"};
  char path[PATH_BYTES_MAX];
  for (u32 i = 0; i < COUNT_OF(holds); i++)
    if (files_path(path, folder, holds[i], NULL) == STATUS_OK && files_exists(path)) return STATUS_OK;
  return status_fail(error, STATUS_USAGE, folder, "%s; give the directory that `rlsp train` made",
                     files_exists(folder) ? "holds no run" : "is not there");
}

enum status command_report(const struct invocation *invocation, struct error *error) {
  void *memory;
  char folder[PATH_BYTES_MAX];
  struct files files = {.changes = 0};
  enum status status = run_folder_of(invocation, folder, error);
  if (status == STATUS_OK) status = check_run_folder(folder, error);
  if (status == STATUS_OK) status = host_memory_reserve(REPORT_MEMORY_BYTES, &memory, error);
  if (status != STATUS_OK) return status;
  status = report_write(&files, folder, memory, REPORT_MEMORY_BYTES, error);
  if (status == STATUS_OK) printf("%s/report.html\n", folder);
  host_memory_release(memory, REPORT_MEMORY_BYTES);
  return status;
}
