#include "tools/bench_table.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/text/json_write.h"
#include "engine/version.h"

#define JSON_BYTES (64u << 10) /* 96 rows of two spreads take half of it */

struct bench_row *bench_row_add(struct bench_table *table, const char *section, const char *unit, const char *key,
                                const char *label) {
  CHECK(table->count < BENCH_ROWS_MAX, "%u rows", table->count);
  struct bench_row *row = &table->rows[table->count++];
  memset(row, 0, sizeof *row);
  row->section = section;
  row->unit = unit;
  snprintf(row->key, sizeof row->key, "%s", key);
  snprintf(row->label, sizeof row->label, "%s", label);
  return row;
}

void bench_row_value(struct bench_row *row, f64 value) {
  CHECK(row->count < BENCH_REPETITIONS_MAX, "%u values", row->count);
  row->values[row->count++] = value;
}

void bench_row_share(struct bench_row *row, f64 share) {
  CHECK(row->share_count < BENCH_REPETITIONS_MAX, "%u shares", row->share_count);
  row->shares[row->share_count++] = share;
}

struct bench_spread bench_spread_of(const f64 *values, u32 count) {
  f64 sorted[BENCH_REPETITIONS_MAX];
  CHECK(count >= 1 && count <= BENCH_REPETITIONS_MAX, "%u values", count);
  for (u32 i = 0; i < count; i++) {
    u32 at = i;
    for (; at > 0 && sorted[at - 1] > values[i]; at--) sorted[at] = sorted[at - 1];
    sorted[at] = values[i];
  }
  return (struct bench_spread){
      .median = 0.5 * (sorted[(count - 1) / 2] + sorted[count / 2]), .min = sorted[0], .max = sorted[count - 1]};
}

/* Four digits that matter, whatever the size. */
static const char *number_text(f64 value, char text[32]) {
  snprintf(text, 32, "%.*f", value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : value >= 1 ? 3 : 4, value);
  return text;
}

static void print_row(const struct bench_row *row) {
  char median[32], min[32], max[32];
  const struct bench_spread value = bench_spread_of(row->values, row->count);
  printf("  %-44s %9s %-9s %9s .. %-9s", row->label, number_text(value.median, median), row->unit,
         number_text(value.min, min), number_text(value.max, max));
  if (row->share_count > 0) {
    const struct bench_spread share = bench_spread_of(row->shares, row->share_count);
    printf(" %5.1f%%  %5.1f .. %.1f", 100 * share.median, 100 * share.min, 100 * share.max);
  }
  printf("\n");
}

void bench_table_print(const struct bench_table *table, const struct bench_facts *facts) {
  printf("rlsp %s bench: %s, device %s (%s), %u thread%s, median of %u repetitions with min .. max\n", RLSP_VERSION,
         facts->config, facts->device, facts->simd, facts->threads, facts->threads == 1 ? "" : "s", facts->repetitions);
  for (u32 i = 0; i < table->count; i++) {
    const struct bench_row *row = &table->rows[i];
    if (i == 0 || strcmp(row->section, row[-1].section) != 0) printf("\n%s\n", row->section);
    print_row(row);
  }
  if (facts->workload[0] != 0) printf("\n%s\n", facts->workload);
}

static void put_text(struct json_writer *json, const char *key, const char *text) {
  json_key(json, key);
  json_put_text(json, text, strlen(text));
}

static void put_spread(struct json_writer *json, const f64 *values, u32 count) {
  const struct bench_spread spread = bench_spread_of(values, count);
  json_key(json, "median"), json_put_f64(json, spread.median);
  json_key(json, "min"), json_put_f64(json, spread.min);
  json_key(json, "max"), json_put_f64(json, spread.max);
}

static void put_row(struct json_writer *json, const struct bench_row *row) {
  json_key(json, row->key);
  json_open(json, '{');
  put_text(json, "unit", row->unit);
  put_spread(json, row->values, row->count);
  if (row->share_count > 0) {
    json_key(json, "share");
    json_open(json, '{');
    put_spread(json, row->shares, row->share_count);
    json_close(json, '}');
  }
  json_close(json, '}');
}

void bench_table_print_json(const struct bench_table *table, const struct bench_facts *facts) {
  static char text[JSON_BYTES]; /* printed once, by one thread */
  struct json_writer json;
  json_begin(&json, text, sizeof text);
  json_open(&json, '{');
  put_text(&json, "program", "rlsp " RLSP_VERSION);
  put_text(&json, "config", facts->config);
  put_text(&json, "device", facts->device);
  put_text(&json, "simd", facts->simd);
  json_key(&json, "threads"), json_put_u64(&json, facts->threads);
  json_key(&json, "repetitions"), json_put_u64(&json, facts->repetitions);
  json_key(&json, "figures");
  json_open(&json, '{');
  for (u32 i = 0; i < table->count; i++) put_row(&json, &table->rows[i]);
  json_close(&json, '}');
  json_close(&json, '}');
  CHECK(!json.overflow, "the figures do not fit %u bytes", JSON_BYTES);
  printf("%.*s\n", (int)json.bytes, text);
}
