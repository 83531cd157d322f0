/* One setting's value: from text, to text, and what it may be. */
#include <string.h>

#include "engine/check.h"
#include "engine/config/config_number.h"
#include "engine/config/config_settings.h"
#include "engine/text/utf8.h"

/* Values are quoted in messages up to this many bytes. */
#define SHOWN_BYTES 60

/* "a|b|c" as "a, b or c". */
static void list_choices(const char *choices, char *text, u64 bytes) {
  u64 used = 0;
  for (const char *at = choices; used + 1 < bytes;) {
    const char *end = strchr(at, '|');
    const int length = end != NULL ? (int)(end - at) : (int)strlen(at);
    const char *after = end == NULL ? "" : strchr(end + 1, '|') != NULL ? ", " : " or ";
    used += (u64)snprintf(text + used, bytes - used, "%.*s%s", length, at, after);
    if (end == NULL) return;
    at = end + 1;
  }
}

void setting_range(enum setting_index index, char *text, u64 bytes) {
  const struct setting *setting = &config_settings[index];
  char least[NUMBER_BYTES], most[NUMBER_BYTES];
  switch (setting->kind) {
    case KIND_INTEGER:
      snprintf(text, bytes, "%lld .. %lld", (long long)setting->integer_min, (long long)setting->integer_max);
      return;
    case KIND_REAL:
      number_write_real(setting->real_min, least);
      number_write_real(setting->real_max, most);
      snprintf(text, bytes, "%s .. %s", least, most);
      return;
    case KIND_CHOICE:
      list_choices(setting->choices, text, bytes);
      return;
    case KIND_TEXT:
      snprintf(text, bytes, "text of at most %u bytes", CONFIG_TEXT_BYTES - 1);
      return;
  }
}

struct reply {
  enum setting_index index;
  const char *value;
  char *text;
  u64 bytes;
};

/* note follows the range. */
static bool refuse(const struct reply *reply, const char *why, const char *note) {
  char name[CONFIG_FULL_NAME_BYTES], range[256];
  setting_range(reply->index, range, sizeof range);
  snprintf(reply->text, reply->bytes, "%s = %.*s%s %s; it takes %s%s", setting_name(reply->index, name), SHOWN_BYTES,
           reply->value, strlen(reply->value) > SHOWN_BYTES ? "..." : "", why, range, note);
  return false;
}

static bool set_integer(i64 *field, const struct setting *setting, const struct reply *reply) {
  i64 value = 0;
  const enum number_outcome outcome = number_read_integer(reply->value, &value);
  if (outcome == NUMBER_MALFORMED) return refuse(reply, "is not a whole number", ", with K, M or G for powers of 1024");
  if (outcome == NUMBER_TOO_LARGE || value < setting->integer_min || value > setting->integer_max)
    return refuse(reply, "is out of range", "");
  *field = value;
  return true;
}

static bool set_real(f64 *field, const struct setting *setting, const struct reply *reply) {
  f64 value = 0;
  const enum number_outcome outcome = number_read_real(reply->value, &value);
  if (outcome == NUMBER_MALFORMED) return refuse(reply, "is not a number", ", written as 0.25 or 1e-3");
  if (outcome == NUMBER_TOO_LARGE || value < setting->real_min || value > setting->real_max)
    return refuse(reply, "is out of range", "");
  *field = value;
  return true;
}

static bool set_choice(u32 *field, const struct setting *setting, const struct reply *reply) {
  const u64 bytes = strlen(reply->value);
  u32 index = 0;
  for (const char *at = setting->choices; at != NULL; index++) {
    const char *end = strchr(at, '|');
    const u64 length = end != NULL ? (u64)(end - at) : strlen(at);
    if (length == bytes && memcmp(at, reply->value, bytes) == 0) {
      *field = index;
      return true;
    }
    at = end != NULL ? end + 1 : NULL;
  }
  return refuse(reply, "is not a choice", "");
}

/* What a text may not hold, since reading it back from the resolved config would give another text. NULL: nothing. */
static const char *text_fault(const char *value) {
  const u64 bytes = strlen(value);
  char before = ' ';
  for (u64 at = 0; at < bytes;) {
    const u32 length = utf8_length(value + at, bytes - at);
    const char c = value[at];
    if (length == 0) return "is not UTF-8; save the file as UTF-8";
    if ((u8)c < 0x20 || c == 0x7f) return "holds a control character; remove it";
    if (before == ' ' && (c == ';' || c == '#'))
      return "holds a ; or # after a blank, where a comment would begin; choose another text";
    before = c;
    at += length;
  }
  if (value[0] == '"' || value[0] == '\'') return "begins with a quote; write it without quotes";
  return NULL;
}

static bool set_text(char *field, const struct reply *reply) {
  char name[CONFIG_FULL_NAME_BYTES];
  const u64 bytes = strlen(reply->value);
  setting_name(reply->index, name);
  if (bytes >= CONFIG_TEXT_BYTES) {
    snprintf(reply->text, reply->bytes, "%s is a text of %llu bytes; give at most %u", name, (unsigned long long)bytes,
             CONFIG_TEXT_BYTES - 1);
    return false;
  }
  const char *fault = text_fault(reply->value);
  if (fault != NULL) {
    snprintf(reply->text, reply->bytes, "%s %s", name, fault);
    return false;
  }
  memset(field, 0, CONFIG_TEXT_BYTES);
  memcpy(field, reply->value, bytes);
  return true;
}

/* A dash or a blank that only looks like the ASCII one must not be quoted back as if it were right. */
static bool refuse_foreign(const struct reply *reply, u64 at) {
  char name[CONFIG_FULL_NAME_BYTES];
  snprintf(reply->text, reply->bytes, "%s holds the byte 0x%02X, which is not ASCII; type the value anew",
           setting_name(reply->index, name), (unsigned)(u8)reply->value[at]);
  return false;
}

static u64 ascii_bytes(const char *text) {
  u64 at = 0;
  while (text[at] != 0 && (u8)text[at] < 0x80) at++;
  return at;
}

static bool refuse_empty(const struct reply *reply) {
  struct config defaults;
  char name[CONFIG_FULL_NAME_BYTES], value[CONFIG_VALUE_BYTES];
  config_defaults(&defaults);
  setting_write(&defaults, reply->index, value);
  snprintf(reply->text, reply->bytes,
           "%s has no value; write one after '=', or leave the setting out for its default %s",
           setting_name(reply->index, name), value);
  return false;
}

bool setting_set(struct config *config, enum setting_index index, const char *value, char *text, u64 bytes) {
  const struct setting *setting = &config_settings[index];
  const struct reply reply = {index, value, text, bytes};
  void *field = setting_field(config, index);
  const bool may_be_empty = setting->kind == KIND_TEXT && setting->text[0] == 0;
  if (value[0] == 0 && !may_be_empty) return refuse_empty(&reply);
  const u64 ascii = ascii_bytes(value);
  if (setting->kind != KIND_TEXT && value[ascii] != 0) return refuse_foreign(&reply, ascii);
  switch (setting->kind) {
    case KIND_INTEGER:
      return set_integer(field, setting, &reply);
    case KIND_REAL:
      return set_real(field, setting, &reply);
    case KIND_CHOICE:
      return set_choice(field, setting, &reply);
    case KIND_TEXT:
      return set_text(field, &reply);
  }
  return false;
}

static u32 write_choice(const char *choices, u32 index, char *value) {
  const char *at = choices;
  for (; index > 0; index--) {
    at = strchr(at, '|');
    CHECK(at != NULL, "a choice outside %s", choices);
    at++;
  }
  const u64 bytes = strcspn(at, "|");
  memcpy(value, at, bytes);
  value[bytes] = 0;
  return (u32)bytes;
}

u32 setting_write(const struct config *config, enum setting_index index, char value[CONFIG_VALUE_BYTES]) {
  const struct setting *setting = &config_settings[index];
  const void *field = setting_field_const(config, index);
  i64 integer;
  f64 real;
  u32 choice;
  switch (setting->kind) {
    case KIND_INTEGER:
      memcpy(&integer, field, sizeof integer);
      return (u32)snprintf(value, CONFIG_VALUE_BYTES, "%lld", (long long)integer);
    case KIND_REAL:
      memcpy(&real, field, sizeof real);
      return number_write_real(real, value);
    case KIND_CHOICE:
      memcpy(&choice, field, sizeof choice);
      return write_choice(setting->choices, choice, value);
    case KIND_TEXT:
      return (u32)snprintf(value, CONFIG_VALUE_BYTES, "%s", (const char *)field);
  }
  return 0;
}
