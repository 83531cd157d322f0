/* Two quantities with a unit each: cm against cm, 100 cm against 1 m, miles per hour. Unknown words are the same or say nothing.
 * Owns nothing. */
#include <string.h>

#include "engine/reward/math/compare_parts.h"
#include "engine/reward/math/unit_factor_table.h"

enum dimension { LENGTH, MASS, TIME, MONTHS, CUPS, DOLLARS, EUROS, RADIANS, DIMENSIONS };

static const struct unit {
  const char *name;
  enum dimension dimension;
  int power;
  struct fraction factor;
} units[] = {
#define UNIT(name, dimension, power, numerator, denominator) {name, dimension, power, {numerator, denominator}},
    UNIT_FACTOR_TABLE(UNIT)
#undef UNIT
};

/* What a unit's text says, word by word. */
struct measure {
  int powers[DIMENSIONS];
  struct fraction factor;
  bool known;   /* every word is in the table */
  bool nothing; /* "units" alone */
};

struct word {
  const char *text;
  u32 size;
};

static bool word_is(struct word word, const char *text) {
  return word.size == strlen(text) && memcmp(word.text, text, word.size) == 0;
}

static const struct unit *find(struct word word) {
  for (u32 pass = 0; pass < 2; pass++) {
    for (u32 i = 0; i < COUNT_OF(units); i++) {
      if (word_is(word, units[i].name)) return &units[i];
    }
    if (word.size < 3 || word.text[word.size - 1] != 's') break;
    word.size--;
  }
  return NULL;
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '$' || (c & 0x80) != 0;
}

static struct word next_word(const char *text, u32 size, u32 *at) {
  struct word word = {text + *at, 0};
  const bool letters = is_letter(text[*at]);
  do {
    (*at)++;
    word.size++;
  } while (letters && *at < size && is_letter(text[*at]));
  return word;
}

/* ^2, ^{-3}, or nothing */
static int exponent(const char *text, u32 size, u32 *at) {
  u32 look = *at;
  int sign = 1;
  if (look >= size || text[look] != '^') return 1;
  look++;
  if (look < size && text[look] == '{') look++;
  if (look < size && text[look] == '-') {
    sign = -1;
    look++;
  }
  if (look >= size || text[look] < '1' || text[look] > '9') return 1;
  const int digit = text[look++] - '0';
  if (look < size && text[look] == '}') look++;
  *at = look;
  return sign * digit;
}

static bool add_unit(struct measure *measure, const struct unit *unit, int power) {
  struct fraction factor;
  measure->powers[unit->dimension] += unit->power * power;
  return fraction_power(&factor, unit->factor, power) && fraction_multiply(&measure->factor, measure->factor, factor);
}

static struct measure read_measure(struct part part) {
  const struct expression *at = part_at(part);
  const char *text = (const char *)part.pool->text + at->text;
  struct measure measure = {.factor = {1, 1}, .known = true, .nothing = true};
  int next = 1, sign = 1;
  const struct unit *last = NULL;
  for (u32 i = 0; i < at->text_size && measure.known;) {
    const struct word word = next_word(text, at->text_size, &i);
    if (word_is(word, " ") || word_is(word, ".") || word_is(word, "*")) continue;
    if (word_is(word, "per") || word_is(word, "/")) {
      sign = -1;
    } else if (word_is(word, "square") || word_is(word, "sq")) {
      next = 2;
    } else if (word_is(word, "cubic") || word_is(word, "cu")) {
      next = 3;
    } else if (word_is(word, "unit") || word_is(word, "units")) {
      (void)exponent(text, at->text_size, &i);
      next = 1;
    } else if (last != NULL && (word_is(word, "squared") || word_is(word, "cubed"))) {
      measure.known = add_unit(&measure, last, word_is(word, "squared") ? sign : 2 * sign);
    } else {
      last = find(word);
      measure.nothing = false;
      const int power = next * sign * exponent(text, at->text_size, &i);
      measure.known = last != NULL && add_unit(&measure, last, power);
      next = 1;
    }
  }
  return measure;
}

bool unit_is_nothing(struct part part) {
  const struct measure measure = read_measure(part);
  return measure.known && measure.nothing;
}

static bool same_text(struct part a, struct part b) {
  const struct expression *left = part_at(a), *right = part_at(b);
  u32 a_size = left->text_size, b_size = right->text_size;
  if (a_size > 2 && a.pool->text[left->text + a_size - 1] == 's') a_size--;
  if (b_size > 2 && b.pool->text[right->text + b_size - 1] == 's') b_size--;
  return a_size == b_size && memcmp(a.pool->text + left->text, b.pool->text + right->text, a_size) == 0;
}

static struct part scaled(struct part part, struct fraction by) {
  const struct part inside = part_child(part, 0);
  const u32 place = part_at(part)->place;
  const u32 parts[2] = {fraction_write(part.pool, by, place), inside.node};
  return (struct part){part.pool, expression_node(part.pool, EXPRESSION_MULTIPLY, 0, parts, 2, place)};
}

struct finding compare_units(struct comparison *comparison, struct part a, struct part b) {
  const struct measure left = read_measure(a), right = read_measure(b);
  const struct part a_inside = part_child(a, 0), b_inside = part_child(b, 0);
  if (same_text(a, b) || (left.known && left.nothing) || (right.known && right.nothing)) {
    return compare_scalars(comparison, a_inside, b_inside);
  }
  if (!left.known || !right.known) return found(DECISION_UNDECIDED, REASON_UNSUPPORTED);
  if (memcmp(left.powers, right.powers, sizeof left.powers) != 0) {
    /* $5 against $5 per hour */
    const bool rate = part_is(a, EXPRESSION_MONEY) != part_is(b, EXPRESSION_MONEY);
    if (rate && (left.powers[DOLLARS] != 0) == (right.powers[DOLLARS] != 0)) {
      return found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
    }
    return found(DECISION_WRONG, REASON_DIFFERENT_SHAPES);
  }
  if (left.factor.numerator == right.factor.numerator && left.factor.denominator == right.factor.denominator) {
    return compare_values(comparison, a_inside, b_inside);
  }
  const struct part a_scaled = scaled(a, left.factor), b_scaled = scaled(b, right.factor);
  if (a_scaled.node == EXPRESSION_NONE || b_scaled.node == EXPRESSION_NONE) {
    return found(DECISION_UNDECIDED, REASON_TOO_LARGE);
  }
  return compare_values(comparison, a_scaled, b_scaled);
}
