/* Functions by their names, the same as \sin, \operatorname{sin} and sin: NAME(name, token, value). */
#ifndef RLSP_ENGINE_REWARD_MATH_FUNCTION_TABLE_H
#define RLSP_ENGINE_REWARD_MATH_FUNCTION_TABLE_H

#define FUNCTION_NAME_TABLE(NAME)             \
  NAME("sin", FUNCTION, FUNCTION_SIN)         \
  NAME("cos", FUNCTION, FUNCTION_COS)         \
  NAME("tan", FUNCTION, FUNCTION_TAN)         \
  NAME("tg", FUNCTION, FUNCTION_TAN)          \
  NAME("csc", FUNCTION, FUNCTION_CSC)         \
  NAME("cosec", FUNCTION, FUNCTION_CSC)       \
  NAME("sec", FUNCTION, FUNCTION_SEC)         \
  NAME("cot", FUNCTION, FUNCTION_COT)         \
  NAME("ctg", FUNCTION, FUNCTION_COT)         \
  NAME("arcsin", FUNCTION, FUNCTION_ASIN)     \
  NAME("arccos", FUNCTION, FUNCTION_ACOS)     \
  NAME("arctan", FUNCTION, FUNCTION_ATAN)     \
  NAME("arctg", FUNCTION, FUNCTION_ATAN)      \
  NAME("arccsc", FUNCTION, FUNCTION_ACSC)     \
  NAME("arcsec", FUNCTION, FUNCTION_ASEC)     \
  NAME("arccot", FUNCTION, FUNCTION_ACOT)     \
  NAME("asin", FUNCTION, FUNCTION_ASIN)       \
  NAME("acos", FUNCTION, FUNCTION_ACOS)       \
  NAME("atan", FUNCTION, FUNCTION_ATAN)       \
  NAME("acot", FUNCTION, FUNCTION_ACOT)       \
  NAME("sinh", FUNCTION, FUNCTION_SINH)       \
  NAME("cosh", FUNCTION, FUNCTION_COSH)       \
  NAME("tanh", FUNCTION, FUNCTION_TANH)       \
  NAME("csch", FUNCTION, FUNCTION_CSCH)       \
  NAME("sech", FUNCTION, FUNCTION_SECH)       \
  NAME("coth", FUNCTION, FUNCTION_COTH)       \
  NAME("arcsinh", FUNCTION, FUNCTION_ASINH)   \
  NAME("arccosh", FUNCTION, FUNCTION_ACOSH)   \
  NAME("arctanh", FUNCTION, FUNCTION_ATANH)   \
  NAME("arsinh", FUNCTION, FUNCTION_ASINH)    \
  NAME("arcosh", FUNCTION, FUNCTION_ACOSH)    \
  NAME("artanh", FUNCTION, FUNCTION_ATANH)    \
  NAME("asinh", FUNCTION, FUNCTION_ASINH)     \
  NAME("acosh", FUNCTION, FUNCTION_ACOSH)     \
  NAME("atanh", FUNCTION, FUNCTION_ATANH)     \
  NAME("cis", FUNCTION, FUNCTION_CIS)         \
  NAME("exp", FUNCTION, FUNCTION_EXP)         \
  NAME("ln", FUNCTION, FUNCTION_LN)           \
  NAME("log", FUNCTION, FUNCTION_LOG)         \
  NAME("lg", FUNCTION, FUNCTION_LOG)          \
  NAME("gcd", FUNCTION, FUNCTION_GCD)         \
  NAME("lcm", FUNCTION, FUNCTION_LCM)         \
  NAME("min", FUNCTION, FUNCTION_MIN)         \
  NAME("max", FUNCTION, FUNCTION_MAX)         \
  NAME("det", FUNCTION, FUNCTION_DETERMINANT) \
  NAME("sgn", FUNCTION, FUNCTION_SIGN)

#endif
