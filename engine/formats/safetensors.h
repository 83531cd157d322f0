/* safetensors: an 8-byte little-endian header length, a JSON header
 * {"name":{"dtype","shape","data_offsets":[begin,end]}}, then the data.
 *
 * Writing streams through a caller's staging buffer, the data coming from a callback (device memory); reading a header
 * is strict: every count is bounded by the bytes there are, names and keys are unique, spans are ordered, adjacent, of
 * the size their shape says, and cover the data to its last byte. Called by: learn/checkpoint, export. Owns nothing;
 * allocates nothing. Fails: as files do; STATUS_DAMAGED for a bad header. */
#ifndef RLSP_ENGINE_FORMATS_SAFETENSORS_H
#define RLSP_ENGINE_FORMATS_SAFETENSORS_H

#include "engine/formats/hash64.h"
#include "engine/memory/arena.h"
#include "engine/text/json.h"
#include "platform/files.h"

#define TENSOR_NAME_BYTES 96u
#define SAFETENSORS_HEADER_BYTES_MAX (100u << 20) /* the format's own limit */
#define SAFETENSORS_TOKENS_A_TENSOR \
  14u /* name, object, 3 keys, dtype, shape, up to 4 dims, offsets, 2 numbers: json_token's to bring */

/* A tensor somewhere in the caller's memory (usually the device arena), by byte offset. */
struct tensor_entry {
  char name[TENSOR_NAME_BYTES]; /* letters, digits, . _ - / : "model.layers.0.mlp.down_proj.weight" */
  enum dtype dtype;
  u32 rank;    /* 0..4 */
  u64 dims[4]; /* row-major, outermost first */
  u64 offset;  /* in the caller's memory; given to the callbacks */
  u64 bytes;
};

/* Fills data from the caller's memory, or the caller's memory from data. Never more than the staging buffer at a time.
 */
typedef enum status tensor_read(void *context, u64 offset, void *data, u64 bytes, struct error *error);
typedef enum status tensor_write(void *context, u64 offset, const void *data, u64 bytes, struct error *error);

/* Fills rank, dims, bytes from a list of dims ending with 0 (as arena_take). */
void tensor_entry_set(struct tensor_entry *tensor, const char *name, enum dtype dtype, u64 offset, u64 dim0, u64 dim1,
                      u64 dim2, u64 dim3);

/* Writes a whole file into the open, empty `file` and adds every byte to *hash (may be NULL). staging_bytes at least 4
 * KiB. *bytes = size written. */
enum status safetensors_write(struct files *files, struct file *file, const struct tensor_entry *tensors, u32 count,
                              tensor_read *read, void *context, u8 *staging, u64 staging_bytes, struct hash64 *hash,
                              u64 *bytes, struct error *error) MUST_USE;

/* Reads the data of a file that safetensors_write wrote for the same list; any difference of names, types or shapes is
 * STATUS_DAMAGED, naming the tensor. */
enum status safetensors_load_same(struct file *file, const struct tensor_entry *tensors, u32 count, tensor_write *write,
                                  void *context, u8 *staging, u64 staging_bytes, struct error *error) MUST_USE;

/* hash64 of the tensors' data alone, in list order: the weights_hash of summary.json (little-endian f32, canonical
 * order). */
enum status safetensors_data_hash(const struct tensor_entry *tensors, u32 count, tensor_read *read, void *context,
                                  u8 *staging, u64 staging_bytes, u64 *hash, struct error *error) MUST_USE;

/* A tensor found in someone's file. Types we do not compute in are kept by name. */
struct safetensors_found {
  const char *name; /* in header, NUL-terminated, unescaped */
  u32 name_bytes;
  char dtype[8]; /* "F32", "BF16", "I64", ... */
  u32 dtype_bits;
  u32 rank; /* 0..4: more is refused */
  u64 dims[4];
  u64 begin, bytes; /* byte offset in the file */
};

/* Memory the reader asks for. */
struct safetensors_memory {
  char *header; /* header_capacity >= header length; names are unescaped in it */
  u64 header_capacity;
  struct json_token *tokens; /* SAFETENSORS_TOKENS_A_TENSOR each, and some for metadata */
  u32 token_capacity;
  struct safetensors_found *found; /* in order of their data */
  u32 found_capacity;
};
enum status safetensors_read_header(struct file *file, struct safetensors_memory *memory, u32 *count,
                                    struct error *error) MUST_USE;
/* The one with this name, or NULL. */
const struct safetensors_found *safetensors_find(const struct safetensors_found *found, u32 count, const char *name);

#endif
