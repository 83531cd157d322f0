/* What stands behind a primary: powers, factorials, percent, degrees. What stands before one: a sign behind another operator. */
#include "engine/reward/math/parse.h"

static u32 one(struct parser *parser, enum expression_kind kind, u32 value, u32 node, u32 place) {
  return expression_node(parser->pool, kind, value, &node, 1, place);
}

/* ^\circ, ^{\circ}, and the letter o behind a number. */
static bool take_degrees(struct parser *parser, u32 node) {
  if (parse_kind(parser, 0) == TOKEN_DEGREE && parse_token(parser, 0)->value == 0) {
    parser->at++;
    return true;
  }
  if (parse_kind(parser, 0) != TOKEN_POWER) return false;
  const bool grouped = parse_kind(parser, 1) == TOKEN_GROUP;
  const struct token *const sign = parse_token(parser, grouped ? 2 : 1);
  const bool letter = sign->kind == TOKEN_LETTER && sign->value == 'o' && parse_is(parser, node, EXPRESSION_NUMBER);
  if (sign->kind != TOKEN_DEGREE && !letter) return false;
  if (grouped && parse_kind(parser, 3) != TOKEN_UNGROUP) return false;
  parser->at += grouped ? 4 : 2;
  return true;
}

u32 parse_script(struct parser *parser) {
  const u32 place = parse_place(parser);
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  u32 node;
  if (parse_take(parser, TOKEN_MINUS)) {
    node = one(parser, EXPRESSION_NEGATE, 0, parse_script(parser), place);
  } else {
    const enum token_kind kind = parse_kind(parser, 0);
    if (kind == TOKEN_NUMBER || kind == TOKEN_LETTER || kind == TOKEN_VARIABLE || kind == TOKEN_GROUP ||
        kind == TOKEN_CONSTANT || kind == TOKEN_OPEN || kind == TOKEN_FRACTION || kind == TOKEN_ROOT)
      node = parse_primary(parser);
    else
      node = parse_fail(parser, READ_UNREADABLE);
    if (parse_is(parser, node, EXPRESSION_SET) || parse_is(parser, node, EXPRESSION_TUPLE))
      node = parse_fail(parser, READ_UNSUPPORTED);
    /* 5^5^5 is 5^(5^5). */
    if (parse_take(parser, TOKEN_POWER))
      node = parse_pair(parser, EXPRESSION_POWER, 0, parse_scalar(parser, node), parse_script(parser), place);
  }
  return parse_leave(parser, node);
}

/* e^{I\\pi}: the I of programs. */
static bool names_imaginary(const struct parser *parser, u32 before) {
  for (u32 i = before; i < parser->pool->node_count; i++) {
    const struct expression *const node = expression_at(parser->pool, i);
    if (node->kind == EXPRESSION_VARIABLE && node->text_size == 1 && parser->pool->text[node->text] == 'I') return true;
  }
  return false;
}

static u32 parse_power(struct parser *parser, u32 node, u32 place) {
  parser->at++;
  if (parse_is(parser, node, EXPRESSION_CONSTANT) && expression_at(parser->pool, node)->value >= CONSTANT_NATURALS)
    return parse_fail(parser, READ_UNSUPPORTED); /* \mathbb{R}^+, \mathbb{R}^2 */
  const u32 before = parser->pool->node_count, exponent = parse_scalar(parser, parse_script(parser));
  if (parse_is(parser, node, EXPRESSION_CONSTANT) && names_imaginary(parser, before))
    return parse_fail(parser, READ_AMBIGUOUS);
  return parse_pair(parser, EXPRESSION_POWER, 0, parse_scalar(parser, node), exponent, place);
}

u32 parse_postfix(struct parser *parser, u32 node) {
  const u32 place = node == EXPRESSION_NONE ? 0 : expression_at(parser->pool, node)->place;
  u32 count = 0;
  while (parser->outcome == READ_OK && !parser->pool->full) {
    const enum token_kind kind = parse_kind(parser, 0);
    if (count++ == VERIFIER_DEPTH_MAX) return parse_fail(parser, READ_TOO_LARGE);
    if (take_degrees(parser, node)) {
      node = one(parser, EXPRESSION_DEGREES, 0, node, place);
    } else if (kind == TOKEN_POWER) {
      node = parse_power(parser, node, place);
      if (parse_kind(parser, 0) == TOKEN_FACTORIAL) return parse_fail(parser, READ_AMBIGUOUS);
    } else if (kind == TOKEN_FACTORIAL) {
      const bool twice = parse_kind(parser, 1) == TOKEN_FACTORIAL && !parse_spaced(parser, 1);
      parser->at += twice ? 2 : 1;
      node = one(parser, EXPRESSION_FUNCTION, twice ? FUNCTION_DOUBLE_FACTORIAL : FUNCTION_FACTORIAL, node, place);
    } else if (kind == TOKEN_PERCENT) {
      parser->at++;
      node = one(parser, EXPRESSION_PERCENT, 0, node, place);
    } else if (kind == TOKEN_SUBSCRIPT && parse_is(parser, node, EXPRESSION_NUMBER)) {
      node = parse_base_behind(parser, node);
    } else {
      break;
    }
  }
  return node;
}

/* $5, \$5 */
static u32 parse_money(struct parser *parser, u32 place) {
  static const char *const signs[] = {"$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5", "\xe2\x82\xb9"};
  static const u8 sizes[] = {1, 3, 2, 2, 3};
  const u32 currency = parse_token(parser, 0)->value;
  parser->at++;
  u32 amount = parse_factor(parser);
  return expression_named(parser->pool, EXPRESSION_MONEY, 0, &amount, 1, signs[currency], sizes[currency], place);
}

u32 parse_factor(struct parser *parser) {
  const u32 place = parse_place(parser);
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  u32 node;
  if (parse_take(parser, TOKEN_MINUS))
    node = one(parser, EXPRESSION_NEGATE, 0, parse_factor(parser), place);
  else if (parse_take(parser, TOKEN_PLUS))
    node = parse_factor(parser);
  else if (parse_kind(parser, 0) == TOKEN_MONEY)
    node = parse_money(parser, place);
  else
    node = parse_postfix(parser, parse_primary(parser));
  return parse_leave(parser, node);
}
