#include "engine/report/metrics.h"

#include <string.h>

#include "engine/check.h"

static const struct {
  const char *name, *unit, *doc;
} rows[METRIC_COUNT] = {
#define METRIC_ROW(ident, name, unit, doc) {name, unit, doc},
    METRIC_LIST(METRIC_ROW)
#undef METRIC_ROW
};

const char *phase_name(enum run_phase phase) {
  static const char *const names[PHASE_COUNT] = {"sft", "ppo", "eval"};
  CHECK(phase < PHASE_COUNT, "phase %d", (int)phase);
  return names[phase];
}

const char *metric_name(enum metric metric) { return rows[metric].name; }
const char *metric_unit(enum metric metric) { return rows[metric].unit; }
const char *metric_doc(enum metric metric) { return rows[metric].doc; }

void metrics_clear(struct metrics *metrics) { memset(metrics, 0, sizeof *metrics); }

void metrics_set(struct metrics *metrics, enum metric metric, f64 value) {
  CHECK(metric < METRIC_COUNT, "metric %d", (int)metric);
  metrics->values[metric] = value;
  metrics->set[metric] = true;
}
