/* rlsp help, and --help of every command: printed from command_table.h and status.h. */
#include <stdio.h>
#include <string.h>

#include "tools/commands.h"

static const char *operand_text(enum operand operand) {
  static const char *const texts[] = {[OPERAND_NONE] = "",
                                      [OPERAND_CONFIG] = " CONFIG.ini [section.key=value ...]",
                                      [OPERAND_OPTIONAL_CONFIG] = " [CONFIG.ini [section.key=value ...]]",
                                      [OPERAND_RUN] = " FOLDER | CONFIG.ini [section.key=value ...]",
                                      [OPERAND_TOPIC] = " [COMMAND]"};
  return texts[operand];
}

static void print_option(const char *name, const char *value, const char *doc) {
  char option[64];
  snprintf(option, sizeof option, "--%s%s%s", name, value[0] != 0 ? " " : "", value);
  printf("  %-22s  %s\n", option, doc);
}

void help_command(enum command command) {
  const struct command_row *row = &command_rows[command];
  printf("rlsp %s%s [--options]\n  %s\n", row->name, operand_text(row->operand), row->summary);
  if (row->more[0] != 0) printf("\n%s\n", row->more);
  printf("\noptions\n");
  for (u32 i = 0; option_rows[i].name != NULL; i++)
    if (option_rows[i].command == command) print_option(option_rows[i].name, option_rows[i].value, option_rows[i].doc);
  print_option("help", "", "print this");
}

static void help_all(void) {
  printf(
      "rlsp teaches language models to reason: SFT on reasoning traces, then PPO with an outcome verifier and an "
      "exploration reward.\n\n"
      "rlsp COMMAND CONFIG.ini [section.key=value ...] [--options]\n\n"
      "commands\n");
  for (u32 i = 0; i < COMMAND_COUNT; i++) printf("  %-10s  %s\n", command_rows[i].name, command_rows[i].summary);
  printf(
      "\nrlsp COMMAND --help tells more. rlsp config prints every setting; configs/countdown.ini is a first "
      "run.\n\nexit codes\n");
#define STATUS_ROW(name, code, meaning) printf("  %3d  %s\n", code, meaning);
  STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
  printf("An error is one line on standard error: rlsp: PLACE: what is wrong; what to do\n");
}

enum status command_help(const struct invocation *invocation, struct error *error) {
  if (invocation->operand == NULL) {
    help_all();
    return STATUS_OK;
  }
  const enum command command = command_find(invocation->operand);
  if (command == COMMAND_COUNT)
    return status_fail(error, STATUS_USAGE, "command line", "unknown command %.60s; rlsp help lists them",
                       invocation->operand);
  help_command(command);
  return STATUS_OK;
}
