/* Fractions of 64 bits for normal forms: checked, so that what does not fit is left as it stands. Owns nothing. */
#include "engine/reward/math/normal_parts.h"

static u64 size_of(i64 value) { return value < 0 ? (u64)0 - (u64)value : (u64)value; }

static u64 common(u64 a, u64 b) {
  while (b != 0) {
    const u64 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

bool fraction_make(struct fraction *fraction, i64 numerator, i64 denominator) {
  if (denominator == 0 || numerator == INT64_MIN || denominator == INT64_MIN) return false;
  const i64 divisor = (i64)common(size_of(numerator), size_of(denominator));
  numerator /= divisor;
  denominator /= divisor;
  *fraction = denominator < 0 ? (struct fraction){-numerator, -denominator} : (struct fraction){numerator, denominator};
  return true;
}

bool fraction_multiply(struct fraction *product, struct fraction a, struct fraction b) {
  struct fraction left, right; /* crosswise: what can be cancelled is cancelled before it could overflow */
  i64 numerator, denominator;
  return fraction_make(&left, a.numerator, b.denominator) && fraction_make(&right, b.numerator, a.denominator) &&
         !__builtin_mul_overflow(left.numerator, right.numerator, &numerator) &&
         !__builtin_mul_overflow(left.denominator, right.denominator, &denominator) &&
         fraction_make(product, numerator, denominator);
}

bool fraction_add(struct fraction *sum, struct fraction a, struct fraction b) {
  const i64 shared = (i64)common((u64)a.denominator, (u64)b.denominator);
  i64 left, right, numerator, denominator;
  return !__builtin_mul_overflow(a.numerator, b.denominator / shared, &left) &&
         !__builtin_mul_overflow(b.numerator, a.denominator / shared, &right) &&
         !__builtin_add_overflow(left, right, &numerator) &&
         !__builtin_mul_overflow(a.denominator, b.denominator / shared, &denominator) &&
         fraction_make(sum, numerator, denominator);
}

bool fraction_power(struct fraction *power, struct fraction base, i64 exponent) {
  struct fraction result = {1, 1};
  if (exponent < 0) {
    if (base.numerator == 0 || exponent == INT64_MIN || !fraction_make(&base, base.denominator, base.numerator)) {
      return false;
    }
    exponent = -exponent;
  }
  while (exponent > 0) {
    if ((exponent & 1) != 0 && !fraction_multiply(&result, result, base)) return false;
    exponent >>= 1;
    if (exponent > 0 && !fraction_multiply(&base, base, base)) return false;
  }
  *power = result;
  return true;
}

static int digit_of(u8 letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'z') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'Z') return letter - 'A' + 10;
  return -1;
}

static bool whole(i64 *value, const u8 *digits, u32 count, i64 base) {
  *value = 0;
  for (u32 i = 0; i < count; i++) {
    const int digit = digit_of(digits[i]);
    if (digit < 0 || digit >= base || __builtin_mul_overflow(*value, base, value) ||
        __builtin_add_overflow(*value, (i64)digit, value)) {
      return false;
    }
  }
  return true;
}

bool fraction_of_number(struct fraction *fraction, const struct expression_pool *pool, u32 node) {
  const struct expression *number = expression_at(pool, node);
  const u8 *digits = pool->text + number->text;
  const i64 base = number->base;
  i64 value, before, denominator;
  struct fraction shift;
  if (number->text_size == 0 || !whole(&value, digits, number->text_size, base)) return false;
  if (!fraction_power(&shift, (struct fraction){base, 1}, (i64)(number->scale - number->repeating))) return false;
  if (number->repeating == 0) return fraction_make(fraction, value, shift.numerator);
  struct fraction period;
  if (!fraction_power(&period, (struct fraction){base, 1}, (i64)number->repeating)) return false;
  if (!whole(&before, digits, number->text_size - number->repeating, base)) return false;
  return !__builtin_mul_overflow(shift.numerator, period.numerator - 1, &denominator) &&
         fraction_make(fraction, value - before, denominator);
}

static bool plain(const struct expression_pool *pool, u32 node, i64 *value) {
  const struct expression *number = expression_at(pool, node);
  return number->kind == EXPRESSION_NUMBER && number->base == 10 && number->scale == 0 &&
         whole(value, pool->text + number->text, number->text_size, 10);
}

bool fraction_read(struct fraction *fraction, const struct expression_pool *pool, u32 node) {
  const struct expression *at = expression_at(pool, node);
  const bool negative = at->kind == EXPRESSION_NEGATE;
  i64 numerator, denominator = 1;
  if (negative) {
    node = expression_child(pool, node, 0);
    at = expression_at(pool, node);
  }
  if (at->kind == EXPRESSION_DIVIDE) {
    if (!plain(pool, expression_child(pool, node, 0), &numerator)) return false;
    if (!plain(pool, expression_child(pool, node, 1), &denominator)) return false;
  } else if (!plain(pool, node, &numerator)) {
    return false;
  }
  return fraction_make(fraction, negative ? -numerator : numerator, denominator);
}

static u32 write_whole(struct expression_pool *pool, u64 value, u32 place) {
  char digits[20];
  u32 at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  return expression_number(pool, digits + at, (u32)sizeof digits - at, 0, 0, 10, place);
}

u32 fraction_write(struct expression_pool *pool, struct fraction fraction, u32 place) {
  u32 node = write_whole(pool, size_of(fraction.numerator), place);
  if (fraction.denominator != 1) {
    const u32 parts[2] = {node, write_whole(pool, (u64)fraction.denominator, place)};
    node = expression_node(pool, EXPRESSION_DIVIDE, 0, parts, 2, place);
  }
  return fraction.numerator < 0 ? expression_node(pool, EXPRESSION_NEGATE, 0, &node, 1, place) : node;
}
