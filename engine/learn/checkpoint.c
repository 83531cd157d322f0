/* Saving, and finding what is good. The order of the steps is the promise; checkpoint.h tells it. */
#include "engine/learn/checkpoint.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/learn/checkpoint_manifest.h"

#define LATEST_NAME "latest"

static enum status step_path(const struct checkpoints *checkpoints, const char *prefix, u64 step, char *path,
                             struct error *error) {
  char name[48];
  snprintf(name, sizeof name, "%s%llu", prefix, (unsigned long long)step);
  return files_path(path, checkpoints->folder, name, error);
}

/* "step_N" as we write it: digits, no leading zero. */
static bool step_of(const char *name, const char *prefix, u64 *step) {
  const size_t prefix_bytes = strlen(prefix);
  if (strncmp(name, prefix, prefix_bytes) != 0) return false;
  const char *at = name + prefix_bytes;
  if (*at == 0 || strlen(at) > 19 || (*at == '0' && at[1] != 0)) return false;
  for (*step = 0; *at != 0; at++) {
    if (*at < '0' || *at > '9') return false;
    *step = *step * 10 + (u64)(*at - '0');
  }
  return true;
}

/* What a listing looks for. */
struct search {
  u64 below; /* only steps below this */
  u64 newest, oldest;
  u64 count;
  bool any;
  char leftover[256]; /* a name to clear; NAME_MAX is 255 */
};

static bool search_step(void *context, const char *name) {
  struct search *const search = context;
  u64 step;
  if (!step_of(name, "step_", &step) || step >= search->below) return true;
  if (!search->any || step > search->newest) search->newest = step;
  if (!search->any || step < search->oldest) search->oldest = step;
  search->any = true;
  search->count++;
  return true;
}

static bool search_leftover(void *context, const char *name) {
  struct search *const search = context;
  if (strncmp(name, "tmp-", 4) != 0 && strncmp(name, "old-step_", 9) != 0) return true;
  snprintf(search->leftover, sizeof search->leftover, "%s", name);
  return false;
}

/* tmp-*: what a dead save or a dead pruning left. old-step_N: the checkpoint that a dead save was replacing; it goes
 * back where none took its place. */
static enum status clear_leftovers(struct checkpoints *checkpoints, struct error *error) {
  for (;;) {
    struct search search = {0};
    enum status status = files_list(checkpoints->folder, search_leftover, &search, error);
    if (status != STATUS_OK || search.leftover[0] == 0) return status;
    char path[PATH_BYTES_MAX], place[PATH_BYTES_MAX] = "";
    u64 step;
    status = files_path(path, checkpoints->folder, search.leftover, error);
    if (status == STATUS_OK && step_of(search.leftover, "old-step_", &step))
      status = step_path(checkpoints, "step_", step, place, error);
    if (status == STATUS_OK && place[0] != 0 && !files_exists(place))
      status = files_rename(checkpoints->files, path, place, error);
    else if (status == STATUS_OK)
      status = files_remove_tree(checkpoints->files, path, error);
    if (status != STATUS_OK) return status;
  }
}

enum status checkpoints_open(struct checkpoints *checkpoints, struct files *files, const char *run_folder, u32 keep,
                             u8 *staging, u64 staging_bytes, bool write, struct error *error) {
  CHECK(keep >= 2 && staging_bytes >= 4096, "keep %u, staging of %llu bytes", keep, (unsigned long long)staging_bytes);
  *checkpoints = (struct checkpoints){.files = files, .staging = staging, .staging_bytes = staging_bytes, .keep = keep};
  enum status status = files_path(checkpoints->folder, run_folder, "checkpoints", error);
  if (status == STATUS_OK && write) status = files_make_folders(files, checkpoints->folder, error);
  if (status == STATUS_OK && write) status = clear_leftovers(checkpoints, error);
  return status;
}

/* ---- saving ---- */

/* Synced and closed; its line added to the manifest. */
static enum status finish_file(struct checkpoints *checkpoints, struct file *file, enum status status,
                               struct error *error) {
  if (status == STATUS_OK) status = files_sync(checkpoints->files, file, error);
  if (status == STATUS_OK) files_forget(file); /* the verification is to read the disk */
  files_close(file);
  return status;
}

static enum status save_tensors(struct checkpoints *checkpoints, const char *folder, const struct checkpoint_file *from,
                                const struct checkpoint_content *content, struct manifest *manifest,
                                struct error *error) {
  char path[PATH_BYTES_MAX];
  struct file file;
  struct hash64 hash;
  u64 bytes = 0;
  files_none(&file);
  hash64_begin(&hash);
  enum status status = files_path(path, folder, from->name, error);
  if (status == STATUS_OK) status = files_create(checkpoints->files, &file, path, error);
  if (status == STATUS_OK)
    status = safetensors_write(checkpoints->files, &file, from->tensors, from->count, content->read, content->context,
                               checkpoints->staging, checkpoints->staging_bytes, &hash, &bytes, error);
  manifest_file(manifest, from->name, bytes, hash64_end(&hash));
  return finish_file(checkpoints, &file, status, error);
}

static enum status save_text(struct checkpoints *checkpoints, const char *folder, const char *name, const char *text,
                             u64 bytes, struct error *error) {
  char path[PATH_BYTES_MAX];
  struct file file;
  files_none(&file);
  enum status status = files_path(path, folder, name, error);
  if (status == STATUS_OK) status = files_create(checkpoints->files, &file, path, error);
  if (status == STATUS_OK) status = files_write(checkpoints->files, &file, text, bytes, error);
  return finish_file(checkpoints, &file, status, error);
}

static enum status save_content(struct checkpoints *checkpoints, const char *folder,
                                const struct checkpoint_content *content, struct error *error) {
  CHECK(content->file_count + content->text_count <= CHECKPOINT_FILES_MAX &&
            content->value_count <= CHECKPOINT_VALUES_MAX,
        "%u files and %u values are too many", content->file_count + content->text_count, content->value_count);
  struct manifest manifest;
  manifest_begin(&manifest);
  enum status status = STATUS_OK;
  for (u32 i = 0; i < content->file_count && status == STATUS_OK; i++)
    status = save_tensors(checkpoints, folder, &content->files[i], content, &manifest, error);
  for (u32 i = 0; i < content->text_count && status == STATUS_OK; i++) {
    const struct checkpoint_text *const text = &content->texts[i];
    struct hash64 hash;
    hash64_begin(&hash);
    hash64_add(&hash, text->text, text->bytes);
    manifest_file(&manifest, text->name, text->bytes, hash64_end(&hash));
    status = save_text(checkpoints, folder, text->name, text->text, text->bytes, error);
  }
  for (u32 i = 0; i < content->value_count; i++)
    manifest_value(&manifest, content->values[i].name, content->values[i].value);
  manifest_end(&manifest);
  if (status == STATUS_OK) status = save_text(checkpoints, folder, MANIFEST_NAME, manifest.text, manifest.bytes, error);
  return status == STATUS_OK ? files_sync_folder(checkpoints->files, folder, error) : status;
}

/* tmp-step_N takes the place of step_N. One that stands there already steps aside and is put back if the new one cannot
 * take its place. */
static enum status move_in(struct checkpoints *checkpoints, const char *temporary, const char *place, const char *aside,
                           struct error *error) {
  enum status status = STATUS_OK;
  const bool replaces = files_exists(place);
  if (replaces) status = files_remove_tree(checkpoints->files, aside, error);
  if (replaces && status == STATUS_OK) status = files_rename(checkpoints->files, place, aside, error);
  if (status == STATUS_OK) status = files_rename(checkpoints->files, temporary, place, error);
  if (status != STATUS_OK && replaces && !files_exists(place)) {
    const enum status ignored = files_rename(checkpoints->files, aside, place, NULL); /* else the next start does it */
    (void)ignored;
  }
  return status == STATUS_OK ? files_sync_folder(checkpoints->files, checkpoints->folder, error) : status;
}

static enum status prune(struct checkpoints *checkpoints, u64 step, struct error *error) {
  for (;;) {
    struct search search = {.below = step + 1};
    enum status status = files_list(checkpoints->folder, search_step, &search, error);
    if (status != STATUS_OK || search.count <= checkpoints->keep) return status;
    char path[PATH_BYTES_MAX], doomed[PATH_BYTES_MAX];
    status = step_path(checkpoints, "step_", search.oldest, path, error);
    if (status == STATUS_OK) status = step_path(checkpoints, "tmp-old-step_", search.oldest, doomed, error);
    /* renamed first: a death half-way leaves a leftover, never half a checkpoint */
    if (status == STATUS_OK) status = files_remove_tree(checkpoints->files, doomed, error);
    if (status == STATUS_OK) status = files_rename(checkpoints->files, path, doomed, error);
    if (status == STATUS_OK) status = files_remove_tree(checkpoints->files, doomed, error);
    if (status != STATUS_OK) return status;
  }
}

static enum status move_latest(struct checkpoints *checkpoints, u64 step, struct error *error) {
  char path[PATH_BYTES_MAX], text[48];
  const enum status status = files_path(path, checkpoints->folder, LATEST_NAME, error);
  if (status != STATUS_OK) return status;
  const int bytes = snprintf(text, sizeof text, "step_%llu\n", (unsigned long long)step);
  return files_replace(checkpoints->files, path, text, (u64)bytes, error);
}

/* What was read back is not what was written: it must not be found as the newest. */
static void withdraw(struct checkpoints *checkpoints, const char *place, const char *temporary, const char *aside) {
  enum status ignored = files_rename(checkpoints->files, place, temporary, NULL);
  if (ignored == STATUS_OK && files_exists(aside)) ignored = files_rename(checkpoints->files, aside, place, NULL);
  if (ignored == STATUS_OK) ignored = files_remove_tree(checkpoints->files, temporary, NULL);
}

enum status checkpoint_save(struct checkpoints *checkpoints, u64 step, const struct checkpoint_content *content,
                            struct error *error) {
  char temporary[PATH_BYTES_MAX], place[PATH_BYTES_MAX], aside[PATH_BYTES_MAX];
  enum status status = step_path(checkpoints, "tmp-step_", step, temporary, error);
  if (status == STATUS_OK) status = step_path(checkpoints, "step_", step, place, error);
  if (status == STATUS_OK) status = step_path(checkpoints, "old-step_", step, aside, error);
  if (status == STATUS_OK) status = files_remove_tree(checkpoints->files, temporary, error);
  if (status == STATUS_OK) status = files_make_folders(checkpoints->files, temporary, error);
  if (status == STATUS_OK) status = save_content(checkpoints, temporary, content, error);
  if (status == STATUS_OK) status = move_in(checkpoints, temporary, place, aside, error);
  if (status != STATUS_OK) {
    const enum status ignored =
        files_remove_tree(checkpoints->files, temporary, NULL); /* else the next start does it */
    (void)ignored;
    return status;
  }
  status = checkpoint_verify(checkpoints, step, error);
  if (status != STATUS_OK) {
    withdraw(checkpoints, place, temporary, aside);
    return status;
  }
  status = move_latest(checkpoints, step, error);
  if (status == STATUS_OK) status = files_remove_tree(checkpoints->files, aside, error);
  return status == STATUS_OK ? prune(checkpoints, step, error) : status;
}

/* ---- finding ---- */

static void note_passed(struct checkpoint_found *found, u64 step, const struct error *why) {
  const size_t used = strlen(found->note);
  const char *const name = strrchr(why->place, '/');
  snprintf(found->note + used, sizeof found->note - used, "%scheckpoint step_%llu is passed over: %s: %s",
           used > 0 ? "\n" : "", (unsigned long long)step, name != NULL ? name + 1 : why->place, why->text);
}

enum status checkpoint_newest(struct checkpoints *checkpoints, struct checkpoint_found *found, struct error *error) {
  *found = (struct checkpoint_found){0};
  if (!files_exists(checkpoints->folder)) return STATUS_OK;
  struct search search = {.below = UINT64_MAX};
  for (u64 below = UINT64_MAX;; below = search.newest) {
    search = (struct search){.below = below};
    const enum status status = files_list(checkpoints->folder, search_step, &search, error);
    if (status != STATUS_OK) return status;
    if (!search.any) break;
    struct error why;
    found->step = search.newest;
    found->any = checkpoint_verify(checkpoints, search.newest, &why) == STATUS_OK;
    if (found->any) return STATUS_OK;
    note_passed(found, search.newest, &why);
  }
  if (found->note[0] == 0) return STATUS_OK;
  for (char *c = found->note; *c != 0; c++)
    if (*c == '\n') *c = ','; /* an error is one line */
  return status_fail(
      error, STATUS_DAMAGED, checkpoints->folder,
      "no checkpoint in it is good; restore one from a copy, or remove the folder to start again (%.500s)",
      found->note);
}
