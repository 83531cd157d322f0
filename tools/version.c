/* rlsp version. */
#include "engine/version.h"

#include <stdio.h>

#include "tools/commands.h"

enum status command_version(const struct invocation *invocation, struct error *error) {
  (void)invocation;
  (void)error;
  printf("rlsp %s\n", RLSP_VERSION);
  return STATUS_OK;
}
