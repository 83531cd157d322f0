/* What an operand begins with: one row a kind of token. Groups, fractions, roots, binomials. */
#include "engine/reward/math/parse.h"

/* What stands in a fraction or under a root. */
static u32 no_list(struct parser *parser, u32 node) {
  const bool list = parse_is(parser, node, EXPRESSION_SET) || parse_is(parser, node, EXPRESSION_TUPLE) ||
                    parse_is(parser, node, EXPRESSION_INTERVAL);
  return list ? parse_fail(parser, READ_UNREADABLE) : parse_scalar(parser, node);
}

/* {1 \over 2}, {n \choose k} */
u32 parse_infix(struct parser *parser, u32 left, u32 place) {
  if (parse_take(parser, TOKEN_OVER)) {
    const u32 right = no_list(parser, parse_list(parser));
    return parse_pair(parser, EXPRESSION_DIVIDE, 0, no_list(parser, left), right, place);
  }
  if (parse_take(parser, TOKEN_CHOOSE)) {
    const u32 right = no_list(parser, parse_list(parser));
    return parse_pair(parser, EXPRESSION_FUNCTION, FUNCTION_BINOMIAL, no_list(parser, left), right, place);
  }
  return left;
}

u32 parse_group(struct parser *parser) {
  const u32 place = parse_place(parser), bars = parser->bars;
  const bool commas = parser->commas_separate, colons = parser->colons_separate, bracket = parser->bracket_may_close,
             row = parser->row_may_end;
  const bool boxed = parse_token(parser, 0)->value == 1;
  const enum token_kind second = parse_kind(parser, 2);
  if (parse_kind(parser, 1) == TOKEN_LETTER && (second == TOKEN_COLON || second == TOKEN_MID))
    return parse_fail(parser, READ_UNSUPPORTED); /* {x : x > 2}: a set, or a ratio in a group */
  const u32 lettered = parse_lettered_number(parser);
  if (lettered != EXPRESSION_NONE || parser->outcome != READ_OK) return lettered;
  parser->at++;
  parser->bars = 0;
  parser->commas_separate = parser->colons_separate = parser->bracket_may_close = parser->row_may_end = false;
  u32 node = parse_infix(parser, parse_list(parser), place);
  if (!parse_take(parser, TOKEN_UNGROUP)) node = parse_fail(parser, READ_UNREADABLE);
  if (!boxed && parse_is(parser, node, EXPRESSION_LIST)) {
    const struct expression *list = expression_at(parser->pool, node);
    node = expression_node(parser->pool, EXPRESSION_SET, 0, parser->pool->children + list->first, list->count, place);
  }
  parser->bars = bars;
  parser->commas_separate = commas;
  parser->colons_separate = colons;
  parser->bracket_may_close = bracket;
  parser->row_may_end = row;
  return node;
}

/* One digit of a NUMBER, which stays where it is until it is eaten. */
static u32 parse_digit(struct parser *parser) {
  struct token *const token = &parser->tokens[parser->at];
  const char *const digit = parser->source->text + token->begin;
  if (token->value != 0 || *digit == '.') return parse_fail(parser, READ_UNREADABLE);
  const u32 node = expression_number(parser->pool, digit, 1, 0, 0, 10, parse_place(parser));
  token->begin++;
  token->marks &= (u8)~TOKEN_SPACED;
  if (token->begin == token->end) parser->at++;
  return node;
}

u32 parse_argument(struct parser *parser) {
  u32 node;
  switch (parse_kind(parser, 0)) {
    case TOKEN_GROUP:
      node = parse_group(parser);
      break;
    case TOKEN_NUMBER:
      node = parse_digit(parser);
      break;
    case TOKEN_LETTER:
    case TOKEN_VARIABLE:
    case TOKEN_CONSTANT:
    case TOKEN_FRACTION:
    case TOKEN_ROOT:
    case TOKEN_BINOMIAL:
    case TOKEN_ACCENT:
      node = parse_primary(parser);
      break;
    default:
      node = parse_fail(parser, READ_UNREADABLE);
  }
  return no_list(parser, node);
}

/* \frac{d}{dx}, \frac{dy}{dx}: a derivative. */
static bool is_derivative(const struct parser *parser) {
  if (parse_kind(parser, 1) != TOKEN_GROUP || parse_kind(parser, 2) != TOKEN_LETTER) return false;
  if (parse_token(parser, 2)->value != 'd') return false;
  for (u32 i = 3; i < 8; i++) {
    if (parse_kind(parser, i) != TOKEN_UNGROUP) continue;
    return parse_kind(parser, i + 1) == TOKEN_GROUP && parse_kind(parser, i + 2) == TOKEN_LETTER &&
           parse_token(parser, i + 2)->value == 'd' &&
           (parse_kind(parser, i + 3) == TOKEN_LETTER || parse_kind(parser, i + 3) == TOKEN_VARIABLE) &&
           (parse_kind(parser, i + 4) == TOKEN_UNGROUP || parse_kind(parser, i + 4) == TOKEN_POWER);
  }
  return false;
}

static u32 parse_fraction(struct parser *parser) {
  const u32 place = parse_place(parser);
  if (is_derivative(parser)) return parse_fail(parser, READ_UNSUPPORTED);
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  parser->at++;
  const u32 numerator = parse_argument(parser), denominator = parse_argument(parser);
  parser->fraction_end = parser->at;
  return parse_leave(parser, parse_pair(parser, EXPRESSION_DIVIDE, 0, numerator, denominator, place));
}

/* \sqrt[3], \root 3 \of */
static u32 parse_index(struct parser *parser, bool plain) {
  if (plain) {
    const u32 index = parse_argument(parser);
    return parse_take(parser, TOKEN_OF) ? index : parse_fail(parser, READ_UNREADABLE);
  }
  if (parse_kind(parser, 0) != TOKEN_OPEN || parse_token(parser, 0)->value != '[')
    return parse_integer(parser, 2, parse_place(parser));
  parser->at++;
  const u32 index = parse_sum(parser);
  const bool closed = parse_kind(parser, 0) == TOKEN_CLOSE && parse_token(parser, 0)->value == ']';
  parser->at++;
  return closed ? index : parse_fail(parser, READ_UNREADABLE);
}

static u32 parse_root(struct parser *parser) {
  const u32 place = parse_place(parser);
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  const bool plain = parse_token(parser, 0)->value == 1;
  parser->at++;
  const u32 index = parse_index(parser, plain);
  const struct token *const next = parse_token(parser, 0);
  u32 radicand;
  if (next->kind == TOKEN_OPEN && next->value == '(')
    radicand = no_list(parser, parse_open(parser));
  else if (next->kind == TOKEN_NUMBER && next->end - next->begin > 1) /* \sqrt23: of 2 or of 23? */
    radicand = parse_fail(parser, READ_AMBIGUOUS);
  else
    radicand = parse_argument(parser);
  return parse_leave(parser, parse_pair(parser, EXPRESSION_ROOT, 0, radicand, index, place));
}

/* sqrt(2), and the root sign: the whole number, one letter or one bracket. */
static u32 parse_surd(struct parser *parser) {
  const u32 place = parse_place(parser), degree = parse_token(parser, 0)->value;
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  parser->at++;
  const u32 index = degree == 2 ? parse_index(parser, false) : parse_integer(parser, degree, place);
  const struct token *const next = parse_token(parser, 0);
  u32 radicand;
  if (next->kind == TOKEN_NUMBER || next->kind == TOKEN_LETTER) {
    const bool number = next->kind == TOKEN_NUMBER;
    radicand = number ? parse_number(parser) : parse_letter(parser);
    const struct token *const behind = parse_token(parser, 0);
    const bool unit = behind->kind == TOKEN_CONSTANT || (behind->kind == TOKEN_LETTER && behind->value == 'i');
    if (!parse_spaced(parser, 0) && (behind->kind == TOKEN_NUMBER || behind->kind == TOKEN_POWER ||
                                     ((behind->kind == TOKEN_LETTER || behind->kind == TOKEN_VARIABLE) && !unit)))
      return parse_fail(parser, READ_AMBIGUOUS); /* sqrt2x */
  } else if (next->kind == TOKEN_OPEN && next->value == '(') {
    radicand = no_list(parser, parse_open(parser));
  } else {
    radicand = parse_argument(parser);
  }
  return parse_leave(parser, parse_pair(parser, EXPRESSION_ROOT, 0, radicand, index, place));
}

static u32 parse_binomial(struct parser *parser) {
  const u32 place = parse_place(parser);
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  parser->at++;
  const u32 n = parse_argument(parser), k = parse_argument(parser);
  return parse_leave(parser, parse_pair(parser, EXPRESSION_FUNCTION, FUNCTION_BINOMIAL, n, k, place));
}

/* _{10}C_5, ^{10}C_5: 10 over 5. _{10}P_5 counts their orders too. */
static u32 parse_combination(struct parser *parser) {
  const u32 place = parse_place(parser);
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  parser->at++;
  const u32 n = parse_argument(parser);
  const u32 letter = parse_kind(parser, 0) == TOKEN_LETTER ? parse_token(parser, 0)->value : 0;
  if ((letter != 'C' && letter != 'P') || parse_kind(parser, 1) != TOKEN_SUBSCRIPT)
    return parse_leave(parser, parse_fail(parser, READ_UNREADABLE));
  parser->at += 2;
  const u32 k = parse_argument(parser);
  const u32 subsets = parse_pair(parser, EXPRESSION_FUNCTION, FUNCTION_BINOMIAL, n, k, place);
  if (letter == 'C') return parse_leave(parser, subsets);
  const u32 orders = expression_node(parser->pool, EXPRESSION_FUNCTION, FUNCTION_FACTORIAL, &k, 1, place);
  return parse_leave(parser, parse_pair(parser, EXPRESSION_MULTIPLY, 0, subsets, orders, place));
}

static u32 parse_constant(struct parser *parser) {
  const u32 node =
      expression_leaf(parser->pool, EXPRESSION_CONSTANT, parse_token(parser, 0)->value, NULL, 0, parse_place(parser));
  parser->at++;
  return node;
}

static u32 parse_unsupported(struct parser *parser) { return parse_fail(parser, READ_UNSUPPORTED); }
static u32 parse_ambiguous(struct parser *parser) { return parse_fail(parser, READ_AMBIGUOUS); }

typedef u32 (*read_primary)(struct parser *parser);
static const read_primary primaries[TOKEN_KINDS] = {
    [TOKEN_NUMBER] = parse_number,
    [TOKEN_LETTER] = parse_letter,
    [TOKEN_VARIABLE] = parse_variable,
    [TOKEN_CONSTANT] = parse_constant,
    [TOKEN_FUNCTION] = parse_function,
    [TOKEN_GROUP] = parse_group,
    [TOKEN_OPEN] = parse_open,
    [TOKEN_BAR] = parse_bar,
    [TOKEN_FRACTION] = parse_fraction,
    [TOKEN_ROOT] = parse_root,
    [TOKEN_SURD] = parse_surd,
    [TOKEN_BINOMIAL] = parse_binomial,
    [TOKEN_SUM] = parse_big_operator,
    [TOKEN_PRODUCT] = parse_big_operator,
    [TOKEN_BEGIN] = parse_begin,
    [TOKEN_OVERLINE] = parse_overline,
    [TOKEN_ACCENT] = parse_accent,
    [TOKEN_ITALIC] = parse_italic,
    [TOKEN_BLACKBOARD] = parse_blackboard,
    [TOKEN_FIGURE] = parse_figure,
    [TOKEN_UNSUPPORTED] = parse_unsupported,
    [TOKEN_AMBIGUOUS] = parse_ambiguous,
};

bool parse_starts_primary(const struct parser *parser, u32 ahead) {
  return primaries[parse_kind(parser, ahead)] != NULL;
}

u32 parse_primary(struct parser *parser) {
  const bool raised = parse_kind(parser, 0) == TOKEN_POWER && parse_starts_primary(parser, 1);
  if (parse_kind(parser, 0) == TOKEN_SUBSCRIPT || raised) return parse_combination(parser);
  if (parse_kind(parser, 0) == TOKEN_CLOSE && parse_token(parser, 0)->value == ']')
    return parse_open(parser); /* ]0, 1[ */
  const read_primary read = primaries[parse_kind(parser, 0)];
  return read != NULL ? read(parser) : parse_fail(parser, READ_UNREADABLE);
}
