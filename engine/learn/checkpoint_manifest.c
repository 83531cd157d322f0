#include "engine/learn/checkpoint_manifest.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"

#define FIRST_LINE "rlsp checkpoint 1\n"
#define END_LINE_BYTES 21u /* "end " + 16 digits + newline */

static void add(struct manifest *manifest, const char *line) {
  const u64 bytes = strlen(line);
  CHECK(manifest->bytes + bytes < sizeof manifest->text, "the manifest is full at %s", line);
  memcpy(manifest->text + manifest->bytes, line, bytes + 1);
  manifest->bytes += bytes;
}

static bool is_plain(const char *name) {
  const size_t bytes = strlen(name);
  return bytes > 0 && bytes < CHECKPOINT_VALUE_NAME_BYTES && name[0] != '.' &&
         strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == bytes;
}

void manifest_begin(struct manifest *manifest) {
  manifest->bytes = 0;
  add(manifest, FIRST_LINE);
}

void manifest_file(struct manifest *manifest, const char *name, u64 bytes, u64 hash) {
  char line[128];
  CHECK(is_plain(name), "%s is no name for a checkpoint's file", name);
  snprintf(line, sizeof line, "file %s %llu %016llx\n", name, (unsigned long long)bytes, (unsigned long long)hash);
  add(manifest, line);
}

void manifest_value(struct manifest *manifest, const char *name, u64 value) {
  char line[128];
  CHECK(is_plain(name), "%s is no name for a checkpoint's value", name);
  snprintf(line, sizeof line, "value %s %llu\n", name, (unsigned long long)value);
  add(manifest, line);
}

static u64 hash_of(const char *text, u64 bytes) {
  struct hash64 hash;
  hash64_begin(&hash);
  hash64_add(&hash, text, bytes);
  return hash64_end(&hash);
}

static void end_line(const char *text, u64 bytes, char line[32]) {
  snprintf(line, 32, "end %016llx\n", (unsigned long long)hash_of(text, bytes));
}

void manifest_end(struct manifest *manifest) {
  char line[32];
  end_line(manifest->text, manifest->bytes, line);
  add(manifest, line);
}

enum status manifest_read(struct manifest *manifest, const char *folder, struct error *error) {
  char path[PATH_BYTES_MAX], line[32];
  enum status status = files_path(path, folder, MANIFEST_NAME, error);
  if (status == STATUS_OK)
    status = files_read_whole(path, manifest->text, sizeof manifest->text, &manifest->bytes, error);
  if (status != STATUS_OK) return status;
  const u64 body = manifest->bytes >= END_LINE_BYTES ? manifest->bytes - END_LINE_BYTES : 0;
  end_line(manifest->text, body, line);
  const bool whole = body > 0 && memcmp(manifest->text + body, line, END_LINE_BYTES) == 0;
  if (!whole || strncmp(manifest->text, FIRST_LINE, strlen(FIRST_LINE)) != 0)
    return status_fail(error, STATUS_DAMAGED, path,
                       "is damaged or of another version; restore it from a copy, or remove its folder");
  return STATUS_OK;
}

/* "NUMBER" in base 10 or 16; moves *at past it. */
static bool read_number(const char **at, u32 base, u64 *value) {
  const char *const begin = *at;
  for (*value = 0;; (*at)++) {
    const char c = **at;
    const u64 digit = c >= '0' && c <= '9' ? (u64)(c - '0') : c >= 'a' && c <= 'f' ? (u64)(c - 'a') + 10 : 16;
    if (digit >= base) return *at != begin;
    if (*value > (UINT64_MAX - digit) / base) return false;
    *value = *value * base + digit;
  }
}

/* After "kind ": NAME NUMBER [HASH] */
static bool read_line(const char *at, struct manifest_line *line) {
  const size_t name_bytes = strcspn(at, " \n");
  if (name_bytes == 0 || name_bytes >= sizeof line->name || at[name_bytes] != ' ') return false;
  memcpy(line->name, at, name_bytes);
  line->name[name_bytes] = 0;
  at += name_bytes + 1;
  line->hash = 0;
  if (!is_plain(line->name) || !read_number(&at, 10, &line->number)) return false;
  if (*at == ' ' && (at++, !read_number(&at, 16, &line->hash))) return false;
  return *at == '\n';
}

bool manifest_next(const struct manifest *manifest, const char *kind, u64 *at, struct manifest_line *line) {
  const size_t kind_bytes = strlen(kind);
  while (*at < manifest->bytes) {
    const char *const text = manifest->text + *at;
    const char *const end = memchr(text, '\n', manifest->bytes - *at);
    if (end == NULL) return false;
    *at += (u64)(end - text) + 1;
    if (strncmp(text, kind, kind_bytes) == 0 && text[kind_bytes] == ' ') return read_line(text + kind_bytes + 1, line);
  }
  return false;
}

bool manifest_find(const struct manifest *manifest, const char *kind, const char *name, struct manifest_line *line) {
  for (u64 at = 0; manifest_next(manifest, kind, &at, line);)
    if (strcmp(line->name, name) == 0) return true;
  return false;
}
