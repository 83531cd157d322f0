/* rlsp eval: the newest checkpoint of a run on the test problems. */
#include "engine/learn/trainer.h"
#include "tools/commands.h"
#include "tools/eval_table.h"

enum status command_eval(const struct invocation *invocation, struct error *error) {
  static struct trainer trainer; /* large; the process makes one */
  struct config config;
  struct summary_eval eval;
  enum status status = invocation_config(invocation, &config, error);
  if (status == STATUS_OK) status = trainer_open(&trainer, &config, 0, error);
  if (status == STATUS_OK) status = trainer_evaluate_checkpoint(&trainer, &eval, error);
  if (status == STATUS_OK) eval_table_print(&eval, 1);
  trainer_close(&trainer);
  return status;
}
