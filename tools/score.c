/* rlsp score: verdicts on pairs of gold and answer, over the CPU's threads, a block of lines at a time. The same lines out for any number of threads. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/check.h"
#include "platform/clock.h"
#include "platform/device.h"
#include "platform/memory.h"
#include "platform/workers.h"
#include "tools/commands.h"
#include "tools/score_rows.h"

#define CHUNK_BYTES (32u << 20) /* of input at once: also the longest line */
#define ROWS_MAX 512u           /* of a block */

struct score {
  struct config config;
  struct verifiers verifiers;
  struct verdict_counts counts;
  struct arena host;
  struct score_row rows[ROWS_MAX];
  u32 row_count;
  u64 lines; /* read so far */
  char *chunk, *out, *forms;
  u64 chunk_bytes, at; /* in it; of these, the first that is no row yet */
  struct json_token *tokens;
  u32 workers;
  FILE *input, *output;
  const char *input_name, *output_name;
  bool ended;
};

/* ---- opening ---- */

static void place(struct score *score) {
  struct verifiers_settings settings;
  verifiers_settings_from(&settings, &score->config);
  verifiers_place(&score->verifiers, &settings, score->workers, &score->host);
  arena_label(&score->host, "score", "always");
  score->chunk = arena_take_pointer(&score->host, "score.chunk", DTYPE_U8, CHUNK_BYTES, 0, 0, 0);
  score->out = arena_take_pointer(&score->host, "score.out", DTYPE_U8, ROWS_MAX, SCORE_LINE_BYTES, 0, 0);
  score->forms = arena_take_pointer(&score->host, "score.forms", DTYPE_U8, score->workers, 2u * SCORE_FORM_BYTES, 0, 0);
  score->tokens = arena_take_pointer(&score->host, "score.tokens", DTYPE_U8, score->workers, SCORE_TOKENS_MAX,
                                     sizeof *score->tokens, 0);
}

static enum status read_config(const struct invocation *invocation, struct config *config, struct error *error) {
  config_defaults(config);
  config->reward_correctness_verifier = VERIFIER_MATH;
  if (invocation->operand == NULL) return STATUS_OK;
  const enum status status = invocation_config(invocation, config, error);
  if (status != STATUS_OK || verifier_way((enum verifier)config->reward_correctness_verifier) == VERIFIER_BY_TEXT)
    return status;
  return status_fail(error, STATUS_USAGE, "reward.correctness.verifier",
                     "this verifier does not go by texts; score takes math, exact or regex: add "
                     "reward.correctness.verifier=math");
}

static enum status open_file(const char *name, const char *mode, FILE *standard, FILE **file, struct error *error) {
  const bool named = name != NULL && strcmp(name, "-") != 0;
  *file = named ? fopen(name, mode) : standard;
  if (*file != NULL) return STATUS_OK;
  return status_fail(error, STATUS_USAGE, name, "cannot be opened: %s; give another path", strerror(errno));
}

static enum status open_memory(struct score *score, void **base, u64 *bytes, struct error *error) {
  arena_open(&score->host, "host", 0, NULL);
  place(score);
  *bytes = score->host.high;
  const enum status status = host_memory_reserve(*bytes, base, error);
  if (status != STATUS_OK) return status;
  arena_open(&score->host, "host", 0, NULL);
  score->host.base = *base;
  score->host.limit = *bytes;
  place(score);
  arena_freeze(&score->host);
  return STATUS_OK;
}

/* ---- blocks ---- */

/* More input behind what is left of the last one. */
static enum status fill_chunk(struct score *score, struct error *error) {
  score->chunk_bytes -= score->at;
  memmove(score->chunk, score->chunk + score->at, score->chunk_bytes);
  score->at = 0;
  if (score->chunk_bytes == CHUNK_BYTES)
    return status_fail(error, STATUS_DAMAGED, score->input_name, "line %llu is longer than %u bytes; split it",
                       (unsigned long long)score->lines + 1, CHUNK_BYTES);
  const u64 got = fread(score->chunk + score->chunk_bytes, 1, CHUNK_BYTES - score->chunk_bytes, score->input);
  score->chunk_bytes += got;
  score->ended = got == 0;
  if (got == 0 && ferror(score->input))
    return status_fail(error, STATUS_FAILED, score->input_name, "cannot be read: %s; give another --input",
                       strerror(errno));
  return STATUS_OK;
}

static bool is_blank(const char *line, u64 bytes) {
  for (u64 i = 0; i < bytes; i++) {
    if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') return false;
  }
  return true;
}

/* Rows of whole lines, as many as there are. */
static void cut_rows(struct score *score) {
  score->row_count = 0;
  while (score->at < score->chunk_bytes && score->row_count < ROWS_MAX) {
    char *line = score->chunk + score->at;
    const u64 rest = score->chunk_bytes - score->at;
    const char *end = memchr(line, '\n', rest);
    if (end == NULL && !score->ended) return;
    const u64 bytes = end != NULL ? (u64)(end - line) : rest;
    score->at += end != NULL ? bytes + 1 : bytes;
    score->lines++;
    if (is_blank(line, bytes)) continue;
    struct score_row *row = &score->rows[score->row_count];
    *row = (struct score_row){.line = line, .bytes = bytes, .number = score->lines};
    row->out = score->out + (u64)score->row_count++ * SCORE_LINE_BYTES;
  }
}

static void ask(void *context, u32 worker, u32 index, struct verifier_question *question) {
  struct score *score = context;
  score_row_ask(&score->rows[index], score->tokens + (u64)worker * SCORE_TOKENS_MAX, question);
}

static void tell(void *context, struct verifier_worker *worker, u32 index, const struct verifier_question *question,
                 struct judgement judgement) {
  struct score *score = context;
  const u64 number = (u64)(worker - score->verifiers.workers);
  (void)question;
  score_row_tell(&score->rows[index], &score->verifiers, worker, judgement,
                 score->forms + number * 2 * SCORE_FORM_BYTES);
}

static enum status write_rows(struct score *score, struct error *error) {
  for (u32 r = 0; r < score->row_count; r++) {
    const struct score_row *row = &score->rows[r];
    char place_text[320];
    snprintf(place_text, sizeof place_text, "%s:%llu", score->input_name, (unsigned long long)row->number);
    if (row->wrong != NULL)
      return status_fail(
          error, STATUS_DAMAGED, place_text,
          "the line %s, at its byte %llu; every line is an object with a gold and an answer or a completion",
          row->wrong, (unsigned long long)row->wrong_at + 1);
    CHECK(row->out_bytes > 0, "a line of output does not fit");
    verdict_counts_add(&score->counts, row->judgement);
    if (fwrite(row->out, 1, row->out_bytes, score->output) != row->out_bytes || fputc('\n', score->output) == EOF)
      return status_fail(error, STATUS_FAILED, score->output_name, "cannot be written: %s; give another --output",
                         strerror(errno));
  }
  return STATUS_OK;
}

static enum status score_all(struct score *score, struct error *error) {
  const struct verifiers_batch batch = {.ask = ask, .tell = tell, .context = score};
  enum status status = STATUS_OK;
  while (status == STATUS_OK) {
    cut_rows(score);
    if (score->row_count > 0) {
      verifiers_judge_all(&score->verifiers, &batch, score->row_count);
      status = write_rows(score, error);
    } else if (score->ended) {
      return STATUS_OK;
    } else {
      status = fill_chunk(score, error);
    }
  }
  return status;
}

/* ---- what it came to ---- */

static void print_counts(const struct score *score, f64 seconds) {
  const struct verdict_counts *c = &score->counts;
  const u64 none = c->responses - c->correct - c->wrong - c->undecided;
  const f64 share = c->responses > 0 ? (f64)c->undecided / (f64)c->responses : 0;
  fprintf(stderr, "%llu pairs: %llu right, %llu wrong, %llu undecided, %llu without an answer",
          (unsigned long long)c->responses, (unsigned long long)c->correct, (unsigned long long)c->wrong,
          (unsigned long long)c->undecided, (unsigned long long)none);
  const char *separator = " (";
  for (u32 kind = 0; kind < ANSWER_KIND_COUNT; kind++) {
    if (c->no_answer[kind] == 0) continue;
    fprintf(stderr, "%s%s %llu", separator, answer_kind_word((enum answer_kind)kind),
            (unsigned long long)c->no_answer[kind]);
    separator = ", ";
  }
  fprintf(stderr, "%s; %.2f s\n", none > 0 ? ")" : "", seconds);
  if (share > score->config.reward_correctness_undecided_warn)
    fprintf(stderr, "rlsp: warning: %.1f%% undecided, above reward.correctness.undecided_warn = %g\n", 100 * share,
            score->config.reward_correctness_undecided_warn);
}

static void close_score(struct score *score, void *base, u64 bytes) {
  if (score->input != NULL && score->input != stdin) fclose(score->input);
  if (score->output != NULL && score->output != stdout) fclose(score->output);
  verifiers_close(&score->verifiers);
  workers_close();
  host_memory_release(base, bytes);
}

static enum status finish_output(struct score *score, struct error *error) {
  if (fflush(score->output) == 0) return STATUS_OK;
  return status_fail(error, STATUS_FAILED, score->output_name, "cannot be written: %s; give another --output",
                     strerror(errno));
}

/* Opening the output would empty the input. */
static enum status check_not_input(const struct score *score, const char *output, struct error *error) {
  struct stat in, out;
  if (output == NULL || strcmp(output, "-") == 0 || stat(output, &out) != 0) return STATUS_OK;
  if (fstat(fileno(score->input), &in) != 0 || in.st_dev != out.st_dev || in.st_ino != out.st_ino) return STATUS_OK;
  if (!S_ISREG(out.st_mode)) return STATUS_OK;
  return status_fail(error, STATUS_USAGE, output, "is the input too; give another --output");
}

enum status command_score(const struct invocation *invocation, struct error *error) {
  static struct score score; /* large */
  const char *input = invocation_option(invocation, "input"), *output = invocation_option(invocation, "output");
  void *base = NULL;
  u64 bytes = 0;
  memset(&score, 0, sizeof score);
  score.input_name = input != NULL && strcmp(input, "-") != 0 ? input : "standard input";
  score.output_name = output != NULL && strcmp(output, "-") != 0 ? output : "standard output";
  enum status status = read_config(invocation, &score.config, error);
  const u32 threads = cpu_threads((u32)score.config.run_threads);
  score.workers = threads < WORKERS_MAX ? threads : WORKERS_MAX;
  if (status == STATUS_OK) status = open_file(input, "rb", stdin, &score.input, error);
  if (status == STATUS_OK) status = open_memory(&score, &base, &bytes, error);
  if (status == STATUS_OK) status = workers_open(score.workers, error);
  if (status == STATUS_OK) status = verifiers_open(&score.verifiers, error);
  if (status == STATUS_OK) status = check_not_input(&score, output, error);
  if (status == STATUS_OK) status = open_file(output, "wb", stdout, &score.output, error);
  const u64 begin_ns = clock_monotonic_ns();
  if (status == STATUS_OK) status = score_all(&score, error);
  if (status == STATUS_OK) status = finish_output(&score, error);
  if (status == STATUS_OK) print_counts(&score, (f64)(clock_monotonic_ns() - begin_ns) * 1e-9);
  close_score(&score, base, bytes);
  return status;
}
