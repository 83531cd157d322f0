#include "platform/posix/door.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int fault_errno(enum files_fault_kind kind) {
  if (kind == FILES_FAULT_NO_SPACE) return ENOSPC;
  if (kind == FILES_FAULT_IO) return EIO;
  return kind == FILES_FAULT_INTERRUPT ? EINTR : 0;
}

static enum files_fault_kind fault_due(struct files *files) {
  files->changes++;
  struct files_fault *fault = &files->fault;
  if (fault->kind == FILES_FAULT_NONE || fault->nth == 0) return FILES_FAULT_NONE;
  if (fault->nth > 1) {
    fault->nth--;
    return FILES_FAULT_NONE;
  }
  /* an interruption that lasted would be retried for ever */
  if (!fault->lasting || fault->kind == FILES_FAULT_INTERRUPT) fault->nth = 0;
  if (fault->kind == FILES_FAULT_KILL) raise(SIGKILL);
  return fault->kind;
}

bool door_fails(struct files *files) {
  const int code = fault_errno(fault_due(files));
  if (code != 0) errno = code;
  return code != 0;
}

bool door_write_fails(struct files *files, u64 *bytes) {
  const enum files_fault_kind kind = fault_due(files);
  if (kind == FILES_FAULT_SHORT && *bytes > 1) *bytes /= 2;
  const int code = fault_errno(kind);
  if (code != 0) errno = code;
  return code != 0;
}

/* The texts are ours: strerror may allocate, and says no cure. */
static const struct {
  int code;
  enum status status;
  const char *text;
} causes[] = {
    {ENOSPC, STATUS_FAILED, "the disk is full; free some space and run again"},
    {EDQUOT, STATUS_FAILED, "the disk quota is used up; free some space and run again"},
    {EIO, STATUS_FAILED, "the disk reports an I/O error; check the disk, then run again"},
    {EFBIG, STATUS_FAILED, "the file may not grow further; raise the file size limit (ulimit -f)"},
    {EMFILE, STATUS_FAILED, "too many open files; raise the limit (ulimit -n)"},
    {ENFILE, STATUS_FAILED, "too many open files on this machine; close some programs"},
    {EACCES, STATUS_USAGE, "permission denied; choose another path or change its permissions"},
    {EPERM, STATUS_USAGE, "not permitted; choose another path or change its permissions"},
    {EROFS, STATUS_USAGE, "the file system is read-only; choose another path"},
    {ENOENT, STATUS_USAGE, "no such file or folder; check the path"},
    {ENOTDIR, STATUS_USAGE, "a part of the path is not a folder; check the path"},
    {EISDIR, STATUS_USAGE, "is a folder, not a file; check the path"},
    {EEXIST, STATUS_USAGE, "is there already; choose another path"},
    {ENAMETOOLONG, STATUS_USAGE, "the path is too long; choose a shorter one"},
    {ELOOP, STATUS_USAGE, "too many links in the path; check the path"},
};

enum status door_status(int code, const char *path, const char *doing, struct error *error) {
  for (u32 i = 0; i < COUNT_OF(causes); i++)
    if (causes[i].code == code) return status_fail(error, causes[i].status, path, "%s: %s", doing, causes[i].text);
  return status_fail(error, STATUS_FAILED, path, "%s: system error %d; see errno(3)", doing, code);
}

void door_parent(const char *path, char parent[PATH_BYTES_MAX]) {
  size_t bytes = strlen(path);
  if (bytes >= PATH_BYTES_MAX) bytes = PATH_BYTES_MAX - 1;
  while (bytes > 0 && path[bytes - 1] != '/') bytes--;
  while (bytes > 1 && path[bytes - 1] == '/') bytes--;
  memcpy(parent, bytes == 0 ? "." : path, bytes == 0 ? 1 : bytes);
  parent[bytes == 0 ? 1 : bytes] = 0;
}
