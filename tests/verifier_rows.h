/* Rows of JSON Lines files for the verifier's tests: the peers' rows and the golds under ../shared/data, where that is there.
 * Called by: tests/verifier_*_test.c, tools/peers/verifier_bench.c. Owns: the file's text. Fails: rows_open says whether the file is there; a row that
 * is no JSON aborts with its line. */
#ifndef RLSP_TESTS_VERIFIER_ROWS_H
#define RLSP_TESTS_VERIFIER_ROWS_H

#include "engine/text/json.h"

#define ROW_TOKENS_MAX 4096u
#define ROW_TEXT_MAX (1u << 17) /* whole completions of the peers' rows have 60 KB */

struct rows {
  const char *path;
  char *text;
  u64 bytes, at;
  u32 line; /* of the row that was read last, from 1 */
  struct json json;
  struct json_token tokens[ROW_TOKENS_MAX];
};

bool rows_open(struct rows *rows, const char *path);
void rows_close(struct rows *rows);
bool rows_next(struct rows *rows);
/* The text under key into out[ROW_TEXT_MAX], with a final NUL. false: there is none, or it is null. */
bool rows_text(const struct rows *rows, const char *key, char *out);
/* true, false; `otherwise` where it is neither. */
int rows_truth(const struct rows *rows, const char *key, int otherwise);
u32 rows_number(const struct rows *rows, const char *key, u32 otherwise);
/* Is this word under key: a string, or one of a list of strings? */
bool rows_has(const struct rows *rows, const char *key, const char *word);

#endif
