#include "engine/config/config_number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static u32 suffix_shift(char c) { return c == 'K' ? 10 : c == 'M' ? 20 : c == 'G' ? 30 : 0; }

enum number_outcome number_read_integer(const char *text, i64 *value) {
  const bool negative = *text == '-';
  const char *at = text + negative;
  u64 sum = 0;
  bool large = false;
  if (!is_digit(*at)) return NUMBER_MALFORMED;
  for (; is_digit(*at); at++) {
    const u64 digit = (u64)(*at - '0');
    large = large || sum > ((u64)INT64_MAX - digit) / 10;
    if (!large) sum = sum * 10 + digit;
  }
  const u32 shift = suffix_shift(*at);
  if (shift != 0) at++;
  if (*at != 0) return NUMBER_MALFORMED;
  if (large || sum > (u64)INT64_MAX >> shift) return NUMBER_TOO_LARGE;
  *value = negative ? -(i64)(sum << shift) : (i64)(sum << shift);
  return NUMBER_OK;
}

/* -?(digits[.digits] | .digits)[(e|E)[+-]digits] and no more: what strtod reads the same in the C locale, which the
 * program never leaves. */
static bool is_decimal(const char *at) {
  u32 digits = 0;
  at += *at == '-';
  for (; is_digit(*at); at++) digits++;
  at += *at == '.';
  for (; is_digit(*at); at++) digits++;
  if (digits == 0) return false;
  if (*at != 'e' && *at != 'E') return *at == 0;
  at++;
  at += *at == '-' || *at == '+';
  if (!is_digit(*at)) return false;
  while (is_digit(*at)) at++;
  return *at == 0;
}

static bool has_nonzero_digit(const char *at) {
  while (*at != 0 && *at != 'e' && *at != 'E') {
    if (*at >= '1' && *at <= '9') return true;
    at++;
  }
  return false;
}

enum number_outcome number_read_real(const char *text, f64 *value) {
  if (!is_decimal(text)) return NUMBER_MALFORMED;
  const f64 read = strtod(text, NULL);
  if (!isfinite(read)) return NUMBER_TOO_LARGE;
  if (has_nonzero_digit(text) && fpclassify(read) != FP_NORMAL) return NUMBER_TOO_LARGE;
  *value = has_nonzero_digit(text) ? read : 0;
  return NUMBER_OK;
}

u32 number_write_real(f64 value, char text[NUMBER_BYTES]) {
  if (fabs(value) < 1e15 && value - (f64)(i64)value == 0)
    return (u32)snprintf(text, NUMBER_BYTES, "%lld", (long long)value);
  int bytes = 0;
  for (int digits = 1; digits <= 17; digits++) {
    bytes = snprintf(text, NUMBER_BYTES, "%.*g", digits, value);
    const f64 again = strtod(text, NULL);
    if (memcmp(&again, &value, sizeof value) == 0) break;
  }
  return (u32)bytes;
}
