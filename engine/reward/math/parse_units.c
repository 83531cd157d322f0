/* What stands behind a quantity in words: units, money, thousands and millions. Words that could change the mathematics ("more", "half") are not
 * passed over. */
#include <string.h>

#include "engine/reward/math/parse.h"
#include "engine/reward/math/words.h"

/* Words of an unknown unit: 12 red apples. */
#define UNIT_WORDS_MAX 4u

struct unit {
  char text[64];
  u32 size, words;
  bool known, full;
};

static void append(struct unit *unit, const char *text, u32 size) {
  if (sizeof unit->text - unit->size < size) {
    unit->full = true;
    return;
  }
  for (u32 i = 0; i < size; i++) unit->text[unit->size + i] = text[i];
  unit->size += size;
}

static const char *token_text(const struct parser *parser, u32 ahead, u32 *size) {
  const struct token *const token = parse_token(parser, ahead);
  *size = (u32)token->end - token->begin;
  return parser->source->text + token->begin;
}
static struct word word_at(const struct parser *parser, u32 ahead) {
  u32 size;
  const char *const text = token_text(parser, ahead, &size);
  return parse_kind(parser, ahead) == TOKEN_WORD ? word_find(text, size) : (struct word){WORD_UNKNOWN, 0};
}

/* A unit's spelling at that token, or NULL. known: behind another unit a letter is one too: km/h. */
static const char *unit_at(const struct parser *parser, u32 ahead, bool known) {
  const struct token *const token = parse_token(parser, ahead);
  enum unit_place where;
  u32 size;
  const char *const text = token_text(parser, ahead, &size);
  const bool in_text = (token->marks & TOKEN_IN_TEXT) != 0;
  if (token->kind == TOKEN_WORD) return unit_find(text, size, &where);
  if (token->kind == TOKEN_LETTER) return in_text || known ? unit_find(text, size, &where) : NULL;
  if (token->kind != TOKEN_FUNCTION || (token->value != FUNCTION_MIN && token->value != FUNCTION_SEC)) return NULL;
  return parse_starts_primary(parser, ahead + 1) ? NULL : unit_find(text, size, &where);
}

/* 9.8 m/s: letters that are units together. */
static bool is_speed(const struct parser *parser) {
  return parse_kind(parser, 0) == TOKEN_LETTER && parse_token(parser, 0)->value == 'm' && parse_spaced(parser, 0) &&
         parse_kind(parser, 1) == TOKEN_SLASH && parse_kind(parser, 2) == TOKEN_LETTER &&
         parse_token(parser, 2)->value == 's' && parser->tokens[parser->at - 1].kind == TOKEN_NUMBER;
}

/* \frac{\text{km}}{\text{h}} */
static bool starts_fraction(const struct parser *parser) {
  return parse_kind(parser, 0) == TOKEN_FRACTION && parse_kind(parser, 1) == TOKEN_GROUP &&
         unit_at(parser, 2, false) != NULL && parse_kind(parser, 3) == TOKEN_UNGROUP &&
         parse_kind(parser, 4) == TOKEN_GROUP && unit_at(parser, 5, false) != NULL;
}

bool parse_starts_unit(const struct parser *parser) {
  const enum token_kind kind = parse_kind(parser, 0);
  if (starts_fraction(parser)) return true;
  if (kind == TOKEN_WORD || kind == TOKEN_MONEY) return true;
  if (kind == TOKEN_GROUP) return parse_kind(parser, 1) == TOKEN_WORD || unit_at(parser, 1, false) != NULL;
  return unit_at(parser, 0, is_speed(parser)) != NULL;
}

/* ^2, ^{2}, ^{-2}, squared: behind a unit's name. */
static u32 take_power(struct parser *parser, bool *inverse) {
  const struct word raise = word_at(parser, 0);
  if (raise.kind == WORD_RAISE) {
    parser->at++;
    return raise.value;
  }
  if (parse_kind(parser, 0) != TOKEN_POWER) return 1;
  const u32 grouped = parse_kind(parser, 1) == TOKEN_GROUP;
  *inverse = grouped && parse_kind(parser, 2) == TOKEN_MINUS;
  const u32 at = 1 + grouped + (*inverse ? 1u : 0u);
  u32 size;
  const char *const digit = token_text(parser, at, &size);
  if (parse_kind(parser, at) != TOKEN_NUMBER || size != 1 || (grouped && parse_kind(parser, at + 1) != TOKEN_UNGROUP)) {
    parse_fail(parser, READ_UNREADABLE);
    return 1;
  }
  parser->at += at + 1 + grouped;
  return (u32)(*digit - '0');
}

/* One name with its power: square inches, cm^2, or any word. */
static bool take_name(struct parser *parser, struct unit *unit) {
  u32 power = 1, size;
  bool lowered = false, inverse = false;
  while (word_at(parser, 0).kind == WORD_LOWER) {
    power = word_at(parser, 0).value;
    lowered = true;
    parser->at++;
    if (parse_kind(parser, 1) == TOKEN_WORD) parse_take(parser, TOKEN_STOP); /* sq. ft */
  }
  const u32 grouped = parse_kind(parser, 0) == TOKEN_GROUP;
  const char *const name = unit_at(parser, grouped, unit->known || is_speed(parser));
  const struct word word = word_at(parser, grouped);
  const bool plain = word.kind == WORD_UNKNOWN || word.kind == WORD_PLAIN || word.kind == WORD_MONTH;
  const bool unknown = parse_kind(parser, grouped) == TOKEN_WORD && plain;
  if (name == NULL && !unknown) {
    if (lowered) append(unit, power == 2 ? "square" : "cubic", power == 2 ? 6 : 5); /* 42 square */
    return lowered;
  }
  if (name != NULL) {
    append(unit, name, (u32)strlen(name));
    unit->known = true;
  } else {
    const char *const text = token_text(parser, grouped, &size);
    for (u32 i = 0; i < size; i++) append(unit, (const char[]){lower_case(text[i])}, 1);
  }
  parser->at += grouped + 1;
  if (grouped && !parse_take(parser, TOKEN_UNGROUP)) parse_fail(parser, READ_UNREADABLE);
  const u32 raised = take_power(parser, &inverse);
  power = raised > 1 ? raised : power;
  if (inverse)
    append(unit, (const char[]){'^', '-', (char)('0' + power)}, 3);
  else if (power > 1)
    append(unit, (const char[]){'^', (char)('0' + power)}, 2);
  unit->words++;
  return true;
}

/* Between two names: per, /, a hyphen, a dot; the sign that is kept, or 0. */
static char take_joint(struct parser *parser, const struct unit *unit) {
  const enum token_kind kind = parse_kind(parser, 0);
  const bool named =
      unit_at(parser, 1, unit->known && kind == TOKEN_SLASH) != NULL || parse_kind(parser, 1) == TOKEN_WORD;
  if (word_at(parser, 0).kind == WORD_PER || (kind == TOKEN_SLASH && named)) {
    parser->at++;
    return '/';
  }
  if ((kind == TOKEN_TIMES || kind == TOKEN_MINUS) && named) {
    parser->at++;
    return '*';
  }
  if (unit_at(parser, 0, false) != NULL || word_at(parser, 0).kind == WORD_LOWER) return unit->known ? '*' : ' ';
  if (kind == TOKEN_WORD && !unit->known) return ' ';
  return 0;
}

/* Does it hold a number? "an answer" is no amount of answers. */
static bool is_amount(const struct parser *parser, u32 node) {
  if (node == EXPRESSION_NONE || parse_is(parser, node, EXPRESSION_VARIABLE)) return false;
  const struct expression *const at = expression_at(parser->pool, node);
  if (at->kind != EXPRESSION_MULTIPLY) return true;
  const u32 first = expression_child(parser->pool, node, 0);
  return !parse_is(parser, first, EXPRESSION_VARIABLE) && !parse_is(parser, first, EXPRESSION_CONSTANT);
}

static u32 parse_unit_fraction(struct parser *parser, u32 node, u32 place) {
  struct unit unit = {.size = 0};
  parser->at++;
  for (u32 i = 0; i < 2; i++) {
    if (i == 1) append(&unit, "/", 1);
    if (!parse_take(parser, TOKEN_GROUP) || !take_name(parser, &unit) || !parse_take(parser, TOKEN_UNGROUP))
      return parse_fail(parser, READ_UNREADABLE);
  }
  if (unit.full) return parse_fail(parser, READ_TOO_LARGE);
  return expression_named(parser->pool, EXPRESSION_UNIT, 0, &node, 1, unit.text, unit.size, place);
}

static u32 parse_unit_names(struct parser *parser, u32 node, u32 place) {
  struct unit unit = {.size = 0};
  char joint = ' ';
  if (parse_is(parser, node, EXPRESSION_MONEY) && word_at(parser, 0).kind == WORD_PER) { /* $5 per hour */
    const struct expression *const money = expression_at(parser->pool, node);
    append(&unit, (const char *)parser->pool->text + money->text, money->text_size);
    unit.known = true;
    node = expression_child(parser->pool, node, 0);
    joint = take_joint(parser, &unit);
  }
  while (joint != 0) {
    if (joint != ' ' || unit.size > 0) append(&unit, &joint, 1);
    if (!take_name(parser, &unit) || unit.words > UNIT_WORDS_MAX) return parse_fail(parser, READ_UNREADABLE);
    joint = take_joint(parser, &unit);
  }
  if (unit.full || (!unit.known && !is_amount(parser, node))) return parse_fail(parser, READ_UNREADABLE);
  return expression_named(parser->pool, EXPRESSION_UNIT, 0, &node, 1, unit.text, unit.size, place);
}

static u32 times(struct parser *parser, u32 node, struct word word, u32 place) {
  parser->at++;
  u32 factor = parse_integer(parser, word.kind == WORD_DOZEN ? word.value : 10, place);
  if (word.kind == WORD_MAGNITUDE)
    factor = parse_pair(parser, EXPRESSION_POWER, 0, factor, parse_integer(parser, word.value, place), place);
  return parse_pair(parser, EXPRESSION_MULTIPLY, 0, node, factor, place);
}

static u32 parse_money_behind(struct parser *parser, u32 node, u32 place) {
  static const char *const signs[] = {"$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5", "\xe2\x82\xb9"};
  const char *const sign = signs[parse_token(parser, 0)->value];
  parser->at++;
  return expression_named(parser->pool, EXPRESSION_MONEY, 0, &node, 1, sign, (u32)strlen(sign), place);
}

u32 parse_unit(struct parser *parser, u32 node) {
  const u32 place = parse_place(parser);
  const struct word word = word_at(parser, 0);
  if (parse_kind(parser, 0) == TOKEN_MONEY) return parse_money_behind(parser, node, place);
  if (word.kind == WORD_MAGNITUDE || word.kind == WORD_DOZEN) return times(parser, node, word, place);
  if (parse_is(parser, node, EXPRESSION_UNIT)) return parse_fail(parser, READ_UNREADABLE);
  if (starts_fraction(parser)) return parse_unit_fraction(parser, node, place);
  return parse_unit_names(parser, node, place);
}
