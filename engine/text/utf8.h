/* UTF-8, one character at a time. Called by: JSON reading and writing, the report. Owns nothing; never fails. */
#ifndef RLSP_ENGINE_TEXT_UTF8_H
#define RLSP_ENGINE_TEXT_UTF8_H

#include "engine/types.h"

/* Bytes of the well-formed character at `text` (1..4), or 0: malformed, overlong, a surrogate, above U+10FFFF, or cut
 * off by `bytes`. */
u32 utf8_length(const char *text, u64 bytes);
/* Writes 1..4 bytes; a surrogate or a value above U+10FFFF is written as U+FFFD. */
u32 utf8_put(u32 code, char out[4]);

#endif
