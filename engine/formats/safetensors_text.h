/* The header's text, made the same way for writing and for comparing. Only safetensors*.c include this. */
#ifndef RLSP_ENGINE_FORMATS_SAFETENSORS_TEXT_H
#define RLSP_ENGINE_FORMATS_SAFETENSORS_TEXT_H

#include "engine/formats/safetensors.h"

/* One entry: name (no escapes needed), 4 dims and 2 offsets of 20 digits, punctuation: below 320. */
#define SAFETENSORS_ENTRY_BYTES 384u

/* Hugging Face's loader refuses a file whose metadata does not name a framework. */
#define SAFETENSORS_OPENING "{\"__metadata__\":{\"format\":\"pt\"}"

/* ",\"name\":{...}" of a tensor whose data begins at `begin`; returns its bytes. */
u32 safetensors_entry(const struct tensor_entry *tensor, u64 begin, char text[SAFETENSORS_ENTRY_BYTES]);
/* Bytes of the padded JSON header, without the 8 of its length. *data_bytes = what follows it. */
u64 safetensors_header_bytes(const struct tensor_entry *tensors, u32 count, u64 *unpadded, u64 *data_bytes);
void safetensors_put_u64(u8 out[8], u64 value);
u64 safetensors_get_u64(const u8 in[8]);

#endif
