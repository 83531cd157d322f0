/* Words and units that the reader tells apart, looked up in word_table.h and unit_table.h. Upper and lower case are the same for words,
 * not for units (m, M).
 * Called by: lexer_names.c, parse_words.c, parse_units.c. Owns nothing; never fails. */
#ifndef RLSP_ENGINE_REWARD_MATH_WORDS_H
#define RLSP_ENGINE_REWARD_MATH_WORDS_H

#include "engine/types.h"

enum word_kind {
  WORD_UNKNOWN,
  WORD_PLAIN,
  WORD_MONTH,
  WORD_COUNT,
  WORD_MAGNITUDE,
  WORD_DOZEN,
  WORD_QUALIFIER,
  WORD_VERB,
  WORD_RAISE,
  WORD_LOWER,
  WORD_PER
};
struct word {
  enum word_kind kind;
  u32 value;
};
struct word word_find(const char *text, u32 size);

enum unit_place { UNIT_PLAIN, UNIT_NUMBER, UNIT_TEXT };
/* The unit's one spelling, or NULL. *where: in which surroundings the spelling given is one. */
const char *unit_find(const char *text, u32 size, enum unit_place *where);

static inline char lower_case(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c; }

#endif
