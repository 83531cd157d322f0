#include "engine/text/json.h"

#include <stdlib.h>
#include <string.h>

#include "engine/text/utf8.h"

#define COUNT_LIMIT ((1u << 24) - 1)

struct parser {
  const char *text;
  u64 bytes, at;
  struct json_token *tokens;
  u32 capacity, count;
  u32 open[JSON_DEPTH_MAX]; /* containers we are in */
  u32 depth;
};

static bool at_digit(const struct parser *p) {
  return p->at < p->bytes && p->text[p->at] >= '0' && p->text[p->at] <= '9';
}

static bool at_char(const struct parser *p, char c) { return p->at < p->bytes && p->text[p->at] == c; }

static void skip_space(struct parser *p) {
  while (at_char(p, ' ') || at_char(p, '\n') || at_char(p, '\r') || at_char(p, '\t')) p->at++;
}

static const char *add(struct parser *p, enum json_type type, u64 begin, u64 end) {
  if (p->count >= p->capacity) return "has too many values";
  p->tokens[p->count++] =
      (struct json_token){.begin = (u32)begin, .end = (u32)end, .next = p->count, .type = (u32)type & 0xff};
  return NULL;
}

static const char *parse_escape(struct parser *p) {
  p->at++;
  if (p->at >= p->bytes) return "ends within a string";
  if (p->text[p->at] == 'u') {
    for (u32 i = 1; i <= 4; i++) {
      if (p->at + i >= p->bytes) return "ends within a string";
      const char c = p->text[p->at + i];
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return "has a bad \\u escape";
    }
    p->at += 5;
    return NULL;
  }
  if (strchr("\"\\/bfnrt", p->text[p->at]) == NULL || p->text[p->at] == 0) return "has an unknown escape";
  p->at++;
  return NULL;
}

static const char *parse_string(struct parser *p) {
  const u64 begin = ++p->at;
  while (p->at < p->bytes && p->text[p->at] != '"') {
    if (p->text[p->at] == '\\') {
      const char *const wrong = parse_escape(p);
      if (wrong != NULL) return wrong;
      continue;
    }
    if ((u8)p->text[p->at] < 0x20) return "has a control character in a string";
    const u32 length = utf8_length(p->text + p->at, p->bytes - p->at);
    if (length == 0) return "is not UTF-8";
    p->at += length;
  }
  if (p->at >= p->bytes) return "ends within a string";
  return add(p, JSON_STRING, begin, p->at++);
}

static const char *parse_number(struct parser *p) {
  const u64 begin = p->at;
  if (at_char(p, '-')) p->at++;
  if (!at_digit(p)) return "has a bad number";
  if (at_char(p, '0'))
    p->at++;
  else
    while (at_digit(p)) p->at++;
  if (at_char(p, '.')) {
    p->at++;
    if (!at_digit(p)) return "has a bad number";
    while (at_digit(p)) p->at++;
  }
  if (at_char(p, 'e') || at_char(p, 'E')) {
    p->at++;
    if (at_char(p, '+') || at_char(p, '-')) p->at++;
    if (!at_digit(p)) return "has a bad number";
    while (at_digit(p)) p->at++;
  }
  return add(p, JSON_NUMBER, begin, p->at);
}

static const char *parse_word(struct parser *p) {
  static const struct {
    const char *word;
    u32 bytes;
    enum json_type type;
  } words[] = {{"true", 4, JSON_TRUE}, {"false", 5, JSON_FALSE}, {"null", 4, JSON_NULL}};
  for (u32 i = 0; i < COUNT_OF(words); i++) {
    if (p->bytes - p->at < words[i].bytes || memcmp(p->text + p->at, words[i].word, words[i].bytes) != 0) continue;
    p->at += words[i].bytes;
    return add(p, words[i].type, p->at - words[i].bytes, p->at);
  }
  return "has something that is no value";
}

static const char *open_container(struct parser *p, enum json_type type) {
  if (p->depth >= JSON_DEPTH_MAX) return "is nested too deep";
  p->open[p->depth++] = p->count;
  p->at++;
  return add(p, type, p->at - 1, p->at);
}

/* A key and its colon. */
static const char *parse_key(struct parser *p) {
  if (!at_char(p, '"')) return "lacks a key";
  const char *const wrong = parse_string(p);
  if (wrong != NULL) return wrong;
  skip_space(p);
  if (!at_char(p, ':')) return "lacks a colon";
  p->at++;
  skip_space(p);
  return NULL;
}

/* After a value: closes what ends here and steps over a comma. True in *more = another value follows. */
static const char *parse_after_value(struct parser *p, bool *more) {
  while (p->depth > 0) {
    struct json_token *const container = &p->tokens[p->open[p->depth - 1]];
    if (container->count < COUNT_LIMIT) container->count = (container->count + 1) & COUNT_LIMIT;
    skip_space(p);
    if (at_char(p, ',')) {
      p->at++;
      skip_space(p);
      *more = true;
      return container->type == JSON_OBJECT ? parse_key(p) : NULL;
    }
    if (!at_char(p, container->type == JSON_OBJECT ? '}' : ']')) return "lacks a comma or a closing bracket";
    container->end = (u32)++p->at;
    container->next = p->count;
    p->depth--;
  }
  *more = false;
  return NULL;
}

/* One value; a non-empty container only opens, and its first value is parsed next (*opened). */
static const char *parse_value(struct parser *p, bool *opened) {
  *opened = false;
  if (p->at >= p->bytes) return "ends too early";
  const char c = p->text[p->at];
  if (c == '"') return parse_string(p);
  if (c == '-' || at_digit(p)) return parse_number(p);
  if (c != '{' && c != '[') return parse_word(p);
  const enum json_type type = c == '{' ? JSON_OBJECT : JSON_ARRAY;
  const char *const wrong = open_container(p, type);
  if (wrong != NULL) return wrong;
  skip_space(p);
  if (at_char(p, type == JSON_OBJECT ? '}' : ']')) {
    p->tokens[p->open[--p->depth]].end = (u32)++p->at;
    return NULL;
  }
  *opened = true;
  return type == JSON_OBJECT ? parse_key(p) : NULL;
}

const char *json_parse(struct json *json, const char *text, u64 bytes, struct json_token *tokens, u32 capacity,
                       u64 *at) {
  struct parser p = {.text = text, .bytes = bytes, .tokens = tokens, .capacity = capacity};
  *json = (struct json){.text = text, .tokens = tokens};
  const char *wrong = bytes > UINT32_MAX - 1 ? "is too long" : NULL;
  if (wrong == NULL) skip_space(&p);
  for (bool more = true; more && wrong == NULL;) {
    bool opened;
    wrong = parse_value(&p, &opened);
    if (wrong == NULL && !opened) wrong = parse_after_value(&p, &more);
  }
  if (wrong == NULL) skip_space(&p);
  if (wrong == NULL && p.at < bytes) wrong = "goes on after its end";
  *at = p.at;
  if (wrong == NULL) json->count = p.count;
  return wrong;
}

bool json_is(const struct json *json, u32 token, enum json_type type) {
  return token < json->count && json->tokens[token].type == (u32)type;
}

bool json_equals(const struct json *json, u32 string, const char *text) {
  if (!json_is(json, string, JSON_STRING)) return false;
  const struct json_token *const token = &json->tokens[string];
  const u64 bytes = strlen(text);
  if (memchr(json->text + token->begin, '\\', token->end - token->begin) == NULL)
    return token->end - token->begin == bytes && memcmp(json->text + token->begin, text, bytes) == 0;
  char plain[256];
  return json_text(json, string, plain, sizeof plain) == bytes && bytes < sizeof plain &&
         memcmp(plain, text, bytes) == 0;
}

u32 json_find(const struct json *json, u32 object, const char *key) {
  if (!json_is(json, object, JSON_OBJECT)) return JSON_NONE;
  for (u32 i = object + 1; i < json->tokens[object].next; i = json->tokens[i + 1].next)
    if (json_equals(json, i, key)) return i + 1;
  return JSON_NONE;
}

bool json_has_duplicates(const struct json *json, u32 object) {
  if (!json_is(json, object, JSON_OBJECT)) return false;
  char key[1024];
  for (u32 i = object + 1; i < json->tokens[object].next; i = json->tokens[i + 1].next) {
    const u64 bytes = json_text(json, i, key, sizeof key);
    if (bytes >= sizeof key || strlen(key) != bytes) return true; /* no key of ours is so long or holds a NUL */
    if (json_find(json, object, key) != i + 1) return true;
  }
  return false;
}

bool json_number(const struct json *json, u32 token, f64 *value) {
  char digits[64];
  if (!json_is(json, token, JSON_NUMBER)) return false;
  const u32 bytes = json->tokens[token].end - json->tokens[token].begin;
  if (bytes >= sizeof digits) return false;
  memcpy(digits, json->text + json->tokens[token].begin, bytes);
  digits[bytes] = 0;
  *value = strtod(digits, NULL);
  return true;
}

bool json_u64(const struct json *json, u32 token, u64 *value) {
  if (!json_is(json, token, JSON_NUMBER)) return false;
  *value = 0;
  for (u32 i = json->tokens[token].begin; i < json->tokens[token].end; i++) {
    if (json->text[i] < '0' || json->text[i] > '9') return false;
    const u64 digit = (u64)(json->text[i] - '0');
    if (*value > (UINT64_MAX - digit) / 10) return false;
    *value = *value * 10 + digit;
  }
  return true;
}

static u32 hex4(const char *at) {
  u32 value = 0;
  for (u32 i = 0; i < 4; i++) value = value << 4 | (u32)(at[i] <= '9' ? at[i] - '0' : (at[i] | 32) - 'a' + 10);
  return value;
}

/* One character of a checked string at *at, unescaped into out; returns its bytes. */
static u32 next_character(const char *text, u32 *at, u32 end, char out[4]) {
  if (text[*at] != '\\') {
    const u32 length = utf8_length(text + *at, end - *at);
    memcpy(out, text + *at, length);
    *at += length;
    return length;
  }
  const char kind = text[*at + 1];
  if (kind != 'u') {
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    const char *const found = strchr(names, kind);
    out[0] = found != NULL ? values[found - names] : kind;
    *at += 2;
    return 1;
  }
  u32 code = hex4(text + *at + 2);
  *at += 6;
  const bool pair = code >= 0xd800 && code <= 0xdbff && end - *at >= 6 && text[*at] == '\\' && text[*at + 1] == 'u';
  const u32 low = pair ? hex4(text + *at + 2) : 0;
  if (low >= 0xdc00 && low <= 0xdfff) {
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    *at += 6;
  }
  return utf8_put(code, out);
}

u64 json_text(const struct json *json, u32 token, char *out, u64 capacity) {
  if (!json_is(json, token, JSON_STRING)) {
    if (capacity > 0) out[0] = 0;
    return 0;
  }
  u64 needed = 0, written = 0;
  for (u32 at = json->tokens[token].begin; at < json->tokens[token].end;) {
    char character[4];
    const u32 length = next_character(json->text, &at, json->tokens[token].end, character);
    if (written == needed && needed + length < capacity) {
      memcpy(out + written, character, length);
      written += length;
    }
    needed += length;
  }
  if (capacity > 0) out[written] = 0;
  return needed;
}
