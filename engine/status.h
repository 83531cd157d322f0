/* How an operating error travels: a status that is also the process's exit code, and a caller-owned text.
 * Called by everyone. Lives as long as the caller's struct. A programmer's error is a CHECK (check.h), never a status. */
#ifndef RLSP_ENGINE_STATUS_H
#define RLSP_ENGINE_STATUS_H

#include "engine/types.h"

/* One list: name, exit code, what it means. The exit codes are part of the outside (rlsp help). */
#define STATUS_LIST(ROW)                                                  \
  ROW(OK, 0, "done")                                                      \
  ROW(FAILED, 1, "the run failed")                                        \
  ROW(USAGE, 2, "usage or configuration")                                 \
  ROW(DOES_NOT_FIT, 3, "does not fit the device")                         \
  ROW(DEVICE, 4, "device or driver")                                      \
  ROW(DAMAGED, 5, "file or checkpoint damaged")                           \
  ROW(INTERRUPTED, 130, "stopped by SIGINT or SIGHUP after a checkpoint") \
  ROW(TERMINATED, 143, "stopped by SIGTERM after a checkpoint")

enum status {
#define STATUS_ENUM(name, code, meaning) STATUS_##name = code,
  STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
};

struct error {
  enum status status;
  char place[256]; /* "FILE:LINE", a path, a device: where the cure is applied */
  char text[768];  /* "what is wrong; what to do" */
};

/* Fills *error (place and text are cut, never overrun) and returns status. error may be NULL. */
enum status status_fail(struct error *error, enum status status, const char *place, const char *format, ...)
    PRINTF_LIKE(4, 5);

#endif
