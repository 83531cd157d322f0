/* Numbers: thousands separators, decimal commas, repeating decimals, powers of ten, mixed numbers, bases. */
#include "engine/reward/math/parse.h"
#include "engine/reward/math/words.h"

/* The digits of one number, gathered in parser->text. */
struct digits {
  u32 count, scale, repeating;
  bool point;
};

static u32 digits_end(const struct token *token) { return token->value > 0 ? token->value : token->end; }

/* Digits before the point; *whole: nothing but digits. */
static u32 leading_digits(const struct parser *parser, const struct token *token, bool *whole) {
  const u32 end = digits_end(token);
  u32 at = token->begin;
  while (at < end && parser->source->text[at] != '.') at++;
  *whole = at == end && token->value == 0;
  return at - token->begin;
}

static void gather(struct parser *parser, struct digits *digits, const struct token *token) {
  for (u32 i = token->begin; i < digits_end(token); i++) {
    const char c = parser->source->text[i];
    if (c == '.') {
      digits->point = true;
      continue;
    }
    parser->text[digits->count++] = c;
    digits->scale += digits->point;
  }
}

/* ---- separators ---- */

static bool separates_thousands(const struct parser *parser, u32 comma) {
  if (parse_kind(parser, comma) != TOKEN_COMMA || parse_kind(parser, comma + 1) != TOKEN_NUMBER) return false;
  if ((parse_token(parser, comma)->marks & TOKEN_GROUPED) != 0) return true;
  return !parser->commas_separate && !parse_spaced(parser, comma) && !parse_spaced(parser, comma + 1);
}

static bool glued_comma_before(const struct parser *parser) {
  return parser->at > 0 && parser->tokens[parser->at - 1].kind == TOKEN_COMMA &&
         (parser->tokens[parser->at - 1].marks & TOKEN_GROUPED) == 0 && !parse_spaced(parser, 0);
}

/* How many groups of three digits follow behind commas: 1,234,567. A row of numbers that does not fit is a list. */
static u32 comma_groups(struct parser *parser) {
  u32 groups = 0;
  bool whole = true, plain = false;
  /* Behind a number of a list: looked at before, with that number. */
  if (glued_comma_before(parser) && (parse_token(parser, 1)->marks & TOKEN_GROUPED) == 0) return 0;
  while (whole && separates_thousands(parser, 1 + 2 * groups)) {
    if (leading_digits(parser, parse_token(parser, 2 + 2 * groups), &whole) != 3) break;
    plain = plain || (parse_token(parser, 1 + 2 * groups)->marks & TOKEN_GROUPED) == 0;
    groups++;
  }
  const u32 behind = 1 + 2 * groups;
  const bool list = parse_kind(parser, behind) == TOKEN_COMMA && !parse_spaced(parser, behind + 1) &&
                    parse_kind(parser, behind + 1) != TOKEN_END;
  return plain && (list || glued_comma_before(parser)) ? 0 : groups;
}

/* The same behind spaces: 1 000 000. */
static u32 space_groups(const struct parser *parser) {
  u32 groups = 0;
  bool whole = true;
  while (whole && parse_kind(parser, 1 + groups) == TOKEN_NUMBER && parse_spaced(parser, 1 + groups) &&
         leading_digits(parser, parse_token(parser, 1 + groups), &whole) == 3)
    groups++;
  return groups;
}

/* 1000,99 and 0,111; 2,74 beside a currency's sign. Others are lists: 3,4. */
static bool is_decimal_comma(const struct parser *parser, u32 first_digits) {
  bool whole;
  if (parser->commas_separate || parse_kind(parser, 1) != TOKEN_COMMA || parse_kind(parser, 2) != TOKEN_NUMBER ||
      parse_spaced(parser, 1) || parse_spaced(parser, 2))
    return false;
  const u32 second = leading_digits(parser, parse_token(parser, 2), &whole);
  const enum token_kind behind = parse_kind(parser, 3);
  const bool before = parser->at == 0 || parser->tokens[parser->at - 1].kind == TOKEN_MINUS ||
                      parser->tokens[parser->at - 1].kind == TOKEN_MONEY;
  if (!whole || behind == TOKEN_COMMA || !before) return false;
  const bool money = behind == TOKEN_MONEY || (parser->at > 0 && parser->tokens[parser->at - 1].kind == TOKEN_MONEY);
  const bool zero = parser->source->text[parse_token(parser, 0)->begin] == '0';
  return (first_digits > 3 && second < 3) || (zero && first_digits == 1 && second > 2) || (money && second == 2);
}

static void gather_groups(struct parser *parser, struct digits *digits) {
  bool whole;
  const struct token *const first = parse_token(parser, 0);
  const u32 count = leading_digits(parser, first, &whole);
  const bool zero = parser->source->text[first->begin] == '0';
  u32 commas = 0, spaces = 0;
  if (whole && count == 3 && zero && parser->commas_separate && glued_comma_before(parser)) {
    parse_fail(parser, READ_AMBIGUOUS); /* (1,000): a thousand, or a point */
    return;
  }
  gather(parser, digits, first);
  if (whole && count <= 3 && !zero) {
    commas = comma_groups(parser);
    spaces = commas == 0 ? space_groups(parser) : 0;
  }
  if (commas == 0 && whole && is_decimal_comma(parser, count)) {
    digits->point = true;
    gather(parser, digits, parse_token(parser, 2));
    parser->at += 3;
    return;
  }
  for (u32 i = 0; i < commas; i++) gather(parser, digits, parse_token(parser, 2 + 2 * i));
  for (u32 i = 0; i < spaces; i++) gather(parser, digits, parse_token(parser, 1 + i));
  parser->at += 1 + 2 * commas + spaces;
  if (spaces > 0 && parse_kind(parser, 0) == TOKEN_SLASH) parse_fail(parser, READ_AMBIGUOUS); /* 1 234/567 */
  /* 19{}43 */
  while (parse_kind(parser, 0) == TOKEN_GROUP && parse_kind(parser, 1) == TOKEN_UNGROUP &&
         parse_kind(parser, 2) == TOKEN_NUMBER && !parse_spaced(parser, 2) && parser->outcome == READ_OK) {
    gather(parser, digits, parse_token(parser, 2));
    parser->at += 3;
  }
}

/* ---- repeating decimals ---- */

/* NUMBER of digits alone, in braces or not: how many tokens it takes; 0 = it is none. */
static u32 plain_digits(const struct parser *parser, u32 ahead, const struct token **digits) {
  bool whole;
  const u32 grouped = parse_kind(parser, ahead) == TOKEN_GROUP;
  *digits = parse_token(parser, ahead + grouped);
  if ((*digits)->kind != TOKEN_NUMBER) return 0;
  leading_digits(parser, *digits, &whole);
  if (!whole || (grouped && parse_kind(parser, ahead + 2) != TOKEN_UNGROUP)) return 0;
  return grouped ? 3 : 1;
}

static void take_repeating(struct parser *parser, struct digits *digits, const struct token *token, u32 tokens) {
  const u32 before = digits->count;
  gather(parser, digits, token);
  digits->repeating += digits->count - before;
  parser->at += tokens;
}

/* 0.1\overline{6}, 0.(3), 0.\dot{3}, 0.\dot{1}4\dot{2} */
static void gather_repeating(struct parser *parser, struct digits *digits) {
  const struct token *token;
  const enum token_kind kind = parse_kind(parser, 0);
  const u32 tokens = plain_digits(parser, 1, &token);
  if (!digits->point || tokens == 0) return;
  if (kind == TOKEN_OVERLINE) {
    take_repeating(parser, digits, token, 1 + tokens);
  } else if (kind == TOKEN_DOT_ABOVE) {
    take_repeating(parser, digits, token, 1 + tokens);
    const u32 middle = plain_digits(parser, 0, &token);
    const struct token *last;
    const u32 end = parse_kind(parser, middle) == TOKEN_DOT_ABOVE ? plain_digits(parser, middle + 1, &last) : 0;
    if (end == 0) return;
    if (middle > 0) take_repeating(parser, digits, token, middle);
    take_repeating(parser, digits, last, 1 + end);
  } else if (kind == TOKEN_OPEN && parse_token(parser, 0)->value == '(' && !parse_spaced(parser, 0) &&
             parse_kind(parser, 2) == TOKEN_CLOSE) {
    if (digits->scale > 0) {
      parse_fail(parser, READ_AMBIGUOUS); /* 2.5(4): a product? */
      return;
    }
    take_repeating(parser, digits, token, 3);
  }
}

/* How often the last `size` digits stand at the end one behind the other; not zeros, which round. */
static u32 times_at_end(const char *digits, u32 count, u32 size) {
  u32 same = size;
  while (same < count && digits[count - 1 - same] == digits[count - 1 - same % size]) same++;
  return size == 1 && digits[count - 1] == '0' ? 0 : same / size;
}

/* 0.333..., 0.1666..., 0.272727...: what is written three times repeats. 2.718281828... only looks so. */
static void gather_dots(struct parser *parser, struct digits *digits) {
  const struct token *const dots = parse_token(parser, 0);
  if (!digits->point || digits->repeating > 0 || dots->kind != TOKEN_UNSUPPORTED || dots->value != 1) return;
  if (parse_spaced(parser, 0) || !parse_item_ends(parser, 1)) return;
  const char *const fraction = parser->text + digits->count - digits->scale;
  for (u32 size = 1; 3 * size <= digits->scale && digits->repeating == 0; size++)
    if (times_at_end(fraction, digits->scale, size) >= 3) digits->repeating = size;
  if (digits->repeating > 0) parser->at++;
}

/* ---- bases ---- */

/* _2, _{11}, _{\text{two}}: the base and its tokens; 0 = none. */
static u32 base_at(const struct parser *parser, u32 ahead, u32 *tokens) {
  if (parse_kind(parser, ahead) != TOKEN_SUBSCRIPT) return 0;
  const u32 grouped = parse_kind(parser, ahead + 1) == TOKEN_GROUP;
  const struct token *const token = parse_token(parser, ahead + 1 + grouped);
  if (grouped && parse_kind(parser, ahead + 3) != TOKEN_UNGROUP) return 0;
  *tokens = grouped ? 4 : 2;
  const char *const text = parser->source->text + token->begin;
  const u32 size = (u32)token->end - token->begin;
  u32 base = 0;
  if (token->kind == TOKEN_WORD) {
    const struct word word = word_find(text, size);
    base = word.kind == WORD_COUNT ? word.value : 0;
  } else if (token->kind == TOKEN_NUMBER && size <= 2) {
    for (u32 i = 0; i < size; i++) {
      if (text[i] < '0' || text[i] > '9') return 0;
      base = base * 10 + (u32)(text[i] - '0');
    }
  }
  return base >= 2 && base <= 36 ? base : 0;
}

static bool digits_fit(const char *digits, u32 count, u32 base) {
  for (u32 i = 0; i < count; i++) {
    const u32 digit = digits[i] <= '9' ? (u32)(digits[i] - '0') : (u32)(digits[i] - 'A') + 10;
    if (digit >= base) return false;
  }
  return true;
}

u32 parse_base_behind(struct parser *parser, u32 node) {
  const struct expression number = *expression_at(parser->pool, node);
  const char *const digits = (const char *)parser->pool->text + number.text;
  u32 tokens;
  const u32 base = base_at(parser, 0, &tokens);
  if (base == 0 || number.base != 10 || number.repeating > 0 || !digits_fit(digits, number.text_size, base))
    return parse_fail(parser, READ_UNREADABLE);
  parser->at += tokens;
  return expression_number(parser->pool, digits, number.text_size, number.scale, 0, (u16)base, number.place);
}

u32 parse_lettered_number(struct parser *parser) {
  const u32 grouped = parse_kind(parser, 0) == TOKEN_GROUP, place = parse_place(parser);
  u32 at = grouped, letters = 0, numbers = 0, tokens, count = 0;
  for (; at < 32; at++) {
    const struct token *const token = parse_token(parser, at);
    const bool letter = token->kind == TOKEN_LETTER && token->value >= 'A' && token->value <= 'Z';
    bool whole = false;
    if (token->kind == TOKEN_NUMBER) leading_digits(parser, token, &whole);
    if ((!letter && !whole) || (at > grouped && parse_spaced(parser, at))) break;
    for (u32 i = token->begin; i < token->end; i++) parser->text[count++] = parser->source->text[i];
    letters += letter;
    numbers += whole;
  }
  if (letters == 0 || (numbers == 0 && letters == 1)) return EXPRESSION_NONE;
  if (grouped && parse_kind(parser, at++) != TOKEN_UNGROUP) return EXPRESSION_NONE;
  const u32 base = base_at(parser, at, &tokens);
  if (base <= 10 || !digits_fit(parser->text, count, base)) return EXPRESSION_NONE;
  parser->at += at + tokens;
  return expression_number(parser->pool, parser->text, count, 0, 0, (u16)base, place);
}

/* ---- mixed numbers ---- */

/* Is the digits' value below the others'? */
static bool is_less(const struct parser *parser, const struct token *a, const struct token *b) {
  const u32 a_size = (u32)a->end - a->begin, b_size = (u32)b->end - b->begin;
  if (a_size != b_size) return a_size < b_size;
  for (u32 i = 0; i < a_size; i++) {
    const char x = parser->source->text[a->begin + i], y = parser->source->text[b->begin + i];
    if (x != y) return x < y;
  }
  return false;
}

enum mixed { MIXED_NOT, MIXED_YES, MIXED_IMPROPER };

/* Is what follows a fraction of two plain numbers: \frac{4}{5}, \frac45, or 4/5 behind a space? */
static enum mixed mixed_fraction(const struct parser *parser) {
  const struct token *above, *below;
  if (parse_kind(parser, 0) == TOKEN_FRACTION) {
    if (parser->row_may_end) return MIXED_NOT; /* the next row of a matrix */
    const u32 tokens = plain_digits(parser, 1, &above);
    const bool split = tokens == 1 && parse_kind(parser, 1) == TOKEN_NUMBER && above->end - above->begin > 1;
    if (split) { /* \frac45: one digit each */
      if (above->end - above->begin > 2) return MIXED_NOT;
      const char *const digits = parser->source->text + above->begin;
      return digits[0] < digits[1] ? MIXED_YES : MIXED_IMPROPER;
    }
    if (tokens == 0 || plain_digits(parser, 1 + tokens, &below) == 0) return MIXED_NOT;
  } else {
    if (!parse_spaced(parser, 0) || parse_kind(parser, 1) != TOKEN_SLASH) return MIXED_NOT;
    if (plain_digits(parser, 0, &above) != 1 || plain_digits(parser, 2, &below) != 1) return MIXED_NOT;
  }
  return is_less(parser, above, below) ? MIXED_YES : MIXED_IMPROPER;
}

static u32 parse_mixed(struct parser *parser, u32 whole, u32 place) {
  const enum mixed mixed = mixed_fraction(parser);
  if (mixed == MIXED_NOT) return whole;
  if (mixed == MIXED_IMPROPER) return parse_fail(parser, READ_AMBIGUOUS); /* 2\frac{3}{2}: a product? */
  u32 fraction;
  if (parse_kind(parser, 0) == TOKEN_FRACTION) {
    fraction = parse_primary(parser);
  } else {
    const u32 above = parse_number(parser);
    parser->at++;
    fraction = parse_pair(parser, EXPRESSION_DIVIDE, 0, above, parse_number(parser), place);
    if (!parse_spaced(parser, 0) && parse_starts_primary(parser, 0)) return parse_fail(parser, READ_AMBIGUOUS);
  }
  return parse_pair(parser, EXPRESSION_MIXED, 0, whole, fraction, place);
}

/* ---- the number ---- */

/* 1.5e3: 1.5 times 10^3. */
static u32 scientific(struct parser *parser, u32 mantissa, const struct token *token, u32 place) {
  const char *const power = parser->source->text + token->value;
  const u32 sign = power[1] == '-' || power[1] == '+', size = (u32)token->end - token->value - 1 - sign;
  u32 exponent = expression_number(parser->pool, power + 1 + sign, size, 0, 0, 10, place);
  if (power[1] == '-') exponent = expression_node(parser->pool, EXPRESSION_NEGATE, 0, &exponent, 1, place);
  const u32 ten = parse_integer(parser, 10, place);
  return parse_pair(parser, EXPRESSION_MULTIPLY, 0, mantissa,
                    parse_pair(parser, EXPRESSION_POWER, 0, ten, exponent, place), place);
}

/* 4th, 1st, 2nd, 3rd: the number alone. */
static void skip_ordinal(struct parser *parser) {
  const struct token *const a = parse_token(parser, 0), *const b = parse_token(parser, 1);
  if (a->kind != TOKEN_LETTER || b->kind != TOKEN_LETTER || parse_spaced(parser, 0) || parse_spaced(parser, 1)) return;
  const char digit = parser->source->text[a->begin - 1];
  const bool ordinal = (a->value == 't' && b->value == 'h') || (digit == '1' && a->value == 's' && b->value == 't') ||
                       (digit == '2' && a->value == 'n' && b->value == 'd') ||
                       (digit == '3' && a->value == 'r' && b->value == 'd');
  if (ordinal && (parse_item_ends(parser, 2) || parse_kind(parser, 2) == TOKEN_WORD)) parser->at += 2;
}

u32 parse_number(struct parser *parser) {
  const u32 place = parse_place(parser), lettered = parse_lettered_number(parser);
  if (lettered != EXPRESSION_NONE || parser->outcome != READ_OK) return lettered;
  const struct token token = *parse_token(parser, 0);
  struct digits digits = {0};
  gather_groups(parser, &digits);
  if (token.value == 0) gather_repeating(parser, &digits);
  if (token.value == 0) gather_dots(parser, &digits);
  if (parser->outcome != READ_OK) return EXPRESSION_NONE;
  u32 node = expression_number(parser->pool, parser->text, digits.count, digits.scale, digits.repeating, 10, place);
  if (token.value > 0) return scientific(parser, node, &token, place);
  if (parse_kind(parser, 0) == TOKEN_SUBSCRIPT) return parse_base_behind(parser, node);
  if (digits.point) return node;
  skip_ordinal(parser);
  return parse_mixed(parser, node, place);
}
