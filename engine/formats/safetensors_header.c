/* The header of a stranger's file, checked to the letter of the format. */
#include <stdio.h>
#include <string.h>

#include "engine/formats/safetensors.h"
#include "engine/formats/safetensors_text.h"

static const struct {
  const char *name;
  u32 bits;
} types[] = {{"F64", 64},    {"F32", 32}, {"F16", 16}, {"BF16", 16}, {"F8_E4M3", 8},
             {"F8_E5M2", 8}, {"I64", 64}, {"I32", 32}, {"I16", 16},  {"I8", 8},
             {"U64", 64},    {"U32", 32}, {"U16", 16}, {"U8", 8},    {"BOOL", 8}};

static bool read_type(const struct json *json, u32 token, struct safetensors_found *found) {
  for (u32 i = 0; i < COUNT_OF(types); i++)
    if (json_equals(json, token, types[i].name)) {
      snprintf(found->dtype, sizeof found->dtype, "%s", types[i].name);
      found->dtype_bits = types[i].bits;
      return true;
    }
  return false;
}

/* Fills rank and dims, and the bytes they ask for. */
static bool read_shape(const struct json *json, u32 token, struct safetensors_found *found) {
  if (!json_is(json, token, JSON_ARRAY) || json->tokens[token].count > 4) return false;
  u64 bits = found->dtype_bits;
  for (u32 i = token + 1; i < json->tokens[token].next; i++) {
    u64 dim;
    if (!json_u64(json, i, &dim)) return false;
    if (dim != 0 && bits > UINT64_MAX / dim) return false;
    bits *= dim;
    found->dims[found->rank++] = dim;
  }
  found->bytes = bits / 8;
  return true;
}

/* NULL, or what is wrong with this entry. */
static const char *read_entry(const struct json *json, u32 value, struct safetensors_found *found) {
  if (!json_is(json, value, JSON_OBJECT)) return "is not an object";
  if (json->tokens[value].count != 3 || json_has_duplicates(json, value))
    return "has other keys than dtype, shape, data_offsets";
  const u32 type = json_find(json, value, "dtype"), shape = json_find(json, value, "shape");
  const u32 offsets = json_find(json, value, "data_offsets");
  if (type == JSON_NONE || shape == JSON_NONE || offsets == JSON_NONE) return "lacks dtype, shape or data_offsets";
  if (!read_type(json, type, found)) return "is of a type this version does not know";
  if (!read_shape(json, shape, found)) return "has a bad shape, or one of more than 4 dimensions";
  u64 end;
  if (!json_is(json, offsets, JSON_ARRAY) || json->tokens[offsets].count != 2 ||
      !json_u64(json, offsets + 1, &found->begin) || !json_u64(json, offsets + 2, &end))
    return "has bad data_offsets";
  if (end < found->begin || end - found->begin != found->bytes) return "has data_offsets that do not match its shape";
  return NULL;
}

static bool metadata_is_text(const struct json *json, u32 value) {
  if (!json_is(json, value, JSON_OBJECT) || json_has_duplicates(json, value)) return false;
  for (u32 i = value + 1; i < json->tokens[value].next; i = json->tokens[i + 1].next)
    if (!json_is(json, i + 1, JSON_STRING)) return false;
  return true;
}

static bool lies_before(const struct safetensors_found *left, const struct safetensors_found *right) {
  return left->begin != right->begin ? left->begin < right->begin : left->bytes < right->bytes;
}

/* Shell's sort: no recursion, no memory (qsort may allocate), and files come nearly sorted. */
static void sort_by_place(struct safetensors_found *found, u32 count) {
  for (u32 gap = count / 2; gap > 0; gap /= 2)
    for (u32 i = gap; i < count; i++) {
      const struct safetensors_found moving = found[i];
      u32 j = i;
      for (; j >= gap && lies_before(&moving, &found[j - gap]); j -= gap) found[j] = found[j - gap];
      found[j] = moving;
    }
}

static bool names_differ(const struct safetensors_found *found, u32 count, u32 *twice) {
  for (u32 i = 0; i < count; i++)
    for (u32 j = 0; j < i; j++)
      if (found[i].name_bytes == found[j].name_bytes &&
          memcmp(found[i].name, found[j].name, found[i].name_bytes) == 0) {
        *twice = i;
        return false;
      }
  return true;
}

/* After reading: spans must be adjacent and fill the data; offsets become file offsets. */
static enum status check_spans(struct safetensors_found *found, u32 count, u64 data_at, u64 data_bytes,
                               const char *path, struct error *error) {
  u64 end = 0;
  sort_by_place(found, count);
  for (u32 i = 0; i < count; i++) {
    if (found[i].begin != end)
      return status_fail(error, STATUS_DAMAGED, path,
                         "tensor %s leaves a gap or overlaps another; fetch the file again", found[i].name);
    end += found[i].bytes;
    if (end > data_bytes)
      return status_fail(error, STATUS_DAMAGED, path, "tensor %s goes past the end of the file; fetch the file again",
                         found[i].name);
    found[i].begin += data_at;
  }
  if (end != data_bytes)
    return status_fail(error, STATUS_DAMAGED, path, "%llu bytes belong to no tensor; fetch the file again",
                       (unsigned long long)(data_bytes - end));
  return STATUS_OK;
}

static enum status read_entries(const struct json *json, const char *path, struct safetensors_memory *memory,
                                u32 *count, struct error *error) {
  if (!json_is(json, 0, JSON_OBJECT))
    return status_fail(error, STATUS_DAMAGED, path, "its header is not an object; fetch the file again");
  bool metadata = false;
  for (u32 key = 1; key < json->tokens[0].next; key = json->tokens[key + 1].next) {
    const u32 value = key + 1;
    if (json_equals(json, key, "__metadata__")) {
      if (metadata || !metadata_is_text(json, value))
        return status_fail(error, STATUS_DAMAGED, path,
                           "its __metadata__ is not one object of texts; fetch the file again");
      metadata = true;
      continue;
    }
    if (*count >= memory->found_capacity)
      return status_fail(error, STATUS_DAMAGED, path, "has more than %u tensors; is it the right file?",
                         memory->found_capacity);
    struct safetensors_found *const found = &memory->found[(*count)++];
    *found = (struct safetensors_found){0};
    const char *const wrong = read_entry(json, value, found);
    /* unescaped where it stands: that is never longer */
    char *const name = memory->header + json->tokens[key].begin;
    found->name_bytes = (u32)json_text(json, key, name, json->tokens[key].end - json->tokens[key].begin + 1);
    found->name = name;
    if (wrong != NULL || strlen(name) != found->name_bytes || found->name_bytes == 0)
      return status_fail(error, STATUS_DAMAGED, path, "tensor %s %s; fetch the file again", name,
                         wrong != NULL ? wrong : "has an empty name or a NUL in it");
  }
  u32 twice;
  if (!names_differ(memory->found, *count, &twice))
    return status_fail(error, STATUS_DAMAGED, path, "tensor %s is there twice; fetch the file again",
                       memory->found[twice].name);
  return STATUS_OK;
}

enum status safetensors_read_header(struct file *file, struct safetensors_memory *memory, u32 *count,
                                    struct error *error) {
  *count = 0;
  u8 length[8];
  u64 size, at;
  enum status status = files_size(file, &size, error);
  if (status == STATUS_OK) status = files_read(file, 0, length, sizeof length, error);
  if (status != STATUS_OK) return status;
  const u64 header_bytes = safetensors_get_u64(length);
  if (header_bytes > SAFETENSORS_HEADER_BYTES_MAX || header_bytes > size - sizeof length)
    return status_fail(error, STATUS_DAMAGED, file->path,
                       "its header is said to be longer than the file; is it safetensors?");
  if (header_bytes > memory->header_capacity)
    return status_fail(error, STATUS_DAMAGED, file->path,
                       "its header of %llu bytes is larger than the %llu planned for", (unsigned long long)header_bytes,
                       (unsigned long long)memory->header_capacity);
  status = files_read(file, sizeof length, memory->header, header_bytes, error);
  if (status != STATUS_OK) return status;
  if (header_bytes == 0 || memory->header[0] != '{')
    return status_fail(error, STATUS_DAMAGED, file->path,
                       "its header does not begin with an object; is it safetensors?");
  struct json json;
  const char *const wrong =
      json_parse(&json, memory->header, header_bytes, memory->tokens, memory->token_capacity, &at);
  if (wrong != NULL)
    return status_fail(error, STATUS_DAMAGED, file->path, "its header %s at byte %llu; fetch the file again", wrong,
                       (unsigned long long)(at + sizeof length));
  status = read_entries(&json, file->path, memory, count, error);
  if (status != STATUS_OK) return status;
  const u64 data_at = sizeof length + header_bytes;
  return check_spans(memory->found, *count, data_at, size - data_at, file->path, error);
}

const struct safetensors_found *safetensors_find(const struct safetensors_found *found, u32 count, const char *name) {
  for (u32 i = 0; i < count; i++)
    if (strcmp(found[i].name, name) == 0) return &found[i];
  return NULL;
}
