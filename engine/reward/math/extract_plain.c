/* The sources `number` and `letter`: the last number of plain text, and the choice of a multiple-choice question. */
#include "engine/reward/math/extract_source.h"

/* ---- number ---- */

/* Bytes of a separator within a number: a comma, point, "{,}" or ",\!" before another digit. */
static u32 digit_separator(struct slice text, u32 at) {
  static const char *const separators[] = {"{,}", ",\\!", ",", ".", NULL};
  for (u32 s = 0; separators[s] != NULL; s++) {
    const u32 size = (u32)strlen(separators[s]);
    if (slice_has(text, at, separators[s]) && is_digit(slice_at(text, at + size))) return size;
  }
  return 0;
}

static u32 digits_end(struct slice text, u32 at) {
  for (;;) {
    while (is_digit(slice_at(text, at))) at++;
    const u32 separator = digit_separator(text, at);
    if (separator == 0) return at;
    at += separator;
  }
}

static u32 exponent_end(struct slice text, u32 at) {
  if (to_lower(slice_at(text, at)) != 'e') return at;
  const u32 sign = slice_at(text, at + 1) == '-' || slice_at(text, at + 1) == '+';
  if (!is_digit(slice_at(text, at + 1 + sign))) return at;
  u32 end = at + 1 + sign;
  while (is_digit(slice_at(text, end))) end++;
  return is_letter(slice_at(text, end)) ? at : end;
}

/* The last byte before an index that is no space; NUL at the beginning. */
static char byte_before(struct slice text, u32 at) {
  while (at > 0 && is_space(text.text[at - 1])) at--;
  return at > 0 ? text.text[at - 1] : 0;
}

static bool is_part_of_more_before(struct slice text, u32 at) {
  const char c = at > 0 ? text.text[at - 1] : 0;
  if (is_letter(c) || c == '_' || c == '^' || c == '{' || c == '\\' || c == ')' || c == '}') return true;
  const char operator= byte_before(text, at);
  return operator!= 0 && strchr("+*/^", operator) != NULL;
}

/* A sign that belongs to the number: at the beginning, or behind a space or "=", and the number directly behind it. */
static bool is_sign(struct slice text, u32 at, bool *minus_operator) {
  const char before = byte_before(text, at);
  const bool operand = is_digit(before) || before == ')' || before == '}';
  *minus_operator = operand;
  return !operand;
}

/* One letter directly behind a number is a unit or a variable; two are a unit or a word. */
static bool is_variable_after(struct slice text, u32 at) {
  const char c = slice_at(text, at);
  return is_letter(c) && !is_letter(slice_at(text, at + 1)) && strchr("mshgLlKW", c) == NULL;
}

static bool is_part_of_more_after(struct slice text, u32 at) {
  if (is_variable_after(text, at)) return true;
  const char c = slice_at(text, at);
  if (c == '^' || c == '_' || c == '\\' || c == '}' || c == '(')
    return !slice_has(text, at, "\\%") && !slice_has(text, at, "\\$");
  const char operator= slice_at(text, skip_spaces(text, at));
  if (operator== '-') return is_digit(slice_at(text, skip_spaces(text, skip_spaces(text, at) + 1)));
  return operator!= 0 && strchr("+*/^", operator) != NULL;
}

/* The number whose first digit stands at *at; *at behind it. False: it is part of an expression or a word. */
static bool read_number(struct slice text, u32 *at, struct slice *number) {
  u32 begin = *at;
  u32 end = exponent_end(text, digits_end(text, begin));
  if (slice_at(text, end) == '/' && is_digit(slice_at(text, end + 1))) end = digits_end(text, end + 1);
  *at = end;
  if (begin > 0 && text.text[begin - 1] == '.') begin--;
  if (begin > 0 && text.text[begin - 1] == '$') begin--;
  const u32 literal = begin;
  bool minus_operator = false;
  if (begin > 0 && (text.text[begin - 1] == '-' || text.text[begin - 1] == '+') &&
      is_sign(text, begin - 1, &minus_operator))
    begin--;
  if (minus_operator || (begin == literal && byte_before(text, literal) == '-') || is_part_of_more_before(text, begin))
    return false;
  if (is_part_of_more_after(text, end)) return false;
  *number = slice_between(text, begin, end);
  return true;
}

bool extract_number(struct slice segment, struct answer *answer) {
  struct slice number = {"", 0};
  bool plain = false, hedged = false;
  u32 end = 0;
  for (u32 at = 0; at < segment.size;) {
    if (!is_digit(segment.text[at])) {
      at++;
      continue;
    }
    const bool again = plain;
    const u32 before = end;
    plain = read_number(segment, &at, &number);
    const u32 begin = plain ? (u32)(number.text - segment.text) : at;
    hedged = again && plain && extract_gap(slice_between(segment, before, begin)) == GAP_JOINS; /* "5 or 7" */
    end = at;
  }
  if (!plain) return false; /* no number, or the last one is an operand of something else */
  answer_set(answer, ANSWER_SOURCE_NUMBER, number);
  if (percent_after(segment, end)) answer_append(answer, (struct slice){"\\%", 2});
  if (hedged) answer->kind = ANSWER_KIND_SEVERAL;
  return true;
}

/* ---- letter ---- */

struct choice {
  char letter;
  u32 end;
};

static u32 skip_choice_dressing(struct slice text, u32 at) {
  static const char *const words[] = {"option ",   "choice ",  "\\text{", "\\textbf{",
                                      "\\mathrm{", "\\boxed{", "\\(",     NULL};
  for (;;) {
    const u32 before = at;
    while (is_space(slice_at(text, at)) || slice_at(text, at) == '*' || slice_at(text, at) == '$' ||
           slice_at(text, at) == '"')
      at++;
    for (u32 w = 0; words[w] != NULL; w++) {
      if (slice_says(text, at, words[w])) at += (u32)strlen(words[w]);
    }
    if (at == before) return at;
  }
}

/* A, (A), (a), \text{(A)}: a capital that stands alone, or any letter in parentheses. */
static bool read_choice(struct slice text, u32 at, struct choice *choice) {
  at = skip_choice_dressing(text, at);
  const bool parenthesis = slice_at(text, at) == '(';
  if (parenthesis) at++;
  const char c = slice_at(text, at);
  const char next = slice_at(text, at + 1);
  if (!is_letter(c) || is_letter(next) || is_digit(next) || next == '\'') return false;
  if (parenthesis ? next != ')' : !is_upper(c)) return false;
  *choice = (struct choice){.letter = is_upper(c) ? c : (char)(c - 'a' + 'A'), .end = at + 1 + parenthesis};
  return true;
}

/* "A or B", "A, B": no choice was made. */
static bool another_choice(struct slice text, u32 at) {
  bool joined = false;
  for (;;) {
    const u32 before = at;
    at = skip_spaces(text, at);
    const char c = slice_at(text, at);
    if (c == ',' || c == '/' || c == '&') at++, joined = true;
    if (c == ')' || c == '*' || c == '}') at++;
    if (slice_says(text, at, "or ") || slice_says(text, at, "and ")) at += to_lower(c) == 'o' ? 3u : 4u, joined = true;
    if (at == before) break;
  }
  struct choice other;
  joined = joined || slice_at(text, at) == '('; /* "(A) (B)" */
  if (!joined || !read_choice(text, at, &other)) return false;
  return !(other.letter == 'I' && is_space(slice_at(text, other.end))); /* "C, I think" */
}

static bool set_choice(struct slice text, struct choice choice, struct answer *answer) {
  answer_set(answer, ANSWER_SOURCE_LETTER, (struct slice){&choice.letter, 1});
  if (another_choice(text, choice.end)) {
    answer->kind = ANSWER_KIND_SEVERAL;
    answer->size = 0;
  }
  return true;
}

static bool choice_by_phrase(struct slice segment, struct answer *answer) {
  u32 begin = 0, after = 0, last_end = 0;
  struct choice choice, last = {.letter = 0, .end = 0};
  bool agreed = true;
  for (u32 from = 0; phrase_next(segment, from, &begin, &after); from = begin + 1) {
    if (!read_choice(segment, after, &choice)) continue;
    if (last.letter != 0 && last.letter != choice.letter) {
      agreed = extract_gap(slice_between(segment, last_end, begin > last_end ? begin : last_end)) != GAP_CONTRADICTS;
    }
    last = choice;
    last_end = choice.end;
  }
  if (last.letter == 0) return false;
  set_choice(segment, last, answer);
  if (!agreed) answer->kind = ANSWER_KIND_SEVERAL;
  return true;
}

bool extract_letter(struct slice segment, struct answer *answer) {
  if (choice_by_phrase(segment, answer)) return true;
  const struct slice text = slice_trim(segment);
  struct choice choice;
  if (read_choice(text, 0, &choice)) return set_choice(text, choice, answer);
  u32 count = 0;
  char letter = 0;
  for (u32 at = 0; at < text.size; at++) { /* the only (X) of the text */
    if (text.text[at] != '(' || !read_choice(text, at, &choice)) continue;
    if (choice.letter != letter) count++;
    letter = choice.letter;
  }
  if (count == 0) return false;
  answer_set(answer, ANSWER_SOURCE_LETTER, (struct slice){&letter, 1});
  if (count > 1) answer->kind = ANSWER_KIND_SEVERAL;
  return true;
}
