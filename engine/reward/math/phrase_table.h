/* Whole answers in words that mean mathematics: PHRASE(text, folded to lower case, constant). */
#ifndef RLSP_ENGINE_REWARD_MATH_PHRASE_TABLE_H
#define RLSP_ENGINE_REWARD_MATH_PHRASE_TABLE_H

#define PHRASE_TABLE(PHRASE)                  \
  PHRASE("no solution", EMPTY_SET)            \
  PHRASE("no solutions", EMPTY_SET)           \
  PHRASE("no real solution", EMPTY_SET)       \
  PHRASE("no real solutions", EMPTY_SET)      \
  PHRASE("there is no solution", EMPTY_SET)   \
  PHRASE("there are no solutions", EMPTY_SET) \
  PHRASE("empty set", EMPTY_SET)              \
  PHRASE("the empty set", EMPTY_SET)          \
  PHRASE("does not exist", UNDEFINED)         \
  PHRASE("do not exist", UNDEFINED)           \
  PHRASE("doesn't exist", UNDEFINED)          \
  PHRASE("dne", UNDEFINED)                    \
  PHRASE("undefined", UNDEFINED)              \
  PHRASE("not defined", UNDEFINED)            \
  PHRASE("true", TRUE)                        \
  PHRASE("false", FALSE)                      \
  PHRASE("all real numbers", REALS)           \
  PHRASE("all reals", REALS)                  \
  PHRASE("the real numbers", REALS)           \
  PHRASE("real numbers", REALS)               \
  PHRASE("all integers", INTEGERS)

#endif
