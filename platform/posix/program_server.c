/* The helper process: takes questions from the socket, starts a supervisor for each, says how each ended.
 *
 * It is forked before there are threads and large memory, so that it may fork as often as it likes, at little cost. It ends when the
 * socket does, whatever killed the other side. Owns: the supervisors. Fails: by ending, which the other side sees. */
#define _GNU_SOURCE /* memfd_create, seals */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/posix/program_process.h"

/* Descriptors that our process may have inherited from whoever started it; those of ours close themselves on exec. */
#define INHERITED_MAX 1024

struct slot {
  pid_t supervisor; /* 0 = free */
  u32 ticket;
};

struct helper {
  const struct program_command *command;
  int socket, signals;
  struct slot slots[PROGRAM_PARALLEL_MAX];
};

/* ---- starting ---- */

/* Nothing of ours may reach a program, and our output must not be held open by it: /dev/null on all that it will be given. */
static int leave_descriptors(int socket) {
  const int own = fcntl(socket, F_DUPFD_CLOEXEC, INHERITED_MAX) /* out of the way, where the limit allows it */;
  const int kept = own >= 0 ? own : fcntl(socket, F_DUPFD_CLOEXEC, PROGRAM_DESCRIPTORS);
  for (int i = 0; i < INHERITED_MAX; i++)
    if (i != kept) close(i);
  for (int i = 0; i < PROGRAM_DESCRIPTORS; i++)
    if (open("/dev/null", O_RDWR) != i) return -1;
  return kept;
}

static bool begin(struct helper *helper, int socket) {
  sigset_t watched;
  setsid(); /* a signal from the terminal is for us alone, not for the helper */
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  for (int i = 1; i < NSIG; i++) signal(i, SIG_DFL);
  sigemptyset(&watched);
  sigaddset(&watched, SIGCHLD);
  sigaddset(&watched, SIGTERM);
  sigprocmask(SIG_SETMASK, &watched, NULL);
  helper->socket = leave_descriptors(socket);
  helper->signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  return helper->socket >= 0 && helper->signals >= 0;
}

/* ---- questions ---- */

/* The next `bytes` of the socket as a file that nobody can change, at its beginning. *text is -1, and errno set, where the system has no
 * room for it; the bytes are taken all the same. False: the other side is gone. */
static bool take_text(const struct helper *helper, u64 bytes, int *text) {
  u8 part[65536];
  *text = memfd_create("rlsp", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  while (bytes > 0) {
    const u64 now = bytes < sizeof part ? bytes : sizeof part;
    if (!program_read_all(helper->socket, part, now)) return false;
    bytes -= now;
    if (*text < 0 || write(*text, part, now) == (ssize_t)now) continue;
    close(*text);
    *text = -1;
  }
  if (*text < 0) return true;
  lseek(*text, 0, SEEK_SET);
  fcntl(*text, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  return true;
}

static struct slot *free_slot(struct helper *helper) {
  for (u32 i = 0; i < PROGRAM_PARALLEL_MAX; i++)
    if (helper->slots[i].supervisor == 0) return &helper->slots[i];
  return NULL;
}

static bool answer(const struct helper *helper, u32 ticket, u32 code) {
  const struct program_reply reply = {ticket, code};
  return program_write_all(helper->socket, &reply, sizeof reply);
}

static bool start_supervisor(struct helper *helper, const struct program_ask *ask, const struct program_texts *texts) {
  struct slot *slot = free_slot(helper);
  const pid_t self = getpid();
  if (slot == NULL) return false;
  if (texts->completion < 0 || texts->gold < 0 || texts->prompt < 0)
    return answer(helper, ask->ticket, PROGRAM_NOT_STARTED | ENOMEM);
  const pid_t supervisor = fork();
  if (supervisor == 0) {
    close(helper->socket);
    close(helper->signals);
    _exit((int)program_supervise(helper->command, texts, ask->trial != 0, self));
  }
  if (supervisor < 0) return answer(helper, ask->ticket, PROGRAM_NOT_STARTED | ((u32)errno & 0x7f));
  *slot = (struct slot){.supervisor = supervisor, .ticket = ask->ticket};
  return true;
}

static bool take_question(struct helper *helper) {
  struct program_ask ask;
  struct program_texts texts = {-1, -1, -1};
  if (!program_read_all(helper->socket, &ask, sizeof ask) ||
      !take_text(helper, ask.completion_bytes, &texts.completion) || !take_text(helper, ask.gold_bytes, &texts.gold) ||
      !take_text(helper, ask.prompt_bytes, &texts.prompt))
    return false;
  const bool going = start_supervisor(helper, &ask, &texts);
  if (texts.completion >= 0) close(texts.completion);
  if (texts.gold >= 0) close(texts.gold);
  if (texts.prompt >= 0) close(texts.prompt);
  return going;
}

/* ---- answers ---- */

static bool answer_ended(struct helper *helper) {
  int status;
  for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
    /* Who kills a supervisor (the system, out of memory) has judged nothing. */
    const u32 code = WIFEXITED(status) ? (u32)WEXITSTATUS(status) : PROGRAM_CRASHED;
    for (u32 i = 0; i < PROGRAM_PARALLEL_MAX; i++) {
      if (helper->slots[i].supervisor != ended) continue;
      helper->slots[i].supervisor = 0;
      if (!answer(helper, helper->slots[i].ticket, code)) return false;
      break;
    }
  }
  return true;
}

/* False: told to end. */
static bool take_signals(const struct helper *helper) {
  struct signalfd_siginfo facts;
  bool going = true;
  while (read(helper->signals, &facts, sizeof facts) == (ssize_t)sizeof facts)
    going = going && facts.ssi_signo != SIGTERM;
  return going;
}

static void serve(struct helper *helper) {
  for (bool going = true; going;) {
    struct pollfd waits[] = {{.fd = helper->socket, .events = POLLIN}, {.fd = helper->signals, .events = POLLIN}};
    if (poll(waits, COUNT_OF(waits), -1) < 0) continue;
    if (waits[1].revents != 0) going = take_signals(helper) && answer_ended(helper);
    if (going && waits[0].revents != 0) going = take_question(helper);
  }
}

void program_serve(int socket, const struct program_command *command) {
  struct helper helper = {.command = command};
  if (!begin(&helper, socket)) _exit(1);
  serve(&helper);
  for (u32 i = 0; i < PROGRAM_PARALLEL_MAX; i++)
    if (helper.slots[i].supervisor != 0) kill(helper.slots[i].supervisor, SIGTERM);
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) continue;
  _exit(0);
}
