/* XXH64 (seed 0), streamed: the hash of checkpoint files and of weights. Equal to `xxhsum -H1` of the same bytes.
 *
 * Each step is a bijection of its input word, so one flipped bit always shows; that a file is whole is checked by its
 * length as well. Owns nothing; the caller owns the struct. Never fails. Bytes are read little-endian. */
#ifndef RLSP_ENGINE_FORMATS_HASH64_H
#define RLSP_ENGINE_FORMATS_HASH64_H

#include "engine/types.h"

struct hash64 {
  u64 lanes[4];
  u64 bytes;
  u8 pending[32];
};

void hash64_begin(struct hash64 *hash);
void hash64_add(struct hash64 *hash, const void *data, u64 bytes);
u64 hash64_end(const struct hash64 *hash); /* of all bytes so far; more may be added after */

#endif
