/* The config as text: resolved, as a reference, and as a hash. */
#include <string.h>

#include "engine/config/config_number.h"
#include "engine/config/config_settings.h"

/* What never changes a bit of the result, so that a run may go on with other values: a section with its dot, or a
 * setting. */
static const char *const without_effect[] = {"run.dir",
                                             "run.device",
                                             "run.threads",
                                             "run.simd",
                                             "run.pipeline_cache",
                                             "run.resume",
                                             "rollout.slots",
                                             "reward.correctness.program_parallel",
                                             "reward.correctness.undecided_warn",
                                             "checkpoint.",
                                             "log."};

/* Counts what does not fit, so that one pass tells how much room is needed. */
struct writer {
  char *text;
  u64 capacity, bytes;
};

static void put_bytes(struct writer *writer, const char *bytes, u64 count) {
  if (writer->bytes < writer->capacity) {
    const u64 room = writer->capacity - writer->bytes;
    memcpy(writer->text + writer->bytes, bytes, count < room ? count : room);
  }
  writer->bytes += count;
}

static void put(struct writer *writer, const char *text) { put_bytes(writer, text, strlen(text)); }

static u64 end(struct writer *writer) {
  if (writer->capacity > 0) writer->text[writer->bytes < writer->capacity ? writer->bytes : writer->capacity - 1] = 0;
  return writer->bytes;
}

static void put_setting(struct writer *writer, const struct config *config, enum setting_index index) {
  char value[CONFIG_VALUE_BYTES];
  setting_write(config, index, value);
  put(writer, config_settings[index].key);
  put(writer, value[0] != 0 ? " = " : " =");
  put(writer, value);
  put(writer, "\n");
}

static void put_section(struct writer *writer, enum section_index section) {
  if (writer->bytes > 0) put(writer, "\n");
  put(writer, "[");
  put(writer, config_sections[section].name);
  put(writer, "]\n");
}

static bool opens_section(u32 index) {
  return index == 0 || config_settings[index].section != config_settings[index - 1].section;
}

u64 config_print(const struct config *config, char *text, u64 capacity) {
  struct writer writer = {text, capacity, 0};
  for (u32 i = 0; i < SETTING_COUNT; i++) {
    if (opens_section(i)) put_section(&writer, config_settings[i].section);
    put_setting(&writer, config, (enum setting_index)i);
  }
  return end(&writer);
}

/* Two comment lines: what it is; what it takes. */
static void put_doc(struct writer *writer, enum setting_index index) {
  const struct setting *setting = &config_settings[index];
  char range[256];
  setting_range(index, range, sizeof range);
  put(writer, "\n# ");
  put(writer, setting->doc);
  put(writer, "\n# ");
  if (setting->kind == KIND_INTEGER) put(writer, "whole number, ");
  if (setting->kind == KIND_REAL) put(writer, "number, ");
  put(writer, range);
  if (setting->unit != NULL && setting->unit[0] != 0) {
    put(writer, " ");
    put(writer, setting->unit);
  }
  put(writer, "\n");
}

u64 config_print_reference(char *text, u64 capacity) {
  struct writer writer = {text, capacity, 0};
  struct config defaults;
  config_defaults(&defaults);
  put(&writer,
      "# Every setting of rlsp with its default, as printed by: rlsp config\n"
      "# A config needs only what differs from these. A line is: key = value ; comment. Whole numbers take K, M, G "
      "(powers of 1024).\n"
      "# A section may be opened again; a key may not be given twice. On the command line: section.key=value.\n");
  for (u32 i = 0; i < SETTING_COUNT; i++) {
    if (opens_section(i)) {
      put_section(&writer, config_settings[i].section);
      put(&writer, "# ");
      put(&writer, config_sections[config_settings[i].section].doc);
      put(&writer, "\n");
    }
    put_doc(&writer, (enum setting_index)i);
    put_setting(&writer, &defaults, (enum setting_index)i);
  }
  return end(&writer);
}

static bool has_effect(const char *name) {
  for (u32 i = 0; i < COUNT_OF(without_effect); i++) {
    const u64 bytes = strlen(without_effect[i]);
    const bool section = without_effect[i][bytes - 1] == '.';
    if (section ? strncmp(name, without_effect[i], bytes) == 0 : strcmp(name, without_effect[i]) == 0) return false;
  }
  return true;
}

static u64 hash_text(u64 hash, const char *text) { /* FNV-1a 64 */
  for (; *text != 0; text++) hash = (hash ^ (u8)*text) * 0x100000001b3u;
  return hash;
}

u64 config_hash(const struct config *config) {
  char name[CONFIG_FULL_NAME_BYTES], value[CONFIG_VALUE_BYTES];
  u64 hash = 0xcbf29ce484222325u;
  for (u32 i = 0; i < SETTING_COUNT; i++) {
    if (!has_effect(setting_name((enum setting_index)i, name))) continue;
    setting_write(config, (enum setting_index)i, value);
    hash = hash_text(hash_text(hash_text(hash_text(hash, name), " = "), value), "\n");
  }
  return hash;
}
