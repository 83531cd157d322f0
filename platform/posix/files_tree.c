/* Folders: listing without opendir (it allocates), making, renaming, removing, syncing. */
#define _GNU_SOURCE /* SYS_getdents64, O_DIRECTORY */

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/files.h"
#include "platform/posix/door.h"

#define FILES_DEPTH_MAX 8u /* a run directory is three deep */

/* struct linux_dirent64: u64 inode, i64 next, u16 bytes of this entry, u8 type, name */
enum { ENTRY_BYTES_AT = 16, ENTRY_NAME_AT = 19 };

enum files_kind files_kind(const char *path) {
  struct stat facts;
  if (lstat(path, &facts) != 0) return FILES_KIND_ABSENT;
  if (S_ISREG(facts.st_mode)) return FILES_KIND_FILE;
  return S_ISDIR(facts.st_mode) ? FILES_KIND_FOLDER : FILES_KIND_OTHER;
}

bool files_user_cache(char *path) {
  char text[4096];
  struct passwd account, *found = NULL;
  struct error error;
  if (getpwuid_r(getuid(), &account, text, sizeof text, &found) != 0 || found == NULL) return false;
  return files_path(path, found->pw_dir, ".cache", &error) == STATUS_OK;
}

bool files_exists(const char *path) { return access(path, F_OK) == 0; }

static int open_folder(const char *path) {
  int descriptor;
  do descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

static bool visit_entries(const u8 *entries, long bytes, files_visit *visit, void *context) {
  for (long at = 0; at < bytes;) {
    u16 entry_bytes;
    memcpy(&entry_bytes, entries + at + ENTRY_BYTES_AT, sizeof entry_bytes);
    const char *const name = (const char *)(entries + at + ENTRY_NAME_AT);
    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !visit(context, name)) return false;
    at += entry_bytes;
  }
  return true;
}

enum status files_list(const char *folder, files_visit *visit, void *context, struct error *error) {
  const int descriptor = open_folder(folder);
  if (descriptor < 0) return door_status(errno, folder, "listing", error);
  u8 entries[8192];
  long got;
  do {
    got = syscall(SYS_getdents64, descriptor, entries, sizeof entries);
  } while ((got < 0 && errno == EINTR) || (got > 0 && visit_entries(entries, got, visit, context)));
  const int code = errno;
  close(descriptor);
  return got >= 0 ? STATUS_OK : door_status(code, folder, "listing", error);
}

enum status files_sync_folder(struct files *files, const char *path, struct error *error) {
  const int descriptor = open_folder(path);
  if (descriptor < 0) return door_status(errno, path, "opening", error);
  int result;
  do result = door_fails(files) ? -1 : fsync(descriptor);
  while (result != 0 && errno == EINTR);
  const int code = errno;
  close(descriptor);
  if (result == 0 || code == EINVAL) return STATUS_OK; /* some file systems have no sync for folders */
  return door_status(code, path, "syncing", error);
}

enum status files_rename(struct files *files, const char *from, const char *to, struct error *error) {
  int result;
  do result = door_fails(files) ? -1 : rename(from, to);
  while (result != 0 && errno == EINTR);
  return result == 0 ? STATUS_OK : door_status(errno, to, "renaming to it", error);
}

enum status files_remove(struct files *files, const char *path, struct error *error) {
  int result;
  do result = door_fails(files) ? -1 : unlink(path);
  while (result != 0 && errno == EINTR);
  return result == 0 || errno == ENOENT ? STATUS_OK : door_status(errno, path, "removing", error);
}

static enum status remove_folder(struct files *files, const char *path, struct error *error) {
  int result;
  do result = door_fails(files) ? -1 : rmdir(path);
  while (result != 0 && errno == EINTR);
  return result == 0 || errno == ENOENT ? STATUS_OK : door_status(errno, path, "removing", error);
}

static bool first_name(void *context, const char *name) {
  snprintf(context, 256, "%s", name);
  return false;
}

static enum status remove_deep(struct files *files, const char *path, u32 depth, struct error *error) {
  const enum files_kind kind = files_kind(path);
  if (kind == FILES_KIND_ABSENT) return STATUS_OK;
  if (kind != FILES_KIND_FOLDER) return files_remove(files, path, error);
  if (depth == 0)
    return status_fail(error, STATUS_FAILED, path,
                       "is nested too deep to be ours; remove it by hand if it is not needed");
  for (;;) {
    char name[256] = "", inner[PATH_BYTES_MAX];
    enum status status = files_list(path, first_name, name, error);
    if (status != STATUS_OK) return status;
    if (name[0] == 0) return remove_folder(files, path, error);
    status = files_path(inner, path, name, error);
    if (status == STATUS_OK) status = remove_deep(files, inner, depth - 1, error);
    if (status != STATUS_OK) return status;
  }
}

enum status files_remove_tree(struct files *files, const char *path, struct error *error) {
  return remove_deep(files, path, FILES_DEPTH_MAX, error);
}

static enum status make_folder(struct files *files, const char *path, struct error *error) {
  struct stat facts;
  if (stat(path, &facts) == 0)
    return S_ISDIR(facts.st_mode) ? STATUS_OK : door_status(ENOTDIR, path, "making the folder", error);
  int result;
  do result = door_fails(files) ? -1 : mkdir(path, 0777);
  while (result != 0 && errno == EINTR);
  if (result == 0 || errno == EEXIST) return STATUS_OK;
  return door_status(errno, path, "making the folder", error);
}

enum status files_make_folders(struct files *files, const char *path, struct error *error) {
  char part[PATH_BYTES_MAX];
  const size_t bytes = strlen(path);
  if (bytes == 0) return door_status(ENOENT, "\"\"", "making the folder", error);
  if (bytes >= sizeof part) return door_status(ENAMETOOLONG, path, "making the folder", error);
  for (size_t i = 1; i <= bytes; i++) {
    if (path[i] != '/' && path[i] != 0) continue;
    memcpy(part, path, i);
    part[i] = 0;
    const enum status status = make_folder(files, part, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

enum status files_replace(struct files *files, const char *path, const void *data, u64 bytes, struct error *error) {
  char aside[PATH_BYTES_MAX], parent[PATH_BYTES_MAX];
  if (strlen(path) + sizeof ".tmp" > sizeof aside) return door_status(ENAMETOOLONG, path, "replacing", error);
  snprintf(aside, sizeof aside, "%s.tmp", path);
  struct file file;
  enum status status = files_create(files, &file, aside, error);
  if (status == STATUS_OK) status = files_write(files, &file, data, bytes, error);
  if (status == STATUS_OK) status = files_sync(files, &file, error);
  files_close(&file);
  if (status == STATUS_OK) status = files_rename(files, aside, path, error);
  if (status != STATUS_OK) {
    const enum status ignored = files_remove(files, aside, NULL); /* it is replaced next time */
    (void)ignored;
    return status;
  }
  door_parent(path, parent);
  return files_sync_folder(files, parent, error);
}
