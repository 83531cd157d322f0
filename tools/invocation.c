#include "tools/invocation.h"

#include <string.h>

#include "engine/check.h"
#include "engine/config/config_number.h"
#include "platform/files.h"
#include "tools/commands.h"

#define PLACE "command line"
/* A config with every setting explained is 9 KB. */
#define CONFIG_FILE_BYTES_MAX (256u << 10)

/* The row of --name (name ends at `bytes`), or OPTIONS_MAX. */
static u32 find_option(u32 command, const char *name, u64 bytes) {
  for (u32 i = 0; option_rows[i].name != NULL; i++)
    if ((u32)option_rows[i].command == command && strlen(option_rows[i].name) == bytes &&
        memcmp(option_rows[i].name, name, bytes) == 0)
      return i;
  return OPTIONS_MAX;
}

static enum status unknown_option(u32 command, const char *argument, struct error *error) {
  const char *const name = command_rows[command].name;
  return status_fail(error, STATUS_USAGE, PLACE, "unknown option %.60s of rlsp %s; rlsp %s --help lists them", argument,
                     name, name);
}

/* argv[*at] begins with "--"; may take argv[*at + 1] as its value. */
static enum status take_option(struct invocation *invocation, int argc, char **argv, int *at, struct error *error) {
  const char *argument = argv[*at], *name = argument + 2, *equals = strchr(name, '=');
  const u64 bytes = equals != NULL ? (u64)(equals - name) : strlen(name);
  const u32 row = find_option(invocation->command, name, bytes);
  if (row == OPTIONS_MAX) return unknown_option(invocation->command, argument, error);
  const struct option_row *option = &option_rows[row];
  const bool flag = option->value[0] == 0;
  if (invocation->options[row] != NULL)
    return status_fail(error, STATUS_USAGE, PLACE, "--%s is given twice; keep one", option->name);
  if (flag && equals != NULL)
    return status_fail(error, STATUS_USAGE, PLACE, "--%s takes no value; write it alone", option->name);
  invocation->options[row] = flag ? "" : equals != NULL ? equals + 1 : *at + 1 < argc ? argv[++*at] : NULL;
  if (invocation->options[row] == NULL || (!flag && invocation->options[row][0] == 0))
    return status_fail(error, STATUS_USAGE, PLACE, "--%s has no value; write --%s %s", option->name, option->name,
                       option->value);
  return STATUS_OK;
}

static bool takes_config(enum operand operand) {
  return operand == OPERAND_CONFIG || operand == OPERAND_OPTIONAL_CONFIG || operand == OPERAND_RUN;
}

static enum status take_operand(struct invocation *invocation, const char *argument, struct error *error) {
  const struct command_row *row = &command_rows[invocation->command];
  if (invocation->operand == NULL && row->operand != OPERAND_NONE) {
    invocation->operand = argument;
    return STATUS_OK;
  }
  if (!takes_config(row->operand))
    return status_fail(error, STATUS_USAGE, PLACE, "rlsp %s has no use for %.60s; leave it out", row->name, argument);
  if (strchr(argument, '=') == NULL)
    return status_fail(error, STATUS_USAGE, PLACE,
                       "%.60s stands after the config; a setting is written section.key=value", argument);
  if (invocation->override_count == OVERRIDES_MAX)
    return status_fail(error, STATUS_USAGE, PLACE, "more than %u settings; put them in the config", OVERRIDES_MAX);
  invocation->overrides[invocation->override_count++] = argument;
  return STATUS_OK;
}

static bool is(const char *argument, const char *one, const char *other) {
  return strcmp(argument, one) == 0 || strcmp(argument, other) == 0;
}

static enum status find_command(struct invocation *invocation, const char *name, struct error *error) {
  invocation->command = (u32)command_find(name);
  if (is(name, "--version", "-v")) invocation->command = COMMAND_version;
  if (is(name, "--help", "-h")) invocation->command = COMMAND_help;
  if (invocation->command < COMMAND_COUNT) return STATUS_OK;
  return status_fail(error, STATUS_USAGE, PLACE, "unknown command %.60s; rlsp help lists them", name);
}

enum status invocation_parse(struct invocation *invocation, int argc, char **argv, struct error *error) {
  memset(invocation, 0, sizeof *invocation);
  if (argc < 2) return status_fail(error, STATUS_USAGE, PLACE, "no command is given; rlsp help lists them");
  enum status status = find_command(invocation, argv[1], error);
  for (int i = 2; i < argc && status == STATUS_OK; i++)
    invocation->help = invocation->help || is(argv[i], "--help", "-h");
  if (invocation->help) return status;
  for (int i = 2; i < argc && status == STATUS_OK; i++) {
    if (argv[i][0] != '-' || argv[i][1] == 0)
      status = take_operand(invocation, argv[i], error);
    else if (argv[i][1] == '-')
      status = take_option(invocation, argc, argv, &i, error);
    else
      status = unknown_option(invocation->command, argv[i], error);
  }
  if (status != STATUS_OK || invocation->operand != NULL) return status;
  const struct command_row *row = &command_rows[invocation->command];
  if (row->operand == OPERAND_CONFIG)
    return status_fail(error, STATUS_USAGE, PLACE, "no config is given; write rlsp %s CONFIG.ini", row->name);
  if (row->operand == OPERAND_RUN)
    return status_fail(error, STATUS_USAGE, PLACE, "no run is given; write rlsp %s FOLDER", row->name);
  return STATUS_OK;
}

const char *invocation_option(const struct invocation *invocation, const char *name) {
  const u32 row = find_option(invocation->command, name, strlen(name));
  CHECK(row < OPTIONS_MAX, "--%s is not in command_table.h", name);
  return invocation->options[row];
}

enum status invocation_size(const struct invocation *invocation, const char *name, u64 *bytes, struct error *error) {
  const char *text = invocation_option(invocation, name);
  i64 value = 0;
  if (text == NULL) return STATUS_OK;
  if (number_read_integer(text, &value) != NUMBER_OK || value <= 0)
    return status_fail(error, STATUS_USAGE, PLACE,
                       "--%s %.60s is not a size; write bytes above 0, with K, M or G for powers of 1024: 24G", name,
                       text);
  *bytes = (u64)value;
  return STATUS_OK;
}

enum status invocation_config(const struct invocation *invocation, struct config *config, struct error *error) {
  char text[CONFIG_FILE_BYTES_MAX];
  u64 bytes = 0;
  if (strchr(invocation->operand, '=') != NULL && !files_exists(invocation->operand))
    return status_fail(error, STATUS_USAGE, PLACE,
                       "%.60s stands where the config belongs; write rlsp %s CONFIG.ini section.key=value",
                       invocation->operand, command_rows[invocation->command].name);
  const enum status status = files_read_whole(invocation->operand, text, sizeof text, &bytes, error);
  if (status != STATUS_OK) return status;
  return config_parse(config, invocation->operand, text, bytes, invocation->overrides, invocation->override_count,
                      error);
}
