/* Functions by name, with or without brackets: \sin^2 x, \log_2 8, \max(1, 2); short sums and products. */
#include "engine/reward/math/parse.h"

/* sin^{-1} is arcsin; EXPRESSION_FUNCTION_TABLE has them in this order. */
static enum expression_function inverse_of(enum expression_function function) {
  if (function <= FUNCTION_COT) return (enum expression_function)(function + (FUNCTION_ASIN - FUNCTION_SIN));
  if (function >= FUNCTION_SINH && function <= FUNCTION_TANH)
    return (enum expression_function)(function + (FUNCTION_ASINH - FUNCTION_SINH));
  return FUNCTIONS;
}

static bool takes_several(enum expression_function function) {
  return function == FUNCTION_GCD || function == FUNCTION_LCM || function == FUNCTION_MIN || function == FUNCTION_MAX ||
         function == FUNCTION_BINOMIAL;
}

/* What an argument without brackets is made of: 2x, \frac{x}{2}, \pi; no sums, no other functions' products. */
static bool goes_on(const struct parser *parser) {
  switch (parse_kind(parser, 0)) {
    case TOKEN_NUMBER:
    case TOKEN_LETTER:
    case TOKEN_VARIABLE:
    case TOKEN_CONSTANT:
    case TOKEN_FRACTION:
    case TOKEN_ROOT:
    case TOKEN_SURD:
      return true;
    default:
      return false;
  }
}

static u32 parse_bare_argument(struct parser *parser) {
  const u32 base = parser->stacked, place = parse_place(parser);
  const bool bar = parse_kind(parser, 0) == TOKEN_BAR;
  const bool negated = parse_take(parser, TOKEN_MINUS);
  parse_push(parser, parse_factor(parser));
  while (!bar && goes_on(parser) && parser->outcome == READ_OK && !parser->pool->full) {
    if (parse_kind(parser, 0) == TOKEN_NUMBER && parser->tokens[parser->at - 1].kind != TOKEN_UNGROUP &&
        parser->fraction_end != parser->at)
      parse_fail(parser, READ_UNREADABLE);
    else
      parse_push(parser, parse_factor(parser));
  }
  u32 node = parse_pack(parser, EXPRESSION_MULTIPLY, 0, base, place);
  if (negated) node = expression_node(parser->pool, EXPRESSION_NEGATE, 0, &node, 1, place);
  const enum token_kind behind = parse_kind(parser, 0);
  const bool opens = behind == TOKEN_OPEN && parse_token(parser, 0)->value != '[';
  if (!bar && (behind == TOKEN_SLASH || opens)) return parse_fail(parser, READ_AMBIGUOUS); /* \sin x/2, \sin 2(x+1) */
  return node;
}

static u32 parse_one_argument(struct parser *parser) {
  const struct token *const next = parse_token(parser, 0);
  if (next->kind == TOKEN_OPEN && (next->value == '(' || next->value == '[')) {
    const u32 inside = parse_open(parser);
    return parse_is(parser, inside, EXPRESSION_TUPLE) || parse_is(parser, inside, EXPRESSION_INTERVAL)
               ? parse_fail(parser, READ_UNREADABLE)
               : parse_scalar(parser, inside);
  }
  if (next->kind == TOKEN_GROUP) return parse_argument(parser);
  if (next->kind == TOKEN_END || next->kind == TOKEN_MINUS || goes_on(parser) || next->kind == TOKEN_BAR ||
      next->kind == TOKEN_FUNCTION || next->kind == TOKEN_ACCENT || next->kind == TOKEN_OVERLINE ||
      next->kind == TOKEN_BEGIN || next->kind == TOKEN_BINOMIAL || next->kind == TOKEN_OPEN)
    return parse_bare_argument(parser);
  return parse_fail(parser, READ_UNREADABLE);
}

static u32 parse_several_arguments(struct parser *parser, enum expression_function function, u32 place) {
  const struct token *const next = parse_token(parser, 0);
  const u32 base = parser->stacked;
  const bool opens = next->kind == TOKEN_OPEN && (next->value == '(' || next->value == '{' || next->value == '[');
  if (!opens && next->kind != TOKEN_GROUP) /* \max{(1, 2)} */
    return parse_fail(parser, READ_UNREADABLE);
  const u32 inside = next->kind == TOKEN_GROUP ? parse_group(parser) : parse_open(parser);
  if (inside == EXPRESSION_NONE) return EXPRESSION_NONE;
  const struct expression *const at = expression_at(parser->pool, inside);
  const bool list = at->kind == EXPRESSION_TUPLE || at->kind == EXPRESSION_SET || at->kind == EXPRESSION_INTERVAL;
  const u32 count = list ? at->count : 1;
  parser->stacked = base;
  for (u32 i = 0; i < count; i++)
    if (parse_scalar(parser, list ? expression_child(parser->pool, inside, i) : inside) == EXPRESSION_NONE)
      return EXPRESSION_NONE;
  if (count == 1 && function != FUNCTION_BINOMIAL)
    return list ? expression_child(parser->pool, inside, 0) : inside; /* gcd(32) */
  if (count == 0 || count > 16 || (function == FUNCTION_BINOMIAL && count != 2))
    return parse_fail(parser, READ_UNREADABLE);
  return expression_node(parser->pool, EXPRESSION_FUNCTION, function, parser->pool->children + at->first, count, place);
}

/* \log_2 8, \log_{10}(x), log_10(x). \log_28 is the logarithm of 8. */
static u32 parse_log_base(struct parser *parser) {
  parser->at++;
  const struct token *const next = parse_token(parser, 0);
  if (next->kind != TOKEN_NUMBER) return parse_argument(parser);
  const u32 behind = next->kind == TOKEN_NUMBER ? (u32)parse_kind(parser, 1) : 0;
  if (next->end - next->begin == 1 || (behind == TOKEN_OPEN && parse_token(parser, 1)->value == '('))
    return parse_number(parser);
  if (parser->tokens[parser->at - 2].kind == TOKEN_FUNCTION && !parse_starts_primary(parser, 1))
    return parse_argument(parser);
  if (parse_spaced(parser, 1)) return parse_number(parser);
  return parse_fail(parser, READ_AMBIGUOUS);
}

static bool is_minus_one(const struct parser *parser, u32 node) {
  if (!parse_is(parser, node, EXPRESSION_NEGATE)) return false;
  const u32 inside = expression_child(parser->pool, node, 0);
  const struct expression *const number = expression_at(parser->pool, inside);
  return number->kind == EXPRESSION_NUMBER && number->text_size == 1 && parser->pool->text[number->text] == '1';
}

/* *power: \log_2^2 8 has it behind its base. */
static u32 parse_log(struct parser *parser, u32 *power, u32 place) {
  if (parse_kind(parser, 0) != TOKEN_SUBSCRIPT) {
    const u32 argument = parse_one_argument(parser);
    return expression_node(parser->pool, EXPRESSION_FUNCTION, FUNCTION_LOG, &argument, 1, place);
  }
  const u32 base = parse_log_base(parser);
  if (*power == EXPRESSION_NONE && parse_take(parser, TOKEN_POWER)) {
    *power = parse_argument(parser);
    if (is_minus_one(parser, *power)) return parse_fail(parser, READ_UNSUPPORTED);
  }
  const u32 argument = parse_one_argument(parser);
  return parse_pair(parser, EXPRESSION_FUNCTION, FUNCTION_LOG, argument, base, place);
}

/* cis x is cos x + i sin x. */
static u32 parse_cis(struct parser *parser, u32 place) {
  const u32 argument = parse_one_argument(parser);
  const u32 unit = expression_leaf(parser->pool, EXPRESSION_CONSTANT, CONSTANT_I, NULL, 0, place);
  const u32 cosine = expression_node(parser->pool, EXPRESSION_FUNCTION, FUNCTION_COS, &argument, 1, place);
  const u32 sine = expression_node(parser->pool, EXPRESSION_FUNCTION, FUNCTION_SIN, &argument, 1, place);
  return parse_pair(parser, EXPRESSION_ADD, 0, cosine, parse_pair(parser, EXPRESSION_MULTIPLY, 0, unit, sine, place),
                    place);
}

u32 parse_function(struct parser *parser) {
  enum expression_function function = (enum expression_function)parse_token(parser, 0)->value;
  const u32 place = parse_place(parser);
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  parser->at++;
  u32 power = EXPRESSION_NONE, node;
  if (parse_take(parser, TOKEN_POWER)) {
    const bool digit = parse_kind(parser, 0) == TOKEN_NUMBER && parse_kind(parser, 1) == TOKEN_SUBSCRIPT;
    power = digit ? parse_argument(parser) : parse_script(parser); /* \log^2_3 9 */
    if (is_minus_one(parser, power)) {
      function = inverse_of(function);
      if (function == FUNCTIONS) return parse_leave(parser, parse_fail(parser, READ_UNSUPPORTED));
      power = EXPRESSION_NONE;
    }
  }
  if (takes_several(function)) {
    node = parse_several_arguments(parser, function, place);
  } else if (function == FUNCTION_LOG) {
    node = parse_log(parser, &power, place);
  } else if (function == FUNCTION_CIS) {
    node = parse_cis(parser, place);
  } else {
    const u32 argument = parse_one_argument(parser);
    node = expression_node(parser->pool, EXPRESSION_FUNCTION, function, &argument, 1, place);
  }
  if (power != EXPRESSION_NONE) node = parse_pair(parser, EXPRESSION_POWER, 0, node, power, place);
  return parse_leave(parser, node);
}

/* ---- sums and products ---- */

/* _{k = 1} */
static void parse_lower_bound(struct parser *parser, u32 *variable, u32 *from) {
  parser->at++;
  const bool grouped = parse_take(parser, TOKEN_GROUP);
  if (!grouped || (parse_kind(parser, 0) != TOKEN_LETTER && parse_kind(parser, 0) != TOKEN_VARIABLE)) {
    parse_fail(parser, READ_UNSUPPORTED);
    return;
  }
  const struct token letter = *parse_token(parser, 0);
  *variable = expression_leaf(parser->pool, EXPRESSION_VARIABLE, 0, parser->source->text + letter.begin,
                              (u32)letter.end - letter.begin, parse_place(parser));
  parser->at++;
  if (parse_kind(parser, 0) != TOKEN_RELATION || parse_token(parser, 0)->value != RELATION_EQUAL) {
    parse_fail(parser, READ_UNSUPPORTED);
    return;
  }
  parser->at++;
  *from = parse_sum(parser);
  if (!parse_take(parser, TOKEN_UNGROUP)) parse_fail(parser, READ_UNSUPPORTED);
}

/* ^c_{k = 1}: the letter alone, without what is under it. */
static u32 parse_upper_bound(struct parser *parser) {
  const struct token *const token = parse_token(parser, 0);
  if (token->kind != TOKEN_LETTER) return parse_script(parser);
  const u32 place = parse_place(parser);
  parser->at++;
  return expression_leaf(parser->pool, EXPRESSION_VARIABLE, 0, parser->source->text + token->begin, 1, place);
}

static bool is_infinite(const struct parser *parser, u32 node) {
  if (parse_is(parser, node, EXPRESSION_NEGATE)) node = expression_child(parser->pool, node, 0);
  return parse_is(parser, node, EXPRESSION_CONSTANT) && expression_at(parser->pool, node)->value == CONSTANT_INFINITY;
}

static bool is_named(const struct parser *parser, u32 node, char letter) {
  if (node == EXPRESSION_NONE) return false;
  const struct expression *const at = expression_at(parser->pool, node);
  return at->text_size == 1 && (char)parser->pool->text[at->text] == letter;
}

u32 parse_big_operator(struct parser *parser) {
  const u32 place = parse_place(parser);
  const enum expression_kind kind = parse_kind(parser, 0) == TOKEN_SUM ? EXPRESSION_SUM : EXPRESSION_PRODUCT;
  u32 parts[4] = {EXPRESSION_NONE, EXPRESSION_NONE, EXPRESSION_NONE, EXPRESSION_NONE};
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  const u32 start = parser->at;
  parser->at++;
  for (u32 i = 0; i < 2; i++) {
    if (parse_kind(parser, 0) == TOKEN_SUBSCRIPT) {
      parse_lower_bound(parser, &parts[0], &parts[1]);
    } else if (parse_take(parser, TOKEN_POWER)) {
      parts[2] = parse_upper_bound(parser);
    }
  }
  if (parts[1] == EXPRESSION_NONE || parts[2] == EXPRESSION_NONE || is_infinite(parser, parts[1]) ||
      is_infinite(parser, parts[2])) {
    if (parser->outcome == READ_OK) parser->at = start;
    return parse_leave(parser, parse_fail(parser, READ_UNSUPPORTED));
  }
  const bool outer[2] = {parser->bound[0], parser->bound[1]};
  parser->bound[0] = outer[0] || is_named(parser, parts[0], 'e');
  parser->bound[1] = outer[1] || is_named(parser, parts[0], 'i');
  parts[3] = parse_term(parser);
  parser->bound[0] = outer[0];
  parser->bound[1] = outer[1];
  return parse_leave(parser, expression_node(parser->pool, kind, 0, parts, 4, place));
}
