/* metrics.jsonl into curves and warnings, in fixed memory: a curve that is full halves itself, so that its points stay
 * evenly spread. */
#include <string.h>

#include "engine/report/page.h"

static void gather(struct curve *curve, const struct curve_point *point) {
  struct curve_point *const sum = &curve->gathering;
  if (curve->gathered == 0) *sum = (struct curve_point){.low = point->low, .high = point->high};
  sum->x += point->x;
  sum->mean += point->mean;
  if (point->low < sum->low) sum->low = point->low;
  if (point->high > sum->high) sum->high = point->high;
  curve->gathered++;
}

static void settle(struct curve *curve) {
  struct curve_point *const point = &curve->points[curve->count++];
  *point = curve->gathering;
  point->x /= curve->gathered;
  point->mean /= curve->gathered;
  curve->gathered = 0;
}

static void halve(struct curve *curve) {
  for (u32 i = 0; i < curve->count / 2; i++) {
    const struct curve_point *const left = &curve->points[2 * i], *const right = &curve->points[2 * i + 1];
    curve->points[i] = (struct curve_point){.x = (left->x + right->x) / 2,
                                            .mean = (left->mean + right->mean) / 2,
                                            .low = left->low < right->low ? left->low : right->low,
                                            .high = left->high > right->high ? left->high : right->high};
  }
  curve->count /= 2;
  curve->stride *= 2;
}

void curve_add(struct curve *curve, f64 x, f64 y) {
  if (!(y > -1e300 && y < 1e300)) return; /* no place in a drawing */
  if (curve->stride == 0) curve->stride = 1;
  const struct curve_point point = {x, y, y, y};
  gather(curve, &point);
  if (curve->gathered < curve->stride) return;
  settle(curve);
  if (curve->count == REPORT_POINTS_MAX) halve(curve);
}

void curve_end(struct curve *curve) {
  if (curve->gathered > 0) settle(curve);
}

static bool phase_of(const struct json *row, enum run_phase *phase) {
  const u32 token = json_find(row, 0, "phase");
  for (u32 i = 0; i < PHASE_COUNT; i++)
    if (json_equals(row, token, phase_name((enum run_phase)i))) {
      *phase = (enum run_phase)i;
      return true;
    }
  return false;
}

static void gather_warning(struct gathered *gathered, const struct json *row, enum run_phase phase, u64 step,
                           u32 text) {
  char key[128];
  json_text(row, json_find(row, 0, "key"), key, sizeof key);
  u32 at = 0;
  while (at < gathered->warning_count &&
         (gathered->warnings[at].phase != phase || strcmp(gathered->warnings[at].key, key) != 0))
    at++;
  if (at == WARNINGS_MAX) return;
  struct warning *const warning = &gathered->warnings[at];
  if (at == gathered->warning_count) {
    gathered->warning_count++;
    *warning = (struct warning){.phase = phase, .first = step};
    memcpy(warning->key, key, sizeof key);
    json_text(row, text, warning->text, sizeof warning->text);
  }
  warning->last = step;
  warning->count++;
}

static void gather_row(struct gathered *gathered, const struct json *row, enum run_phase phase, u64 step) {
  for (u32 chart = 0; chart < chart_count(); chart++) {
    if (chart_phase(chart) != phase) continue;
    for (u32 i = 0; i < chart_curve_count(chart); i++) {
      f64 value;
      if (json_number(row, json_find(row, 0, metric_name(chart_metric(chart, i))), &value))
        curve_add(&gathered->curves[chart][i], (f64)step, value);
    }
  }
}

void gather_metrics(struct gathered *gathered, const char *folder, char *buffer, struct json_token *tokens) {
  memset(gathered, 0, sizeof *gathered);
  struct lines lines;
  char *line;
  u64 bytes, at, step;
  bool open = lines_open(&lines, folder, "metrics.jsonl", buffer, LINES_BYTES);
  while (open && lines_next(&lines, &line, &bytes)) {
    struct json row;
    enum run_phase phase;
    if (json_parse(&row, line, bytes, tokens, TOKENS_MAX, &at) != NULL || !phase_of(&row, &phase) ||
        !json_u64(&row, json_find(&row, 0, "step"), &step)) {
      gathered->unread++;
      continue;
    }
    gathered->rows++;
    const u32 warning = json_find(&row, 0, "warning");
    if (warning != JSON_NONE)
      gather_warning(gathered, &row, phase, step, warning);
    else
      gather_row(gathered, &row, phase, step);
  }
  lines_close(&lines);
  for (u32 chart = 0; chart < chart_count(); chart++)
    for (u32 i = 0; i < CHART_CURVES_MAX; i++) curve_end(&gathered->curves[chart][i]);
}
