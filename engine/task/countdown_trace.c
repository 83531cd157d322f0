/* Demonstrations: what countdown.h says of countdown_trace. */
#include "engine/check.h"
#include "engine/task/countdown_attempt.h"

enum pick_kind { PICK_SOLVING, PICK_FAILING };

/* Walks the attempts of one kind that are not excluded, and stops at number `wanted` of them. */
struct pick {
  u8 target;
  enum pick_kind kind;
  const struct countdown_attempt *excluded;
  u32 excluded_count;
  u32 wanted, seen;
  struct countdown_attempt found;
};

static bool pick_visit(void *context, const struct countdown_attempt *attempt) {
  struct pick *pick = context;
  const bool solves = countdown_attempt_result(attempt) == pick->target;
  if (solves != (pick->kind == PICK_SOLVING)) return true;
  for (u32 i = 0; i < pick->excluded_count; i++)
    if (countdown_attempts_equal(attempt, &pick->excluded[i])) return true;
  if (pick->seen++ != pick->wanted) return true;
  pick->found = *attempt;
  return false;
}

static u32 pick_count(const struct countdown_problem *problem, struct pick *pick) {
  pick->wanted = UINT32_MAX;
  pick->seen = 0;
  countdown_visit_attempts(problem, pick_visit, pick);
  return pick->seen;
}

/* Uniform among the attempts of pick->kind. False where there is none. */
static bool pick_one(const struct countdown_problem *problem, struct pick *pick, struct random_stream *random) {
  const u32 count = pick_count(problem, pick);
  if (count == 0) return false;
  const u32 wanted = random_below(random, count);
  pick->wanted = wanted;
  pick->seen = 0;
  const bool ended = countdown_visit_attempts(problem, pick_visit, pick);
  CHECK(!ended, "attempt %u of %u was not met again", wanted, count);
  return true;
}

struct draft {
  const struct countdown_problem *problem;
  const struct countdown_options *options;
  struct random_stream *random;
  u32 *tokens;
  u32 count;
  struct countdown_attempt tried[COUNTDOWN_FAILED_MAX + 1]; /* attempts of one example differ */
  u32 tried_count;
};

static void draft_token(struct draft *draft, u32 token) { draft->tokens[draft->count++] = token; }

/* Writes an attempt of the kind, or of the other kind where there is none of it. Returns whether it solves. */
static bool draft_attempt(struct draft *draft, enum pick_kind kind) {
  struct pick pick = {
      .target = draft->problem->target, .kind = kind, .excluded = draft->tried, .excluded_count = draft->tried_count};
  if (!pick_one(draft->problem, &pick, draft->random)) {
    pick.kind = kind == PICK_SOLVING ? PICK_FAILING : PICK_SOLVING;
    const bool found = pick_one(draft->problem, &pick, draft->random);
    CHECK(found, "a problem without attempts, target %u", draft->problem->target);
  }
  draft->tried[draft->tried_count++] = pick.found;
  draft->count += countdown_write_attempt(&pick.found, draft->tokens + draft->count);
  return pick.kind == PICK_SOLVING;
}

static bool draft_demonstrated_attempt(struct draft *draft) {
  const bool solve = random_unit(draft->random) < draft->options->solve_probability;
  return draft_attempt(draft, solve ? PICK_SOLVING : PICK_FAILING);
}

/* Writes OK or NO, or nothing (false). */
static bool draft_check(struct draft *draft, bool solved) {
  if (!(random_unit(draft->random) < draft->options->check_probability)) return false;
  draft_token(draft, solved ? COUNTDOWN_OK : COUNTDOWN_NO);
  return true;
}

static void draft_plain(struct draft *draft, struct countdown_trace *trace) {
  trace->loss_begin = draft->count;
  const bool solved = draft_demonstrated_attempt(draft);
  const bool checked = draft_check(draft, solved);
  if (checked && !solved && random_unit(draft->random) < draft->options->retry_probability) {
    trace->retry = true;
    draft_token(draft, COUNTDOWN_BACK);
    draft_check(draft, draft_demonstrated_attempt(draft));
  }
  draft_token(draft, COUNTDOWN_EOS);
}

static void draft_continuation(struct draft *draft, u32 failed, struct countdown_trace *trace) {
  trace->failed = failed;
  for (u32 i = 0; i < failed; i++) {
    draft_attempt(draft, PICK_FAILING);
    draft_token(draft, COUNTDOWN_NO);
    draft_token(draft, COUNTDOWN_BACK);
  }
  trace->loss_begin = draft->count;
  const bool solved = draft_demonstrated_attempt(draft);
  const bool checked = draft_check(draft, solved);
  if (checked && !solved) return; /* what follows a NO here is never taught */
  draft_token(draft, COUNTDOWN_EOS);
}

/* How many failed attempts the context shows: never more than there are, and 0 says that this is a plain trace. */
static u32 draw_failed(const struct draft *draft) {
  if (!(random_unit(draft->random) < draft->options->continuation_share)) return 0;
  struct pick pick = {.target = draft->problem->target, .kind = PICK_FAILING};
  const u32 failing = pick_count(draft->problem, &pick);
  const u32 wanted = 1 + random_below(draft->random, draft->options->failed_context_max);
  return wanted < failing ? wanted : failing;
}

void countdown_trace(const struct countdown_problem *problem, const struct countdown_options *options,
                     struct random_stream *random, u32 *tokens, struct countdown_trace *trace) {
  CHECK(options->failed_context_max >= 1 && options->failed_context_max <= COUNTDOWN_FAILED_MAX,
        "failed_context_max is %u", options->failed_context_max);
  struct draft draft = {.problem = problem, .options = options, .random = random, .tokens = tokens};
  *trace = (struct countdown_trace){.position_gap = random_below(random, options->position_gap_max + 1)};
  trace->prompt = draft.count = countdown_prompt(problem, random, tokens);
  const u32 failed = draw_failed(&draft);
  if (failed == 0) {
    draft_plain(&draft, trace);
  } else {
    draft_continuation(&draft, failed, trace);
  }
  trace->count = draft.count;
}
