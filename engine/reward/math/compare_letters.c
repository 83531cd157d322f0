/* 5 m, 9.8 m/s^2, 3s: quantities, or products with variables? Letters that are units' behind a number may be either. Beside a quantity they
 * are units; beside a bare number nobody knows: where the number is the same, nothing is proved. Owns nothing. */
#include <string.h>

#include "engine/reward/math/compare_parts.h"
#include "engine/reward/math/words.h"

#define UNIT_TEXT_MAX 48u

struct unit_text {
  char text[UNIT_TEXT_MAX];
  u32 size;
};

static void append(struct unit_text *unit, char c) {
  if (unit->size < UNIT_TEXT_MAX) unit->text[unit->size++] = c;
}

static bool is_unit_letter(struct part part) {
  enum unit_place where;
  return part_is(part, EXPRESSION_VARIABLE) && part_at(part)->text_size == 1 &&
         unit_find((const char *)part.pool->text + part_at(part)->text, 1, &where) != NULL;
}

/* A digit, 2..9, as an exponent; 0: none. */
static char digit_of(struct part part) {
  const struct expression *at = part_at(part);
  if (at->kind != EXPRESSION_NUMBER || at->text_size != 1 || at->scale != 0) return 0;
  return (char)part.pool->text[at->text];
}

/* m, m^2, 1/m as m^-1, 1/m^2: appended where it is on the side of the fraction bar that is asked for. */
static bool append_factor(struct unit_text *unit, struct part factor, bool below) {
  struct part letter = factor;
  char digit = 0;
  bool inverse = false;
  if (part_is(factor, EXPRESSION_POWER)) {
    struct part exponent = part_child(factor, 1);
    letter = part_child(factor, 0);
    inverse = part_is(exponent, EXPRESSION_NEGATE);
    if (inverse) exponent = part_child(exponent, 0);
    digit = digit_of(exponent);
    if (digit == 0) return false;
  }
  if (!is_unit_letter(letter)) return false;
  if (inverse != below) return true;
  if (below || unit->size > 0) append(unit, below ? '/' : '*');
  append(unit, (char)letter.pool->text[part_at(letter)->text]);
  if (digit > '1') append(unit, '^'), append(unit, digit);
  return true;
}

static bool is_number(struct part part) {
  if (part_is(part, EXPRESSION_NEGATE)) part = part_child(part, 0);
  if (part_is(part, EXPRESSION_DIVIDE))
    return part_is(part_child(part, 0), EXPRESSION_NUMBER) && part_is(part_child(part, 1), EXPRESSION_NUMBER);
  return part_is(part, EXPRESSION_NUMBER);
}

/* The quantity that a part may be; EXPRESSION_NONE: it is none. */
static struct part as_quantity(struct part part) {
  const struct part none = {part.pool, EXPRESSION_NONE};
  struct unit_text unit = {.size = 0};
  const bool product = part_is(part, EXPRESSION_MULTIPLY) && is_number(part_child(part, 0));
  const u32 place = part_at(part)->place;
  if (!product && !append_factor(&unit, part, false)) return none;
  for (u32 below = 0; below < 2 && product; below++) {
    for (u32 i = 1; i < part_at(part)->count; i++)
      if (!append_factor(&unit, part_child(part, i), below == 1)) return none;
  }
  if (unit.size == 0 || unit.size == UNIT_TEXT_MAX) return none;
  const u32 number = product ? part_child(part, 0).node : expression_number(part.pool, "1", 1, 0, 0, 10, place);
  return (struct part){part.pool,
                       expression_named(part.pool, EXPRESSION_UNIT, 0, &number, 1, unit.text, unit.size, place)};
}

struct finding compare_letters(struct comparison *comparison, struct part a, struct part b,
                               struct finding as_variables) {
  const struct part left = as_quantity(a), right = as_quantity(b);
  if ((left.node == EXPRESSION_NONE) == (right.node == EXPRESSION_NONE)) return as_variables;
  const struct part quantity = left.node != EXPRESSION_NONE ? left : right,
                    other = left.node != EXPRESSION_NONE ? b : a;
  const struct finding as_units = compare_nodes(comparison, quantity, other);
  /* 1 m and m are one form: nobody knows which was written. */
  const bool numbered = part_is(left.node != EXPRESSION_NONE ? a : b, EXPRESSION_MULTIPLY);
  if (part_is(other, EXPRESSION_UNIT) && (numbered || as_units.decision == DECISION_WRONG)) return as_units;
  return as_units.decision == DECISION_WRONG ? as_variables : found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
}
