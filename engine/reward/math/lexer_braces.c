/* Braces: groups, text, and what is passed over. */
#include "engine/reward/math/lexer_state.h"

void lexer_open_brace(struct lexer *lexer) {
  const enum token_kind before = (enum token_kind)lexer_last(lexer)->kind;
  enum brace brace = lexer->text_depth > 0 ? BRACE_TEXT_GROUP : BRACE_GROUP;
  if (lexer->text_next) brace = before == TOKEN_SUBSCRIPT || before == TOKEN_POWER ? BRACE_TEXT_GROUP : BRACE_TEXT;
  if (lexer->brace_count == VERIFIER_DEPTH_MAX) {
    lexer_fail(lexer, READ_TOO_LARGE, lexer->at);
    return;
  }
  lexer->braces[lexer->brace_count++] = (u8)brace;
  if (brace != BRACE_TEXT) lexer_emit(lexer, TOKEN_GROUP, lexer->box_next, lexer->at, lexer->at + 1);
  if (brace != BRACE_GROUP) lexer->text_depth++;
  lexer->text_next = lexer->box_next = false;
  lexer->at++;
}

void lexer_close_brace(struct lexer *lexer) {
  if (lexer->brace_count == 0) {
    lexer_fail(lexer, READ_UNREADABLE, lexer->at);
    return;
  }
  const enum brace brace = (enum brace)lexer->braces[--lexer->brace_count];
  if (brace != BRACE_GROUP) lexer->text_depth--;
  if (brace != BRACE_TEXT) lexer_emit(lexer, TOKEN_UNGROUP, 0, lexer->at, lexer->at + 1);
  lexer->at++;
}

/* {,} is a separator of thousands, {or} a word. */
bool lexer_small_group(struct lexer *lexer) {
  struct lexer_name name;
  if (lexer_peek(lexer, 1) == ',' && lexer_peek(lexer, 2) == '}') {
    lexer_emit(lexer, TOKEN_COMMA, 0, lexer->at + 1, lexer->at + 2);
    if (lexer->outcome == READ_OK) lexer->list->tokens[lexer->list->count - 1].marks |= TOKEN_GROUPED;
    lexer->at += 3;
    return true;
  }
  const u32 letters = lexer_letters(lexer, lexer->at + 1);
  if (letters < 2 || lexer_peek(lexer, letters + 1) != '}') return false;
  if (!lexer_plain_name(lexer->text + lexer->at + 1, letters, &name)) return false;
  if (name.kind != TOKEN_AND && name.kind != TOKEN_OR) return false;
  lexer_emit(lexer, (enum token_kind)name.kind, 0, lexer->at + 1, lexer->at + 1 + letters);
  lexer->at += letters + 2;
  return true;
}

/* From a { to behind its }: what is hidden, a table's columns. */
void lexer_skip_group(struct lexer *lexer) {
  u32 depth = 0;
  do {
    if (lexer_peek(lexer, 0) == '{') depth++;
    if (lexer_peek(lexer, 0) == '}') depth--;
    lexer->at++;
  } while (depth > 0 && lexer->at < lexer->size);
  if (depth > 0) lexer_fail(lexer, READ_UNREADABLE, lexer->at);
}
