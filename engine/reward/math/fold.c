#include "engine/reward/math/fold.h"

#include <string.h>

#include "engine/reward/math/fold_table.h"
#include "engine/text/utf8.h"

static const struct {
  u32 code;
  const char *text;
} table[] = {
#define FOLD(code, text) {code, text},
    FOLD_TABLE(FOLD)
#undef FOLD
};

static const char *replacement(u32 code) {
  u32 low = 0, high = COUNT_OF(table);
  while (low < high) {
    const u32 middle = (low + high) / 2;
    if (table[middle].code == code) return table[middle].text;
    if (table[middle].code < code)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

static u32 decode(const char *text, u32 length) {
  static const u32 lead[5] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  u32 code = (u8)text[0] & lead[length];
  for (u32 i = 1; i < length; i++) code = code << 6 | ((u8)text[i] & 0x3fu);
  return code;
}

static bool append(struct folded *folded, const char *text, u32 size, u32 place) {
  if (FOLDED_BYTES_MAX - folded->size < size) return false;
  memcpy(folded->text + folded->size, text, size);
  for (u32 i = 0; i < size; i++) folded->places[folded->size + i] = (u16)place;
  folded->size += size;
  return true;
}

/* x^{1}^{0} is x^{10}: raised (or lowered) characters in a row are one script. */
static void join_scripts(struct folded *folded, const char **text, u32 *size) {
  const u32 end = folded->size;
  if (end < 4 || folded->text[end - 1] != '}') return;
  u32 open = end - 1;
  while (open > 0 && end - open < 16 && folded->text[open] != '{') open--;
  if (open == 0 || folded->text[open] != '{' || folded->text[open - 1] != (*text)[0]) return;
  folded->size--;
  *text += 2;
  *size = 2;
}

static bool allowed_ascii(char c) { return (c >= 0x20 && c < 0x7f) || (c >= '\t' && c <= '\r'); }

enum fold_outcome fold_text(struct folded *folded, const char *text, u32 size, bool halve, u32 *place) {
  folded->size = 0;
  *place = 0;
  if (size > ANSWER_BYTES_MAX) return FOLD_TOO_LARGE;
  bool script_before = false;
  for (u32 at = 0, length; at < size; at += length) {
    *place = at;
    length = utf8_length(text + at, size - at);
    if (length == 0) return FOLD_FORBIDDEN;
    if (length == 1) {
      if (halve && text[at] == '\\') length = 2;
      if (!allowed_ascii(text[at])) return FOLD_FORBIDDEN;
      if (!append(folded, text + at, 1, at)) return FOLD_TOO_LARGE;
      script_before = false;
      continue;
    }
    const char *with = replacement(decode(text + at, length));
    if (with == NULL) return FOLD_FORBIDDEN;
    u32 with_size = (u32)strlen(with);
    const bool script = with_size == 4 && (with[0] == '^' || with[0] == '_');
    if (script && script_before) join_scripts(folded, &with, &with_size);
    script_before = script;
    if (!append(folded, with, with_size, at)) return FOLD_TOO_LARGE;
  }
  folded->text[folded->size] = 0;
  folded->places[folded->size] = (u16)size;
  return FOLD_OK;
}
