/* The manifest of a checkpoint: plain lines, its own hash in the last one. Only checkpoint*.c include this.
 *
 *   rlsp checkpoint 1
 *   file model.safetensors 2483712 5c80c09683041123
 *   value step 50
 *   end 0f1e2d3c4b5a6978                             hash64 of all lines above */
#ifndef RLSP_ENGINE_LEARN_CHECKPOINT_MANIFEST_H
#define RLSP_ENGINE_LEARN_CHECKPOINT_MANIFEST_H

#include "engine/learn/checkpoint.h"

/* CHECKPOINT_FILES_MAX + CHECKPOINT_VALUES_MAX lines of at most 128 bytes, and two more. */
#define MANIFEST_BYTES_MAX 16384u
#define MANIFEST_NAME "manifest"

struct manifest {
  char text[MANIFEST_BYTES_MAX];
  u64 bytes;
};

/* A line, its words found. */
struct manifest_line {
  char name[CHECKPOINT_VALUE_NAME_BYTES];
  u64 number; /* a file's bytes, or a value */
  u64 hash;   /* a file's */
};

void manifest_begin(struct manifest *manifest);
void manifest_file(struct manifest *manifest, const char *name, u64 bytes, u64 hash);
void manifest_value(struct manifest *manifest, const char *name, u64 value);
void manifest_end(struct manifest *manifest);

/* Reads FOLDER/manifest and checks its hash. */
enum status manifest_read(struct manifest *manifest, const char *folder, struct error *error) MUST_USE;
/* Steps through the lines of `kind` ("file", "value"): *at begins at 0; false at the end or at a line that is not ours.
 */
bool manifest_next(const struct manifest *manifest, const char *kind, u64 *at, struct manifest_line *line);
bool manifest_find(const struct manifest *manifest, const char *kind, const char *name, struct manifest_line *line);

#endif
