/* Names of plain text that are no commands: NAME(name, token, value). */
#ifndef RLSP_ENGINE_REWARD_MATH_NAME_TABLE_H
#define RLSP_ENGINE_REWARD_MATH_NAME_TABLE_H

#define PLAIN_NAME_TABLE(NAME)                    \
  NAME("pi", CONSTANT, CONSTANT_PI)               \
  NAME("Pi", CONSTANT, CONSTANT_PI)               \
  NAME("inf", CONSTANT, CONSTANT_INFINITY)        \
  NAME("Inf", CONSTANT, CONSTANT_INFINITY)        \
  NAME("oo", CONSTANT, CONSTANT_INFINITY)         \
  NAME("infty", CONSTANT, CONSTANT_INFINITY)      \
  NAME("infinity", CONSTANT, CONSTANT_INFINITY)   \
  NAME("Infinity", CONSTANT, CONSTANT_INFINITY)   \
  NAME("emptyset", CONSTANT, CONSTANT_EMPTY_SET)  \
  NAME("sqrt", SURD, 2)                           \
  NAME("cbrt", SURD, 3)                           \
  NAME("abs", FUNCTION, FUNCTION_ABS)             \
  NAME("floor", FUNCTION, FUNCTION_FLOOR)         \
  NAME("ceil", FUNCTION, FUNCTION_CEILING)        \
  NAME("ceiling", FUNCTION, FUNCTION_CEILING)     \
  NAME("factorial", FUNCTION, FUNCTION_FACTORIAL) \
  NAME("binomial", FUNCTION, FUNCTION_BINOMIAL)   \
  NAME("binom", FUNCTION, FUNCTION_BINOMIAL)      \
  NAME("sign", FUNCTION, FUNCTION_SIGN)           \
  NAME("conj", FUNCTION, FUNCTION_CONJUGATE)      \
  NAME("and", AND, 0)                             \
  NAME("And", AND, 0)                             \
  NAME("AND", AND, 0)                             \
  NAME("or", OR, 0)                               \
  NAME("Or", OR, 0)                               \
  NAME("OR", OR, 0)                               \
  NAME("mod", MOD, 0)                             \
  NAME("union", UNION, 0)                         \
  NAME("percent", PERCENT, 0)                     \
  NAME("percents", PERCENT, 0)                    \
  NAME("percentage", PERCENT, 0)                  \
  NAME("pct", PERCENT, 0)                         \
  NAME("degree", DEGREE, 0)                       \
  NAME("degrees", DEGREE, 0)                      \
  NAME("deg", DEGREE, 0)                          \
  NAME("dollar", MONEY, CURRENCY_DOLLAR)          \
  NAME("dollars", MONEY, CURRENCY_DOLLAR)         \
  NAME("usd", MONEY, CURRENCY_DOLLAR)             \
  NAME("USD", MONEY, CURRENCY_DOLLAR)             \
  NAME("euro", MONEY, CURRENCY_EURO)              \
  NAME("euros", MONEY, CURRENCY_EURO)             \
  NAME("EUR", MONEY, CURRENCY_EURO)               \
  NAME("yen", MONEY, CURRENCY_YEN)                \
  NAME("rupees", MONEY, CURRENCY_RUPEE)           \
  NAME("alpha", VARIABLE, 0)                      \
  NAME("beta", VARIABLE, 0)                       \
  NAME("gamma", VARIABLE, 0)                      \
  NAME("delta", VARIABLE, 0)                      \
  NAME("epsilon", VARIABLE, 0)                    \
  NAME("theta", VARIABLE, 0)                      \
  NAME("lambda", VARIABLE, 0)                     \
  NAME("sigma", VARIABLE, 0)                      \
  NAME("phi", VARIABLE, 0)                        \
  NAME("omega", VARIABLE, 0)

#endif
