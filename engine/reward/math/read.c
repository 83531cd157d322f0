#include "engine/reward/math/read.h"

#include <string.h>

#include "engine/reward/math/lexer.h"
#include "engine/reward/math/parse.h"

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* A chat's mark at the end (<|im_end|>) is no answer: how much of the text is before it. */
static u32 size_before_marks(const char *text, u32 size) {
  for (u32 at = 0; at + 3 < size; at++) {
    if (text[at] != '<' || text[at + 1] != '|') continue;
    u32 end = at + 2;
    while (end < size && (is_letter(text[end]) || text[end] == '_')) end++;
    if (end > at + 2 && end + 1 < size && text[end] == '|' && text[end + 1] == '>') return at;
  }
  return size;
}

/* A text where every backslash is doubled, and some of them are commands, was escaped once too often. */
static bool is_escaped_twice(const char *text, u32 size) {
  struct lexer_name name;
  bool command = false;
  for (u32 at = 0; at < size;) {
    u32 run = 0, letters = 0;
    while (at + run < size && text[at + run] == '\\') run++;
    if (run % 2 != 0) return false;
    at += run;
    while (at + letters < size && is_letter(text[at + letters])) letters++;
    command = command || (run == 2 && letters > 1 && lexer_command(text + at, letters, &name)) ||
              (run == 2 && at < size && memchr("{}$%!,;", text[at], 7) != NULL);
    at += letters > 0 ? letters : run == 0;
  }
  return command;
}

/* ---- wrappers ---- */

/* Is the group that opens at the first token closed by the last, with no list of its own in it? A box may hold one. */
static bool is_wrapped(const struct token *tokens, u32 count) {
  u32 depth = 0;
  if (count < 3 || tokens[0].kind != TOKEN_GROUP) return false;
  const bool boxed = tokens[0].value == 1;
  const bool built = tokens[1].kind == TOKEN_LETTER && (tokens[2].kind == TOKEN_COLON || tokens[2].kind == TOKEN_MID);
  if (built) return false; /* {x : x > 2} */
  for (u32 i = 0; i < count; i++) {
    const u8 kind = tokens[i].kind;
    if (kind == TOKEN_GROUP) depth++;
    if (kind == TOKEN_UNGROUP && --depth == 0) return i == count - 1;
    if (!boxed && depth == 1 &&
        (kind == TOKEN_COMMA || kind == TOKEN_SEMICOLON || kind == TOKEN_AND || kind == TOKEN_OR ||
         kind == TOKEN_OVER || kind == TOKEN_CHOOSE))
      return false;
  }
  return false;
}

static bool is_trailing(u8 kind) {
  return kind == TOKEN_STOP || kind == TOKEN_COMMA || kind == TOKEN_SEMICOLON || kind == TOKEN_ROW;
}

/* Takes off braces, boxes, bold marks (**5**) and a last full stop, in place; returns how many tokens stand before what is left. */
static u32 take_off_wrappers(struct token_list *list) {
  u32 first = 0;
  for (bool again = true; again && list->count > first;) {
    again = false;
    const struct token *const tokens = list->tokens + first;
    const u32 count = list->count - first;
    if (is_trailing(tokens[count - 1].kind)) {
      list->count--;
      again = true;
    } else if (is_wrapped(tokens, count) ||
               (count > 2 && tokens[0].kind == TOKEN_POWER && tokens[count - 1].kind == TOKEN_POWER)) {
      first++;
      list->count--;
      again = true;
    }
  }
  list->tokens[list->count].kind = TOKEN_END;
  return first;
}

/* ---- reading ---- */

static struct read_result failed(enum read_outcome outcome, u32 place) {
  return (struct read_result){.outcome = outcome, .root = EXPRESSION_NONE, .place = place};
}

static struct read_result parse(struct parser *parser) {
  const u32 root = parse_infix(parser, parse_list(parser), 0);
  if (parser->pool->full && parser->outcome == READ_OK) parse_fail(parser, READ_TOO_LARGE);
  if (parse_kind(parser, 0) != TOKEN_END) parse_fail(parser, READ_UNREADABLE);
  if (parser->outcome != READ_OK) return failed(parser->outcome, parser->place);
  return (struct read_result){.outcome = READ_OK, .root = root, .place = 0};
}

struct read_result read_answer(struct expression_pool *pool, const char *text, u32 size) {
  struct folded folded;
  struct token_list list;
  struct parser parser;
  u32 place = 0;
  expression_reset(pool);
  size = size_before_marks(text, size);
  switch (fold_text(&folded, text, size, is_escaped_twice(text, size), &place)) {
    case FOLD_FORBIDDEN:
      return failed(READ_FORBIDDEN, place);
    case FOLD_TOO_LARGE:
      return failed(READ_TOO_LARGE, place);
    case FOLD_OK:
      break;
  }
  const enum read_outcome outcome = lexer_run(&list, &folded, &place);
  if (outcome != READ_OK) return failed(outcome, folded.places[place]);
  if (list.count == 0) return failed(READ_EMPTY, 0);
  const u32 first = take_off_wrappers(&list);
  if (list.count == first) return failed(READ_UNREADABLE, 0);
  /* Not set to zero as a whole: its stack and its text are large, and written before they are read. */
  parser.pool = pool;
  parser.source = &folded;
  parser.tokens = list.tokens + first;
  parser.count = list.count - first;
  parser.at = parser.depth = parser.bars = parser.stacked = parser.place = 0;
  parser.fraction_end = UINT32_MAX;
  parser.commas_separate = parser.colons_separate = parser.bracket_may_close = parser.row_may_end = parser.one_row =
      false;
  parser.bound[0] = parser.bound[1] = false;
  parser.outcome = READ_OK;
  return parse(&parser);
}
