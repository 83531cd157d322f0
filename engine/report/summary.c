#include "engine/report/summary.h"

#include <string.h>

#include "engine/check.h"
#include "engine/text/json.h"
#include "engine/text/json_write.h"

/* 64 attempts at recovery are quoted; a run killed more often has its newest here and all in resumed.jsonl. */
#define RESUMES_BYTES_MAX 4096u

static void put_string(struct json_writer *writer, const char *key, const char *text) {
  json_put_newline(writer);
  json_key(writer, key);
  json_put_text(writer, text, strlen(text));
}

static void put_count(struct json_writer *writer, const char *key, u64 value) {
  json_put_newline(writer);
  json_key(writer, key);
  json_put_u64(writer, value);
}

static void put_hash(struct json_writer *writer, const char *key, u64 value) {
  json_put_newline(writer);
  json_key(writer, key);
  json_put_hex(writer, value);
}

static void put_real(struct json_writer *writer, const char *key, f64 value) {
  json_key(writer, key);
  json_put_f64(writer, value);
}

static void put_eval(struct json_writer *writer, const struct summary_eval *eval) {
  json_put_newline(writer);
  json_key(writer, eval->phase);
  json_open(writer, '{');
  put_real(writer, "pass_at_1", eval->pass_at_1);
  put_real(writer, "stderr", eval->stderr_pass);
  put_real(writer, "first_attempt", eval->first_attempt);
  put_real(writer, "mean_length", eval->mean_length);
  put_real(writer, "mean_attempts", eval->mean_attempts);
  put_real(writer, "depth2_share", eval->depth2_share);
  put_real(writer, "distinct_ratio", eval->distinct_ratio);
  put_real(writer, "check_precision", eval->check_precision);
  put_real(writer, "clipped_ratio", eval->clipped_ratio);
  put_real(writer, "undecided", eval->undecided);
  json_key(writer, "problems");
  json_put_u64(writer, eval->problems);
  json_key(writer, "samples");
  json_put_u64(writer, eval->samples);
  json_close(writer, '}');
}

static void put_memory(struct json_writer *writer, const struct run_summary *summary) {
  put_count(writer, "host_bytes", summary->host_bytes);
  put_count(writer, "device_bytes", summary->device_bytes);
  json_put_newline(writer);
  json_key(writer, "memory");
  json_open(writer, '[');
  for (u32 i = 0; i < summary->memory_count; i++) {
    const struct summary_memory *const row = &summary->memory[i];
    json_put_newline(writer);
    json_open(writer, '{');
    json_key(writer, "arena");
    json_put_text(writer, row->arena, strlen(row->arena));
    json_key(writer, "region");
    json_put_text(writer, row->region, strlen(row->region));
    json_key(writer, "phase");
    json_put_text(writer, row->phase, strlen(row->phase));
    json_key(writer, "bytes");
    json_put_u64(writer, row->bytes);
    json_close(writer, '}');
  }
  json_close(writer, ']');
}

/* The last RESUMES_BYTES_MAX of RUNDIR/resumed.jsonl, whole lines, as a list. A file that is not there is no resume. */
static enum status put_resumes(struct json_writer *writer, const char *run_folder, struct error *error) {
  char path[PATH_BYTES_MAX], text[RESUMES_BYTES_MAX];
  json_put_newline(writer);
  json_key(writer, "resumed_from");
  json_open(writer, '[');
  enum status status = files_path(path, run_folder, "resumed.jsonl", error);
  if (status != STATUS_OK || !files_exists(path)) {
    json_close(writer, ']');
    return status;
  }
  struct file file;
  u64 size = 0;
  status = files_open_read(&file, path, error);
  if (status == STATUS_OK) status = files_size(&file, &size, error);
  const u64 bytes = size < sizeof text ? size : sizeof text;
  if (status == STATUS_OK) status = files_read(&file, size - bytes, text, bytes, error);
  files_close(&file);
  if (status != STATUS_OK) return status;
  u64 begin = 0;
  while (begin < bytes && size > bytes && text[begin++] != '\n') {
  }
  while (begin < bytes) {
    const char *const end = memchr(text + begin, '\n', bytes - begin);
    const u64 line_bytes = end == NULL ? bytes - begin : (u64)(end - text) - begin;
    struct json_token tokens[8];
    struct json json;
    u64 at, step;
    char phase[16];
    const bool good = json_parse(&json, text + begin, line_bytes, tokens, COUNT_OF(tokens), &at) == NULL &&
                      json_u64(&json, json_find(&json, 0, "step"), &step);
    if (good) { /* half a line, after a power cut, is no resume */
      const u64 phase_bytes = json_text(&json, json_find(&json, 0, "phase"), phase, sizeof phase);
      json_open(writer, '{');
      json_key(writer, "phase");
      json_put_text(writer, phase, phase_bytes < sizeof phase ? phase_bytes : strlen(phase));
      json_key(writer, "step");
      json_put_u64(writer, step);
      json_close(writer, '}');
    }
    begin += line_bytes + 1;
  }
  json_close(writer, ']');
  return STATUS_OK;
}

static void put_times(struct json_writer *writer, const struct run_summary *summary) {
  json_put_newline(writer);
  json_key(writer, "seconds");
  json_open(writer, '{');
  put_real(writer, "sft", summary->sft_seconds);
  put_real(writer, "ppo", summary->ppo_seconds);
  put_real(writer, "eval", summary->eval_seconds);
  put_real(writer, "total", summary->total_seconds);
  json_close(writer, '}');
  json_put_newline(writer);
  json_key(writer, "tokens_per_second");
  json_open(writer, '{');
  put_real(writer, "sft", summary->sft_tokens_per_second);
  put_real(writer, "rollout", summary->rollout_tokens_per_second);
  put_real(writer, "ppo", summary->ppo_tokens_per_second);
  json_close(writer, '}');
}

static void put_vulkan(struct json_writer *writer, const struct device_report *vulkan) {
  json_put_newline(writer);
  json_key(writer, "vulkan");
  json_open(writer, '{');
  put_count(writer, "submits", vulkan->submits);
  json_put_newline(writer);
  put_real(writer, "submit_ms_p50", (f64)vulkan->submit_p50_ns * 1e-6);
  put_real(writer, "submit_ms_p99", (f64)vulkan->submit_p99_ns * 1e-6);
  put_real(writer, "submit_ms_max", (f64)vulkan->submit_max_ns * 1e-6);
  put_count(writer, "pipelines", vulkan->pipelines);
  json_put_newline(writer);
  put_real(writer, "pipeline_seconds", (f64)vulkan->pipelines_ns * 1e-9);
  json_key(writer, "pipelines_cached");
  json_put_bool(writer, vulkan->pipelines_cached);
  put_count(writer, "command_buffers", vulkan->segments);
  put_count(writer, "dispatches", vulkan->dispatches);
  put_count(writer, "barriers", vulkan->barriers);
  put_count(writer, "driver_memory_bytes", vulkan->driver_bytes);
  json_close(writer, '}');
}

void summary_memory_add(struct run_summary *summary, const struct plan *plan) {
  for (u32 i = 0; i < plan->count; i++) {
    const struct plan_row *const row = &plan->rows[i];
    u32 at = 0;
    while (at < summary->memory_count &&
           (strcmp(summary->memory[at].arena, row->arena) != 0 ||
            strcmp(summary->memory[at].region, row->region) != 0 || strcmp(summary->memory[at].phase, row->phase) != 0))
      at++;
    if (at == SUMMARY_MEMORY_MAX)
      summary->memory[--at].region = "other";
    else if (at == summary->memory_count)
      summary->memory[summary->memory_count++] = (struct summary_memory){row->arena, row->region, row->phase, 0};
    summary->memory[at].bytes += row->bytes;
  }
}

enum status summary_write(struct files *files, const char *run_folder, const struct run_summary *summary, char *buffer,
                          u64 buffer_bytes, struct error *error) {
  struct json_writer writer;
  json_begin(&writer, buffer, buffer_bytes);
  json_open(&writer, '{');
  json_put_newline(&writer);
  json_key(&writer, "finished");
  json_put_bool(&writer, summary->finished);
  put_string(&writer, "version", summary->version);
  put_hash(&writer, "weights_hash", summary->weights_hash);
  put_hash(&writer, "config_hash", summary->config_hash);
  put_count(&writer, "seed", summary->seed);
  put_string(&writer, "device", summary->device);
  put_string(&writer, "driver", summary->driver);
  put_string(&writer, "numerics", summary->numerics);
  put_count(&writer, "threads", summary->threads);
  put_count(&writer, "parameters", summary->parameters);
  put_count(&writer, "steps", summary->sft_steps + summary->ppo_iterations);
  put_count(&writer, "sft_steps", summary->sft_steps);
  put_count(&writer, "ppo_iterations", summary->ppo_iterations);
  enum status status = put_resumes(&writer, run_folder, error);
  if (status != STATUS_OK) return status;
  json_put_newline(&writer);
  json_key(&writer, "evals");
  json_open(&writer, '{');
  for (u32 i = 0; i < summary->eval_count; i++) put_eval(&writer, &summary->evals[i]);
  json_close(&writer, '}');
  put_times(&writer, summary);
  put_memory(&writer, summary);
  put_count(&writer, "allocations_after_freeze", summary->allocations_after_freeze);
  put_count(&writer, "driver_allocations_after_freeze", summary->driver_allocations);
  if (summary->vulkan.pipelines > 0) put_vulkan(&writer, &summary->vulkan);
  json_put_newline(&writer);
  json_close(&writer, '}');
  CHECK(!writer.overflow && writer.bytes < buffer_bytes, "summary.json does not fit %llu bytes",
        (unsigned long long)buffer_bytes);
  buffer[writer.bytes] = '\n';
  char path[PATH_BYTES_MAX];
  status = files_path(path, run_folder, "summary.json", error);
  return status == STATUS_OK ? files_replace(files, path, buffer, writer.bytes + 1, error) : status;
}

enum status summary_finished(const char *run_folder, char *buffer, u64 buffer_bytes, bool *finished,
                             struct error *error) {
  char path[PATH_BYTES_MAX];
  struct json_token tokens[2048];
  struct json json;
  u64 bytes, at;
  *finished = false;
  enum status status = files_path(path, run_folder, "summary.json", error);
  if (status != STATUS_OK || !files_exists(path)) return status;
  status = files_read_whole(path, buffer, buffer_bytes, &bytes, error);
  if (status != STATUS_OK) return status;
  const char *const wrong = json_parse(&json, buffer, bytes, tokens, COUNT_OF(tokens), &at);
  if (wrong != NULL)
    return status_fail(error, STATUS_DAMAGED, path,
                       "%s at byte %llu; remove it, and the run goes on from its newest checkpoint", wrong,
                       (unsigned long long)at);
  *finished = json_is(&json, json_find(&json, 0, "finished"), JSON_TRUE);
  return STATUS_OK;
}
