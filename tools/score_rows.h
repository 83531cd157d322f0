/* A line of rlsp score: from JSON to a question, from a judgement to JSON. Each function works on one row and may run on any thread.
 * Called by: tools/score.c. Owns nothing. Fails: row->wrong is set to what is wrong with the line. */
#ifndef RLSP_TOOLS_SCORE_ROWS_H
#define RLSP_TOOLS_SCORE_ROWS_H

#include "engine/reward/verifiers.h"
#include "engine/text/json.h"

#define SCORE_TOKENS_MAX 4096u /* JSON values of one line */
#define SCORE_FORM_BYTES 8192u /* of a normal form; a longer one is cut */
/* Two texts of ANSWER_BYTES_MAX at six bytes an escaped one, two forms, and the keys. */
#define SCORE_LINE_BYTES (2u * 6u * ANSWER_BYTES_MAX + 4u * SCORE_FORM_BYTES + 2048u)

struct score_row {
  char *line;        /* [bytes] in; strings are unescaped where they stand */
  u64 bytes, number; /* the first line is 1 */
  const char *wrong; /* static text; NULL = good */
  u64 wrong_at;      /* its byte */
  struct judgement judgement;
  char *out; /* [SCORE_LINE_BYTES] */
  u64 out_bytes;
};

/* tokens [SCORE_TOKENS_MAX]. What is wrong with the line makes the question one of empty texts. */
void score_row_ask(struct score_row *row, struct json_token *tokens, struct verifier_question *question);
/* forms [2 * SCORE_FORM_BYTES] */
void score_row_tell(struct score_row *row, const struct verifiers *verifiers, const struct verifier_worker *worker,
                    struct judgement judgement, char *forms);
const char *score_verdict_word(enum verdict verdict);

#endif
