#include "engine/reward/math/words.h"

#include <string.h>

#include "engine/reward/math/unit_table.h"
#include "engine/reward/math/word_table.h"

static const struct {
  const char *text;
  u32 size;
  struct word word;
} words[] = {
#define WORD(text, kind, value) {text, sizeof(text) - 1, {WORD_##kind, value}},
    WORD_TABLE(WORD)
#undef WORD
};

static const struct {
  const char *text;
  u32 size;
  const char *kept;
  enum unit_place where;
} units[] = {
#define UNIT(text, kept, where) {text, sizeof(text) - 1, kept, UNIT_##where},
    UNIT_TABLE(UNIT)
#undef UNIT
};

static bool same_folded(const char *text, const char *folded, u32 size) {
  for (u32 i = 0; i < size; i++)
    if (lower_case(text[i]) != folded[i]) return false;
  return true;
}

struct word word_find(const char *text, u32 size) {
  for (u32 i = 0; i < COUNT_OF(words); i++)
    if (words[i].size == size && same_folded(text, words[i].text, size)) return words[i].word;
  return (struct word){WORD_UNKNOWN, 0};
}

const char *unit_find(const char *text, u32 size, enum unit_place *where) {
  for (u32 i = 0; i < COUNT_OF(units); i++) {
    /* Long names may be capitalised: Miles. */
    if (units[i].size != size) continue;
    if (memcmp(units[i].text, text, size) != 0 && (size < 4 || !same_folded(text, units[i].text, size))) continue;
    *where = units[i].where;
    return units[i].kept;
  }
  return NULL;
}
