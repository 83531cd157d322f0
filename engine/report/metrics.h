/* The measurements of one step, and their line of metrics.jsonl.
 *
 * Called by: learn (sets), run_log (writes), progress (shows). Owns nothing; the caller owns the struct. Never fails.
 */
#ifndef RLSP_ENGINE_REPORT_METRICS_H
#define RLSP_ENGINE_REPORT_METRICS_H

#include "engine/report/metric_table.h"
#include "engine/types.h"

enum metric {
#define METRIC_ENUM(ident, name, unit, doc) METRIC_##ident,
  METRIC_LIST(METRIC_ENUM)
#undef METRIC_ENUM
      METRIC_COUNT
};

enum run_phase { PHASE_SFT, PHASE_PPO, PHASE_EVAL, PHASE_COUNT };

struct metrics {
  f64 values[METRIC_COUNT];
  bool set[METRIC_COUNT];
};

const char *phase_name(enum run_phase phase); /* "sft", "ppo", "eval" */
const char *metric_name(enum metric metric);
const char *metric_unit(enum metric metric);
const char *metric_doc(enum metric metric);

void metrics_clear(struct metrics *metrics);
void metrics_set(struct metrics *metrics, enum metric metric, f64 value);

#endif
