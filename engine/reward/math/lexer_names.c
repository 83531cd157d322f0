#include <string.h>

#include "engine/reward/math/command_table.h"
#include "engine/reward/math/function_table.h"
#include "engine/reward/math/name_table.h"
#include "engine/reward/math/lexer.h"
#include "engine/reward/math/words.h"

struct entry {
  const char *text;
  u32 size;
  struct lexer_name name;
};
#define NAME(text, kind, value) {text, sizeof(text) - 1, {TOKEN_##kind, value}},
static const struct entry functions[] = {FUNCTION_NAME_TABLE(NAME)};
static const struct entry commands[] = {LATEX_COMMAND_TABLE(NAME)};
static const struct entry names[] = {PLAIN_NAME_TABLE(NAME)};
#undef NAME

static bool find(const struct entry *entries, u32 count, const char *text, u32 size, struct lexer_name *name) {
  for (u32 i = 0; i < count; i++) {
    if (entries[i].size != size || entries[i].text[0] != text[0] || memcmp(entries[i].text, text, size) != 0) continue;
    *name = entries[i].name;
    return true;
  }
  return false;
}

bool lexer_function(const char *text, u32 size, struct lexer_name *name) {
  return find(functions, COUNT_OF(functions), text, size, name);
}
bool lexer_command(const char *text, u32 size, struct lexer_name *name) {
  return find(commands, COUNT_OF(commands), text, size, name) || lexer_function(text, size, name);
}
bool lexer_plain_name(const char *text, u32 size, struct lexer_name *name) {
  return lexer_function(text, size, name) || find(names, COUNT_OF(names), text, size, name);
}

static bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'A' || c == 'E' || c == 'I' || c == 'O' ||
         c == 'U';
}
static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/* Letters in the order of the alphabet (abcd), in capitals (CBAD), or that begin like xy are names side by side. */
bool lexer_looks_like_word(const char *text, u32 size) {
  bool ascending = true, vowel = false, lower = true;
  for (u32 i = 0; i < size; i++) {
    vowel = vowel || is_vowel(text[i]);
    if (i > 0) ascending = ascending && text[i] >= text[i - 1];
    if (i > 0) lower = lower && is_lower(text[i]);
  }
  if (size == 3) return lower && vowel && !is_lower(text[0]);
  return size > 3 && lower && vowel && !ascending && !(text[0] >= 'w' && text[1] >= 'w');
}

bool lexer_is_word(const char *text, u32 size, bool after_number) {
  enum unit_place where;
  bool capitals = size < 5;
  for (u32 i = 0; i < size; i++) capitals = capitals && !is_lower(text[i]);
  if (capitals && size > 1) return after_number && unit_find(text, size, &where) != NULL; /* NO is a segment */
  if (unit_find(text, size, &where) != NULL && (where == UNIT_PLAIN || (where == UNIT_NUMBER && after_number)))
    return true;
  return word_find(text, size).kind != WORD_UNKNOWN;
}

bool lexer_environment(const char *text, u32 size, enum lexer_environment *environment) {
  static const struct {
    const char *name;
    enum lexer_environment environment;
  } environments[] = {
      {"pmatrix", ENVIRONMENT_MATRIX},      {"bmatrix", ENVIRONMENT_MATRIX},     {"Bmatrix", ENVIRONMENT_MATRIX},
      {"matrix", ENVIRONMENT_MATRIX},       {"smallmatrix", ENVIRONMENT_MATRIX}, {"array", ENVIRONMENT_MATRIX},
      {"vmatrix", ENVIRONMENT_DETERMINANT}, {"cases", ENVIRONMENT_ROWS},         {"aligned", ENVIRONMENT_ROWS},
      {"align", ENVIRONMENT_ROWS},          {"align*", ENVIRONMENT_ROWS},        {"gathered", ENVIRONMENT_ROWS},
      {"gather*", ENVIRONMENT_ROWS},        {"split", ENVIRONMENT_ROWS},         {"equation", ENVIRONMENT_CENTERED},
      {"equation*", ENVIRONMENT_CENTERED}};
  for (u32 i = 0; i < COUNT_OF(environments); i++) {
    if (strlen(environments[i].name) != size || memcmp(environments[i].name, text, size) != 0) continue;
    *environment = environments[i].environment;
    return true;
  }
  return false;
}
