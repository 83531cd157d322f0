#include "tests/verifier_grader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/formats/hash64.h"

static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* Two letters or more that stand alone, or four in a row, and are no command. */
static bool has_words(const char *text) {
  u32 run = 0;
  bool command = false, alone = true;
  for (const char *at = text; *at != 0; at++) {
    if (*at == '\\') command = true;
    if (letter(*at)) {
      if (!command && ++run >= 4) return true;
      if (!command && run >= 2 && alone && (at[1] == 0 || at[1] == ' ')) return true;
      continue;
    }
    if (*at != '\\') command = false;
    run = 0, alone = *at == ' ';
  }
  return false;
}

/* No box, no math marks and no words. */
static bool is_answer_already(const char *text) {
  static const char *const marks[] = {"\\boxed", "\\fbox", "\\(", "\\[", "$"};
  for (u32 i = 0; i < COUNT_OF(marks); i++) {
    if (strstr(text, marks[i]) != NULL) return false;
  }
  return strlen(text) <= 400 && !has_words(text);
}

void grader_extract(const char *order, bool needs_segment, const char *text, struct answer *answer) {
  struct extract_options options = {.needs_segment = needs_segment};
  const char *wrong = NULL;
  if (!extract_order(&options, order, &wrong)) {
    fprintf(stderr, "no order of sources: %s\n", order);
    abort();
  }
  extract_answer(&options, text, (u32)strlen(text), answer);
}

static const char *order_of(const struct rows *rows, enum grader_level level) {
  if (rows_has(rows, "mode", "NativeLetters")) return "letter";
  if (rows_has(rows, "mode", "minerva Answer:")) return "phrase";
  if (rows_has(rows, "mode", "after_think")) return "box, math";
  if (rows_has(rows, "mode", "answer-level") || level == GRADER_ANSWERS) return "whole";
  if (level == GRADER_BOXES) return "box";
  const bool latex = rows_has(rows, "mode", "latex"), expr = rows_has(rows, "mode", "expr");
  return latex && !expr ? "box, math" : expr && !latex ? "phrase, number" : "phrase, box, math, number";
}

void grader_prepare(const struct rows *rows, enum grader_level level, struct grader_pair *pair) {
  rows_text(rows, "gold", pair->gold_text);
  rows_text(rows, "answer", pair->answer_text);
  pair->options = (struct verifier_options){.digits = rows_number(rows, "precision", 0)};
  const char *order = order_of(rows, level);
  const bool by_mode = level == GRADER_MODES && strcmp(order, "letter") != 0;
  const bool letters = strcmp(order, "letter") == 0;
  const bool gold_whole = !letters && (!by_mode || is_answer_already(pair->gold_text));
  const bool answer_whole = by_mode && is_answer_already(pair->answer_text);
  pair->gold_order = gold_whole ? "whole" : order;
  pair->answer_order = answer_whole ? "whole" : order;
  pair->needs_segment = rows_has(rows, "mode", "after_think");
  grader_extract(pair->gold_order, false, pair->gold_text, &pair->gold);
  grader_extract(pair->answer_order, pair->needs_segment, pair->answer_text, &pair->answer);
}

struct verifier_verdict grader_decide(struct verifier_rig *rig, const struct grader_pair *pair) {
  if (pair->gold.kind != ANSWER_KIND_FOUND) return (struct verifier_verdict){.reason = REASON_EMPTY, .side = SIDE_GOLD};
  if (pair->answer.kind != ANSWER_KIND_FOUND) {
    return (struct verifier_verdict){.reason = REASON_EMPTY, .side = SIDE_ANSWER};
  }
  return verifier_rig_decide(rig, pair->options, pair->gold.text, pair->gold.size, pair->answer.text,
                             pair->answer.size);
}

u64 grader_hash(const char *gold, const char *answer) {
  struct hash64 hash;
  hash64_begin(&hash);
  hash64_add(&hash, gold, strlen(gold));
  hash64_add(&hash, "\n", 1);
  hash64_add(&hash, answer, strlen(answer));
  return hash64_end(&hash);
}
