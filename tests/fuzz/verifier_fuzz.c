/* The verifier's fuzz target, as libFuzzer wants it: one input is options (a byte), then gold and answer, a newline between them.
 *
 * What must hold of every input: no crash and no sanitizer report; steps within VERIFIER_STEPS_MAX; without a tolerance the same verdict both ways; the same
 * verdict twice; a text is never wrong against itself; a normal form is its own normal form. A breach aborts, with the input still in hand.
 * Called by: libFuzzer, or tests/fuzz/driver.c where there is none. Owns: one workspace for the life of the process (static: libFuzzer has no place for it). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/verifier_rig.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static struct verifier_rig rig;

static void breach(const char *what, const char *gold, u64 gold_size, const char *answer, u64 answer_size) {
  fprintf(stderr, "verifier_fuzz: %s\ngold   [%.*s]\nanswer [%.*s]\n", what, (int)gold_size, gold, (int)answer_size,
          answer);
  abort();
}

/* Of the text that stood as gold last. */
static void check_normal_form(const char *text, u64 size) {
  static char first[4096], second[4096];
  if (verifier_rig_idempotent(&rig)) return;
  expression_print(&rig.workspace.gold_normal, rig.workspace.gold_normal_root, first, sizeof first);
  fprintf(stderr, "once  %s\n", first);
  if (rig.again_root != EXPRESSION_NONE) {
    expression_print(&rig.again, rig.again_root, second, sizeof second);
    fprintf(stderr, "twice %s\n", second);
  }
  breach("a normal form that is not its own", text, size, "", 0);
}

static void check_verdicts(struct verifier_options options, const char *gold, u64 gold_size, const char *answer,
                           u64 answer_size) {
  const struct verifier_verdict there = verifier_rig_decide(&rig, options, gold, gold_size, answer, answer_size);
  check_normal_form(gold, gold_size);
  const struct verifier_verdict again = verifier_rig_decide(&rig, options, gold, gold_size, answer, answer_size);
  const struct verifier_verdict back = verifier_rig_decide(&rig, options, answer, answer_size, gold, gold_size);
  check_normal_form(answer, answer_size);
  const struct verifier_verdict itself = verifier_rig_decide(&rig, options, gold, gold_size, gold, gold_size);
  const char *what = NULL;
  if (there.steps > VERIFIER_STEPS_MAX || back.steps > VERIFIER_STEPS_MAX) what = "more steps than there are";
  if (there.decision != again.decision || there.reason != again.reason || there.steps != again.steps)
    what = "not the same twice";
  if (options.digits == 0 && there.decision != back.decision) what = "not symmetric";
  if (itself.decision == DECISION_WRONG) what = "wrong against itself";
  if (what != NULL) breach(what, gold, gold_size, answer, answer_size);
}

/* The extractor must survive anything, and what it gives must lie in what it was given. */
static void check_extraction(const char *text, u64 size, u32 choice) {
  static const char *const orders[] = {"box, phrase, hashes, math", "phrase, box, math, number", "letter", "whole",
                                       "number, letter, box"};
  static struct answer answer;
  struct extract_options options = {
      .first_box = (choice & 8) != 0, .needs_segment = (choice & 16) != 0, .truncated = (choice & 32) != 0};
  const char *wrong = NULL;
  if (!extract_order(&options, orders[choice % COUNT_OF(orders)], &wrong)) abort();
  if ((choice & 64) != 0) options.prompt = text, options.prompt_size = (u32)(size / 2);
  extract_answer(&options, text, (u32)size, &answer);
  if (answer.kind >= ANSWER_KIND_COUNT || (answer.kind == ANSWER_KIND_FOUND && answer.size > ANSWER_BYTES_MAX)) {
    breach("an impossible extraction", text, size, "", 0);
  }
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size) {
  if (rig.memory == NULL) verifier_rig_open(&rig);
  if (size < 2 || size > 2 * ANSWER_BYTES_MAX) return 0;
  const struct verifier_options options = {.digits = (data[0] & 7) == 7 ? 1 + (data[0] >> 5) : 0,
                                           .units = (data[0] & 8) != 0};
  const char *text = (const char *)data + 1;
  const u64 text_size = size - 1;
  const char *between = memchr(text, '\n', text_size);
  const u64 gold_size = between != NULL ? (u64)(between - text) : text_size;
  const u64 answer_size = between != NULL ? text_size - gold_size - 1 : 0;
  /* Copies of exactly their size, so that reading one byte too far is seen. */
  char *gold = malloc(gold_size + 1), *answer = malloc(answer_size + 1);
  if (gold == NULL || answer == NULL) abort();
  memcpy(gold + 1, text, gold_size);
  if (between != NULL) memcpy(answer + 1, between + 1, answer_size);
  check_verdicts(options, gold + 1, gold_size, answer + 1, answer_size);
  check_extraction(answer + 1, answer_size, data[0]);
  free(gold);
  free(answer);
  return 0;
}
