/* rlsp: takes the command line apart, calls the command, prints its error as one line, and exits with its status. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/check.h"
#include "tools/commands.h"

const struct command_row command_rows[COMMAND_COUNT] = {
#define COMMAND_ROW(title, what, about, rest) \
  {.name = #title, .run = command_##title, .operand = OPERAND_##what, .summary = (about), .more = (rest)},
#define OPTION_NONE(command, name, value, doc)
    COMMAND_TABLE(COMMAND_ROW, OPTION_NONE)
#undef COMMAND_ROW
#undef OPTION_NONE
};

const struct option_row option_rows[] = {
#define COMMAND_NONE(name, operand, summary, more)
#define OPTION_ROW(of, title, what, about) {.command = COMMAND_##of, .name = (title), .value = (what), .doc = (about)},
    COMMAND_TABLE(COMMAND_NONE, OPTION_ROW){.name = NULL}};
#undef COMMAND_NONE
#undef OPTION_ROW
_Static_assert(COUNT_OF(option_rows) <= OPTIONS_MAX, "raise OPTIONS_MAX");

enum command command_find(const char *name) {
  u32 i = 0;
  while (i < COMMAND_COUNT && strcmp(command_rows[i].name, name) != 0) i++;
  return (enum command)i;
}

static enum status run(int argc, char **argv, struct error *error) {
  struct invocation invocation;
  const enum status status = invocation_parse(&invocation, argc, argv, error);
  if (status != STATUS_OK) return status;
  if (invocation.help) {
    help_command((enum command)invocation.command);
    return STATUS_OK;
  }
  return command_rows[invocation.command].run(&invocation, error);
}

int main(int argc, char **argv) {
  struct error error = {0};
  enum status status = run(argc, argv, &error);
  const bool lost = fflush(stdout) != 0 || ferror(stdout) != 0;
  if (lost && status == STATUS_OK)
    status = status_fail(&error, STATUS_FAILED, "standard output",
                         "not all could be written; free space, or keep the pipe open");
  if (status != STATUS_OK && error.text[0] != 0) fprintf(stderr, "rlsp: %s: %s\n", error.place, error.text);
  /* A driver whose device hangs may wait for it, or abort, in its exit handlers: none of them run. */
  if (status == STATUS_DEVICE) _Exit((int)status);
  return (int)status;
}
