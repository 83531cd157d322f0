/* From UTF-8 to the ASCII that the lexer knows, by an allow-list (fold_table.h): minus signs, times, Greek, fractions, scripts.
 * What is not on the list is refused, with its place: bidirectional controls, zero width, other scripts, digits of other scripts.
 * Called by: read.c. Owns nothing. */
#ifndef RLSP_ENGINE_REWARD_MATH_FOLD_H
#define RLSP_ENGINE_REWARD_MATH_FOLD_H

#include "engine/memory/limits.h"
#include "engine/types.h"

/* The longest replacement (a fraction) is 11 bytes for 2, but an answer made of those alone is none. */
#define FOLDED_BYTES_MAX (2u * ANSWER_BYTES_MAX)

struct folded {
  u32 size;
  char text[FOLDED_BYTES_MAX + 1];  /* ends in NUL */
  u16 places[FOLDED_BYTES_MAX + 1]; /* byte offset in the source of each byte */
};

enum fold_outcome { FOLD_OK, FOLD_FORBIDDEN, FOLD_TOO_LARGE };

/* halve: every backslash is doubled, and one of each two is dropped. *place: where the first character that is not allowed stands. */
enum fold_outcome fold_text(struct folded *folded, const char *text, u32 size, bool halve, u32 *place);

#endif
