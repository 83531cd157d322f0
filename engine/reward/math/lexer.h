/* From folded text to tokens: numbers, letters, words, functions, operators. Commands and names come from command_table.h and
 * name_table.h; braces are checked to be balanced and not too deep, so that a parser can trust them. \text{..} has no tokens of its own: what is in
 * it carries a mark. One pass, no going back.
 * Called by: read.c. Owns nothing. Fails: outcome and place (in the folded text). */
#ifndef RLSP_ENGINE_REWARD_MATH_LEXER_H
#define RLSP_ENGINE_REWARD_MATH_LEXER_H

#include "engine/reward/math/token_table.h"
#include "engine/reward/math/fold.h"
#include "engine/reward/math/read.h"

enum token_kind {
#define TOKEN(name, meaning) TOKEN_##name,
  TOKEN_TABLE(TOKEN)
#undef TOKEN
      TOKEN_KINDS
};

enum lexer_environment {
  ENVIRONMENT_MATRIX,
  ENVIRONMENT_DETERMINANT,
  ENVIRONMENT_ROWS,    /* cases, aligned: statements in rows */
  ENVIRONMENT_CENTERED /* no rows of its own: equation, center */
};
enum lexer_currency { CURRENCY_DOLLAR, CURRENCY_EURO, CURRENCY_POUND, CURRENCY_YEN, CURRENCY_RUPEE };

enum token_marks {
  TOKEN_SPACED = 1,  /* white space before it */
  TOKEN_IN_TEXT = 2, /* inside \text{..} */
  TOKEN_GROUPED = 4  /* COMMA: {,} or ,\! : a separator of thousands */
};

struct token {
  u8 kind, marks;
  u16 value;
  u16 begin,
      end; /* in the folded text; NUMBER: digits, and a point at most; a sequence of letters without its backslash */
};

/* One a byte at most, and an END. */
#define TOKENS_MAX FOLDED_BYTES_MAX

struct token_list {
  u32 count; /* without the END, which is always there */
  struct token tokens[TOKENS_MAX + 1];
};

enum read_outcome lexer_run(struct token_list *list, const struct folded *folded, u32 *place);

/* ---- lexer_names.c: what a row of letters is ---- */
struct lexer_name {
  u8 kind; /* enum token_kind */
  u16 value;
};
/* A command, without its backslash. Functions are commands too. */
bool lexer_command(const char *text, u32 size, struct lexer_name *name);
/* A function by its name: \\operatorname{lcm}, lcm, \\text{lcm}. */
bool lexer_function(const char *text, u32 size, struct lexer_name *name);
/* Any name of plain text: sin, pi, and, theta. */
bool lexer_plain_name(const char *text, u32 size, struct lexer_name *name);
/* Is a row of letters in plain text a word of the tables (Monday, or cm behind a number) rather than a product (xy)? */
bool lexer_is_word(const char *text, u32 size, bool after_number);
/* By its looks alone; the tables do not have it. */
bool lexer_looks_like_word(const char *text, u32 size);
bool lexer_environment(const char *text, u32 size, enum lexer_environment *environment);

#endif
