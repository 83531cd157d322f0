/* What the parts of the program runner share: the words on the socket, and the processes behind it. Nobody else includes this.
 *
 *   program_runner.c      our side of the socket
 *   program_server.c      the helper: reads questions, starts a supervisor for each, answers when it ends
 *   program_supervisor.c  one question: starts the program, watches its limits, ends all of it
 *   program_forks.c       what it may start
 *   program_family.c      what descends from a process, from /proc */
#ifndef RLSP_PLATFORM_POSIX_PROGRAM_PROCESS_H
#define RLSP_PLATFORM_POSIX_PROGRAM_PROCESS_H

#include "platform/program_runner.h"

/* Descriptors that a program is given; all of them are open in the helper, so that nothing else gets these numbers. */
enum { PROGRAM_STDIN, PROGRAM_STDOUT, PROGRAM_STDERR, PROGRAM_GOLD, PROGRAM_PROMPT, PROGRAM_DESCRIPTORS };

/* Before its texts. */
struct program_ask {
  u32 ticket;
  u32 trial; /* 1: end it as soon as it has started */
  u64 completion_bytes, gold_bytes, prompt_bytes;
};

/* code: an enum program_end, or PROGRAM_NOT_STARTED and the errno of what was tried. */
struct program_reply {
  u32 ticket;
  u32 code;
};
#define PROGRAM_NOT_STARTED 0x80u /* a process's exit status has 8 bits: errno in 7 of them */

struct program_command {
  char *words[PROGRAM_WORDS_MAX + 1]; /* ends with NULL */
  u32 seconds;
  u64 memory_bytes;
};

struct program_texts {
  int completion, gold, prompt; /* descriptors */
};

/* In the helper's process; ends with it. */
_Noreturn void program_serve(int socket, const struct program_command *command);
/* In a supervisor's process, parent being the helper: a program_reply's code. SIGCHLD and SIGTERM are blocked. */
u32 program_supervise(const struct program_command *command, const struct program_texts *texts, bool trial, int parent);
/* How many threads there are in the processes that descend from this one, itself not counted; with end, each process is sent SIGKILL. */
u32 program_family(bool end);
/* Grants to start a process or thread (program_forks.c). In the program's process: stop, then hand over; in the supervisor: take over, then grant
 * whenever the listener (-1: none) can be read. */
struct program_forks {
  int listener;
  u32 free; /* may start before its family has to be counted again */
};
int program_forks_stop(void);
bool program_forks_hand_over(int socket, int listener);
void program_forks_take_over(struct program_forks *forks, int socket);
bool program_forks_grant(struct program_forks *forks);
/* Reads or writes exactly so many bytes; false: the other side is gone. */
bool program_read_all(int descriptor, void *data, u64 bytes);
bool program_write_all(int descriptor, const void *data, u64 bytes);

#endif
