/* What the parts of the lexer share. Private to lexer*.c. */
#ifndef RLSP_ENGINE_REWARD_MATH_LEXER_STATE_H
#define RLSP_ENGINE_REWARD_MATH_LEXER_STATE_H

#include "engine/reward/math/lexer.h"

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
  bool text_next, box_next, dollars_are_money, quoted;
  u32 brace_count;
  u8 braces[VERIFIER_DEPTH_MAX];
  enum read_outcome outcome;
  u32 place;
};

static inline bool lexer_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool lexer_is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static inline bool lexer_is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == '~'; }

static inline char lexer_peek(const struct lexer *lexer, u32 ahead) {
  return lexer->at + ahead < lexer->size ? lexer->text[lexer->at + ahead] : 0;
}
/* Letters in a row from there. */
u32 lexer_letters(const struct lexer *lexer, u32 at);
void lexer_skip_spaces(struct lexer *lexer);
/* Keeps the first. */
void lexer_fail(struct lexer *lexer, enum read_outcome outcome, u32 place);
/* The token before; of kind END where there is none. */
const struct token *lexer_last(const struct lexer *lexer);
void lexer_emit(struct lexer *lexer, enum token_kind kind, u32 value, u32 begin, u32 end);
void lexer_emit_letters(struct lexer *lexer, u32 letters);
bool lexer_few_capitals(const char *text, u32 letters);

/* ---- lexer_braces.c ---- */
void lexer_open_brace(struct lexer *lexer);
void lexer_close_brace(struct lexer *lexer);
bool lexer_small_group(struct lexer *lexer);
void lexer_skip_group(struct lexer *lexer);
/* ---- what begins at lexer->at: lexer_letters.c, lexer_commands.c, lexer_signs.c ---- */
void lexer_number(struct lexer *lexer);
void lexer_row_of_letters(struct lexer *lexer);
void lexer_backslash(struct lexer *lexer);
void lexer_sign(struct lexer *lexer);

#endif
