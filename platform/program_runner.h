/* Runs a user's program, once for each text it is to judge, out of our process: behind a helper process.
 *
 *   rlsp ──question──► helper ──fork──► supervisor ──fork, exec──► the program, in a process group and session of its own
 *        ◄──answer───         ◄─status─            ◄─exit code───  stdin: the completion   3: the gold   4: the prompt
 *
 * The program is given three texts as open files, at their beginning: the completion on its standard input, the gold answer on
 * descriptor 3, the prompt on descriptor 4 (Python: open(3).read(); shell: cat <&3). Files and not arguments: any length and any
 * byte, and not in the list of processes, where what a completion makes the program run would find the gold. What it prints goes
 * nowhere; its exit code is the answer. It has our environment and working directory.
 * `program` is split into words at blanks, without quotes; the first word is the path of an executable file (not looked up in PATH).
 * Limits: wall seconds, CPU seconds, address space, output, size of files, processes and threads (limits.h); core dumps and gaining
 * privileges are off. When it ends, or is over a limit, whatever it has started is killed with it, and cannot flee: each fork waits for the
 * supervisor's leave (program_forks.c; Linux 5.5). All of it ends when the helper dies, and the helper ends when we do. It is no sandbox: the
 * program reads and writes what the user may.
 *
 * Owns: the helper and a socket to it, from open to close; the caller owns the struct. Open forks: call it before any thread is
 * started and before large memory is mapped. Nothing here allocates; the helper's memory is its own.
 * Called by: the trainer, through the journal of verdicts. Fails: STATUS_USAGE where the program cannot be started (place: the setting), STATUS_FAILED
 * where the helper has died. */
#ifndef RLSP_PLATFORM_PROGRAM_RUNNER_H
#define RLSP_PLATFORM_PROGRAM_RUNNER_H

#include "engine/memory/limits.h"
#include "engine/status.h"

/* How a program ended. One list: name, word (of the journal), what it says of the completion. ROW(name, word, meaning) */
#define PROGRAM_ENDS_LIST(ROW)                                              \
  ROW(RIGHT, "right", "exit code 0: right")                                 \
  ROW(WRONG, "wrong", "exit code 1: wrong")                                 \
  ROW(NO_ANSWER, "no-answer", "exit code 2: no answer")                     \
  ROW(OTHER_CODE, "other-code", "undecided: another exit code")             \
  ROW(CRASHED, "crashed", "undecided: it died of a signal")                 \
  ROW(OUT_OF_TIME, "out-of-time", "undecided: it took too long")            \
  ROW(TOO_MUCH_OUTPUT, "too-much-output", "undecided: it printed too much") \
  ROW(TOO_MANY_PROCESSES, "too-many-processes", "undecided: it started too many processes")

enum program_end {
#define PROGRAM_END_ENUM(name, word, meaning) PROGRAM_##name,
  PROGRAM_ENDS_LIST(PROGRAM_END_ENUM)
#undef PROGRAM_END_ENUM
      PROGRAM_ENDS
};
const char *program_end_word(enum program_end end);
const char *program_end_meaning(enum program_end end);

struct program_settings {
  const char *setting; /* its name, for messages: "reward.correctness.program" */
  const char *program; /* path and arguments */
  u32 seconds;         /* of the wall clock for all of it, and of CPU time for each of its processes */
  u64 memory_bytes;    /* address space of each of its processes */
  u32 parallel;        /* programs at once, 1..PROGRAM_PARALLEL_MAX; 0 = as many as this machine has cores */
};

/* Texts of at most PROGRAM_TEXT_BYTES_MAX bytes, of any bytes. */
struct program_question {
  const char *completion, *gold, *prompt;
  u64 completion_bytes, gold_bytes, prompt_bytes;
};

struct program_runner {
  int socket; /* -1 = closed. A zeroed struct is not a closed runner: use program_runner_none() */
  int helper; /* its process id; 0 = none */
  u32 parallel, in_flight, seconds;
  char setting[64];
};

void program_runner_none(struct program_runner *runner);
/* Starts the helper, and the program once on empty texts, killing it as soon as it is seen to start. The caller always closes. */
enum status program_runner_open(struct program_runner *runner, const struct program_settings *settings,
                                struct error *error) MUST_USE;
/* Hands a question over; its texts are free afterwards. Not while in_flight == parallel: a CHECK. */
enum status program_runner_send(struct program_runner *runner, u32 ticket, const struct program_question *question,
                                struct error *error) MUST_USE;
/* Waits for the next answer, of whichever program ends first. Not while nothing is in flight: a CHECK. */
enum status program_runner_receive(struct program_runner *runner, u32 *ticket, enum program_end *end,
                                   struct error *error) MUST_USE;
/* Ends the helper and every program that runs. Any number of times. */
void program_runner_close(struct program_runner *runner);

#endif
