/* What begins with a backslash. */
#include "engine/reward/math/lexer_state.h"

#include <string.h>

static void lex_operator_name(struct lexer *lexer, u32 begin) {
  struct lexer_name name;
  if (lexer_peek(lexer, 0) == '*') lexer->at++;
  lexer_skip_spaces(lexer);
  const u32 letters = lexer_peek(lexer, 0) == '{' ? lexer_letters(lexer, lexer->at + 1) : 0;
  const char *const text = lexer->text + lexer->at + 1;
  const bool known = letters > 0 && lexer_peek(lexer, letters + 1) == '}' &&
                     (lexer_plain_name(text, letters, &name) ||
                      (lexer_command(text, letters, &name) && name.kind == TOKEN_FUNCTION)); /* Re, Im */
  if (!known) {
    lexer_fail(lexer, READ_UNSUPPORTED, begin);
    return;
  }
  lexer_emit(lexer, (enum token_kind)name.kind, name.value, lexer->at + 1, lexer->at + 1 + letters);
  lexer->at += letters + 2;
}

static void lex_environment(struct lexer *lexer, enum token_kind kind, u32 begin) {
  enum lexer_environment environment;
  u32 size = 0;
  while (lexer_is_letter(lexer_peek(lexer, 1 + size)) || lexer_peek(lexer, 1 + size) == '*') size++;
  if (lexer_peek(lexer, 0) != '{' || lexer_peek(lexer, 1 + size) != '}' ||
      !lexer_environment(lexer->text + lexer->at + 1, size, &environment)) {
    lexer_fail(lexer, READ_UNSUPPORTED, begin);
    return;
  }
  const bool columns = kind == TOKEN_BEGIN && size == 5 && memcmp(lexer->text + lexer->at + 1, "array", 5) == 0;
  lexer->at += size + 2;
  if (columns) {
    lexer_skip_spaces(lexer);
    if (lexer_peek(lexer, 0) == '{') lexer_skip_group(lexer);
  }
  if (environment == ENVIRONMENT_CENTERED) return;
  if (kind == TOKEN_BEGIN) lexer->environments++;
  if (kind == TOKEN_FINISH && lexer->environments > 0) lexer->environments--;
  lexer_emit(lexer, kind, environment, begin, lexer->at);
}

/* What is not seen is one token: a group, a sign, \alpha; not the name of what takes arguments of its own. */
static void lex_hidden(struct lexer *lexer) {
  static const u8 whole[] = {TOKEN_SPACE,    TOKEN_IGNORED,  TOKEN_VARIABLE, TOKEN_CONSTANT, TOKEN_TIMES,
                             TOKEN_RELATION, TOKEN_FUNCTION, TOKEN_LETTER,   TOKEN_DEGREE};
  struct lexer_name name = {TOKEN_END, 0};
  lexer_skip_spaces(lexer);
  const char c = lexer_peek(lexer, 0);
  const u32 begin = lexer->at, letters = c == '\\' ? lexer_letters(lexer, begin + 1) : 0;
  if (c == '{') {
    lexer_skip_group(lexer);
  } else if (letters > 0) {
    bool is_whole = false;
    lexer->at += 1 + letters;
    if (lexer_command(lexer->text + begin + 1, letters, &name))
      for (u32 i = 0; i < COUNT_OF(whole); i++) is_whole = is_whole || whole[i] == name.kind;
    if (!is_whole) lexer_fail(lexer, READ_UNSUPPORTED, begin);
  } else if (c == 0 || c == '}' || c == '&' || (c == '\\' && lexer_peek(lexer, 1) == '\\')) {
    lexer_fail(lexer, READ_UNREADABLE, begin); /* nothing to hide */
  } else {
    lexer->at += c == '\\' && lexer_peek(lexer, 1) != 0 ? 2 : 1;
  }
}

/* \cdot{}, \pi{}: {} ends the command's name and is nothing else. */
static void skip_empty_group(struct lexer *lexer, enum token_kind kind) {
  static const u8 without_arguments[] = {TOKEN_TIMES,    TOKEN_SLASH,       TOKEN_PLUS_MINUS, TOKEN_RELATION,
                                         TOKEN_VARIABLE, TOKEN_CONSTANT,    TOKEN_FUNCTION,   TOKEN_DEGREE,
                                         TOKEN_UNION,    TOKEN_INTERSECTION};
  if (lexer_peek(lexer, 0) != '{' || lexer_peek(lexer, 1) != '}') return;
  for (u32 i = 0; i < COUNT_OF(without_arguments); i++) {
    if (without_arguments[i] != kind) continue;
    lexer->at += 2;
    return;
  }
}

static void obey(struct lexer *lexer, struct lexer_name name, u32 begin) {
  switch (name.kind) {
    case TOKEN_SPACE:
      lexer->spaced = true;
      break;
    case TOKEN_IGNORED:
      break;
    case TOKEN_SIDE:
      lexer_skip_spaces(lexer);
      lexer->side = name.value;
      if (lexer_peek(lexer, 0) == '.' && name.value > 0) {
        lexer->at++;
        lexer->side = 0;
      }
      break;
    case TOKEN_TEXT:
    case TOKEN_BOX:
      lexer_skip_spaces(lexer);
      if (lexer_peek(lexer, 0) != '{') break;
      lexer->text_next = name.kind == TOKEN_TEXT;
      lexer->box_next = name.kind == TOKEN_BOX;
      lexer_open_brace(lexer);
      break;
    case TOKEN_HIDDEN:
      if (lexer_peek(lexer, 0) == '*') lexer->at++;
      lex_hidden(lexer);
      break;
    case TOKEN_OPERATOR_NAME:
      lex_operator_name(lexer, begin);
      break;
    case TOKEN_BEGIN:
    case TOKEN_FINISH:
      lex_environment(lexer, (enum token_kind)name.kind, begin);
      break;
    case TOKEN_BAR:
      lexer_emit(lexer, TOKEN_BAR, lexer->side > 0 ? lexer->side : name.value, begin, lexer->at);
      break;
    default:
      lexer_emit(lexer, (enum token_kind)name.kind, name.value, begin + 1, lexer->at);
      skip_empty_group(lexer, (enum token_kind)name.kind);
  }
}

/* \cosx is \cos x: the longest prefix that is a command, where one or two letters (or capitals: \triangleABC) are left. */
static u32 command_prefix(const char *text, u32 letters, struct lexer_name *name) {
  for (u32 size = letters; size >= 2; size--) {
    if (!lexer_command(text, size, name)) continue;
    if (size == letters || letters - size <= 2 || lexer_few_capitals(text + size, letters - size))
      return size == letters || name->kind != TOKEN_IGNORED ? size : 0;
  }
  return 0;
}

static void lex_command(struct lexer *lexer, u32 begin, u32 letters) {
  struct lexer_name name;
  const u32 size = command_prefix(lexer->text + begin + 1, letters, &name);
  if (size == 0) {
    lexer_fail(lexer, READ_UNREADABLE, begin);
    return;
  }
  lexer->at = begin + 1 + size;
  obey(lexer, name, begin);
  if (lexer->outcome == READ_OK && size < letters && lexer->at == begin + 1 + size)
    lexer_emit_letters(lexer, letters - size);
}

/* \\: the end of a row; with a command's letters behind it outside a matrix, one backslash too many. */
static void lex_two_backslashes(struct lexer *lexer) {
  struct lexer_name name;
  const u32 begin = lexer->at, letters = lexer_letters(lexer, begin + 2);
  lexer->at += 2;
  if (lexer->environments == 0 && letters >= 2 && command_prefix(lexer->text + begin + 2, letters, &name) > 0) {
    lex_command(lexer, begin + 1, letters);
    return;
  }
  if (lexer_peek(lexer, 0) == '[' && lexer_is_digit(lexer_peek(lexer, 1))) {
    u32 size = 1;
    while (lexer_is_digit(lexer_peek(lexer, size)) || lexer_is_letter(lexer_peek(lexer, size)) ||
           lexer_peek(lexer, size) == '.')
      size++;
    if (lexer_peek(lexer, size) == ']' && !lexer_is_digit(lexer_peek(lexer, size - 1))) lexer->at += size + 1;
  }
  lexer_emit(lexer, TOKEN_ROW, 0, begin, begin + 2);
}

static void lex_escape(struct lexer *lexer, u32 begin, char c) {
  static const struct {
    char c;
    u8 kind;
    u16 value;
  } escapes[] = {{'{', TOKEN_OPEN, '{'},
                 {'}', TOKEN_CLOSE, '}'},
                 {'%', TOKEN_PERCENT, 0},
                 {'$', TOKEN_MONEY, 0},
                 {'|', TOKEN_UNSUPPORTED, 0}};
  const bool space = c == ' ' || c == ',' || c == ';' || c == ':' || c == '>' || (c >= '\t' && c <= '\r') || c == '/';
  const bool delimiter = c == '(' || c == ')' || c == '[' || c == ']';
  lexer->at += 2;
  if (c == '!') return;
  if (space || delimiter) {
    lexer->spaced = true;
    return;
  }
  /* MATH's golds have lost a backslash where a row ended: {1\7}, {1\-1}. */
  if (lexer->environments > 0 && (lexer_is_digit(c) || c == '-' || c == '.')) {
    lexer->at--;
    lexer_emit(lexer, TOKEN_ROW, 0, begin, begin + 1);
    return;
  }
  if (c == '-') return;
  for (u32 i = 0; i < COUNT_OF(escapes); i++) {
    if (escapes[i].c != c) continue;
    lexer_emit(lexer, (enum token_kind)escapes[i].kind, escapes[i].value, begin, begin + 2);
    return;
  }
  lexer_fail(lexer, READ_UNREADABLE, begin);
}

void lexer_backslash(struct lexer *lexer) {
  const u32 begin = lexer->at, letters = lexer_letters(lexer, begin + 1);
  const char c = lexer_peek(lexer, 1);
  if (letters > 0) {
    lex_command(lexer, begin, letters);
  } else if (c == '\\') {
    lex_two_backslashes(lexer);
  } else if (c == 0 && lexer->list->count > 0) {
    lexer->at++; /* cut off */
  } else {
    lex_escape(lexer, begin, c);
  }
}
