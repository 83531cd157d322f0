/* XXH64 as its specification has it (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), seed 0. */
#include "engine/formats/hash64.h"

#include <string.h>

#define PRIME1 0x9E3779B185EBCA87ull
#define PRIME2 0xC2B2AE3D27D4EB4Full
#define PRIME3 0x165667B19E3779F9ull
#define PRIME4 0x85EBCA77C2B2AE63ull
#define PRIME5 0x27D4EB2F165667C5ull

static u64 rotate(u64 value, u32 bits) { return value << bits | value >> (64 - bits); }

static u64 load(const u8 *at, u32 bytes) {
  u64 value = 0;
  for (u32 i = 0; i < bytes; i++) value |= (u64)at[i] << (8 * i);
  return value;
}

static u64 round_of(u64 lane, u64 word) { return rotate(lane + word * PRIME2, 31) * PRIME1; }

static void block(struct hash64 *hash, const u8 *at) {
  for (u32 lane = 0; lane < 4; lane++) hash->lanes[lane] = round_of(hash->lanes[lane], load(at + 8 * lane, 8));
}

void hash64_begin(struct hash64 *hash) {
  memset(hash, 0, sizeof *hash);
  hash->lanes[0] = PRIME1 + PRIME2;
  hash->lanes[1] = PRIME2;
  hash->lanes[3] = 0 - PRIME1;
}

void hash64_add(struct hash64 *hash, const void *data, u64 bytes) {
  const u8 *at = data;
  const u64 held = hash->bytes % 32;
  hash->bytes += bytes;
  if (held != 0) {
    const u64 take = bytes < 32 - held ? bytes : 32 - held;
    memcpy(hash->pending + held, at, take);
    at += take;
    bytes -= take;
    if (held + take < 32) return;
    block(hash, hash->pending);
  }
  for (; bytes >= 32; bytes -= 32, at += 32) block(hash, at);
  if (bytes > 0) memcpy(hash->pending, at, bytes);
}

static u64 merged(const struct hash64 *hash) {
  if (hash->bytes < 32) return PRIME5;
  const u64 *lanes = hash->lanes;
  u64 value = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
  for (u32 lane = 0; lane < 4; lane++) value = (value ^ round_of(0, lanes[lane])) * PRIME1 + PRIME4;
  return value;
}

u64 hash64_end(const struct hash64 *hash) {
  u64 value = merged(hash) + hash->bytes;
  const u8 *at = hash->pending;
  u64 left = hash->bytes % 32;
  for (; left >= 8; left -= 8, at += 8) value = rotate(value ^ round_of(0, load(at, 8)), 27) * PRIME1 + PRIME4;
  if (left >= 4) {
    value = rotate(value ^ load(at, 4) * PRIME1, 23) * PRIME2 + PRIME3;
    at += 4;
    left -= 4;
  }
  for (; left > 0; left--, at++) value = rotate(value ^ *at * PRIME5, 11) * PRIME1;
  value = (value ^ value >> 33) * PRIME2;
  value = (value ^ value >> 29) * PRIME3;
  return value ^ value >> 32;
}
