/* Reading JSON (RFC 8259) in the caller's memory, as from a stranger: the whole grammar is checked, nesting is bounded,
 * nothing is recursive, and the text need not end with a NUL. Tokens lie in document order; a container's tokens follow
 * it, up to `next`.
 *
 * Called by: formats (headers), report (rows), task (problem files). Owns nothing; allocates nothing. Fails: with a
 * static text and a byte position, from which the caller makes its own status. */
#ifndef RLSP_ENGINE_TEXT_JSON_H
#define RLSP_ENGINE_TEXT_JSON_H

#include "engine/types.h"

#define JSON_DEPTH_MAX 32u
#define JSON_NONE UINT32_MAX

enum json_type { JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL };

struct json_token {
  u32 begin, end; /* bytes of the text; of a string, between its quotes */
  u32 next;       /* index of the token after this value and all within it */
  u32 type : 8;
  u32 count : 24; /* pairs of an object, values of an array; saturates */
};

struct json {
  const char *text;
  const struct json_token *tokens;
  u32 count;
};

/* NULL when good; else what is wrong, with *at its byte. One value, then only white space. Texts of 4 GiB and more are
 * refused. In an object the tokens alternate: key (a string), value. */
const char *json_parse(struct json *json, const char *text, u64 bytes, struct json_token *tokens, u32 capacity,
                       u64 *at);

/* The value of the first such key, or JSON_NONE (also when `object` is not an object or is JSON_NONE). */
u32 json_find(const struct json *json, u32 object, const char *key);
/* Whether a key is given twice; quadratic, for small objects. */
bool json_has_duplicates(const struct json *json, u32 object);
bool json_is(const struct json *json, u32 token, enum json_type type);
bool json_equals(const struct json *json, u32 string, const char *text);
bool json_number(const struct json *json, u32 token, f64 *value);
/* A number written as plain digits that fits 64 bits. */
bool json_u64(const struct json *json, u32 token, u64 *value);
/* `out` may be where the string stands. Unescaped UTF-8 with a final NUL, cut whole characters to capacity; returns
 * bytes needed without the NUL. Not a string: "" and 0. A lone surrogate becomes U+FFFD. */
u64 json_text(const struct json *json, u32 token, char *out, u64 capacity);

#endif
