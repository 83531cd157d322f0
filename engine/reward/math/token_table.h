/* Every kind of token, once: TOKEN(name, what its value is). */
#ifndef RLSP_ENGINE_REWARD_MATH_TOKEN_TABLE_H
#define RLSP_ENGINE_REWARD_MATH_TOKEN_TABLE_H

#define TOKEN_TABLE(TOKEN)                                                          \
  TOKEN(END, "")                                                                    \
  /* ---- operands ---- */                                                          \
  TOKEN(NUMBER, "0, or where its power of ten begins: 1.5e3")                       \
  TOKEN(LETTER, "the letter")                                                       \
  TOKEN(VARIABLE, "letters of its name to leave out: varphi")                       \
  TOKEN(CONSTANT, "enum expression_constant")                                       \
  TOKEN(FUNCTION, "enum expression_function")                                       \
  TOKEN(WORD, "")                                                                   \
  TOKEN(GROUP, "1 where it is \\boxed's")                                           \
  TOKEN(UNGROUP, "")                                                                \
  TOKEN(OPEN, "( [ { < f (floor) c (ceiling)")                                      \
  TOKEN(CLOSE, "the same, of the other side: ) ] } > f c")                          \
  TOKEN(BAR, "0, 1 = certainly opens, 2 = certainly closes")                        \
  TOKEN(FRACTION, "")                                                               \
  TOKEN(ROOT, "1 = its index follows: \\root 3 \\of 8")                             \
  TOKEN(OF, "")                                                                     \
  TOKEN(SURD, "index, of a root in plain text: sqrt(x)")                            \
  TOKEN(BINOMIAL, "")                                                               \
  TOKEN(SUM, "")                                                                    \
  TOKEN(PRODUCT, "")                                                                \
  TOKEN(BEGIN, "enum lexer_environment")                                            \
  TOKEN(FINISH, "enum lexer_environment")                                           \
  TOKEN(OVERLINE, "")                                                               \
  TOKEN(DOT_ABOVE, "")                                                              \
  TOKEN(ACCENT, "")                                                                 \
  TOKEN(ITALIC, "")                                                                 \
  TOKEN(BLACKBOARD, "")                                                             \
  TOKEN(FIGURE, "1 = angle, 2 = triangle")                                          \
  TOKEN(MONEY, "enum lexer_currency")                                               \
  /* ---- operators ---- */                                                         \
  TOKEN(PLUS, "")                                                                   \
  TOKEN(MINUS, "")                                                                  \
  TOKEN(PLUS_MINUS, "1 = minus-plus")                                               \
  TOKEN(TIMES, "")                                                                  \
  TOKEN(SLASH, "")                                                                  \
  TOKEN(POWER, "")                                                                  \
  TOKEN(SUBSCRIPT, "")                                                              \
  TOKEN(FACTORIAL, "")                                                              \
  TOKEN(PRIME, "")                                                                  \
  TOKEN(DEGREE, "")                                                                 \
  TOKEN(PERCENT, "")                                                                \
  TOKEN(MOD, "")                                                                    \
  TOKEN(PMOD, "")                                                                   \
  TOKEN(OVER, "")                                                                   \
  TOKEN(CHOOSE, "")                                                                 \
  TOKEN(RELATION, "enum expression_relation")                                       \
  TOKEN(NEGATED, "")                                                                \
  TOKEN(UNION, "")                                                                  \
  TOKEN(INTERSECTION, "")                                                           \
  TOKEN(DIFFERENCE, "")                                                             \
  TOKEN(LOGICAL_AND, "")                                                            \
  TOKEN(LOGICAL_OR, "")                                                             \
  TOKEN(LOGICAL_NOT, "")                                                            \
  TOKEN(MID, "")                                                                    \
  /* ---- separators ---- */                                                        \
  TOKEN(COMMA, "")                                                                  \
  TOKEN(SEMICOLON, "")                                                              \
  TOKEN(COLON, "")                                                                  \
  TOKEN(AND, "")                                                                    \
  TOKEN(OR, "")                                                                     \
  TOKEN(AMPERSAND, "")                                                              \
  TOKEN(ROW, "")                                                                    \
  TOKEN(STOP, "")                                                                   \
  /* ---- what no answer of ours holds ---- */                                      \
  TOKEN(UNSUPPORTED, "1 = dots: 0.333...")                                          \
  TOKEN(AMBIGUOUS, "")                                                              \
  /* ---- commands that the lexer itself obeys: no token of these comes out ---- */ \
  TOKEN(SPACE, "")                                                                  \
  TOKEN(IGNORED, "")                                                                \
  TOKEN(SIDE, "1 = left, 2 = right")                                                \
  TOKEN(TEXT, "")                                                                   \
  TOKEN(BOX, "")                                                                    \
  TOKEN(HIDDEN, "")                                                                 \
  TOKEN(OPERATOR_NAME, "")

#endif
