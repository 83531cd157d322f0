/* What the Countdown tests compare the engine with: a brute force that shares no code and no idea with it, and small
 * fixtures. */
#ifndef RLSP_TESTS_COUNTDOWN_ORACLE_H
#define RLSP_TESTS_COUNTDOWN_ORACLE_H

#include "engine/task/countdown_outcome.h"

/* Values that an expression over all the numbers, each once, can have with every value in it 0..99: by dynamic
 * programming over subsets. */
void oracle_reach(const u8 *numbers, u32 count, bool reached[100]);
bool oracle_solvable(const struct countdown_problem *problem);

/* The verdict, from the response's text: words after the last BACK, every way of taking the operands tried. */
enum verdict oracle_verdict(const struct countdown_problem *problem, const u32 *response, u32 count, bool ended);

/* "6 * 4 = 24 , OK": returns the tokens written. */
u32 oracle_tokens(const char *text, u32 *tokens);

struct countdown_options oracle_options(u32 numbers, u32 number_max);
/* Both passes, in memory from malloc (free countdown_fixture.memory). Fails the test on an error. */
struct countdown_fixture {
  struct countdown countdown, measured;
  void *memory;
  u64 bytes;
};
void countdown_fixture_open(struct countdown_fixture *fixture, const struct countdown_options *options,
                            const struct countdown_file *file);
u64 oracle_problem_key(const struct countdown_problem *problem);

#endif
