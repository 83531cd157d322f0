/* What a mistyped name was meant to be. */
#include <string.h>

#include "engine/config/config_settings.h"

static u32 least(u32 a, u32 b) { return a < b ? a : b; }

/* Edits (insert, delete, replace, swap neighbours) between two names; names too long to be one count as far away. */
static u32 edit_distance(const char *left, const char *right) {
  enum { WIDTH = 2 * CONFIG_NAME_BYTES };
  u32 rows[3][WIDTH + 1];
  const u64 n = strlen(left), m = strlen(right);
  if (n > WIDTH || m > WIDTH) return UINT32_MAX;
  for (u32 j = 0; j <= m; j++) rows[0][j] = j;
  for (u32 i = 1; i <= n; i++) {
    u32 *now = rows[i % 3];
    const u32 *above = rows[(i - 1) % 3], *higher = rows[(i + 1) % 3];
    now[0] = i;
    for (u32 j = 1; j <= m; j++) {
      now[j] = least(least(now[j - 1], above[j]) + 1, above[j - 1] + (left[i - 1] != right[j - 1]));
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
        now[j] = least(now[j], higher[j - 2] + 1);
    }
  }
  return rows[n % 3][m];
}

/* Nearer than this is likely a slip of the finger, not another word. */
static u32 slip(const char *name) {
  const u64 third = strlen(name) / 3;
  return third < 1 ? 1 : third > 4 ? 4 : (u32)third;
}

void suggest_section(const char *name, char *text, u64 bytes) {
  u32 best = SECTION_COUNT, best_distance = slip(name) + 1;
  for (u32 i = 0; i < SECTION_COUNT; i++) {
    const u32 distance = edit_distance(name, config_sections[i].name);
    if (distance < best_distance) {
      best = i;
      best_distance = distance;
    }
  }
  if (best < SECTION_COUNT) {
    snprintf(text, bytes, "did you mean [%s]?", config_sections[best].name);
    return;
  }
  u64 used = (u64)snprintf(text, bytes, "the sections are");
  for (u32 i = 0; i < SECTION_COUNT && used < bytes; i++)
    used += (u64)snprintf(text + used, bytes - used, "%s %s", i == 0 ? "" : ",", config_sections[i].name);
}

/* The same key in other sections: `lr` under [run]. */
static bool suggest_elsewhere(const char *key, char *text, u64 bytes) {
  char name[CONFIG_FULL_NAME_BYTES];
  u64 used = 0;
  u32 found = 0;
  for (u32 i = 0; i < SETTING_COUNT && used < bytes; i++) {
    if (strcmp(config_settings[i].key, key) != 0) continue;
    used += (u64)snprintf(text + used, bytes - used, "%s%s", found++ == 0 ? "did you mean " : " or ",
                          setting_name((enum setting_index)i, name));
  }
  if (found > 0 && used < bytes) snprintf(text + used, bytes - used, "?");
  return found > 0;
}

void suggest_setting(enum section_index section, const char *key, char *text, u64 bytes) {
  char name[CONFIG_FULL_NAME_BYTES];
  u32 best = SETTING_COUNT, best_distance = slip(key) + 1;
  for (u32 i = 0; i < SETTING_COUNT; i++) {
    const u32 away = config_settings[i].section == section ? 0 : 1; /* the section it stands in comes first */
    const u32 edits = edit_distance(key, config_settings[i].key);
    const u32 distance = edits == UINT32_MAX ? edits : edits + away;
    if (distance < best_distance) {
      best = i;
      best_distance = distance;
    }
  }
  const bool here = best < SETTING_COUNT && config_settings[best].section == section;
  if (!here && suggest_elsewhere(key, text, bytes)) return;
  if (best < SETTING_COUNT)
    snprintf(text, bytes, "did you mean %s?", setting_name((enum setting_index)best, name));
  else
    snprintf(text, bytes, "rlsp config lists every key");
}
