/* Equations, inequalities, chains of them; unions, intersections and differences of sets; ratios. */
#include "engine/reward/math/parse.h"

static bool set_operator(enum token_kind token, enum expression_kind *kind) {
  if (token == TOKEN_UNION)
    *kind = EXPRESSION_UNION;
  else if (token == TOKEN_INTERSECTION)
    *kind = EXPRESSION_INTERSECTION;
  else if (token == TOKEN_DIFFERENCE)
    *kind = EXPRESSION_DIFFERENCE;
  else
    return false;
  return true;
}

/* [0, 1] \setminus {0.5}: a number beside a set stands for the set of it. */
static u32 as_set(struct parser *parser, u32 node) {
  node = parse_scalar(parser, node);
  switch (node == EXPRESSION_NONE ? EXPRESSION_KINDS : (enum expression_kind)expression_at(parser->pool, node)->kind) {
    case EXPRESSION_NUMBER:
    case EXPRESSION_NEGATE:
    case EXPRESSION_DIVIDE:
    case EXPRESSION_ROOT:
    case EXPRESSION_ADD:
    case EXPRESSION_PLUS_MINUS:
      return expression_node(parser->pool, EXPRESSION_SET, 0, &node, 1, expression_at(parser->pool, node)->place);
    default:
      return node;
  }
}

/* From the left; A \cup B \cup C is one node of three. */
static u32 parse_set(struct parser *parser) {
  const u32 base = parser->stacked, place = parse_place(parser);
  enum expression_kind kind = EXPRESSION_UNION, next;
  parse_push(parser, parse_sum(parser));
  while (set_operator(parse_kind(parser, 0), &next)) {
    if (parser->stacked - base > 1 && (next != kind || next == EXPRESSION_DIFFERENCE))
      parse_push(parser, parse_pack(parser, kind, 0, base, place));
    kind = next;
    parser->at++;
    parser->stack[parser->stacked - 1] = as_set(parser, parser->stack[parser->stacked - 1]);
    parse_push(parser, as_set(parser, parse_sum(parser)));
  }
  return parse_pack(parser, kind, 0, base, place);
}

/* 1:2:3, and 2:4:6 too: by the last of them, as a function that nothing else is. */
static u32 pack_ratio(struct parser *parser, u32 base, u32 place) {
  const u32 last = parser->stack[--parser->stacked];
  for (u32 i = base; i < parser->stacked; i++)
    parser->stack[i] = parse_pair(parser, EXPRESSION_DIVIDE, 0, parser->stack[i], last, place);
  const u32 count = parser->stacked - base;
  parser->stacked = base;
  return expression_named(parser->pool, EXPRESSION_CALL, 0, &parser->stack[base], count, "ratio", 5, place);
}

/* 1:4 is a quotient. */
static u32 parse_ratio(struct parser *parser) {
  const u32 base = parser->stacked, place = parse_place(parser);
  const struct token *const letter = parse_token(parser, 0);
  /* A: 5 is a choice with its text. */
  if (parser->at == 0 && letter->kind == TOKEN_LETTER && letter->value <= 'Z' && parse_kind(parser, 1) == TOKEN_COLON)
    return parse_fail(parser, READ_AMBIGUOUS);
  parse_push(parser, parse_set(parser));
  while (!parser->colons_separate && parse_take(parser, TOKEN_COLON)) parse_push(parser, parse_set(parser));
  if (parser->stacked - base > 2 && parser->outcome == READ_OK) return pack_ratio(parser, base, place);
  return parse_pack(parser, EXPRESSION_DIVIDE, 0, base, place);
}

static bool take_relation(struct parser *parser, enum expression_relation *relation) {
  const bool negated = parse_take(parser, TOKEN_NEGATED);
  if (parse_kind(parser, 0) != TOKEN_RELATION) {
    if (negated) parse_fail(parser, READ_UNREADABLE);
    return false;
  }
  *relation = (enum expression_relation)parse_token(parser, 0)->value;
  if (negated && *relation != RELATION_EQUAL && *relation != RELATION_ELEMENT) {
    parse_fail(parser, READ_UNSUPPORTED);
    return false;
  }
  if (negated) *relation = *relation == RELATION_EQUAL ? RELATION_NOT_EQUAL : RELATION_NOT_ELEMENT;
  parser->at++;
  return true;
}

/* a \equiv b \pmod{n}, b (\text{mod } n): n belongs to b. */
static u32 parse_modulus(struct parser *parser, u32 node, u32 place) {
  if (parse_opens_modulus(parser)) {
    parser->at += 2;
    const u32 within = parse_scalar(parser, parse_sum(parser));
    if (parse_kind(parser, 0) != TOKEN_CLOSE || parse_token(parser, 0)->value != ')')
      return parse_fail(parser, READ_UNREADABLE);
    parser->at++;
    return parse_pair(parser, EXPRESSION_FUNCTION, FUNCTION_MOD, node, within, place);
  }
  if (!parse_take(parser, TOKEN_PMOD)) return node;
  const u32 modulus = parse_argument(parser);
  return parse_pair(parser, EXPRESSION_FUNCTION, FUNCTION_MOD, node, modulus, place);
}

u32 parse_relation(struct parser *parser) {
  const u32 base = parser->stacked, place = parse_place(parser);
  enum expression_relation relation;
  /* "= 5", "\approx 8.24" */
  if (parse_kind(parser, 0) == TOKEN_RELATION &&
      (parse_token(parser, 0)->value == RELATION_EQUAL || parse_token(parser, 0)->value == RELATION_APPROXIMATE))
    parser->at++;
  u32 left = parse_modulus(parser, parse_ratio(parser), place);
  if (parse_kind(parser, 0) != TOKEN_RELATION && parse_kind(parser, 0) != TOKEN_NEGATED) return left;
  while (take_relation(parser, &relation)) {
    const u32 right = parse_modulus(parser, parse_ratio(parser), place);
    if (relation == RELATION_CONGRUENT && !parse_is(parser, right, EXPRESSION_FUNCTION))
      parse_fail(parser, READ_UNSUPPORTED); /* without its modulus */
    parse_push(parser, parse_pair(parser, EXPRESSION_RELATION, relation, left, right, place));
    left = right;
  }
  return parse_pack(parser, EXPRESSION_CHAIN, 0, base, place);
}
