/* From LaTeX or plain text to an expression: the only reader of answers. Unicode is folded by an allow-list (fold.c), then cut into
 * tokens (lexer.c), then read by a grammar without backtracking beyond one statement (parse*.c).
 * What is not understood is not guessed: unreadable (nonsense) and unsupported (integrals, limits, derivatives, ...) are told apart.
 * Called by: verifier.c. Owns nothing. */
#ifndef RLSP_ENGINE_REWARD_MATH_READ_H
#define RLSP_ENGINE_REWARD_MATH_READ_H

#include "engine/reward/math/expression.h"

enum read_outcome {
  READ_OK,
  READ_EMPTY,
  READ_UNREADABLE,
  READ_UNSUPPORTED,
  READ_TOO_LARGE,
  READ_FORBIDDEN,
  READ_AMBIGUOUS
};

struct read_result {
  enum read_outcome outcome;
  u32 root;  /* in the pool; EXPRESSION_NONE unless READ_OK */
  u32 place; /* byte offset in text of what was not understood */
};

/* Resets the pool and reads the whole text into it: $..$, \( \), \[ \] and one \boxed{} round all of it are taken off. */
struct read_result read_answer(struct expression_pool *pool, const char *text, u32 size);

#endif
