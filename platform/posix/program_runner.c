/* Our side of the socket: the helper is started and tried, questions go out, answers come in. */
#include "platform/program_runner.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/check.h"
#include "platform/posix/program_process.h"

/* Beyond a program's time: for killing it, and for a machine that is busy. A helper that is silent for longer hangs. */
#define GRACE_SECONDS 120u

static const struct {
  const char *word, *meaning;
} ends[PROGRAM_ENDS] = {
#define PROGRAM_END_ROW(name, text, about) {text, about},
    PROGRAM_ENDS_LIST(PROGRAM_END_ROW)
#undef PROGRAM_END_ROW
};

const char *program_end_word(enum program_end end) { return ends[end].word; }
const char *program_end_meaning(enum program_end end) { return ends[end].meaning; }

void program_runner_none(struct program_runner *runner) { *runner = (struct program_runner){.socket = -1}; }

/* ---- failing ---- */

/* Why a program did not start. The first word of the command is what is named. */
static const struct {
  int code;
  const char *text;
} causes[] = {
    {ENOENT, "there is no such file, or the interpreter in its first line is missing"},
    {ENOTDIR, "a part of the path is not a folder"},
    {EACCES, "it is not an executable file (chmod +x makes it one)"},
    {EPERM, "it is not permitted"},
    {ENOEXEC, "it is no program of this machine; a script needs a first line like #!/bin/sh"},
    {ENOMEM, "it needs more memory than reward.correctness.program_memory gives"},
    {EAGAIN, "this user may start no more processes (ulimit -u)"},
    {EMFILE, "too many open files (ulimit -n)"},
    {ELOOP, "too many links in the path"},
};

static enum status not_started(const struct program_runner *runner, const char *what, u32 code, struct error *error) {
  for (u32 i = 0; i < COUNT_OF(causes); i++)
    if (causes[i].code == (int)code)
      return status_fail(error, STATUS_USAGE, runner->setting,
                         "%.400s cannot be started: %s; give the path of an executable file", what, causes[i].text);
  return status_fail(error, STATUS_USAGE, runner->setting,
                     "%.400s cannot be started: system error %u; give the path of an executable file", what, code);
}

static enum status helper_died(const struct program_runner *runner, struct error *error) {
  return status_fail(error, STATUS_FAILED, runner->setting,
                     "the helper process that runs it (process %d) has died or was killed; the same command goes on "
                     "from the last checkpoint",
                     runner->helper);
}

/* ---- opening ---- */

/* Cuts the text at blanks, in place. */
static enum status split_words(const struct program_runner *runner, char *text, struct program_command *command,
                               struct error *error) {
  u32 count = 0;
  for (char *at = text + strspn(text, " \t"); *at != 0; at += strspn(at, " \t")) {
    if (count == PROGRAM_WORDS_MAX)
      return status_fail(error, STATUS_USAGE, runner->setting,
                         "has more than %u words; put the arguments into a script", PROGRAM_WORDS_MAX);
    command->words[count++] = at;
    at += strcspn(at, " \t");
    if (*at != 0) *at++ = 0;
  }
  command->words[count] = NULL;
  if (count > 0) return STATUS_OK;
  return status_fail(error, STATUS_USAGE, runner->setting,
                     "no program is set; give the path of an executable file, or choose another verifier");
}

static enum status start_helper(struct program_runner *runner, const struct program_command *command,
                                struct error *error) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return status_fail(error, STATUS_FAILED, runner->setting,
                       "no socket for its helper process (system error %d); raise the limit of open files (ulimit -n)",
                       errno);
  runner->socket = pair[0];
  runner->helper = fork();
  if (runner->helper == 0) {
    close(pair[0]);
    program_serve(pair[1], command);
  }
  close(pair[1]);
  if (runner->helper > 0) return STATUS_OK;
  runner->helper = 0;
  return status_fail(error, STATUS_FAILED, runner->setting,
                     "its helper process cannot be started (system error %d); raise the limit of processes (ulimit -u)",
                     errno);
}

static bool send_ask(struct program_runner *runner, const struct program_ask *ask,
                     const struct program_question *question) {
  return program_write_all(runner->socket, ask, sizeof *ask) &&
         program_write_all(runner->socket, question->completion, ask->completion_bytes) &&
         program_write_all(runner->socket, question->gold, ask->gold_bytes) &&
         program_write_all(runner->socket, question->prompt, ask->prompt_bytes);
}

static enum status receive(struct program_runner *runner, struct program_reply *reply, struct error *error) {
  struct pollfd wait = {.fd = runner->socket, .events = POLLIN};
  int ready;
  do ready = poll(&wait, 1, (int)((runner->seconds + GRACE_SECONDS) * 1000));
  while (ready < 0 && errno == EINTR);
  if (ready == 0)
    return status_fail(error, STATUS_FAILED, runner->setting,
                       "the helper process that runs it (process %d) does not answer; the same command goes on from "
                       "the last checkpoint",
                       runner->helper);
  return program_read_all(runner->socket, reply, sizeof *reply) ? STATUS_OK : helper_died(runner, error);
}

static enum status try_program(struct program_runner *runner, const char *what, struct error *error) {
  const struct program_ask ask = {.trial = 1};
  const struct program_question question = {"", "", "", 0, 0, 0};
  struct program_reply reply;
  if (!send_ask(runner, &ask, &question)) return helper_died(runner, error);
  const enum status status = receive(runner, &reply, error);
  if (status != STATUS_OK || reply.code < PROGRAM_NOT_STARTED) return status;
  return not_started(runner, what, reply.code - PROGRAM_NOT_STARTED, error);
}

enum status program_runner_open(struct program_runner *runner, const struct program_settings *settings,
                                struct error *error) {
  struct program_command command = {.seconds = settings->seconds, .memory_bytes = settings->memory_bytes};
  char text[4096];
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  program_runner_none(runner);
  CHECK(strlen(settings->setting) < sizeof runner->setting && strlen(settings->program) < sizeof text, "%s is too long",
        settings->setting);
  strcpy(runner->setting, settings->setting);
  strcpy(text, settings->program);
  runner->seconds = settings->seconds;
  runner->parallel = settings->parallel != 0 ? settings->parallel : cores > 0 ? (u32)cores : 1;
  if (runner->parallel > PROGRAM_PARALLEL_MAX) runner->parallel = PROGRAM_PARALLEL_MAX;
  enum status status = split_words(runner, text, &command, error);
  if (status == STATUS_OK) status = start_helper(runner, &command, error);
  return status == STATUS_OK ? try_program(runner, command.words[0], error) : status;
}

/* ---- asking ---- */

enum status program_runner_send(struct program_runner *runner, u32 ticket, const struct program_question *question,
                                struct error *error) {
  const struct program_ask ask = {.ticket = ticket,
                                  .completion_bytes = question->completion_bytes,
                                  .gold_bytes = question->gold_bytes,
                                  .prompt_bytes = question->prompt_bytes};
  CHECK(runner->in_flight < runner->parallel, "%u programs are running", runner->in_flight);
  CHECK(ask.completion_bytes <= PROGRAM_TEXT_BYTES_MAX && ask.gold_bytes <= PROGRAM_TEXT_BYTES_MAX &&
            ask.prompt_bytes <= PROGRAM_TEXT_BYTES_MAX,
        "a text is too long for a program");
  if (!send_ask(runner, &ask, question)) return helper_died(runner, error);
  runner->in_flight++;
  return STATUS_OK;
}

enum status program_runner_receive(struct program_runner *runner, u32 *ticket, enum program_end *end,
                                   struct error *error) {
  struct program_reply reply;
  CHECK(runner->in_flight > 0, "no program is running");
  const enum status status = receive(runner, &reply, error);
  if (status != STATUS_OK) return status;
  runner->in_flight--;
  if (reply.code >= PROGRAM_NOT_STARTED) return not_started(runner, "it", reply.code - PROGRAM_NOT_STARTED, error);
  CHECK(reply.code < PROGRAM_ENDS, "the helper answers %u", reply.code);
  *ticket = reply.ticket;
  *end = (enum program_end)reply.code;
  return STATUS_OK;
}

void program_runner_close(struct program_runner *runner) {
  if (runner->socket >= 0) close(runner->socket); /* the helper ends at this, and its programs with it */
  if (runner->helper > 0)
    while (waitpid(runner->helper, NULL, 0) < 0 && errno == EINTR) continue;
  program_runner_none(runner);
}

/* ---- both sides ---- */

bool program_read_all(int descriptor, void *data, u64 bytes) {
  u8 *at = data;
  while (bytes > 0) {
    const ssize_t got = recv(descriptor, at, bytes, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    bytes -= (u64)got;
  }
  return true;
}

bool program_write_all(int descriptor, const void *data, u64 bytes) {
  const u8 *at = data;
  while (bytes > 0) {
    const ssize_t sent = send(descriptor, at, bytes, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    at += sent;
    bytes -= (u64)sent;
  }
  return true;
}
