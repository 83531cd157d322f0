#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/posix/door.h"

enum status files_path(char *path, const char *folder, const char *name, struct error *error) {
  const int bytes = snprintf(path, PATH_BYTES_MAX, "%s/%s", folder, name);
  if (bytes < 0 || bytes >= (int)PATH_BYTES_MAX) return door_status(ENAMETOOLONG, folder, "making a path in it", error);
  return STATUS_OK;
}

void files_none(struct file *file) {
  file->descriptor = -1;
  file->path[0] = 0;
}

static enum status open_with(struct files *files, struct file *file, const char *path, int flags, struct error *error) {
  files_none(file);
  if (strlen(path) >= sizeof file->path) return door_status(ENAMETOOLONG, path, "opening", error);
  strcpy(file->path, path);
  do {
    const bool fails = files != NULL && door_fails(files);
    file->descriptor = fails ? -1 : open(path, flags | O_CLOEXEC, 0666);
  } while (file->descriptor < 0 && errno == EINTR);
  if (file->descriptor < 0) return door_status(errno, path, (flags & O_CREAT) != 0 ? "creating" : "opening", error);
  return STATUS_OK;
}

enum status files_create(struct files *files, struct file *file, const char *path, struct error *error) {
  return open_with(files, file, path, O_WRONLY | O_CREAT | O_TRUNC, error);
}

enum status files_open_append(struct files *files, struct file *file, const char *path, struct error *error) {
  return open_with(files, file, path, O_WRONLY | O_CREAT | O_APPEND, error);
}

enum status files_open_read(struct file *file, const char *path, struct error *error) {
  const enum status status = open_with(NULL, file, path, O_RDONLY, error);
  if (status != STATUS_OK) return status;
  struct stat facts;
  if (fstat(file->descriptor, &facts) == 0 && S_ISDIR(facts.st_mode)) { /* Linux opens folders for reading */
    files_close(file);
    return door_status(EISDIR, path, "opening", error);
  }
  return STATUS_OK;
}

void files_close(struct file *file) {
  /* On Linux the descriptor is gone even where close answers EINTR: never retry. */
  if (file->descriptor >= 0) close(file->descriptor);
  file->descriptor = -1;
}

enum status files_write(struct files *files, struct file *file, const void *data, u64 bytes, struct error *error) {
  const u8 *left = data;
  while (bytes > 0) {
    u64 now = bytes < (1u << 30) ? bytes : 1u << 30; /* Linux writes less than 2 GiB at a time */
    const ssize_t written = door_write_fails(files, &now) ? -1 : write(file->descriptor, left, now);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return door_status(errno, file->path, "writing", error);
    if (written == 0) return door_status(ENOSPC, file->path, "writing", error);
    left += written;
    bytes -= (u64)written;
  }
  return STATUS_OK;
}

enum status files_read(struct file *file, u64 offset, void *data, u64 bytes, struct error *error) {
  u8 *at = data;
  while (bytes > 0) {
    const ssize_t got = pread(file->descriptor, at, bytes < (1u << 30) ? bytes : 1u << 30, (off_t)offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return door_status(errno, file->path, "reading", error);
    if (got == 0)
      return status_fail(error, STATUS_DAMAGED, file->path,
                         "ends at byte %llu, %llu too early; restore it from a copy, or remove it",
                         (unsigned long long)offset, (unsigned long long)bytes);
    at += got;
    offset += (u64)got;
    bytes -= (u64)got;
  }
  return STATUS_OK;
}

enum status files_size(struct file *file, u64 *bytes, struct error *error) {
  struct stat facts;
  *bytes = 0;
  if (fstat(file->descriptor, &facts) != 0) return door_status(errno, file->path, "measuring", error);
  *bytes = (u64)facts.st_size;
  return STATUS_OK;
}

enum status files_truncate(struct files *files, struct file *file, u64 bytes, struct error *error) {
  int result;
  do result = door_fails(files) ? -1 : ftruncate(file->descriptor, (off_t)bytes);
  while (result != 0 && errno == EINTR);
  return result == 0 ? STATUS_OK : door_status(errno, file->path, "truncating", error);
}

enum status files_sync(struct files *files, struct file *file, struct error *error) {
  int result;
  do result = door_fails(files) ? -1 : fsync(file->descriptor);
  while (result != 0 && errno == EINTR);
  if (result == 0 || errno == EINVAL) return STATUS_OK; /* EINVAL: a pipe or a device, which has nothing to sync */
  return door_status(errno, file->path, "syncing", error);
}

void files_forget(struct file *file) { (void)posix_fadvise(file->descriptor, 0, 0, POSIX_FADV_DONTNEED); }

enum status files_read_whole(const char *path, void *data, u64 capacity, u64 *bytes, struct error *error) {
  *bytes = 0;
  struct file file;
  const enum status status = files_open_read(&file, path, error);
  if (status != STATUS_OK) return status;
  char *const text = data;
  u64 total = 0;
  ssize_t got;
  do {
    got = total < capacity ? read(file.descriptor, text + total, capacity - total) : 0;
    if (got > 0) total += (u64)got;
  } while (got > 0 || (got < 0 && errno == EINTR));
  const int code = errno;
  files_close(&file);
  if (got < 0) return door_status(code, path, "reading", error);
  if (total >= capacity)
    return status_fail(error, STATUS_USAGE, path, "is larger than %llu bytes; give a smaller file",
                       (unsigned long long)(capacity - (capacity != 0)));
  text[total] = 0;
  *bytes = total;
  return STATUS_OK;
}

void files_say(int descriptor, const char *text, u64 bytes) {
  while (bytes > 0) {
    const ssize_t written = write(descriptor, text, bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text += written;
    bytes -= (u64)written;
  }
}

bool files_terminal(int descriptor) { return isatty(descriptor) == 1; }
