/* Numbers, single letters, names and words. */
#include "engine/reward/math/lexer_state.h"

#include <string.h>

/* A point is a number's where digits follow, also repeating ones: 0.\overline{3}, 0.(3). Else it is a full stop. */
static bool continues_number(const struct lexer *lexer) {
  const char after = lexer_peek(lexer, 1);
  if (lexer_is_digit(after) || after == '(') return true;
  const u32 letters = after == '\\' ? lexer_letters(lexer, lexer->at + 2) : 0;
  struct lexer_name name;
  return letters > 0 && lexer_command(lexer->text + lexer->at + 2, letters, &name) &&
         (name.kind == TOKEN_OVERLINE || name.kind == TOKEN_DOT_ABOVE);
}

void lexer_number(struct lexer *lexer) {
  const u32 begin = lexer->at;
  while (lexer_is_digit(lexer_peek(lexer, 0))) lexer->at++;
  if (lexer_peek(lexer, 0) == '.' && continues_number(lexer)) {
    lexer->at++;
    while (lexer_is_digit(lexer_peek(lexer, 0))) lexer->at++;
  }
  u32 power = 0;
  if (lexer_peek(lexer, 0) == 'e' || lexer_peek(lexer, 0) == 'E') {
    const u32 sign = lexer_peek(lexer, 1) == '-' || lexer_peek(lexer, 1) == '+';
    u32 digits = 0;
    while (lexer_is_digit(lexer_peek(lexer, 1 + sign + digits))) digits++;
    if (digits > 0 && !lexer_is_letter(lexer_peek(lexer, 1 + sign + digits))) {
      power = lexer->at;
      lexer->at += 1 + sign + digits;
    }
  }
  lexer_emit(lexer, TOKEN_NUMBER, power, begin, lexer->at);
}

/* a.m., p.m., and pm behind a number. */
static u32 day_half(const struct lexer *lexer) {
  const char *const at = lexer->text + lexer->at;
  if (lexer_last(lexer)->kind != TOKEN_NUMBER || (at[0] != 'a' && at[0] != 'A' && at[0] != 'p' && at[0] != 'P'))
    return 0;
  u32 size = 1;
  if (lexer_peek(lexer, size) == '.') size++;
  if (lexer_peek(lexer, size) != 'm' && lexer_peek(lexer, size) != 'M') return 0;
  size++;
  if (lexer_is_letter(lexer_peek(lexer, size))) return 0;
  return size;
}

/* The longest name of a function that a row of letters begins with: sinx. 0 where there is none that matters. */
static u32 function_prefix(const char *text, u32 letters, struct lexer_name *name) {
  for (u32 size = letters < 8 ? letters : 8; size >= 2; size--)
    if (lexer_plain_name(text, size, name) &&
        (name->kind == TOKEN_SURD || (name->kind == TOKEN_FUNCTION && name->value <= FUNCTION_LOG)))
      return size;
  return 0;
}

/* sinxcosx: functions of one argument and usual variables side by side; cosine and minor are words. */
static bool is_row_of_names(const char *text, u32 letters) {
  struct lexer_name name;
  u32 at = function_prefix(text, letters, &name);
  if (at == 0) return false;
  for (u32 loose = 0; at < letters;) {
    const u32 size = function_prefix(text + at, letters - at, &name);
    if (size == 0 && strchr("xyztuvwnabABCXYZ", text[at]) == NULL) return false;
    at += size > 0 ? size : 1;
    loose = size > 0 ? 0 : loose + 1;
    if (loose > 2) return false;
  }
  return true;
}

static void lex_row_of_names(struct lexer *lexer, u32 letters) {
  struct lexer_name name;
  for (const u32 end = lexer->at + letters; lexer->at < end;) {
    const u32 size = function_prefix(lexer->text + lexer->at, end - lexer->at, &name);
    if (size == 0) {
      lexer_emit_letters(lexer, 1);
    } else {
      lexer_emit(lexer, (enum token_kind)name.kind, name.value, lexer->at, lexer->at + size);
      lexer->at += size;
    }
  }
}

void lexer_row_of_letters(struct lexer *lexer) {
  const u32 begin = lexer->at, letters = lexer_letters(lexer, begin), half = day_half(lexer);
  const char *const text = lexer->text + begin;
  const bool grouped = lexer_last(lexer)->kind == TOKEN_GROUP && lexer->list->count > 1; /* 440{cm} */
  const u8 before = grouped ? lexer->list->tokens[lexer->list->count - 2].kind : lexer_last(lexer)->kind;
  const bool after_number = before == TOKEN_NUMBER || before == TOKEN_UNGROUP || before == TOKEN_CLOSE;
  const bool glued = !lexer->spaced && after_number;
  struct lexer_name name;
  if (half > 0) {
    lexer->at += half;
    if (lexer_peek(lexer, 0) == '.' && text[1] == '.') lexer->at++;
    lexer_emit(lexer, TOKEN_WORD, 0, begin, lexer->at);
  } else if (letters == 1) {
    lexer_emit_letters(lexer, 1);
  } else if (letters == 2 && memcmp(text, "in", 2) == 0 && !after_number && lexer->spaced) {
    lexer->at += letters;
    lexer_emit(lexer, TOKEN_RELATION, RELATION_ELEMENT, begin, lexer->at);
  } else if (lexer_plain_name(text, letters, &name)) {
    lexer->at += letters;
    lexer_emit(lexer, (enum token_kind)name.kind, name.value, begin, lexer->at);
  } else if (lexer_is_word(text, letters, after_number)) {
    lexer->at += letters;
    lexer_emit(lexer, TOKEN_WORD, 0, begin, lexer->at);
  } else if (glued && letters <= 4 && (memcmp(text, "or", 2) == 0 || memcmp(text, "and", 3) == 0)) {
    const u32 size = text[0] == 'o' ? 2 : 3;
    lexer_emit(lexer, size == 2 ? TOKEN_OR : TOKEN_AND, 0, begin, begin + size);
    lexer->at += size;
    lexer_emit_letters(lexer, letters - size);
  } else if (is_row_of_names(text, letters)) {
    lex_row_of_names(lexer, letters);
  } else if (lexer_looks_like_word(text, letters) || (lexer->text_depth > 0 && !lexer_few_capitals(text, letters))) {
    lexer->at += letters;
    lexer_emit(lexer, TOKEN_WORD, 0, begin, lexer->at);
  } else {
    lexer_emit_letters(lexer, letters);
  }
}
