/* One run of a user's program: started with its texts and limits, watched, ended with all that it started.
 *
 * A supervisor is a process of its own for each run, forked by the helper: it is the reaper of whatever the program leaves behind, so
 * it knows whose remains they are, and it waits in one place. Its exit status is the answer. Fails: PROGRAM_NOT_STARTED. */
#define _GNU_SOURCE /* pipe2 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/clock.h"
#include "platform/posix/program_process.h"

/* What a program left is killed again and again, for so long: only where forks need no grant can anything flee for longer. */
#define REAP_NS 5000000000u
#define SECOND_NS 1000000000u

struct supervised {
  const struct program_command *command;
  pid_t program;
  int output, failure, signals; /* what it prints; why it was not started; SIGCHLD and SIGTERM */
  struct program_forks forks;
  u64 output_bytes, deadline_ns;
};

/* ---- in the program's process ---- */

static void limit(int resource, u64 soft, u64 hard) {
  struct rlimit now;
  if (getrlimit((__rlimit_resource_t)resource, &now) != 0) return;
  const rlim_t most = now.rlim_max < hard ? now.rlim_max : hard;
  const struct rlimit limits = {.rlim_cur = most < soft ? most : soft, .rlim_max = most};
  setrlimit((__rlimit_resource_t)resource, &limits);
}

/* Where memory runs out all the same, it is the program's and not ours that is taken. */
static void first_to_be_killed(void) {
  const int descriptor = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  const ssize_t ignored = write(descriptor, "1000", 4);
  (void)ignored;
  close(descriptor);
}

/* RLIMIT_NPROC counts all processes of a user, and none of root's: it is only the wall behind what the supervisor grants. */
static void set_limits(const struct program_command *command) {
  struct sysinfo facts;
  const u64 processes = (sysinfo(&facts) == 0 ? facts.procs : 0u) + 16u * PROGRAM_PROCESSES_MAX;
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_CPU, command->seconds, command->seconds + 1);
  limit(RLIMIT_FSIZE, PROGRAM_FILE_BYTES_MAX, PROGRAM_FILE_BYTES_MAX);
  limit(RLIMIT_NPROC, processes, processes);
  limit(RLIMIT_AS, command->memory_bytes, command->memory_bytes);
}

static _Noreturn void become_program(const struct program_command *command, const struct program_texts *texts,
                                     int output, int failure, pid_t parent) {
  const int given[PROGRAM_DESCRIPTORS] = {texts->completion, output, output, texts->gold, texts->prompt};
  sigset_t none;
  sigemptyset(&none);
  setsid(); /* a group of its own, so that one call kills all of it */
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); /* a set-user-id program could not be killed */
  if (getppid() != parent) _exit(0);
  first_to_be_killed();
  if (!program_forks_hand_over(failure, program_forks_stop())) _exit(0);
  for (int i = 0; i < PROGRAM_DESCRIPTORS; i++)
    if (dup2(given[i], i) < 0) goto failed;
  set_limits(command);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execv(command->words[0], command->words);
failed:;
  const int code = errno;
  const ssize_t ignored = write(failure, &code, sizeof code);
  (void)ignored;
  _exit(0);
}

/* ---- in the supervisor ---- */

/* The errno that was tried and failed, or 0. */
static int start(struct supervised *s, const struct program_texts *texts) {
  int output[2], failure[2];
  const pid_t self = getpid();
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGCHLD);
  sigaddset(&watched, SIGTERM);
  s->signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (s->signals < 0 || pipe2(output, O_CLOEXEC) != 0 ||
      socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, failure) != 0)
    return errno;
  s->deadline_ns = clock_monotonic_ns() + (u64)s->command->seconds * SECOND_NS;
  s->program = fork();
  if (s->program < 0) return errno;
  if (s->program == 0) become_program(s->command, texts, output[1], failure[1], self);
  close(output[1]);
  close(failure[1]);
  s->output = output[0];
  s->failure = failure[0];
  program_forks_take_over(&s->forks, s->failure);
  fcntl(s->output, F_SETFL, O_NONBLOCK);
  fcntl(s->failure, F_SETFL, O_NONBLOCK);
  return 0;
}

/* Reads what is there. False: more than it may print. */
static bool drain_output(struct supervised *s) {
  char bytes[65536];
  for (;;) {
    const ssize_t got = s->output >= 0 ? read(s->output, bytes, sizeof bytes) : -1;
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) { /* nobody can write any more */
      close(s->output);
      s->output = -1;
    }
    if (got <= 0) return true;
    s->output_bytes += (u64)got;
    if (s->output_bytes > PROGRAM_OUTPUT_BYTES_MAX) return false;
  }
}

/* It stays unreaped until all of it has been killed: so long no other process and no other group can have its number. */
static bool has_ended(const struct supervised *s, enum program_end *end) {
  static const enum program_end of_code[] = {PROGRAM_RIGHT, PROGRAM_WRONG, PROGRAM_NO_ANSWER};
  siginfo_t facts = {.si_pid = 0};
  if (waitid(P_PID, (id_t)s->program, &facts, WEXITED | WNOHANG | WNOWAIT) != 0 || facts.si_pid == 0) return false;
  if (facts.si_code != CLD_EXITED)
    *end = facts.si_status == SIGXCPU ? PROGRAM_OUT_OF_TIME : PROGRAM_CRASHED;
  else
    *end = facts.si_status < (int)COUNT_OF(of_code) ? of_code[facts.si_status] : PROGRAM_OTHER_CODE;
  return true;
}

/* True: told to end, because nobody waits for the answer any more. */
static bool told_to_end(const struct supervised *s) {
  struct signalfd_siginfo facts;
  bool told = false;
  while (read(s->signals, &facts, sizeof facts) == (ssize_t)sizeof facts) told = told || facts.ssi_signo == SIGTERM;
  return told;
}

/* Until the deadline, rounded up. */
static int wait_ms(const struct supervised *s) {
  const u64 now_ns = clock_monotonic_ns();
  return now_ns >= s->deadline_ns ? 0 : (int)((s->deadline_ns - now_ns) / 1000000u + 1);
}

static enum program_end watch(struct supervised *s, bool trial) {
  for (;;) {
    /* poll passes over a descriptor below 0. A trial ends when the socket for failing to start closes: then it has started. */
    struct pollfd waits[] = {{.fd = s->signals, .events = POLLIN},
                             {.fd = s->output, .events = POLLIN},
                             {.fd = s->forks.listener, .events = POLLIN},
                             {.fd = trial ? s->failure : -1, .events = POLLIN}};
    enum program_end end;
    const bool ready = poll(waits, COUNT_OF(waits), wait_ms(s)) > 0;
    const bool told = told_to_end(s);
    const bool ended = has_ended(s, &end);
    if (!drain_output(s)) return PROGRAM_TOO_MUCH_OUTPUT;
    if (ended) return end;
    if (told || (ready && waits[3].revents != 0)) return PROGRAM_CRASHED;
    if (clock_monotonic_ns() >= s->deadline_ns) return PROGRAM_OUT_OF_TIME;
    if (!ready) continue;
    if ((waits[2].revents & POLLIN) != 0 && !program_forks_grant(&s->forks)) return PROGRAM_TOO_MANY_PROCESSES;
    if ((waits[2].revents & ~POLLIN) != 0) { /* nobody is left under the filter; has_ended says so next */
      close(s->forks.listener);
      s->forks.listener = -1;
    }
  }
}

/* Kills the group in one call; then whatever has left the group; and reaps all of it. Nothing is granted any more, so this ends. */
static void end_all(const struct supervised *s) {
  const u64 until_ns = clock_monotonic_ns() + REAP_NS;
  kill(-s->program, SIGKILL);
  kill(s->program, SIGKILL); /* it may not have come to its group yet */
  for (bool first = true; clock_monotonic_ns() < until_ns; first = false) {
    struct pollfd wait = {.fd = s->signals, .events = POLLIN};
    pid_t reaped;
    do reaped = waitpid(-1, NULL, WNOHANG);
    while (reaped > 0);
    if (reaped < 0 && errno != EINTR) return; /* none is left */
    if (!first) program_family(true);
    poll(&wait, 1, 1);
    told_to_end(s); /* empties it */
  }
}

u32 program_supervise(const struct program_command *command, const struct program_texts *texts, bool trial,
                      int parent) {
  struct supervised s = {.command = command, .output = -1, .failure = -1, .signals = -1, .forks = {.listener = -1}};
  int code = 0;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (getppid() != parent) return PROGRAM_CRASHED;
  code = start(&s, texts);
  if (code != 0) return PROGRAM_NOT_STARTED | ((u32)code & 0x7f);
  const enum program_end end = watch(&s, trial);
  end_all(&s);
  if (read(s.failure, &code, sizeof code) == (ssize_t)sizeof code) return PROGRAM_NOT_STARTED | ((u32)code & 0x7f);
  return end;
}
