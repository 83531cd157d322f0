#include "engine/random.h"

#include "engine/check.h"
#include "shaders/exact_math.h"
#include "shaders/philox.h"

void random_open(struct random_stream *stream, u64 seed, enum random_use use, u64 index) {
  *stream = (struct random_stream){
      .key = {(u32)seed, (u32)(seed >> 32)}, .counter = {0, (u32)index, (u32)(index >> 32), (u32)use}, .used = 4};
}

static void draw_block(struct random_stream *stream) {
  CHECK(!stream->ended, "a random stream of use %u has run out", stream->counter[3]);
  philox4x32_10(stream->counter, stream->key, stream->words);
  stream->counter[0]++;
  stream->ended = stream->counter[0] == 0;
  stream->used = 0;
}

u32 random_u32(struct random_stream *stream) {
  if (stream->used == 4) draw_block(stream);
  return stream->words[stream->used++];
}

/* Lemire, "Fast random integer generation in an interval" (2019), algorithm 5. */
u32 random_below(struct random_stream *stream, u32 bound) {
  CHECK(bound != 0, "a random number below 0");
  u64 product = (u64)random_u32(stream) * bound;
  if ((u32)product < bound) {
    const u32 short_interval = (0u - bound) % bound; /* 2^32 mod bound */
    while ((u32)product < short_interval) product = (u64)random_u32(stream) * bound;
  }
  return (u32)(product >> 32);
}

f64 random_unit(struct random_stream *stream) {
  const u64 high = random_u32(stream) >> 5;
  const u64 low = random_u32(stream) >> 6;
  return (f64)((high << 26) | low) * 0x1p-53;
}

/* Uniform on [-1, 1), multiples of 2^-23: exact in f32. */
static f32 random_sign_unit(struct random_stream *stream) {
  const f32 unit = (f32)(random_u32(stream) >> 8) * 0x1p-23f;
  return unit - 1.0f;
}

f32 random_normal(struct random_stream *stream) {
  for (;;) {
    const f32 u = random_sign_unit(stream);
    const f32 v = random_sign_unit(stream);
    const f32 square = u * u + v * v;
    if (square >= 1.0f || square == 0.0f) continue;
    const f32 logarithm = -2.0f * ex_log(square);
    return u * ex_sqrt(ex_div(logarithm, square));
  }
}

void random_shuffle(struct random_stream *stream, u32 *items, u32 count) {
  for (u32 left = count; left > 1; left--) {
    const u32 pick = random_below(stream, left);
    const u32 item = items[pick];
    items[pick] = items[left - 1];
    items[left - 1] = item;
  }
}
