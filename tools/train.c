/* rlsp train: a whole run, or the rest of one. */
#include <stdio.h>

#include "engine/learn/trainer.h"
#include "tools/commands.h"
#include "tools/eval_table.h"

static void print_result(const struct trainer *trainer) {
  if (!trainer->logging) return; /* it was finished before */
  eval_table_print(trainer->evals, (u32)trainer->state.evals);
  printf("report: %s/report.html\n", trainer->config.run_dir);
}

enum status command_train(const struct invocation *invocation, struct error *error) {
  static struct trainer trainer; /* large; the process makes one */
  struct config config;
  u64 device_limit = 0;
  enum status status = invocation_config(invocation, &config, error);
  if (status == STATUS_OK) status = invocation_size(invocation, "device-memory", &device_limit, error);
  if (status != STATUS_OK) return status;
  status = trainer_open(&trainer, &config, device_limit, error);
  if (status == STATUS_OK) {
    if (trainer.device.note[0] != 0) fprintf(stderr, "%s\n", trainer.device.note);
    status = trainer_train(&trainer, error);
  }
  if (status == STATUS_OK) print_result(&trainer);
  trainer_close(&trainer);
  return status;
}
