/* Writing JSON into the caller's buffer: commas, escapes and numbers that read back as the same bits.
 *
 * Called by: report, formats, checkpoint texts. Owns nothing. Fails: by `overflow`, which is sticky: check it once, at
 * the end. Not a number and infinity are written as null; bytes that are not UTF-8 as U+FFFD. */
#ifndef RLSP_ENGINE_TEXT_JSON_WRITE_H
#define RLSP_ENGINE_TEXT_JSON_WRITE_H

#include "engine/types.h"

struct json_writer {
  char *text; /* not NUL-terminated */
  u64 capacity, bytes;
  bool comma, newline, overflow;
};

void json_begin(struct json_writer *writer, char *text, u64 capacity);
void json_open(struct json_writer *writer, char bracket); /* '{' or '[' */
void json_close(struct json_writer *writer, char bracket);
void json_key(struct json_writer *writer, const char *key);
void json_put_f64(struct json_writer *writer, f64 value);
void json_put_u64(struct json_writer *writer, u64 value);
void json_put_null(struct json_writer *writer);
void json_put_bool(struct json_writer *writer, bool value);
void json_put_text(struct json_writer *writer, const char *text, u64 bytes);
void json_put_hex(struct json_writer *writer, u64 value); /* a string of 16 hex digits */
void json_put_newline(struct json_writer *writer);        /* before what comes next: layout for people */

#endif
