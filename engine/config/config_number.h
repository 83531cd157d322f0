/* Numbers as settings write them: whole numbers with K, M, G, and reals. The whole text must be the number.
 *
 * Called by: engine/config, tools (--device-memory). Owns nothing. Fails: with the enum; *value is then untouched. */
#ifndef RLSP_ENGINE_CONFIG_CONFIG_NUMBER_H
#define RLSP_ENGINE_CONFIG_CONFIG_NUMBER_H

#include "engine/types.h"

enum number_outcome { NUMBER_OK, NUMBER_MALFORMED, NUMBER_TOO_LARGE };

/* -?[0-9]+[KMG]?, powers of 1024. */
enum number_outcome number_read_integer(const char *text, i64 *value);
/* -?digits with an optional point and exponent; correctly rounded. No infinity, no NaN, no hexadecimal; one too small
 * for a normal f64 is too large a request as well. -0 becomes 0. */
enum number_outcome number_read_real(const char *text, f64 *value);

#define NUMBER_BYTES 32u
/* The fewest digits that read back as the same bits; returns the bytes written. */
u32 number_write_real(f64 value, char text[NUMBER_BYTES]);

#endif
