/* Items that are no formulas: choices, words, dates, times of day. */
#include <string.h>

#include "engine/reward/math/phrase_table.h"
#include "engine/reward/math/parse.h"
#include "engine/reward/math/words.h"

/* Words of an answer that is a name: none of the above. */
#define TEXT_WORDS_MAX 6u

static const struct {
  const char *text;
  enum expression_constant constant;
} phrases[] = {
#define PHRASE(text, constant) {text, CONSTANT_##constant},
    PHRASE_TABLE(PHRASE)
#undef PHRASE
};

static bool is_capital(const struct parser *parser, u32 ahead) {
  const struct token *const token = parse_token(parser, ahead);
  return token->kind == TOKEN_LETTER && token->value >= 'A' && token->value <= 'Z';
}
static struct word word_at(const struct parser *parser, u32 ahead) {
  const struct token *const token = parse_token(parser, ahead);
  if (token->kind != TOKEN_WORD) return (struct word){WORD_UNKNOWN, 0};
  return word_find(parser->source->text + token->begin, (u32)token->end - token->begin);
}
/* A NUMBER of digits alone, at most four. */
static bool small_number(const struct parser *parser, u32 ahead, u32 *value, u32 *size) {
  const struct token *const token = parse_token(parser, ahead);
  *size = (u32)token->end - token->begin;
  *value = 0;
  if (token->kind != TOKEN_NUMBER || *size > 4) return false;
  for (u32 i = token->begin; i < token->end; i++) {
    const char c = parser->source->text[i];
    if (c < '0' || c > '9') return false;
    *value = *value * 10 + (u32)(c - '0');
  }
  return true;
}

/* ---- choices ---- */

/* Ten choices are the most that anyone lists. */
static bool is_choice_letter(const struct parser *parser, u32 ahead) {
  return is_capital(parser, ahead) && parse_token(parser, ahead)->value <= 'J';
}

/* Nothing stands before it but braces, and no other choice behind it: (A) 5 (B) 6 lists what there is. */
static bool is_one_choice(const struct parser *parser, u32 letter, u32 end) {
  for (u32 i = 0; i < parser->at; i++)
    if (parser->tokens[i].kind != TOKEN_GROUP) return false;
  if (!is_choice_letter(parser, letter)) return false;
  for (u32 ahead = end; parser->at + ahead < parser->count; ahead++)
    if (is_choice_letter(parser, ahead)) return false;
  return true;
}

/* What may stand behind a choice: its value, if it is set off; (B)(1 + x) is a product, (B)x and (B) -5 may be either. */
enum behind { BEHIND_PRODUCT, BEHIND_VALUE, BEHIND_EITHER };
static enum behind behind_choice(const struct parser *parser, u32 letter, u32 end) {
  const enum token_kind kind = parse_kind(parser, end);
  const bool in_text = (parse_token(parser, letter)->marks & TOKEN_IN_TEXT) != 0;
  const bool set_off = in_text || parse_spaced(parser, end), one = is_one_choice(parser, letter, end);
  if (kind == TOKEN_WORD || kind == TOKEN_STOP) return BEHIND_EITHER;
  if (kind == TOKEN_NUMBER) return one ? BEHIND_VALUE : BEHIND_EITHER;
  if (kind == TOKEN_MINUS && one && in_text) return BEHIND_VALUE;
  if (kind == TOKEN_MINUS && one && set_off && !parse_spaced(parser, end + 1)) return BEHIND_EITHER;
  if (!parse_starts_primary(parser, end) && kind != TOKEN_MONEY) return BEHIND_PRODUCT;
  if (kind == TOKEN_OPEN && !set_off) return BEHIND_PRODUCT;
  if (!is_choice_letter(parser, letter)) return BEHIND_PRODUCT;
  return one && set_off ? BEHIND_VALUE : BEHIND_EITHER;
}

static bool ends_answer(const struct parser *parser) {
  u32 ahead = 0;
  while (parse_kind(parser, ahead) == TOKEN_UNGROUP) ahead++;
  return parse_kind(parser, ahead) == TOKEN_END;
}

/* (B) 5: the letter, and what it stands for. */
static u32 parse_choice_with_value(struct parser *parser, u32 letter, u32 end) {
  const u32 place = parse_place(parser), choice = parse_token(parser, letter)->value;
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  parser->at += end;
  const u32 value = parse_relation(parser);
  if (!ends_answer(parser)) return parse_leave(parser, parse_fail(parser, READ_AMBIGUOUS));
  return parse_leave(parser, expression_node(parser->pool, EXPRESSION_CHOICE, choice, &value, 1, place));
}

/* (C), ({C}), and C) at the end. */
static u32 parse_choice(struct parser *parser) {
  const u32 opened = parse_kind(parser, 0) == TOKEN_OPEN && parse_token(parser, 0)->value == '(';
  const u32 grouped = parse_kind(parser, opened) == TOKEN_GROUP, letter = opened + grouped;
  const u32 end = letter + 2 + grouped;
  const struct token *const close = parse_token(parser, end - 1);
  if (!is_capital(parser, letter) || close->kind != TOKEN_CLOSE || close->value != ')') return EXPRESSION_NONE;
  if (grouped && parse_kind(parser, letter + 1) != TOKEN_UNGROUP) return EXPRESSION_NONE;
  if (parser->commas_separate) return EXPRESSION_NONE; /* inside brackets */
  if (!parse_item_ends(parser, end)) {
    const enum behind behind = behind_choice(parser, letter, end);
    if (behind == BEHIND_VALUE) return parse_choice_with_value(parser, letter, end);
    return behind == BEHIND_EITHER ? parse_fail(parser, READ_AMBIGUOUS) : EXPRESSION_NONE;
  }
  const u32 node = expression_leaf(parser->pool, EXPRESSION_CHOICE, parse_token(parser, letter)->value, NULL, 0,
                                   parse_place(parser));
  parser->at += end;
  return node;
}

/* ---- times and dates ---- */

/* am, pm: its two letters are put in `half`; how many there are. */
static u32 take_half(struct parser *parser, char half[2]) {
  const struct token *const token = parse_token(parser, 0);
  const char *const text = parser->source->text + token->begin;
  const char first = lower_case(text[0]);
  const u32 size = (u32)token->end - token->begin, second = text[1] == '.' ? 2 : 1;
  if (token->kind != TOKEN_WORD || size < 2 || size > 4 || (first != 'a' && first != 'p')) return 0;
  if (lower_case(text[second]) != 'm') return 0;
  half[0] = first;
  half[1] = 'm';
  parser->at++;
  return 2;
}

static void two_digits(char *text, u32 value) {
  text[0] = (char)('0' + value / 10);
  text[1] = (char)('0' + value % 10);
}

/* 4:51:06 p.m. is the words 04:51:06pm. */
static u32 parse_seconds(struct parser *parser, u32 hour, u32 minute, u32 second) {
  const u32 place = parse_place(parser);
  char text[] = "00:00:00pm";
  two_digits(text, hour), two_digits(text + 3, minute), two_digits(text + 6, second);
  parser->at += 5;
  const u32 half_size = take_half(parser, text + 8);
  if (!parse_item_ends(parser, 0)) return parse_fail(parser, READ_UNREADABLE);
  return expression_leaf(parser->pool, EXPRESSION_TEXT, 0, text, 8 + half_size, place);
}

/* 12:00, 3:45 p.m. */
static u32 parse_time(struct parser *parser) {
  u32 hour, minute, second, size;
  char half[2];
  if (!small_number(parser, 0, &hour, &size) || size > 2 || hour > 24 || parse_kind(parser, 1) != TOKEN_COLON)
    return EXPRESSION_NONE;
  if (!small_number(parser, 2, &minute, &size) || size != 2 || minute > 59) return EXPRESSION_NONE;
  const u32 place = parse_place(parser);
  if (parse_kind(parser, 3) == TOKEN_COLON && small_number(parser, 4, &second, &size) && size == 2 && second < 60 &&
      (parse_item_ends(parser, 5) || parse_kind(parser, 5) == TOKEN_WORD))
    return parse_seconds(parser, hour, minute, second);
  if (!parse_item_ends(parser, 3) && parse_kind(parser, 3) != TOKEN_WORD) return EXPRESSION_NONE;
  parser->at += 3;
  const u32 half_size = take_half(parser, half);
  if (!parse_item_ends(parser, 0)) return parse_fail(parser, READ_UNREADABLE);
  return expression_leaf(parser->pool, EXPRESSION_TIME, hour * 60 + minute, half, half_size, place);
}

static u32 date(struct parser *parser, u32 year, u32 month, u32 day, u32 place) {
  return expression_leaf(parser->pool, EXPRESSION_DATE, (year * 16 + month) * 32 + day, NULL, 0, place);
}

/* The year behind a date, with or without a comma; 0 = none. */
static u32 take_year(struct parser *parser) {
  u32 year, size;
  const u32 comma = parse_kind(parser, 0) == TOKEN_COMMA;
  if (!small_number(parser, comma, &year, &size) || size != 4 || !parse_item_ends(parser, comma + 1)) return 0;
  parser->at += comma + 1;
  return year;
}

/* th, st, nd, rd */
static void skip_suffix(struct parser *parser) {
  if (parse_kind(parser, 0) == TOKEN_LETTER && parse_kind(parser, 1) == TOKEN_LETTER && !parse_spaced(parser, 0) &&
      !parse_spaced(parser, 1))
    parser->at += 2;
}

/* 1/15/2024 and 15/1/2024, of which one can be the month; 1/5/2024 has its month first or second; 15/16/2024 is a quotient. */
static u32 parse_slashed_date(struct parser *parser, const u32 values[3], u32 place) {
  const u32 a = values[0], b = values[1];
  if (a < 1 || b < 1 || a > 31 || b > 31 || (a > 12 && b > 12)) return EXPRESSION_NONE;
  if (a <= 12 && b <= 12 && a != b) return parse_fail(parser, READ_AMBIGUOUS);
  parser->at += 5;
  return date(parser, values[2], a <= 12 ? a : b, a <= 12 ? b : a, place);
}

/* 2024-01-05 */
static u32 parse_numeric_date(struct parser *parser) {
  u32 values[3], sizes[3];
  const enum token_kind sign = parse_kind(parser, 1);
  const u32 place = parse_place(parser);
  if ((sign != TOKEN_MINUS && sign != TOKEN_SLASH) || parse_kind(parser, 3) != sign || !parse_item_ends(parser, 5))
    return EXPRESSION_NONE;
  for (u32 i = 0; i < 3; i++)
    if (!small_number(parser, 2 * i, &values[i], &sizes[i])) return EXPRESSION_NONE;
  for (u32 i = 1; i < 5; i++)
    if (parse_spaced(parser, i)) return EXPRESSION_NONE;
  const bool slashed = sizes[0] <= 2 && sizes[1] <= 2 && sizes[2] == 4;
  if (sign == TOKEN_SLASH) return slashed ? parse_slashed_date(parser, values, place) : EXPRESSION_NONE;
  const bool fits = sizes[0] == 4 && sizes[1] == 2 && sizes[2] == 2 && values[1] >= 1 && values[1] <= 12 &&
                    values[2] >= 1 && values[2] <= 31;
  if (!fits) return EXPRESSION_NONE;
  parser->at += 5;
  return date(parser, values[0], values[1], values[2], place);
}

/* June 20, 20 June, June 20, 2014 */
static u32 parse_date(struct parser *parser) {
  u32 day, size;
  const u32 place = parse_place(parser);
  const bool month_first = word_at(parser, 0).kind == WORD_MONTH;
  const struct word month = word_at(parser, month_first ? 0 : 1);
  if (month.kind != WORD_MONTH || !small_number(parser, month_first ? 1 : 0, &day, &size) || day < 1 || day > 31)
    return EXPRESSION_NONE;
  parser->at += 2;
  skip_suffix(parser);
  const u32 year = take_year(parser);
  if (!parse_item_ends(parser, 0)) return parse_fail(parser, READ_UNREADABLE);
  return date(parser, year, month.value, day, place);
}

/* ---- words ---- */

static bool belongs_in_words(const struct parser *parser) {
  const enum token_kind kind = parse_kind(parser, 0);
  return kind == TOKEN_WORD || kind == TOKEN_LETTER || kind == TOKEN_PRIME ||
         (kind == TOKEN_MINUS && !parse_spaced(parser, 0));
}

/* Gathers words in parser->text: lower case, one space between. Returns the size. *sentence: there is a verb, or many words. */
static u32 gather_words(struct parser *parser, bool *sentence) {
  u32 size = 0, words = 0;
  for (bool first = true; belongs_in_words(parser); first = false) {
    const struct token *const token = parse_token(parser, 0);
    if (!first && parse_spaced(parser, 0)) parser->text[size++] = ' ';
    *sentence = *sentence || ++words > TEXT_WORDS_MAX || word_at(parser, 0).kind == WORD_VERB;
    for (u32 i = token->begin; i < token->end; i++) parser->text[size++] = lower_case(parser->source->text[i]);
    parser->at++;
  }
  return size;
}

u32 parse_phrase(struct parser *parser, u32 size, u32 place) {
  for (u32 i = 0; i < COUNT_OF(phrases); i++)
    if (strlen(phrases[i].text) == size && memcmp(phrases[i].text, parser->text, size) == 0)
      return expression_leaf(parser->pool, EXPRESSION_CONSTANT, phrases[i].constant, NULL, 0, place);
  return expression_leaf(parser->pool, EXPRESSION_TEXT, 0, parser->text, size, place);
}

/* More than a name: "the answer is C" is no answer in words, but a known phrase is one. */
static u32 parse_sentence(struct parser *parser, u32 size, u32 place) {
  const u32 node = parse_phrase(parser, size, place);
  return parse_is(parser, node, EXPRESSION_TEXT) ? parse_fail(parser, READ_UNREADABLE) : node;
}

/* Choice B, option (B) */
static u32 parse_named_choice(struct parser *parser) {
  const struct token *const token = parse_token(parser, 0);
  const char *const text = parser->source->text + token->begin;
  const u32 opened = parse_kind(parser, 1) == TOKEN_OPEN && parse_token(parser, 1)->value == '(';
  const u32 letter = 1 + opened, end = letter + 1 + opened;
  if (token->end - token->begin != 6 || (memcmp(text + 1, "hoice", 5) != 0 && memcmp(text + 1, "ption", 5) != 0))
    return EXPRESSION_NONE;
  if (!is_capital(parser, letter) || (opened && parse_kind(parser, letter + 1) != TOKEN_CLOSE) ||
      !parse_item_ends(parser, end))
    return EXPRESSION_NONE;
  const u32 place = parse_place(parser), choice = parse_token(parser, letter)->value;
  parser->at += end;
  return expression_leaf(parser->pool, EXPRESSION_CHOICE, choice, NULL, 0, place);
}

static u32 parse_text(struct parser *parser) {
  const u32 place = parse_place(parser), start = parser->at;
  const struct word word = word_at(parser, 0);
  if (word.kind == WORD_COUNT && parse_item_ends(parser, 1)) {
    parser->at++;
    return parse_integer(parser, word.value, place);
  }
  if (word.kind == WORD_QUALIFIER && word.value == 1) return parse_fail(parser, READ_UNREADABLE); /* 5 or more */
  bool is_sentence = false;
  const u32 size = gather_words(parser, &is_sentence);
  if (!parse_item_ends(parser, 0) && parse_kind(parser, 0) != TOKEN_CLOSE) {
    parser->at = start;
    return parse_fail(parser, READ_UNREADABLE);
  }
  return is_sentence ? parse_sentence(parser, size, place) : parse_phrase(parser, size, place);
}

u32 parse_words(struct parser *parser) {
  u32 node = EXPRESSION_NONE;
  switch (parse_kind(parser, 0)) {
    case TOKEN_OPEN:
      return parse_choice(parser);
    case TOKEN_NUMBER:
      node = parse_time(parser);
      if (node == EXPRESSION_NONE && parser->outcome == READ_OK) node = parse_numeric_date(parser);
      return node != EXPRESSION_NONE || parser->outcome != READ_OK ? node : parse_date(parser);
    case TOKEN_LETTER: {
      const u32 letter = parse_token(parser, 0)->value;
      const bool article = (letter == 'a' || letter == 'A') && parse_kind(parser, 1) == TOKEN_WORD;
      if (article) return parse_text(parser);
      return parse_choice(parser);
    }
    case TOKEN_WORD:
      node = parse_named_choice(parser);
      if (node == EXPRESSION_NONE) node = parse_date(parser);
      return node != EXPRESSION_NONE || parser->outcome != READ_OK ? node : parse_text(parser);
    default:
      return EXPRESSION_NONE;
  }
}
