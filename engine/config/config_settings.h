/* The schema as a table, for the files of this room alone: what parses, checks and prints walks it.
 *
 * Called by: engine/config/config_*.c only. Owns: constant tables. Never fails. */
#ifndef RLSP_ENGINE_CONFIG_CONFIG_SETTINGS_H
#define RLSP_ENGINE_CONFIG_CONFIG_SETTINGS_H

#include "engine/config/config.h"

enum section_index {
#define SECTION_ENUM(ident, name, doc) SECTION_##ident,
#define NO_INTEGER(section, key, value, min, max, unit, doc)
#define NO_REAL(section, key, value, min, max, unit, doc)
#define NO_CHOICE(section, key, value, choices, doc)
#define NO_TEXT(section, key, value, doc)
  CONFIG_SCHEMA(SECTION_ENUM, NO_INTEGER, NO_REAL, NO_CHOICE, NO_TEXT)
#undef SECTION_ENUM
#undef NO_INTEGER
#undef NO_REAL
#undef NO_CHOICE
#undef NO_TEXT
      SECTION_COUNT
};

enum setting_index {
#define NO_SECTION(ident, name, doc)
#define SETTING_INTEGER(section, key, value, min, max, unit, doc) SETTING_##section##_##key,
#define SETTING_REAL(section, key, value, min, max, unit, doc) SETTING_##section##_##key,
#define SETTING_CHOICE(section, key, value, choices, doc) SETTING_##section##_##key,
#define SETTING_TEXT(section, key, value, doc) SETTING_##section##_##key,
  CONFIG_SCHEMA(NO_SECTION, SETTING_INTEGER, SETTING_REAL, SETTING_CHOICE, SETTING_TEXT)
#undef NO_SECTION
#undef SETTING_INTEGER
#undef SETTING_REAL
#undef SETTING_CHOICE
#undef SETTING_TEXT
      SETTING_COUNT
};

enum setting_kind { KIND_INTEGER, KIND_REAL, KIND_CHOICE, KIND_TEXT };

struct section {
  const char *name, *doc;
};

struct setting {
  enum setting_kind kind;
  enum section_index section;
  const char *key, *doc;
  u64 offset;                            /* of the field in struct config */
  i64 integer, integer_min, integer_max; /* INTEGER; CHOICE: integer is the default's index */
  f64 real, real_min, real_max;          /* REAL */
  const char *unit;                      /* INTEGER and REAL; "" = none */
  const char *choices;                   /* CHOICE: "a|b|c" */
  const char *text;                      /* TEXT: the default */
};

extern const struct section config_sections[SECTION_COUNT];
extern const struct setting config_settings[SETTING_COUNT];

/* Section and key names are cut by inih beyond this; a test holds the schema to it. */
#define CONFIG_NAME_BYTES 50u
/* "section.key" and a number with its NUL. */
#define CONFIG_FULL_NAME_BYTES (2u * CONFIG_NAME_BYTES)
#define CONFIG_VALUE_BYTES CONFIG_TEXT_BYTES

/* "section.key" into name; returns name. */
const char *setting_name(enum setting_index index, char name[CONFIG_FULL_NAME_BYTES]);
void *setting_field(struct config *config, enum setting_index index);
const void *setting_field_const(const struct config *config, enum setting_index index);
/* SETTING_COUNT or SECTION_COUNT where there is none. */
enum section_index section_find(const char *name);
enum setting_index setting_find(enum section_index section, const char *key);
enum setting_index setting_find_name(const char *name); /* "section.key" */

/* Parses `value` (trimmed) into the field. On failure: false, and why in text[bytes], "what is wrong; what to do". */
bool setting_set(struct config *config, enum setting_index index, const char *value, char *text, u64 bytes);
/* The field's value as setting_set reads it; returns its bytes. */
u32 setting_write(const struct config *config, enum setting_index index, char value[CONFIG_VALUE_BYTES]);
/* "0 .. 1", "paper, paper-code or streams": what the setting takes. */
void setting_range(enum setting_index index, char *text, u64 bytes);

/* "; did you mean ...?" or what else to do, for a name that is in no table. */
void suggest_section(const char *name, char *text, u64 bytes);
void suggest_setting(enum section_index section, const char *key, char *text, u64 bytes);

/* Where each setting was given, so that a rule across settings can point at the line to change. */
#define PLACE_COMMAND_LINE UINT32_MAX
struct config_places {
  const char *file;
  u32 line[SETTING_COUNT]; /* 0 = default; PLACE_COMMAND_LINE = an override */
};
enum status config_check_places(const struct config *config, const struct config_places *places,
                                struct error *error) MUST_USE;
/* "FILE:LINE" into place[bytes]: a long path loses its beginning, never its line. Line 0 is left out. */
void config_place(const char *file, u32 line, char *place, u64 bytes);

#endif
