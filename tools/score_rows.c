#include "tools/score_rows.h"

#include <string.h>

#include "engine/text/json_write.h"

/* ---- in ---- */

static bool fail_row(struct score_row *row, const char *wrong, u64 at) {
  row->wrong = wrong;
  row->wrong_at = at;
  return false;
}

/* A string, unescaped in place, or a number as it is written; null and an absent key give an empty text. */
static bool take_text(struct score_row *row, const struct json *json, const char *key, const char **text, u32 *size,
                      bool *there) {
  const u32 token = json_find(json, 0, key);
  *text = "";
  *size = 0;
  *there = token != JSON_NONE && !json_is(json, token, JSON_NULL);
  if (!*there) return true;
  char *begin = row->line + json->tokens[token].begin;
  const u64 bytes = json->tokens[token].end - json->tokens[token].begin;
  *text = begin;
  if (json_is(json, token, JSON_STRING)) {
    *size = (u32)json_text(json, token, begin, bytes + 1); /* the closing quote has room for the NUL */
    return true;
  }
  *size = (u32)bytes;
  return json_is(json, token, JSON_NUMBER) ||
         fail_row(row, "has a gold, answer, completion or prompt that is no string", json->tokens[token].begin);
}

static bool take_settings(struct score_row *row, const struct json *json, struct verifier_question *question) {
  const u32 truncated = json_find(json, 0, "truncated"), tolerance = json_find(json, 0, "tolerance_digits");
  u64 digits = 0;
  question->truncated = json_is(json, truncated, JSON_TRUE);
  if (truncated != JSON_NONE && !question->truncated && !json_is(json, truncated, JSON_FALSE) &&
      !json_is(json, truncated, JSON_NULL))
    return fail_row(row, "has a truncated that is neither true nor false", json->tokens[truncated].begin);
  if (tolerance == JSON_NONE) return true;
  if (!json_u64(json, tolerance, &digits) || digits > 100)
    return fail_row(row, "has a tolerance_digits that is no whole number from 0 to 100", json->tokens[tolerance].begin);
  question->digits = (u32)digits;
  return true;
}

static bool read_row(struct score_row *row, struct json_token *tokens, struct verifier_question *question) {
  struct json json;
  bool gold = false, answer = false, completion = false, prompt = false;
  const char *answer_text = "";
  u32 answer_size = 0;
  const char *wrong = json_parse(&json, row->line, row->bytes, tokens, SCORE_TOKENS_MAX, &row->wrong_at);
  if (wrong != NULL) return fail_row(row, wrong, row->wrong_at);
  if (!json_is(&json, 0, JSON_OBJECT)) return fail_row(row, "is no object", 0);
  if (json_has_duplicates(&json, 0)) return fail_row(row, "gives a key twice", 0);
  if (json_find(&json, 0, "gold") == JSON_NONE) return fail_row(row, "has no \"gold\"", 0);
  if (!take_settings(row, &json, question)) return false;
  if (!take_text(row, &json, "gold", &question->gold, &question->gold_size, &gold)) return false;
  if (!take_text(row, &json, "prompt", &question->prompt, &question->prompt_size, &prompt)) return false;
  if (!take_text(row, &json, "completion", &question->completion, &question->completion_size, &completion))
    return false;
  if (!take_text(row, &json, "answer", &answer_text, &answer_size, &answer)) return false;
  if (answer == completion)
    return fail_row(row,
                    answer ? "has both an \"answer\" and a \"completion\"; keep one"
                           : "has neither an \"answer\" nor a \"completion\"",
                    0);
  if (!prompt) question->prompt = NULL;
  if (!answer) return true;
  question->answer = true;
  question->completion = answer_text;
  question->completion_size = answer_size;
  return true;
}

void score_row_ask(struct score_row *row, struct json_token *tokens, struct verifier_question *question) {
  row->wrong = NULL;
  *question = (struct verifier_question){.gold = "", .completion = ""};
  if (!read_row(row, tokens, question)) *question = (struct verifier_question){.gold = "", .completion = ""};
}

/* ---- out ---- */

const char *score_verdict_word(enum verdict verdict) {
  static const char *const words[] = {[VERDICT_NO_ANSWER] = "wrong",
                                      [VERDICT_WRONG] = "wrong",
                                      [VERDICT_CORRECT] = "right",
                                      [VERDICT_UNDECIDED] = "undecided"};
  return words[verdict];
}

static void put_word(struct json_writer *writer, const char *key, const char *word) {
  json_key(writer, key);
  json_put_text(writer, word, strlen(word));
}

static void put_answer(struct json_writer *writer, const char *key, const struct answer *answer) {
  json_key(writer, key);
  if (answer->kind == ANSWER_KIND_FOUND)
    json_put_text(writer, answer->text, answer->size);
  else
    json_put_null(writer);
}

static void put_form(struct json_writer *writer, const char *key, const struct expression_pool *normal, u32 normal_root,
                     const struct expression_pool *read, u32 read_root, char *form) {
  const struct expression_pool *pool = normal_root != EXPRESSION_NONE ? normal : read;
  const u32 root = normal_root != EXPRESSION_NONE ? normal_root : read_root;
  json_key(writer, key);
  if (root == EXPRESSION_NONE) {
    json_put_null(writer);
    return;
  }
  const u32 wanted = expression_print(pool, root, form, SCORE_FORM_BYTES);
  json_put_text(writer, form, wanted < SCORE_FORM_BYTES ? wanted : SCORE_FORM_BYTES - 1);
}

static void put_mathematics(struct json_writer *writer, const struct verifier_worker *worker, char *forms) {
  static const char *const sides[] = {[SIDE_BOTH] = "both", [SIDE_GOLD] = "gold", [SIDE_ANSWER] = "answer"};
  const struct verifier_workspace *math = &worker->math;
  const struct verifier_verdict *decided = &worker->decided;
  put_form(writer, "gold_form", &math->gold_normal, math->gold_normal_root, &math->gold, math->gold_root, forms);
  put_form(writer, "answer_form", &math->answer_normal, math->answer_normal_root, &math->answer, math->answer_root,
           forms + SCORE_FORM_BYTES);
  put_word(writer, "reason", verifier_reason_text(decided->reason));
  put_word(writer, "side", sides[decided->side]);
  json_key(writer, "place");
  json_put_u64(writer, decided->place);
  json_key(writer, "steps");
  json_put_u64(writer, decided->steps);
}

void score_row_tell(struct score_row *row, const struct verifiers *verifiers, const struct verifier_worker *worker,
                    struct judgement judgement, char *forms) {
  const bool both = worker->answer.kind == ANSWER_KIND_FOUND && worker->gold.kind == ANSWER_KIND_FOUND;
  struct json_writer writer;
  json_begin(&writer, row->out, SCORE_LINE_BYTES);
  json_open(&writer, '{');
  json_key(&writer, "line");
  json_put_u64(&writer, row->number);
  put_word(&writer, "verdict", score_verdict_word(judgement.verdict));
  put_word(&writer, "kind", answer_kind_word(judgement.kind));
  put_answer(&writer, "extracted", &worker->answer);
  put_word(&writer, "source",
           worker->answer.kind == ANSWER_KIND_FOUND ? answer_source_word(worker->answer.source) : "");
  put_answer(&writer, "gold", &worker->gold);
  if (verifiers->settings.verifier == VERIFIER_MATH && both) put_mathematics(&writer, worker, forms);
  json_close(&writer, '}');
  row->judgement = judgement;
  row->out_bytes = writer.overflow ? 0 : writer.bytes;
}
