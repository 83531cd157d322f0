#include "engine/reward/math/parse.h"

bool parse_take(struct parser *parser, enum token_kind kind) {
  if (parse_kind(parser, 0) != kind) return false;
  parser->at++;
  return true;
}

u32 parse_fail(struct parser *parser, enum read_outcome outcome) {
  if (parser->outcome == READ_OK) {
    parser->outcome = outcome;
    parser->place = parse_place(parser);
  }
  parser->at = parser->count;
  return EXPRESSION_NONE;
}

bool parse_enter(struct parser *parser) {
  if (parser->depth == PARSE_DEPTH_MAX) {
    parse_fail(parser, READ_TOO_LARGE);
    return false;
  }
  parser->depth++;
  return true;
}

u32 parse_leave(struct parser *parser, u32 node) {
  parser->depth--;
  return node;
}

void parse_push(struct parser *parser, u32 node) {
  if (parser->stacked == TOKENS_MAX)
    parse_fail(parser, READ_TOO_LARGE);
  else
    parser->stack[parser->stacked++] = node;
}

u32 parse_pack_all(struct parser *parser, enum expression_kind kind, u32 value, u32 base, u32 place) {
  const u32 node = expression_node(parser->pool, kind, value, parser->stack + base, parser->stacked - base, place);
  parser->stacked = base;
  return node;
}

u32 parse_pack(struct parser *parser, enum expression_kind kind, u32 value, u32 base, u32 place) {
  if (parser->stacked != base + 1) return parse_pack_all(parser, kind, value, base, place);
  parser->stacked = base;
  return parser->stack[base];
}

bool parse_is(const struct parser *parser, u32 node, enum expression_kind kind) {
  return node != EXPRESSION_NONE && expression_at(parser->pool, node)->kind == kind;
}

u32 parse_pair(struct parser *parser, enum expression_kind kind, u32 value, u32 a, u32 b, u32 place) {
  return expression_node(parser->pool, kind, value, (const u32[]){a, b}, 2, place);
}

u32 parse_integer(struct parser *parser, u32 value, u32 place) {
  char digits[10];
  u32 at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  return expression_number(parser->pool, digits + at, (u32)sizeof digits - at, 0, 0, 10, place);
}

u32 parse_scalar(struct parser *parser, u32 node) {
  if (node == EXPRESSION_NONE) return node;
  switch (expression_at(parser->pool, node)->kind) {
    case EXPRESSION_TEXT:
    case EXPRESSION_CHOICE:
    case EXPRESSION_TIME:
    case EXPRESSION_DATE:
    case EXPRESSION_LIST:
    case EXPRESSION_RELATION:
    case EXPRESSION_CHAIN:
    case EXPRESSION_AND:
    case EXPRESSION_OR:
      return parse_fail(parser, READ_UNREADABLE);
    default:
      return node;
  }
}
