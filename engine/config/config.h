/* The settings of a run: one struct made from config_schema.h, filled from an INI file and overrides.
 *
 * Called by: tools (parsing, printing), everyone (reading fields). Owns no memory: the caller owns struct config.
 * Errors are STATUS_USAGE with place "FILE:LINE" (or "command line") and a text that names the cure. */
#ifndef RLSP_ENGINE_CONFIG_CONFIG_H
#define RLSP_ENGINE_CONFIG_CONFIG_H

#include <stdio.h>

#include "engine/config/config_schema.h"
#include "engine/status.h"

#define CONFIG_TEXT_BYTES 1024u
#define CONFIG_LINE_BYTES_MAX 2048u /* a text of CONFIG_TEXT_BYTES, its key, and a comment */

enum reward_balance { BALANCE_PAPER, BALANCE_PAPER_CODE, BALANCE_STREAMS };
enum resume_mode { RESUME_AUTO, RESUME_NEVER };
enum value_head { VALUE_HEAD_OWN, VALUE_HEAD_SHARED };
enum verifier { VERIFIER_COUNTDOWN, VERIFIER_MATH, VERIFIER_EXACT, VERIFIER_REGEX, VERIFIER_PROGRAM };
enum answer_which { ANSWER_LAST, ANSWER_FIRST };
enum answer_units { UNITS_IGNORE, UNITS_COMPARE };
enum kl_stream { KL_STREAM_CORRECTNESS, KL_STREAM_LENGTH };
enum model_bias { MODEL_BIAS_NONE, MODEL_BIAS_QKV };

struct config {
#define CONFIG_NO_SECTION(ident, name, doc)
#define CONFIG_INTEGER(section, key, value, min, max, unit, doc) i64 section##_##key;
#define CONFIG_REAL(section, key, value, min, max, unit, doc) f64 section##_##key;
#define CONFIG_CHOICE(section, key, value, choices, doc) u32 section##_##key;
#define CONFIG_TEXT(section, key, value, doc) char section##_##key[CONFIG_TEXT_BYTES];
  CONFIG_SCHEMA(CONFIG_NO_SECTION, CONFIG_INTEGER, CONFIG_REAL, CONFIG_CHOICE, CONFIG_TEXT)
#undef CONFIG_NO_SECTION
#undef CONFIG_INTEGER
#undef CONFIG_REAL
#undef CONFIG_CHOICE
#undef CONFIG_TEXT
};

void config_defaults(struct config *config);
/* Reads `text` (one INI file of `bytes` bytes; name is its path for messages) over the defaults, then the overrides
 * "section.key=value" in order, then checks what spans settings (heads divide width, ...). On an error *config is not
 * to be used. */
enum status config_parse(struct config *config, const char *name, const char *text, u64 bytes,
                         const char *const *overrides, u32 override_count, struct error *error) MUST_USE;
/* Checks that span several settings; called by config_parse. place = file name. */
enum status config_check(const struct config *config, const char *place, struct error *error) MUST_USE;
/* Halves a whole-number setting ("rollout.slots"), for finding a config that fits. False, and nothing changed, where
 * its range or config_check forbids it. *value (may be NULL) is what it is then. */
bool config_halve(struct config *config, const char *name, i64 *value);
/* The resolved config as an INI text that parses back to the same struct bit for bit. Returns bytes needed without the
 * NUL; writes at most capacity. */
u64 config_print(const struct config *config, char *text, u64 capacity);
/* The reference: every setting with default, range, unit and doc, as a runnable INI file. Same return. */
u64 config_print_reference(char *text, u64 capacity);
/* FNV-1a 64 of the resolved text less what never changes a bit of the result (run.dir, run.device, run.threads,
 * run.simd, run.resume, rollout.slots, reward.correctness.program_parallel, reward.correctness.undecided_warn, checkpoint.*, log.*). */
u64 config_hash(const struct config *config);

#endif
