/* The program runner: what each kind of program is answered, that nothing of a program is left, and what happens when a process of the chain
 * is killed. The programs are shell scripts of a few lines, in a folder of the test's. */
#define _GNU_SOURCE /* mkdtemp */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/clock.h"
#include "platform/files.h"
#include "platform/program_runner.h"

#define MIB (1ull << 20)

static char folder[64];

static int folder_make(void **state) {
  (void)state;
  strcpy(folder, "/tmp/rlsp-program-XXXXXX");
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

/* An executable script; %F in it is the folder. */
static const char *script(const char *name, const char *body) {
  const char *const path = in_folder(name);
  FILE *const file = fopen(path, "w");
  assert_non_null(file);
  fputs("#!/bin/sh\n", file);
  for (const char *at = body; *at != 0; at++) {
    if (at[0] == '%' && at[1] == 'F') {
      fputs(folder, file);
      at++;
    } else {
      fputc(*at, file);
    }
  }
  fputc('\n', file);
  fclose(file);
  assert_int_equal(chmod(path, 0755), 0);
  return path;
}

static struct program_settings settings_of(const char *program) {
  return (struct program_settings){.setting = "reward.correctness.program",
                                   .program = program,
                                   .seconds = 60, /* a loaded machine is slow; tests of the limit set their own */
                                   .memory_bytes = 1024 * MIB,
                                   .parallel = 4};
}

static void open_runner(struct program_runner *runner, const struct program_settings *settings) {
  struct error error = {0};
  const enum status status = program_runner_open(runner, settings, &error);
  if (status != STATUS_OK) fprintf(stderr, "%s: %s\n", error.place, error.text);
  assert_int_equal(status, STATUS_OK);
}

static enum program_end ask(struct program_runner *runner, const char *completion, const char *gold,
                            const char *prompt) {
  const struct program_question question = {completion, gold, prompt, strlen(completion), strlen(gold), strlen(prompt)};
  struct error error = {0};
  enum program_end end = PROGRAM_ENDS;
  u32 ticket = 0;
  assert_int_equal(program_runner_send(runner, 77, &question, &error), STATUS_OK);
  const enum status status = program_runner_receive(runner, &ticket, &end, &error);
  if (status != STATUS_OK) fprintf(stderr, "%s: %s\n", error.place, error.text);
  assert_int_equal(status, STATUS_OK);
  assert_int_equal(ticket, 77);
  return end;
}

/* One question of one program. */
static enum program_end once(const struct program_settings *settings, const char *completion) {
  struct program_runner runner;
  open_runner(&runner, settings);
  const enum program_end end = ask(&runner, completion, "gold", "prompt");
  program_runner_close(&runner);
  return end;
}

static enum program_end once_script(const char *body, const char *completion) {
  const struct program_settings settings = settings_of(script("program", body));
  return once(&settings, completion);
}

/* qemu's user mode passes neither this nor limits of memory on to the kernel. */
static void skip_without_kernel(void) {
  if (prctl(PR_SET_CHILD_SUBREAPER, 0) == 0) return;
  print_message("skipped: an emulator between the program and the kernel's reapers and limits\n");
  skip();
}

static bool alive(pid_t process) { return kill(process, 0) == 0 || errno == EPERM; }

static void pause_ms(long ms) {
  const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&time, NULL);
}

/* Waits until a script has written a process id there. */
static pid_t process_in(const char *name) {
  char text[32];
  u64 bytes = 0;
  for (u32 i = 0; i < 500; i++, pause_ms(10))
    if (files_read_whole(in_folder(name), text, sizeof text, &bytes, NULL) == STATUS_OK && strchr(text, '\n') != NULL)
      return (pid_t)strtol(text, NULL, 10);
  fail_msg("%s was not written", name);
  return 0;
}

static void assert_gone(pid_t process) {
  for (u32 i = 0; i < 500 && alive(process); i++) pause_ms(10);
  assert_false(alive(process));
}

/* ---- answers ---- */

static void answers_are_exit_codes(void **state) {
  (void)state;
  struct program_runner runner;
  const struct program_settings settings = settings_of(script("code", "read code\nexit $code"));
  open_runner(&runner, &settings);
  assert_int_equal(ask(&runner, "0\n", "", ""), PROGRAM_RIGHT);
  assert_int_equal(ask(&runner, "1\n", "", ""), PROGRAM_WRONG);
  assert_int_equal(ask(&runner, "2\n", "", ""), PROGRAM_NO_ANSWER);
  assert_int_equal(ask(&runner, "3\n", "", ""), PROGRAM_OTHER_CODE);
  assert_int_equal(ask(&runner, "255\n", "", ""), PROGRAM_OTHER_CODE);
  program_runner_close(&runner);
}

static void three_texts_are_given(void **state) {
  (void)state;
  static char long_text[PROGRAM_TEXT_BYTES_MAX + 1];
  memset(long_text, 'x', PROGRAM_TEXT_BYTES_MAX);
  struct program_runner runner;
  const struct program_settings settings = settings_of(script(
      "texts",
      "[ \"$(cat)\" = 'the completion' ] && [ \"$(cat <&3)\" = 'the gold' ] && [ \"$(cat <&4)\" = 'the prompt' ]"));
  open_runner(&runner, &settings);
  assert_int_equal(ask(&runner, "the completion", "the gold", "the prompt"), PROGRAM_RIGHT);
  assert_int_equal(ask(&runner, "the completion", "the gold", "another"), PROGRAM_WRONG);
  assert_int_equal(ask(&runner, "", "", ""), PROGRAM_WRONG);
  program_runner_close(&runner);
  const struct program_settings count = settings_of(
      script("count", "[ $(wc -c) = 1048576 ] && [ $(wc -c <&3) = 1048576 ] && [ $(wc -c <&4) = 1048576 ]"));
  open_runner(&runner, &count);
  assert_int_equal(ask(&runner, long_text, long_text, long_text), PROGRAM_RIGHT);
  program_runner_close(&runner);
}

static void any_byte_is_given(void **state) {
  (void)state;
  struct program_runner runner;
  const struct program_settings settings =
      settings_of(script("bytes", "[ $(od -An -tx1 | tr -d ' \\n') = 000aff2700 ]"));
  const struct program_question question = {"\0\n\xff'\0", "", "", 5, 0, 0};
  open_runner(&runner, &settings);
  enum program_end end;
  u32 ticket;
  assert_int_equal(program_runner_send(&runner, 0, &question, NULL), STATUS_OK);
  assert_int_equal(program_runner_receive(&runner, &ticket, &end, NULL), STATUS_OK);
  assert_int_equal(end, PROGRAM_RIGHT);
  program_runner_close(&runner);
}

static void arguments_are_split_at_blanks(void **state) {
  (void)state;
  char program[PATH_BYTES_MAX];
  snprintf(program, sizeof program, " %s  one\t'two  three' ",
           script("arguments", "[ $# = 3 ] && [ \"$1\" = one ] && [ \"$2\" = \"'two\" ] && [ \"$3\" = \"three'\" ]"));
  const struct program_settings settings = settings_of(program);
  assert_int_equal(once(&settings, ""), PROGRAM_RIGHT);
}

static void nothing_else_is_open(void **state) {
  (void)state;
  const int leaked = open("/dev/null", O_RDONLY); /* not close-on-exec, as a shell's redirections are */
  assert_int_equal(once_script("for n in 5 6 7 8 9; do if [ -e /proc/$$/fd/$n ]; then exit 1; fi; done\n"
                               "[ -e /proc/$$/fd/4 ]",
                               ""),
                   PROGRAM_RIGHT);
  close(leaked);
}

static void ignored_signals_are_not_inherited(void **state) {
  (void)state;
  signal(SIGPIPE, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  assert_int_equal(once_script("kill -TERM $$\nexit 0", ""), PROGRAM_CRASHED);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
}

/* ---- limits ---- */

static void crash_is_undecided(void **state) {
  (void)state;
  assert_int_equal(once_script("kill -SEGV $$", ""), PROGRAM_CRASHED);
  assert_int_equal(once_script("kill -KILL $$", ""), PROGRAM_CRASHED);
}

static void closed_input_and_output_are_no_matter(void **state) {
  (void)state;
  static char long_text[PROGRAM_TEXT_BYTES_MAX + 1];
  memset(long_text, 'x', PROGRAM_TEXT_BYTES_MAX);
  assert_int_equal(once_script("exec <&- >&- 2>&- 3<&- 4<&-\nexit 0", long_text), PROGRAM_RIGHT);
  assert_int_equal(once_script("exit 1", long_text), PROGRAM_WRONG);
}

static void time_is_limited(void **state) {
  (void)state;
  struct program_settings settings = settings_of(script("sleep", "sleep 1000\nexit 0"));
  settings.seconds = 1;
  const u64 begin_ns = clock_monotonic_ns();
  assert_int_equal(once(&settings, ""), PROGRAM_OUT_OF_TIME);
  settings.program = script("spin", "trap '' TERM INT XCPU\nwhile :; do :; done");
  assert_int_equal(once(&settings, ""), PROGRAM_OUT_OF_TIME);
  assert_true(clock_monotonic_ns() - begin_ns < 20000000000u);
}

static void processor_time_is_limited(void **state) {
  (void)state;
  assert_int_equal(once_script("[ \"$(ulimit -t)\" = 60 ]", ""), PROGRAM_RIGHT);
}

static void output_is_limited(void **state) {
  (void)state;
  assert_int_equal(once_script("head -c 1000000 /dev/zero\nexit 0", ""), PROGRAM_RIGHT);
  assert_int_equal(once_script("head -c 1100000 /dev/zero\nexit 0", ""), PROGRAM_TOO_MUCH_OUTPUT);
  assert_int_equal(once_script("cat /dev/zero >&2", ""), PROGRAM_TOO_MUCH_OUTPUT);
  assert_int_equal(once_script("yes", ""), PROGRAM_TOO_MUCH_OUTPUT);
}

/* dd takes its whole block at once. */
static void memory_is_limited(void **state) {
  (void)state;
  skip_without_kernel();
  struct program_settings settings =
      settings_of(script("memory", "if dd if=/dev/zero of=/dev/null bs=200M count=1; then exit 0; else exit 9; fi"));
  settings.memory_bytes = 100 * MIB;
  assert_int_equal(once(&settings, ""), PROGRAM_OTHER_CODE);
  settings.memory_bytes = 400 * MIB;
  assert_int_equal(once(&settings, ""), PROGRAM_RIGHT);
}

static void files_are_limited(void **state) {
  (void)state;
  assert_int_equal(once_script("exec head -c 100000000 /dev/zero >%F/large", ""), PROGRAM_CRASHED);
  assert_int_equal(once_script("head -c 1000000 /dev/zero >%F/large", ""), PROGRAM_RIGHT);
}

/* These would end by themselves, at 4096 processes: a test must not take the machine with it. */
static void fork_bomb_is_stopped(void **state) {
  (void)state;
  skip_without_kernel();
  assert_int_equal(
      once_script("bomb() { if [ $1 -gt 0 ]; then bomb $(($1-1)) | bomb $(($1-1)) & else exec sleep 5; fi; }\n"
                  "bomb 11\nsleep 20",
                  ""),
      PROGRAM_TOO_MANY_PROCESSES);
}

static void fork_bomb_that_flees_is_stopped(void **state) {
  (void)state;
  skip_without_kernel();
  assert_int_equal(once_script("depth=${1-11}\nif [ $depth = 11 ]; then echo $$ >%F/bomb; fi\n"
                               "if [ $depth -gt 0 ]; then setsid $0 $((depth-1)) & setsid $0 $((depth-1)) & fi\n"
                               "exec sleep 20",
                               ""),
                   PROGRAM_TOO_MANY_PROCESSES);
  assert_false(alive(process_in("bomb")));
}

static void many_processes_in_turn_are_fine(void **state) {
  (void)state;
  struct program_settings settings =
      settings_of(script("turn", "i=0\nwhile [ $i -lt 1500 ]; do (:); i=$((i+1)); done\nexit 0"));
  settings.seconds = 100;
  assert_int_equal(once(&settings, ""), PROGRAM_RIGHT);
}

static void what_it_started_dies_with_it(void **state) {
  (void)state;
  skip_without_kernel();
  assert_int_equal(once_script("sleep 1000 & echo $! >%F/plain\n"
                               "setsid sh -c 'echo $$ >%F/fled; sleep 1000' &\n"
                               "setsid sh -c 'setsid sh -c \"echo \\$\\$ >%F/twice; sleep 1000\" &' &\n"
                               "while ! [ -s %F/fled ] || ! [ -s %F/twice ]; do sleep 0.01; done\nexit 0",
                               ""),
                   PROGRAM_RIGHT);
  assert_false(alive(process_in("plain")));
  assert_false(alive(process_in("fled")));
  assert_false(alive(process_in("twice")));
}

/* ---- many at once ---- */

/* Those asked first end last. */
static void order_of_ending_is_no_matter(void **state) {
  (void)state;
  struct program_runner runner;
  struct program_settings settings = settings_of(script("order", "read code wait\nsleep $wait\nexit $code"));
  settings.parallel = 8;
  open_runner(&runner, &settings);
  assert_int_equal(runner.parallel, 8);
  bool answered[8] = {false};
  const u64 begin_ns = clock_monotonic_ns();
  for (u32 i = 0; i < 8; i++) {
    char text[32];
    snprintf(text, sizeof text, "%u 0.%u\n", i % 4, 9 - i);
    const struct program_question question = {text, "", "", strlen(text), 0, 0};
    assert_int_equal(program_runner_send(&runner, i, &question, NULL), STATUS_OK);
  }
  for (u32 i = 0; i < 8; i++) {
    enum program_end end;
    u32 ticket;
    assert_int_equal(program_runner_receive(&runner, &ticket, &end, NULL), STATUS_OK);
    assert_true(ticket < 8 && !answered[ticket]);
    answered[ticket] = true;
    assert_int_equal(end, ticket % 4 == 3 ? PROGRAM_OTHER_CODE : ticket % 4);
  }
  assert_true(clock_monotonic_ns() - begin_ns < 4000000000u); /* one after the other: 4.4 s of sleep */
  program_runner_close(&runner);
}

static void many_questions_leave_nothing_open(void **state) {
  (void)state;
  struct program_runner runner;
  const struct program_settings settings = settings_of(script("many", "read code\nexit $code"));
  open_runner(&runner, &settings);
  for (u32 i = 0; i < 600; i++) assert_int_equal(ask(&runner, i % 2 == 0 ? "0\n" : "1\n", "", ""), i % 2);
  char path[64], link[64];
  u32 open_count = 0;
  for (u32 i = 0; i < 1024; i++) { /* of the helper */
    snprintf(path, sizeof path, "/proc/%d/fd/%u", runner.helper, i);
    open_count += readlink(path, link, sizeof link) > 0;
  }
  assert_true(open_count <= 8);
  program_runner_close(&runner);
}

/* ---- what cannot be started ---- */

static void assert_refused(const char *program, const char *part) {
  struct program_runner runner;
  struct error error = {0};
  const struct program_settings settings = settings_of(program);
  assert_int_equal(program_runner_open(&runner, &settings, &error), STATUS_USAGE);
  program_runner_close(&runner);
  assert_string_equal(error.place, "reward.correctness.program");
  if (strstr(error.text, part) == NULL) fail_msg("\"%s\" does not say \"%s\"", error.text, part);
}

static void what_cannot_start_is_refused(void **state) {
  (void)state;
  assert_refused("", "no program is set");
  assert_refused("  ", "no program is set");
  assert_refused(in_folder("absent"), "there is no such file");
  assert_refused("sh", "there is no such file"); /* not looked up in PATH */
  assert_refused(folder, "not an executable file");
  assert_int_equal(chmod(script("plain_file", "exit 0"), 0644), 0);
  assert_refused(in_folder("plain_file"), "not an executable file");
  const char *const path = script("interpreter", "exit 0");
  FILE *const file = fopen(path, "w");
  assert_non_null(file);
  fputs("#!/absent/interpreter\n", file);
  fclose(file);
  assert_refused(path, "the interpreter in its first line");
  FILE *const words = fopen(path, "w");
  assert_non_null(words);
  fputs("exit 0\n", words);
  fclose(words);
  assert_refused(path, "needs a first line like #!/bin/sh");
}

/* It is started on trial, and ended at once. */
static void trial_waits_for_nothing(void **state) {
  (void)state;
  struct program_runner runner;
  const struct program_settings settings = settings_of(script("slow", "sleep 1000"));
  const u64 begin_ns = clock_monotonic_ns();
  open_runner(&runner, &settings);
  assert_true(clock_monotonic_ns() - begin_ns < 2000000000u);
  program_runner_close(&runner);
}

static void program_that_goes_missing_is_an_error(void **state) {
  (void)state;
  struct program_runner runner;
  struct error error = {0};
  const char *const path = script("goes", "exit 0");
  const struct program_settings settings = settings_of(path);
  const struct program_question question = {"", "", "", 0, 0, 0};
  enum program_end end;
  u32 ticket;
  open_runner(&runner, &settings);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(program_runner_send(&runner, 0, &question, &error), STATUS_OK);
  assert_int_equal(program_runner_receive(&runner, &ticket, &end, &error), STATUS_USAGE);
  program_runner_close(&runner);
}

/* ---- killed ---- */

static void sleeper(struct program_runner *runner, const char *name) {
  char body[256];
  snprintf(body, sizeof body, "sleep 1000 & echo $! >%%F/%s.child\necho $$ >%%F/%s\nwait", name, name);
  struct program_settings settings = settings_of(script("sleeper", body));
  settings.seconds = 1000;
  const struct program_question question = {"", "", "", 0, 0, 0};
  open_runner(runner, &settings);
  /* it may have come to its echo in the trial */
  unlink(in_folder(name));
  assert_int_equal(program_runner_send(runner, 0, &question, NULL), STATUS_OK);
}

static void helper_killed_is_an_error(void **state) {
  (void)state;
  struct program_runner runner;
  struct error error = {0};
  enum program_end end;
  u32 ticket;
  sleeper(&runner, "helper_killed");
  const pid_t program = process_in("helper_killed"), child = process_in("helper_killed.child");
  assert_true(alive(program));
  kill(runner.helper, SIGKILL);
  assert_int_equal(program_runner_receive(&runner, &ticket, &end, &error), STATUS_FAILED);
  assert_string_equal(error.place, "reward.correctness.program");
  assert_non_null(strstr(error.text, "was killed; the same command goes on"));
  assert_gone(program);
  assert_gone(child);
  const struct program_question question = {"", "", "", 0, 0, 0};
  runner.in_flight = 0;
  assert_int_equal(program_runner_send(&runner, 0, &question, &error), STATUS_FAILED); /* and no SIGPIPE */
  program_runner_close(&runner);
}

static void close_ends_what_runs(void **state) {
  (void)state;
  skip_without_kernel();
  struct program_runner runner;
  sleeper(&runner, "closed");
  const pid_t program = process_in("closed"), child = process_in("closed.child");
  assert_true(alive(program));
  program_runner_close(&runner);
  assert_false(alive(program));
  assert_false(alive(child));
  program_runner_close(&runner); /* any number of times */
}

static void all_end_when_we_are_killed(void **state) {
  (void)state;
  const pid_t us = fork();
  if (us == 0) {
    struct program_runner runner;
    sleeper(&runner, "we_killed");
    for (;;) pause();
  }
  const pid_t program = process_in("we_killed"), child = process_in("we_killed.child");
  assert_true(alive(program));
  kill(us, SIGKILL);
  waitpid(us, NULL, 0);
  assert_gone(program);
  assert_gone(child);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(answers_are_exit_codes),
      cmocka_unit_test(three_texts_are_given),
      cmocka_unit_test(any_byte_is_given),
      cmocka_unit_test(arguments_are_split_at_blanks),
      cmocka_unit_test(nothing_else_is_open),
      cmocka_unit_test(ignored_signals_are_not_inherited),
      cmocka_unit_test(crash_is_undecided),
      cmocka_unit_test(closed_input_and_output_are_no_matter),
      cmocka_unit_test(time_is_limited),
      cmocka_unit_test(processor_time_is_limited),
      cmocka_unit_test(output_is_limited),
      cmocka_unit_test(memory_is_limited),
      cmocka_unit_test(files_are_limited),
      cmocka_unit_test(fork_bomb_is_stopped),
      cmocka_unit_test(fork_bomb_that_flees_is_stopped),
      cmocka_unit_test(many_processes_in_turn_are_fine),
      cmocka_unit_test(what_it_started_dies_with_it),
      cmocka_unit_test(order_of_ending_is_no_matter),
      cmocka_unit_test(many_questions_leave_nothing_open),
      cmocka_unit_test(what_cannot_start_is_refused),
      cmocka_unit_test(trial_waits_for_nothing),
      cmocka_unit_test(program_that_goes_missing_is_an_error),
      cmocka_unit_test(helper_killed_is_an_error),
      cmocka_unit_test(close_ends_what_runs),
      cmocka_unit_test(all_end_when_we_are_killed),
  };
  return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
