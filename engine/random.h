/* Random numbers as a function of what they are for: Philox4x32-10 (shaders/philox.h) under a key, read as a stream.
 *
 * A stream is named by (seed, use, index) and opened where it is needed: nothing is carried from step to step, so a
 * resumed run, another rank or another order of work draws the same numbers. The counter is (block, index low, index
 * high, use): the sampling kernel's (position, sample, iteration, stream) in the same word order, so one list of uses
 * keeps all apart. Called by: task, learn, model. Owned by the caller, on its stack. Fails: never; 2^34 numbers out of
 * one stream is a CHECK. No libm, the same bits everywhere. */
#ifndef RLSP_ENGINE_RANDOM_H
#define RLSP_ENGINE_RANDOM_H

#include "engine/types.h"

/* What random numbers are drawn for. Part of the result's bits: append only. */
enum random_use {
  RANDOM_SAMPLE_TRAIN,  /* sampling kernel: PPO rollouts */
  RANDOM_SAMPLE_EVAL,   /* sampling kernel: evaluation */
  RANDOM_INIT_POLICY,   /* index = tensor */
  RANDOM_INIT_CRITIC,   /* index = tensor */
  RANDOM_SPLIT,         /* the task's problems into SFT, PPO and test; under its own fixed seed */
  RANDOM_SFT_TRACE,     /* index = step * batch + trace */
  RANDOM_SFT_ORDER,     /* index = epoch */
  RANDOM_PPO_PROMPT,    /* index = iteration * prompts + prompt */
  RANDOM_PPO_MINIBATCH, /* index = iteration * epochs + epoch */
  RANDOM_EVAL_PROMPT,   /* index = problem */
  RANDOM_TEST           /* the project's tests */
};

struct random_stream {
  u32 key[2], counter[4];
  u32 words[4];
  u32 used; /* of words; 4 = draw the next block */
  bool ended;
};

void random_open(struct random_stream *stream, u64 seed, enum random_use use, u64 index);
u32 random_u32(struct random_stream *stream);
/* Uniform on 0..bound-1, without bias (draws again where the last, short interval is hit). bound >= 1. */
u32 random_below(struct random_stream *stream, u32 bound);
/* Uniform on [0, 1), multiples of 2^-53. random_unit(s) < p is true with probability p; p = 0 never, p = 1 always. */
f64 random_unit(struct random_stream *stream);
/* Normal, mean 0, deviation 1 (Marsaglia's polar method), from exact_math.h: the same bits everywhere. Always finite.
 */
f32 random_normal(struct random_stream *stream);
/* Uniform among all orders (Fisher-Yates). */
void random_shuffle(struct random_stream *stream, u32 *items, u32 count);

#endif
