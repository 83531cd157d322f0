/* The one door to files. Everything the product reads or writes goes through here.
 *
 * Owns: open descriptors, in caller-owned structs. Never allocates (no FILE, no opendir), before the freeze or after
 * it. Short writes and EINTR are finished here. Faults can be injected: every call below that changes the disk counts
 * one, and the nth answers as asked (struct files_fault). Fails: with the path as place. STATUS_USAGE where the path
 * itself is to blame (missing, not permitted, not a folder), STATUS_FAILED where the disk is (full, I/O error),
 * STATUS_DAMAGED where a file is shorter than it should be. */
#ifndef RLSP_PLATFORM_FILES_H
#define RLSP_PLATFORM_FILES_H

#include "engine/memory/limits.h"
#include "engine/status.h"

enum files_fault_kind {
  FILES_FAULT_NONE,
  FILES_FAULT_NO_SPACE,  /* ENOSPC */
  FILES_FAULT_IO,        /* EIO */
  FILES_FAULT_INTERRUPT, /* EINTR once: must be retried unseen */
  FILES_FAULT_SHORT,     /* half of a write goes through: must be finished unseen */
  FILES_FAULT_KILL       /* the process dies on the spot, as by kill -9 */
};

/* For tests; all zero = off. */
struct files_fault {
  enum files_fault_kind kind;
  u64 nth;      /* the nth changing call from now, counted from 1 */
  bool lasting; /* that call and every later one, as on a full disk; else that one alone */
};

/* Passed to every call; one per process. {0} is ready for use. */
struct files {
  struct files_fault fault;
  u64 changes; /* changing calls so far: open for writing, write, sync, truncate, rename, remove, make folder */
};

struct file {
  int descriptor; /* -1 = closed. A zeroed struct is not a closed file: use files_none() */
  char path[PATH_BYTES_MAX];
};

struct files_lock {
  struct file file;
};

enum files_kind { FILES_KIND_ABSENT, FILES_KIND_FILE, FILES_KIND_FOLDER, FILES_KIND_OTHER };

/* A name inside a folder, in no order. Return false to stop. */
typedef bool files_visit(void *context, const char *name);

/* "folder/name" into path[PATH_BYTES_MAX]; too long is STATUS_USAGE. */
enum status files_path(char *path, const char *folder, const char *name, struct error *error) MUST_USE;

/* *file is set to closed when these fail; the caller always calls files_close. */
enum status files_create(struct files *files, struct file *file, const char *path,
                         struct error *error) MUST_USE; /* emptied if there */
enum status files_open_append(struct files *files, struct file *file, const char *path,
                              struct error *error) MUST_USE; /* made if absent */
enum status files_open_read(struct file *file, const char *path, struct error *error) MUST_USE;
void files_none(struct file *file);
/* Ignores errors, so sync first where they matter. Any number of times. */
void files_close(struct file *file);

enum status files_write(struct files *files, struct file *file, const void *data, u64 bytes,
                        struct error *error) MUST_USE;
/* Exactly `bytes` from `offset`; a file that ends before is STATUS_DAMAGED. */
enum status files_read(struct file *file, u64 offset, void *data, u64 bytes, struct error *error) MUST_USE;
enum status files_size(struct file *file, u64 *bytes, struct error *error) MUST_USE;
enum status files_truncate(struct files *files, struct file *file, u64 bytes, struct error *error) MUST_USE;
enum status files_sync(struct files *files, struct file *file, struct error *error) MUST_USE;
/* Lets the system drop its cached copy of a synced file, so that reading it back reads the disk. */
void files_forget(struct file *file);

enum files_kind files_kind(const char *path);
bool files_exists(const char *path);
/* Whole file into data[capacity] with a final NUL; *bytes is without it. A larger file is STATUS_USAGE. */
enum status files_read_whole(const char *path, void *data, u64 capacity, u64 *bytes, struct error *error) MUST_USE;
/* Never seen half: written aside, synced, renamed over, folder synced. */
enum status files_replace(struct files *files, const char *path, const void *data, u64 bytes,
                          struct error *error) MUST_USE;
enum status files_rename(struct files *files, const char *from, const char *to, struct error *error) MUST_USE;
enum status files_remove(struct files *files, const char *path,
                         struct error *error) MUST_USE; /* a file; absent is fine */
/* The folder of this user that things may be lost from: HOME/.cache, of the user's account. false: there is none. Not after the
 * freeze. */
bool files_user_cache(char *path);
/* A folder and what is in it, at most 8 deep; absent is fine. Links are removed, never followed. */
enum status files_remove_tree(struct files *files, const char *path, struct error *error) MUST_USE;
/* mkdir -p. */
enum status files_make_folders(struct files *files, const char *path, struct error *error) MUST_USE;
enum status files_sync_folder(struct files *files, const char *path, struct error *error) MUST_USE;
/* To a terminal or pipe: 1 = standard output, 2 = standard error. Errors are nobody's business here: a closed pipe must
 * not end a run. */
void files_say(int descriptor, const char *text, u64 bytes);
bool files_terminal(int descriptor);
/* Names other than "." and "..". */
enum status files_list(const char *folder, files_visit *visit, void *context, struct error *error) MUST_USE;

/* Takes the lock file and writes our pid in it. Held by a live process: STATUS_USAGE, naming its pid. A dead process
 * holds nothing. The lock is gone with files_unlock or with the process. One lock a path a process: closing any other
 * descriptor of the file would drop it. */
enum status files_lock(struct files *files, struct files_lock *lock, const char *path, struct error *error) MUST_USE;
void files_unlock(struct files *files, struct files_lock *lock);

#endif
