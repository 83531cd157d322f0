#include "tests/verifier_perturb.h"

#include <stdio.h>
#include <string.h>

bool perturb(const struct perturbation *perturbation, struct random_stream *random, const char *gold,
             struct perturbed *out) {
  out->answer_size = 0, out->full = false, out->answer[0] = 0;
  const u64 size = strlen(gold);
  if (size == 0 || size >= sizeof out->gold) return false;
  memcpy(out->gold, gold, size + 1);
  if (!perturbation->apply(random, gold, out) || out->full) return false;
  out->gold_size = (u32)strlen(out->gold);
  return strcmp(out->gold, out->answer) != 0;
}

void perturb_add_part(struct perturbed *out, const char *text, u64 size) {
  if (size >= sizeof out->answer - out->answer_size) {
    out->full = true;
    return;
  }
  memcpy(out->answer + out->answer_size, text, size);
  out->answer_size += (u32)size;
  out->answer[out->answer_size] = 0;
}

void perturb_add(struct perturbed *out, const char *text) { perturb_add_part(out, text, strlen(text)); }

void perturb_replace(struct perturbed *out, const char *gold, const char *at, u64 size, const char *with) {
  perturb_add_part(out, gold, (u64)(at - gold));
  perturb_add(out, with);
  perturb_add(out, at + size);
}

void perturb_replace_all(struct perturbed *out, const char *gold, const char *what, const char *with) {
  for (const char *at; (at = strstr(gold, what)) != NULL; gold = at + strlen(what)) {
    perturb_add_part(out, gold, (u64)(at - gold));
    perturb_add(out, with);
  }
  perturb_add(out, gold);
}

bool perturb_has(const char *text, const char *const *words) {
  for (; *words != NULL; words++) {
    if (strstr(text, *words) != NULL) return true;
  }
  return false;
}

bool perturb_digit(char c) { return c >= '0' && c <= '9'; }
bool perturb_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

u32 perturb_digits(const char *at, u32 *value) {
  u32 count = 0;
  *value = 0;
  for (; perturb_digit(at[count]); count++) {
    if (count < 9) *value = *value * 10 + (u32)(at[count] - '0');
  }
  return count;
}

bool perturb_integer(const char *gold, long *value) {
  const bool minus = gold[0] == '-';
  u32 size;
  const u32 count = perturb_digits(gold + minus, &size);
  if (count == 0 || count > 9 || gold[minus + count] != 0 || (count > 1 && gold[minus] == '0')) return false;
  *value = minus ? -(long)size : (long)size;
  return true;
}

u32 perturb_fraction(const char *at, u32 *numerator, u32 *denominator) {
  const char *const begin = at;
  if (strncmp(at, "\\frac{", 6) != 0) return 0;
  at += 6;
  u32 count = perturb_digits(at, numerator);
  if (count == 0 || count > 6 || strncmp(at + count, "}{", 2) != 0) return 0;
  at += count + 2;
  count = perturb_digits(at, denominator);
  if (count == 0 || count > 6 || at[count] != '}' || *denominator == 0) return 0;
  return (u32)(at + count + 1 - begin);
}

const char *perturb_place(struct random_stream *random, const char *gold,
                          bool (*fits)(const char *gold, const char *at)) {
  const char *places[64];
  u32 count = 0;
  for (const char *at = gold; *at != 0 && count < COUNT_OF(places); at++) {
    if (fits(gold, at)) places[count++] = at;
  }
  return count == 0 ? NULL : places[random_below(random, count)];
}

u32 perturb_split(const char *text, u64 size, char separator, const char **parts, u32 *sizes, u32 max) {
  u32 count = 0, depth = 0;
  const char *begin = text;
  for (u64 i = 0; i <= size; i++) {
    const char c = i < size ? text[i] : separator;
    if (c == '(' || c == '[' || c == '{') depth++;
    if ((c == ')' || c == ']' || c == '}') && depth-- == 0) return 0;
    if (c != separator || (depth > 0 && i < size)) continue;
    if (depth > 0 || count == max) return 0;
    parts[count] = begin, sizes[count++] = (u32)(text + i - begin);
    begin = text + i + 1;
  }
  return count;
}

bool perturb_groups(const char *gold) {
  static const char *const spellings[] = {",\\!", ", \\!", "{,}", NULL};
  if (perturb_has(gold, spellings)) return true;
  for (const char *at = strchr(gold, ','); at != NULL; at = strchr(at + 1, ',')) {
    u32 value;
    if (at > gold && perturb_digit(at[-1]) && perturb_digits(at + 1, &value) == 3) return true;
  }
  return false;
}
