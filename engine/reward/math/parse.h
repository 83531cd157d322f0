/* The grammar: tokens to an expression tree, by descent. What the parts of it (parse_*.c) share. Private to them and to read.c.
 *
 *   list        item (, item)*, lists of lists by semicolons, "and", "or"                     parse_list.c
 *   item        a choice, words, a date, a time, or a relation                                parse_list.c, parse_words.c
 *   relation    set (= set)*                                                                  parse_relation.c
 *   set         sum (\cup sum)*                                                               parse_relation.c
 *   sum         term (+ term)*, marks and units behind them                                   parse_sum.c, parse_units.c
 *   term        factor (* factor)*, also without a sign between                               parse_sum.c
 *   factor      primary with powers, factorials, percent, degrees                             parse_factor.c
 *   primary     by the kind of its first token: one table                                     parse_primary.c, parse_number.c, ...
 *
 * Every way down goes through parse_enter, so that depth is bounded. Each part takes at least one token or fails, and looks ahead by a bounded
 * number of tokens, or over tokens that it will take: time is linear.
 * Fails: parse_fail keeps the first outcome and place, moves to the end, and returns EXPRESSION_NONE; callers pass it on. */
#ifndef RLSP_ENGINE_REWARD_MATH_PARSE_H
#define RLSP_ENGINE_REWARD_MATH_PARSE_H

#include "engine/reward/math/lexer.h"

/* A bracket takes up to three ways down: a list, a factor and itself. */
#define PARSE_DEPTH_MAX (3u * VERIFIER_DEPTH_MAX)

struct parser {
  struct expression_pool *pool;
  const struct folded *source;
  struct token *tokens; /* a NUMBER may be eaten digit by digit: \frac12 */
  u32 count, at;
  u32 depth;
  u32 bars;               /* | that are open */
  u32 fraction_end;       /* the token behind the last \frac */
  bool one_row;           /* in a matrix of one row, which may be two whose end was lost */
  bool row_may_end;       /* in the last cell of a matrix's row: a fraction or a root begins the next */
  bool commas_separate;   /* in brackets: (1,234) is a point */
  bool colons_separate;   /* in braces of a set: {x : x > 0} */
  bool bracket_may_close; /* in [a, b[ */
  bool bound[2];          /* in a sum over e, over i: letters there, no numbers */
  enum read_outcome outcome;
  u32 place; /* in the source text */
  u32 stacked;
  u32 stack[TOKENS_MAX]; /* children of the nodes that are not complete: every one took a token */
  char text[FOLDED_BYTES_MAX];
};

/* ---- tokens ---- */
static inline const struct token *parse_token(const struct parser *parser, u32 ahead) {
  const u32 at = parser->at + ahead;
  return &parser->tokens[at < parser->count ? at : parser->count];
}
static inline enum token_kind parse_kind(const struct parser *parser, u32 ahead) {
  return (enum token_kind)parse_token(parser, ahead)->kind;
}
static inline bool parse_spaced(const struct parser *parser, u32 ahead) {
  return (parse_token(parser, ahead)->marks & TOKEN_SPACED) != 0;
}
static inline u32 parse_place(const struct parser *parser) {
  return parser->source->places[parse_token(parser, 0)->begin];
}
/* Takes the next token where it is of that kind. */
bool parse_take(struct parser *parser, enum token_kind kind);

/* ---- nodes ---- */
u32 parse_fail(struct parser *parser, enum read_outcome outcome);
bool parse_enter(struct parser *parser);
u32 parse_leave(struct parser *parser, u32 node);
void parse_push(struct parser *parser, u32 node);
/* One node of all that was pushed since `base`; a single one is itself. */
u32 parse_pack(struct parser *parser, enum expression_kind kind, u32 value, u32 base, u32 place);
/* Always a node of that kind, of any number of children. */
u32 parse_pack_all(struct parser *parser, enum expression_kind kind, u32 value, u32 base, u32 place);
bool parse_is(const struct parser *parser, u32 node, enum expression_kind kind);
u32 parse_pair(struct parser *parser, enum expression_kind kind, u32 value, u32 a, u32 b, u32 place);
u32 parse_integer(struct parser *parser, u32 value, u32 place);

/* The node itself, where it is a thing to calculate with (matrices and sets are); else a failure. */
u32 parse_scalar(struct parser *parser, u32 node);

/* ---- grammar ---- */
u32 parse_list(struct parser *parser);
u32 parse_item(struct parser *parser);
bool parse_item_ends(const struct parser *parser, u32 ahead);
u32 parse_relation(struct parser *parser);
/* (mod 5) */
static inline bool parse_opens_modulus(const struct parser *parser) {
  return parse_kind(parser, 0) == TOKEN_OPEN && parse_token(parser, 0)->value == '(' &&
         parse_kind(parser, 1) == TOKEN_MOD;
}
u32 parse_sum(struct parser *parser);
u32 parse_term(struct parser *parser);
u32 parse_factor(struct parser *parser);
u32 parse_primary(struct parser *parser);
bool parse_starts_primary(const struct parser *parser, u32 ahead);
/* Powers and marks behind a primary that was read. */
u32 parse_postfix(struct parser *parser, u32 node);
/* What follows \over or \choose behind `left`; else `left`. */
u32 parse_infix(struct parser *parser, u32 left, u32 place);
/* {..} or one digit, letter, command: what \frac takes. */
u32 parse_argument(struct parser *parser);
/* What ^ takes. */
u32 parse_script(struct parser *parser);
u32 parse_number(struct parser *parser);
/* A5_{11}: digits with letters among them, in the base that follows; EXPRESSION_NONE without a failure where there is none. */
u32 parse_lettered_number(struct parser *parser);
/* (101)_2 */
u32 parse_base_behind(struct parser *parser, u32 node);
u32 parse_group(struct parser *parser);
u32 parse_open(struct parser *parser);
u32 parse_bar(struct parser *parser);
u32 parse_begin(struct parser *parser);
u32 parse_letter(struct parser *parser);
u32 parse_variable(struct parser *parser);
u32 parse_overline(struct parser *parser);
u32 parse_accent(struct parser *parser);
u32 parse_italic(struct parser *parser);
u32 parse_blackboard(struct parser *parser);
u32 parse_figure(struct parser *parser);
u32 parse_function(struct parser *parser);
u32 parse_big_operator(struct parser *parser);
/* A unit, money or a word for a magnitude behind a quantity; `node` itself where there is none. */
u32 parse_unit(struct parser *parser, u32 node);
bool parse_starts_unit(const struct parser *parser);
/* A choice, a date, a time or words: EXPRESSION_NONE without a failure where the item is none of these. */
u32 parse_words(struct parser *parser);
/* The words in parser->text, in lower case: TEXT, or the mathematics that they stand for. */
u32 parse_phrase(struct parser *parser, u32 size, u32 place);

#endif
