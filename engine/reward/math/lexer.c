#include "engine/reward/math/lexer_state.h"

void lexer_fail(struct lexer *lexer, enum read_outcome outcome, u32 place) {
  if (lexer->outcome != READ_OK) return;
  lexer->outcome = outcome;
  lexer->place = place;
}

u32 lexer_letters(const struct lexer *lexer, u32 at) {
  u32 count = 0;
  while (at + count < lexer->size && lexer_is_letter(lexer->text[at + count])) count++;
  return count;
}
void lexer_skip_spaces(struct lexer *lexer) {
  while (lexer->at < lexer->size && lexer_is_space(lexer->text[lexer->at])) lexer->at++;
}

const struct token *lexer_last(const struct lexer *lexer) {
  static const struct token none = {.kind = TOKEN_END};
  return lexer->list->count > 0 ? &lexer->list->tokens[lexer->list->count - 1] : &none;
}

void lexer_emit(struct lexer *lexer, enum token_kind kind, u32 value, u32 begin, u32 end) {
  if (lexer->list->count == TOKENS_MAX) {
    lexer_fail(lexer, READ_TOO_LARGE, begin);
    return;
  }
  const u32 marks = (lexer->spaced ? TOKEN_SPACED : 0u) | (lexer->text_depth > 0 ? TOKEN_IN_TEXT : 0u);
  lexer->list->tokens[lexer->list->count++] =
      (struct token){.kind = (u8)kind, .marks = (u8)marks, .value = (u16)value, .begin = (u16)begin, .end = (u16)end};
  lexer->spaced = false;
  lexer->side = 0;
}

void lexer_emit_letters(struct lexer *lexer, u32 letters) {
  for (u32 i = 0; i < letters; i++, lexer->at++)
    lexer_emit(lexer, TOKEN_LETTER, (u8)lexer->text[lexer->at], lexer->at, lexer->at + 1);
}

/* Capitals alone are names, in \text{} as well (AB), where they are few. */
bool lexer_few_capitals(const char *text, u32 letters) {
  for (u32 i = 0; i < letters; i++)
    if (text[i] < 'A' || text[i] > 'Z') return false;
  return letters <= 3;
}

/* Dollar signs are brackets of mathematics where their number is even, money where it is odd. */
static bool odd_dollars(const struct folded *folded) {
  bool odd = false;
  for (u32 i = 0; i < folded->size; i++) odd ^= folded->text[i] == '$' && (i == 0 || folded->text[i - 1] != '\\');
  return odd;
}

enum read_outcome lexer_run(struct token_list *list, const struct folded *folded, u32 *place) {
  struct lexer lexer = {.folded = folded, .list = list, .text = folded->text, .size = folded->size};
  lexer.dollars_are_money = odd_dollars(folded);
  list->count = 0;
  while (lexer.at < lexer.size && lexer.outcome == READ_OK) {
    const char c = lexer.text[lexer.at];
    if (lexer_is_space(c)) {
      lexer.spaced = true;
      lexer.at++;
    } else if (c == '\\') {
      lexer_backslash(&lexer);
    } else if (lexer_is_digit(c)) {
      lexer_number(&lexer);
    } else if (lexer_is_letter(c)) {
      lexer_row_of_letters(&lexer);
    } else {
      lexer_sign(&lexer);
    }
  }
  if (lexer.quoted) lexer_fail(&lexer, READ_UNREADABLE, lexer.size);
  if (lexer.brace_count > 0) lexer_fail(&lexer, READ_UNREADABLE, lexer.size);
  list->tokens[list->count] =
      (struct token){.kind = TOKEN_END, .marks = TOKEN_SPACED, .begin = (u16)folded->size, .end = (u16)folded->size};
  *place = lexer.place;
  return lexer.outcome;
}
