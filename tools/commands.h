/* The commands, as functions, made from command_table.h. Called by tools/main.c (dispatch) and tools/help.c. */
#ifndef RLSP_TOOLS_COMMANDS_H
#define RLSP_TOOLS_COMMANDS_H

#include "tools/invocation.h"

/* Returns what the process exits with. On failure either fills *error (main prints it) or, where the answer itself is
 * the failure (a plan that does not fit), prints it and leaves error->text empty. */
typedef enum status command_run(const struct invocation *invocation, struct error *error);

#define COMMAND_DECLARED(name, operand, summary, more) command_run command_##name;
#define OPTION_NONE(command, name, value, doc)
COMMAND_TABLE(COMMAND_DECLARED, OPTION_NONE)
#undef COMMAND_DECLARED
#undef OPTION_NONE

enum command {
#define COMMAND_ENUM(name, operand, summary, more) COMMAND_##name,
#define OPTION_NONE(command, name, value, doc)
  COMMAND_TABLE(COMMAND_ENUM, OPTION_NONE)
#undef COMMAND_ENUM
#undef OPTION_NONE
      COMMAND_COUNT
};

struct command_row {
  const char *name;
  command_run *run;
  enum operand operand;
  const char *summary, *more;
};

struct option_row {
  enum command command;
  const char *name, *value, *doc; /* value "" = a flag */
};

extern const struct command_row command_rows[COMMAND_COUNT];
/* Ends with a row whose name is NULL. */
extern const struct option_row option_rows[];

/* COMMAND_COUNT where there is none. */
enum command command_find(const char *name);
/* "rlsp plan CONFIG.ini [section.key=value ...] [--options]" on standard output, with what it does. */
void help_command(enum command command);

#endif
