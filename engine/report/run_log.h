/* metrics.jsonl and samples.jsonl of a run directory: appended a whole line at a time, cut back on resume.
 *
 * A checkpoint stores both byte lengths; run_log_open cuts the files to them, so that the lines of a killed and resumed
 * run are those of an uninterrupted one (perf/ fields aside). Call run_log_sync before checkpoint_save, so that the
 * stored lengths are on disk before the checkpoint that names them. resumed.jsonl keeps one line a resume; it is never
 * cut back, and summary.json quotes it.
 *
 * Called by: the trainer. Memory: a line buffer of the caller's; a sample that does not fit it has its texts cut (and
 * says so). Fails: as files do. */
#ifndef RLSP_ENGINE_REPORT_RUN_LOG_H
#define RLSP_ENGINE_REPORT_RUN_LOG_H

#include "engine/report/metrics.h"
#include "platform/files.h"

#define RUN_LOG_LINE_BYTES \
  (256u << 10)                  /* one metrics line is below 8 KiB; a sample of 8192 tokens of text below 128 KiB */
#define SAMPLE_ATTEMPTS_MAX 64u /* shown of one response; the counts are of all */

enum sample_said { SAID_NOTHING, SAID_OK, SAID_NO };

struct sample_attempt {
  u32 begin, end; /* bytes of the response */
  bool legal;     /* well formed, allowed numbers, true arithmetic */
  bool right;     /* reaches the target */
  enum sample_said said;
};

struct sample_reward {
  const char *name; /* the stream's */
  f64 value;
};

struct sample {
  enum run_phase phase;
  u64 step;
  u64 index;                     /* of the response in its iteration */
  const char *prompt, *response; /* UTF-8, NUL-terminated */
  u32 tokens;                    /* of the response */
  bool correct;
  bool cut; /* at response_max */
  const struct sample_attempt *attempts;
  u32 attempt_count;
  const struct sample_reward *rewards;
  u32 reward_count;
  f64 kl; /* summed over the response; 0 = not measured: left out */
};

struct run_log {
  struct files *files;
  struct file metrics, samples;
  u64 metrics_bytes, samples_bytes; /* lengths so far: store them in the checkpoint */
  char *line;                       /* line_bytes >= 16 KiB; RUN_LOG_LINE_BYTES is good */
  u64 line_bytes;
  char folder[PATH_BYTES_MAX];
  bool lost; /* set by run_log_open where a file was shorter than asked: its rows are gone, and the run goes on without
                them */
};

/* A fresh run passes lengths 0. */
enum status run_log_open(struct run_log *log, struct files *files, const char *run_folder, u64 metrics_bytes,
                         u64 samples_bytes, char *line, u64 line_bytes, struct error *error) MUST_USE;
enum status run_log_metrics(struct run_log *log, enum run_phase phase, u64 step, const struct metrics *metrics,
                            struct error *error) MUST_USE;
enum status run_log_sample(struct run_log *log, const struct sample *sample, struct error *error) MUST_USE;
/* A line of metrics.jsonl: {"phase","step","warning": what was seen, "key": which setting to turn}. */
enum status run_log_warning(struct run_log *log, enum run_phase phase, u64 step, const char *key, const char *text,
                            struct error *error) MUST_USE;
enum status run_log_resumed(struct run_log *log, enum run_phase phase, u64 step, struct error *error) MUST_USE;
enum status run_log_sync(struct run_log *log, struct error *error) MUST_USE;
void run_log_close(struct run_log *log);

#endif
