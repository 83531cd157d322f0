#include "tests/verifier_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void lay(struct verifier_rig *rig, struct arena *arena) {
  verifier_place(&rig->workspace, arena);
  expression_place(&rig->again, arena);
}

void verifier_rig_open(struct verifier_rig *rig) {
  memset(rig, 0, sizeof *rig);
  struct arena arena;
  arena_open(&arena, "host", 0, NULL);
  lay(rig, &arena);
  rig->bytes = arena.high;
  rig->memory =
      aligned_alloc(TENSOR_ALIGN_BYTES, (rig->bytes + TENSOR_ALIGN_BYTES - 1) & ~(u64)(TENSOR_ALIGN_BYTES - 1));
  if (rig->memory == NULL) {
    fprintf(stderr, "no memory for a verifier's workspace\n");
    abort();
  }
  memset(rig->memory, 0xa5, rig->bytes); /* nothing may lean on zeros */
  arena_open(&arena, "host", 0, NULL);
  arena.base = rig->memory, arena.limit = rig->bytes;
  lay(rig, &arena);
  verifier_open(&rig->workspace);
}

void verifier_rig_close(struct verifier_rig *rig) {
  verifier_close(&rig->workspace);
  free(rig->memory);
  rig->memory = NULL;
}

struct verifier_verdict verifier_rig_decide(struct verifier_rig *rig, struct verifier_options options, const char *gold,
                                            u64 gold_size, const char *answer, u64 answer_size) {
  struct verifier_verdict verdict;
  verifier_decide(&rig->workspace, &options, gold, (u32)gold_size, answer, (u32)answer_size, &verdict);
  if (rig->steps_max < verdict.steps) rig->steps_max = verdict.steps;
  rig->decisions[verdict.decision]++;
  if (verdict.decision != DECISION_RIGHT) rig->reasons[verdict.reason]++;
  return verdict;
}

enum decision verifier_rig_says(struct verifier_rig *rig, const char *gold, const char *answer) {
  const struct verifier_options none = {0};
  return verifier_rig_decide(rig, none, gold, strlen(gold), answer, strlen(answer)).decision;
}

bool verifier_rig_idempotent(struct verifier_rig *rig) {
  const struct expression_pool *first = &rig->workspace.gold_normal;
  const u32 root = rig->workspace.gold_normal_root;
  if (root == EXPRESSION_NONE) return true;
  evaluator_begin(&rig->workspace.evaluator);
  rig->again_root = normal_form(&rig->workspace.evaluator, first, root, &rig->again);
  return rig->again_root == EXPRESSION_NONE || expression_order(first, root, &rig->again, rig->again_root) == 0;
}

const char *decision_word(enum decision decision) {
  static const char *const words[] = {"undecided", "wrong", "right"};
  return words[decision];
}

static void say(const char *text) {
  for (u32 i = 0; i < 300 && text[i] != 0; i++) putchar(text[i] == '\n' ? ' ' : text[i]);
}

void verifier_rig_tell(const char *what, const char *gold, const char *answer, const struct verifier_verdict *verdict) {
  static const char *const sides[] = {"both", "gold", "answer"};
  printf("# %s: %s (%s, %s at %u): [", what, decision_word(verdict->decision), verifier_reason_text(verdict->reason),
         sides[verdict->side], verdict->place);
  say(gold);
  fputs("] against [", stdout);
  say(answer);
  puts("]");
}
