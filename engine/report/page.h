/* What the parts of report.html share: the page being written, lines being read, and what was gathered. Only
 * engine/report includes this.
 *
 * The page's errors are sticky: the first is kept, the rest is not written, report_write looks once. */
#ifndef RLSP_ENGINE_REPORT_PAGE_H
#define RLSP_ENGINE_REPORT_PAGE_H

#include "engine/report/chart_table.h"
#include "engine/report/metrics.h"
#include "engine/report/report.h"
#include "engine/text/json.h"

#define PAGE_BYTES (64u << 10)
#define LINES_BYTES (512u << 10) /* twice the longest row of a run_log */
#define TOKENS_MAX 16384u

struct page {
  struct files *files;
  struct file file;
  char *text; /* PAGE_BYTES */
  u64 bytes;
  enum status status;
  struct error error;
};

/* Markup, as it is. */
void page_put(struct page *page, const char *markup);
void page_print(struct page *page, const char *format, ...) PRINTF_LIKE(2, 3);
/* Text from a file, escaped; what is not UTF-8 or not printable becomes U+FFFD. */
void page_text(struct page *page, const char *text, u64 bytes);
/* A string of a JSON row, escaped, cut at 64 KiB; "" where there is none. */
void page_json_text(struct page *page, const struct json *json, u32 token);
void page_bytes(struct page *page, f64 bytes);  /* "2.4 MiB" */
void page_number(struct page *page, f64 value); /* 4 digits, k and M above 10,000 */
/* A whole file escaped, at most `bytes_max`, within <pre>, within a closed <details>; nothing where it is absent. */
void page_file(struct page *page, const char *folder, const char *name, const char *title, u64 bytes_max, char *buffer,
               u64 buffer_bytes);
void page_flush(struct page *page);
void page_style(struct page *page);

/* Lines of a file, without their ends. A line longer than the buffer, and a last one without an end, is left out. */
struct lines {
  struct file file;
  char *buffer;
  u64 capacity, begin, end; /* of the bytes held */
  u64 next_offset;          /* in the file, of the byte after those held */
  u64 line_offset;          /* in the file, of the line last given */
};
/* False where the file cannot be opened. */
bool lines_open(struct lines *lines, const char *folder, const char *name, char *buffer, u64 capacity);
bool lines_next(struct lines *lines, char **line, u64 *bytes);
void lines_close(struct lines *lines);

#define CHARTS_MAX 32u /* checked against chart_table.h in charts.c */

struct curve_point {
  f64 x, mean, low, high; /* of `stride` rows */
};

struct curve {
  struct curve_point points[REPORT_POINTS_MAX];
  struct curve_point gathering; /* sums of x and mean, until `stride` rows are in */
  u32 count, gathered, stride;
};

struct warning {
  char key[128], text[1024]; /* the first one's text */
  u64 first, last, count;
  enum run_phase phase;
};
#define WARNINGS_MAX 24u

struct gathered {
  struct curve curves[CHARTS_MAX][CHART_CURVES_MAX];
  struct warning warnings[WARNINGS_MAX];
  u32 warning_count;
  u64 rows, unread; /* unread: lines that are no rows */
};

/* Reads metrics.jsonl. */
void gather_metrics(struct gathered *gathered, const char *folder, char *buffer, struct json_token *tokens);
void curve_add(struct curve *curve, f64 x, f64 y);
void curve_end(struct curve *curve);

u32 chart_count(void);
const char *chart_title(u32 chart);
enum run_phase chart_phase(u32 chart);
u32 chart_curve_count(u32 chart);
enum metric chart_metric(u32 chart, u32 curve);

void put_charts(struct page *page, const struct gathered *gathered, enum run_phase phase);
void put_warnings(struct page *page, const struct gathered *gathered);
/* From summary.json, parsed; json->count 0 where there is none. */
void put_facts(struct page *page, const struct json *summary);
void put_results(struct page *page, const struct json *summary);
void put_memory(struct page *page, const struct json *summary);
void put_samples(struct page *page, const char *folder, char *buffer, struct json_token *tokens);

#endif
