/* What a run writes about itself: rows of metrics and samples that any JSON reader takes, cut back on resume;
 * summary.json; report.html, whole and escaped whatever the files hold. */
#define _GNU_SOURCE

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/report/progress.h"
#include "engine/report/report.h"
#include "engine/report/run_log.h"
#include "engine/report/summary.h"
#include "engine/text/json.h"

static char folder[64];
static char line[RUN_LOG_LINE_BYTES];
static char text[8u << 20];
static struct json_token tokens[65536];
static u8 memory[REPORT_MEMORY_BYTES];

static int folder_make(void **state) {
  (void)state;
  strcpy(folder, "/dev/shm/rlsp-report-XXXXXX");
  if (mkdtemp(folder) != NULL) return 0;
  strcpy(folder, "/tmp/rlsp-report-XXXXXX");
  return mkdtemp(folder) == NULL;
}

static int folder_remove(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  if (getenv("RLSP_TEST_KEEP") != NULL) return 0; /* to look at the report */
  return files_remove_tree(&files, folder, NULL) != STATUS_OK;
}

static u64 read_file(const char *name) {
  char path[PATH_BYTES_MAX];
  u64 bytes;
  struct error error;
  assert_int_equal(files_path(path, folder, name, &error), STATUS_OK);
  assert_int_equal(files_read_whole(path, text, sizeof text, &bytes, &error), STATUS_OK);
  return bytes;
}

static void write_file(const char *name, const char *content) {
  char path[PATH_BYTES_MAX];
  struct files files = {.changes = 0};
  assert_int_equal(files_path(path, folder, name, NULL), STATUS_OK);
  assert_int_equal(files_replace(&files, path, content, strlen(content), NULL), STATUS_OK);
}

static struct json parse(const char *from, u64 bytes) {
  struct json json;
  u64 at;
  const char *const wrong = json_parse(&json, from, bytes, tokens, COUNT_OF(tokens), &at);
  if (wrong != NULL) print_error("JSON %s at %u in %.*s\n", wrong, (unsigned)at, (int)bytes, from);
  assert_null(wrong);
  assert_false(json_has_duplicates(&json, 0));
  return json;
}

static void open_log(struct run_log *log, struct files *files, u64 metrics_bytes, u64 samples_bytes) {
  struct error error;
  assert_int_equal(run_log_open(log, files, folder, metrics_bytes, samples_bytes, line, sizeof line, &error),
                   STATUS_OK);
}

/* ---- rows ---- */

static void test_metric_row(void **state) {
  (void)state;
  static const f64 values[] = {
      0, 1, -1, 0.1, 1.0 / 3, 1e-300, 1.7976931348623157e308, 5e-324, 123456789012345680.0, (f64)0.1f, 2e-4};
  struct files files = {.changes = 0};
  struct run_log log;
  struct error error;
  open_log(&log, &files, 0, 0);
  for (u32 i = 0; i < COUNT_OF(values); i++) {
    struct metrics metrics;
    metrics_clear(&metrics);
    metrics_set(&metrics, METRIC_KL, values[i]);
    metrics_set(&metrics, METRIC_ENTROPY, (f64)NAN);
    metrics_set(&metrics, METRIC_ACCURACY, (f64)-INFINITY);
    assert_int_equal(run_log_metrics(&log, PHASE_PPO, i, &metrics, &error), STATUS_OK);
  }
  run_log_close(&log);
  const u64 bytes = read_file("metrics.jsonl");
  assert_int_equal(bytes, log.metrics_bytes);
  const char *at = text;
  for (u32 i = 0; i < COUNT_OF(values); i++) {
    const char *const end = strchr(at, '\n');
    const struct json row = parse(at, (u64)(end - at));
    f64 value;
    u64 step;
    assert_true(json_equals(&row, json_find(&row, 0, "phase"), "ppo"));
    assert_true(json_u64(&row, json_find(&row, 0, "step"), &step) && step == i);
    assert_true(json_number(&row, json_find(&row, 0, "objective/kl"), &value));
    assert_memory_equal(&value, &values[i], sizeof value); /* to the bit */
    assert_true(json_is(&row, json_find(&row, 0, "objective/entropy"), JSON_NULL));
    assert_true(json_is(&row, json_find(&row, 0, "accuracy"), JSON_NULL));
    assert_int_equal(json_find(&row, 0, "lr"), JSON_NONE);
    at = end + 1;
  }
  assert_int_equal(*at, 0);
}

static void test_metric_names(void **state) {
  (void)state;
  for (u32 i = 0; i < METRIC_COUNT; i++) {
    assert_true(strlen(metric_name((enum metric)i)) > 1 && strlen(metric_doc((enum metric)i)) > 5);
    for (u32 k = 0; k < i; k++) assert_string_not_equal(metric_name((enum metric)i), metric_name((enum metric)k));
  }
}

static void test_sample_escapes(void **state) {
  (void)state;
  static const char prompt[] = "a \"quote\" \\ and \n\t\x01\x7f \xc3\xa9 \xf0\x9f\x98\x80 bad \xff\xc3 end";
  const struct sample_attempt attempt = {.begin = 1, .end = 4, .legal = true, .right = false, .said = SAID_NO};
  const struct sample_reward rewards[] = {{"correctness", 1}, {"length", -0.5}};
  const struct sample sample = {.phase = PHASE_PPO,
                                .step = 3,
                                .index = 5,
                                .prompt = prompt,
                                .response = "0123456",
                                .tokens = 7,
                                .correct = true,
                                .attempts = &attempt,
                                .attempt_count = 1,
                                .rewards = rewards,
                                .reward_count = 2};
  struct files files = {.changes = 0};
  struct run_log log;
  struct error error;
  open_log(&log, &files, 0, 0);
  assert_int_equal(run_log_sample(&log, &sample, &error), STATUS_OK);
  run_log_close(&log);
  const u64 bytes = read_file("samples.jsonl");
  const struct json row = parse(text, bytes);
  char back[128];
  json_text(&row, json_find(&row, 0, "prompt"), back, sizeof back);
  assert_string_equal(back,
                      "a \"quote\" \\ and \n\t\x01\x7f \xc3\xa9 \xf0\x9f\x98\x80 bad \xef\xbf\xbd\xef\xbf\xbd end");
  f64 value;
  assert_true(json_number(&row, json_find(&row, json_find(&row, 0, "rewards"), "length"), &value) && value == -0.5);
  const u32 first = json_find(&row, 0, "attempts") + 1;
  assert_true(json_is(&row, json_find(&row, first, "legal"), JSON_TRUE));
  assert_true(json_is(&row, json_find(&row, first, "right"), JSON_FALSE));
  assert_true(json_equals(&row, json_find(&row, first, "said"), "NO"));
  assert_int_equal(json_find(&row, 0, "text_cut"), JSON_NONE);
}

/* A response larger than the line is cut at a whole character, and says so. */
static void test_sample_too_long(void **state) {
  (void)state;
  static char response[3 * RUN_LOG_LINE_BYTES + 1];
  for (u32 i = 0; i < sizeof response - 1; i += 3) memcpy(response + i, "\xe2\x82\xac", 3);
  const struct sample_attempt attempts[] = {{.begin = 0, .end = 3}, {.begin = 3, .end = sizeof response - 1}};
  const struct sample sample = {.prompt = "p", .response = response, .attempts = attempts, .attempt_count = 2};
  struct files files = {.changes = 0};
  struct run_log log;
  struct error error;
  open_log(&log, &files, 0, 0);
  assert_int_equal(run_log_sample(&log, &sample, &error), STATUS_OK);
  run_log_close(&log);
  const struct json row = parse(text, read_file("samples.jsonl"));
  assert_true(json_is(&row, json_find(&row, 0, "text_cut"), JSON_TRUE));
  assert_int_equal(row.tokens[json_find(&row, 0, "attempts")].count, 1);
  const struct json_token *const cut = &row.tokens[json_find(&row, 0, "response")];
  assert_true(cut->end - cut->begin > 1000 && (cut->end - cut->begin) % 3 == 0);
  assert_null(strstr(text, "\xef\xbf\xbd"));
}

/* ---- resume ---- */

static void log_steps(struct run_log *log, u64 first, u64 last) {
  struct error error;
  for (u64 step = first; step <= last; step++) {
    struct metrics metrics;
    metrics_clear(&metrics);
    metrics_set(&metrics, METRIC_LOSS_SFT, 1.0 / (f64)step);
    const struct sample sample = {.step = step, .prompt = "p", .response = "r"};
    assert_int_equal(run_log_metrics(log, PHASE_SFT, step, &metrics, &error), STATUS_OK);
    assert_int_equal(run_log_sample(log, &sample, &error), STATUS_OK);
    if (step % 7 == 0) assert_int_equal(run_log_warning(log, PHASE_SFT, step, "sft.lr", "seven", &error), STATUS_OK);
  }
}

static void test_resume_cuts_back(void **state) {
  (void)state;
  static char whole[sizeof text];
  struct files files = {.changes = 0};
  struct run_log log;
  struct error error;
  open_log(&log, &files, 0, 0);
  log_steps(&log, 1, 20);
  run_log_close(&log);
  const u64 whole_bytes = read_file("metrics.jsonl");
  memcpy(whole, text, whole_bytes + 1);

  open_log(&log, &files, 0, 0); /* a fresh start empties both */
  log_steps(&log, 1, 10);
  assert_int_equal(run_log_sync(&log, &error), STATUS_OK);
  const u64 metrics_bytes = log.metrics_bytes, samples_bytes = log.samples_bytes;
  log_steps(&log, 11, 15);
  assert_int_equal(files_write(&files, &log.metrics, "{\"phase\":\"sf", 12, &error),
                   STATUS_OK); /* killed half-way through a line */
  run_log_close(&log);

  open_log(&log, &files, metrics_bytes, samples_bytes);
  assert_false(log.lost);
  assert_int_equal(run_log_resumed(&log, PHASE_SFT, 10, &error), STATUS_OK);
  log_steps(&log, 11, 20);
  run_log_close(&log);
  assert_int_equal(read_file("metrics.jsonl"), whole_bytes);
  assert_string_equal(text, whole);

  /* a power cut took the end of the file: what is left ends with a whole line, and the run goes on */
  char path[PATH_BYTES_MAX];
  assert_int_equal(files_path(path, folder, "metrics.jsonl", &error), STATUS_OK);
  assert_int_equal(truncate(path, (off_t)metrics_bytes / 2), 0);
  open_log(&log, &files, metrics_bytes, samples_bytes);
  assert_true(log.lost);
  log_steps(&log, 11, 11);
  run_log_close(&log);
  const u64 bytes = read_file("metrics.jsonl");
  for (const char *at = text; at < text + bytes; at = strchr(at, '\n') + 1) parse(at, (u64)(strchr(at, '\n') - at));
}

static void test_log_faults(void **state) {
  (void)state;
  struct error error;
  for (u64 nth = 1; nth <= 5; nth++) {
    struct files files = {.fault = {.kind = FILES_FAULT_NO_SPACE, .nth = nth, .lasting = true}};
    struct run_log log;
    struct metrics metrics;
    metrics_clear(&metrics);
    enum status status = run_log_open(&log, &files, folder, 0, 0, line, sizeof line, &error);
    if (status == STATUS_OK) status = run_log_metrics(&log, PHASE_SFT, 1, &metrics, &error);
    if (status == STATUS_OK) status = run_log_sync(&log, &error);
    assert_int_equal(status, STATUS_FAILED);
    run_log_close(&log);
  }
}

/* ---- progress ---- */

/* What goes to standard output while `steps` steps are shown. */
static u64 shown_in_a_pipe(bool quiet, char *out, u64 capacity) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  fflush(stdout);
  const int standard = dup(1);
  assert_int_equal(dup2(ends[1], 1), 1);
  struct progress progress;
  struct metrics metrics;
  metrics_clear(&metrics);
  metrics_set(&metrics, METRIC_LOSS_SFT, 1.25);
  metrics_set(&metrics, METRIC_PERF_TOKENS, 12345);
  progress_begin(&progress, quiet);
  progress_phase(&progress, PHASE_SFT, 0, 20);
  for (u64 step = 1; step <= 20; step++) progress_step(&progress, step, step % 10 == 0 ? &metrics : NULL);
  progress_note(&progress, "%s %d", "a note", 7);
  progress_end(&progress);
  assert_int_equal(dup2(standard, 1), 1);
  close(standard);
  close(ends[1]);
  const ssize_t got = read(ends[0], out, capacity - 1);
  close(ends[0]);
  assert_true(got >= 0);
  out[got] = 0;
  return (u64)got;
}

static void test_progress_in_a_pipe(void **state) {
  (void)state;
  char out[4096];
  shown_in_a_pipe(false, out, sizeof out);
  u32 lines = 0;
  for (const char *at = out; *at != 0; at++) lines += *at == '\n';
  assert_int_equal(lines, 3); /* two logged steps and a note; no control characters */
  for (const char *at = out; *at != 0; at++) assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7f));
  assert_non_null(strstr(out, "sft     10/20  loss 1.2500  12.3k tokens/s  left "));
  assert_non_null(strstr(out, "sft     20/20  loss 1.2500  12.3k tokens/s\na note 7\n"));
  assert_int_equal(shown_in_a_pipe(true, out, sizeof out), 0);
}

/* ---- summary and report ---- */

static void fill_summary(struct run_summary *summary) {
  *summary = (struct run_summary){.finished = true,
                                  .weights_hash = 0x0123456789abcdef,
                                  .config_hash = 42,
                                  .seed = 7,
                                  .threads = 2,
                                  .device = "cpu <&> \"x\"",
                                  .driver = "avx2",
                                  .numerics = "exact",
                                  .version = "0.1.0",
                                  .sft_steps = 1500,
                                  .ppo_iterations = 70,
                                  .parameters = 620032,
                                  .eval_count = 2,
                                  .sft_seconds = 312.5,
                                  .ppo_seconds = 205,
                                  .eval_seconds = 9.25,
                                  .total_seconds = 530,
                                  .sft_tokens_per_second = 41234,
                                  .host_bytes = 64u << 20,
                                  .device_bytes = 300u << 20};
  summary->evals[0] = (struct summary_eval){.phase = "sft",
                                            .problems = 1000,
                                            .samples = 1,
                                            .pass_at_1 = 0.178,
                                            .stderr_pass = 0.012,
                                            .first_attempt = 0.177,
                                            .mean_length = 12.6,
                                            .mean_attempts = 1.01,
                                            .depth2_share = 0,
                                            .distinct_ratio = (f64)NAN,
                                            .check_precision = 0.78};
  summary->evals[1] = (struct summary_eval){.phase = "rlsp",
                                            .problems = 1000,
                                            .samples = 1,
                                            .pass_at_1 = 0.395,
                                            .stderr_pass = 0.015,
                                            .first_attempt = 0.272,
                                            .mean_length = 22.8,
                                            .mean_attempts = 1.75,
                                            .depth2_share = 0.09,
                                            .distinct_ratio = 0.92,
                                            .check_precision = 0.70};
}

static void fill_plan(struct plan *plan) {
  static const struct {
    const char *arena, *region, *phase;
    u64 bytes;
  } rows[] = {{"device", "weights", "always", 90u << 20},        {"device", "optimizer", "always", 60u << 20},
              {"device", "kv_cache", "rollout", 100u << 20},     {"device", "records", "rollout", 10u << 20},
              {"device", "activations", "training", 120u << 20}, {"device", "gradients", "training", 30u << 20},
              {"device", "weights", "always", 1u << 20},         {"host", "staging", "always", 4u << 20}};
  plan->count = COUNT_OF(rows);
  for (u32 i = 0; i < COUNT_OF(rows); i++)
    plan->rows[i] = (struct plan_row){
        .arena = rows[i].arena, .region = rows[i].region, .phase = rows[i].phase, .bytes = rows[i].bytes};
}

static void test_summary(void **state) {
  (void)state;
  static struct run_summary summary;
  static struct plan plan;
  static char buffer[SUMMARY_BYTES_MAX];
  struct files files = {.changes = 0};
  struct run_log log;
  struct error error;
  bool finished = true;
  assert_int_equal(summary_finished(folder, buffer, sizeof buffer, &finished, &error), STATUS_OK);
  assert_false(finished);
  fill_summary(&summary);
  fill_plan(&plan);
  summary_memory_add(&summary, &plan);
  assert_int_equal(summary.memory_count, 7);
  assert_true(summary.memory[0].bytes == 91u << 20);
  open_log(&log, &files, 0, 0);
  for (u64 step = 1; step <= 300; step++) assert_int_equal(run_log_resumed(&log, PHASE_PPO, step, &error), STATUS_OK);
  run_log_close(&log);
  assert_int_equal(summary_write(&files, folder, &summary, buffer, sizeof buffer, &error), STATUS_OK);
  const struct json json = parse(text, read_file("summary.json"));
  assert_true(json_equals(&json, json_find(&json, 0, "weights_hash"), "0123456789abcdef"));
  assert_true(json_equals(&json, json_find(&json, 0, "config_hash"), "000000000000002a"));
  assert_true(json_equals(&json, json_find(&json, 0, "device"), "cpu <&> \"x\""));
  const u32 evals = json_find(&json, 0, "evals"), sft = json_find(&json, evals, "sft"),
            list = json_find(&json, 0, "resumed_from");
  f64 value;
  u64 count;
  assert_true(json_number(&json, json_find(&json, json_find(&json, evals, "rlsp"), "pass_at_1"), &value) &&
              value == 0.395);
  assert_true(json_is(&json, json_find(&json, sft, "distinct_ratio"), JSON_NULL));
  assert_true(json_u64(&json, json_find(&json, 0, "steps"), &count) && count == 1570);
  assert_true(json_u64(&json, json_find(&json, 0, "allocations_after_freeze"), &count) && count == 0);
  assert_true(json.tokens[list].count > 50); /* the newest of them */
  u32 last = list;
  for (u32 i = list + 1; i < json.tokens[list].next; i = json.tokens[i].next) last = i;
  assert_true(json_u64(&json, json_find(&json, last, "step"), &count) && count == 300);
  assert_int_equal(summary_finished(folder, buffer, sizeof buffer, &finished, &error), STATUS_OK);
  assert_true(finished);
  write_file("summary.json", "{\"finished\": true");
  assert_int_equal(summary_finished(folder, buffer, sizeof buffer, &finished, &error), STATUS_DAMAGED);
}

/* Every tag that opens closes, in order; attributes are quoted; nothing is fetched. */
static void expect_well_formed(const char *html) {
  static char open[64][16];
  u32 depth = 0;
  assert_memory_equal(html, "<!DOCTYPE html>", 15);
  for (const char *at = html + 15; (at = strchr(at, '<')) != NULL;) {
    const char *const end = strchr(at, '>');
    assert_non_null(end);
    const bool closes = at[1] == '/';
    char name[16] = "";
    sscanf(at + 1 + closes, "%15[a-z0-9]", name);
    assert_true(name[0] != 0);
    u32 quotes = 0;
    for (const char *c = at; c < end; c++) quotes += *c == '"';
    assert_int_equal(quotes % 2, 0);
    if (closes) {
      assert_true(depth > 0);
      assert_string_equal(open[--depth], name);
    } else if (end[-1] != '/') {
      assert_true(depth < COUNT_OF(open));
      strcpy(open[depth++], name);
    }
    at = end;
  }
  assert_int_equal(depth, 0);
  static const char *const fetched[] = {"http:", "https:", "src=", "@import", "url(", "<script", "<link"};
  for (u32 i = 0; i < COUNT_OF(fetched); i++) assert_null(strstr(html, fetched[i]));
}

static u64 write_report(void) {
  struct files files = {.changes = 0};
  struct error error = {.text = ""};
  const enum status status = report_write(&files, folder, memory, sizeof memory, &error);
  if (status != STATUS_OK) print_error("%s: %s\n", error.place, error.text);
  assert_int_equal(status, STATUS_OK);
  const u64 bytes = read_file("report.html");
  expect_well_formed(text);
  return bytes;
}

static f64 wobble(u64 step, u64 salt) {
  u64 z = (step * 0x9E3779B97F4A7C15ull) ^ (salt * 0xBF58476D1CE4E5B9ull);
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ z >> 27) * 0x94D049BB133111EBull;
  return (f64)(z >> 40) / (f64)(1u << 24) - 0.5;
}

static void log_run(struct run_log *log, u64 sft_steps, u64 iterations) {
  struct error error;
  struct metrics metrics;
  for (u64 step = 10; step <= sft_steps; step += 10) {
    metrics_clear(&metrics);
    metrics_set(&metrics, METRIC_LOSS_SFT, 0.6 + 4 / (1 + (f64)step / 40) + 0.05 * wobble(step, 1));
    metrics_set(&metrics, METRIC_GRAD_NORM, 1 + 0.3 * wobble(step, 2));
    assert_int_equal(run_log_metrics(log, PHASE_SFT, step, &metrics, &error), STATUS_OK);
  }
  for (u64 step = 1; step <= iterations; step++) {
    const f64 t = (f64)step / (f64)iterations;
    static const struct {
      enum metric metric;
      f64 from, to, noise;
    } curves[] = {{METRIC_ACCURACY, .17, .4, .05},
                  {METRIC_LENGTH_MEAN, 12.5, 23, 1.5},
                  {METRIC_REWARD_CORRECTNESS_MEAN, .1, .38, .06},
                  {METRIC_REWARD_LENGTH_MEAN, -2.1, -1.1, .1},
                  {METRIC_KL, 0, 5.2, .3},
                  {METRIC_ENTROPY, .9, .55, .05},
                  {METRIC_ATTEMPTS, 1, 1.8, .1},
                  {METRIC_DEPTH2_SHARE, 0, .1, .01},
                  {METRIC_RETRY_RATE, .01, .5, .05},
                  {METRIC_CHECK_PRECISION, .78, .7, .06},
                  {METRIC_DISTINCT_RATIO, .9, .92, .05},
                  {METRIC_CLIPPED_RATIO, 0, .004, .002},
                  {METRIC_NO_ANSWER, .05, .01, .01},
                  {METRIC_EXPLAINED_CORRECTNESS, -.2, .45, .1},
                  {METRIC_EXPLAINED_LENGTH, .1, .8, .1},
                  {METRIC_CLIP_FRACTION, .02, .05, .02},
                  {METRIC_APPROX_KL, .001, .004, .001},
                  {METRIC_LOSS_POLICY, -.01, -.02, .01},
                  {METRIC_LOSS_VALUE, .3, .1, .05},
                  {METRIC_GRAD_NORM, .5, .9, .2},
                  {METRIC_CRITIC_GRAD_NORM, 2, 1, .4}};
    metrics_clear(&metrics);
    for (u32 i = 0; i < COUNT_OF(curves); i++)
      metrics_set(&metrics, curves[i].metric,
                  curves[i].from + (curves[i].to - curves[i].from) * t + curves[i].noise * wobble(step, i));
    assert_int_equal(run_log_metrics(log, PHASE_PPO, step, &metrics, &error), STATUS_OK);
    for (u64 i = 0; i < 3; i++) {
      const struct sample_attempt attempts[] = {
          {.begin = 0, .end = 25, .legal = true, .said = SAID_NO},
          {.begin = 34, .end = 58, .legal = i != 1, .right = i == 0, .said = SAID_OK}};
      const struct sample_reward rewards[] = {{"correctness", i == 0}, {"length", -26.0 / 28}};
      const struct sample sample = {.phase = PHASE_PPO,
                                    .step = step,
                                    .index = i,
                                    .prompt = "7 3 <12> : 24",
                                    .tokens = 28,
                                    .correct = i == 0,
                                    .response = "7 + 3 = 10 , 10 + 12 = 22 NO BACK 12 - 7 = 5 , 5 * 3 = 15 OK",
                                    .attempts = attempts,
                                    .attempt_count = 2,
                                    .rewards = rewards,
                                    .reward_count = 2,
                                    .kl = 2.5};
      assert_int_equal(run_log_sample(log, &sample, &error), STATUS_OK);
    }
  }
}

static void test_report(void **state) {
  (void)state;
  static struct run_summary summary;
  static struct plan plan;
  static char buffer[SUMMARY_BYTES_MAX];
  struct files files = {.changes = 0};
  struct run_log log;
  struct error error;
  open_log(&log, &files, 0, 0);
  log_run(&log, 1500, 70);
  assert_int_equal(
      run_log_warning(&log, PHASE_PPO, 12, "reward.length.c", "length <doubled> in 5 iterations & \"more\"", &error),
      STATUS_OK);
  assert_int_equal(run_log_warning(&log, PHASE_PPO, 13, "reward.length.c", "length doubled again", &error), STATUS_OK);
  assert_int_equal(run_log_resumed(&log, PHASE_PPO, 40, &error), STATUS_OK);
  run_log_close(&log);
  write_file("config.ini", "[run]\nseed = 7 ; <b>not markup</b>\n");
  write_file("plan.txt", "name shape\n<plan> & rows\n");
  fill_summary(&summary);
  fill_plan(&plan);
  summary_memory_add(&summary, &plan);
  assert_int_equal(summary_write(&files, folder, &summary, buffer, sizeof buffer, &error), STATUS_OK);
  const u64 bytes = write_report();
  assert_true(bytes > 20000 && bytes < 600000);
  static const char *const wanted[] = {"0123456789abcdef",
                                       "17.8 %",
                                       "39.5 %",
                                       "&#177; 1.5",
                                       "Accuracy",
                                       "SFT loss",
                                       "rewards/length/mean",
                                       "kv_cache",
                                       "&lt;b&gt;not markup",
                                       "&lt;plan&gt; &amp; rows",
                                       "length &lt;doubled&gt;",
                                       "2 times",
                                       "cpu &lt;&amp;&gt; &quot;x&quot;",
                                       "7 3 &lt;12&gt; : 24",
                                       "said OK, falsely",
                                       "resumed from",
                                       "step 70"};
  for (u32 i = 0; i < COUNT_OF(wanted); i++) {
    if (strstr(text, wanted[i]) == NULL) print_error("the report lacks %s\n", wanted[i]);
    assert_non_null(strstr(text, wanted[i]));
  }
  /* the same files, the same bytes */
  static char before[sizeof text];
  memcpy(before, text, bytes + 1);
  assert_int_equal(write_report(), bytes);
  assert_memory_equal(before, text, bytes);
}

/* A long run is thinned: the page does not grow with it, and a spike stays visible. */
static void test_report_of_a_long_run(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  struct run_log log;
  open_log(&log, &files, 0, 0);
  log_run(&log, 0, 700);
  run_log_close(&log);
  const u64 once = write_report();
  open_log(&log, &files, 0, 0);
  log_run(&log, 0, 5000);
  run_log_close(&log);
  const u64 long_run = write_report();
  assert_true(long_run < once + once / 2 && long_run < 1500000);
  assert_non_null(strstr(text, "class=\"spread"));
}

/* Nothing, or rubbish, in the folder still gives a page. */
static void test_report_of_rubbish(void **state) {
  (void)state;
  write_report();
  write_file(
      "metrics.jsonl",
      "not json\n{\"phase\":\"ppo\"}\n[]\n{\"phase\":\"ppo\",\"step\":1,\"accuracy\":1e999,\"objective/kl\":\"x\"}\n"
      "{\"phase\":\"ppo\",\"step\":1,\"accuracy\":0.5}\n{\"phase\":\"ppo\",\"step\":1e9}\n\xff\xfe\n\n{\"half");
  write_file("samples.jsonl",
             "{}\n{\"attempts\":[{\"begin\":5,\"end\":2},{\"begin\":0,\"end\":99999999999},7],\"response\":\"<x>\"}\n"
             "{\"response\":3,\"attempts\":{\"a\":1},\"rewards\":[1],\"prompt\":{}}\nnull\n");
  write_file("summary.json",
             "{\"evals\":{\"sft\":3,\"x\":{\"pass_at_1\":\"<\"}},\"memory\":[1,{\"arena\":\"device\",\"bytes\":-5}],"
             "\"device_bytes\":1e300,\"seconds\":{\"sft\":1e308},\"resumed_from\":[1,[]],\"device\":[{}]}");
  write_file("config.ini", "\xff\xfe\x01<\n");
  write_report();
  assert_non_null(strstr(text, "could not be read"));
  write_file("summary.json", "{");
  write_report();
}

static void test_report_faults(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  struct run_log log;
  struct error error;
  open_log(&log, &files, 0, 0);
  log_run(&log, 0, 100);
  run_log_close(&log);
  write_report();
  bool clean = false;
  for (u64 nth = 1; !clean; nth++) {
    files.fault = (struct files_fault){.kind = FILES_FAULT_NO_SPACE, .nth = nth};
    const enum status status = report_write(&files, folder, memory, sizeof memory, &error);
    clean = status == STATUS_OK;
    assert_int_equal(status, clean ? STATUS_OK : STATUS_FAILED);
    read_file("report.html");
    expect_well_formed(text);
    char path[PATH_BYTES_MAX];
    assert_int_equal(files_path(path, folder, "report.html.tmp", NULL), STATUS_OK);
    assert_false(files_exists(path));
    assert_true(nth < 100);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define EACH(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)
      EACH(test_metric_row),
      EACH(test_metric_names),
      EACH(test_sample_escapes),
      EACH(test_sample_too_long),
      EACH(test_resume_cuts_back),
      EACH(test_log_faults),
      EACH(test_summary),
      EACH(test_report),
      EACH(test_report_of_a_long_run),
      EACH(test_progress_in_a_pipe),
      EACH(test_report_of_rubbish),
      EACH(test_report_faults),
  };
  return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
