/* Golds against themselves, and against seeded perturbations of themselves that change the mathematics or keep it. The golds are those of MATH, GSM8K and
 * AIME where ../shared/data is there, and those of tests/verifier_pairs.txt everywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verifier_grader.h"
#include "tests/verifier_pairs.h"
#include "tests/verifier_perturb.h"

#define DATA "../shared/data/"
#define SEED 20240229u
#define PERTURBATIONS 20000u
#define GOLDS_MAX 32768u

static struct verifier_rig rig;
static struct rows rows;
static struct pairs pairs;
static char text[ROW_TEXT_MAX];

struct golds {
  char *texts[GOLDS_MAX];
  u32 count, missing;
};
static struct golds ours, theirs;

struct gold_file {
  const char *path, *key, *order; /* how the gold is found in the text under key */
};
/* MATH's training file has its `answer`s normalised beyond repair (\begin{pmatrix}1\2\end{pmatrix}): the box of the solution is the gold. */
static const struct gold_file gold_files[] = {
    {DATA "math/math500.jsonl", "answer", "whole"}, {DATA "math/train_12k.jsonl", "solution", "box"},
    {DATA "gsm8k/test.jsonl", "answer", "hashes"},  {DATA "gsm8k/train.jsonl", "answer", "hashes"},
    {DATA "aime/aime24.jsonl", "answer", "whole"},  {DATA "aime/aime_1983_2023.jsonl", "answer", "whole"}};

static void keep(struct golds *golds, const char *gold, u64 size) {
  if (golds->count == GOLDS_MAX) return;
  char *copy = malloc(size + 1);
  assert_non_null(copy);
  memcpy(copy, gold, size);
  copy[size] = 0;
  golds->texts[golds->count++] = copy;
}

static u32 read_golds(const struct gold_file *file) {
  u32 count = 0;
  while (rows_next(&rows)) {
    struct answer answer;
    count++;
    const bool there = rows_text(&rows, file->key, text);
    if (there) grader_extract(file->order, false, text, &answer);
    if (there && answer.kind == ANSWER_KIND_FOUND)
      keep(&theirs, answer.text, answer.size);
    else
      printf("# %s:%u: no gold (%s)\n", file->path, rows.line, there ? answer_kind_word(answer.kind) : "no text"),
          theirs.missing++;
  }
  return count;
}

static void public_golds_against_themselves(void **state) {
  (void)state;
  u32 all = 0, all_right = 0, all_wrong = 0;
  for (u32 f = 0; f < COUNT_OF(gold_files); f++) {
    if (!rows_open(&rows, gold_files[f].path)) {
      print_message("skipped: no %s\n", gold_files[f].path);
      skip();
    }
    const u32 from = theirs.count, count = read_golds(&gold_files[f]);
    rows_close(&rows);
    u32 right = 0, wrong = 0, again = 0;
    for (u32 i = from; i < theirs.count; i++) {
      const struct verifier_options none = {0};
      const u64 size = strlen(theirs.texts[i]);
      const struct verifier_verdict verdict =
          verifier_rig_decide(&rig, none, theirs.texts[i], size, theirs.texts[i], size);
      right += verdict.decision == DECISION_RIGHT, wrong += verdict.decision == DECISION_WRONG;
      if (verdict.decision != DECISION_RIGHT) verifier_rig_tell("gold", theirs.texts[i], "", &verdict);
      if (verifier_rig_idempotent(&rig)) continue;
      again++;
      verifier_rig_tell("not idempotent", theirs.texts[i], "", &verdict);
    }
    printf("# %-40s %5u golds: %5u right, %3u wrong, %u with a normal form that is not its own\n", gold_files[f].path,
           count, right, wrong, again);
    assert_int_equal(again, 0);
    all += count, all_right += right, all_wrong += wrong;
  }
  printf("# golds against themselves: %u of %u right\n", all_right, all);
  assert_int_equal(all_wrong, 0);
  assert_true((u64)all_right * 1000 >= (u64)all * 995);
}

/* ---- perturbations ---- */

struct tally {
  u32 tried, decisions[3];
};

static const char *pick(struct random_stream *random, const struct golds *golds) {
  const char *gold = golds->texts[random_below(random, golds->count)];
  for (u32 i = 0; i < 2 && perturb_digit(gold[strlen(gold) - 1]) && strspn(gold, "0123456789") == strlen(gold); i++) {
    gold = golds->texts[random_below(random, golds->count)]; /* bare integers are most of them: fewer here */
  }
  return gold;
}

/* Rules take turns, so that each has its share; `bad` is what must not happen. */
static struct tally run(const struct golds *golds, const struct perturbation *rules, u32 rule_count, u32 count,
                        enum decision good, enum decision bad) {
  static struct perturbed perturbed;
  static struct tally by_rule[64];
  struct tally all = {0};
  memset(by_rule, 0, sizeof by_rule);
  struct random_stream random;
  random_open(&random, SEED, RANDOM_TEST, good);
  u32 told = 0;
  for (u32 turn = 0; all.tried < count && turn < 2 * count; turn++) {
    const u32 rule = turn % rule_count;
    bool applied = false;
    for (u32 tries = 0; tries < 4096 && !applied; tries++) {
      applied = perturb(&rules[rule], &random, pick(&random, golds), &perturbed);
    }
    if (!applied) continue;
    const struct verifier_options none = {0};
    const struct verifier_verdict verdict =
        verifier_rig_decide(&rig, none, perturbed.gold, perturbed.gold_size, perturbed.answer, perturbed.answer_size);
    all.tried++, all.decisions[verdict.decision]++;
    by_rule[rule].tried++, by_rule[rule].decisions[verdict.decision]++;
    if (verdict.decision == bad || (verdict.decision != good && good == DECISION_RIGHT && told++ < 400)) {
      verifier_rig_tell(rules[rule].name, perturbed.gold, perturbed.answer, &verdict);
    }
  }
  for (u32 i = 0; i < rule_count; i++) {
    printf("# %-20s %5u: %5u right, %5u undecided, %5u wrong\n", rules[i].name, by_rule[i].tried,
           by_rule[i].decisions[DECISION_RIGHT], by_rule[i].decisions[DECISION_UNDECIDED],
           by_rule[i].decisions[DECISION_WRONG]);
  }
  return all;
}

static void changed(const struct golds *golds, u32 count) {
  const struct tally tally =
      run(golds, perturbations_changing, perturbations_changing_count, count, DECISION_WRONG, DECISION_RIGHT);
  printf("# changed mathematics: %u right of %u (%u wrong)\n", tally.decisions[DECISION_RIGHT], tally.tried,
         tally.decisions[DECISION_WRONG]);
  assert_int_equal(tally.tried, count);
  assert_int_equal(tally.decisions[DECISION_RIGHT], 0);
}

static void kept(const struct golds *golds, u32 count) {
  const struct tally tally =
      run(golds, perturbations_keeping, perturbations_keeping_count, count, DECISION_RIGHT, DECISION_WRONG);
  printf("# kept mathematics: %u right of %u, %u wrong\n", tally.decisions[DECISION_RIGHT], tally.tried,
         tally.decisions[DECISION_WRONG]);
  assert_int_equal(tally.tried, count);
  assert_int_equal(tally.decisions[DECISION_WRONG], 0);
  assert_true((u64)tally.decisions[DECISION_RIGHT] * 100 >= (u64)tally.tried * 98);
}

static void changes_of_our_golds(void **state) {
  (void)state;
  changed(&ours, PERTURBATIONS / 10);
}

static void spellings_of_our_golds(void **state) {
  (void)state;
  kept(&ours, PERTURBATIONS / 10);
}

static void changes_of_public_golds(void **state) {
  (void)state;
  if (theirs.count == 0) {
    print_message("skipped: no ../shared/data\n");
    skip();
  }
  changed(&theirs, PERTURBATIONS);
}

static void spellings_of_public_golds(void **state) {
  (void)state;
  if (theirs.count == 0) {
    print_message("skipped: no ../shared/data\n");
    skip();
  }
  kept(&theirs, PERTURBATIONS);
}

static int open_all(void **state) {
  (void)state;
  verifier_rig_open(&rig);
  pairs_open(&pairs);
  for (u32 i = 0; i < pairs.count; i++) {
    const struct pair *pair = &pairs.rows[i];
    /* What a phantom hides may change, and is no mathematics. */
    if (pair->label == LABEL_RIGHT && strpbrk(pair->gold, "$\xc2\xe2\xcf") == NULL &&
        strstr(pair->gold, "\\phantom") == NULL)
      keep(&ours, pair->gold, strlen(pair->gold));
  }
  return 0;
}

static int close_all(void **state) {
  (void)state;
  for (u32 i = 0; i < ours.count; i++) free(ours.texts[i]);
  for (u32 i = 0; i < theirs.count; i++) free(theirs.texts[i]);
  pairs_close(&pairs);
  verifier_rig_close(&rig);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(public_golds_against_themselves),
                                     cmocka_unit_test(changes_of_our_golds), cmocka_unit_test(spellings_of_our_golds),
                                     cmocka_unit_test(changes_of_public_golds),
                                     cmocka_unit_test(spellings_of_public_golds)};
  return cmocka_run_group_tests(tests, open_all, close_all);
}
