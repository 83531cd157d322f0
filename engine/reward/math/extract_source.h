/* Inside of extract: a slice of a text, and one finder a source. A finder looks at the final segment alone, writes an answer or the kind
 * of its absence, and guesses nothing. Called by: extract*.c only. Owns nothing. Cannot fail. */
#ifndef RLSP_ENGINE_REWARD_MATH_EXTRACT_SOURCE_H
#define RLSP_ENGINE_REWARD_MATH_EXTRACT_SOURCE_H

#include <string.h>

#include "engine/reward/math/extract.h"

/* Between two answers: at most so many bytes, and they stand side by side: a list, or two answers that contradict each other. */
#define EXTRACT_NEAR_BYTES 64u
/* Different answers of one segment, beyond which it is a flood. */
#define EXTRACT_ANSWERS_MAX 8u

struct slice {
  const char *text;
  u32 size;
};

static inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static inline bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
static inline char to_lower(char c) { return is_upper(c) ? (char)(c - 'A' + 'a') : c; }

static inline struct slice slice_from(struct slice slice, u32 begin) {
  if (begin > slice.size) begin = slice.size;
  return (struct slice){slice.text + begin, slice.size - begin};
}
static inline struct slice slice_between(struct slice slice, u32 begin, u32 end) {
  return (struct slice){slice.text + begin, end - begin};
}
/* The byte at an index; NUL beyond the end, so that a look ahead needs no check. */
static inline char slice_at(struct slice slice, u32 index) { return index < slice.size ? slice.text[index] : 0; }
static inline bool slice_has(struct slice slice, u32 index, const char *word) {
  const u32 size = (u32)strlen(word);
  return index <= slice.size && size <= slice.size - index && memcmp(slice.text + index, word, size) == 0;
}
/* The same without regard to case; word in lower case. */
static inline bool slice_says(struct slice slice, u32 index, const char *word) {
  for (u32 i = 0; word[i] != 0; i++) {
    if (to_lower(slice_at(slice, index + i)) != word[i]) return false;
  }
  return true;
}
static inline u32 skip_spaces(struct slice slice, u32 index) {
  while (is_space(slice_at(slice, index))) index++;
  return index;
}
struct slice slice_trim(struct slice slice);
/* Equal but for spaces, LaTeX's spaces and dollar signs. */
bool slice_same(struct slice a, struct slice b);
/* Bytes of a LaTeX space at an index ("\," "\quad" "~" ..), 0 where there is none. */
u32 latex_space(struct slice slice, u32 index);

/* What stands between two answers. */
enum extract_gap {
  GAP_JOINS,      /* a comma, "and", "or": both are parts of one list */
  GAP_REVISES,    /* "then", "finally", "=", or so far away that the first was on the way to the second */
  GAP_CONTRADICTS /* side by side, and nothing says which is meant */
};
enum extract_gap extract_gap(struct slice gap);

/* Sets FOUND and the text (spaces at both ends dropped), EMPTY or TOO_LONG. */
void answer_set(struct answer *answer, enum answer_source source, struct slice text);
/* Adds to it; TOO_LONG once it does not fit. */
void answer_append(struct answer *answer, struct slice text);

bool extract_box(struct slice segment, bool first, bool trusted, struct answer *answer);
bool extract_phrase(struct slice segment, struct answer *answer);
bool extract_hashes(struct slice segment, struct answer *answer);
bool extract_math(struct slice segment, struct answer *answer);
bool extract_number(struct slice segment, struct answer *answer);
bool extract_letter(struct slice segment, struct answer *answer);

/* The last run of math that joins into one list. */
bool last_math(struct slice segment, enum answer_source source, struct answer *answer);
/* "%" or a word for it, behind spaces. */
bool percent_after(struct slice segment, u32 at);
/* From `from` on: the next "answer is", "answer:" ..; *after = where what it says begins. */
bool phrase_next(struct slice segment, u32 from, u32 *begin, u32 *after);
/* Walks over $..$, $$..$$, \(..\), \[..\]. Zero but for `text` at the beginning. A mark that finds no end is passed over, and so is its kind
 * from there on: linear whatever the text is. */
struct math_reader {
  struct slice text;
  u32 at;
  u32 begin, end;      /* of what was found, marks included */
  struct slice inside; /* between the marks */
  u32 unended;         /* bit m: mark m has no end behind `at` */
};
/* Mathematics that begins exactly at reader->at. */
bool math_here(struct math_reader *reader);
bool math_next(struct math_reader *reader);

#endif
