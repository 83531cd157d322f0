/* rlsp config: the reference of all settings, or one config resolved. */
#include <stdio.h>

#include "engine/check.h"
#include "tools/commands.h"

/* The reference is 9 KB; three texts of a resolved config can add 3. */
#define PRINTED_BYTES_MAX (64u << 10)

enum status command_config(const struct invocation *invocation, struct error *error) {
  char text[PRINTED_BYTES_MAX];
  u64 bytes;
  if (invocation->operand == NULL) {
    bytes = config_print_reference(text, sizeof text);
  } else {
    struct config config;
    const enum status status = invocation_config(invocation, &config, error);
    if (status != STATUS_OK) return status;
    bytes = config_print(&config, text, sizeof text);
  }
  CHECK(bytes < sizeof text, "the settings take %llu bytes", (unsigned long long)bytes);
  fwrite(text, 1, bytes, stdout);
  return STATUS_OK;
}
