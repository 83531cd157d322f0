#include "engine/report/plan_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 256u
/* Distinct (arena, region, phase) labels; each is written once in the placing code. */
#define TOTALS_MAX 64u

struct total {
  const char *arena, *region, *phase;
  u64 bytes;
  u32 rows;
};

struct output {
  plan_text_line *line;
  void *context;
};

static void print(const struct output *output, const char *format, ...) PRINTF_LIKE(2, 3);
static void print(const struct output *output, const char *format, ...) {
  char text[LINE_BYTES];
  va_list arguments;
  va_start(arguments, format);
  const int wanted = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  const u64 bytes = wanted < (int)sizeof text ? (u64)wanted : sizeof text - 1;
  text[bytes - 1] = '\n'; /* a line that was cut ends all the same */
  output->line(output->context, text, bytes);
}

const char *size_text(u64 bytes, char text[SIZE_TEXT_BYTES]) {
  static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  f64 value = (f64)bytes / 1024;
  u32 unit = 0;
  while (value >= 1024 && unit + 1 < COUNT_OF(units)) {
    value /= 1024;
    unit++;
  }
  if (bytes < 1024)
    snprintf(text, SIZE_TEXT_BYTES, "%llu bytes", (unsigned long long)bytes);
  else
    snprintf(text, SIZE_TEXT_BYTES, "%.1f %s", value, units[unit]);
  return text;
}

static void shape_text(const struct plan_row *row, char *text, u64 bytes) {
  u64 used = 0;
  text[0] = 0;
  for (u32 i = 0; i < row->rank && used < bytes; i++)
    used += (u64)snprintf(text + used, bytes - used, "%s%llu", i == 0 ? "" : "x", (unsigned long long)row->dims[i]);
}

static void print_rows(const struct output *output, const struct plan *plan) {
  print(output, "%-6s  %-11s  %-8s  %14s  %14s  %-4s  %-20s  %s\n", "arena", "region", "phase", "offset", "bytes",
        "type", "shape", "name");
  for (u32 i = 0; i < plan->count; i++) {
    const struct plan_row *row = &plan->rows[i];
    char shape[96];
    shape_text(row, shape, sizeof shape);
    print(output, "%-6s  %-11s  %-8s  %14llu  %14llu  %-4s  %-20s  %s\n", row->arena, row->region, row->phase,
          (unsigned long long)row->offset, (unsigned long long)row->bytes, dtype_name(row->dtype), shape, row->name);
  }
}

static bool same(const char *one, const char *other) { return one == NULL || strcmp(one, other) == 0; }

/* Adds to the total with these labels; region NULL: of the whole phase. */
static void add(struct total *totals, u32 *count, const struct plan_row *row, const char *region) {
  u32 i = 0;
  while (i < *count && !(same(totals[i].arena, row->arena) && same(totals[i].region, row->region) &&
                         same(totals[i].phase, row->phase)))
    i++;
  if (i == TOTALS_MAX) return;
  if (i == *count) totals[(*count)++] = (struct total){.arena = row->arena, .region = region, .phase = row->phase};
  totals[i].bytes += row->bytes;
  totals[i].rows++;
}

static void print_totals(const struct output *output, const struct plan *plan, bool by_region) {
  struct total totals[TOTALS_MAX];
  u32 count = 0;
  for (u32 i = 0; i < plan->count; i++) add(totals, &count, &plan->rows[i], by_region ? plan->rows[i].region : NULL);
  print(output, "\n");
  print(output, "%-6s  %-11s  %-8s  %14s  %10s  %s\n", "arena", by_region ? "region" : "", "phase", "bytes", "",
        "tensors");
  for (u32 i = 0; i < count; i++) {
    char size[SIZE_TEXT_BYTES];
    print(output, "%-6s  %-11s  %-8s  %14llu  %10s  %u\n", totals[i].arena,
          totals[i].region != NULL ? totals[i].region : "all", totals[i].phase, (unsigned long long)totals[i].bytes,
          size_text(totals[i].bytes, size), totals[i].rows);
  }
}

void plan_text(const struct plan *plan, u64 host_bytes, u64 device_bytes, plan_text_line *line, void *context) {
  const struct output output = {line, context};
  char size[SIZE_TEXT_BYTES];
  print_rows(&output, plan);
  print_totals(&output, plan, true);
  print_totals(&output, plan, false);
  print(&output, "\n");
  print(&output,
        "The phases rollout and training share their memory: the larger counts. Tensors begin at multiples of %u "
        "bytes.\n",
        TENSOR_ALIGN_BYTES);
  print(&output, "host total    %14llu bytes  %s\n", (unsigned long long)host_bytes, size_text(host_bytes, size));
  print(&output, "device total  %14llu bytes  %s\n", (unsigned long long)device_bytes, size_text(device_bytes, size));
}
