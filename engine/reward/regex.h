/* A user's pattern (PCRE2, UTF-8): finds what a completion says its answer is. Group 1 where the pattern has one, else all that it matches.
 *
 * Its compiled form and the work of a match lie in a region of ours; steps, nesting and memory of a match are bounded (limits.h), so that no pattern and no text
 * can hang or fill anything: such a match is undecided, the same on every machine with one PCRE2.
 * Owns: the region, from the host arena. One a thread. Called by: verifiers.c. Fails: regex_open, STATUS_USAGE with what is wrong with the pattern and where. */
#ifndef RLSP_ENGINE_REWARD_REGEX_H
#define RLSP_ENGINE_REWARD_REGEX_H

#include "engine/memory/arena.h"
#include "engine/status.h"

enum regex_found { REGEX_FOUND, REGEX_NOTHING, REGEX_STOPPED /* at a limit */ };

struct regex_region {
  u8 *memory; /* [REGEX_BYTES] */
  u64 used;
};

struct regex {
  struct regex_region region;
  u64 compiled;                           /* of the region: what a match begins behind */
  void *general, *compile, *match, *code; /* PCRE2's, inside the region */
};

void regex_place(struct regex *regex, struct arena *host);
/* place: the setting, for the message. */
enum status regex_open(struct regex *regex, const char *pattern, const char *place, struct error *error) MUST_USE;
/* The last match, or the first. *begin, *size: of what was captured; a group that took no part is NOTHING. */
enum regex_found regex_find(struct regex *regex, const char *text, u64 bytes, bool first, u64 *begin, u64 *size);

#endif
