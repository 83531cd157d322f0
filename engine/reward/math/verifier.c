#include "engine/reward/math/verifier.h"

#include "engine/reward/math/compare.h"
#include "engine/reward/math/normal.h"
#include "engine/reward/math/read.h"

const char *verifier_reason_text(enum verifier_reason reason) {
  static const char *const texts[REASONS] = {
#define VERIFIER_REASON_TEXT(name, text) text,
      VERIFIER_REASONS(VERIFIER_REASON_TEXT)
#undef VERIFIER_REASON_TEXT
  };
  return texts[reason];
}

void verifier_place(struct verifier_workspace *workspace, struct arena *host) {
  expression_place(&workspace->gold, host);
  expression_place(&workspace->answer, host);
  expression_place(&workspace->gold_normal, host);
  expression_place(&workspace->answer_normal, host);
  evaluator_place(&workspace->evaluator, host);
}

void verifier_open(struct verifier_workspace *workspace) { evaluator_open(&workspace->evaluator); }

void verifier_close(struct verifier_workspace *workspace) { evaluator_close(&workspace->evaluator); }

static enum verifier_reason reason_of(enum read_outcome outcome) {
  switch (outcome) {
    case READ_EMPTY:
      return REASON_EMPTY;
    case READ_UNSUPPORTED:
      return REASON_UNSUPPORTED;
    case READ_TOO_LARGE:
      return REASON_TOO_LARGE;
    case READ_FORBIDDEN:
      return REASON_FORBIDDEN_CHARACTER;
    case READ_AMBIGUOUS:
      return REASON_AMBIGUOUS;
    default:
      return REASON_UNREADABLE;
  }
}

/* What cannot be read is undecided even against itself: two texts that say nothing agree on nothing. */
static bool read_side(struct expression_pool *pool, u32 *root, const char *text, u32 size, enum verifier_side side,
                      struct verifier_verdict *verdict) {
  const struct read_result result = read_answer(pool, text, size);
  *root = result.outcome == READ_OK ? result.root : EXPRESSION_NONE;
  if (*root != EXPRESSION_NONE) return true;
  verdict->reason = reason_of(result.outcome);
  verdict->side = side;
  verdict->place = result.place;
  return false;
}

/* A reading that is beyond the limits of normal forms, or not defined somewhere, is compared as it stands. */
static u32 as_read(const struct expression_pool *from, u32 root, struct expression_pool *to) {
  u32 copies[VERIFIER_NODES_MAX], children[VERIFIER_NODES_MAX];
  expression_reset(to);
  for (u32 node = 0; node <= root; node++) {
    const struct expression *at = expression_at(from, node);
    const char *text = (const char *)from->text + at->text;
    if (at->count > VERIFIER_NODES_MAX) return EXPRESSION_NONE;
    for (u32 i = 0; i < at->count; i++) children[i] = copies[expression_child(from, node, i)];
    copies[node] = at->kind == EXPRESSION_NUMBER
                       ? expression_number(to, text, at->text_size, at->scale, at->repeating, at->base, at->place)
                       : expression_named(to, at->kind, at->value, children, at->count, text, at->text_size, at->place);
  }
  return copies[root];
}

static u32 normalize(struct verifier_workspace *workspace, const struct expression_pool *from, u32 root,
                     struct expression_pool *to) {
  const u32 normal = normal_form(&workspace->evaluator, from, root, to);
  if (normal != EXPRESSION_NONE) return normal;
  workspace->as_read = true;
  return as_read(from, root, to);
}

void verifier_decide(struct verifier_workspace *workspace, const struct verifier_options *options, const char *gold,
                     u32 gold_size, const char *answer, u32 answer_size, struct verifier_verdict *verdict) {
  *verdict = (struct verifier_verdict){.decision = DECISION_UNDECIDED};
  workspace->gold_normal_root = workspace->answer_normal_root = EXPRESSION_NONE;
  workspace->as_read = false;
  evaluator_begin(&workspace->evaluator);
  const bool gold_read = read_side(&workspace->gold, &workspace->gold_root, gold, gold_size, SIDE_GOLD, verdict);
  struct verifier_verdict answer_verdict = *verdict;
  const bool answer_read =
      read_side(&workspace->answer, &workspace->answer_root, answer, answer_size, SIDE_ANSWER, &answer_verdict);
  if (gold_read && !answer_read) *verdict = answer_verdict;
  if (gold_read) {
    workspace->gold_normal_root = normalize(workspace, &workspace->gold, workspace->gold_root, &workspace->gold_normal);
  }
  if (answer_read) {
    workspace->answer_normal_root =
        normalize(workspace, &workspace->answer, workspace->answer_root, &workspace->answer_normal);
  }
  if (workspace->gold_normal_root != EXPRESSION_NONE && workspace->answer_normal_root != EXPRESSION_NONE) {
    compare(workspace, options, verdict);
  } else if (gold_read && answer_read) {
    verdict->reason = REASON_TOO_LARGE;
  }
  verdict->steps = workspace->evaluator.steps;
}
