/* Matrices and other tables: \begin{..} .. \end{..}. */
#include "engine/reward/math/parse.h"

/* The least number of cells of a row. Every row has as many, but for rows whose end was lost (a backslash that ran into the next one:
 * \frac{1}{6}\frac{1}{3} was \frac{1}{6}\\frac{1}{3}). */
static u32 count_columns(const struct parser *parser, bool *even, u32 *rows) {
  u32 least = UINT32_MAX, most = 0, cells = 1, depth = 0;
  for (u32 at = 0;; at++) {
    const enum token_kind kind = parse_kind(parser, at);
    const bool ends = kind == TOKEN_END || (kind == TOKEN_FINISH && depth == 0);
    if (kind == TOKEN_BEGIN || kind == TOKEN_GROUP) depth++;
    if ((kind == TOKEN_FINISH || kind == TOKEN_UNGROUP) && depth > 0) depth--;
    if (depth == 0 && kind == TOKEN_AMPERSAND) cells++;
    const bool trailing = kind == TOKEN_FINISH && at > 0 && parse_kind(parser, at - 1) == TOKEN_ROW;
    if ((ends || (depth == 0 && kind == TOKEN_ROW)) && !trailing) {
      least = cells < least ? cells : least;
      most = cells > most ? cells : most;
      cells = 1;
      ++*rows;
    }
    if (ends) break;
  }
  *even = least == most;
  return least;
}

static bool ends_row(struct parser *parser, bool even) {
  if (parse_take(parser, TOKEN_ROW)) return true;
  return !even && (parse_kind(parser, 0) == TOKEN_FRACTION || parse_kind(parser, 0) == TOKEN_ROOT);
}

static void parse_row(struct parser *parser, u32 columns, bool even) {
  for (u32 left = columns; left > 0 && parser->outcome == READ_OK && !parser->pool->full; left--) {
    parser->row_may_end = !even && left == 1;
    parse_push(parser, parse_sum(parser));
    parser->row_may_end = false;
    if (left > 1 && !parse_take(parser, TOKEN_AMPERSAND)) parse_fail(parser, READ_UNREADABLE);
  }
}

static u32 parse_matrix(struct parser *parser, u32 place) {
  const u32 base = parser->stacked;
  bool even;
  u32 rows = 0;
  const u32 columns = count_columns(parser, &even, &rows);
  parser->one_row = rows == 1 && columns > 2;
  do {
    if (parse_kind(parser, 0) == TOKEN_FINISH) break;
    parse_row(parser, columns, even);
  } while (ends_row(parser, even) && parser->outcome == READ_OK && !parser->pool->full);
  parser->one_row = false;
  if (parser->stacked == base || !parse_take(parser, TOKEN_FINISH)) parse_fail(parser, READ_UNREADABLE);
  if (parser->outcome != READ_OK) {
    parser->stacked = base;
    return EXPRESSION_NONE;
  }
  return parse_pack_all(parser, EXPRESSION_MATRIX, columns, base, place);
}

static u32 parse_rows(struct parser *parser, u32 place) {
  const u32 base = parser->stacked;
  do {
    if (parse_kind(parser, 0) == TOKEN_FINISH) break;
    parse_push(parser, parse_item(parser));
    parse_take(parser, TOKEN_COMMA);
  } while (parse_take(parser, TOKEN_ROW) && parser->outcome == READ_OK && !parser->pool->full);
  if (!parse_take(parser, TOKEN_FINISH)) parse_fail(parser, READ_UNSUPPORTED);
  if (parser->stacked == base) parse_fail(parser, READ_UNREADABLE);
  if (parser->outcome != READ_OK) {
    parser->stacked = base;
    return EXPRESSION_NONE;
  }
  return parse_pack(parser, EXPRESSION_LIST, 0, base, place);
}

u32 parse_begin(struct parser *parser) {
  const u32 place = parse_place(parser), environment = parse_token(parser, 0)->value, bars = parser->bars;
  const bool commas = parser->commas_separate;
  if (!parse_enter(parser)) return EXPRESSION_NONE;
  parser->at++;
  parser->bars = 0;
  parser->commas_separate = false;
  u32 node = environment == ENVIRONMENT_ROWS ? parse_rows(parser, place) : parse_matrix(parser, place);
  if (environment == ENVIRONMENT_DETERMINANT)
    node = expression_node(parser->pool, EXPRESSION_FUNCTION, FUNCTION_DETERMINANT, &node, 1, place);
  parser->bars = bars;
  parser->commas_separate = commas;
  return parse_leave(parser, node);
}
