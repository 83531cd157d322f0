/* Rules that keep the mathematics of a gold: spelling, spaces, dressing, equal fractions, order of sums and sets, separators. */
#include "tests/verifier_perturb.h"

#include <stdio.h>
#include <string.h>

static const char *const words[] = {"\\text", "\\mbox", "\\mathrm", "\\textbf", NULL};

/* ---- synonyms: each occurrence of one spelling by another ---- */

struct synonym {
  const char *what, *with[5];
};

static const struct synonym synonyms[] = {
    {"\\frac{", {"\\dfrac{", "\\tfrac{", "\\cfrac{", "\\frac {"}},
    {"\\dfrac", {"\\frac"}},
    {"\\cdot", {"\\times", "*", "·", "\\cdot{}"}},
    {"\\times", {"\\cdot", "×"}},
    {"\\pi", {"π", "{\\pi}"}},
    {"\\leq", {"\\le", "<=", "≤", "\\leqslant"}},
    {"\\le ", {"\\leq ", "<= ", "≤ "}},
    {"\\geq", {"\\ge", ">=", "≥"}},
    {"\\ge ", {"\\geq ", ">= "}},
    {"\\cup", {"∪", "\\bigcup", "\\;\\cup\\;"}},
    {",\\infty", {",+\\infty", ", \\infty", ",∞"}},
    {", \\infty", {",+\\infty", ",\\infty", ", ∞"}},
    {"^\\circ", {"^{\\circ}", "°", "\\degree", " \\text{ degrees}"}},
    {"\\%", {"%", " \\%", "\\text{ percent}"}},
    {"pmatrix", {"bmatrix"}},
    {"-", {"−"}},
    {"\\sqrt{", {"\\sqrt[2]{", "\\sqrt {"}},
    {"\\ ", {" ", "\\,"}},
    {"\\{", {"\\lbrace "}},
    {"\\in ", {"∈ "}},
};

static bool keep_synonym(struct random_stream *random, const char *gold, struct perturbed *out) {
  const u32 from = random_below(random, COUNT_OF(synonyms));
  for (u32 i = 0; i < COUNT_OF(synonyms); i++) {
    const struct synonym *synonym = &synonyms[(from + i) % COUNT_OF(synonyms)];
    if (strstr(gold, synonym->what) == NULL) continue;
    if (synonym->what[0] == '-' && perturb_has(gold, words)) continue; /* a hyphen */
    if (strcmp(synonym->what, "\\pi") == 0 && strstr(gold, "\\pit") != NULL) continue;
    if (strcmp(synonym->what, "\\ ") == 0 && strstr(gold, "\\\\") != NULL) continue; /* the end of a row */
    u32 count = 0;
    while (count < COUNT_OF(synonym->with) && synonym->with[count] != NULL) count++;
    const char *with = synonym->with[random_below(random, count)];
    if (perturb_letter(with[strlen(with) - 1]) && with[0] == '\\' && strcmp(synonym->what, "\\dfrac") != 0) {
      char spaced[32]; /* a command must end before a letter */
      snprintf(spaced, sizeof spaced, "%s ", with);
      perturb_replace_all(out, gold, synonym->what, spaced);
    } else {
      perturb_replace_all(out, gold, synonym->what, with);
    }
    return true;
  }
  return false;
}

/* ---- spaces and brackets ---- */

static bool is_binary(const char *gold, const char *at) {
  if (at == gold) return false;
  const char before = at[-1];
  return perturb_digit(before) || perturb_letter(before) || before == '}' || before == ')';
}

static bool keep_spaces(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const spaces[] = {" ", "  ", "\\,", "\\;", "~", "\\ ", "\\: "};
  if (perturb_has(gold, words) || strstr(gold, "E-") != NULL) return false;
  const char *space = spaces[random_below(random, COUNT_OF(spaces))];
  for (const char *at = gold; *at != 0; at++) {
    u32 value;
    const bool group = *at == ',' && at > gold && (perturb_digit(at[-1]) || at[-1] == '{') &&
                       (at[1] == '}' || at[1] == '\\' || perturb_digits(at + 1, &value) == 3);
    const bool operator= * at == '=' ||((*at == '+' || *at == '-') && is_binary(gold, at));
    if (operator) perturb_add(out, space);
    perturb_add_part(out, at, 1);
    if (operator||(*at == ',' && !group)) perturb_add(out, space);
  }
  return true;
}

static bool keep_no_spaces(struct random_stream *random, const char *gold, struct perturbed *out) {
  (void)random;
  if (perturb_has(gold, words)) return false;
  for (const char *at = gold; *at != 0; at++) {
    const bool ends_command = at > gold && perturb_letter(at[-1]) && perturb_letter(at[1]);
    const bool control = at > gold && at[-1] == '\\';
    const bool mixed = at > gold && perturb_digit(at[-1]) && perturb_digit(at[1]);
    if (*at == ' ' && !ends_command && !control && !mixed) continue;
    perturb_add_part(out, at, 1);
  }
  return perturb_groups(gold) || !perturb_groups(out->answer); /* 81, 256 must not become 81,256 */
}

/* As many openers as closers, and none that a command needs as it stands. */
static bool brackets_match(const char *gold) {
  static const char *const no[] = {"\\sqrt[", "\\left", "\\right", "\\big", "\\Big", "[asy", "\\\\[", NULL};
  int depth = 0;
  for (const char *at = gold; *at != 0; at++) depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
  return depth == 0 && !perturb_has(gold, no) && !perturb_has(gold, words);
}

static bool keep_left_right(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const sizes[][2] = {
      {"\\left", "\\right"}, {"\\left ", "\\right "}, {"\\bigl", "\\bigr"}, {"\\Big", "\\Big"}};
  if (!brackets_match(gold) || strpbrk(gold, "([") == NULL) return false;
  const char *const *size = sizes[random_below(random, COUNT_OF(sizes))];
  for (const char *at = gold; *at != 0; at++) {
    if (*at == '(' || *at == '[') perturb_add(out, size[0]);
    if (*at == ')' || *at == ']') perturb_add(out, size[1]);
    perturb_add_part(out, at, 1);
  }
  return true;
}

static bool keep_no_left_right(struct random_stream *random, const char *gold, struct perturbed *out) {
  (void)random;
  if (strstr(gold, "\\left") == NULL || strstr(gold, "\\left.") != NULL || strstr(gold, "\\right.") != NULL)
    return false;
  if (strstr(gold, "\\lefta") != NULL || strstr(gold, "\\righta") != NULL || strstr(gold, "\\leftr") != NULL)
    return false;
  for (const char *at = gold; *at != 0; at++) {
    if (strncmp(at, "\\left", 5) == 0)
      at += 5;
    else if (strncmp(at, "\\right", 6) == 0)
      at += 6;
    if (*at == 0) return false;
    perturb_add_part(out, at, 1);
  }
  return true;
}

static bool keep_braces(struct random_stream *random, const char *gold, struct perturbed *out) {
  (void)random;
  for (const char *at = gold; *at != 0; at++) {
    perturb_add_part(out, at, 1);
    if ((*at != '^' && *at != '_') || !perturb_digit(at[1])) continue;
    const char inside[4] = {'{', at[1], '}', 0};
    perturb_add(out, inside);
    at++;
  }
  return true;
}

static bool keep_dressing(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const dresses[][2] = {
      {"$", "$"}, {"\\(", "\\)"},          {"\\[", "\\]"}, {"\\boxed{", "}"},   {"$$", "$$"},          {"{", "}"},
      {" ", " "}, {"\\displaystyle ", ""}, {"$", "$."},    {"$\\boxed{", "}$"}, {"\n\\[\n", "\n\\]\n"}};
  if (strchr(gold, '$') != NULL) return false;
  const char *const *dress = dresses[random_below(random, COUNT_OF(dresses))];
  if (dress[0][0] == '{' && strchr(gold, ',') != NULL) return false; /* {1, 2} could be a set */
  perturb_add(out, dress[0]);
  perturb_add(out, gold);
  perturb_add(out, dress[1]);
  return true;
}

/* ---- numbers ---- */

static bool fits_fraction(const char *gold, const char *at) {
  (void)gold;
  u32 a, b;
  return perturb_fraction(at, &a, &b) > 0;
}

static bool keep_equal_fraction(struct random_stream *random, const char *gold, struct perturbed *out) {
  const char *at = perturb_place(random, gold, fits_fraction);
  if (at == NULL) return false;
  u32 a, b;
  const u32 size = perturb_fraction(at, &a, &b), factor = 2 + random_below(random, 11);
  char with[64];
  snprintf(with, sizeof with, "\\frac{%u}{%u}", a * factor, b * factor);
  perturb_replace(out, gold, at, size, with);
  return true;
}

/* The gold is one fraction: other ways to write it. */
static bool keep_fraction(struct random_stream *random, const char *gold, struct perturbed *out) {
  const bool minus = gold[0] == '-';
  u32 a, b;
  const u32 size = perturb_fraction(gold + minus, &a, &b);
  if (size == 0 || gold[minus + size] != 0) return false;
  const char *sign = minus ? "-" : "";
  char with[96];
  switch (random_below(random, minus ? 6 : 5)) {
    case 0:
      snprintf(with, sizeof with, "%s%u/%u", sign, a, b);
      break;
    case 1:
      snprintf(with, sizeof with, "%s{%u \\over %u}", sign, a, b);
      break;
    case 2:
      snprintf(with, sizeof with, "\\frac{%s%u}{%u}", sign, a, b);
      break;
    case 3:
      if (a < b || b < 2 || a % b == 0) return false;
      snprintf(with, sizeof with, "%s%u\\frac{%u}{%u}", sign, a / b, a % b, b);
      break;
    case 4: {
      u32 scale = 1, digits = 0;
      for (; digits < 6 && (scale * (u64)a) % b != 0; digits++) scale *= 10;
      const u64 value = (u64)scale * a / b;
      if ((scale * (u64)a) % b != 0 || digits == 0) return false;
      snprintf(with, sizeof with, "%s%llu.%0*llu", sign, (unsigned long long)(value / scale), (int)digits,
               (unsigned long long)(value % scale));
      break;
    }
    default:
      snprintf(with, sizeof with, "\\frac{%u}{-%u}", a, b);
  }
  perturb_add(out, with);
  return true;
}

static bool keep_integer(struct random_stream *random, const char *gold, struct perturbed *out) {
  long value;
  if (!perturb_integer(gold, &value)) return false;
  char with[96];
  switch (random_below(random, 6)) {
    case 0:
      snprintf(with, sizeof with, "%ld.0", value);
      break;
    case 1:
      snprintf(with, sizeof with, "%ld.00", value);
      break;
    case 2:
      snprintf(with, sizeof with, "%s%ld", value > 0 ? "+" : "", value);
      break;
    case 3:
      snprintf(with, sizeof with, "\\frac{%ld}{%u}", 3 * value, 3u);
      break;
    case 4:
      snprintf(with, sizeof with, "%ld + 7 - 7", value);
      break;
    default:
      snprintf(with, sizeof with, "2 \\cdot %ld - %s%ld%s", value, value < 0 ? "(" : "", value, value < 0 ? ")" : "");
  }
  if (random_below(random, 2) == 0) perturb_add(out, "x = ");
  perturb_add(out, with);
  return true;
}

static bool keep_separators(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const separators[] = {",", "{,}", "\\,", ",\\!", "\\ "};
  long value;
  if (perturb_groups(gold)) { /* 1,234 is 1234 */
    for (const char *at = gold; *at != 0; at++) {
      if (*at != ',' && !perturb_digit(*at)) return false;
      if (*at != ',') perturb_add_part(out, at, 1);
    }
    return true;
  }
  if (!perturb_integer(gold, &value) || (value < 1000 && value > -1000)) return false;
  const char *separator = separators[random_below(random, COUNT_OF(separators))];
  const u64 size = strlen(gold);
  for (u64 i = 0; i < size; i++) {
    if (i > 0 && perturb_digit(gold[i - 1]) && (size - i) % 3 == 0) perturb_add(out, separator);
    perturb_add_part(out, gold + i, 1);
  }
  return true;
}

static bool keep_units(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const forms[][2] = {{"\\$", ""},
                                         {"", "\\text{ cm}"},
                                         {"", "\\text{ dollars}"},
                                         {"", " cm"},
                                         {"", "^\\circ"},
                                         {"", "\\text{ meters}"},
                                         {"", "\\mbox{ inches}^2"},
                                         {"", "\\text{ square units}"},
                                         {"", " \\text{ hours}"}};
  long value;
  if (!perturb_integer(gold, &value) || value < 0) return false;
  const char *const *form = forms[random_below(random, COUNT_OF(forms))];
  perturb_add(out, form[0]);
  perturb_add(out, gold);
  perturb_add(out, form[1]);
  return true;
}

static bool keep_decimal(struct random_stream *random, const char *gold, struct perturbed *out) {
  (void)random;
  const u64 size = strlen(gold);
  for (u64 i = 0; i < size; i++) {
    if (!perturb_digit(gold[i]) && gold[i] != '.') return false;
  }
  if (strchr(gold, '.') == NULL || gold[size - 1] == '.') return false;
  perturb_add(out, gold[0] == '0' ? gold + 1 : gold);
  perturb_add(out, "0");
  return true;
}

/* ---- order ---- */

static bool keep_sum(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const no[] = {",",     "=",      "<",      ">",     "\\pm", "\\le", "\\ge",
                                   "\\cup", "\\text", "matrix", ":",     "%",    "|",    "sum",
                                   "\\int", "\\prod", "\\in",   "mod",   "\\mp", "\\ne", "\\equiv",
                                   "\\$",   "array",  "\\cap",  "floor", "ceil", "E-",   NULL};
  if (perturb_has(gold, no) || gold[strlen(gold) - 1] == '.') return false;
  u32 begins[16], count = 0, depth = 0;
  const u32 size = (u32)strlen(gold);
  begins[count++] = 0;
  for (u32 i = 1; i < size; i++) {
    const char c = gold[i];
    if (c == '(' || c == '[' || c == '{') depth++;
    if ((c == ')' || c == ']' || c == '}') && depth-- == 0) return false;
    if (depth > 0 || (c != '+' && c != '-')) continue;
    if (strchr("^_+-*/(", gold[i - 1]) != NULL || !(is_binary(gold, gold + i) || gold[i - 1] == ' ')) return false;
    if (count == COUNT_OF(begins)) return false;
    begins[count++] = i;
  }
  if (count < 2) return false;
  const u32 by = 1 + random_below(random, count - 1);
  for (u32 k = 0; k < count; k++) {
    const u32 i = (k + by) % count, end = i + 1 < count ? begins[i + 1] : size;
    const char *term = gold + begins[i];
    const bool sign = *term == '+' || *term == '-';
    if (k > 0 && !sign) perturb_add(out, "+");
    perturb_add_part(out, term + (k == 0 && *term == '+'), end - begins[i] - (k == 0 && *term == '+'));
  }
  return true;
}

static bool keep_list(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const no[] = {"\\text", "dots", "=", "matrix", "array", "\\quad", NULL};
  const u64 size = strlen(gold);
  const bool set = strncmp(gold, "\\{", 2) == 0 && size > 4 && strcmp(gold + size - 2, "\\}") == 0;
  const char *parts[16];
  u32 sizes[16];
  if (perturb_has(gold, no) || perturb_groups(gold)) return false;
  const char *inside = set ? gold + 2 : gold;
  const u32 count = perturb_split(inside, set ? size - 4 : size, ',', parts, sizes, 16);
  if (count < 2) return false;
  const u32 by = 1 + random_below(random, count - 1);
  if (set) perturb_add(out, "\\{");
  for (u32 k = 0; k < count; k++) {
    if (k > 0) perturb_add(out, ",");
    perturb_add_part(out, parts[(k + by) % count], sizes[(k + by) % count]);
  }
  if (set) perturb_add(out, "\\}");
  return true;
}

/* 2\sqrt{3}, 5\pi: the product written out. */
static bool fits_product(const char *gold, const char *at) {
  return at > gold && perturb_digit(at[-1]) && (strncmp(at, "\\sqrt", 5) == 0 || strncmp(at, "\\pi", 3) == 0);
}

static bool keep_product(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const signs[] = {"\\cdot ", " \\times ", "*", " ", "\\,"};
  const char *at = perturb_place(random, gold, fits_product);
  if (at == NULL) return false;
  for (const char *begin = at; begin > gold; begin--) { /* not an index: \log_2\pi, x^2\pi */
    if (begin[-1] == '_' || begin[-1] == '^') return false;
    if (!perturb_digit(begin[-1])) {
      if (perturb_letter(begin[-1])) return false; /* \frac12\pi */
      break;
    }
  }
  perturb_replace(out, gold, at, 0, signs[random_below(random, COUNT_OF(signs))]);
  return true;
}

/* ---- words ---- */

static bool keep_word(struct random_stream *random, const char *gold, struct perturbed *out) {
  static const char *const forms[] = {"\\mathrm{", "\\textbf{", "\\mbox{", "\\text{ ", ""};
  if (strncmp(gold, "\\text{", 6) != 0) return false;
  u32 count = 0;
  const bool choice = gold[6] == '(';
  if (choice) count = gold[7] != 0 && gold[8] == ')' ? 3 : 0;
  while (!choice && perturb_letter(gold[6 + count])) count++;
  if ((!choice && count < 2) || count == 0 || gold[6 + count] != '}' || gold[7 + count] != 0) return false;
  const char *form = forms[random_below(random, COUNT_OF(forms))];
  perturb_add(out, form);
  perturb_add_part(out, gold + 6, count);
  if (form[0] != 0) perturb_add(out, "}");
  return true;
}

const struct perturbation perturbations_keeping[] = {{"synonym", keep_synonym},
                                                     {"spaces", keep_spaces},
                                                     {"no spaces", keep_no_spaces},
                                                     {"left and right", keep_left_right},
                                                     {"no left and right", keep_no_left_right},
                                                     {"braces", keep_braces},
                                                     {"dressing", keep_dressing},
                                                     {"equal fraction", keep_equal_fraction},
                                                     {"fraction", keep_fraction},
                                                     {"integer", keep_integer},
                                                     {"separators", keep_separators},
                                                     {"units", keep_units},
                                                     {"decimal", keep_decimal},
                                                     {"sum", keep_sum},
                                                     {"list", keep_list},
                                                     {"product", keep_product},
                                                     {"word", keep_word}};
const u32 perturbations_keeping_count = COUNT_OF(perturbations_keeping);
