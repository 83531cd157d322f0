#include "engine/reward/exact.h"

#include <string.h>

/* What a character of several bytes counts as: Unicode's spaces, and the hyphens and the minus that are written as one. */
static const struct {
  const char *text;
  char folded;
} folds[] = {
    {"\xc2\xa0", ' '},     {"\xe2\x80\x80", ' '}, {"\xe2\x80\x81", ' '}, {"\xe2\x80\x82", ' '}, {"\xe2\x80\x83", ' '},
    {"\xe2\x80\x84", ' '}, {"\xe2\x80\x85", ' '}, {"\xe2\x80\x86", ' '}, {"\xe2\x80\x87", ' '}, {"\xe2\x80\x88", ' '},
    {"\xe2\x80\x89", ' '}, {"\xe2\x80\x8a", ' '}, {"\xe2\x80\xaf", ' '}, {"\xe2\x81\x9f", ' '}, {"\xe3\x80\x80", ' '},
    {"\xe2\x80\x90", '-'}, {"\xe2\x80\x91", '-'}, {"\xe2\x88\x92", '-'},
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
