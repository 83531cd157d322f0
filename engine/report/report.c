#include "engine/report/report.h"

#include "engine/check.h"
#include "engine/report/page.h"

#define SUMMARY_TEXT_MAX (256u << 10)

/* The caller's memory, cut up. */
struct rooms {
  struct gathered *gathered;
  struct json_token *tokens, *summary_tokens;
  char *page, *lines, *summary;
};

static void *take(u8 **at, u64 *left, u64 bytes) {
  const u64 whole = (bytes + 63) / 64 * 64;
  CHECK(whole <= *left, "REPORT_MEMORY_BYTES is %llu bytes too small", (unsigned long long)(whole - *left));
  void *const taken = *at;
  *at += whole;
  *left -= whole;
  return taken;
}

static struct rooms rooms_of(void *memory, u64 bytes) {
  u8 *at = memory;
  struct rooms rooms;
  rooms.gathered = take(&at, &bytes, sizeof *rooms.gathered);
  rooms.tokens = take(&at, &bytes, TOKENS_MAX * sizeof *rooms.tokens);
  rooms.summary_tokens = take(&at, &bytes, TOKENS_MAX * sizeof *rooms.summary_tokens);
  rooms.page = take(&at, &bytes, PAGE_BYTES);
  rooms.lines = take(&at, &bytes, LINES_BYTES);
  rooms.summary = take(&at, &bytes, SUMMARY_TEXT_MAX);
  return rooms;
}

/* count 0 where there is no summary, or none that can be read. */
static void read_summary(struct json *summary, const char *folder, const struct rooms *rooms) {
  char path[PATH_BYTES_MAX];
  u64 bytes, at;
  *summary = (struct json){.count = 0};
  if (files_path(path, folder, "summary.json", NULL) != STATUS_OK || !files_exists(path)) return;
  if (files_read_whole(path, rooms->summary, SUMMARY_TEXT_MAX, &bytes, NULL) != STATUS_OK) return;
  if (json_parse(summary, rooms->summary, bytes, rooms->summary_tokens, TOKENS_MAX, &at) != NULL)
    *summary = (struct json){.count = 0};
}

static void put_page(struct page *page, const char *folder, const struct rooms *rooms) {
  struct json summary;
  read_summary(&summary, folder, rooms);
  gather_metrics(rooms->gathered, folder, rooms->lines, rooms->tokens);
  page_put(page,
           "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
           "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>\n<title>rlsp report</title>\n");
  page_style(page);
  page_put(page, "</head><body>\n<header><h1>Reinforcement learning via self-play</h1>\n");
  put_facts(page, &summary);
  page_put(page, "</header>\n<main>\n");
  put_warnings(page, rooms->gathered);
  put_results(page, &summary);
  put_charts(page, rooms->gathered, PHASE_PPO);
  put_charts(page, rooms->gathered, PHASE_SFT);
  put_samples(page, folder, rooms->lines, rooms->tokens);
  put_memory(page, &summary);
  page_put(page, "<section><h2>Files</h2>\n");
  page_file(page, folder, "config.ini", "Configuration, resolved", 256u << 10, rooms->lines, LINES_BYTES);
  page_file(page, folder, "plan.txt", "Memory plan, every tensor", 256u << 10, rooms->lines, LINES_BYTES);
  page_print(page, "<p class=\"small\">Made from %llu rows of metrics.jsonl",
             (unsigned long long)rooms->gathered->rows);
  if (rooms->gathered->unread > 0)
    page_print(page, "; %llu lines of it could not be read", (unsigned long long)rooms->gathered->unread);
  page_put(page, ".</p></section>\n</main></body></html>\n");
}

enum status report_write(struct files *files, const char *run_folder, void *memory, u64 memory_bytes,
                         struct error *error) {
  const struct rooms rooms = rooms_of(memory, memory_bytes);
  char path[PATH_BYTES_MAX], aside[PATH_BYTES_MAX];
  struct page page = {.files = files, .text = rooms.page};
  enum status status = files_path(path, run_folder, "report.html", error);
  if (status == STATUS_OK) status = files_path(aside, run_folder, "report.html.tmp", error);
  if (status == STATUS_OK) status = files_create(files, &page.file, aside, error);
  if (status != STATUS_OK) return status;
  put_page(&page, run_folder, &rooms);
  page_flush(&page);
  status = page.status;
  if (status != STATUS_OK && error != NULL) *error = page.error;
  if (status == STATUS_OK) status = files_sync(files, &page.file, error);
  files_close(&page.file);
  if (status == STATUS_OK) status = files_rename(files, aside, path, error);
  if (status != STATUS_OK) {
    const enum status ignored = files_remove(files, aside, NULL);
    (void)ignored;
  }
  return status;
}
