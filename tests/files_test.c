/* The file door, the lock, signals, the clock, host memory: what they promise, and what they do when the disk does not.
 */
#define _GNU_SOURCE /* mkdtemp, fork and friends beside the C11 of the build */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/clock.h"
#include "platform/files.h"
#include "platform/memory.h"
#include "platform/signals.h"

static char folder[64];

static int folder_make(void **state) {
  (void)state;
  strcpy(folder, "/dev/shm/rlsp-files-XXXXXX"); /* in memory: thousands of syncs cost nothing there */
  if (mkdtemp(folder) != NULL) return 0;
  strcpy(folder, "/tmp/rlsp-files-XXXXXX");
  return mkdtemp(folder) == NULL;
}

static int folder_remove(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  return files_remove_tree(&files, folder, NULL) != STATUS_OK;
}

static const char *in_folder(const char *name) {
  static char paths[4][PATH_BYTES_MAX];
  static u32 next;
  char *const path = paths[next++ % 4];
  assert_int_equal(files_path(path, folder, name, NULL), STATUS_OK);
  return path;
}

/* Creates, writes in three parts, syncs, reads back. */
static enum status write_and_read(struct files *files, const char *path, struct error *error) {
  struct file file;
  char text[16];
  enum status status = files_create(files, &file, path, error);
  if (status == STATUS_OK) status = files_write(files, &file, "abc", 3, error);
  if (status == STATUS_OK) status = files_write(files, &file, "defg", 4, error);
  if (status == STATUS_OK) status = files_sync(files, &file, error);
  files_close(&file);
  if (status != STATUS_OK) return status;
  u64 bytes;
  assert_int_equal(files_read_whole(path, text, sizeof text, &bytes, error), STATUS_OK);
  assert_int_equal(bytes, 7);
  assert_string_equal(text, "abcdefg");
  return STATUS_OK;
}

static void test_write_read(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  struct error error;
  assert_int_equal(write_and_read(&files, in_folder("a"), &error), STATUS_OK);
  assert_int_equal(files.changes, 4);
  struct file file;
  u64 bytes;
  assert_int_equal(files_open_append(&files, &file, in_folder("a"), &error), STATUS_OK);
  assert_int_equal(files_write(&files, &file, "hi", 2, &error), STATUS_OK);
  assert_int_equal(files_size(&file, &bytes, &error), STATUS_OK);
  assert_int_equal(bytes, 9);
  assert_int_equal(files_truncate(&files, &file, 3, &error), STATUS_OK);
  assert_int_equal(files_write(&files, &file, "X", 1, &error), STATUS_OK);
  files_close(&file);
  files_close(&file);
  char text[8];
  assert_int_equal(files_read_whole(in_folder("a"), text, sizeof text, &bytes, &error), STATUS_OK);
  assert_string_equal(text, "abcX");
  assert_int_equal(files_read_whole(in_folder("a"), text, 4, &bytes, &error), STATUS_USAGE); /* no room for the NUL */
  assert_int_equal(files_open_read(&file, in_folder("a"), &error), STATUS_OK);
  assert_int_equal(files_read(&file, 1, text, 3, &error), STATUS_OK);
  assert_int_equal(files_read(&file, 2, text, 3, &error), STATUS_DAMAGED);
  files_close(&file);
}

/* Interruptions and short writes at every call are nobody's business. */
static void test_interrupts_are_unseen(void **state) {
  (void)state;
  static const enum files_fault_kind kinds[] = {FILES_FAULT_INTERRUPT, FILES_FAULT_SHORT};
  for (u32 k = 0; k < COUNT_OF(kinds); k++)
    for (u64 nth = 1; nth <= 8; nth++) {
      struct files files = {.fault = {.kind = kinds[k], .nth = nth, .lasting = kinds[k] == FILES_FAULT_SHORT}};
      struct error error;
      assert_int_equal(write_and_read(&files, in_folder("b"), &error), STATUS_OK);
    }
}

static void test_faults_are_told(void **state) {
  (void)state;
  static const struct {
    enum files_fault_kind kind;
    const char *word;
  } faults[] = {{FILES_FAULT_NO_SPACE, "disk is full"}, {FILES_FAULT_IO, "I/O error"}};
  for (u32 k = 0; k < COUNT_OF(faults); k++)
    for (u64 nth = 1; nth <= 4; nth++) {
      struct files files = {.fault = {.kind = faults[k].kind, .nth = nth}};
      struct error error = {.text = ""};
      assert_int_equal(write_and_read(&files, in_folder("c"), &error), STATUS_FAILED);
      assert_non_null(strstr(error.text, faults[k].word));
      assert_string_equal(error.place, in_folder("c"));
    }
}

static bool count_names(void *context, const char *name) {
  (void)name;
  ++*(u32 *)context;
  return true;
}

static void test_folders(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  struct error error;
  char deep[PATH_BYTES_MAX], name[PATH_BYTES_MAX], file[80];
  strcpy(deep, in_folder("x//y/z"));
  assert_int_equal(files_make_folders(&files, deep, &error), STATUS_OK);
  assert_int_equal(files_make_folders(&files, deep, &error), STATUS_OK);
  assert_int_equal(files_kind(deep), FILES_KIND_FOLDER);
  for (u32 i = 0; i < 300; i++) { /* more than one buffer of names */
    snprintf(file, sizeof file, "a-rather-long-name-of-a-file-to-fill-the-buffer-%u", i);
    assert_int_equal(files_path(name, deep, file, &error), STATUS_OK);
    assert_int_equal(files_replace(&files, name, "1", 1, &error), STATUS_OK);
  }
  u32 count = 0;
  assert_int_equal(files_list(deep, count_names, &count, &error), STATUS_OK);
  assert_int_equal(count, 300);
  /* a link is removed, what it points to stays */
  assert_int_equal(files_replace(&files, in_folder("kept"), "1", 1, &error), STATUS_OK);
  assert_int_equal(files_path(name, deep, "link", &error), STATUS_OK);
  assert_int_equal(symlink(folder, name), 0);
  assert_int_equal(files_remove_tree(&files, in_folder("x"), &error), STATUS_OK);
  assert_false(files_exists(in_folder("x")));
  assert_true(files_exists(in_folder("kept")));
  assert_int_equal(files_remove_tree(&files, in_folder("x"), &error), STATUS_OK);
  assert_int_equal(files_make_folders(&files, in_folder("kept/inner"), &error), STATUS_USAGE);
  assert_int_equal(files_list(in_folder("nowhere"), count_names, &count, &error), STATUS_USAGE);
}

/* A file that is replaced is the old one or the new one, whatever fails. */
static void test_replace_is_whole(void **state) {
  (void)state;
  struct error error;
  bool clean = false;
  for (u64 nth = 1; !clean; nth++) {
    struct files files = {.changes = 0};
    assert_int_equal(files_replace(&files, in_folder("r"), "old", 3, &error), STATUS_OK);
    files.fault = (struct files_fault){.kind = FILES_FAULT_NO_SPACE, .nth = nth, .lasting = true};
    const enum status status = files_replace(&files, in_folder("r"), "newer", 5, &error);
    clean = status == STATUS_OK;
    assert_int_equal(status, clean ? STATUS_OK : STATUS_FAILED);
    char text[8];
    u64 bytes;
    assert_int_equal(files_read_whole(in_folder("r"), text, sizeof text, &bytes, &error), STATUS_OK);
    assert_true(strcmp(text, "newer") == 0 || (!clean && strcmp(text, "old") == 0));
    assert_true(nth < 10);
  }
}

static void test_errors_name_the_cure(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  struct file file;
  struct error error;
  char text[16], longer[PATH_BYTES_MAX + 10];
  u64 bytes;
  assert_int_equal(files_read_whole(in_folder("none"), text, sizeof text, &bytes, &error), STATUS_USAGE);
  assert_non_null(strstr(error.text, "no such file"));
  assert_int_equal(files_read_whole(folder, text, sizeof text, &bytes, &error), STATUS_USAGE);
  assert_non_null(strstr(error.text, "is a folder"));
  assert_int_equal(files_create(&files, &file, in_folder("no/where"), &error), STATUS_USAGE);
  assert_int_equal(file.descriptor, -1);
  memset(longer, 'a', sizeof longer);
  longer[sizeof longer - 1] = 0;
  assert_int_equal(files_create(&files, &file, longer, &error), STATUS_USAGE);
  assert_int_equal(files_make_folders(&files, longer, &error), STATUS_USAGE);
  if (geteuid() != 0) {
    assert_int_equal(files_create(&files, &file, "/proc/version", &error), STATUS_USAGE);
    assert_non_null(strstr(error.text, "permi"));
  }
}

/* A real full disk, where this machine has /dev/full. */
static void test_full_device(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  struct file file;
  struct error error;
  if (files_open_append(&files, &file, "/dev/full", &error) != STATUS_OK) skip();
  assert_int_equal(files_write(&files, &file, "x", 1, &error), STATUS_FAILED);
  assert_non_null(strstr(error.text, "disk is full"));
  files_close(&file);
}

/* Runs the child's part; its exit status. */
static int exit_of(pid_t child) {
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

static void test_lock(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  struct files_lock lock;
  struct error error;
  assert_int_equal(files_lock(&files, &lock, in_folder("lock"), &error), STATUS_OK);
  pid_t child = fork();
  if (child == 0) {
    struct files_lock other;
    char pid[32];
    snprintf(pid, sizeof pid, "process %ld;", (long)getppid());
    const enum status status = files_lock(&files, &other, in_folder("lock"), &error);
    _exit(status == STATUS_USAGE && strstr(error.text, pid) != NULL ? 7 : 1);
  }
  assert_int_equal(exit_of(child), 7);
  files_unlock(&files, &lock);
  files_unlock(&files, &lock);

  /* a process that is killed holds nothing */
  int ready[2];
  assert_int_equal(pipe(ready), 0);
  child = fork();
  if (child == 0) {
    const enum status status = files_lock(&files, &lock, in_folder("lock"), &error);
    const ssize_t said = write(ready[1], "", 1);
    if (status != STATUS_OK || said != 1) _exit(1);
    for (;;) pause();
  }
  char byte;
  assert_int_equal(read(ready[0], &byte, 1), 1);
  struct files_lock mine;
  assert_int_equal(files_lock(&files, &mine, in_folder("lock"), &error), STATUS_USAGE);
  assert_int_equal(kill(child, SIGKILL), 0);
  assert_int_equal(exit_of(child), 256 + SIGKILL);
  assert_int_equal(files_lock(&files, &mine, in_folder("lock"), &error), STATUS_OK);
  files_unlock(&files, &mine);
  close(ready[0]);
  close(ready[1]);
}

static void test_kill_fault(void **state) {
  (void)state;
  const pid_t child = fork();
  if (child == 0) {
    struct files files = {.fault = {.kind = FILES_FAULT_KILL, .nth = 3}};
    struct error error;
    _exit(write_and_read(&files, in_folder("k"), &error) == STATUS_OK ? 0 : 1);
  }
  assert_int_equal(exit_of(child), 256 + SIGKILL);
  char text[8];
  u64 bytes;
  assert_int_equal(files_read_whole(in_folder("k"), text, sizeof text, &bytes, NULL), STATUS_OK);
  assert_string_equal(text, "abc");
}

static void sleep_ms(long ms) {
  const struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  nanosleep(&wait, NULL);
}

/* A process that notes signals, says so, and exits 1 + what is pending after a while. */
static int signalled(int first, int second, bool ignore_first) {
  int ready[2];
  assert_int_equal(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    struct error error;
    signal(first, ignore_first ? SIG_IGN : SIG_DFL);
    if (signals_install(&error) != STATUS_OK || signals_pending() != STATUS_OK) _exit(1);
    if (write(ready[1], "", 1) != 1) _exit(1);
    for (u32 i = 0; i < 200 && (signals_pending() == STATUS_OK || second != 0); i++) sleep_ms(10);
    _exit(signals_pending() == STATUS_OK ? 0 : (int)signals_pending() + 1);
  }
  char byte;
  assert_int_equal(read(ready[0], &byte, 1), 1);
  assert_int_equal(kill(child, first), 0);
  if (ignore_first) assert_int_equal(kill(child, SIGTERM), 0);
  sleep_ms(100);
  if (second != 0) assert_int_equal(kill(child, second), 0);
  close(ready[0]);
  close(ready[1]);
  return exit_of(child);
}

static void test_signals(void **state) {
  (void)state;
  assert_int_equal(signalled(SIGINT, 0, false), STATUS_INTERRUPTED + 1);
  assert_int_equal(signalled(SIGHUP, 0, false), STATUS_INTERRUPTED + 1);
  assert_int_equal(signalled(SIGTERM, 0, false), STATUS_TERMINATED + 1);
  assert_int_equal(signalled(SIGINT, SIGINT, false), STATUS_INTERRUPTED); /* at once */
  assert_int_equal(signalled(SIGINT, SIGTERM, false), STATUS_TERMINATED);
  assert_int_equal(signalled(SIGHUP, 0, true), STATUS_TERMINATED + 1); /* nohup: SIGHUP stays ignored */
}

static void test_clock(void **state) {
  (void)state;
  char text[CLOCK_TEXT_BYTES], expected[CLOCK_TEXT_BYTES];
  clock_wall_text(0, text);
  assert_string_equal(text, "1970-01-01T00:00:00Z");
  clock_wall_text(951782400, text);
  assert_string_equal(text, "2000-02-29T00:00:00Z");
  for (u64 seconds = 0; seconds < 4102444800u; seconds += 1234567) {
    const time_t time = (time_t)seconds;
    struct tm parts;
    gmtime_r(&time, &parts);
    strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", &parts);
    clock_wall_text(seconds, text);
    assert_string_equal(text, expected);
  }
  const u64 before = clock_monotonic_ns();
  sleep_ms(2);
  assert_true(clock_monotonic_ns() - before >= 2000000);
}

static void test_memory(void **state) {
  (void)state;
  static const u64 sizes[] = {0, 1, 4096, 1000001, 40u << 20};
  struct error error;
  for (u32 i = 0; i < COUNT_OF(sizes); i++) {
    void *base;
    assert_int_equal(host_memory_reserve(sizes[i], &base, &error), STATUS_OK);
    const u8 *const bytes = base;
    assert_int_equal((uintptr_t)base % 4096, 0);
    for (u64 at = 0; at < sizes[i]; at += 977) assert_int_equal(bytes[at], 0);
    if (sizes[i] > 0) memset(base, 1, sizes[i]);
    host_memory_release(base, sizes[i]);
  }
  void *base = folder;
  assert_int_equal(host_memory_reserve(1ull << 60, &base, &error), STATUS_DOES_NOT_FIT);
  assert_null(base);
  assert_int_equal(host_memory_reserve(UINT64_MAX, &base, &error), STATUS_DOES_NOT_FIT);
  host_memory_release(NULL, 5);
  assert_true(host_memory_physical() > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_write_read),
      cmocka_unit_test(test_interrupts_are_unseen),
      cmocka_unit_test(test_faults_are_told),
      cmocka_unit_test(test_folders),
      cmocka_unit_test(test_replace_is_whole),
      cmocka_unit_test(test_errors_name_the_cure),
      cmocka_unit_test(test_full_device),
      cmocka_unit_test(test_lock),
      cmocka_unit_test(test_kill_fault),
      cmocka_unit_test(test_signals),
      cmocka_unit_test(test_clock),
      cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests_name("files", tests, folder_make, folder_remove);
}
