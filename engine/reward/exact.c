#include "engine/reward/exact.h"

#include <string.h>

/* What a character of several bytes counts as. ROW(UTF-8, one byte) */
#define FOLDED_CHARACTERS(ROW)                                                                                       \
  ROW("\xc2\xa0", ' ')     /* no-break */                                                                            \
  ROW("\xe2\x80\x80", ' ') /* en quad */                                                                             \
  ROW("\xe2\x80\x81", ' ')                                                                                           \
  ROW("\xe2\x80\x82", ' ')                                                                                           \
  ROW("\xe2\x80\x83", ' ') ROW("\xe2\x80\x84", ' ') ROW("\xe2\x80\x85", ' ') ROW("\xe2\x80\x86", ' ')                \
      ROW("\xe2\x80\x87", ' ') ROW("\xe2\x80\x88", ' ') ROW("\xe2\x80\x89", ' ') ROW("\xe2\x80\x8a", ' ') /* hair */ \
      ROW("\xe2\x80\xaf", ' ') /* narrow no-break */                                                                 \
      ROW("\xe2\x81\x9f", ' ') /* mathematical */                                                                    \
      ROW("\xe3\x80\x80", ' ') /* ideographic */                                                                     \
      ROW("\xe2\x80\x90", '-') /* hyphen */ ROW("\xe2\x80\x91", '-') /* no-break hyphen */ ROW("\xe2\x88\x92",       \
                                                                                               '-') /* minus */

static const struct {
  char text[4];
  char folded;
} folds[] = {
#define FOLD_ROW(text, folded) {text, folded},
    FOLDED_CHARACTERS(FOLD_ROW)
#undef FOLD_ROW
};

struct reader {
  const char *text;
  u64 size, at;
  bool begun; /* something but blanks was read */
};

/* The next byte as it counts, or 0 at the end; *size: its bytes. */
static char folded_byte(const struct reader *reader, u64 *size) {
  *size = 1;
  if (reader->at == reader->size) return 0;
  const char c = reader->text[reader->at];
  if (c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f') return ' ';
  for (u32 f = 0; (c & 0x80) != 0 && f < COUNT_OF(folds); f++) {
    const u64 bytes = strlen(folds[f].text);
    if (bytes > reader->size - reader->at || memcmp(folds[f].text, reader->text + reader->at, bytes) != 0) continue;
    *size = bytes;
    return folds[f].folded;
  }
  return c;
}

/* The next byte after folding; blanks come as one between words; -1 at the end. */
static int next_byte(struct reader *reader) {
  bool blank = false;
  u64 size = 0;
  while (reader->at < reader->size && folded_byte(reader, &size) == ' ') {
    reader->at += size;
    blank = reader->begun;
  }
  if (reader->at == reader->size) return -1;
  if (blank) {
    reader->begun = false; /* the word comes next */
    return ' ';
  }
  const char c = folded_byte(reader, &size);
  reader->at += size;
  reader->begun = true;
  return (u8)c;
}

bool exact_same(const char *a, u64 a_size, const char *b, u64 b_size) {
  struct reader left = {.text = a, .size = a_size}, right = {.text = b, .size = b_size};
  for (;;) {
    const int l = next_byte(&left), r = next_byte(&right);
    if (l != r) return false;
    if (l < 0) return true;
  }
}
