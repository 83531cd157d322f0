/* From samples.jsonl: the first responses of the run and the newest, each attempt marked. */
#include <string.h>

#include "engine/report/page.h"

#define FIRST_MAX 8u
#define NEWEST_MAX (REPORT_SAMPLES_MAX - FIRST_MAX)

struct shown_rows {
  u64 first[FIRST_MAX], newest[NEWEST_MAX]; /* byte offsets; newest is a ring */
  u64 count;
};

static void put_attempt(struct page *page, const struct json *row, u32 attempt, const char *text, u64 begin, u64 end,
                        u32 number) {
  const bool right = json_is(row, json_find(row, attempt, "right"), JSON_TRUE);
  const bool legal = json_is(row, json_find(row, attempt, "legal"), JSON_TRUE);
  const u32 said = json_find(row, attempt, "said");
  const bool ok = json_equals(row, said, "OK"), no = json_equals(row, said, "NO");
  page_print(page, "<span class=\"%s\" title=\"attempt %u: %s\">",
             right   ? "right"
             : legal ? "wrong"
                     : "illegal",
             number,
             right   ? "right"
             : legal ? "legal, but wrong"
                     : "not legal");
  page_text(page, text + begin, end - begin);
  page_print(page, "<sup>%s</sup>", right ? "&#10003;" : legal ? "&#10007;" : "&#9888;");
  if ((ok && !right) || (no && right))
    page_print(page, "<sup class=\"false\">said %s, falsely</sup>", ok ? "OK" : "NO");
  page_put(page, "</span>");
}

static void put_response(struct page *page, const struct json *row) {
  static const u32 bytes_max = 64u << 10;
  char text[64u << 10];
  json_text(row, json_find(row, 0, "response"), text, bytes_max);
  const u64 bytes = strlen(text);
  const u32 attempts = json_find(row, 0, "attempts");
  u64 done = 0;
  u32 number = 0;
  page_put(page, "<p class=\"response\">");
  if (json_is(row, attempts, JSON_ARRAY))
    for (u32 i = attempts + 1; i < row->tokens[attempts].next; i = row->tokens[i].next) {
      u64 begin, end;
      if (!json_u64(row, json_find(row, i, "begin"), &begin) || !json_u64(row, json_find(row, i, "end"), &end))
        continue;
      if (begin < done || end < begin || end > bytes) continue;
      page_text(page, text + done, begin - done);
      put_attempt(page, row, i, text, begin, end, ++number);
      done = end;
    }
  page_text(page, text + done, bytes - done);
  page_put(page, "</p>");
}

static void put_rewards(struct page *page, const struct json *row) {
  const u32 rewards = json_find(row, 0, "rewards");
  f64 value;
  u64 tokens;
  page_put(page, "<p class=\"small\">");
  if (json_u64(row, json_find(row, 0, "tokens"), &tokens)) page_print(page, "%llu tokens", (unsigned long long)tokens);
  if (json_is(row, rewards, JSON_OBJECT))
    for (u32 i = rewards + 1; i < row->tokens[rewards].next; i = row->tokens[i + 1].next) {
      if (!json_number(row, i + 1, &value)) continue;
      page_put(page, " &#183; ");
      page_json_text(page, row, i);
      page_print(page, " %+.3f", value);
    }
  if (json_number(row, json_find(row, 0, "kl"), &value)) page_print(page, " &#183; KL %.2f", value);
  if (json_is(row, json_find(row, 0, "cut"), JSON_TRUE)) page_put(page, " &#183; cut at the longest length allowed");
  if (json_is(row, json_find(row, 0, "text_cut"), JSON_TRUE)) page_put(page, " &#183; text shortened here");
  page_put(page, "</p>");
}

static void put_sample(struct page *page, const struct json *row) {
  const bool correct = json_is(row, json_find(row, 0, "correct"), JSON_TRUE);
  u64 step = 0;
  json_u64(row, json_find(row, 0, "step"), &step);
  page_print(page, "<article class=\"%s\"><p class=\"prompt\"><span class=\"small\">step %llu</span> ",
             correct ? "solved" : "unsolved", (unsigned long long)step);
  page_json_text(page, row, json_find(row, 0, "prompt"));
  page_print(page, " <b class=\"verdict\">%s</b></p>", correct ? "solved" : "not solved");
  put_response(page, row);
  put_rewards(page, row);
  page_put(page, "</article>\n");
}

static void find_rows(struct shown_rows *rows, struct lines *lines) {
  char *line;
  u64 bytes;
  rows->count = 0;
  while (lines_next(lines, &line, &bytes)) {
    if (rows->count < FIRST_MAX) rows->first[rows->count] = lines->line_offset;
    rows->newest[rows->count % NEWEST_MAX] = lines->line_offset;
    rows->count++;
  }
}

/* The row at a byte offset; a line that is no row is left out. */
static void put_row_at(struct page *page, struct lines *lines, u64 offset, struct json_token *tokens) {
  char *line;
  u64 bytes, at;
  struct json row;
  lines->begin = lines->end = 0;
  lines->next_offset = offset;
  if (lines_next(lines, &line, &bytes) && json_parse(&row, line, bytes, tokens, TOKENS_MAX, &at) == NULL)
    put_sample(page, &row);
}

void put_samples(struct page *page, const char *folder, char *buffer, struct json_token *tokens) {
  struct lines lines;
  struct shown_rows rows = {.count = 0};
  if (lines_open(&lines, folder, "samples.jsonl", buffer, LINES_BYTES)) find_rows(&rows, &lines);
  if (rows.count > 0) {
    const u64 first = rows.count < FIRST_MAX ? rows.count : FIRST_MAX;
    const u64 newest_begin = rows.count > first + NEWEST_MAX ? rows.count - NEWEST_MAX : first;
    page_put(page,
             "<section><h2>What it writes</h2><p class=\"small\">&#10003; right, &#10007; legal but wrong, &#9888; not "
             "legal; told where "
             "the model's own OK or NO is false.</p>\n<h3>at the beginning of RLSP</h3><div class=\"samples\">\n");
    for (u64 i = 0; i < first; i++) put_row_at(page, &lines, rows.first[i], tokens);
    page_put(page, "</div>\n");
    if (newest_begin < rows.count) page_put(page, "<h3>at the end</h3><div class=\"samples\">\n");
    for (u64 i = newest_begin; i < rows.count; i++) put_row_at(page, &lines, rows.newest[i % NEWEST_MAX], tokens);
    page_put(page, newest_begin < rows.count ? "</div></section>\n" : "</section>\n");
  }
  lines_close(&lines);
}
