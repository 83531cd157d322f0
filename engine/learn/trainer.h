/* A whole run: SFT, evaluation, RLSP, evaluation, with checkpoints, logs and a report in its run directory.
 *
 *   trainer_measure  (rlsp plan)      trainer_open -> trainer_train | trainer_evaluate_checkpoint -> trainer_close
 *
 * Owns the host region, the device, the run directory's lock and files, from open to close. The caller owns the struct (it is large: static). After
 * trainer_open has frozen the arenas nothing is allocated. One screen to read first: trainer_train in trainer.c. */
#ifndef RLSP_ENGINE_LEARN_TRAINER_H
#define RLSP_ENGINE_LEARN_TRAINER_H

#include "engine/learn/checkpoint.h"
#include "engine/learn/learner.h"
#include "engine/learn/ppo.h"
#include "engine/learn/program_verdicts.h"
#include "engine/learn/sft.h"
#include "engine/report/progress.h"
#include "engine/report/report.h"
#include "engine/report/run_log.h"
#include "engine/report/summary.h"
#include "engine/reward/reward.h"
#include "engine/reward/verifiers.h"
#include "engine/task/countdown.h"
#include "engine/task/countdown_outcome.h"

#define TRAINER_EVAL_CHUNK 1024u /* responses of one evaluation rollout; part of the result's bits */
#define TRAINER_TEXT_BYTES 16384u

/* What a checkpoint keeps besides tensors; one list. f64 go in as their bits. ROW(type, name) */
#define TRAINER_STATE(ROW)  \
  ROW(u64, sft_steps)       \
  ROW(u64, ppo_iterations)  \
  ROW(u64, ppo_begun)       \
  ROW(u64, policy_steps)    \
  ROW(u64, critic_steps)    \
  ROW(u64, episodes)        \
  ROW(u64, warnings)        \
  ROW(u64, evals)           \
  ROW(u64, sft_tokens)      \
  ROW(u64, rollout_tokens)  \
  ROW(u64, ppo_tokens)      \
  ROW(f64, sft_seconds)     \
  ROW(f64, rollout_seconds) \
  ROW(f64, ppo_seconds) ROW(f64, eval_seconds) ROW(f64, sft_length) ROW(u64, metrics_bytes) ROW(u64, samples_bytes)

struct trainer_state {
#define TRAINER_STATE_FIELD(type, name) type name;
  TRAINER_STATE(TRAINER_STATE_FIELD)
#undef TRAINER_STATE_FIELD
};

/* Host arrays the phases work in; placed once. */
struct trainer_buffers {
  u32 *trace_tokens;                  /* [sft.batch][trace_max] */
  struct batch_sequence *sequences;   /* [sft.batch] */
  struct countdown_problem *problems; /* [samples_max] of the rollout in hand */
  struct countdown_outcome *outcomes; /* [samples_max] */
  f32 *rewards;                       /* [streams][rollout.samples] */
  f32 *sources;                       /* [REWARD_SOURCES][rollout.samples] before balance */
  f64 *sample_kl;                     /* [rollout.samples] k1, summed over each response */
  u32 *order;                         /* [rollout.samples] */
  struct judgement *judgements;       /* [samples_max] where the verifier is not the task's own, like the texts */
  char *question_prompt, *question_response; /* [workers][as long as the longest] */
  enum program_end *ends;                    /* [samples_max] with verifier = program, like the one below */
  u32 *asked;                                /* [samples_max] responses that the program is asked about */
  char *prompt_text, *response_text;         /* [TRAINER_TEXT_BYTES] */
  char *log_line;                            /* [RUN_LOG_LINE_BYTES] */
  u8 *staging;                               /* [CHECKPOINT_STAGING_BYTES] also the report's and summary's memory */
  u8 *report;                                /* [REPORT_MEMORY_BYTES] */
  struct tensor_entry *tensors;              /* all that checkpoints hold */
  u32 tensor_count;
};

struct trainer {
  struct config config;
  struct files files;
  struct files_lock lock;
  struct device device;
  struct arena host, device_arena;
  struct plan plan;
  void *host_base;
  u64 host_bytes, device_bytes;
  void *problem_text; /* task.problems, until it is read */
  u64 problem_text_bytes;
  struct countdown countdown;
  struct countdown_options task;
  struct reward_settings reward;
  struct learner learner;
  struct trainer_buffers buffers;
  struct checkpoints checkpoints;
  struct verifiers verifiers;    /* math, exact, regex */
  struct program_runner program; /* with verifier = program, like the two below */
  struct program_verdicts program_verdicts;
  struct verdict_journal journal;
  struct run_log log;
  struct progress progress;
  struct metrics metrics;
  struct trainer_state state;
  struct summary_eval evals[SUMMARY_EVALS_MAX];
  u64 began_ns, config_hash;
  bool plan_only, logging;
};

/* The plan of a run, without a device and without memory: pass 1 alone. *plan: its rows. */
enum status trainer_measure(const struct config *config, struct plan *plan, u64 *host_bytes, u64 *device_bytes,
                            struct error *error) MUST_USE;
/* device_limit: bytes the device arena may take (--device-memory; 0 = what the device has). Zeroes *trainer first; the caller always closes it. */
enum status trainer_open(struct trainer *trainer, const struct config *config, u64 device_limit,
                         struct error *error) MUST_USE;
/* STATUS_OK when the run is finished (also when it was before); STATUS_INTERRUPTED or STATUS_TERMINATED after a signal and a checkpoint. */
enum status trainer_train(struct trainer *trainer, struct error *error) MUST_USE;
/* pass@1 of the newest checkpoint, without touching the run's logs. */
enum status trainer_evaluate_checkpoint(struct trainer *trainer, struct summary_eval *eval,
                                        struct error *error) MUST_USE;
void trainer_close(struct trainer *trainer);

/* The parts; trainer_*.c */
/* Locks the run directory, made where it is missing; used: a run has begun in it. */
enum status trainer_take_directory(struct trainer *trainer, bool *used, struct error *error) MUST_USE;
/* Restores what a used one holds, writes config and plan, opens the logs. */
enum status trainer_open_directory(struct trainer *trainer, bool used, struct error *error) MUST_USE;
enum status trainer_sft_phase(struct trainer *trainer, struct error *error) MUST_USE;
enum status trainer_ppo_phase(struct trainer *trainer, struct error *error) MUST_USE;
enum status trainer_evaluate(struct trainer *trainer, const char *phase, struct summary_eval *eval,
                             struct error *error) MUST_USE;
enum status trainer_record_eval(struct trainer *trainer, const char *phase, struct error *error) MUST_USE;
/* The program verifier: its helper process, started before the device; its buffers; its journal. Nothing under other verifiers. */
enum status trainer_program_open(struct trainer *trainer, struct error *error) MUST_USE;
void trainer_program_place(struct trainer *trainer, struct arena *host);
enum status trainer_program_resume(struct trainer *trainer, struct error *error) MUST_USE;
enum status trainer_program_judge(struct trainer *trainer, const char *phase, u64 step, u32 count,
                                  struct error *error) MUST_USE;
/* Verifiers that go by texts: their threads and memory. Nothing under other verifiers but what the program's shares with them. */
void trainer_verify_place(struct trainer *trainer, struct arena *host);
enum status trainer_verify_open(struct trainer *trainer, struct error *error) MUST_USE;
void trainer_verify_close(struct trainer *trainer);
/* A response as a verifier of texts sees it, in the worker's buffers. */
struct trainer_texts {
  char *prompt, *response, gold[16];
  u64 prompt_bytes, response_bytes, gold_bytes;
};
void trainer_texts(const struct trainer *trainer, u32 sample, u32 worker, struct trainer_texts *texts);
/* Verdicts of the rollout's first `count` responses, where the verifier is not the task's own; (phase, step) names the batch. */
enum status trainer_judge(struct trainer *trainer, const char *phase, u64 step, u32 count,
                          struct error *error) MUST_USE;
/* Of one of them, and counted; own: the task's. */
enum verdict trainer_verdict(const struct trainer *trainer, u32 sample, enum verdict own,
                             struct verdict_counts *counts);
enum status trainer_checkpoint(struct trainer *trainer, struct error *error) MUST_USE;
enum status trainer_restore(struct trainer *trainer, struct error *error) MUST_USE;
/* Policy weights from model.path instead of random ones. */
enum status trainer_load_model(struct trainer *trainer, struct error *error) MUST_USE;
u32 trainer_tensors(const struct learner *learner, struct tensor_entry *tensors);
enum status trainer_summary(struct trainer *trainer, bool finished, struct error *error) MUST_USE;
/* Puts the response of one sample into words and logs it. */
enum status trainer_log_sample(struct trainer *trainer, u32 sample, u64 step, struct error *error) MUST_USE;
/* Looks at one iteration's measurements; a warning is said once when its condition begins. */
enum status trainer_warn(struct trainer *trainer, const struct countdown_rates *rates, struct error *error) MUST_USE;
f64 trainer_schedule(u64 done, u64 total, u64 warmup, f64 peak, f64 final_share);

#endif
