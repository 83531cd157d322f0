#include "engine/reward/math/bounds.h"

static u64 words(u64 bits) { return bits / 64 + 1; }

static u32 log2_ceiling(u64 n) {
  u32 bits = 0;
  while (bits < 64 && (n - (n > 0)) >> bits > 0) bits++;
  return bits;
}

u64 bounds_power_bits(u64 base_bits, u64 exponent) {
  if (base_bits > 0 && exponent > UINT64_MAX / base_bits) return UINT64_MAX;
  return base_bits * exponent;
}

/* n! < n^n; the product of a few logarithms would be sharper, but 2^65536 is passed at n = 5900 or so either way. */
u64 bounds_factorial_bits(u64 n) {
  u64 bits = 1;
  if (n > VERIFIER_INTEGER_BITS_MAX) return UINT64_MAX;
  for (u64 power = 1; power <= n; power *= 2) {
    const u64 last = n < 2 * power - 1 ? n : 2 * power - 1; /* power..last have log2(power) + 1 bits */
    bits += (last - power + 1) * (log2_ceiling(power) + 1);
  }
  return bits;
}

u64 bounds_binomial_bits(u64 n, u64 k) {
  if (k > n - k) k = n - k;
  const u64 by_factors = bounds_power_bits(log2_ceiling(n) + 1, k);
  return n < by_factors ? n : by_factors; /* at most 2^n */
}

u64 bounds_digits_bits(u64 digits, u32 base) {
  if (base == 10) return digits * 10 / 3 + 1;
  return digits * log2_ceiling(base) + 1;
}

/* Schoolbook up to some 30 words, below it by Karatsuba and Toom beyond. */
u64 bounds_multiply_steps(u64 a_bits, u64 b_bits) {
  const u64 a = words(a_bits), b = words(b_bits), least = a < b ? a : b;
  return 40 + a + b + a * b / (least < 32 ? 1 : least < 256 ? 4 : 8);
}

/* Lehmer's: a division for each half of a word, which costs more than the products of a multiplication. */
u64 bounds_gcd_steps(u64 a_bits, u64 b_bits) {
  const u64 a = words(a_bits), b = words(b_bits), least = a < b ? a : b;
  return 120 + 8 * (a + b) + 4 * least * (least < 64 ? least : 64 + (least - 64) / 4) + a * b / (least < 32 ? 1 : 4);
}

u64 bounds_digits_steps(u64 bits) { return 60 + words(bits) * (words(bits) < 64 ? words(bits) : 64); }

u64 bounds_ball_steps(u64 precision) {
  const u64 n = words(precision);
  return 60 + n * n;
}

u64 bounds_function_steps(u64 precision) {
  const u64 n = words(precision);
  return 500 + 100 * n + 12 * n * n;
}
