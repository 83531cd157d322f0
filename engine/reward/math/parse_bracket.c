/* Brackets: groups, points, intervals, sets and their builders, floors, ceilings, absolute values. */
#include "engine/reward/math/parse.h"

/* What the brackets around it had set. */
struct surroundings {
  u32 bars;
  bool row, commas, colons, bracket;
};

static struct surroundings go_in(struct parser *parser) {
  const struct surroundings kept = {parser->bars, parser->row_may_end, parser->commas_separate, parser->colons_separate,
                                    parser->bracket_may_close};
  parser->bars = 0;
  parser->commas_separate = true;
  parser->row_may_end = parser->colons_separate = parser->bracket_may_close = false;
  return kept;
}
static void come_out(struct parser *parser, struct surroundings kept) {
  parser->bars = kept.bars;
  parser->row_may_end = kept.row;
  parser->commas_separate = kept.commas;
  parser->colons_separate = kept.colons;
  parser->bracket_may_close = kept.bracket;
}

/* Takes the closing bracket and says which it is; 0 = there is none. */
static u32 take_close(struct parser *parser, bool french) {
  const struct token *const token = parse_token(parser, 0);
  if (token->kind != TOKEN_CLOSE && !(french && token->kind == TOKEN_OPEN && token->value == '[')) return 0;
  parser->at++;
  return token->value;
}

static u32 push_items(struct parser *parser) {
  u32 count = 0;
  do {
    parse_push(parser, parse_item(parser));
    count++;
  } while (parse_take(parser, TOKEN_COMMA) || parse_take(parser, TOKEN_SEMICOLON));
  return count;
}

/* {x : x > 0}, {x \in R | x > 0}: the condition says all. */
static u32 parse_builder(struct parser *parser, u32 base) {
  const u32 element = parser->stack[base];
  bool simple = parser->stacked == base + 1 && parse_is(parser, element, EXPRESSION_VARIABLE);
  if (parser->stacked == base + 1 && parse_is(parser, element, EXPRESSION_RELATION)) {
    const struct expression *const relation = expression_at(parser->pool, element);
    const u32 set = expression_child(parser->pool, element, 1);
    simple = relation->value == RELATION_ELEMENT && parse_is(parser, set, EXPRESSION_CONSTANT) &&
             expression_at(parser->pool, set)->value == CONSTANT_REALS;
  }
  parser->stacked = base;
  if (!simple) return parse_fail(parser, READ_UNSUPPORTED);
  parser->at++;
  const u32 condition = parse_list(parser);
  const bool states = parse_is(parser, condition, EXPRESSION_RELATION) ||
                      parse_is(parser, condition, EXPRESSION_CHAIN) || parse_is(parser, condition, EXPRESSION_AND) ||
                      parse_is(parser, condition, EXPRESSION_OR);
  if (!states || take_close(parser, false) != '}') return parse_fail(parser, READ_UNSUPPORTED);
  return condition;
}

static u32 parse_set_braces(struct parser *parser, u32 place) {
  const u32 base = parser->stacked;
  if (parse_kind(parser, 0) == TOKEN_CLOSE && parse_token(parser, 0)->value == '}') {
    parser->at++;
    return expression_node(parser->pool, EXPRESSION_SET, 0, NULL, 0, place);
  }
  parser->colons_separate = true;
  push_items(parser);
  const enum token_kind kind = parse_kind(parser, 0);
  if (kind == TOKEN_COLON || kind == TOKEN_MID || kind == TOKEN_BAR) return parse_builder(parser, base);
  if (take_close(parser, false) != '}') parse_fail(parser, READ_UNREADABLE);
  return parse_pack_all(parser, EXPRESSION_SET, 0, base, place);
}

/* (a), (a, b), [a, b), ]a, b[ */
static u32 parse_round(struct parser *parser, u32 open, u32 place) {
  const u32 base = parser->stacked;
  parser->bracket_may_close = open != '(';
  const u32 count = push_items(parser), close = take_close(parser, open != '(');
  const bool left = open == '[', right = close == ']', straight = (open == '(' && close == ')') || (left && right);
  if ((close != ')' && close != ']' && close != '[') || (count != 2 && !straight))
    return parse_fail(parser, READ_UNREADABLE);
  if (count == 1) return parse_pack(parser, EXPRESSION_TUPLE, 0, base, place);
  if (count > 2 || (open == '(' && close == ')')) return parse_pack_all(parser, EXPRESSION_TUPLE, 0, base, place);
  const u32 ends = (left ? ENDS_LEFT_CLOSED : 0u) | (right ? ENDS_RIGHT_CLOSED : 0u);
  return parse_pack_all(parser, EXPRESSION_INTERVAL, ends, base, place);
}

static u32 parse_rounding(struct parser *parser, u32 open, u32 place) {
  const u32 inside = parse_sum(parser);
  if (take_close(parser, false) != open) return parse_fail(parser, READ_UNREADABLE);
  return expression_node(parser->pool, EXPRESSION_FUNCTION, open == 'f' ? FUNCTION_FLOOR : FUNCTION_CEILING, &inside, 1,
                         place);
}

/* <1, 2>: a vector. */
static u32 parse_angles(struct parser *parser, u32 place) {
  const u32 base = parser->stacked, count = push_items(parser);
  if (parse_kind(parser, 0) == TOKEN_BAR) return parse_fail(parser, READ_UNSUPPORTED); /* <x| */
  if (take_close(parser, false) != '>' || count < 2) return parse_fail(parser, READ_UNREADABLE);
  return parse_pack_all(parser, EXPRESSION_TUPLE, 0, base, place);
}

u32 parse_open(struct parser *parser) {
  const u32 open = parse_token(parser, 0)->value, place = parse_place(parser), base = parser->stacked;
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  const struct surroundings kept = go_in(parser);
  parser->at++;
  u32 node;
  if (open == '{')
    node = parse_set_braces(parser, place);
  else if (open == '<')
    node = parse_angles(parser, place);
  else if (open == 'f' || open == 'c')
    node = parse_rounding(parser, open, place);
  else
    node = parse_round(parser, open, place);
  come_out(parser, kept);
  parser->stacked = base;
  return parse_leave(parser, node);
}

u32 parse_bar(struct parser *parser) {
  const u32 place = parse_place(parser);
  if (parse_token(parser, 0)->value == 2) return parse_fail(parser, READ_UNREADABLE);
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  const bool colons = parser->colons_separate;
  parser->colons_separate = false;
  parser->bars++;
  parser->at++;
  u32 inside = parse_sum(parser);
  if (parse_kind(parser, 0) != TOKEN_BAR || parse_token(parser, 0)->value == 1)
    inside = parse_fail(parser, parse_kind(parser, 0) == TOKEN_CLOSE ? READ_UNSUPPORTED : READ_UNREADABLE);
  else
    parser->at++;
  parser->bars--;
  parser->colons_separate = colons;
  const enum expression_function function =
      parse_is(parser, inside, EXPRESSION_MATRIX) ? FUNCTION_DETERMINANT : FUNCTION_ABS;
  return parse_leave(parser, expression_node(parser->pool, EXPRESSION_FUNCTION, function, &inside, 1, place));
}
