#include "engine/config/config_settings.h"

#include <string.h>

const struct section config_sections[SECTION_COUNT] = {
#define SECTION_ROW(ident, section_name, section_doc) {.name = section_name, .doc = section_doc},
#define NO_INTEGER(section, key, value, min, max, unit, doc)
#define NO_REAL(section, key, value, min, max, unit, doc)
#define NO_CHOICE(section, key, value, choices, doc)
#define NO_TEXT(section, key, value, doc)
    CONFIG_SCHEMA(SECTION_ROW, NO_INTEGER, NO_REAL, NO_CHOICE, NO_TEXT)};

/* ident_key: the field's name; the macro parameters must not be named as the fields they initialise. */
#define NO_SECTION(ident, name, doc)
#define COMMON_ROW(ident, name, about) \
  .section = SECTION_##ident, .key = #name, .doc = (about), .offset = offsetof(struct config, ident##_##name)
#define INTEGER_ROW(ident, name, value, least, most, of, about) \
  {.kind = KIND_INTEGER,                                        \
   COMMON_ROW(ident, name, about),                              \
   .integer = (value),                                          \
   .integer_min = (least),                                      \
   .integer_max = (most),                                       \
   .unit = (of)},
#define REAL_ROW(ident, name, value, least, most, of, about) \
  {.kind = KIND_REAL,                                        \
   COMMON_ROW(ident, name, about),                           \
   .real = (value),                                          \
   .real_min = (least),                                      \
   .real_max = (most),                                       \
   .unit = (of)},
#define CHOICE_ROW(ident, name, value, list, about) \
  {.kind = KIND_CHOICE, COMMON_ROW(ident, name, about), .integer = (value), .choices = (list)},
#define TEXT_ROW(ident, name, value, about) {.kind = KIND_TEXT, COMMON_ROW(ident, name, about), .text = (value)},
const struct setting config_settings[SETTING_COUNT] = {
    CONFIG_SCHEMA(NO_SECTION, INTEGER_ROW, REAL_ROW, CHOICE_ROW, TEXT_ROW)};

const char *setting_name(enum setting_index index, char name[CONFIG_FULL_NAME_BYTES]) {
  const struct setting *setting = &config_settings[index];
  snprintf(name, CONFIG_FULL_NAME_BYTES, "%s.%s", config_sections[setting->section].name, setting->key);
  return name;
}

void *setting_field(struct config *config, enum setting_index index) {
  return (char *)config + config_settings[index].offset;
}

const void *setting_field_const(const struct config *config, enum setting_index index) {
  return (const char *)config + config_settings[index].offset;
}

enum section_index section_find(const char *name) {
  u32 i = 0;
  while (i < SECTION_COUNT && strcmp(config_sections[i].name, name) != 0) i++;
  return (enum section_index)i;
}

enum setting_index setting_find(enum section_index section, const char *key) {
  u32 i = 0;
  while (i < SETTING_COUNT && (config_settings[i].section != section || strcmp(config_settings[i].key, key) != 0)) i++;
  return (enum setting_index)i;
}

enum setting_index setting_find_name(const char *name) {
  char candidate[CONFIG_FULL_NAME_BYTES];
  u32 i = 0;
  while (i < SETTING_COUNT && strcmp(setting_name((enum setting_index)i, candidate), name) != 0) i++;
  return (enum setting_index)i;
}

void config_defaults(struct config *config) {
  memset(config, 0, sizeof *config); /* padding too: two equal configs are equal bytes */
  for (u32 i = 0; i < SETTING_COUNT; i++) {
    const struct setting *setting = &config_settings[i];
    void *field = setting_field(config, (enum setting_index)i);
    const u32 choice = (u32)setting->integer;
    if (setting->kind == KIND_INTEGER) memcpy(field, &setting->integer, sizeof setting->integer);
    if (setting->kind == KIND_REAL) memcpy(field, &setting->real, sizeof setting->real);
    if (setting->kind == KIND_CHOICE) memcpy(field, &choice, sizeof choice);
    if (setting->kind == KIND_TEXT) memcpy(field, setting->text, strlen(setting->text) + 1);
  }
}
