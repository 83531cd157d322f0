/* Every function, once: ROW(NAME, name in dumps, arguments at least, at most). LOG: argument [, base]; natural where LaTeX says \ln, base 10 for
 * \log and \lg (a row of the peers may mean e by \log: compare.c decides nothing on that ground). Included by expression.h. */
#ifndef RLSP_ENGINE_REWARD_MATH_EXPRESSION_FUNCTION_TABLE_H
#define RLSP_ENGINE_REWARD_MATH_EXPRESSION_FUNCTION_TABLE_H

#define EXPRESSION_FUNCTION_TABLE(ROW)            \
  ROW(SIN, "sin", 1, 1)                           \
  ROW(COS, "cos", 1, 1)                           \
  ROW(TAN, "tan", 1, 1)                           \
  ROW(CSC, "csc", 1, 1)                           \
  ROW(SEC, "sec", 1, 1)                           \
  ROW(COT, "cot", 1, 1)                           \
  ROW(ASIN, "asin", 1, 1)                         \
  ROW(ACOS, "acos", 1, 1)                         \
  ROW(ATAN, "atan", 1, 1)                         \
  ROW(ACSC, "acsc", 1, 1)                         \
  ROW(ASEC, "asec", 1, 1)                         \
  ROW(ACOT, "acot", 1, 1)                         \
  ROW(SINH, "sinh", 1, 1)                         \
  ROW(COSH, "cosh", 1, 1)                         \
  ROW(TANH, "tanh", 1, 1)                         \
  ROW(CSCH, "csch", 1, 1)                         \
  ROW(SECH, "sech", 1, 1)                         \
  ROW(COTH, "coth", 1, 1)                         \
  ROW(ASINH, "asinh", 1, 1)                       \
  ROW(ACOSH, "acosh", 1, 1)                       \
  ROW(ATANH, "atanh", 1, 1)                       \
  ROW(EXP, "exp", 1, 1)                           \
  ROW(LN, "ln", 1, 1)                             \
  ROW(LOG, "log", 1, 2)                           \
  ROW(ABS, "abs", 1, 1)                           \
  ROW(FLOOR, "floor", 1, 1)                       \
  ROW(CEILING, "ceiling", 1, 1)                   \
  ROW(FACTORIAL, "factorial", 1, 1)               \
  ROW(DOUBLE_FACTORIAL, "double_factorial", 1, 1) \
  ROW(BINOMIAL, "binomial", 2, 2)                 \
  ROW(GCD, "gcd", 2, 16)                          \
  ROW(LCM, "lcm", 2, 16)                          \
  ROW(MOD, "mod", 2, 2)                           \
  ROW(MIN, "min", 1, 16)                          \
  ROW(MAX, "max", 1, 16)                          \
  ROW(SIGN, "sign", 1, 1)                         \
  ROW(RE, "re", 1, 1)                             \
  ROW(IM, "im", 1, 1)                             \
  ROW(CONJUGATE, "conjugate", 1, 1)               \
  ROW(DETERMINANT, "determinant", 1, 1)

#endif
