/* Rules that change the mathematics of a gold. Each says when it is sure of that. */
#include "tests/verifier_perturb.h"

#include <stdio.h>
#include <string.h>

/* Even or periodic functions, rounding, 0! = 1!, both signs: a number may change and the value not. */
static const char *const blunt[] = {"\\sin", "\\cos", "\\tan", "\\sec", "\\csc",  "\\cot", "!",
                                    "|",     "\\pm",  "\\mp",  "floor", "ceil",   "mod",   "gcd",
                                    "lcm",   "min",   "max",   "vert",  "\\text", NULL};
static const char *const relations[] = {"=", "<", ">", "\\le", "\\ge", "\\ne", NULL};

/* 3(x+y) = 0 and 5(x+y) = 0 are one. */
static bool scales(const char *gold) { return perturb_has(gold, relations) && strchr(gold, '0') != NULL; }

static bool first_digit(const char *gold, const char *at) {
  return perturb_digit(*at) && (at == gold || (!perturb_digit(at[-1]) && at[-1] != '.'));
}

static bool is_exponent(const char *gold, const char *at) {
  return at > gold && (at[-1] == '^' || (at[-1] == '{' && at - 1 > gold && at[-2] == '^'));
}

static bool fits_digit(const char *gold, const char *at) {
  if (!perturb_digit(*at)) return false;
  while (at > gold && perturb_digit(at[-1])) at--;
  return !is_exponent(gold, at);
}

static bool change_digit(struct random_stream *random, const char *gold, struct perturbed *out) {
  if (perturb_has(gold, blunt) || scales(gold)) return false;
  const char *at = perturb_place(random, gold, fits_digit);
  if (at == NULL) return false;
  const char with[2] = {(char)('0' + (*at - '0' + 1 + (int)random_below(random, 9)) % 10), 0};
  perturb_replace(out, gold, at, 1, with);
  return true;
}

static bool fits_number(const char *gold, const char *at) {
  u32 value;
  return first_digit(gold, at) && !is_exponent(gold, at) && perturb_digits(at, &value) <= 9 && value > 0 &&
         (at == gold || (at[-1] != ',' && at[-1] != '_' && strncmp(at - 1, "}", 1) != 0));
}

/* 12 is 120: nothing behind the digits may belong to them. */
static bool change_size(struct random_stream *random, const char *gold, struct perturbed *out) {
  if (perturb_has(gold, blunt) || scales(gold) || perturb_groups(gold) || strchr(gold, '.') != NULL) return false;
  const char *at = perturb_place(random, gold, fits_number);
  if (at == NULL) return false;
  u32 value;
  const u32 count = perturb_digits(at, &value);
  if (at[count] == '!' || at[count] == ',' || at[count] == '{' || at[count] == '_' || at[count] == ':') return false;
  perturb_replace(out, gold, at + count, 0, "0");
  return true;
}

/* Where a whole component begins with a number, a fraction or a root. */
static bool fits_sign(const char *gold, const char *at) {
  static const char before[] = "([,&";
  const char *last = at;
  while (last > gold && last[-1] == ' ') last--;
  if (last > gold && strchr(before, last[-1]) == NULL) return false;
  if (*at == '-') at++;
  u32 value;
  if (first_digit(gold, at)) return perturb_digits(at, &value) <= 9 && value > 0;
  return strncmp(at, "\\frac{", 6) == 0 || strncmp(at, "\\sqrt{", 6) == 0;
}

static bool change_sign(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const no[] = {")^", "right)^", ":", "\\{,", "{,}", NULL};
  if (perturb_has(gold, blunt) || perturb_has(gold, relations) || perturb_has(gold, no) || perturb_groups(gold))
    return false;
  const char *at = perturb_place(random, gold, fits_sign);
  if (at == NULL) return false;
  const char *number = at + (*at == '-');
  u32 value;
  if (number[0] == '0' || (perturb_digits(number, &value) > 0 && value == 0)) return false;
  perturb_replace(out, gold, at, *at == '-', *at == '-' ? "" : "-");
  return true;
}

static bool fits_inner_sign(const char *gold, const char *at) {
  if ((*at != '+' && *at != '-') || at == gold) return false;
  const char *last = at, *next = at + 1;
  while (last > gold && last[-1] == ' ') last--;
  while (*next == ' ') next++;
  if (last == gold || *next == '0' || strchr("+-&,)]}", *next) != NULL) return false;
  return perturb_digit(last[-1]) || last[-1] == '}' || last[-1] == ')' || (perturb_letter(last[-1]) && last == at);
}

static bool change_inner_sign(struct random_stream *random, const char *gold, struct perturbed *out) {
  if (perturb_has(gold, blunt)) return false;
  const char *at = perturb_place(random, gold, fits_inner_sign);
  if (at == NULL) return false;
  perturb_replace(out, gold, at, 1, *at == '+' ? "-" : "+");
  return true;
}

/* a , b with plain different integers on both sides. */
static bool fits_swap(const char *gold, const char *at) {
  if (*at != ',' && *at != '&') return false;
  const char *left = at, *right = at + 1;
  while (left > gold && left[-1] == ' ') left--;
  const char *left_end = left;
  while (left > gold && perturb_digit(left[-1])) left--;
  while (*right == ' ') right++;
  u32 a, b;
  const u32 a_count = perturb_digits(left, &a), b_count = perturb_digits(right, &b);
  if (left == left_end || a_count > 9 || b_count == 0 || b_count > 9 || a == b) return false;
  const char before = left > gold ? left[-1] : 0, after = right[b_count];
  return before != 0 && strchr("( ,[&}", before) != NULL && strchr(") ,]&\\", after) != NULL;
}

static bool change_order(struct random_stream *random, const char *gold, struct perturbed *out) {
  const bool ordered =
      gold[0] == '(' || gold[0] == '[' || strncmp(gold, "\\left(", 6) == 0 || strncmp(gold, "\\begin{", 7) == 0;
  if (!ordered || perturb_groups(gold)) return false;
  const char *at = perturb_place(random, gold, fits_swap);
  if (at == NULL) return false;
  const char *left = at, *right = at + 1;
  while (left[-1] == ' ') left--;
  const char *left_end = left;
  while (perturb_digit(left[-1])) left--;
  while (*right == ' ') right++;
  u32 value;
  const u32 right_size = perturb_digits(right, &value);
  perturb_add_part(out, gold, (u64)(left - gold));
  perturb_add_part(out, right, right_size);
  perturb_add_part(out, left_end, (u64)(right - left_end));
  perturb_add_part(out, left, (u64)(left_end - left));
  perturb_add(out, right + right_size);
  return true;
}

static bool near_infinity(const char *gold, const char *at) {
  char near[32];
  const char *from = at - gold > 14 ? at - 14 : gold;
  if (*at == '(' || *at == '[') from = at;
  snprintf(near, sizeof near, "%.14s", from);
  if (from != at) near[at - from] = 0;
  return strstr(near, "inf") != NULL;
}

/* The first or the last end of an interval. */
static bool change_end(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const no[] = {"\\sqrt[", "matrix", "\\text", "array", NULL};
  if (perturb_has(gold, no) || strchr(gold, ',') == NULL) return false;
  if (strchr(gold, '[') == NULL && strchr(gold, ']') == NULL) return false;
  const char *first = strpbrk(gold, "(["), *last = gold + strlen(gold) - 1;
  while (last > gold && *last != ')' && *last != ']') last--;
  if (first == NULL || last <= first) return false;
  const char *at = random_below(random, 2) == 0 ? first : last;
  if (near_infinity(gold, at)) return false;
  perturb_replace(out, gold, at, 1, *at == '(' ? "[" : *at == '[' ? "(" : *at == ')' ? "]" : ")");
  return true;
}

/* \le is <, and back. */
static bool change_strictness(struct random_stream *random, const char *gold, struct perturbed *out) {
  (void)random;
  static const char *const pairs[][2] = {{"\\leq", "<"},  {"\\geq", ">"},  {"\\le ", "< "},
                                         {"\\ge ", "> "}, {"<", "\\leq "}, {">", "\\geq "}};
  for (u32 i = 0; i < COUNT_OF(pairs); i++) {
    const char *at = strstr(gold, pairs[i][0]);
    if (at == NULL) continue;
    perturb_replace(out, gold, at, strlen(pairs[i][0]), pairs[i][1]);
    return true;
  }
  return false;
}

/* ^2 or ^{2} above a letter, or a number of two or more. */
static bool fits_exponent(const char *gold, const char *at) {
  if (*at != '^' || at == gold) return false;
  u32 value, base;
  const char *digits = at + 1 + (at[1] == '{');
  const u32 count = perturb_digits(digits, &value);
  if (count == 0 || count > 3 || (at[1] == '{' && digits[count] != '}') || (at[1] != '{' && count > 1)) return false;
  if (perturb_letter(at[-1])) return true;
  const char *begin = at;
  while (begin > gold && perturb_digit(begin[-1])) begin--;
  return perturb_digits(begin, &base) > 0 && base >= 2;
}

static bool change_exponent(struct random_stream *random, const char *gold, struct perturbed *out) {
  if (perturb_has(gold, blunt) || perturb_has(gold, relations)) return false;
  const char *at = perturb_place(random, gold, fits_exponent);
  char with[16];
  if (at == NULL) {
    long value;
    if (!perturb_integer(gold, &value) || value < 2) return false;
    snprintf(with, sizeof with, "^%u", 2 + random_below(random, 3));
    perturb_replace(out, gold, gold + strlen(gold), 0, with);
    return true;
  }
  u32 value;
  const char *digits = at + 1 + (at[1] == '{');
  const u32 count = perturb_digits(digits, &value);
  snprintf(with, sizeof with, "^{%u}", value + 1 + random_below(random, 3));
  perturb_replace(out, gold, at, (u64)(digits + count + (at[1] == '{') - at), with);
  return true;
}

static bool change_unit(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const units[][2] = {
      {"cm", "m"},         {"kg", "g"},         {"hours", "minutes"}, {"inches", "feet"}, {"dollars", "cents"},
      {"cm^2", "cm"},      {"miles", "meters"}, {"mph", "feet"},      {"days", "weeks"},  {"square feet", "feet"},
      {"liters", "grams"}, {"km", "mm"}};
  long value;
  if (!perturb_integer(gold, &value) || value == 0) return false;
  const char *const *pair = units[random_below(random, COUNT_OF(units))];
  const u32 side = random_below(random, 2);
  snprintf(out->gold, sizeof out->gold, "%s\\text{ %s}", gold, pair[side]);
  perturb_add(out, gold);
  perturb_add(out, "\\text{ ");
  perturb_add(out, pair[1 - side]);
  perturb_add(out, "}");
  return true;
}

static bool fits_inversion(const char *gold, const char *at) {
  (void)gold;
  u32 a, b;
  return perturb_fraction(at, &a, &b) > 0 && a > 0 && a != b;
}

static bool change_fraction(struct random_stream *random, const char *gold, struct perturbed *out) {
  if (perturb_has(gold, blunt) || scales(gold)) return false;
  const char *at = perturb_place(random, gold, fits_inversion);
  if (at == NULL) return false;
  u32 a, b;
  const u32 size = perturb_fraction(at, &a, &b);
  char with[64];
  snprintf(with, sizeof with, "\\frac{%u}{%u}", b, a);
  perturb_replace(out, gold, at, size, with);
  return true;
}

static bool fits_root(const char *gold, const char *at) {
  (void)gold;
  u32 value;
  if (strncmp(at, "\\sqrt{", 6) != 0) return false;
  const u32 count = perturb_digits(at + 6, &value);
  return count > 0 && count < 9 && value >= 2 && at[6 + count] == '}';
}

/* A root is lost: \sqrt{5} is {5}. */
static bool change_root(struct random_stream *random, const char *gold, struct perturbed *out) {
  if (perturb_has(gold, blunt) || scales(gold)) return false;
  const char *at = perturb_place(random, gold, fits_root);
  if (at == NULL) return false;
  if (at > gold && perturb_digit(at[-1]))
    perturb_replace(out, gold, at, 5, "\\cdot ");
  else
    perturb_replace(out, gold, at, 5, "");
  return true;
}

/* A part more, which is nowhere in a gold. */
static bool change_more_parts(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const no[] = {"\\text", "matrix", "array", NULL};
  if (perturb_has(gold, no) || perturb_has(gold, relations)) return false;
  perturb_add(out, gold);
  perturb_add(out, random_below(random, 2) == 0 ? ", 987654" : " \\text{ or } 987654");
  return true;
}

static bool change_fewer_parts(struct random_stream *random, const char *gold, struct perturbed *out) {
  (void)random;
  const char *parts[8];
  u32 sizes[8];
  const u32 count = perturb_split(gold, strlen(gold), ',', parts, sizes, 8);
  static const char *const no[] = {"\\text", "\\pm", "dots", NULL};
  if (count < 2 || perturb_groups(gold) || perturb_has(gold, no)) return false;
  for (u32 i = 0; i + 1 < count; i++) {
    u32 begin = parts[i][0] == ' ', last = parts[count - 1][0] == ' ';
    if (strncmp(parts[i] + begin, parts[count - 1] + last, sizes[count - 1] - last) == 0) return false;
  }
  perturb_add_part(out, gold, (u64)(parts[count - 1] - 1 - gold));
  return true;
}

/* Another letter in a word of four or more within \text{}. */
static bool change_word(struct random_stream *random, const char *gold, struct perturbed *out) {
  if (strncmp(gold, "\\text{", 6) != 0) return false;
  u32 count = 0;
  while (perturb_letter(gold[6 + count])) count++;
  if (count < 4 || gold[6 + count] != '}' || gold[7 + count] != 0) return false;
  const char *at = gold + 6 + random_below(random, count);
  const char with[2] = {*at == 'q' || *at == 'Q' ? 'x' : 'q', 0};
  perturb_replace(out, gold, at, 1, with);
  return true;
}

static bool change_choice(struct random_stream *random, const char *gold, struct perturbed *out) {
  char *at = strchr(gold, '(');
  if (at == NULL || at[1] < 'A' || at[1] > 'E' || at[2] != ')') return false;
  const char with[2] = {(char)('A' + (at[1] - 'A' + 1 + (int)random_below(random, 4)) % 5), 0};
  perturb_replace(out, gold, at + 1, 1, with);
  return true;
}

const struct perturbation perturbations_changing[] = {{"digit", change_digit},
                                                      {"size", change_size},
                                                      {"sign", change_sign},
                                                      {"inner sign", change_inner_sign},
                                                      {"order", change_order},
                                                      {"end", change_end},
                                                      {"strictness", change_strictness},
                                                      {"exponent", change_exponent},
                                                      {"unit", change_unit},
                                                      {"inversion", change_fraction},
                                                      {"root", change_root},
                                                      {"more parts", change_more_parts},
                                                      {"fewer parts", change_fewer_parts},
                                                      {"word", change_word},
                                                      {"choice", change_choice}};
const u32 perturbations_changing_count = COUNT_OF(perturbations_changing);
