/* Every kind of expression, once: EXPRESSION(NAME, name in dumps, what its children are). Included by expression.h. */
#ifndef RLSP_ENGINE_REWARD_MATH_EXPRESSION_TABLE_H
#define RLSP_ENGINE_REWARD_MATH_EXPRESSION_TABLE_H

#define EXPRESSION_TABLE(EXPRESSION)                                                                                                             \
  /* ---- leaves: no children ---- */                                                                                                            \
  EXPRESSION(NUMBER, "number", "text = digits without separators or point; scale, repeating, base: see struct expression")                       \
  EXPRESSION(VARIABLE, "variable", "text = its name: x, x_1, theta, AB (segments, triangles); unknown functions are CALLs")                      \
  EXPRESSION(CONSTANT, "constant", "value = enum expression_constant")                                                                           \
  EXPRESSION(TEXT, "text", "words that are no mathematics: text = letters folded to lower case, spaces to one: even, monday")                    \
  EXPRESSION(CHOICE, "choice", "value = letter, 'A'..'Z': (C), \\text{(C)}; may have one child, its value: (C) 5; a bare C is a VARIABLE") \
  EXPRESSION(TIME, "time", "value = minutes of the day as written; text = am, pm or empty")                                                      \
  EXPRESSION(DATE, "date", "value = ((year * 16) + month) * 32 + day, year 0 where none is given")                                               \
  /* ---- arithmetic ---- */                                                                                                                     \
  EXPRESSION(ADD, "add", "2 or more terms")                                                                                                      \
  EXPRESSION(MULTIPLY, "multiply", "2 or more factors")                                                                                          \
  EXPRESSION(NEGATE, "negate", "x")                                                                                                              \
  EXPRESSION(DIVIDE, "divide", "numerator, denominator")                                                                                         \
  EXPRESSION(POWER, "power", "base, exponent")                                                                                                   \
  EXPRESSION(ROOT, "root", "radicand, index: the principal root")                                                                                \
  EXPRESSION(MIXED, "mixed", "whole, fraction: 1\\frac{4}{5}, 1 4/5; the fraction is added to the absolute value of the whole")                  \
  EXPRESSION(FUNCTION, "function", "arguments; value = enum expression_function")                                                                \
  EXPRESSION(CALL, "call", "arguments; text = name of a function nobody defined: f(2)")                                                          \
  EXPRESSION(SUM, "sum", "variable, from, to, body: short finite sums")                                                                          \
  EXPRESSION(PRODUCT, "product", "variable, from, to, body")                                                                                     \
  EXPRESSION(PLUS_MINUS, "plus_minus", "a, b: both a+b and a-b; with one child: both signs. value 1 = minus-plus")                               \
  /* ---- marks beside a quantity ---- */                                                                                                        \
  EXPRESSION(PERCENT, "percent", "x")                                                                                                            \
  EXPRESSION(DEGREES, "degrees", "x")                                                                                                            \
  EXPRESSION(MONEY, "money", "x; text = the currency's sign")                                                                                    \
  EXPRESSION(UNIT, "unit", "x; text = the unit as written, folded: cm^2, miles per hour")                                                        \
  /* ---- collections ---- */                                                                                                                    \
  EXPRESSION(TUPLE, "tuple", "2 or more: a point, a vector, an open interval that nobody told apart; order counts")                              \
  EXPRESSION(LIST, "list", "2 or more, separated by commas or words at the top: order does not count")                                           \
  EXPRESSION(SET, "set", "0 or more: order and repetition do not count")                                                                         \
  EXPRESSION(INTERVAL, "interval", "from, to; value = enum expression_ends. (a, b) is a TUPLE until compare.c sees an interval opposite")        \
  EXPRESSION(UNION, "union", "2 or more")                                                                                                        \
  EXPRESSION(INTERSECTION, "intersection", "2 or more")                                                                                          \
  EXPRESSION(DIFFERENCE, "difference", "a, b: those of a that are not in b")                                                                     \
  EXPRESSION(MATRIX, "matrix", "rows * columns, row by row; value = columns")                                                                    \
  /* ---- statements ---- */                                                                                                                     \
  EXPRESSION(RELATION, "relation", "left, right; value = enum expression_relation")                                                              \
  EXPRESSION(CHAIN, "chain", "2 or more RELATIONs that share sides: a < b < c")                                                                  \
  EXPRESSION(AND, "and", "2 or more statements")                                                                                                 \
  EXPRESSION(OR, "or", "2 or more statements")                                                                                                   \
  EXPRESSION(NOT, "not", "statement")

#endif
