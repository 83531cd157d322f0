#include "engine/report/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/text/utf8.h"

void page_flush(struct page *page) {
  if (page->status == STATUS_OK)
    page->status = files_write(page->files, &page->file, page->text, page->bytes, &page->error);
  page->bytes = 0;
}

static void put(struct page *page, const char *text, u64 bytes) {
  while (bytes > 0) {
    if (page->bytes == PAGE_BYTES) page_flush(page);
    const u64 room = PAGE_BYTES - page->bytes, now = bytes < room ? bytes : room;
    memcpy(page->text + page->bytes, text, now);
    page->bytes += now;
    text += now;
    bytes -= now;
  }
}

void page_put(struct page *page, const char *markup) { put(page, markup, strlen(markup)); }

void page_print(struct page *page, const char *format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  const int bytes = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (bytes > 0) put(page, text, (u32)bytes < sizeof text ? (u32)bytes : sizeof text - 1);
}

void page_text(struct page *page, const char *text, u64 bytes) {
  for (u64 at = 0; at < bytes;) {
    const u32 length = utf8_length(text + at, bytes - at);
    const char c = text[at];
    if (length == 0 || ((u8)c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
      page_put(page, "\xef\xbf\xbd"); /* U+FFFD */
    else if (c == '&')
      page_put(page, "&amp;");
    else if (c == '<')
      page_put(page, "&lt;");
    else if (c == '>')
      page_put(page, "&gt;");
    else if (c == '"')
      page_put(page, "&quot;");
    else if (c == '\'')
      page_put(page, "&#39;");
    else
      put(page, text + at, length);
    at += length == 0 ? 1 : length;
  }
}

void page_json_text(struct page *page, const struct json *json, u32 token) {
  char text[64u << 10];
  json_text(json, token, text, sizeof text);
  page_text(page, text, strlen(text));
}

void page_bytes(struct page *page, f64 bytes) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  u32 unit = 0;
  for (; bytes >= 1024 && unit < COUNT_OF(units) - 1; unit++) bytes /= 1024;
  page_print(page, unit == 0 || bytes >= 100 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

void page_number(struct page *page, f64 value) {
  const f64 size = value < 0 ? -value : value;
  if (size >= 1e7)
    page_print(page, size >= 1e13 ? "%.2g" : "%.4gM", size >= 1e13 ? value : value / 1e6);
  else if (size >= 1e4)
    page_print(page, "%.4gk", value / 1e3);
  else
    page_print(page, "%.4g", value);
}

void page_file(struct page *page, const char *folder, const char *name, const char *title, u64 bytes_max, char *buffer,
               u64 buffer_bytes) {
  char path[PATH_BYTES_MAX];
  struct file file;
  u64 size = 0;
  if (files_path(path, folder, name, NULL) != STATUS_OK || !files_exists(path)) return;
  if (files_open_read(&file, path, NULL) != STATUS_OK || files_size(&file, &size, NULL) != STATUS_OK) return;
  page_print(page, "<details><summary>%s</summary>\n<pre>", title);
  const u64 shown = size < bytes_max ? size : bytes_max;
  for (u64 at = 0; at < shown;) {
    u64 now = shown - at < buffer_bytes ? shown - at : buffer_bytes;
    if (files_read(&file, at, buffer, now, NULL) != STATUS_OK) break;
    /* whole lines, so that no character is split */
    u64 whole = now;
    while (at + now < shown && whole > 0 && buffer[whole - 1] != '\n') whole--;
    if (whole != 0) now = whole;
    page_text(page, buffer, now);
    at += now;
  }
  files_close(&file);
  page_put(page, shown < size ? "\n(cut here; the file has the rest)</pre></details>\n" : "</pre></details>\n");
}

bool lines_open(struct lines *lines, const char *folder, const char *name, char *buffer, u64 capacity) {
  char path[PATH_BYTES_MAX];
  *lines = (struct lines){.buffer = buffer, .capacity = capacity};
  files_none(&lines->file);
  if (files_path(path, folder, name, NULL) != STATUS_OK || !files_exists(path)) return false;
  return files_open_read(&lines->file, path, NULL) == STATUS_OK;
}

void lines_close(struct lines *lines) { files_close(&lines->file); }

/* Holds more of the file; false at its end. */
static bool lines_fill(struct lines *lines) {
  u64 size;
  if (files_size(&lines->file, &size, NULL) != STATUS_OK || lines->next_offset >= size) return false;
  memmove(lines->buffer, lines->buffer + lines->begin, lines->end - lines->begin);
  lines->end -= lines->begin;
  lines->begin = 0;
  if (lines->end == lines->capacity)
    lines->end = 0; /* a line too long: its first part is forgotten, its rest will be no JSON */
  const u64 left = size - lines->next_offset, room = lines->capacity - lines->end, now = left < room ? left : room;
  if (files_read(&lines->file, lines->next_offset, lines->buffer + lines->end, now, NULL) != STATUS_OK) return false;
  lines->end += now;
  lines->next_offset += now;
  return true;
}

bool lines_next(struct lines *lines, char **line, u64 *bytes) {
  for (;;) {
    const u64 held = lines->end - lines->begin;
    char *const from = lines->buffer + lines->begin;
    const char *const newline = held == 0 ? NULL : memchr(from, '\n', held);
    if (newline != NULL) {
      *line = from;
      *bytes = (u64)(newline - from);
      lines->line_offset = lines->next_offset - held;
      lines->begin += *bytes + 1;
      return true;
    }
    if (!lines_fill(lines)) return false;
  }
}
