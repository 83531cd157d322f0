/* The sources `math` and `hashes`: mathematics between its marks, and GSM8K's line. */
#include "engine/reward/math/extract_source.h"

/* ---- math ---- */

static u32 find_close(struct slice text, u32 from, const char *close) {
  for (u32 at = from; at < text.size; at++) {
    if (slice_has(text, at, close)) return at;
    if (text.text[at] == '\\') at++;
  }
  return text.size;
}

struct math_marks {
  const char *open, *close;
};
static const struct math_marks math_marks[] = {{"$$", "$$"}, {"$", "$"}, {"\\(", "\\)"}, {"\\[", "\\]"}};
#define MATH_MARKS (sizeof math_marks / sizeof *math_marks)

bool math_here(struct math_reader *reader) {
  for (u32 m = 0; m < MATH_MARKS; m++) {
    if (!slice_has(reader->text, reader->at, math_marks[m].open)) continue;
    if ((reader->unended >> m & 1u) != 0) continue;
    const u32 open = reader->at + (u32)strlen(math_marks[m].open);
    const u32 close = find_close(reader->text, open, math_marks[m].close);
    if (close == reader->text.size) {
      reader->unended |= 1u << m;
      continue;
    }
    reader->begin = reader->at;
    reader->end = close + (u32)strlen(math_marks[m].close);
    reader->inside = slice_between(reader->text, open, close);
    return true;
  }
  return false;
}

bool math_next(struct math_reader *reader) {
  for (; reader->at < reader->text.size; reader->at++) {
    if (math_here(reader)) {
      reader->at = reader->end;
      return true;
    }
    if (reader->text.text[reader->at] == '\\') reader->at++; /* \$ is money, \\ a new line */
  }
  return false;
}

/* "$28$ percent": the sign belongs to the number. */
bool percent_after(struct slice segment, u32 at) {
  static const char *const words[] = {"percent", "pct", "%", "\\%", NULL};
  at = skip_spaces(segment, at);
  for (u32 w = 0; words[w] != NULL; w++) {
    if (slice_says(segment, at, words[w])) return true;
  }
  return false;
}

/* The last run of math that commas, "and", "or" join: one list. Two pieces that do not join are two pieces, and the last counts. */
bool last_math(struct slice segment, enum answer_source source, struct answer *answer) {
  struct math_reader reader = {.text = segment};
  u32 previous_end = 0;
  bool found = false;
  while (math_next(&reader)) {
    const struct slice inside = slice_trim(reader.inside);
    if (inside.size == 0) continue;
    const bool joins = found && extract_gap(slice_between(segment, previous_end, reader.begin)) == GAP_JOINS;
    previous_end = reader.end;
    if (joins) {
      answer_append(answer, (struct slice){", ", 2});
      answer_append(answer, inside);
    } else {
      answer_set(answer, source, inside);
    }
    if (percent_after(segment, reader.end)) answer_append(answer, (struct slice){"\\%", 2});
    found = true;
  }
  return found;
}

bool extract_math(struct slice segment, struct answer *answer) {
  return last_math(segment, ANSWER_SOURCE_MATH, answer);
}

/* ---- hashes ---- */

bool extract_hashes(struct slice segment, struct answer *answer) {
  struct slice last = {"", 0};
  u32 last_end = 0;
  bool found = false, agreed = true;
  for (u32 at = 0; at < segment.size; at++) {
    if (!slice_has(segment, at, "####")) continue;
    u32 begin = at;
    while (slice_at(segment, begin) == '#') begin++;
    u32 end = begin;
    while (end < segment.size && segment.text[end] != '\n') end++;
    const struct slice line = slice_trim(slice_between(segment, begin, end));
    if (found && !slice_same(last, line)) agreed = extract_gap(slice_between(segment, last_end, at)) == GAP_REVISES;
    last = line;
    last_end = end;
    found = true;
    at = end;
  }
  if (!found) return false;
  if (agreed)
    answer_set(answer, ANSWER_SOURCE_HASHES, last);
  else
    answer->kind = ANSWER_KIND_SEVERAL;
  return true;
}
