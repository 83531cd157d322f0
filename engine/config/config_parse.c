/* From INI text and overrides to struct config.
 *
 * inih splits lines into section, key and value. As distributions build it, it tells its handler no line number and in
 * silence cuts lines at 200 bytes and names at 49, joins indented lines to the value above, takes ':' for '=', and
 * ignores what follows a ']'. So it reads through a reader of ours: that counts lines, refuses what would be misread,
 * and hands over lines without indentation or comments, a long one in pieces that inih joins again (as continuation
 * lines). */
#include <ini.h>
#include <stdarg.h>
#include <string.h>

#include "engine/check.h"
#include "engine/config/config_settings.h"

#if INI_HANDLER_LINENO
#error "this inih passes line numbers to its handler; rlsp is written for the build of the distributions, without"
#endif

struct parse {
  struct config *config;
  struct config_places places;
  struct error *error;
  enum status status; /* of the first error; later ones are not looked for */
  const char *next;   /* file text not yet read */
  u64 bytes_left;
  u32 line;                             /* of the text handed out, from 1 */
  char text[CONFIG_LINE_BYTES_MAX + 1]; /* that line without indentation and comment */
  u64 text_bytes, given;                /* bytes of it, and how many inih has been given */
  u64 value_begin;                      /* in it, of a key's line: the first piece reaches beyond */
  bool in_section;
  char key[CONFIG_NAME_BYTES];
  enum section_index section;
  char value[CONFIG_LINE_BYTES_MAX + 1]; /* of the key in hand, joined from its pieces */
  u64 value_bytes;
};

/* Keeps the first error alone. */
static void fail(struct parse *parse, const char *format, ...) PRINTF_LIKE(2, 3);
static void fail(struct parse *parse, const char *format, ...) {
  char place[sizeof parse->error->place], text[sizeof parse->error->text];
  if (parse->status != STATUS_OK) return;
  config_place(parse->places.file, parse->line, place, sizeof place);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  parse->status = status_fail(parse->error, STATUS_USAGE, place, "%s", text);
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* ---- one line of the file into parse->text ---- */

/* Where a comment begins: at the start, with ; or #; later, with a ; after a blank. */
static u64 comment_at(const char *line, u64 bytes) {
  if (bytes > 0 && (line[0] == '#' || line[0] == ';')) return 0;
  u64 at = 1;
  while (at < bytes && !(line[at] == ';' && is_blank(line[at - 1]))) at++;
  return at < bytes ? at : bytes;
}

static void check_bytes(struct parse *parse, const char *line, u64 bytes) {
  for (u64 i = 0; i < bytes && parse->status == STATUS_OK; i++) {
    const u8 c = (u8)line[i];
    if (c == 0)
      fail(parse, "a NUL byte at column %llu; save the file as plain text", (unsigned long long)(i + 1));
    else if ((c < 0x20 && c != '\t') || c == 0x7f)
      fail(parse, "a control character (0x%02X) at column %llu; remove it", (unsigned)c, (unsigned long long)(i + 1));
  }
}

/* The next line of the file, without its end; false at the end of the file. */
static bool next_line(struct parse *parse, const char **line, u64 *bytes) {
  if (parse->bytes_left == 0) return false;
  const char *end = memchr(parse->next, '\n', parse->bytes_left);
  const u64 taken = end != NULL ? (u64)(end - parse->next) + 1 : parse->bytes_left;
  *line = parse->next;
  *bytes = taken - (end != NULL);
  if (*bytes > 0 && (*line)[*bytes - 1] == '\r') (*bytes)--;
  parse->next += taken;
  parse->bytes_left -= taken;
  parse->line++;
  return true;
}

static void take_line(struct parse *parse, const char *line, u64 bytes) {
  check_bytes(parse, line, bytes);
  while (bytes > 0 && is_blank(*line)) {
    line++;
    bytes--;
  }
  bytes = comment_at(line, bytes);
  while (bytes > 0 && is_blank(line[bytes - 1])) bytes--;
  if (bytes > CONFIG_LINE_BYTES_MAX)
    fail(parse, "a line of %llu bytes; shorten it to at most %u", (unsigned long long)bytes, CONFIG_LINE_BYTES_MAX);
  if (parse->status != STATUS_OK) return;
  memcpy(parse->text, line, bytes);
  parse->text[bytes] = 0;
  parse->text_bytes = bytes;
  parse->given = 0;
}

/* ---- what inih would misread ---- */

static void check_section(struct parse *parse) {
  char *name = parse->text + 1, suggestion[512];
  char *end = strchr(name, ']');
  if (end == NULL) {
    fail(parse, "%.60s has no ']'; write [section]", parse->text);
    return;
  }
  if (end[1] != 0) {
    fail(parse, "\"%.60s\" after the ']'; put it on a line of its own", end + 1);
    return;
  }
  *end = 0;
  name += strspn(name, " \t");
  for (u64 bytes = strlen(name); bytes > 0 && is_blank(name[bytes - 1]);) name[--bytes] = 0;
  parse->section = section_find(name);
  parse->in_section = true;
  if (parse->section == SECTION_COUNT) {
    suggest_section(name, suggestion, sizeof suggestion);
    fail(parse, "unknown section [%.60s]; %s", name, suggestion);
    return;
  }
  parse->text_bytes = (u64)snprintf(parse->text, sizeof parse->text, "[%s]", config_sections[parse->section].name);
}

/* "key   =   value" to "key=value", so that a piece never ends between. */
static void close_up(struct parse *parse, u64 key_bytes, const char *value) {
  while (is_blank(*value)) value++;
  const u64 bytes = strlen(value);
  parse->text[key_bytes] = '=';
  memmove(parse->text + key_bytes + 1, value, bytes + 1);
  parse->text_bytes = key_bytes + 1 + bytes;
  parse->value_begin = key_bytes + 1;
}

/* The key in front of the '=' is looked at before inih sees it, since inih cuts a long one. */
static void check_key(struct parse *parse) {
  const char *equals = strchr(parse->text, '='), *colon = strchr(parse->text, ':');
  if (equals == NULL || (colon != NULL && colon < equals)) {
    fail(parse, "\"%.60s\" has no '='; write key = value", parse->text);
    return;
  }
  u64 bytes = (u64)(equals - parse->text);
  while (bytes > 0 && is_blank(parse->text[bytes - 1])) bytes--;
  for (u64 i = 0; i < bytes; i++)
    if ((u8)parse->text[i] >= 0x80) {
      fail(parse, "the key holds the byte 0x%02X, which is not ASCII; type it anew", (unsigned)(u8)parse->text[i]);
      return;
    }
  if (bytes == 0)
    fail(parse, "nothing stands before the '='; write key = value");
  else if (!parse->in_section)
    fail(parse, "%.*s stands above every section; put a [section] line above it", (int)(bytes > 60 ? 60 : bytes),
         parse->text);
  else if (bytes >= CONFIG_NAME_BYTES)
    fail(parse, "unknown key %s.%.60s...; rlsp config lists every key", config_sections[parse->section].name,
         parse->text);
  if (parse->status == STATUS_OK) close_up(parse, bytes, equals + 1);
}

/* The next line that is not empty, checked. */
static bool read_line(struct parse *parse) {
  const char *line;
  u64 bytes;
  do {
    if (!next_line(parse, &line, &bytes)) return false;
    parse->text_bytes = 0;
    take_line(parse, line, bytes);
  } while (parse->status == STATUS_OK && parse->text_bytes == 0);
  if (parse->status != STATUS_OK) return false;
  parse->value_bytes = parse->value_begin = 0;
  if (parse->text[0] == '[')
    check_section(parse);
  else
    check_key(parse);
  return parse->status == STATUS_OK;
}

/* ---- inih's two sides ---- */

/* How much of the line's rest to hand over: all, or up to a place where inih's trimming and comment rules find nothing
 * to do. 0: there is none. */
static u64 piece_bytes(const struct parse *parse, u64 room) {
  const char *rest = parse->text + parse->given;
  const u64 left = parse->text_bytes - parse->given, least = parse->given == 0 ? parse->value_begin : 0;
  if (left <= room) return left;
  u64 at = room;
  while (at > least && (is_blank(rest[at - 1]) || is_blank(rest[at]) || rest[at] == ';' || rest[at] == '#')) at--;
  return at > least ? at : 0;
}

/* fgets for inih: at most room - 1 bytes and a NUL. */
static char *read_piece(char *piece, int room, void *context) {
  struct parse *parse = context;
  const u64 frame = 3; /* the blank that marks a continuation, the newline, the NUL */
  CHECK(room > (int)(frame + CONFIG_NAME_BYTES), "inih reads lines of %d bytes", room);
  if (parse->status != STATUS_OK) return NULL;
  const bool more = parse->given < parse->text_bytes;
  if (!more && !read_line(parse)) return NULL;
  const u64 bytes = piece_bytes(parse, (u64)room - frame);
  if (bytes == 0) {
    fail(parse, "a value of %llu bytes that is nearly all blanks, ; or # cannot be read; shorten it",
         (unsigned long long)(parse->text_bytes - parse->value_begin));
    return NULL;
  }
  u64 used = 0;
  if (more) piece[used++] = ' ';
  memcpy(piece + used, parse->text + parse->given, bytes);
  used += bytes;
  parse->given += bytes;
  piece[used++] = '\n';
  piece[used] = 0;
  return piece;
}

static void set_value(struct parse *parse) {
  char text[sizeof parse->error->text], name[CONFIG_FULL_NAME_BYTES];
  const enum setting_index index = setting_find(parse->section, parse->key);
  if (index == SETTING_COUNT) {
    suggest_setting(parse->section, parse->key, text, sizeof text);
    fail(parse, "unknown key %s.%s; %s", config_sections[parse->section].name, parse->key, text);
    return;
  }
  u32 *line = &parse->places.line[index];
  if (*line != 0) {
    fail(parse, "%s was given on line %u already; keep one of them", setting_name(index, name), *line);
    return;
  }
  *line = parse->line;
  if (!setting_set(parse->config, index, parse->value, text, sizeof text)) fail(parse, "%s", text);
}

/* A key's value, or one more piece of it. */
static int take_value(void *context, const char *section, const char *key, const char *value) {
  struct parse *parse = context;
  (void)section; /* known from its own line */
  if (parse->status != STATUS_OK) return 0;
  const u64 bytes = strlen(value);
  CHECK(strlen(key) < sizeof parse->key && bytes <= CONFIG_LINE_BYTES_MAX - parse->value_bytes,
        "inih gave more than it was given");
  strcpy(parse->key, key);
  memcpy(parse->value + parse->value_bytes, value, bytes + 1);
  parse->value_bytes += bytes;
  if (parse->given == parse->text_bytes) set_value(parse);
  return parse->status == STATUS_OK;
}

/* A byte order mark of UTF-8 is skipped; UTF-16 is told by name, since each of its letters would look like a NUL byte.
 */
static void skip_mark(struct parse *parse) {
  if (parse->bytes_left >= 3 && memcmp(parse->next, "\xef\xbb\xbf", 3) == 0) {
    parse->next += 3;
    parse->bytes_left -= 3;
  }
  if (parse->bytes_left >= 2 && (memcmp(parse->next, "\xff\xfe", 2) == 0 || memcmp(parse->next, "\xfe\xff", 2) == 0)) {
    parse->line = 1;
    fail(parse, "the file is UTF-16; save it as UTF-8");
  }
}

static void parse_file(struct parse *parse, const char *text, u64 bytes) {
  parse->next = text;
  parse->bytes_left = bytes;
  skip_mark(parse);
  if (parse->status != STATUS_OK) return;
  const int outcome = ini_parse_stream(read_piece, parse, take_value, parse);
  if (outcome != 0)
    fail(parse, "the line cannot be read; write key = value"); /* the reader let through what inih refuses */
}

/* ---- overrides ---- */

/* Trims, and copies at most capacity - 1 bytes; false if it is longer. */
static bool copy_trimmed(char *out, u64 capacity, const char *from, u64 bytes) {
  while (bytes > 0 && is_blank(*from)) {
    from++;
    bytes--;
  }
  while (bytes > 0 && is_blank(from[bytes - 1])) bytes--;
  if (bytes >= capacity) return false;
  memcpy(out, from, bytes);
  out[bytes] = 0;
  return true;
}

static void unknown_override(struct parse *parse, const char *name) {
  char text[512], section_name[CONFIG_FULL_NAME_BYTES];
  const char *dot = strrchr(name, '.');
  if (dot == NULL) {
    suggest_setting(SECTION_COUNT, name, text, sizeof text);
    fail(parse, "%s has no section; %s", name, text);
    return;
  }
  snprintf(section_name, sizeof section_name, "%.*s", (int)(dot - name), name);
  const enum section_index section = section_find(section_name);
  if (section == SECTION_COUNT) {
    suggest_section(section_name, text, sizeof text);
    fail(parse, "unknown section in %s; %s", name, text);
    return;
  }
  suggest_setting(section, dot + 1, text, sizeof text);
  fail(parse, "unknown key %s; %s", name, text);
}

static void parse_override(struct parse *parse, const char *override) {
  char name[CONFIG_FULL_NAME_BYTES], text[sizeof parse->error->text];
  const char *equals = strchr(override, '=');
  if (equals == NULL || !copy_trimmed(name, sizeof name, override, (u64)(equals - override))) {
    fail(parse, "\"%.60s\" is not section.key=value; rlsp config lists every key", override);
    return;
  }
  const enum setting_index index = setting_find_name(name);
  if (index == SETTING_COUNT) {
    unknown_override(parse, name);
    return;
  }
  if (!copy_trimmed(parse->value, sizeof parse->value, equals + 1, strlen(equals + 1))) {
    fail(parse, "%s has a value of %llu bytes; shorten it", name, (unsigned long long)strlen(equals + 1));
    return;
  }
  if (!setting_set(parse->config, index, parse->value, text, sizeof text)) fail(parse, "%s", text);
  parse->places.line[index] = PLACE_COMMAND_LINE;
}

void config_place(const char *file, u32 line, char *place, u64 bytes) {
  char suffix[16] = "";
  if (line == PLACE_COMMAND_LINE) {
    snprintf(place, bytes, "command line");
    return;
  }
  if (line != 0) snprintf(suffix, sizeof suffix, ":%u", line);
  const u64 room = bytes - 1 - strlen(suffix), length = strlen(file);
  if (length <= room)
    snprintf(place, bytes, "%s%s", file, suffix);
  else
    snprintf(place, bytes, "...%s%s", file + (length - room + 3), suffix);
}

enum status config_parse(struct config *config, const char *name, const char *text, u64 bytes,
                         const char *const *overrides, u32 override_count, struct error *error) {
  struct error ignored;
  struct parse parse = {.config = config, .places.file = name, .error = error != NULL ? error : &ignored};
  config_defaults(config);
  parse_file(&parse, text, bytes);
  parse.line = PLACE_COMMAND_LINE;
  for (u32 i = 0; i < override_count && parse.status == STATUS_OK; i++) parse_override(&parse, overrides[i]);
  return parse.status != STATUS_OK ? parse.status : config_check_places(config, &parse.places, parse.error);
}
