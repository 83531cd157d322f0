/* Reading a checkpoint: every byte against the manifest, then tensors and values. */
#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/learn/checkpoint.h"
#include "engine/learn/checkpoint_manifest.h"

static enum status folder_of(const struct checkpoints *checkpoints, u64 step, char *folder, struct error *error) {
  char name[48];
  snprintf(name, sizeof name, "step_%llu", (unsigned long long)step);
  return files_path(folder, checkpoints->folder, name, error);
}

static enum status hash_file(struct checkpoints *checkpoints, struct file *file, u64 bytes, u64 *hash,
                             struct error *error) {
  struct hash64 state;
  hash64_begin(&state);
  enum status status = STATUS_OK;
  for (u64 at = 0; at < bytes && status == STATUS_OK;) {
    const u64 now = bytes - at < checkpoints->staging_bytes ? bytes - at : checkpoints->staging_bytes;
    status = files_read(file, at, checkpoints->staging, now, error);
    hash64_add(&state, checkpoints->staging, now);
    at += now;
  }
  *hash = hash64_end(&state);
  return status;
}

static enum status verify_file(struct checkpoints *checkpoints, const char *folder, const struct manifest_line *line,
                               struct error *error) {
  char path[PATH_BYTES_MAX];
  struct file file;
  u64 bytes = 0, hash = 0;
  files_none(&file);
  enum status status = files_path(path, folder, line->name, error);
  if (status == STATUS_OK) status = files_open_read(&file, path, error);
  if (status == STATUS_OK) status = files_size(&file, &bytes, error);
  if (status == STATUS_OK && bytes != line->number)
    status = status_fail(error, STATUS_DAMAGED, path,
                         "has %llu bytes instead of %llu; restore it from a copy, or remove its folder",
                         (unsigned long long)bytes, (unsigned long long)line->number);
  if (status == STATUS_OK) status = hash_file(checkpoints, &file, bytes, &hash, error);
  if (status == STATUS_OK && hash != line->hash)
    status = status_fail(error, STATUS_DAMAGED, path,
                         "has hash %016llx instead of %016llx; restore it from a copy, or remove its folder",
                         (unsigned long long)hash, (unsigned long long)line->hash);
  files_close(&file);
  return status;
}

enum status checkpoint_verify(struct checkpoints *checkpoints, u64 step, struct error *error) {
  char folder[PATH_BYTES_MAX];
  struct manifest manifest;
  struct manifest_line line;
  enum status status = folder_of(checkpoints, step, folder, error);
  if (status == STATUS_OK) status = manifest_read(&manifest, folder, error);
  if (status != STATUS_OK) return status;
  for (u64 at = 0; status == STATUS_OK && manifest_next(&manifest, "file", &at, &line);)
    status = verify_file(checkpoints, folder, &line, error);
  return status;
}

static enum status load_values(const struct manifest *manifest, const char *folder,
                               const struct checkpoint_content *content, struct error *error) {
  for (u32 i = 0; i < content->value_count; i++) {
    struct manifest_line line;
    if (!manifest_find(manifest, "value", content->values[i].name, &line))
      return status_fail(error, STATUS_DAMAGED, folder,
                         "has no value %s; it is of another version of rlsp: start the run again",
                         content->values[i].name);
    content->values[i].value = line.number;
  }
  return STATUS_OK;
}

static enum status load_tensors(struct checkpoints *checkpoints, const char *folder, const struct checkpoint_file *to,
                                const struct checkpoint_content *content, struct error *error) {
  char path[PATH_BYTES_MAX];
  struct file file;
  files_none(&file);
  enum status status = files_path(path, folder, to->name, error);
  if (status == STATUS_OK) status = files_open_read(&file, path, error);
  if (status == STATUS_OK)
    status = safetensors_load_same(&file, to->tensors, to->count, content->write, content->context,
                                   checkpoints->staging, checkpoints->staging_bytes, error);
  files_close(&file);
  return status;
}

enum status checkpoint_load(struct checkpoints *checkpoints, u64 step, const struct checkpoint_content *content,
                            struct error *error) {
  char folder[PATH_BYTES_MAX];
  struct manifest manifest;
  enum status status = folder_of(checkpoints, step, folder, error);
  if (status == STATUS_OK) status = manifest_read(&manifest, folder, error);
  if (status == STATUS_OK) status = load_values(&manifest, folder, content, error);
  for (u32 i = 0; i < content->file_count && status == STATUS_OK; i++)
    status = load_tensors(checkpoints, folder, &content->files[i], content, error);
  return status;
}

enum status checkpoint_value(struct checkpoints *checkpoints, u64 step, const char *name, u64 *value,
                             struct error *error) {
  char folder[PATH_BYTES_MAX];
  struct manifest manifest;
  struct checkpoint_value wanted = {.name = name};
  const struct checkpoint_content content = {.values = &wanted, .value_count = 1};
  enum status status = folder_of(checkpoints, step, folder, error);
  if (status == STATUS_OK) status = manifest_read(&manifest, folder, error);
  if (status == STATUS_OK) status = load_values(&manifest, folder, &content, error);
  *value = wanted.value;
  return status;
}
