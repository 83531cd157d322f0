/* Writing, and reading what we wrote. Strangers' files: safetensors_header.c. */
#include "engine/formats/safetensors.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/formats/safetensors_text.h"

#define STAGING_BYTES_MIN 4096u

void tensor_entry_set(struct tensor_entry *tensor, const char *name, enum dtype dtype, u64 offset, u64 dim0, u64 dim1,
                      u64 dim2, u64 dim3) {
  const u64 dims[4] = {dim0, dim1, dim2, dim3};
  *tensor = (struct tensor_entry){.dtype = dtype, .offset = offset, .bytes = dtype_bytes(dtype)};
  CHECK(strlen(name) < sizeof tensor->name, "the name of tensor %s is too long", name);
  strcpy(tensor->name, name);
  for (; tensor->rank < 4 && dims[tensor->rank] != 0; tensor->rank++) {
    tensor->dims[tensor->rank] = dims[tensor->rank];
    tensor->bytes *= dims[tensor->rank];
  }
}

static const char *type_name(enum dtype dtype) {
  static const char *const names[] = {[DTYPE_F32] = "F32", [DTYPE_U32] = "U32", [DTYPE_U8] = "U8", [DTYPE_U64] = "U64"};
  return names[dtype];
}

u32 safetensors_entry(const struct tensor_entry *tensor, u64 begin, char text[SAFETENSORS_ENTRY_BYTES]) {
  CHECK(strspn(tensor->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:") ==
            strlen(tensor->name),
        "tensor name %s would need escapes", tensor->name);
  int at = snprintf(text, SAFETENSORS_ENTRY_BYTES, ",\"%s\":{\"dtype\":\"%s\",\"shape\":[", tensor->name,
                    type_name(tensor->dtype));
  for (u32 i = 0; i < tensor->rank; i++)
    at += snprintf(text + at, SAFETENSORS_ENTRY_BYTES - (u32)at, i == 0 ? "%llu" : ",%llu",
                   (unsigned long long)tensor->dims[i]);
  at += snprintf(text + at, SAFETENSORS_ENTRY_BYTES - (u32)at, "],\"data_offsets\":[%llu,%llu]}",
                 (unsigned long long)begin, (unsigned long long)(begin + tensor->bytes));
  return (u32)at;
}

u64 safetensors_header_bytes(const struct tensor_entry *tensors, u32 count, u64 *unpadded, u64 *data_bytes) {
  char text[SAFETENSORS_ENTRY_BYTES];
  u64 begin = 0, bytes = strlen(SAFETENSORS_OPENING) + 1;
  for (u32 i = 0; i < count; begin += tensors[i++].bytes) bytes += safetensors_entry(&tensors[i], begin, text);
  *unpadded = bytes;
  *data_bytes = begin;
  return (bytes + 7) / 8 * 8;
}

void safetensors_put_u64(u8 out[8], u64 value) {
  for (u32 i = 0; i < 8; i++) out[i] = (u8)(value >> (8 * i));
}

u64 safetensors_get_u64(const u8 in[8]) {
  u64 value = 0;
  for (u32 i = 0; i < 8; i++) value |= (u64)in[i] << (8 * i);
  return value;
}

/* What goes to the file is gathered in the staging buffer and hashed as it leaves. */
struct sink {
  struct files *files;
  struct file *file;
  struct hash64 *hash;
  u8 *staging;
  u64 staging_bytes, held, written;
};

static enum status sink_flush(struct sink *sink, struct error *error) {
  if (sink->hash != NULL) hash64_add(sink->hash, sink->staging, sink->held);
  const enum status status = files_write(sink->files, sink->file, sink->staging, sink->held, error);
  sink->written += sink->held;
  sink->held = 0;
  return status;
}

static enum status sink_put(struct sink *sink, const void *data, u64 bytes, struct error *error) {
  enum status status = STATUS_OK;
  if (bytes > sink->staging_bytes - sink->held) status = sink_flush(sink, error);
  memcpy(sink->staging + sink->held, data, bytes); /* bytes <= SAFETENSORS_ENTRY_BYTES < staging_bytes */
  sink->held += bytes;
  return status;
}

static enum status sink_tensor(struct sink *sink, const struct tensor_entry *tensor, tensor_read *read, void *context,
                               struct error *error) {
  enum status status = STATUS_OK;
  for (u64 done = 0; done < tensor->bytes && status == STATUS_OK;) {
    if (sink->held == sink->staging_bytes) status = sink_flush(sink, error);
    const u64 room = sink->staging_bytes - sink->held, left = tensor->bytes - done;
    const u64 now = left < room ? left : room;
    if (status == STATUS_OK) status = read(context, tensor->offset + done, sink->staging + sink->held, now, error);
    sink->held += now;
    done += now;
  }
  return status;
}

static enum status sink_header(struct sink *sink, const struct tensor_entry *tensors, u32 count, struct error *error) {
  u64 unpadded, data_bytes, begin = 0;
  const u64 header_bytes = safetensors_header_bytes(tensors, count, &unpadded, &data_bytes);
  u8 length[8];
  safetensors_put_u64(length, header_bytes);
  enum status status = sink_put(sink, length, sizeof length, error);
  if (status == STATUS_OK) status = sink_put(sink, SAFETENSORS_OPENING, strlen(SAFETENSORS_OPENING), error);
  for (u32 i = 0; i < count && status == STATUS_OK; begin += tensors[i++].bytes) {
    char text[SAFETENSORS_ENTRY_BYTES];
    const u32 bytes = safetensors_entry(&tensors[i], begin, text);
    status = sink_put(sink, text, bytes, error);
  }
  if (status == STATUS_OK) status = sink_put(sink, "}       ", 1 + header_bytes - unpadded, error);
  return status;
}

enum status safetensors_write(struct files *files, struct file *file, const struct tensor_entry *tensors, u32 count,
                              tensor_read *read, void *context, u8 *staging, u64 staging_bytes, struct hash64 *hash,
                              u64 *bytes, struct error *error) {
  CHECK(staging_bytes >= STAGING_BYTES_MIN, "%llu bytes of staging are too few", (unsigned long long)staging_bytes);
  struct sink sink = {.files = files, .file = file, .hash = hash, .staging = staging, .staging_bytes = staging_bytes};
  enum status status = sink_header(&sink, tensors, count, error);
  for (u32 i = 0; i < count && status == STATUS_OK; i++) status = sink_tensor(&sink, &tensors[i], read, context, error);
  if (status == STATUS_OK) status = sink_flush(&sink, error);
  *bytes = sink.written;
  return status;
}

/* Compares `bytes` of the file at *at with `expected`; moves *at on. `what` is named where they differ. */
static enum status expect(struct file *file, u64 *at, const void *expected, u64 bytes, const char *what,
                          struct error *error) {
  u8 found[SAFETENSORS_ENTRY_BYTES];
  const enum status status = files_read(file, *at, found, bytes, error);
  if (status != STATUS_OK) return status;
  *at += bytes;
  if (memcmp(found, expected, bytes) == 0) return STATUS_OK;
  return status_fail(error, STATUS_DAMAGED, file->path,
                     "%s differs from what this configuration gives; use the configuration it was made with", what);
}

static enum status expect_header(struct file *file, const struct tensor_entry *tensors, u32 count, u64 *at,
                                 struct error *error) {
  u64 unpadded, data_bytes, begin = 0, size;
  const u64 header_bytes = safetensors_header_bytes(tensors, count, &unpadded, &data_bytes);
  u8 length[8];
  safetensors_put_u64(length, header_bytes);
  *at = sizeof length; /* compared last, so that a tensor can be named */
  enum status status = expect(file, at, SAFETENSORS_OPENING, strlen(SAFETENSORS_OPENING), "the metadata", error);
  for (u32 i = 0; i < count && status == STATUS_OK; begin += tensors[i++].bytes) {
    char text[SAFETENSORS_ENTRY_BYTES];
    const u32 bytes = safetensors_entry(&tensors[i], begin, text);
    status = expect(file, at, text, bytes, tensors[i].name, error);
  }
  if (status == STATUS_OK)
    status = expect(file, at, "}       ", 1 + header_bytes - unpadded, "the list of tensors", error);
  u64 start = 0;
  if (status == STATUS_OK) status = expect(file, &start, length, sizeof length, "the header's length", error);
  if (status == STATUS_OK) status = files_size(file, &size, error);
  if (status == STATUS_OK && size != *at + data_bytes)
    status = status_fail(error, STATUS_DAMAGED, file->path,
                         "has %llu bytes instead of %llu; restore it from a copy, or remove it",
                         (unsigned long long)size, (unsigned long long)(*at + data_bytes));
  return status;
}

enum status safetensors_load_same(struct file *file, const struct tensor_entry *tensors, u32 count, tensor_write *write,
                                  void *context, u8 *staging, u64 staging_bytes, struct error *error) {
  u64 at;
  enum status status = expect_header(file, tensors, count, &at, error);
  for (u32 i = 0; i < count && status == STATUS_OK; i++)
    for (u64 done = 0; done < tensors[i].bytes && status == STATUS_OK;) {
      const u64 left = tensors[i].bytes - done, now = left < staging_bytes ? left : staging_bytes;
      status = files_read(file, at, staging, now, error);
      if (status == STATUS_OK) status = write(context, tensors[i].offset + done, staging, now, error);
      at += now;
      done += now;
    }
  return status;
}

enum status safetensors_data_hash(const struct tensor_entry *tensors, u32 count, tensor_read *read, void *context,
                                  u8 *staging, u64 staging_bytes, u64 *hash, struct error *error) {
  struct hash64 state;
  hash64_begin(&state);
  enum status status = STATUS_OK;
  for (u32 i = 0; i < count && status == STATUS_OK; i++)
    for (u64 done = 0; done < tensors[i].bytes && status == STATUS_OK;) {
      const u64 left = tensors[i].bytes - done, now = left < staging_bytes ? left : staging_bytes;
      status = read(context, tensors[i].offset + done, staging, now, error);
      if (status == STATUS_OK) hash64_add(&state, staging, now);
      done += now;
    }
  *hash = hash64_end(&state);
  return status;
}
