/* Everything that is no letter, digit, space or backslash. */
#include "engine/reward/math/lexer_state.h"

#include <string.h>

static void take(struct lexer *lexer, enum token_kind kind, u32 value, u32 size) {
  const u32 begin = lexer->at;
  lexer->at += size;
  lexer_emit(lexer, kind, value, begin, begin + size);
}

static void lex_less(struct lexer *lexer) {
  if (lexer->side > 0)
    take(lexer, TOKEN_OPEN, '<', 1);
  else if (lexer_peek(lexer, 1) == '=')
    take(lexer, TOKEN_RELATION, RELATION_LESS_EQUAL, 2);
  else
    take(lexer, TOKEN_RELATION, RELATION_LESS, 1);
}
static void lex_greater(struct lexer *lexer) {
  if (lexer->side > 0)
    take(lexer, TOKEN_CLOSE, '>', 1);
  else if (lexer_peek(lexer, 1) == '=')
    take(lexer, TOKEN_RELATION, RELATION_GREATER_EQUAL, 2);
  else
    take(lexer, TOKEN_RELATION, RELATION_GREATER, 1);
}
static void lex_equal(struct lexer *lexer) {
  if (lexer_peek(lexer, 1) == '>')
    take(lexer, TOKEN_UNSUPPORTED, 0, 2);
  else if (lexer_peek(lexer, 1) == '<')
    take(lexer, TOKEN_RELATION, RELATION_LESS_EQUAL, 2);
  else
    take(lexer, TOKEN_RELATION, RELATION_EQUAL, lexer_peek(lexer, 1) == '=' ? 2 : 1);
}
/* 5!=120 could be "5! = 120" and "5 is not 120". */
static void lex_exclamation(struct lexer *lexer) {
  const enum token_kind before = (enum token_kind)lexer_last(lexer)->kind;
  if (lexer_peek(lexer, 1) != '=' || lexer_peek(lexer, 2) == '=')
    take(lexer, TOKEN_FACTORIAL, 0, 1);
  else if (!lexer->spaced && (before == TOKEN_NUMBER || before == TOKEN_CLOSE || before == TOKEN_UNGROUP))
    take(lexer, TOKEN_AMBIGUOUS, 0, 2);
  else
    take(lexer, TOKEN_RELATION, RELATION_NOT_EQUAL, 2);
}
static void lex_stop(struct lexer *lexer) {
  if (lexer_is_digit(lexer_peek(lexer, 1)))
    lexer_number(lexer);
  else if (lexer_peek(lexer, 1) == '.')
    take(lexer, TOKEN_UNSUPPORTED, 1, lexer_peek(lexer, 2) == '.' ? 3 : 2);
  else if ((lexer_peek(lexer, 1) == '}' || lexer_peek(lexer, 1) == ')') && lexer_last(lexer)->kind != TOKEN_GROUP)
    lexer->at++; /* \boxed{5.}, not 1{.}5 */
  else
    take(lexer, TOKEN_STOP, 0, 1);
}
/* Past blanks and LaTeX's spaces, from `size` bytes on. */
static u32 past_spaces(const struct lexer *lexer, u32 size) {
  for (;;) {
    const char next = lexer_peek(lexer, size), then = lexer_peek(lexer, size + 1);
    if (next == '\\' && (then == ',' || then == ':' || then == ';' || then == ' '))
      size += 2;
    else if (lexer_is_space(next))
      size++;
    else
      return size;
  }
}
/* Behind a comma: what its thin negative space takes, where that makes it a separator of thousands: 111,\!111. With spaces about it (111, \! 111)
 * exactly three digits must follow. 0 = a comma of a list. */
static u32 separator_size(const struct lexer *lexer) {
  u32 size = past_spaces(lexer, 1), digits = 0;
  if (lexer_peek(lexer, size) != '\\' || lexer_peek(lexer, size + 1) != '!') return 0;
  const bool spaced = size > 1;
  size = past_spaces(lexer, size + 2);
  while (lexer_is_digit(lexer_peek(lexer, size + digits))) digits++;
  return spaced && digits != 3 ? 0 : size - 1;
}
static void lex_comma(struct lexer *lexer) {
  const u32 separator = separator_size(lexer);
  take(lexer, TOKEN_COMMA, 0, 1);
  if (separator == 0 || lexer->outcome != READ_OK) return;
  lexer->list->tokens[lexer->list->count - 1].marks |= TOKEN_GROUPED;
  lexer->at += separator;
}
static void lex_open(struct lexer *lexer) {
  if (lexer->side > 0)
    take(lexer, TOKEN_OPEN, '{', 1); /* \left{ */
  else if (!lexer_small_group(lexer))
    lexer_open_brace(lexer);
}
static void lex_close(struct lexer *lexer) {
  if (lexer->side > 0)
    take(lexer, TOKEN_CLOSE, '}', 1);
  else
    lexer_close_brace(lexer);
}
/* Beside digits, where its like does not stand on the other side of a formula. */
static bool is_money(const struct lexer *lexer) {
  u32 after = lexer->at + 1, before = lexer->at;
  while (after < lexer->size && lexer_is_space(lexer->text[after])) after++;
  while (before > 0 && lexer_is_space(lexer->text[before - 1])) before--;
  const bool prefix = after < lexer->size && (lexer_is_digit(lexer->text[after]) || lexer->text[after] == '.');
  return lexer->dollars_are_money && (prefix || (before > 0 && lexer_is_digit(lexer->text[before - 1])));
}
static void lex_dollar(struct lexer *lexer) {
  if (is_money(lexer)) {
    take(lexer, TOKEN_MONEY, CURRENCY_DOLLAR, 1);
    return;
  }
  lexer->spaced = true;
  lexer->at++;
}
static void lex_minus(struct lexer *lexer) {
  if (lexer_peek(lexer, 1) == '>')
    take(lexer, TOKEN_UNSUPPORTED, 0, 2);
  else if (lexer_peek(lexer, 1) == '/' && lexer_peek(lexer, 2) == '+')
    take(lexer, TOKEN_PLUS_MINUS, 1, 3);
  else
    take(lexer, TOKEN_MINUS, 0, 1);
}
static void lex_plus(struct lexer *lexer) {
  if (lexer_peek(lexer, 1) == '/' && lexer_peek(lexer, 2) == '-')
    take(lexer, TOKEN_PLUS_MINUS, 0, 3);
  else
    take(lexer, TOKEN_PLUS, 0, 1);
}

/* "even" is even; 3" are inches, or the end of a quotation that did not begin. */
static void lex_quote(struct lexer *lexer) {
  if (!lexer->quoted && lexer->list->count > 0) {
    lexer_fail(lexer, READ_UNREADABLE, lexer->at);
    return;
  }
  lexer->quoted = !lexer->quoted;
  lexer->spaced = true;
  lexer->at++;
}

void lexer_sign(struct lexer *lexer) {
  const char c = lexer_peek(lexer, 0);
  switch (c) {
    case '{':
      lex_open(lexer);
      break;
    case '}':
      lex_close(lexer);
      break;
    case '<':
      lex_less(lexer);
      break;
    case '>':
      lex_greater(lexer);
      break;
    case '=':
      lex_equal(lexer);
      break;
    case '!':
      lex_exclamation(lexer);
      break;
    case '.':
      lex_stop(lexer);
      break;
    case ',':
      lex_comma(lexer);
      break;
    case '$':
      lex_dollar(lexer);
      break;
    case '-':
      lex_minus(lexer);
      break;
    case '+':
      lex_plus(lexer);
      break;
    case '"':
      lex_quote(lexer);
      break;
    case '*':
      take(lexer, lexer_peek(lexer, 1) == '*' ? TOKEN_POWER : TOKEN_TIMES, 0, lexer_peek(lexer, 1) == '*' ? 2 : 1);
      break;
    case ':':
      take(lexer, lexer_peek(lexer, 1) == '=' ? TOKEN_RELATION : TOKEN_COLON, RELATION_EQUAL,
           lexer_peek(lexer, 1) == '=' ? 2 : 1);
      break;
    case '|':
      take(lexer, lexer->side == 3 ? TOKEN_MID : TOKEN_BAR, lexer->side, 1);
      break;
    case '(':
    case '[':
      take(lexer, TOKEN_OPEN, (u8)c, 1);
      break;
    case ')':
    case ']':
      take(lexer, TOKEN_CLOSE, (u8)c, 1);
      break;
    default: {
      static const struct {
        char c;
        u8 kind;
      } signs[] = {{'/', TOKEN_SLASH},   {'^', TOKEN_POWER},     {'_', TOKEN_SUBSCRIPT}, {'\'', TOKEN_PRIME},
                   {'%', TOKEN_PERCENT}, {';', TOKEN_SEMICOLON}, {'&', TOKEN_AMPERSAND}};
      for (u32 i = 0; i < COUNT_OF(signs); i++) {
        if (signs[i].c != c) continue;
        take(lexer, (enum token_kind)signs[i].kind, 0, 1);
        return;
      }
      lexer_fail(lexer, READ_UNREADABLE, lexer->at);
    }
  }
}
