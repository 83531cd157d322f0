#include "engine/reward/math/lexer.h"

#include <string.h>

/* What a brace that is open stands for. */
enum brace { BRACE_GROUP, BRACE_TEXT, BRACE_TEXT_GROUP };

struct lexer {
  const struct folded *folded;
  struct token_list *list;
  const char *text;
  u32 size, at;
  bool spaced;
  u32 side;         /* of \left and \right, for the delimiter that follows; 0 = none */
  u32 text_depth;   /* \text{.. that are open */
  u32 environments; /* \begin.. that are open: there, two backslashes end a row */
  bool text_next, box_next, dollars_are_money;
  u32 brace_count;
  u8 braces[VERIFIER_DEPTH_MAX];
  enum read_outcome outcome;
  u32 place;
};

static void fail(struct lexer *lexer, enum read_outcome outcome, u32 place) {
  if (lexer->outcome != READ_OK) return;
  lexer->outcome = outcome;
  lexer->place = place;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == '~'; }

static char peek(const struct lexer *lexer, u32 ahead) {
  return lexer->at + ahead < lexer->size ? lexer->text[lexer->at + ahead] : 0;
}
static u32 letters_at(const struct lexer *lexer, u32 at) {
  u32 count = 0;
  while (at + count < lexer->size && is_letter(lexer->text[at + count])) count++;
  return count;
}
static void skip_spaces(struct lexer *lexer) {
  while (lexer->at < lexer->size && is_space(lexer->text[lexer->at])) lexer->at++;
}

static const struct token *last(const struct lexer *lexer) {
  static const struct token none = {.kind = TOKEN_END};
  return lexer->list->count > 0 ? &lexer->list->tokens[lexer->list->count - 1] : &none;
}

static void emit(struct lexer *lexer, enum token_kind kind, u32 value, u32 begin, u32 end) {
  if (lexer->list->count == TOKENS_MAX) {
    fail(lexer, READ_TOO_LARGE, begin);
    return;
  }
  const u32 marks = (lexer->spaced ? TOKEN_SPACED : 0u) | (lexer->text_depth > 0 ? TOKEN_IN_TEXT : 0u);
  lexer->list->tokens[lexer->list->count++] = (struct token){
      .kind = (u8)kind, .marks = (u8)marks, .value = (u16)value, .begin = (u16)begin, .end = (u16)end};
  lexer->spaced = false;
  lexer->side = 0;
}

/* ---- braces ---- */

static void open_brace(struct lexer *lexer) {
  const enum token_kind before = (enum token_kind)last(lexer)->kind;
  enum brace brace = lexer->text_depth > 0 ? BRACE_TEXT_GROUP : BRACE_GROUP;
  if (lexer->text_next) brace = before == TOKEN_SUBSCRIPT || before == TOKEN_POWER ? BRACE_TEXT_GROUP : BRACE_TEXT;
  if (lexer->brace_count == VERIFIER_DEPTH_MAX) {
    fail(lexer, READ_TOO_LARGE, lexer->at);
    return;
  }
  lexer->braces[lexer->brace_count++] = (u8)brace;
  if (brace != BRACE_TEXT) emit(lexer, TOKEN_GROUP, lexer->box_next, lexer->at, lexer->at + 1);
  if (brace != BRACE_GROUP) lexer->text_depth++;
  lexer->text_next = lexer->box_next = false;
  lexer->at++;
}

static void close_brace(struct lexer *lexer) {
  if (lexer->brace_count == 0) {
    fail(lexer, READ_UNREADABLE, lexer->at);
    return;
  }
  const enum brace brace = (enum brace)lexer->braces[--lexer->brace_count];
  if (brace != BRACE_GROUP) lexer->text_depth--;
  if (brace != BRACE_TEXT) emit(lexer, TOKEN_UNGROUP, 0, lexer->at, lexer->at + 1);
  lexer->at++;
}

/* {,} is a separator of thousands, {or} a word. */
static bool lex_small_group(struct lexer *lexer) {
  struct lexer_name name;
  if (peek(lexer, 1) == ',' && peek(lexer, 2) == '}') {
    emit(lexer, TOKEN_COMMA, 0, lexer->at + 1, lexer->at + 2);
    if (lexer->outcome == READ_OK) lexer->list->tokens[lexer->list->count - 1].marks |= TOKEN_GROUPED;
    lexer->at += 3;
    return true;
  }
  const u32 letters = letters_at(lexer, lexer->at + 1);
  if (letters < 2 || peek(lexer, letters + 1) != '}') return false;
  if (!lexer_plain_name(lexer->text + lexer->at + 1, letters, &name)) return false;
  if (name.kind != TOKEN_AND && name.kind != TOKEN_OR) return false;
  emit(lexer, (enum token_kind)name.kind, 0, lexer->at + 1, lexer->at + 1 + letters);
  lexer->at += letters + 2;
  return true;
}

/* From a { to behind its }: what is hidden, a table's columns. */
static void skip_group(struct lexer *lexer) {
  u32 depth = 0;
  do {
    if (peek(lexer, 0) == '{') depth++;
    if (peek(lexer, 0) == '}') depth--;
    lexer->at++;
  } while (depth > 0 && lexer->at < lexer->size);
  if (depth > 0) fail(lexer, READ_UNREADABLE, lexer->at);
}

/* ---- numbers and letters ---- */

static void lex_number(struct lexer *lexer) {
  const u32 begin = lexer->at;
  while (is_digit(peek(lexer, 0))) lexer->at++;
  const char after = peek(lexer, 1);
  if (peek(lexer, 0) == '.' && after != '.' && !is_letter(after)) {
    lexer->at++;
    while (is_digit(peek(lexer, 0))) lexer->at++;
  }
  u32 power = 0;
  if (peek(lexer, 0) == 'e' || peek(lexer, 0) == 'E') {
    const u32 sign = peek(lexer, 1) == '-' || peek(lexer, 1) == '+';
    u32 digits = 0;
    while (is_digit(peek(lexer, 1 + sign + digits))) digits++;
    if (digits > 0 && !is_letter(peek(lexer, 1 + sign + digits))) {
      power = lexer->at;
      lexer->at += 1 + sign + digits;
    }
  }
  emit(lexer, TOKEN_NUMBER, power, begin, lexer->at);
}

/* a.m., p.m., and pm behind a number. */
static u32 day_half(const struct lexer *lexer) {
  const char *const at = lexer->text + lexer->at;
  if (last(lexer)->kind != TOKEN_NUMBER || (at[0] != 'a' && at[0] != 'A' && at[0] != 'p' && at[0] != 'P')) return 0;
  u32 size = 1;
  if (peek(lexer, size) == '.') size++;
  if (peek(lexer, size) != 'm' && peek(lexer, size) != 'M') return 0;
  size++;
  if (is_letter(peek(lexer, size))) return 0;
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

static void emit_letters(struct lexer *lexer, u32 letters) {
  for (u32 i = 0; i < letters; i++, lexer->at++)
    emit(lexer, TOKEN_LETTER, (u8)lexer->text[lexer->at], lexer->at, lexer->at + 1);
}

static void lex_row_of_names(struct lexer *lexer, u32 letters) {
  struct lexer_name name;
  for (const u32 end = lexer->at + letters; lexer->at < end;) {
    const u32 size = function_prefix(lexer->text + lexer->at, end - lexer->at, &name);
    if (size == 0) {
      emit_letters(lexer, 1);
    } else {
      emit(lexer, (enum token_kind)name.kind, name.value, lexer->at, lexer->at + size);
      lexer->at += size;
    }
  }
}

/* Capitals alone are names, in \text{} as well (AB), where they are few. */
static bool few_capitals(const char *text, u32 letters) {
  for (u32 i = 0; i < letters; i++)
    if (text[i] < 'A' || text[i] > 'Z') return false;
  return letters <= 3;
}

static void lex_letters(struct lexer *lexer) {
  const u32 begin = lexer->at, letters = letters_at(lexer, begin), half = day_half(lexer);
  const char *const text = lexer->text + begin;
  const bool grouped = last(lexer)->kind == TOKEN_GROUP && lexer->list->count > 1; /* 440{cm} */
  const u8 before = grouped ? lexer->list->tokens[lexer->list->count - 2].kind : last(lexer)->kind;
  const bool after_number = before == TOKEN_NUMBER || before == TOKEN_UNGROUP || before == TOKEN_CLOSE;
  const bool glued = !lexer->spaced && after_number;
  struct lexer_name name;
  if (half > 0) {
    lexer->at += half;
    if (peek(lexer, 0) == '.' && text[1] == '.') lexer->at++;
    emit(lexer, TOKEN_WORD, 0, begin, lexer->at);
  } else if (letters == 1) {
    emit_letters(lexer, 1);
  } else if (letters == 2 && memcmp(text, "in", 2) == 0 && !after_number && lexer->spaced) {
    lexer->at += letters;
    emit(lexer, TOKEN_RELATION, RELATION_ELEMENT, begin, lexer->at);
  } else if (lexer_plain_name(text, letters, &name)) {
    lexer->at += letters;
    emit(lexer, (enum token_kind)name.kind, name.value, begin, lexer->at);
  } else if (lexer_is_word(text, letters, after_number)) {
    lexer->at += letters;
    emit(lexer, TOKEN_WORD, 0, begin, lexer->at);
  } else if (glued && letters <= 4 && (memcmp(text, "or", 2) == 0 || memcmp(text, "and", 3) == 0)) {
    const u32 size = text[0] == 'o' ? 2 : 3;
    emit(lexer, size == 2 ? TOKEN_OR : TOKEN_AND, 0, begin, begin + size);
    lexer->at += size;
    emit_letters(lexer, letters - size);
  } else if (is_row_of_names(text, letters)) {
    lex_row_of_names(lexer, letters);
  } else if (lexer_looks_like_word(text, letters) || (lexer->text_depth > 0 && !few_capitals(text, letters))) {
    lexer->at += letters;
    emit(lexer, TOKEN_WORD, 0, begin, lexer->at);
  } else {
    emit_letters(lexer, letters);
  }
}

/* ---- commands ---- */

static void lex_operator_name(struct lexer *lexer, u32 begin) {
  struct lexer_name name;
  if (peek(lexer, 0) == '*') lexer->at++;
  skip_spaces(lexer);
  const u32 letters = peek(lexer, 0) == '{' ? letters_at(lexer, lexer->at + 1) : 0;
  if (letters == 0 || peek(lexer, letters + 1) != '}' ||
      !lexer_plain_name(lexer->text + lexer->at + 1, letters, &name)) {
    fail(lexer, READ_UNSUPPORTED, begin);
    return;
  }
  emit(lexer, (enum token_kind)name.kind, name.value, lexer->at + 1, lexer->at + 1 + letters);
  lexer->at += letters + 2;
}

static void lex_environment(struct lexer *lexer, enum token_kind kind, u32 begin) {
  enum lexer_environment environment;
  u32 size = 0;
  while (is_letter(peek(lexer, 1 + size)) || peek(lexer, 1 + size) == '*') size++;
  if (peek(lexer, 0) != '{' || peek(lexer, 1 + size) != '}' ||
      !lexer_environment(lexer->text + lexer->at + 1, size, &environment)) {
    fail(lexer, READ_UNSUPPORTED, begin);
    return;
  }
  const bool columns = kind == TOKEN_BEGIN && size == 5 && memcmp(lexer->text + lexer->at + 1, "array", 5) == 0;
  lexer->at += size + 2;
  if (columns) {
    skip_spaces(lexer);
    if (peek(lexer, 0) == '{') skip_group(lexer);
  }
  if (environment == ENVIRONMENT_CENTERED) return;
  if (kind == TOKEN_BEGIN) lexer->environments++;
  if (kind == TOKEN_FINISH && lexer->environments > 0) lexer->environments--;
  emit(lexer, kind, environment, begin, lexer->at);
}

static void obey(struct lexer *lexer, struct lexer_name name, u32 begin) {
  switch (name.kind) {
    case TOKEN_SPACE:
      lexer->spaced = true;
      break;
    case TOKEN_IGNORED:
      break;
    case TOKEN_SIDE:
      skip_spaces(lexer);
      lexer->side = name.value;
      if (peek(lexer, 0) == '.' && name.value > 0) {
        lexer->at++;
        lexer->side = 0;
      }
      break;
    case TOKEN_TEXT:
    case TOKEN_BOX:
      skip_spaces(lexer);
      if (peek(lexer, 0) != '{') break;
      lexer->text_next = name.kind == TOKEN_TEXT;
      lexer->box_next = name.kind == TOKEN_BOX;
      open_brace(lexer);
      break;
    case TOKEN_HIDDEN:
      if (peek(lexer, 0) == '*') lexer->at++;
      if (peek(lexer, 0) == '{')
        skip_group(lexer);
      else if (lexer->at < lexer->size)
        lexer->at++;
      break;
    case TOKEN_OPERATOR_NAME:
      lex_operator_name(lexer, begin);
      break;
    case TOKEN_BEGIN:
    case TOKEN_FINISH:
      lex_environment(lexer, (enum token_kind)name.kind, begin);
      break;
    case TOKEN_BAR:
      emit(lexer, TOKEN_BAR, lexer->side > 0 ? lexer->side : name.value, begin, lexer->at);
      break;
    default:
      emit(lexer, (enum token_kind)name.kind, name.value, begin + 1, lexer->at);
  }
}

/* \cosx is \cos x: the longest prefix that is a command, where one or two letters (or capitals: \triangleABC) are left. */
static u32 command_prefix(const char *text, u32 letters, struct lexer_name *name) {
  for (u32 size = letters; size >= 2; size--) {
    if (!lexer_command(text, size, name)) continue;
    if (size == letters || letters - size <= 2 || few_capitals(text + size, letters - size))
      return size == letters || name->kind != TOKEN_IGNORED ? size : 0;
  }
  return 0;
}

static void lex_command(struct lexer *lexer, u32 begin, u32 letters) {
  struct lexer_name name;
  const u32 size = command_prefix(lexer->text + begin + 1, letters, &name);
  if (size == 0) {
    fail(lexer, READ_UNREADABLE, begin);
    return;
  }
  lexer->at = begin + 1 + size;
  obey(lexer, name, begin);
  if (lexer->outcome == READ_OK && size < letters && lexer->at == begin + 1 + size) emit_letters(lexer, letters - size);
}

/* \\: the end of a row; with a command's letters behind it outside a matrix, one backslash too many. */
static void lex_two_backslashes(struct lexer *lexer) {
  struct lexer_name name;
  const u32 begin = lexer->at, letters = letters_at(lexer, begin + 2);
  lexer->at += 2;
  if (lexer->environments == 0 && letters >= 2 && command_prefix(lexer->text + begin + 2, letters, &name) > 0) {
    lex_command(lexer, begin + 1, letters);
    return;
  }
  if (peek(lexer, 0) == '[' && is_digit(peek(lexer, 1))) {
    u32 size = 1;
    while (is_digit(peek(lexer, size)) || is_letter(peek(lexer, size)) || peek(lexer, size) == '.') size++;
    if (peek(lexer, size) == ']' && !is_digit(peek(lexer, size - 1))) lexer->at += size + 1;
  }
  emit(lexer, TOKEN_ROW, 0, begin, begin + 2);
}

static void lex_escape(struct lexer *lexer, u32 begin, char c) {
  static const struct {
    char c;
    u8 kind;
    u16 value;
  } escapes[] = {{'{', TOKEN_OPEN, '{'}, {'}', TOKEN_CLOSE, '}'}, {'%', TOKEN_PERCENT, 0}, {'$', TOKEN_MONEY, 0},
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
  if (lexer->environments > 0 && (is_digit(c) || c == '-' || c == '.')) {
    lexer->at--;
    emit(lexer, TOKEN_ROW, 0, begin, begin + 1);
    return;
  }
  if (c == '-') return;
  for (u32 i = 0; i < COUNT_OF(escapes); i++) {
    if (escapes[i].c != c) continue;
    emit(lexer, (enum token_kind)escapes[i].kind, escapes[i].value, begin, begin + 2);
    return;
  }
  fail(lexer, READ_UNREADABLE, begin);
}

static void lex_backslash(struct lexer *lexer) {
  const u32 begin = lexer->at, letters = letters_at(lexer, begin + 1);
  const char c = peek(lexer, 1);
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

/* ---- signs ---- */

static void take(struct lexer *lexer, enum token_kind kind, u32 value, u32 size) {
  const u32 begin = lexer->at;
  lexer->at += size;
  emit(lexer, kind, value, begin, begin + size);
}

static void lex_less(struct lexer *lexer) {
  if (lexer->side > 0)
    take(lexer, TOKEN_OPEN, '<', 1);
  else if (peek(lexer, 1) == '=')
    take(lexer, TOKEN_RELATION, RELATION_LESS_EQUAL, 2);
  else
    take(lexer, TOKEN_RELATION, RELATION_LESS, 1);
}
static void lex_greater(struct lexer *lexer) {
  if (lexer->side > 0)
    take(lexer, TOKEN_CLOSE, '>', 1);
  else if (peek(lexer, 1) == '=')
    take(lexer, TOKEN_RELATION, RELATION_GREATER_EQUAL, 2);
  else
    take(lexer, TOKEN_RELATION, RELATION_GREATER, 1);
}
static void lex_equal(struct lexer *lexer) {
  if (peek(lexer, 1) == '>')
    take(lexer, TOKEN_UNSUPPORTED, 0, 2);
  else if (peek(lexer, 1) == '<')
    take(lexer, TOKEN_RELATION, RELATION_LESS_EQUAL, 2);
  else
    take(lexer, TOKEN_RELATION, RELATION_EQUAL, peek(lexer, 1) == '=' ? 2 : 1);
}
/* 5!=120 could be "5! = 120" and "5 is not 120". */
static void lex_exclamation(struct lexer *lexer) {
  const enum token_kind before = (enum token_kind)last(lexer)->kind;
  if (peek(lexer, 1) != '=' || peek(lexer, 2) == '=')
    take(lexer, TOKEN_FACTORIAL, 0, 1);
  else if (!lexer->spaced && (before == TOKEN_NUMBER || before == TOKEN_CLOSE || before == TOKEN_UNGROUP))
    take(lexer, TOKEN_AMBIGUOUS, 0, 2);
  else
    take(lexer, TOKEN_RELATION, RELATION_NOT_EQUAL, 2);
}
static void lex_stop(struct lexer *lexer) {
  if (is_digit(peek(lexer, 1)))
    lex_number(lexer);
  else if (peek(lexer, 1) == '.')
    take(lexer, TOKEN_UNSUPPORTED, 0, 2);
  else
    take(lexer, TOKEN_STOP, 0, 1);
}
static void lex_comma(struct lexer *lexer) {
  const bool grouped = peek(lexer, 1) == '\\' && peek(lexer, 2) == '!';
  take(lexer, TOKEN_COMMA, 0, 1);
  if (!grouped || lexer->outcome != READ_OK) return;
  lexer->list->tokens[lexer->list->count - 1].marks |= TOKEN_GROUPED;
  lexer->at += 2;
  skip_spaces(lexer);
}
static void lex_open(struct lexer *lexer) {
  if (lexer->side > 0)
    take(lexer, TOKEN_OPEN, '{', 1); /* \left{ */
  else if (!lex_small_group(lexer))
    open_brace(lexer);
}
static void lex_close(struct lexer *lexer) {
  if (lexer->side > 0)
    take(lexer, TOKEN_CLOSE, '}', 1);
  else
    close_brace(lexer);
}
static void lex_dollar(struct lexer *lexer) {
  if (lexer->dollars_are_money) {
    take(lexer, TOKEN_MONEY, CURRENCY_DOLLAR, 1);
    return;
  }
  lexer->spaced = true;
  lexer->at++;
}
static void lex_minus(struct lexer *lexer) {
  if (peek(lexer, 1) == '>')
    take(lexer, TOKEN_UNSUPPORTED, 0, 2);
  else if (peek(lexer, 1) == '/' && peek(lexer, 2) == '+')
    take(lexer, TOKEN_PLUS_MINUS, 1, 3);
  else
    take(lexer, TOKEN_MINUS, 0, 1);
}
static void lex_plus(struct lexer *lexer) {
  if (peek(lexer, 1) == '/' && peek(lexer, 2) == '-')
    take(lexer, TOKEN_PLUS_MINUS, 0, 3);
  else
    take(lexer, TOKEN_PLUS, 0, 1);
}

static void lex_sign(struct lexer *lexer) {
  const char c = peek(lexer, 0);
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
    case '*':
      take(lexer, peek(lexer, 1) == '*' ? TOKEN_POWER : TOKEN_TIMES, 0, peek(lexer, 1) == '*' ? 2 : 1);
      break;
    case ':':
      take(lexer, peek(lexer, 1) == '=' ? TOKEN_RELATION : TOKEN_COLON, RELATION_EQUAL, peek(lexer, 1) == '=' ? 2 : 1);
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
      } signs[] = {{'/', TOKEN_SLASH},   {'^', TOKEN_POWER}, {'_', TOKEN_SUBSCRIPT}, {'\'', TOKEN_PRIME},
                   {'%', TOKEN_PERCENT}, {';', TOKEN_SEMICOLON}, {'&', TOKEN_AMPERSAND}};
      for (u32 i = 0; i < COUNT_OF(signs); i++) {
        if (signs[i].c != c) continue;
        take(lexer, (enum token_kind)signs[i].kind, 0, 1);
        return;
      }
      fail(lexer, READ_UNREADABLE, lexer->at);
    }
  }
}

/* Dollar signs are brackets of mathematics where their number is even, money where it is odd. */
static bool odd_dollars(const struct folded *folded) {
  bool odd = false;
  for (u32 i = 0; i < folded->size; i++)
    odd ^= folded->text[i] == '$' && (i == 0 || folded->text[i - 1] != '\\');
  return odd;
}

enum read_outcome lexer_run(struct token_list *list, const struct folded *folded, u32 *place) {
  struct lexer lexer = {.folded = folded, .list = list, .text = folded->text, .size = folded->size};
  lexer.dollars_are_money = odd_dollars(folded);
  list->count = 0;
  while (lexer.at < lexer.size && lexer.outcome == READ_OK) {
    const char c = lexer.text[lexer.at];
    if (is_space(c)) {
      lexer.spaced = true;
      lexer.at++;
    } else if (c == '\\') {
      lex_backslash(&lexer);
    } else if (is_digit(c)) {
      lex_number(&lexer);
    } else if (is_letter(c)) {
      lex_letters(&lexer);
    } else {
      lex_sign(&lexer);
    }
  }
  if (lexer.brace_count > 0) fail(&lexer, READ_UNREADABLE, lexer.size);
  list->tokens[list->count] = (struct token){
      .kind = TOKEN_END, .marks = TOKEN_SPACED, .begin = (u16)folded->size, .end = (u16)folded->size};
  *place = lexer.place;
  return lexer.outcome;
}
