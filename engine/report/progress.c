#include "engine/report/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "platform/clock.h"
#include "platform/files.h"

#define STANDARD_OUTPUT 1
#define LINE_BYTES 1280u     /* a checkpoint note of several lines fits */
#define REDRAW_NS 100000000u /* ten times a second is as fast as an eye follows */

struct line {
  char text[LINE_BYTES];
  u32 bytes;
};

static void add(struct line *line, const char *format, ...) PRINTF_LIKE(2, 3);
static void add(struct line *line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int bytes = vsnprintf(line->text + line->bytes, LINE_BYTES - line->bytes, format, arguments);
  va_end(arguments);
  if (bytes > 0) line->bytes += (u32)bytes;
  if (line->bytes > LINE_BYTES - 1) line->bytes = LINE_BYTES - 1;
}

/* What a line shows of a phase: metric, label, printf form of one f64. */
struct shown {
  enum metric metric;
  const char *label, *format;
};
static const struct shown of_sft[] = {
    {METRIC_LOSS_SFT, "loss", "%.4f"}, {METRIC_LR, "lr", "%.2e"}, {METRIC_GRAD_NORM, "grad", "%.2f"}};
static const struct shown of_ppo[] = {{METRIC_ACCURACY, "accuracy", "%.3f"},
                                      {METRIC_LENGTH_MEAN, "length", "%.1f"},
                                      {METRIC_ATTEMPTS, "attempts", "%.2f"},
                                      {METRIC_DEPTH2_SHARE, "depth>=2", "%.3f"},
                                      {METRIC_KL, "kl", "%.2f"},
                                      {METRIC_ENTROPY, "entropy", "%.2f"}};
static const struct shown of_eval[] = {{METRIC_EVAL_PASS, "pass@1", "%.3f"}, {METRIC_EVAL_LENGTH, "length", "%.1f"}};

static void add_metrics(struct line *line, enum run_phase phase, const struct metrics *metrics) {
  static const struct {
    const struct shown *rows;
    u32 count;
  } lists[PHASE_COUNT] = {{of_sft, COUNT_OF(of_sft)}, {of_ppo, COUNT_OF(of_ppo)}, {of_eval, COUNT_OF(of_eval)}};
  for (u32 i = 0; i < lists[phase].count; i++) {
    const struct shown *const row = &lists[phase].rows[i];
    if (!metrics->set[row->metric]) continue;
    char value[64];
    snprintf(value, sizeof value, row->format, metrics->values[row->metric]);
    add(line, "  %s %s", row->label, value);
  }
  if (metrics->set[METRIC_PERF_TOKENS]) {
    const f64 rate = metrics->values[METRIC_PERF_TOKENS];
    if (rate >= 1e3)
      add(line, "  %.1fk tokens/s", rate / 1e3);
    else
      add(line, "  %.0f tokens/s", rate);
  }
}

static void add_duration(struct line *line, u64 seconds) {
  if (seconds >= 3600)
    add(line, "%lluh%02llum", (unsigned long long)(seconds / 3600), (unsigned long long)(seconds / 60 % 60));
  else if (seconds >= 60)
    add(line, "%llum%02llus", (unsigned long long)(seconds / 60), (unsigned long long)(seconds % 60));
  else
    add(line, "%llus", (unsigned long long)seconds);
}

static void say(struct progress *progress, struct line *line, bool redrawn) {
  if (redrawn) {
    files_say(STANDARD_OUTPUT, "\r\x1b[?7l", 6); /* no wrapping: a narrow window cuts the line */
    add(line, "\x1b[K\x1b[?7h");                 /* clears what a longer line left */
  } else {
    if (line->bytes == LINE_BYTES - 1) line->bytes--;
    add(line, "\n");
  }
  files_say(STANDARD_OUTPUT, line->text, line->bytes);
  progress->open_line = redrawn;
}

static void close_line(struct progress *progress) {
  if (progress->open_line) files_say(STANDARD_OUTPUT, "\n", 1);
  progress->open_line = false;
}

void progress_begin(struct progress *progress, bool quiet) {
  *progress = (struct progress){.quiet = quiet, .terminal = files_terminal(STANDARD_OUTPUT)};
}

void progress_phase(struct progress *progress, enum run_phase phase, u64 first, u64 steps) {
  close_line(progress);
  progress->phase = phase;
  progress->first = first;
  progress->steps = steps;
  progress->began_ns = clock_monotonic_ns();
  progress->shown_ns = 0;
}

void progress_step(struct progress *progress, u64 step, const struct metrics *metrics) {
  if (progress->quiet || metrics == NULL) return;
  const u64 now = clock_monotonic_ns();
  const bool last = step >= progress->steps;
  if (progress->terminal && !last && progress->shown_ns != 0 && now - progress->shown_ns < REDRAW_NS) return;
  progress->shown_ns = now;
  struct line line = {.bytes = 0};
  add(&line, "%-4s %5llu/%llu", phase_name(progress->phase), (unsigned long long)step,
      (unsigned long long)progress->steps);
  add_metrics(&line, progress->phase, metrics);
  const u64 done = step > progress->first ? step - progress->first : 0;
  if (done > 0 && !last) {
    add(&line, "  left ");
    const f64 left_ns = (f64)(now - progress->began_ns) / (f64)done * (f64)(progress->steps - step);
    add_duration(&line, (u64)(left_ns / 1e9));
  }
  say(progress, &line, progress->terminal);
  if (last) close_line(progress);
}

void progress_note(struct progress *progress, const char *format, ...) {
  if (progress->quiet) return;
  close_line(progress);
  struct line line = {.bytes = 0};
  va_list arguments;
  va_start(arguments, format);
  const int bytes = vsnprintf(line.text, sizeof line.text - 1, format, arguments);
  va_end(arguments);
  line.bytes = bytes < 0 ? 0 : (u32)bytes < LINE_BYTES - 2 ? (u32)bytes : LINE_BYTES - 2;
  say(progress, &line, false);
}

void progress_end(struct progress *progress) { close_line(progress); }
