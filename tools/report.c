#include "tools/report.h"

#include <stdio.h>

#include "engine/config/config.h"
#include "engine/report/report.h"
#include "platform/files.h"
#include "platform/memory.h"

#define CONFIG_BYTES_MAX (1u << 20)

/* The run directory that a config names. memory: CONFIG_BYTES_MAX bytes. */
static enum status run_folder_of(const char *config_path, const char *const *overrides, u32 override_count, char *memory,
                                 char *folder, struct error *error) {
  static struct config config; /* large; a tool parses one */
  u64 bytes;
  enum status status = files_read_whole(config_path, memory, CONFIG_BYTES_MAX, &bytes, error);
  if (status == STATUS_OK) status = config_parse(&config, config_path, memory, bytes, overrides, override_count, error);
  if (status != STATUS_OK) return status;
  if (config.run_dir[0] == 0)
    return status_fail(error, STATUS_USAGE, config_path, "names no run directory; give the directory itself, or run.dir=PATH");
  snprintf(folder, PATH_BYTES_MAX, "%s", config.run_dir);
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

enum status report_rebuild(const char *target, const char *const *overrides, u32 override_count, struct error *error) {
  void *memory;
  char folder[PATH_BYTES_MAX];
  struct files files = {.changes = 0};
  enum status status = host_memory_reserve(REPORT_MEMORY_BYTES, &memory, error);
  if (status != STATUS_OK) return status;
  if (files_kind(target) == FILES_KIND_FILE) status = run_folder_of(target, overrides, override_count, memory, folder, error);
  else if (override_count > 0)
    status = status_fail(error, STATUS_USAGE, overrides[0], "settings can only be given with a config file");
  else
    snprintf(folder, sizeof folder, "%s", target);
  if (status == STATUS_OK) status = check_run_folder(folder, error);
  if (status == STATUS_OK) status = report_write(&files, folder, memory, REPORT_MEMORY_BYTES, error);
  if (status == STATUS_OK) printf("%s/report.html\n", folder);
  host_memory_release(memory, REPORT_MEMORY_BYTES);
  return status;
}
