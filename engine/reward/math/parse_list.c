/* Lists of answers: 1, 2; x = 1 or x = 2; (1, 2), (3, 4). */
#include <string.h>

#include "engine/reward/math/parse.h"

/* What stands between two items. */
struct separators {
  bool commas, ands, ors, logical_ands, logical_ors;
};

static bool ends_list(const struct parser *parser) {
  const enum token_kind kind = parse_kind(parser, 0);
  return kind == TOKEN_END || kind == TOKEN_UNGROUP || kind == TOKEN_CLOSE || kind == TOKEN_OVER ||
         kind == TOKEN_CHOOSE || kind == TOKEN_SEMICOLON || kind == TOKEN_FINISH;
}

static bool take_separator(struct parser *parser, struct separators *seen) {
  const enum token_kind kind = parse_kind(parser, 0);
  if (kind == TOKEN_COMMA) {
    seen->commas = true;
    parser->at++;
    if (parse_kind(parser, 0) == TOKEN_AND || parse_kind(parser, 0) == TOKEN_OR) parser->at++;
    return !ends_list(parser);
  }
  seen->ands = seen->ands || kind == TOKEN_AND;
  seen->ors = seen->ors || kind == TOKEN_OR;
  seen->logical_ands = seen->logical_ands || kind == TOKEN_LOGICAL_AND;
  seen->logical_ors = seen->logical_ors || kind == TOKEN_LOGICAL_OR;
  if (kind != TOKEN_AND && kind != TOKEN_OR && kind != TOKEN_LOGICAL_AND && kind != TOKEN_LOGICAL_OR) return false;
  parser->at++;
  return true;
}

static bool is_condition(const struct parser *parser, u32 node) {
  if (node == EXPRESSION_NONE) return false;
  const struct expression *at = expression_at(parser->pool, node);
  return at->kind == EXPRESSION_CHAIN || (at->kind == EXPRESSION_RELATION && at->value != RELATION_EQUAL);
}

/* n = 1, 2, 3: the values of n; n \neq 1, 2: those that it has not. */
static bool is_values_of_one(const struct parser *parser, u32 base) {
  const u32 first = parser->stack[base];
  if (!parse_is(parser, first, EXPRESSION_RELATION) || parser->stacked - base < 2) return false;
  const u32 relation = expression_at(parser->pool, first)->value;
  if (relation != RELATION_EQUAL && relation != RELATION_NOT_EQUAL) return false;
  if (!parse_is(parser, expression_child(parser->pool, first, 0), EXPRESSION_VARIABLE)) return false;
  for (u32 i = base + 1; i < parser->stacked; i++)
    if (parser->stack[i] == EXPRESSION_NONE || parse_is(parser, parser->stack[i], EXPRESSION_RELATION) ||
        parse_is(parser, parser->stack[i], EXPRESSION_CHAIN))
      return false;
  return true;
}

/* x \neq 0, 1 is x \neq 0 and x \neq 1. */
static u32 pack_exceptions(struct parser *parser, u32 base, u32 place) {
  const u32 variable = expression_child(parser->pool, parser->stack[base], 0);
  for (u32 i = base + 1; i < parser->stacked; i++)
    parser->stack[i] = parse_pair(parser, EXPRESSION_RELATION, RELATION_NOT_EQUAL, variable, parser->stack[i], place);
  return parse_pack_all(parser, EXPRESSION_AND, 0, base, place);
}

/* Is every item a statement? "x > 2 or 3" is none. */
static bool all_state(const struct parser *parser, u32 base) {
  for (u32 i = base; i < parser->stacked; i++)
    if (!is_condition(parser, parser->stack[i]) && !parse_is(parser, parser->stack[i], EXPRESSION_RELATION))
      return false;
  return true;
}

/* 3 hours and 20 minutes: one quantity in two units. */
static bool is_quantity_in_parts(const struct parser *parser, u32 base) {
  if (parser->stacked - base != 2) return false;
  const u32 a = parser->stack[base], b = parser->stack[base + 1];
  if (!parse_is(parser, a, EXPRESSION_UNIT) || !parse_is(parser, b, EXPRESSION_UNIT)) return false;
  const struct expression *const x = expression_at(parser->pool, a), *const y = expression_at(parser->pool, b);
  return x->text_size != y->text_size ||
         memcmp(parser->pool->text + x->text, parser->pool->text + y->text, x->text_size) != 0;
}

static u32 pack_items(struct parser *parser, const struct separators *seen, u32 base, u32 place) {
  if (parser->stacked == base + 1) return parse_pack(parser, EXPRESSION_LIST, 0, base, place);
  bool conditions = false;
  for (u32 i = base; i < parser->stacked; i++) conditions = conditions || is_condition(parser, parser->stack[i]);
  const bool ands = seen->ands || seen->logical_ands, ors = seen->ors || seen->logical_ors;
  const bool of_one = is_values_of_one(parser, base);
  if (of_one && conditions) return pack_exceptions(parser, base, place);
  if (conditions && (ands || ors) && !all_state(parser, base)) return parse_fail(parser, READ_UNREADABLE);
  if ((conditions || seen->logical_ands || seen->logical_ors) && !seen->commas && ands != ors)
    return parse_pack_all(parser, ands ? EXPRESSION_AND : EXPRESSION_OR, 0, base, place);
  if ((conditions && ands && ors) || (seen->logical_ands && seen->logical_ors))
    return parse_fail(parser, READ_AMBIGUOUS);
  if (ands && !seen->commas && is_quantity_in_parts(parser, base))
    return parse_pack_all(parser, EXPRESSION_ADD, 0, base, place);
  if (!of_one) return parse_pack_all(parser, EXPRESSION_LIST, 0, base, place);
  const u32 variable = expression_child(parser->pool, parser->stack[base], 0);
  parser->stack[base] = expression_child(parser->pool, parser->stack[base], 1);
  const u32 list = parse_pack_all(parser, EXPRESSION_LIST, 0, base, place);
  return parse_pair(parser, EXPRESSION_RELATION, RELATION_EQUAL, variable, list, place);
}

static u32 parse_items(struct parser *parser) {
  struct separators seen = {0};
  const u32 base = parser->stacked, place = parse_place(parser);
  do parse_push(parser, parse_item(parser));
  while (take_separator(parser, &seen));
  if (parser->outcome != READ_OK) {
    parser->stacked = base;
    return EXPRESSION_NONE;
  }
  return pack_items(parser, &seen, base, place);
}

u32 parse_list(struct parser *parser) {
  const u32 base = parser->stacked, place = parse_place(parser);
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  parse_push(parser, parse_items(parser));
  while (parse_take(parser, TOKEN_SEMICOLON) || parse_take(parser, TOKEN_ROW))
    if (!ends_list(parser)) parse_push(parser, parse_items(parser));
  return parse_leave(parser, parse_pack(parser, EXPRESSION_LIST, 0, base, place));
}

bool parse_item_ends(const struct parser *parser, u32 ahead) {
  switch (parse_kind(parser, ahead)) {
    case TOKEN_END:
    case TOKEN_COMMA:
    case TOKEN_SEMICOLON:
    case TOKEN_ROW:
    case TOKEN_AND:
    case TOKEN_OR:
    case TOKEN_UNGROUP:
      return true;
    default:
      return false;
  }
}

u32 parse_item(struct parser *parser) {
  const u32 words = parse_words(parser);
  if (words != EXPRESSION_NONE || parser->outcome != READ_OK || parser->pool->full) return words;
  return parse_relation(parser);
}
