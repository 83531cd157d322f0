#include "tests/verifier_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool rows_open(struct rows *rows, const char *path) {
  memset(rows, 0, sizeof *rows);
  rows->path = path;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  fseek(file, 0, SEEK_END);
  const long size = ftell(file);
  rewind(file);
  rows->text = malloc((size_t)size + 1);
  if (rows->text == NULL) abort();
  rows->bytes = fread(rows->text, 1, (size_t)size, file);
  fclose(file);
  return true;
}

void rows_close(struct rows *rows) {
  free(rows->text);
  rows->text = NULL;
}

bool rows_next(struct rows *rows) {
  while (rows->at < rows->bytes) {
    const char *line = rows->text + rows->at;
    const char *end = memchr(line, '\n', rows->bytes - rows->at);
    const u64 size = end != NULL ? (u64)(end - line) : rows->bytes - rows->at;
    rows->at += size + 1;
    rows->line++;
    if (size == 0) continue;
    u64 at = 0;
    const char *wrong = json_parse(&rows->json, line, size, rows->tokens, ROW_TOKENS_MAX, &at);
    if (wrong == NULL) return true;
    fprintf(stderr, "%s:%u: %s\n", rows->path, rows->line, wrong);
    abort();
  }
  return false;
}

bool rows_text(const struct rows *rows, const char *key, char *out) {
  const u32 token = json_find(&rows->json, 0, key);
  out[0] = 0;
  if (json_is(&rows->json, token, JSON_NUMBER)) { /* AIME's answers */
    const struct json_token *number = &rows->json.tokens[token];
    if (number->end - number->begin >= ROW_TEXT_MAX) return false;
    memcpy(out, rows->json.text + number->begin, number->end - number->begin);
    out[number->end - number->begin] = 0;
    return true;
  }
  if (!json_is(&rows->json, token, JSON_STRING)) return false;
  json_text(&rows->json, token, out, ROW_TEXT_MAX);
  return true;
}

int rows_truth(const struct rows *rows, const char *key, int otherwise) {
  const u32 token = json_find(&rows->json, 0, key);
  if (json_is(&rows->json, token, JSON_TRUE)) return 1;
  if (json_is(&rows->json, token, JSON_FALSE)) return 0;
  return otherwise;
}

u32 rows_number(const struct rows *rows, const char *key, u32 otherwise) {
  u64 value;
  return json_u64(&rows->json, json_find(&rows->json, 0, key), &value) ? (u32)value : otherwise;
}

bool rows_has(const struct rows *rows, const char *key, const char *word) {
  const u32 token = json_find(&rows->json, 0, key);
  if (json_is(&rows->json, token, JSON_STRING)) return json_equals(&rows->json, token, word);
  if (!json_is(&rows->json, token, JSON_ARRAY)) return false;
  for (u32 i = token + 1; i < rows->json.tokens[token].next; i = rows->json.tokens[i].next) {
    if (json_equals(&rows->json, i, word)) return true;
  }
  return false;
}
