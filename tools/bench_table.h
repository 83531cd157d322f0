/* What a bench measured: named figures, each the median of its repetitions with the smallest and the largest beside it.
 *
 * The parts of the bench add rows and values; the table prints them for people, or as one JSON line. Owned by the
 * caller (large: static). Fails: never; a row too many is a CHECK. */
#ifndef RLSP_TOOLS_BENCH_TABLE_H
#define RLSP_TOOLS_BENCH_TABLE_H

#include "engine/types.h"

#define BENCH_REPETITIONS_MAX 99u
#define BENCH_ROWS_MAX 96u
#define BENCH_KEY_BYTES 64u
#define BENCH_LABEL_BYTES 80u

struct bench_row {
  char key[BENCH_KEY_BYTES];     /* of the JSON line: "matmul.nt.512x512x512" */
  char label[BENCH_LABEL_BYTES]; /* of the table */
  const char *section;           /* static text: a line of its own before the section's first row */
  const char *unit;              /* static text */
  u32 count, share_count;
  f64 values[BENCH_REPETITIONS_MAX];
  f64 shares[BENCH_REPETITIONS_MAX]; /* of the ceiling measured beside each value; none where share_count is 0 */
};

struct bench_table {
  struct bench_row rows[BENCH_ROWS_MAX];
  u32 count;
};

struct bench_spread {
  f64 median, min, max;
};

/* A row without values yet. key and label are cut to their room. The pointer stays good. */
struct bench_row *bench_row_add(struct bench_table *table, const char *section, const char *unit, const char *key,
                                const char *label);
void bench_row_value(struct bench_row *row, f64 value);
void bench_row_share(struct bench_row *row, f64 share);
/* count >= 1. Of an even count: the mean of the middle two. */
struct bench_spread bench_spread_of(const f64 *values, u32 count);

/* What stands at the head of either form. */
struct bench_facts {
  const char *config; /* its path, or "defaults" */
  const char *device, *simd;
  u32 threads, repetitions;
  const char *workload; /* one sentence; "" = none */
};
void bench_table_print(const struct bench_table *table, const struct bench_facts *facts);
void bench_table_print_json(const struct bench_table *table, const struct bench_facts *facts);

#endif
