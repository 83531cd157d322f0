/* Checkpoints: RUNDIR/checkpoints/step_N/, and `latest`, a file that names the newest.
 *
 * Protocol: tmp-step_N/ is written file by file, each synced; the manifest (names, sizes, hashes, values, its own hash)
 * last; folder synced; renamed to step_N; parent synced; read back and verified; only then is `latest` moved and the
 * oldest pruned. So a death at any instant, or a disk that fills, leaves the checkpoint before whole and newest. What
 * is read is verified first: a truncated or flipped one is passed over, said, and the one before is taken.
 *
 * N counts steps over the whole run: SFT steps, then PPO iterations. Called by: learn/trainer, and tools that read a
 * run. Owns nothing but paths; data is moved through the caller's staging buffer, so nothing here grows with the model.
 * Fails: as files do; STATUS_DAMAGED when checkpoints are there and none is good (starting afresh over them would lose
 * a run that someone may repair). */
#ifndef RLSP_ENGINE_LEARN_CHECKPOINT_H
#define RLSP_ENGINE_LEARN_CHECKPOINT_H

#include "engine/formats/safetensors.h"

#define CHECKPOINT_STAGING_BYTES \
  (4u << 20)                     /* large enough that a copy is bound by the disk, small beside any model \
                                             */
#define CHECKPOINT_FILES_MAX 16u /* of one checkpoint: weights, critic, reference, moments, configs */
#define CHECKPOINT_VALUES_MAX 64u
#define CHECKPOINT_VALUE_NAME_BYTES 48u
#define CHECKPOINT_NOTE_BYTES 1024u

/* A file of named tensors. Names are plain ("model.safetensors"): letters, digits, . _ - */
struct checkpoint_file {
  const char *name;
  const struct tensor_entry *tensors;
  u32 count;
};

/* A small text file beside them (config.json, config.ini). Not read back by checkpoint_load. */
struct checkpoint_text {
  const char *name;
  const char *text;
  u64 bytes;
};

/* A number of the trainer's state: counters, data position, schedule, byte lengths of the logs; an f64 goes in as its
 * bits. */
struct checkpoint_value {
  const char *name; /* letters, digits, . _ - */
  u64 value;
};

struct checkpoint_content {
  const struct checkpoint_file *files;
  u32 file_count;
  const struct checkpoint_text *texts;
  u32 text_count;
  struct checkpoint_value *values;
  u32 value_count;
  tensor_read *read;   /* for saving */
  tensor_write *write; /* for loading */
  void *context;
};

struct checkpoints {
  struct files *files;
  u8 *staging; /* staging_bytes >= 4096; CHECKPOINT_STAGING_BYTES is good */
  u64 staging_bytes;
  u32 keep;                    /* >= 2 */
  char folder[PATH_BYTES_MAX]; /* RUNDIR/checkpoints */
};

struct checkpoint_found {
  bool any; /* false: there is no checkpoint; start at the beginning */
  u64 step;
  char note[CHECKPOINT_NOTE_BYTES]; /* "" or what was passed over and why, one line a checkpoint; to be shown to the
                                       user */
};

/* Makes the folder where `write` is true and clears what a dead run left there (tmp-*). Opens a folder read-only
 * otherwise; absent is fine. */
enum status checkpoints_open(struct checkpoints *checkpoints, struct files *files, const char *run_folder, u32 keep,
                             u8 *staging, u64 staging_bytes, bool write, struct error *error) MUST_USE;
/* After an error the newest good checkpoint is the one before, or this one where all but `latest` and the pruning was
 * done; `latest` names a good one. The run may try again later. A step_N that is there already is replaced; checkpoints
 * of later steps are left alone. */
enum status checkpoint_save(struct checkpoints *checkpoints, u64 step, const struct checkpoint_content *content,
                            struct error *error) MUST_USE;
/* The newest that verifies, to the last byte. */
enum status checkpoint_newest(struct checkpoints *checkpoints, struct checkpoint_found *found,
                              struct error *error) MUST_USE;
/* One checkpoint, every byte against its manifest. */
enum status checkpoint_verify(struct checkpoints *checkpoints, u64 step, struct error *error) MUST_USE;
/* Moves the tensors of content->files (may be fewer than were saved) and fills content->values by name (also may be
 * fewer; one that is missing is STATUS_DAMAGED). The checkpoint must have been verified. */
enum status checkpoint_load(struct checkpoints *checkpoints, u64 step, const struct checkpoint_content *content,
                            struct error *error) MUST_USE;
/* One value of a checkpoint, before loading: e.g. the config hash. */
enum status checkpoint_value(struct checkpoints *checkpoints, u64 step, const char *name, u64 *value,
                             struct error *error) MUST_USE;

#endif
