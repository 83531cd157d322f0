/* What the files of this folder share: how a changing call is counted or made to fail, and how errno becomes a status.
 * Nobody else includes this. */
#ifndef RLSP_PLATFORM_POSIX_DOOR_H
#define RLSP_PLATFORM_POSIX_DOOR_H

#include "platform/files.h"

/* Before each changing system call: counts it; true = it is to fail, errno is set. May not return (FILES_FAULT_KILL).
 */
bool door_fails(struct files *files);
/* Before each write(2): as above; *bytes is cut for a short write. */
bool door_write_fails(struct files *files, u64 *bytes);

/* From errno; `doing` as in "writing". */
enum status door_status(int code, const char *path, const char *doing, struct error *error);
/* "a/b" -> "a", "b" -> ".", "/b" -> "/". */
void door_parent(const char *path, char parent[PATH_BYTES_MAX]);

#endif
