/* Sums and products; what may stand side by side without a sign. */
#include "engine/reward/math/parse.h"

static void skip_empty_groups(struct parser *parser) {
  while (parse_kind(parser, 0) == TOKEN_GROUP && parse_kind(parser, 1) == TOKEN_UNGROUP) parser->at += 2;
}

/* 5 (five): words are no factor and no term. */
static void check_scalars(struct parser *parser, u32 base) {
  if (parser->stacked < base + 2) return;
  for (u32 i = base; i < parser->stacked && parser->outcome == READ_OK; i++) parse_scalar(parser, parser->stack[i]);
}

/* -7 mod 3 is 2: the sign belongs to what is divided. */
static u32 negate_dividend(struct parser *parser, u32 node, u32 place) {
  u32 left = expression_child(parser->pool, node, 0);
  const u32 right = expression_child(parser->pool, node, 1);
  left = expression_node(parser->pool, EXPRESSION_NEGATE, 0, &left, 1, place);
  return parse_pair(parser, EXPRESSION_FUNCTION, FUNCTION_MOD, left, right, place);
}

static bool is_modulus(const struct parser *parser, u32 node) {
  return parse_is(parser, node, EXPRESSION_FUNCTION) && expression_at(parser->pool, node)->value == FUNCTION_MOD;
}

static u32 negate(struct parser *parser, u32 node, u32 place) {
  return expression_node(parser->pool, EXPRESSION_NEGATE, 0, &node, 1, place);
}

/* 3 + 2 cm: the unit belongs to the whole. */
static u32 hoist_unit(struct parser *parser, u32 base, u32 place) {
  const u32 last = parser->stack[parser->stacked - 1];
  if (parser->stacked - base < 2) return parse_pack(parser, EXPRESSION_ADD, 0, base, place);
  for (u32 i = base; i + 1 < parser->stacked; i++)
    if (parse_is(parser, parser->stack[i], EXPRESSION_UNIT)) return parse_pack(parser, EXPRESSION_ADD, 0, base, place);
  const bool negated = parse_is(parser, last, EXPRESSION_NEGATE);
  const u32 unit = negated ? expression_child(parser->pool, last, 0) : last;
  if (!parse_is(parser, unit, EXPRESSION_UNIT)) return parse_pack(parser, EXPRESSION_ADD, 0, base, place);
  const u32 bare = expression_child(parser->pool, unit, 0);
  parser->stack[parser->stacked - 1] = negated ? negate(parser, bare, place) : bare;
  const u32 sum = parse_pack(parser, EXPRESSION_ADD, 0, base, place);
  const struct expression *at = expression_at(parser->pool, unit);
  return expression_named(parser->pool, EXPRESSION_UNIT, 0, &sum, 1, (const char *)parser->pool->text + at->text,
                          at->text_size, place);
}

u32 parse_sum(struct parser *parser) {
  const u32 base = parser->stacked, place = parse_place(parser);
  skip_empty_groups(parser);
  for (bool first = true;; first = false) {
    const struct token *sign = parse_token(parser, 0);
    const enum token_kind kind = (enum token_kind)sign->kind;
    const u32 term_place = parse_place(parser);
    const bool sign_here = kind == TOKEN_PLUS || kind == TOKEN_MINUS || kind == TOKEN_PLUS_MINUS;
    /* 5 feet 3 inches */
    const bool implied =
        !first && kind == TOKEN_NUMBER && parse_is(parser, parser->stack[parser->stacked - 1], EXPRESSION_UNIT);
    if (!first && !sign_here && !implied) break;
    if (sign_here) parser->at++;
    const u32 term = parse_term(parser);
    if (implied && !parse_is(parser, term, EXPRESSION_UNIT)) parse_fail(parser, READ_UNREADABLE);
    if (kind == TOKEN_MINUS && first && is_modulus(parser, term)) {
      parse_push(parser, negate_dividend(parser, term, term_place));
    } else if (kind == TOKEN_MINUS) {
      parse_push(parser, negate(parser, term, term_place));
    } else if (kind != TOKEN_PLUS_MINUS) {
      parse_push(parser, term);
    } else if (first) {
      parse_push(parser, expression_node(parser->pool, EXPRESSION_PLUS_MINUS, sign->value, &term, 1, place));
    } else {
      const u32 left = parse_pack(parser, EXPRESSION_ADD, 0, base, place);
      parse_push(parser, parse_pair(parser, EXPRESSION_PLUS_MINUS, sign->value, left, term, place));
    }
    if (parser->outcome != READ_OK || parser->pool->full) break;
  }
  check_scalars(parser, base);
  if (parser->outcome != READ_OK || parser->pool->full) {
    parser->stacked = base;
    return EXPRESSION_NONE;
  }
  return hoist_unit(parser, base, place);
}

/* {1}2, 1{2}, \mathbf{1}2 look like 12, and 0.\overline{3}3 like nothing. */
static bool touches_digits(const struct parser *parser, u32 last) {
  const bool group = parse_kind(parser, 0) == TOKEN_GROUP || parse_kind(parser, 0) == TOKEN_ACCENT;
  const enum token_kind before = (enum token_kind)parser->tokens[parser->at - 1].kind;
  u32 ahead = 0;
  if (!parse_is(parser, last, EXPRESSION_NUMBER) || (before != TOKEN_NUMBER && before != TOKEN_UNGROUP)) return false;
  if (!group && before == TOKEN_NUMBER) return false;
  while (ahead < 3 && (parse_kind(parser, ahead) == TOKEN_GROUP || parse_kind(parser, ahead) == TOKEN_ACCENT)) ahead++;
  return parse_kind(parser, ahead) == TOKEN_NUMBER;
}

/* May the next token begin a factor that no sign stands before? */
static bool continues(struct parser *parser, u32 last) {
  const enum token_kind kind = parse_kind(parser, 0), before = (enum token_kind)parser->tokens[parser->at - 1].kind;
  if (!parse_starts_primary(parser, 0) || kind == TOKEN_MONEY || parse_opens_modulus(parser)) return false;
  if (kind == TOKEN_BAR && parse_token(parser, 0)->value != 1)
    return parse_token(parser, 0)->value == 0 && parser->bars == 0 && !parser->colons_separate;
  if (kind == TOKEN_OPEN && parse_token(parser, 0)->value == '[' && parser->bracket_may_close &&
      !parse_starts_primary(parser, 1))
    return false; /* [0, 1[ */
  if (parser->one_row && (kind == TOKEN_FRACTION || kind == TOKEN_ROOT) && before == TOKEN_UNGROUP) {
    parse_fail(parser, READ_AMBIGUOUS);
    return false;
  }
  if (parser->row_may_end && (kind == TOKEN_FRACTION || kind == TOKEN_ROOT)) return false;
  if (parse_is(parser, last, EXPRESSION_UNIT) && kind == TOKEN_NUMBER) return false; /* 5 feet 3 inches */
  if (parse_is(parser, last, EXPRESSION_TUPLE) || parse_is(parser, last, EXPRESSION_INTERVAL) ||
      parse_is(parser, last, EXPRESSION_SET) || parse_is(parser, last, EXPRESSION_UNIT)) {
    parse_fail(parser, READ_UNREADABLE);
    return false;
  }
  if (touches_digits(parser, last)) {
    parse_fail(parser, READ_AMBIGUOUS);
    return false;
  }
  if (kind != TOKEN_NUMBER) return true;
  if (before == TOKEN_UNGROUP || before == TOKEN_CLOSE || before == TOKEN_FACTORIAL || before == TOKEN_BAR) return true;
  if (parser->fraction_end == parser->at) return true;                           /* \frac1234 */
  parse_fail(parser, before == TOKEN_NUMBER ? READ_UNREADABLE : READ_AMBIGUOUS); /* 3 5, x2 */
  return false;
}

/* 1/2x is read in two ways by people. */
static bool splits_opinion(const struct parser *parser, u32 right_at) {
  const enum token_kind right = (enum token_kind)parser->tokens[right_at].kind;
  if (parse_spaced(parser, 0) || right == TOKEN_OPEN || right == TOKEN_GROUP) return false;
  return parse_starts_primary(parser, 0) && parse_kind(parser, 0) != TOKEN_BAR;
}

static u32 parse_quotient(struct parser *parser, u32 left, u32 place) {
  const u32 right_at = parser->at, right = parse_factor(parser);
  if (splits_opinion(parser, right_at)) return parse_fail(parser, READ_AMBIGUOUS);
  return parse_pair(parser, EXPRESSION_DIVIDE, 0, parse_scalar(parser, left), parse_scalar(parser, right), place);
}

/* 30^\circ C */
static bool is_temperature(const struct parser *parser, u32 last) {
  const struct token *const token = parse_token(parser, 0);
  return parse_is(parser, last, EXPRESSION_DEGREES) && token->kind == TOKEN_LETTER && parse_item_ends(parser, 1) &&
         (token->value == 'C' || token->value == 'F');
}
static u32 parse_temperature(struct parser *parser, u32 degrees) {
  const char scale = (char)parse_token(parser, 0)->value;
  parser->at++;
  return expression_named(parser->pool, EXPRESSION_UNIT, 0, &degrees, 1, &scale, 1, parse_place(parser));
}

/* 1.23 x 10^4 */
static bool is_times_ten(const struct parser *parser) {
  const struct token *const letter = parse_token(parser, 0), *const ten = parse_token(parser, 1);
  return letter->kind == TOKEN_LETTER && letter->value == 'x' && parse_spaced(parser, 0) && parse_spaced(parser, 1) &&
         ten->kind == TOKEN_NUMBER && ten->end - ten->begin == 2 && parser->source->text[ten->begin] == '1' &&
         parser->source->text[ten->begin + 1] == '0' && parse_kind(parser, 2) == TOKEN_POWER &&
         parser->tokens[parser->at - 1].kind == TOKEN_NUMBER;
}

u32 parse_term(struct parser *parser) {
  const u32 base = parser->stacked, place = parse_place(parser);
  u32 last = parse_factor(parser);
  parse_push(parser, last);
  while (parser->outcome == READ_OK && !parser->pool->full) {
    skip_empty_groups(parser);
    const enum token_kind kind = parse_kind(parser, 0);
    if (kind == TOKEN_TIMES || is_times_ten(parser)) {
      parser->at++;
      last = parse_factor(parser);
    } else if (kind == TOKEN_SLASH) {
      parser->at++;
      last = parse_quotient(parser, parse_pack(parser, EXPRESSION_MULTIPLY, 0, base, place), place);
    } else if (kind == TOKEN_MOD) {
      parser->at++;
      const u32 left = parse_pack(parser, EXPRESSION_MULTIPLY, 0, base, place), right = parse_factor(parser);
      last = parse_pair(parser, EXPRESSION_FUNCTION, FUNCTION_MOD, left, right, place);
    } else if (is_temperature(parser, last)) {
      last = parse_temperature(parser, last);
      parser->stacked--;
    } else if (parse_starts_unit(parser)) {
      last = parse_unit(parser, parse_pack(parser, EXPRESSION_MULTIPLY, 0, base, place));
    } else if (continues(parser, last)) {
      last = parse_factor(parser);
    } else {
      break;
    }
    parse_push(parser, last);
  }
  check_scalars(parser, base);
  if (parser->outcome != READ_OK || parser->pool->full) {
    parser->stacked = base;
    return EXPRESSION_NONE;
  }
  return parse_pack(parser, EXPRESSION_MULTIPLY, 0, base, place);
}
