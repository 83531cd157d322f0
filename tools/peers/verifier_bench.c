/* Verdicts of rows from JSON Lines files, one thread: how many pairs a second, the slowest single verdict, and each verdict in a line.
 *
 *   usage: verifier_bench ROUNDS OUTPUT LEVEL=FILE...      LEVEL: answers, boxes, modes (tests/verifier_grader.h); math, normal
 *          verifier_bench ROUNDS OUTPUT hostile            the tests' bombs and pairs, and each bomb against itself
 *
 * A row of MATH gives two pairs: its answer against its solution (extracted from, as a completion would be), and against the next row's solution. A row of
 * "normal" is what a peer's normaliser maps onto what. A pair's time holds extraction from both texts and the verdict; reading the file does not count. OUTPUT:
 * "FILE:LINE<tab>verdict<tab>reason<tab>microseconds". Called by: verifier_side_by_side.sh. Owns: its memory. Fails: with a message. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/verifier_bombs.h"
#include "tests/verifier_grader.h"
#include "tests/verifier_pairs.h"

struct job {
  char name[160];
  char *gold, *answer;
  const char *gold_order, *answer_order;
  bool needs_segment;
  struct verifier_options options;
  u64 best_ns; /* its fastest round: what the machine did besides is not in it */
};

#define JOBS_MAX 65536u
static struct job jobs[JOBS_MAX];
static u32 job_count;
static struct verifier_rig rig;
static struct rows rows;
static struct grader_pair pair;

static char *copy(const char *text) {
  char *out = malloc(strlen(text) + 1);
  if (out == NULL || job_count == JOBS_MAX) {
    fprintf(stderr, "verifier_bench: too much\n");
    exit(1);
  }
  memcpy(out, text, strlen(text) + 1);
  return out;
}

/* Two answers as they stand. */
static void add_pair(const char *gold, const char *answer) {
  struct job *job = &jobs[job_count];
  *job = (struct job){.gold = copy(gold), .answer = copy(answer), .gold_order = "whole", .answer_order = "whole"};
  snprintf(job->name, sizeof job->name, "%.60s ~~ %.60s", gold, answer);
  job_count++;
}

static void add_math(const char *path) {
  char *first = NULL, *last_gold = NULL;
  char last_name[160] = "";
  while (rows_next(&rows)) {
    rows_text(&rows, "answer", pair.gold_text);
    rows_text(&rows, "solution", pair.answer_text);
    struct job job = {.gold = copy(pair.gold_text),
                      .answer = copy(pair.answer_text),
                      .gold_order = "whole",
                      .answer_order = "box, math"};
    snprintf(job.name, sizeof job.name, "%s:%u", path, rows.line);
    if (first == NULL) first = job.answer;
    jobs[job_count++] = job;
    if (last_gold != NULL) {
      struct job other = job;
      other.gold = last_gold;
      snprintf(other.name, sizeof other.name, "%.150s+next", last_name);
      jobs[job_count++] = other;
    }
    last_gold = job.gold;
    memcpy(last_name, job.name, sizeof last_name);
  }
}

static void add_rows(const char *path, enum grader_level level) {
  while (rows_next(&rows)) {
    grader_prepare(&rows, level, &pair);
    struct job job = {.gold = copy(pair.gold_text), .answer = copy(pair.answer_text), .options = pair.options};
    job.gold_order = pair.gold_order, job.answer_order = pair.answer_order, job.needs_segment = pair.needs_segment;
    snprintf(job.name, sizeof job.name, "%s:%u", path, rows.line);
    jobs[job_count++] = job;
  }
}

static void add_normal(const char *path) {
  while (rows_next(&rows)) {
    rows_text(&rows, "expected", pair.gold_text);
    rows_text(&rows, "raw", pair.answer_text);
    struct job *job = &jobs[job_count];
    add_pair(pair.gold_text, pair.answer_text);
    snprintf(job->name, sizeof job->name, "%s:%u", path, rows.line);
  }
}

/* Each bomb against a small number, both ways, and against itself; the tests' own pairs, those with options too. */
static void add_hostile(void) {
  static const u32 counts[] = {10, 64, 65, 400, 10000};
  static struct pairs pairs;
  const char *const *const lists[] = {bomb_towers, bomb_provable};
  for (u32 list = 0; list < COUNT_OF(lists); list++) {
    for (u32 i = 0; lists[list][i] != NULL; i++) {
      add_pair(lists[list][i], "5");
      add_pair("5", lists[list][i]);
      add_pair(lists[list][i], lists[list][i]);
    }
  }
  for (u32 i = 0; bomb_nests[i][0] != NULL; i++) {
    for (u32 k = 0; k < COUNT_OF(counts); k++) {
      char *text = bomb_nest(bomb_nests[i], counts[k]);
      add_pair(text, "77");
      add_pair(text, text);
      jobs[job_count - 1].answer_order = "box, phrase, hashes, math, number, letter, whole";
      free(text);
    }
  }
  for (u32 i = 0; bomb_heavy[i][0] != NULL; i++) {
    add_pair(bomb_heavy[i][0], bomb_heavy[i][1]);
    add_pair(bomb_heavy[i][0], bomb_heavy[i][0]);
  }
  pairs_open(&pairs);
  for (u32 i = 0; i < pairs.count; i++) {
    add_pair(pairs.rows[i].gold, pairs.rows[i].answer);
    jobs[job_count - 1].options = pairs.rows[i].options;
  }
  pairs_close(&pairs);
}

static void add_file(const char *word) {
  static const char *const levels[] = {"answers", "boxes", "modes"};
  if (strcmp(word, "hostile") == 0) {
    add_hostile();
    return;
  }
  const char *path = strchr(word, '=');
  if (path == NULL || !rows_open(&rows, path + 1)) {
    fprintf(stderr, "verifier_bench: cannot read %s\n", word);
    exit(2);
  }
  const char *name = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path + 1;
  if (strncmp(word, "math=", 5) == 0) add_math(name);
  if (strncmp(word, "normal=", 7) == 0) add_normal(name);
  for (u32 i = 0; i < COUNT_OF(levels); i++) {
    if (strncmp(word, levels[i], strlen(levels[i])) == 0) add_rows(name, (enum grader_level)i);
  }
  rows_close(&rows);
}

static u64 now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (u64)time.tv_sec * 1000000000u + (u64)time.tv_nsec;
}

static struct verifier_verdict do_job(const struct job *job) {
  grader_extract(job->gold_order, false, job->gold, &pair.gold);
  grader_extract(job->answer_order, job->needs_segment, job->answer, &pair.answer);
  pair.options = job->options;
  return grader_decide(&rig, &pair);
}

int main(int argc, char **argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: %s ROUNDS OUTPUT LEVEL=FILE...\n", argv[0]);
    return 2;
  }
  const int rounds = atoi(argv[1]);
  for (int i = 3; i < argc; i++) add_file(argv[i]);
  verifier_rig_open(&rig);
  u64 longest = 0, all = 0;
  for (int round = 0; round < rounds; round++) {
    for (u32 i = 0; i < job_count; i++) {
      const u64 began = now_ns();
      (void)do_job(&jobs[i]);
      const u64 took = now_ns() - began;
      all += took;
      if (longest < took) longest = took;
      if (round == 0 || took < jobs[i].best_ns) jobs[i].best_ns = took;
    }
  }
  const struct job *slowest = &jobs[0];
  for (u32 i = 1; i < job_count; i++) slowest = jobs[i].best_ns > slowest->best_ns ? &jobs[i] : slowest;
  FILE *output = fopen(argv[2], "w");
  if (output == NULL) {
    perror(argv[2]);
    return 1;
  }
  for (u32 i = 0; i < job_count; i++) {
    const struct verifier_verdict verdict = do_job(&jobs[i]);
    fprintf(output, "%s\t%s\t%s\t%.1f\n", jobs[i].name, decision_word(verdict.decision),
            verifier_reason_text(verdict.reason), (f64)jobs[i].best_ns * 1e-3);
  }
  fclose(output);
  printf(
      "rlsp         %8u pairs  %12.0f pairs/s  slowest %.3f ms (%s; longest of all %.3f ms)  most steps %llu of %u\n",
      job_count, (f64)job_count * rounds / ((f64)all * 1e-9), (f64)slowest->best_ns * 1e-6, slowest->name,
      (f64)longest * 1e-6, (unsigned long long)rig.steps_max, VERIFIER_STEPS_MAX);
  verifier_rig_close(&rig);
  return 0;
}
