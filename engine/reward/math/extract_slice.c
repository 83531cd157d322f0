/* Slices of a text, LaTeX's spaces, and what stands between two answers. */
#include "engine/reward/math/extract_source.h"

struct slice slice_trim(struct slice slice) {
  while (slice.size > 0 && is_space(slice.text[0])) slice = slice_from(slice, 1);
  while (slice.size > 0 && is_space(slice.text[slice.size - 1])) slice.size--;
  return slice;
}

u32 latex_space(struct slice slice, u32 index) {
  static const char *const spaces[] = {"\\,", "\\;", "\\:", "\\!", "\\ ", "~", "\\quad", "\\qquad", "\\enspace", NULL};
  for (u32 s = 0; spaces[s] != NULL; s++) {
    const u32 size = (u32)strlen(spaces[s]);
    if (slice_has(slice, index, spaces[s]) && !(size > 2 && is_letter(slice_at(slice, index + size)))) return size;
  }
  return 0;
}

static u32 skip_nothing(struct slice slice, u32 index) {
  while (index < slice.size) {
    const u32 space = is_space(slice.text[index]) || slice.text[index] == '$' ? 1 : latex_space(slice, index);
    if (space == 0) break;
    index += space;
  }
  return index;
}

bool slice_same(struct slice a, struct slice b) {
  u32 i = 0, k = 0;
  for (;;) {
    i = skip_nothing(a, i);
    k = skip_nothing(b, k);
    if (i >= a.size || k >= b.size) return i >= a.size && k >= b.size;
    if (a.text[i++] != b.text[k++]) return false;
  }
}

/* ---- the gap between two answers ---- */

static bool is_word_of(struct slice word, const char *const *words) {
  for (u32 w = 0; words[w] != NULL; w++) {
    if (strlen(words[w]) == word.size && slice_says(word, 0, words[w])) return true;
  }
  return false;
}

static const char *const joining_words[] = {"and", "or", NULL};
/* What follows one of these takes the place of what came before. */
static const char *const revising_words[] = {"then",      "so",         "thus",    "hence",   "therefore", "final",
                                             "finally",   "actually",   "instead", "wait",    "no",        "correct",
                                             "corrected", "correction", "rather",  "becomes", "gives",     "simplifies",
                                             "implies",   "which",      "equals",  "reduces", "simplify",  NULL};

struct gap_facts {
  bool joins, revises, foreign, equals, named;
  u32 words; /* beside the joining ones */
};

static u32 read_word(struct slice gap, u32 at, struct gap_facts *facts) {
  u32 end = at;
  while (is_letter(slice_at(gap, end))) end++;
  const struct slice word = slice_between(gap, at, end);
  if (is_word_of(word, joining_words)) {
    facts->joins = true;
  } else if (is_word_of(word, revising_words)) {
    facts->revises = true;
  } else {
    facts->words++;
  }
  return end;
}

/* Bytes of "y_2 =", "f(1) =" at an index: a name for the answer that follows. 0 where there is none. */
static u32 name_and_equals(struct slice gap, u32 at) {
  u32 end = at;
  bool letters = false;
  for (char c = slice_at(gap, end); c != 0 && (is_letter(c) || is_digit(c) || strchr("_{}()'\\", c) != NULL);
       c = slice_at(gap, end)) {
    letters = letters || is_letter(c);
    end++;
  }
  const u32 equals = skip_spaces(gap, end);
  return letters && slice_at(gap, equals) == '=' ? equals + 1 - at : 0;
}

/* Bytes of a mark that only leaves or enters mathematics or text, or sets a space. */
static u32 empty_mark(struct slice gap, u32 at) {
  static const char *const marks[] = {"\\(", "\\)", "\\[", "\\]", "\\text", "\\mathrm", "\\textbf", "\\\\", NULL};
  const char c = gap.text[at];
  if (is_space(c) || c == '$' || c == '{' || c == '}' || c == '*' || c == '&') return 1;
  const u32 space = latex_space(gap, at);
  if (space != 0) return space;
  for (u32 m = 0; marks[m] != NULL; m++) {
    if (slice_has(gap, at, marks[m])) return (u32)strlen(marks[m]);
  }
  return 0;
}

static u32 read_gap_part(struct slice gap, u32 at, struct gap_facts *facts) {
  const u32 mark = empty_mark(gap, at);
  if (mark != 0) {
    facts->joins = facts->joins || slice_has(gap, at, "\\quad") || slice_has(gap, at, "\\qquad") || gap.text[at] == '&';
    return at + mark;
  }
  const u32 name = name_and_equals(gap, at);
  if (name != 0) {
    facts->named = true;
    return at + name;
  }
  const char c = gap.text[at];
  if (is_letter(c)) return read_word(gap, at, facts);
  if (c == ',' || c == ';') {
    facts->joins = true;
  } else if (c == '=') {
    facts->equals = true;
  } else {
    facts->foreign = true;
  }
  return at + 1;
}

enum extract_gap extract_gap(struct slice gap) {
  if (gap.size > EXTRACT_NEAR_BYTES) return GAP_REVISES;
  struct gap_facts facts = {.joins = false};
  for (u32 at = 0; at < gap.size;) at = read_gap_part(gap, at, &facts);
  if (facts.revises || (facts.equals && !facts.joins)) return GAP_REVISES;
  if (facts.joins && !facts.foreign && !facts.equals && facts.words <= 1) return GAP_JOINS;
  return facts.named && !facts.joins ? GAP_REVISES : GAP_CONTRADICTS;
}
