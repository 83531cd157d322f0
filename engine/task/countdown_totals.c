/* Sums of outcomes, and the rates they give. */
#include "engine/task/countdown_outcome.h"

/* The totals that are sums of fields of the same name in an outcome. */
#define SUMMED(ROW)     \
  ROW(tokens)           \
  ROW(ended)            \
  ROW(first_correct)    \
  ROW(any_correct)      \
  ROW(attempts)         \
  ROW(attempts_illegal) \
  ROW(malformed)        \
  ROW(backs)            \
  ROW(ok_true)          \
  ROW(ok_false)         \
  ROW(no_true)          \
  ROW(no_false)         \
  ROW(failures)         \
  ROW(failures_retried) \
  ROW(noes_retried) ROW(successes) ROW(successes_continued) ROW(steps) ROW(steps_wrong) ROW(grams) ROW(grams_repeated)

void countdown_totals_add(struct countdown_totals *totals, const struct countdown_outcome *outcome,
                          u32 demonstrated_depth) {
#define SUM_FIELD(name) totals->name += outcome->name;
  SUMMED(SUM_FIELD)
#undef SUM_FIELD
  const bool correct = outcome->verdict == VERDICT_CORRECT;
  totals->responses++;
  totals->correct += correct;
  totals->wrong += outcome->verdict == VERDICT_WRONG;
  totals->no_answer += outcome->verdict == VERDICT_NO_ANSWER;
  totals->depth1 += outcome->depth >= 1;
  totals->depth2 += outcome->depth >= 2;
  totals->depth_sound1 += outcome->depth_sound >= 1;
  totals->depth_sound2 += outcome->depth_sound >= 2;
  totals->emergent += outcome->depth > demonstrated_depth;
  if (outcome->depth > totals->depth_max) totals->depth_max = outcome->depth;
  if (outcome->attempts > 1) {
    totals->multi++;
    totals->multi_distinct_q32 += ((u64)outcome->attempts_distinct << 32) / outcome->attempts;
  }
  const u32 bin = outcome->attempts < COUNTDOWN_ATTEMPT_BINS ? outcome->attempts : COUNTDOWN_ATTEMPT_BINS - 1;
  totals->attempts_bin[bin]++;
  totals->attempts_bin_correct[bin] += correct;
}

void countdown_totals_problem(struct countdown_totals *totals, u32 correct, u32 samples) {
  totals->problems++;
  totals->problems_solved += correct > 0;
  totals->problem_samples += samples;
  totals->problem_correct_squared += (u64)correct * correct;
}

/* Every field is a u64 and a sum, but for depth_max. */
void countdown_totals_merge(struct countdown_totals *totals, const struct countdown_totals *more) {
  const u64 depth_max = totals->depth_max > more->depth_max ? totals->depth_max : more->depth_max;
  _Static_assert(sizeof *totals % sizeof(u64) == 0, "totals are u64 fields");
  for (u64 i = 0; i < sizeof *totals / sizeof(u64); i++) {
    u64 sum, term;
    __builtin_memcpy(&sum, (u8 *)totals + i * sizeof sum, sizeof sum);
    __builtin_memcpy(&term, (const u8 *)more + i * sizeof term, sizeof term);
    sum += term;
    __builtin_memcpy((u8 *)totals + i * sizeof sum, &sum, sizeof sum);
  }
  totals->depth_max = depth_max;
}

static f64 ratio(u64 part, u64 whole) { return whole == 0 ? 0 : (f64)part / (f64)whole; }

/* For 0 <= x <= 1, to the last bits: Newton from above falls until it no longer does. */
static f64 square_root(f64 x) {
  if (!(x > 0)) return 0;
  f64 root = 1;
  for (;;) {
    const f64 next = 0.5 * (root + x / root);
    if (next >= root) return root;
    root = next;
  }
}

/* Over problems where each was closed (k samples of one problem are not independent), else over responses. */
static f64 standard_error(const struct countdown_totals *totals) {
  const f64 mean = ratio(totals->correct, totals->responses);
  const bool by_problem = totals->problems > 1 && totals->problem_samples == totals->responses;
  if (!by_problem) return totals->responses == 0 ? 0 : square_root(mean * (1 - mean) / (f64)totals->responses);
  const f64 n = (f64)totals->problems;
  const f64 k = (f64)totals->problem_samples / n;
  const f64 mean_square = (f64)totals->problem_correct_squared / (k * k * n);
  return square_root((mean_square - mean * mean) / (n - 1));
}

void countdown_rates(const struct countdown_totals *totals, struct countdown_rates *rates) {
  const struct countdown_totals *t = totals;
  const u64 oks = t->ok_true + t->ok_false, noes = t->no_true + t->no_false;
  *rates = (struct countdown_rates){
      .pass_at_1 = ratio(t->correct, t->responses),
      .stderr_pass = standard_error(t),
      .pass_at_k = t->problems > 0 ? ratio(t->problems_solved, t->problems) : ratio(t->correct, t->responses),
      .first_correct = ratio(t->first_correct, t->responses),
      .any_correct = ratio(t->any_correct, t->responses),
      .no_answer = ratio(t->no_answer, t->responses),
      .mean_length = ratio(t->tokens, t->responses),
      .mean_attempts = ratio(t->attempts, t->responses),
      .depth1_share = ratio(t->depth1, t->responses),
      .depth2_share = ratio(t->depth2, t->responses),
      .sound_depth1_share = ratio(t->depth_sound1, t->responses),
      .sound_depth2_share = ratio(t->depth_sound2, t->responses),
      .emergent_share = ratio(t->emergent, t->responses),
      .distinct_ratio = ratio(t->multi_distinct_q32, t->multi) * 0x1p-32,
      .check_precision = ratio(t->ok_true, oks),
      .check_recall = ratio(t->ok_true, t->ok_true + t->no_false),
      .no_precision = ratio(t->no_true, noes),
      .check_rate = ratio(oks + noes, t->attempts),
      .retry_rate = ratio(t->failures_retried, t->failures),
      .no_retry_rate = ratio(t->noes_retried, noes),
      .overthinking = ratio(t->successes_continued, t->successes),
      .arithmetic_errors = ratio(t->steps_wrong, t->steps),
      .illegal_attempts = ratio(t->attempts_illegal, t->attempts),
      .repetition = ratio(t->grams_repeated, t->grams),
      .eos_rate = ratio(t->ended, t->responses),
      .clip_rate = ratio(t->responses - t->ended, t->responses),
  };
}
