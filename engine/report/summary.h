/* summary.json: what a run was and what came of it.
 *
 * Called by: the trainer at the end (finished) or at a clean stop (not finished). Owns nothing; resumed_from is quoted
 * from the run directory's resumed.jsonl. Fails: as files do. */
#ifndef RLSP_ENGINE_REPORT_SUMMARY_H
#define RLSP_ENGINE_REPORT_SUMMARY_H

#include "engine/memory/arena.h"
#include "platform/device.h"
#include "platform/files.h"

#define SUMMARY_EVALS_MAX 4u
#define SUMMARY_MEMORY_MAX 64u
#define SUMMARY_TEXT_BYTES 128u
#define SUMMARY_BYTES_MAX (64u << 10) /* of the file; the memory summary_write asks for */

/* pass@1 and behaviours on the test problems. NaN where a value does not exist (no retry: no distinct ratio): written
 * as null. */
struct summary_eval {
  const char *phase; /* "sft", "rlsp", "eval" */
  u64 problems, samples;
  f64 pass_at_1, stderr_pass; /* over problems; "stderr" in the file */
  f64 first_attempt;          /* share whose first attempt is right */
  f64 mean_length, mean_attempts, depth2_share, distinct_ratio, check_precision, clipped_ratio;
  f64 undecided; /* share of responses that the verifier could not decide on */
};

/* A region of the memory plan, summed. */
struct summary_memory {
  const char *arena, *region, *phase;
  u64 bytes;
};

struct run_summary {
  bool finished;
  u64 weights_hash, config_hash, seed;
  char device[SUMMARY_TEXT_BYTES], driver[SUMMARY_TEXT_BYTES], numerics[16], version[32];
  u32 threads;
  u64 sft_steps, ppo_iterations; /* done */
  u64 parameters;
  struct summary_eval evals[SUMMARY_EVALS_MAX];
  u32 eval_count;
  f64 sft_seconds, ppo_seconds, eval_seconds,
      total_seconds; /* of all parts of a resumed run, as far as checkpoints know */
  f64 sft_tokens_per_second, rollout_tokens_per_second, ppo_tokens_per_second;
  u64 host_bytes, device_bytes; /* reserved */
  struct summary_memory memory[SUMMARY_MEMORY_MAX];
  u32 memory_count;
  u64 allocations_after_freeze, driver_allocations; /* ours; the Vulkan driver's own */
  struct device_report vulkan;                      /* all zero on the CPU device */
};

/* Sums the plan's rows by arena, region and phase, in order of appearance; regions past SUMMARY_MEMORY_MAX go to
 * "other". */
void summary_memory_add(struct run_summary *summary, const struct plan *plan);
/* Replaces RUNDIR/summary.json. buffer: SUMMARY_BYTES_MAX bytes. */
enum status summary_write(struct files *files, const char *run_folder, const struct run_summary *summary, char *buffer,
                          u64 buffer_bytes, struct error *error) MUST_USE;
/* Whether RUNDIR/summary.json is there and says finished. buffer as above. A summary that cannot be read is
 * STATUS_DAMAGED. */
enum status summary_finished(const char *run_folder, char *buffer, u64 buffer_bytes, bool *finished,
                             struct error *error) MUST_USE;

#endif
