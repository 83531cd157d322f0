/* From a verdict and a length to the rewards a response is paid: the sources, and their balance into value streams.
 *
 * Sources (RLSP.md; arXiv 2502.06773, Eq. 1):  correctness  one of correct, wrong, no_answer, undecided
 *                                              length       -C / max(L, floor), L in tokens with EOS; C decays linearly
 * to c * c_final Balance (reward.balance) makes of them one or two value streams, each with one value head, one GAE and
 * one reward on the response's last token: paper       1 stream   alpha * correctness + (1 - alpha) * length (alpha 1:
 * outcome only) paper-code  1 stream   correctness + length                             (the public code's c - C/L)
 *   streams     2 streams  correctness, length; learnt apart, mixed as advantages: sum of weight * whitened advantage
 *     head = shared (on both): the two have one value head, so one value and one return are all that can be learnt: 1
 * stream, weight * correctness + weight * length, its gamma, lambda and whiten being those of both (reward_check
 * refuses where they differ). What is clipped to +-clip is the reward of a value stream. There is no reward for a
 * failure of ours: nothing here can go wrong on a response. (The paper's code pays 0.0 on an exception, better than
 * most honest samples.)
 *
 * f32, only + - * and ex_div: the same bits everywhere. Called by: learn. Owns nothing. Fails: reward_check alone,
 * STATUS_USAGE. */
#ifndef RLSP_ENGINE_REWARD_REWARD_H
#define RLSP_ENGINE_REWARD_REWARD_H

#include "engine/config/config.h"
#include "engine/memory/limits.h"
#include "engine/reward/verdict.h"
#include "engine/status.h"

enum reward_source { REWARD_CORRECTNESS, REWARD_LENGTH, REWARD_SOURCES };

struct reward_source_settings {
  f32 weight, gamma, lambda;
  bool shared, whiten;
};

struct reward_settings {
  enum reward_balance balance;
  f32 alpha, clip;
  f32 correct, wrong, no_answer, undecided;
  f32 c, c_final, floor;
  struct reward_source_settings sources[REWARD_SOURCES];
  enum reward_source kl_source;
};
void reward_settings_from(struct reward_settings *settings, const struct config *config);
/* What cannot be learnt as asked: one head shared with nobody, or shared by streams that differ in gamma, lambda or
 * whiten. place: for the message. */
enum status reward_check(const struct reward_settings *settings, const char *place, struct error *error) MUST_USE;

/* A value stream, as the learner sees it. */
struct reward_stream {
  const char *name;  /* "reward" (one scalar), "correctness", "length": static text, for metrics */
  f32 gamma, lambda; /* one scalar: those of [reward.correctness] */
  f32 weight;        /* of its advantage in the mix; 1 for the only stream */
  bool whiten;       /* one scalar under paper and paper-code: always */
};
u32 reward_stream_count(const struct reward_settings *settings); /* 1 or 2, <= STREAMS_MAX */
u32 reward_kl_stream(
    const struct reward_settings *settings); /* ppo.kl_stream's value stream; the only one where there is one */
void reward_stream(const struct reward_settings *settings, u32 index, struct reward_stream *stream);

/* How far a run is: iteration / (iterations - 1), 0 at the first, 1 at the last (and 0 where there is only one). */
f32 reward_progress(u64 iteration, u64 iterations);

struct reward_outcome {
  f32 sources[REWARD_SOURCES]; /* before balance and clip: what is logged and plotted under every balance */
  f32 streams[STREAMS_MAX];    /* [reward_stream_count] what is learnt from; the rest 0 */
};
/* length_tokens counts EOS. progress in [0, 1]. */
void reward_outcome(const struct reward_settings *settings, enum verdict verdict, u32 length_tokens, f32 progress,
                    struct reward_outcome *outcome);

#endif
