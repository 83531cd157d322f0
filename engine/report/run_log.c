#include "engine/report/run_log.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/text/json_write.h"

#define LINE_BYTES_MIN (16u << 10)

/* Where a file lost its end to a power cut, what is left ends with a whole line. */
static enum status whole_lines(struct run_log *log, const char *path, u64 *bytes, struct error *error) {
  struct file file;
  enum status status = files_open_read(&file, path, error);
  for (u64 end = *bytes; status == STATUS_OK && end > 0;) {
    const u64 now = end < log->line_bytes ? end : log->line_bytes;
    status = files_read(&file, end - now, log->line, now, error);
    u64 at = now;
    while (at > 0 && log->line[at - 1] != '\n') at--;
    end -= now - at;
    *bytes = end;
    if (at > 0) break;
  }
  files_close(&file);
  return status;
}

static enum status open_at(struct run_log *log, struct file *file, const char *name, u64 *bytes, struct error *error) {
  char path[PATH_BYTES_MAX];
  u64 size = 0;
  enum status status = files_path(path, log->folder, name, error);
  if (status == STATUS_OK) status = files_open_append(log->files, file, path, error);
  if (status == STATUS_OK) status = files_size(file, &size, error);
  if (status != STATUS_OK) return status;
  if (size < *bytes) {
    log->lost = true;
    *bytes = size;
    status = whole_lines(log, path, bytes, error);
  }
  if (status == STATUS_OK && size > *bytes) status = files_truncate(log->files, file, *bytes, error);
  return status;
}

enum status run_log_open(struct run_log *log, struct files *files, const char *run_folder, u64 metrics_bytes,
                         u64 samples_bytes, char *line, u64 line_bytes, struct error *error) {
  CHECK(line_bytes >= LINE_BYTES_MIN, "a line of %llu bytes is too short", (unsigned long long)line_bytes);
  *log = (struct run_log){.files = files,
                          .metrics_bytes = metrics_bytes,
                          .samples_bytes = samples_bytes,
                          .line = line,
                          .line_bytes = line_bytes};
  files_none(&log->metrics);
  files_none(&log->samples);
  if (snprintf(log->folder, sizeof log->folder, "%s", run_folder) >= (int)sizeof log->folder)
    return status_fail(error, STATUS_USAGE, run_folder, "the path is too long; choose a shorter run.dir");
  const enum status status = open_at(log, &log->metrics, "metrics.jsonl", &log->metrics_bytes, error);
  return status == STATUS_OK ? open_at(log, &log->samples, "samples.jsonl", &log->samples_bytes, error) : status;
}

void run_log_close(struct run_log *log) {
  files_close(&log->metrics);
  files_close(&log->samples);
}

static void begin_row(struct json_writer *writer, struct run_log *log, enum run_phase phase, u64 step) {
  const char *const name = phase_name(phase);
  json_begin(writer, log->line, log->line_bytes - 1); /* room for the newline */
  json_open(writer, '{');
  json_key(writer, "phase");
  json_put_text(writer, name, strlen(name));
  json_key(writer, "step");
  json_put_u64(writer, step);
}

static enum status end_row(struct run_log *log, struct json_writer *writer, struct file *file, u64 *total,
                           struct error *error) {
  json_close(writer, '}');
  CHECK(!writer->overflow, "a row does not fit its line of %llu bytes", (unsigned long long)log->line_bytes);
  log->line[writer->bytes] = '\n';
  const enum status status = files_write(log->files, file, log->line, writer->bytes + 1, error);
  if (status == STATUS_OK) *total += writer->bytes + 1;
  return status;
}

enum status run_log_metrics(struct run_log *log, enum run_phase phase, u64 step, const struct metrics *metrics,
                            struct error *error) {
  struct json_writer writer;
  begin_row(&writer, log, phase, step);
  for (u32 i = 0; i < METRIC_COUNT; i++) {
    if (!metrics->set[i]) continue;
    json_key(&writer, metric_name((enum metric)i));
    json_put_f64(&writer, metrics->values[i]);
  }
  return end_row(log, &writer, &log->metrics, &log->metrics_bytes, error);
}

enum status run_log_warning(struct run_log *log, enum run_phase phase, u64 step, const char *key, const char *text,
                            struct error *error) {
  struct json_writer writer;
  begin_row(&writer, log, phase, step);
  json_key(&writer, "warning");
  json_put_text(&writer, text, strnlen(text, 1024));
  json_key(&writer, "key");
  json_put_text(&writer, key, strnlen(key, 128));
  return end_row(log, &writer, &log->metrics, &log->metrics_bytes, error);
}

static void put_attempts(struct json_writer *writer, const struct sample *sample, u32 response_bytes) {
  static const char *const said[] = {"", "OK", "NO"};
  json_key(writer, "attempts");
  json_open(writer, '[');
  for (u32 i = 0; i < sample->attempt_count && i < SAMPLE_ATTEMPTS_MAX; i++) {
    const struct sample_attempt *const attempt = &sample->attempts[i];
    if (attempt->end > response_bytes) break; /* its text was cut */
    json_open(writer, '{');
    json_key(writer, "begin");
    json_put_u64(writer, attempt->begin);
    json_key(writer, "end");
    json_put_u64(writer, attempt->end);
    json_key(writer, "legal");
    json_put_bool(writer, attempt->legal);
    json_key(writer, "right");
    json_put_bool(writer, attempt->right);
    json_key(writer, "said");
    json_put_text(writer, said[attempt->said], strlen(said[attempt->said]));
    json_close(writer, '}');
  }
  json_close(writer, ']');
}

/* At most `limit` bytes of a text, and no half character. */
static u64 cut_bytes(const char *text, u64 limit) {
  u64 bytes = strnlen(text, limit);
  if (bytes < limit) return bytes;
  while (bytes > 0 && ((u8)text[bytes] & 0xc0) == 0x80) bytes--;
  return bytes;
}

static void put_sample(struct json_writer *writer, struct run_log *log, const struct sample *sample,
                       u64 text_bytes_max) {
  const u64 prompt_bytes = cut_bytes(sample->prompt, text_bytes_max),
            response_bytes = cut_bytes(sample->response, text_bytes_max);
  begin_row(writer, log, sample->phase, sample->step);
  json_key(writer, "index");
  json_put_u64(writer, sample->index);
  json_key(writer, "prompt");
  json_put_text(writer, sample->prompt, prompt_bytes);
  json_key(writer, "response");
  json_put_text(writer, sample->response, response_bytes);
  json_key(writer, "tokens");
  json_put_u64(writer, sample->tokens);
  json_key(writer, "correct");
  json_put_bool(writer, sample->correct);
  json_key(writer, "cut");
  json_put_bool(writer, sample->cut);
  if (sample->response[response_bytes] != 0 || sample->prompt[prompt_bytes] != 0) {
    json_key(writer, "text_cut"); /* here, not by response_max */
    json_put_bool(writer, true);
  }
  if (sample->kl != 0) { /* 0 = not measured */
    json_key(writer, "kl");
    json_put_f64(writer, sample->kl);
  }
  json_key(writer, "rewards");
  json_open(writer, '{');
  for (u32 i = 0; i < sample->reward_count; i++) {
    json_key(writer, sample->rewards[i].name);
    json_put_f64(writer, sample->rewards[i].value);
  }
  json_close(writer, '}');
  put_attempts(writer, sample, (u32)response_bytes);
}

enum status run_log_sample(struct run_log *log, const struct sample *sample, struct error *error) {
  struct json_writer writer;
  put_sample(&writer, log, sample, UINT32_MAX);
  /* a byte takes at most 6 in JSON; two texts, and room for the rest of the row */
  if (writer.overflow || writer.capacity - writer.bytes < 2)
    put_sample(&writer, log, sample, (log->line_bytes - 8192) / 12);
  return end_row(log, &writer, &log->samples, &log->samples_bytes, error);
}

enum status run_log_resumed(struct run_log *log, enum run_phase phase, u64 step, struct error *error) {
  char path[PATH_BYTES_MAX];
  struct file file;
  u64 total = 0;
  files_none(&file);
  enum status status = files_path(path, log->folder, "resumed.jsonl", error);
  if (status == STATUS_OK) status = files_open_append(log->files, &file, path, error);
  struct json_writer writer;
  begin_row(&writer, log, phase, step);
  if (status == STATUS_OK) status = end_row(log, &writer, &file, &total, error);
  if (status == STATUS_OK) status = files_sync(log->files, &file, error);
  files_close(&file);
  return status;
}

enum status run_log_sync(struct run_log *log, struct error *error) {
  const enum status status = files_sync(log->files, &log->metrics, error);
  return status == STATUS_OK ? files_sync(log->files, &log->samples, error) : status;
}
