#define PCRE2_CODE_UNIT_WIDTH 8
#include "engine/reward/regex.h"

#include <pcre2.h>
#include <string.h>

#include "engine/check.h"

#define REGION_ALIGN 16u

static void *region_take(size_t bytes, void *data) {
  struct regex_region *region = data;
  if (bytes > REGEX_BYTES - REGION_ALIGN - region->used) return NULL;
  u8 *taken = region->memory + region->used;
  region->used += (bytes + REGION_ALIGN - 1) / REGION_ALIGN * REGION_ALIGN;
  if (region->used > REGEX_BYTES) region->used = REGEX_BYTES;
  return taken;
}

/* Given back as a whole, when the next match begins. */
static void region_give(void *block, void *data) { (void)block, (void)data; }

void regex_place(struct regex *regex, struct arena *host) {
  memset(regex, 0, sizeof *regex);
  regex->region.memory = arena_take_pointer(host, "verifier.regex", DTYPE_U8, REGEX_BYTES, 0, 0, 0);
}

enum status regex_open(struct regex *regex, const char *pattern, const char *place, struct error *error) {
  int code = 0;
  PCRE2_SIZE where = 0;
  regex->region.used = 0;
  regex->general = pcre2_general_context_create(region_take, region_give, &regex->region);
  CHECK(regex->general != NULL, "a region of %u bytes holds no context", REGEX_BYTES);
  regex->compile = pcre2_compile_context_create(regex->general);
  regex->match = pcre2_match_context_create(regex->general);
  CHECK(regex->compile != NULL && regex->match != NULL, "a region of %u bytes holds no contexts", REGEX_BYTES);
  pcre2_set_match_limit(regex->match, REGEX_STEPS_MAX);
  pcre2_set_depth_limit(regex->match, REGEX_DEPTH_MAX);
  pcre2_set_heap_limit(regex->match, REGEX_HEAP_KIBIBYTES);
  regex->code =
      pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                    PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &where, regex->compile);
  regex->compiled = regex->region.used;
  if (regex->code != NULL && regex->compiled <= REGEX_BYTES / 2) return STATUS_OK;
  if (regex->code != NULL) {
    return status_fail(error, STATUS_USAGE, place, "the pattern is too large when compiled: shorten its repetitions");
  }
  PCRE2_UCHAR text[160] = "";
  pcre2_get_error_message(code, text, sizeof text);
  return status_fail(error, STATUS_USAGE, place, "the pattern is none, at its byte %llu: %s",
                     (unsigned long long)where + 1, (const char *)text);
}

/* One match from `from` on. *next: where the next may begin. */
static enum regex_found match_from(struct regex *regex, pcre2_match_data *data, const char *text, u64 bytes, u64 from,
                                   u64 *begin, u64 *size, u64 *next) {
  const int count = pcre2_match(regex->code, (PCRE2_SPTR)text, bytes, from, 0, data, regex->match);
  if (count == PCRE2_ERROR_NOMATCH) return REGEX_NOTHING;
  if (count < 0) return REGEX_STOPPED;
  const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
  const u32 group = pcre2_get_ovector_count(data) > 1 ? 1 : 0;
  *next = ends[1] > from ? ends[1] : from + 1;                                   /* an empty match moves on */
  if (ends[2 * group] == PCRE2_UNSET || ends[2 * group + 1] < ends[2 * group]) { /* \K may turn a match round */
    *size = 0;
    return REGEX_FOUND;
  }
  *begin = ends[2 * group];
  *size = ends[2 * group + 1] - ends[2 * group];
  return REGEX_FOUND;
}

enum regex_found regex_find(struct regex *regex, const char *text, u64 bytes, bool first, u64 *begin, u64 *size) {
  bool found = false;
  u64 from = 0;
  *begin = *size = 0;
  for (u32 m = 0; from <= bytes; m++) {
    if (m == REGEX_MATCHES_MAX) return REGEX_STOPPED;
    regex->region.used = regex->compiled;
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(regex->code, regex->general);
    if (data == NULL) return REGEX_STOPPED;
    const enum regex_found match = match_from(regex, data, text, bytes, from, begin, size, &from);
    if (match == REGEX_STOPPED) return REGEX_STOPPED;
    if (match == REGEX_NOTHING) break;
    found = true;
    if (first) break;
  }
  return found && *size > 0 ? REGEX_FOUND : REGEX_NOTHING;
}
