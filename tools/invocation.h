/* One call of rlsp, taken apart: command, operand, overrides, options.
 *
 * Called by: main and the commands. Owns nothing: points into argv. Fails: STATUS_USAGE, place "command line". */
#ifndef RLSP_TOOLS_INVOCATION_H
#define RLSP_TOOLS_INVOCATION_H

#include "engine/config/config.h"
#include "engine/status.h"
#include "tools/command_table.h"

/* What stands after the command. After a config come overrides. */
enum operand { OPERAND_NONE, OPERAND_CONFIG, OPERAND_OPTIONAL_CONFIG, OPERAND_RUN, OPERAND_TOPIC };

/* As many as there are settings, and more: a script may append to a list of its own. */
#define OVERRIDES_MAX 512u
/* Of the rows of command_table.h. */
#define OPTIONS_MAX 32u

struct invocation {
  u32 command;         /* enum command */
  const char *operand; /* CONFIG.ini, a run's folder or a command; NULL = none was given */
  const char *overrides[OVERRIDES_MAX];
  u32 override_count;
  const char *options[OPTIONS_MAX]; /* by row of option_rows; NULL = not given */
  bool help;                        /* --help: nothing else was looked at */
};

enum status invocation_parse(struct invocation *invocation, int argc, char **argv, struct error *error) MUST_USE;
/* The value given for --name, "" for a flag that was given, NULL if it was not. */
const char *invocation_option(const struct invocation *invocation, const char *name);
/* The same, read as a size in bytes with K, M, G; *bytes stays as it is where the option was not given. */
enum status invocation_size(const struct invocation *invocation, const char *name, u64 *bytes,
                            struct error *error) MUST_USE;
/* Reads and checks the config that was named, with its overrides. */
enum status invocation_config(const struct invocation *invocation, struct config *config, struct error *error) MUST_USE;

#endif
