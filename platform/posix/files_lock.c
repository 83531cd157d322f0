/* The lock is fcntl's: the kernel drops it when its process dies, however that dies, and tells who holds it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "platform/files.h"
#include "platform/posix/door.h"

/* The kernel's answer; where it has none (another machine of a network file system), what the holder wrote. */
static long holder_of(struct file *file) {
  struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(file->descriptor, F_GETLK, &range) == 0 && range.l_type != F_UNLCK && range.l_pid > 0) return range.l_pid;
  char text[24] = "";
  long pid = 0;
  if (pread(file->descriptor, text, sizeof text - 1, 0) > 0) sscanf(text, "%ld", &pid);
  return pid;
}

static enum status write_pid(struct files *files, struct file *file, struct error *error) {
  char text[24];
  const int bytes = snprintf(text, sizeof text, "%ld\n", (long)getpid());
  const enum status status = files_truncate(files, file, 0, error);
  return status == STATUS_OK ? files_write(files, file, text, (u64)bytes, error) : status;
}

enum status files_lock(struct files *files, struct files_lock *lock, const char *path, struct error *error) {
  struct file *const file = &lock->file;
  files_none(file);
  if (strlen(path) >= sizeof file->path) return door_status(ENAMETOOLONG, path, "locking", error);
  strcpy(file->path, path);
  file->descriptor = door_fails(files) ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file->descriptor < 0) return door_status(errno, path, "locking", error);

  const struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  int result;
  do result = fcntl(file->descriptor, F_SETLK, &range);
  while (result != 0 && errno == EINTR);
  enum status status = STATUS_OK;
  if (result != 0 && (errno == EACCES || errno == EAGAIN))
    status = status_fail(error, STATUS_USAGE, path,
                         "in use by process %ld; wait for it, stop it, or choose another run.dir", holder_of(file));
  else if (result != 0)
    status = door_status(errno, path, "locking", error);
  else
    status = write_pid(files, file, error);
  if (status != STATUS_OK) files_close(file);
  return status;
}

void files_unlock(struct files *files, struct files_lock *lock) {
  if (lock->file.descriptor < 0) return;
  const enum status ignored = files_truncate(files, &lock->file, 0, NULL); /* an old pid does no harm */
  (void)ignored;
  files_close(&lock->file);
}
