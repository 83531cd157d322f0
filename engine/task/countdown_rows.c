#include "engine/task/countdown_rows.h"

#include <stdio.h>
#include <string.h>

#include "engine/task/countdown_attempt.h"
#include "engine/text/json.h"

#define ROW_JSON_TOKENS_MAX 256u /* a row of the public data sets has about 12 */

static enum status row_malformed(const struct countdown_rows *rows, const char *what, struct error *error) {
  char place[sizeof error->place];
  snprintf(place, sizeof place, "%.*s:%llu", (int)sizeof place - 24, rows->file->name, (unsigned long long)rows->line);
  return status_fail(error, STATUS_DAMAGED, place,
                     "%s; a row is {\"nums\": [whole numbers], \"target\": whole number}: mend or remove it", what);
}

static bool is_blank(const char *text, u64 bytes) {
  for (u64 i = 0; i < bytes; i++)
    if (strchr(" \t\r", text[i]) == NULL || text[i] == 0) return false;
  return true;
}

/* The next line without its end; false at the end of the text. */
static bool next_line(struct countdown_rows *rows, const char **line, u64 *bytes) {
  if (rows->offset >= rows->file->bytes) return false;
  *line = rows->file->text + rows->offset;
  const u64 left = rows->file->bytes - rows->offset;
  const char *end = memchr(*line, '\n', left);
  *bytes = end != NULL ? (u64)(end - *line) : left;
  rows->offset += *bytes + (end != NULL ? 1 : 0);
  rows->line++;
  return true;
}

/* A whole number: false where it is not one. *value is UINT64_MAX where it is one, but not a value of this task
 * (negative, huge). */
static bool whole_number(const struct json *json, u32 token, u64 *value) {
  f64 number;
  if (!json_number(json, token, &number)) return false;
  if (json_u64(json, token, value)) return true;
  *value = UINT64_MAX;
  for (u32 i = json->tokens[token].begin; i < json->tokens[token].end; i++)
    if (strchr(".eE", json->text[i]) != NULL) return false;
  return true;
}

static void sort_numbers(u8 *numbers, u32 count) {
  for (u32 i = 1; i < count; i++) {
    const u8 number = numbers[i];
    u32 j = i;
    for (; j > 0 && numbers[j - 1] > number; j--) numbers[j] = numbers[j - 1];
    numbers[j] = number;
  }
}

/* NULL when good. */
static const char *read_numbers(const struct json *json, u32 nums, u32 numbers_max, struct countdown_problem *problem,
                                bool *outside) {
  if (!json_is(json, nums, JSON_ARRAY)) return "\"nums\" is not there or not a list";
  const u32 count = json->tokens[nums].count;
  *outside = count < COUNTDOWN_NUMBERS_MIN || count > numbers_max;
  u32 index = 0;
  for (u32 token = nums + 1; token < json->tokens[nums].next; token = json->tokens[token].next, index++) {
    u64 number;
    if (!whole_number(json, token, &number)) return "\"nums\" holds something that is not a whole number";
    if (number >= COUNTDOWN_VALUES) *outside = true;
    if (!*outside) problem->numbers[index] = (u8)number;
  }
  problem->count = *outside ? 0 : (u8)count;
  return NULL;
}

static const char *read_row(const char *line, u64 bytes, u32 numbers_max, struct countdown_problem *problem,
                            bool *outside) {
  struct json_token tokens[ROW_JSON_TOKENS_MAX];
  struct json json;
  u64 at;
  const char *wrong = json_parse(&json, line, bytes, tokens, ROW_JSON_TOKENS_MAX, &at);
  if (wrong != NULL) return wrong;
  if (!json_is(&json, 0, JSON_OBJECT)) return "the row is not an object";
  if (json_has_duplicates(&json, 0)) return "a key is given twice";
  wrong = read_numbers(&json, json_find(&json, 0, "nums"), numbers_max, problem, outside);
  if (wrong != NULL) return wrong;
  const u32 target_token = json_find(&json, 0, "target");
  u64 target = 0;
  if (target_token == JSON_NONE || !whole_number(&json, target_token, &target))
    return "\"target\" is not there or not a whole number";
  if (target >= COUNTDOWN_VALUES) *outside = true;
  if (*outside) return NULL;
  problem->target = (u8)target;
  sort_numbers(problem->numbers, problem->count);
  return NULL;
}

enum status countdown_next_row(struct countdown_rows *rows, enum row_kind *kind, struct countdown_problem *problem,
                               struct error *error) {
  const char *line;
  u64 bytes;
  do {
    *kind = ROW_END;
    if (!next_line(rows, &line, &bytes)) return STATUS_OK;
  } while (is_blank(line, bytes));

  memset(problem, 0, sizeof *problem);
  bool outside = false;
  const char *wrong = read_row(line, bytes, rows->numbers_max, problem, &outside);
  if (wrong != NULL) return row_malformed(rows, wrong, error);
  *kind = ROW_OUTSIDE;
  if (outside) return STATUS_OK;
  u64 reached[2];
  countdown_reachable(problem->numbers, problem->count, reached);
  *kind = countdown_is_reached(reached, problem->target) ? ROW_TAKEN : ROW_UNREACHABLE;
  return STATUS_OK;
}
