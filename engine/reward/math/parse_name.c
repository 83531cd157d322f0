/* Letters and names: variables with subscripts and primes, e and i, functions that nobody defined, what is drawn above letters. */
#include <string.h>

#include "engine/reward/math/parse.h"
#include "engine/reward/math/words.h"

/* A name that grows in parser->text. */
struct name {
  u32 size;
  bool full;
};

static void append(struct parser *parser, struct name *name, const char *text, u32 size) {
  if (FOLDED_BYTES_MAX - name->size < size) {
    name->full = true;
    return;
  }
  memcpy(parser->text + name->size, text, size);
  name->size += size;
}
static void append_token(struct parser *parser, struct name *name, const struct token *token) {
  const u32 begin = (u32)token->begin + (token->kind == TOKEN_VARIABLE ? token->value : 0u);
  append(parser, name, parser->source->text + begin, token->end - begin);
}

static bool belongs_in_subscript(enum token_kind kind) {
  return kind == TOKEN_NUMBER || kind == TOKEN_LETTER || kind == TOKEN_VARIABLE || kind == TOKEN_WORD ||
         kind == TOKEN_CONSTANT || kind == TOKEN_PLUS || kind == TOKEN_MINUS || kind == TOKEN_COMMA ||
         kind == TOKEN_FUNCTION || kind == TOKEN_SUBSCRIPT;
}

/* x_1, x_{12}, x_{\text{max}}: the name goes on. */
static void append_subscript(struct parser *parser, struct name *name) {
  parser->at++;
  append(parser, name, "_", 1);
  if (!parse_take(parser, TOKEN_GROUP)) {
    const struct token *const token = parse_token(parser, 0);
    if (token->kind != TOKEN_NUMBER && token->kind != TOKEN_LETTER && token->kind != TOKEN_VARIABLE)
      parse_fail(parser, READ_UNREADABLE);
    append_token(parser, name, token);
    parser->at++;
    return;
  }
  if (parse_kind(parser, 0) == TOKEN_UNGROUP) parse_fail(parser, READ_UNREADABLE);
  while (belongs_in_subscript(parse_kind(parser, 0))) {
    append_token(parser, name, parse_token(parser, 0));
    parser->at++;
  }
  if (!parse_take(parser, TOKEN_UNGROUP)) parse_fail(parser, READ_UNREADABLE);
}

/* What follows a letter: y_1'' and y''_1 are the same name. */
static void append_rest(struct parser *parser, struct name *name) {
  u32 primes = 0;
  while (parse_take(parser, TOKEN_PRIME)) primes++;
  if (parse_kind(parser, 0) == TOKEN_SUBSCRIPT) append_subscript(parser, name);
  while (parse_take(parser, TOKEN_PRIME)) primes++;
  for (u32 i = 0; i < primes; i++) append(parser, name, "'", 1);
  if (name->full) parse_fail(parser, READ_TOO_LARGE);
}

static u32 variable(struct parser *parser, const struct name *name, u32 place) {
  return expression_leaf(parser->pool, EXPRESSION_VARIABLE, 0, parser->text, name->size, place);
}

/* ---- functions that nobody defined ---- */

static bool opens_call(const struct parser *parser, u32 ahead) {
  return parse_kind(parser, ahead) == TOKEN_OPEN && parse_token(parser, ahead)->value == '(' &&
         !parse_spaced(parser, ahead);
}

/* f(4 - x) is a value of f, as f, g, h and their like are no variables; p(x) = .. is a definition. f{(x)}: braces that only hold together. */
static bool is_call(const struct parser *parser, u32 letter) {
  const u32 grouped = parse_kind(parser, 0) == TOKEN_GROUP;
  if (!opens_call(parser, grouped)) return false;
  if (strchr("fghFGHPQW", (int)letter) != NULL) return true;
  return !grouped && (parse_kind(parser, 1) == TOKEN_LETTER || parse_kind(parser, 1) == TOKEN_NUMBER) &&
         parse_kind(parser, 2) == TOKEN_CLOSE && parse_kind(parser, 3) == TOKEN_RELATION &&
         parse_token(parser, 3)->value == RELATION_EQUAL;
}

/* Tokens that a point's coordinates may take. */
#define POINT_TOKENS_MAX 48u

/* A(1, 2), all of an item: a point with its name, as no point is multiplied by one. */
static bool is_named_point(const struct parser *parser, u32 letter, u32 first) {
  u32 depth = 0, commas = 0;
  if (letter < 'A' || letter > 'Z' || !opens_call(parser, 0)) return false;
  if (first > 0 && parser->tokens[first - 1].kind != TOKEN_COMMA && parser->tokens[first - 1].kind != TOKEN_SEMICOLON &&
      parser->tokens[first - 1].kind != TOKEN_AND && parser->tokens[first - 1].kind != TOKEN_GROUP)
    return false;
  for (u32 ahead = 0; ahead < POINT_TOKENS_MAX; ahead++) {
    const enum token_kind kind = parse_kind(parser, ahead);
    if (kind == TOKEN_END) return false;
    if (kind == TOKEN_OPEN) depth++;
    if (kind == TOKEN_CLOSE && --depth == 0)
      return commas > 0 && parse_token(parser, ahead)->value == ')' && parse_item_ends(parser, ahead + 1);
    if (kind == TOKEN_COMMA && depth == 1) commas++;
  }
  return false;
}

static u32 parse_call(struct parser *parser, const struct name *name, u32 place) {
  char head[32];
  const u32 base = parser->stacked;
  if (name->size > sizeof head) return parse_fail(parser, READ_TOO_LARGE);
  memcpy(head, parser->text, name->size);
  const bool grouped = parse_take(parser, TOKEN_GROUP);
  const u32 arguments = parse_open(parser);
  if (arguments == EXPRESSION_NONE) return EXPRESSION_NONE;
  if (grouped && !parse_take(parser, TOKEN_UNGROUP)) return parse_fail(parser, READ_UNSUPPORTED);
  if (!parse_is(parser, arguments, EXPRESSION_TUPLE))
    return expression_named(parser->pool, EXPRESSION_CALL, 0, &arguments, 1, head, name->size, place);
  const struct expression *const tuple = expression_at(parser->pool, arguments);
  parser->stacked = base;
  return expression_named(parser->pool, EXPRESSION_CALL, 0, parser->pool->children + tuple->first, tuple->count, head,
                          name->size, place);
}

/* f^{-1}(x): how many tokens ^{-1} takes; 0 = it is not there. */
static u32 inverse_mark(const struct parser *parser, u32 letter) {
  if (strchr("fgh", (int)letter) == NULL || parse_kind(parser, 0) != TOKEN_POWER) return 0;
  const u32 grouped = parse_kind(parser, 1) == TOKEN_GROUP;
  const struct token *const one = parse_token(parser, 2 + grouped);
  if (parse_kind(parser, 1 + grouped) != TOKEN_MINUS || one->kind != TOKEN_NUMBER || one->end - one->begin != 1 ||
      parser->source->text[one->begin] != '1')
    return 0;
  if (grouped && parse_kind(parser, 4) != TOKEN_UNGROUP) return 0;
  const u32 tokens = grouped ? 5 : 3;
  return opens_call(parser, tokens) ? tokens : 0;
}

/* C(5, 2): a binomial or a point. */
static bool may_be_binomial(const struct parser *parser, u32 letter) {
  if (letter != 'C' || !opens_call(parser, 0)) return false;
  const enum token_kind n = parse_kind(parser, 1), k = parse_kind(parser, 3);
  return (n == TOKEN_NUMBER || n == TOKEN_LETTER) && parse_kind(parser, 2) == TOKEN_COMMA &&
         (k == TOKEN_NUMBER || k == TOKEN_LETTER) && parse_kind(parser, 4) == TOKEN_CLOSE;
}

/* \phi(10), \Gamma(5): values of functions, and no products. */
static bool is_function_of_numbers(const struct parser *parser, const struct name *name) {
  static const char *const functions[] = {"Gamma", "zeta", "phi", "varphi", "sigma", "tau", "mu", "Phi"};
  if (!opens_call(parser, 0)) return false;
  for (u32 i = 0; i < COUNT_OF(functions); i++) {
    if (name->size == strlen(functions[i]) && memcmp(parser->text, functions[i], name->size) == 0) return true;
  }
  return false;
}

static bool digits_behind(const struct parser *parser, u32 from, u32 to) {
  while (from < to && parser->text[from] >= '0' && parser->text[from] <= '9') from++;
  return from == to;
}

static u32 parse_named(struct parser *parser, u32 letter, const struct token *token) {
  const u32 place = parser->source->places[token->begin], first = parser->at - 1;
  struct name name = {0};
  append_token(parser, &name, token);
  append_rest(parser, &name);
  if (parser->outcome != READ_OK) return EXPRESSION_NONE;
  if (letter == 0 && is_function_of_numbers(parser, &name)) return parse_fail(parser, READ_UNSUPPORTED);
  if (letter == 0) return variable(parser, &name, place);
  if (is_call(parser, letter) || is_named_point(parser, letter, first)) return parse_call(parser, &name, place);
  const u32 inverse = inverse_mark(parser, letter);
  if (inverse > 0) {
    append(parser, &name, "^-1", 3);
    parser->at += inverse;
    return parse_call(parser, &name, place);
  }
  if (may_be_binomial(parser, letter)) return parse_fail(parser, READ_AMBIGUOUS);
  /* C_{10}^3: 10 over 3, or a power */
  if (letter == 'C' && parse_kind(parser, 0) == TOKEN_POWER && name.size > 2 && digits_behind(parser, 2, name.size))
    return parse_fail(parser, READ_AMBIGUOUS);
  return variable(parser, &name, place);
}

/* Two or more capitals, in braces or not: AB. Takes them and returns how many there were; 0 takes none. */
static u32 take_capitals(struct parser *parser, struct name *name, u32 least) {
  const u32 grouped = parse_kind(parser, 0) == TOKEN_GROUP;
  u32 count = 0;
  while (parse_kind(parser, grouped + count) == TOKEN_LETTER && parse_token(parser, grouped + count)->value <= 'Z' &&
         (count == 0 || !parse_spaced(parser, grouped + count)))
    count++;
  if (count < least || (grouped && parse_kind(parser, grouped + count) != TOKEN_UNGROUP)) return 0;
  for (u32 i = 0; i < count; i++) append_token(parser, name, parse_token(parser, grouped + i));
  parser->at += count + 2 * grouped;
  return count;
}

/* Does a side of a statement, or an item, begin here? */
static bool begins_side(const struct parser *parser) {
  if (parser->at == 0) return true;
  const enum token_kind before = (enum token_kind)parser->tokens[parser->at - 1].kind;
  return before == TOKEN_COMMA || before == TOKEN_SEMICOLON || before == TOKEN_AND || before == TOKEN_OR ||
         before == TOKEN_GROUP || before == TOKEN_OPEN || before == TOKEN_RELATION || before == TOKEN_ROW;
}

/* NO, YES, DNE: words after all, where they are all of an item. */
static u32 shouted(struct parser *parser, const struct name *name, u32 place) {
  for (u32 i = 0; i < name->size; i++) parser->text[i] = lower_case(parser->text[i]);
  return parse_phrase(parser, name->size, place);
}

/* AB, ACF: one name of several letters, where it is all of an item or of a side. Elsewhere capitals side by side are a product. */
static u32 parse_capitals(struct parser *parser) {
  const u32 place = parse_place(parser), start = parser->at;
  struct name name = {0};
  if (!begins_side(parser) || take_capitals(parser, &name, 2) == 0) return EXPRESSION_NONE;
  const enum token_kind behind = parse_kind(parser, 0);
  if (parse_item_ends(parser, 0) && (start == 0 || parser->tokens[start - 1].kind == TOKEN_COMMA) &&
      word_find(parser->text, name.size).kind == WORD_PLAIN)
    return shouted(parser, &name, place);
  if (parse_item_ends(parser, 0) || behind == TOKEN_RELATION || behind == TOKEN_CLOSE)
    return variable(parser, &name, place);
  parser->at = start;
  return EXPRESSION_NONE;
}

u32 parse_letter(struct parser *parser) {
  const u32 lettered = parse_lettered_number(parser);
  if (lettered != EXPRESSION_NONE || parser->outcome != READ_OK) return lettered;
  const u32 capitals = parse_capitals(parser);
  if (capitals != EXPRESSION_NONE) return capitals;
  const struct token token = *parse_token(parser, 0);
  parser->at++;
  const bool bare = parse_kind(parser, 0) != TOKEN_SUBSCRIPT && parse_kind(parser, 0) != TOKEN_PRIME;
  const u32 place = parser->source->places[token.begin];
  if (bare && token.value == 'e' && !parser->bound[0])
    return expression_leaf(parser->pool, EXPRESSION_CONSTANT, CONSTANT_E, NULL, 0, place);
  if (bare && token.value == 'i' && !parser->bound[1])
    return expression_leaf(parser->pool, EXPRESSION_CONSTANT, CONSTANT_I, NULL, 0, place);
  /* a + bI: the imaginary unit of programs, or a variable. */
  if (bare && token.value == 'I' && parser->at > 1 && (token.marks & TOKEN_SPACED) == 0) {
    const enum token_kind before = (enum token_kind)parser->tokens[parser->at - 2].kind;
    if (before == TOKEN_NUMBER || before == TOKEN_LETTER) return parse_fail(parser, READ_AMBIGUOUS);
  }
  return parse_named(parser, token.value, &token);
}

u32 parse_variable(struct parser *parser) {
  const struct token token = *parse_token(parser, 0);
  parser->at++;
  return parse_named(parser, 0, &token);
}

/* ---- above and before letters ---- */

/* \overline{AB} is a segment, \overline{z} a conjugate. */
u32 parse_overline(struct parser *parser) {
  const u32 place = parse_place(parser);
  struct name name = {0};
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  parser->at++;
  if (take_capitals(parser, &name, 2) > 0) return parse_leave(parser, variable(parser, &name, place));
  const u32 inside = parse_argument(parser);
  if (parse_is(parser, inside, EXPRESSION_NUMBER) || parse_is(parser, inside, EXPRESSION_MULTIPLY))
    return parse_leave(parser, parse_fail(parser, READ_UNSUPPORTED)); /* \overline{abc}: digits side by side */
  return parse_leave(parser, expression_node(parser->pool, EXPRESSION_FUNCTION, FUNCTION_CONJUGATE, &inside, 1, place));
}

/* \vec{v}, \mathbf{i}, \hat{j}: a name of its own kind for e and i, which are no numbers there. */
u32 parse_accent(struct parser *parser) {
  const u32 place = parse_place(parser);
  struct name name = {0};
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  parser->at++;
  const u32 grouped = parse_kind(parser, 0) == TOKEN_GROUP;
  const struct token letter = *parse_token(parser, grouped);
  if (letter.kind == TOKEN_LETTER && (!grouped || parse_kind(parser, 2) == TOKEN_UNGROUP)) {
    parser->at += grouped ? 3 : 1;
    append_token(parser, &name, &letter);
    if (letter.value == 'i' || letter.value == 'e') append(parser, &name, " vector", 7);
    append_rest(parser, &name);
    return parse_leave(parser, variable(parser, &name, place));
  }
  if (take_capitals(parser, &name, 2) > 0) return parse_leave(parser, variable(parser, &name, place));
  return parse_leave(parser, parse_argument(parser));
}

/* \mathit{test}: one name. */
u32 parse_italic(struct parser *parser) {
  const u32 place = parse_place(parser);
  struct name name = {0};
  parser->at++;
  const bool grouped = parse_take(parser, TOKEN_GROUP);
  if (!grouped)
    return parse_kind(parser, 0) == TOKEN_LETTER ? parse_letter(parser) : parse_fail(parser, READ_UNREADABLE);
  while (parse_kind(parser, 0) == TOKEN_LETTER || parse_kind(parser, 0) == TOKEN_WORD ||
         parse_kind(parser, 0) == TOKEN_NUMBER) {
    append_token(parser, &name, parse_token(parser, 0));
    parser->at++;
  }
  if (name.size == 0 || !parse_take(parser, TOKEN_UNGROUP)) return parse_fail(parser, READ_UNREADABLE);
  append_rest(parser, &name);
  return variable(parser, &name, place);
}

u32 parse_blackboard(struct parser *parser) {
  static const struct {
    char letter;
    u8 constant;
  } sets[] = {{'N', CONSTANT_NATURALS},
              {'Z', CONSTANT_INTEGERS},
              {'Q', CONSTANT_RATIONALS},
              {'R', CONSTANT_REALS},
              {'C', CONSTANT_COMPLEXES}};
  const u32 place = parse_place(parser);
  parser->at++;
  const bool grouped = parse_take(parser, TOKEN_GROUP);
  const struct token letter = *parse_token(parser, 0);
  if (!parse_take(parser, TOKEN_LETTER)) return parse_fail(parser, READ_UNREADABLE);
  if (grouped && !parse_take(parser, TOKEN_UNGROUP)) return parse_fail(parser, READ_UNREADABLE);
  for (u32 i = 0; i < COUNT_OF(sets); i++)
    if ((u32)sets[i].letter == letter.value)
      return expression_leaf(parser->pool, EXPRESSION_CONSTANT, sets[i].constant, NULL, 0, place);
  return parse_fail(parser, READ_UNSUPPORTED);
}

/* \angle ABC, \triangle ABC */
u32 parse_figure(struct parser *parser) {
  const u32 place = parse_place(parser), kind = parse_token(parser, 0)->value;
  struct name name = {0};
  parser->at++;
  if (kind == 1)
    append(parser, &name, "angle ", 6);
  else
    append(parser, &name, "triangle ", 9);
  if (take_capitals(parser, &name, 1) == 0) return parse_fail(parser, READ_UNREADABLE);
  return variable(parser, &name, place);
}
