/* How fast the learner learns: SFT, decode, and one PPO iteration, on a workload that is the same whatever the weights
 * say, so that another program (tools/peers) can be given the same.
 *
 *   prompts    the task's, all of one length; responses of BENCH_RESPONSE tokens, drawn at temperature 1, none of which
 * can end early iteration  rollout of rollout.samples responses; log-probs of the reference and values of the critic
 * for every response token; KL, GAE and whitening; ppo.epochs passes of minibatches of ppo.minibatch, in each a step of
 * the critic and a step of the policy SFT step   sft.batch sequences of a prompt and BENCH_RESPONSE tokens, all of
 * these scored
 *
 * Called by: the bench. Opens a trainer and closes it; touches no run directory. Fails: as the trainer does. */
#ifndef RLSP_TOOLS_BENCH_LEARNING_H
#define RLSP_TOOLS_BENCH_LEARNING_H

#include "engine/config/config.h"
#include "tools/bench_table.h"

#define BENCH_RESPONSE 24u /* tokens: about what a response has after SFT on countdown.ini */

/* facts: device, simd, threads and workload are filled; they are valid until the next call. */
enum status bench_learning(const struct config *config, u32 repetitions, struct bench_table *table,
                           struct bench_facts *facts, struct error *error) MUST_USE;

#endif
