#include "engine/text/json_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text/utf8.h"

static void put(struct json_writer *writer, const char *text, u64 bytes) {
  if (writer->overflow || bytes > writer->capacity - writer->bytes) {
    writer->overflow = true;
    return;
  }
  memcpy(writer->text + writer->bytes, text, bytes);
  writer->bytes += bytes;
}

static void separate(struct json_writer *writer) {
  if (writer->comma) put(writer, ",", 1);
  if (writer->newline) put(writer, "\n", 1);
  writer->newline = false;
}

static void put_value(struct json_writer *writer, const char *text, u64 bytes) {
  separate(writer);
  put(writer, text, bytes);
  writer->comma = true;
}

void json_begin(struct json_writer *writer, char *text, u64 capacity) {
  *writer = (struct json_writer){.text = text, .capacity = capacity};
}

void json_open(struct json_writer *writer, char bracket) {
  put_value(writer, &bracket, 1);
  writer->comma = false;
}

void json_close(struct json_writer *writer, char bracket) {
  writer->comma = false;
  put_value(writer, &bracket, 1);
}

static void put_escaped(struct json_writer *writer, const char *text, u64 bytes) {
  put(writer, "\"", 1);
  for (u64 at = 0; at < bytes;) {
    const u32 length = utf8_length(text + at, bytes - at);
    const char c = text[at];
    char escape[8];
    if (length == 0)
      put(writer, "\xef\xbf\xbd", 3); /* U+FFFD */
    else if (c == '"' || c == '\\')
      put(writer, (const char[]){'\\', c}, 2);
    else if (c == '\n')
      put(writer, "\\n", 2);
    else if ((u8)c < 0x20 || c == 0x7f)
      put(writer, escape, (u64)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(u8)c));
    else
      put(writer, text + at, length);
    at += length == 0 ? 1 : length;
  }
  put(writer, "\"", 1);
}

void json_put_text(struct json_writer *writer, const char *text, u64 bytes) {
  separate(writer);
  put_escaped(writer, text, bytes);
  writer->comma = true;
}

void json_key(struct json_writer *writer, const char *key) {
  json_put_text(writer, key, strlen(key));
  put(writer, ":", 1);
  writer->comma = false;
}

/* The fewest of 15, 16 or 17 digits that read back as the same f64; 17 always do. */
void json_put_f64(struct json_writer *writer, f64 value) {
  char text[40];
  int bytes = 4;
  memcpy(text, "null", 4);
  if (isfinite(value))
    for (int digits = 15; digits <= 17; digits++) {
      bytes = snprintf(text, sizeof text, "%.*g", digits, value);
      if (strtod(text, NULL) == value) break;
    }
  put_value(writer, text, (u64)bytes);
}

void json_put_u64(struct json_writer *writer, u64 value) {
  char text[24];
  put_value(writer, text, (u64)snprintf(text, sizeof text, "%llu", (unsigned long long)value));
}

void json_put_null(struct json_writer *writer) { put_value(writer, "null", 4); }

void json_put_bool(struct json_writer *writer, bool value) {
  put_value(writer, value ? "true" : "false", value ? 4 : 5);
}

void json_put_hex(struct json_writer *writer, u64 value) {
  char text[24];
  json_put_text(writer, text, (u64)snprintf(text, sizeof text, "%016llx", (unsigned long long)value));
}

void json_put_newline(struct json_writer *writer) { writer->newline = true; }
