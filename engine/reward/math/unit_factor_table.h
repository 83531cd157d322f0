/* Units with exact factors: UNIT(name, dimension, power, numerator, denominator). One dimension's units are convertible; a plural s is taken off
 * before. Included by compare_units.c. */
#ifndef RLSP_ENGINE_REWARD_MATH_UNIT_FACTOR_TABLE_H
#define RLSP_ENGINE_REWARD_MATH_UNIT_FACTOR_TABLE_H

#define UNIT_FACTOR_TABLE(UNIT)                               \
  /* ---- length: metres ---- */                              \
  UNIT("m", LENGTH, 1, 1, 1)                                  \
  UNIT("meter", LENGTH, 1, 1, 1)                              \
  UNIT("metre", LENGTH, 1, 1, 1)                              \
  UNIT("km", LENGTH, 1, 1000, 1)                              \
  UNIT("kilometer", LENGTH, 1, 1000, 1)                       \
  UNIT("kilometre", LENGTH, 1, 1000, 1)                       \
  UNIT("cm", LENGTH, 1, 1, 100)                               \
  UNIT("centimeter", LENGTH, 1, 1, 100)                       \
  UNIT("centimetre", LENGTH, 1, 1, 100)                       \
  UNIT("mm", LENGTH, 1, 1, 1000)                              \
  UNIT("millimeter", LENGTH, 1, 1, 1000)                      \
  UNIT("millimetre", LENGTH, 1, 1, 1000)                      \
  UNIT("in", LENGTH, 1, 127, 5000)                            \
  UNIT("inch", LENGTH, 1, 127, 5000)                          \
  UNIT("inche", LENGTH, 1, 127, 5000)                         \
  UNIT("ft", LENGTH, 1, 381, 1250)                            \
  UNIT("foot", LENGTH, 1, 381, 1250)                          \
  UNIT("feet", LENGTH, 1, 381, 1250)                          \
  UNIT("yd", LENGTH, 1, 1143, 1250)                           \
  UNIT("yard", LENGTH, 1, 1143, 1250)                         \
  UNIT("mi", LENGTH, 1, 201168, 125)                          \
  UNIT("mile", LENGTH, 1, 201168, 125)                        \
  UNIT("liter", LENGTH, 3, 1, 1000)                           \
  UNIT("litre", LENGTH, 3, 1, 1000)                           \
  UNIT("l", LENGTH, 3, 1, 1000)                               \
  UNIT("ml", LENGTH, 3, 1, 1000000)                           \
  UNIT("milliliter", LENGTH, 3, 1, 1000000)                   \
  UNIT("millilitre", LENGTH, 3, 1, 1000000)                   \
  /* ---- mass: grams ---- */                                 \
  UNIT("g", MASS, 1, 1, 1)                                    \
  UNIT("gram", MASS, 1, 1, 1)                                 \
  UNIT("kg", MASS, 1, 1000, 1)                                \
  UNIT("kilogram", MASS, 1, 1000, 1)                          \
  UNIT("mg", MASS, 1, 1, 1000)                                \
  UNIT("milligram", MASS, 1, 1, 1000)                         \
  UNIT("lb", MASS, 1, 45359237, 100000)                       \
  UNIT("pound", MASS, 1, 45359237, 100000)                    \
  UNIT("oz", MASS, 1, 45359237, 1600000)                      \
  UNIT("ounce", MASS, 1, 45359237, 1600000)                   \
  /* ---- time: seconds; a month has no length ---- */        \
  UNIT("s", TIME, 1, 1, 1)                                    \
  UNIT("sec", TIME, 1, 1, 1)                                  \
  UNIT("second", TIME, 1, 1, 1)                               \
  UNIT("min", TIME, 1, 60, 1)                                 \
  UNIT("minute", TIME, 1, 60, 1)                              \
  UNIT("h", TIME, 1, 3600, 1)                                 \
  UNIT("hr", TIME, 1, 3600, 1)                                \
  UNIT("hour", TIME, 1, 3600, 1)                              \
  UNIT("day", TIME, 1, 86400, 1)                              \
  UNIT("week", TIME, 1, 604800, 1)                            \
  UNIT("month", MONTHS, 1, 1, 1)                              \
  UNIT("year", MONTHS, 1, 12, 1)                              \
  /* ---- kitchens ---- */                                    \
  UNIT("cup", CUPS, 1, 1, 1)                                  \
  UNIT("pint", CUPS, 1, 2, 1)                                 \
  UNIT("quart", CUPS, 1, 4, 1)                                \
  UNIT("gallon", CUPS, 1, 16, 1)                              \
  /* ---- money; not the pound, which is a weight too ---- */ \
  UNIT("$", DOLLARS, 1, 1, 1)                                 \
  UNIT("dollar", DOLLARS, 1, 1, 1)                            \
  UNIT("usd", DOLLARS, 1, 1, 1)                               \
  UNIT("cent", DOLLARS, 1, 1, 100)                            \
  UNIT("\xc2\xa2", DOLLARS, 1, 1, 100)                        \
  UNIT("\xe2\x82\xac", EUROS, 1, 1, 1)                        \
  UNIT("euro", EUROS, 1, 1, 1)                                \
  UNIT("eur", EUROS, 1, 1, 1)                                 \
  /* ---- angles ---- */                                      \
  UNIT("radian", RADIANS, 1, 1, 1)                            \
  UNIT("rad", RADIANS, 1, 1, 1)

#endif
