/* Every metric, once: its name in metrics.jsonl (those of TRL and verl where they have one), unit, and what it is. A
 * row that a step does not measure is left out of that step's line. To add one: add a row here, set it with metrics_set
 * where it is measured, and, to see it drawn, name it in chart_table.h.
 *
 * METRIC(ident, "name", "unit", "doc") */
#ifndef RLSP_ENGINE_REPORT_METRIC_TABLE_H
#define RLSP_ENGINE_REPORT_METRIC_TABLE_H

#define METRIC_LIST(METRIC)                                                                                          \
  METRIC(LR, "lr", "", "learning rate of the policy")                                                                \
  METRIC(CRITIC_LR, "critic/lr", "", "learning rate of the critic")                                                  \
  METRIC(EPISODE, "episode", "responses", "responses sampled so far")                                                \
  METRIC(TOKENS, "tokens", "tokens", "tokens trained on or sampled this step")                                       \
  METRIC(LOSS_TOKENS, "loss_tokens", "tokens", "tokens that carry loss this step")                                       \
  METRIC(LOSS_SFT, "loss/sft", "nats a token", "cross-entropy on response tokens")                                   \
  METRIC(LOSS_POLICY, "loss/policy_avg", "", "clipped policy loss, mean over the iteration")                         \
  METRIC(LOSS_VALUE, "loss/value_avg", "", "clipped value loss, mean over the iteration")                            \
  METRIC(GRAD_NORM, "grad_norm", "", "gradient norm of the policy before clipping")                                  \
  METRIC(CRITIC_GRAD_NORM, "critic/grad_norm", "", "gradient norm of the critic before clipping")                    \
  METRIC(SCORES, "objective/scores", "", "mean reward of a response, before the KL")                                 \
  METRIC(KL, "objective/kl", "nats a response", "k1 KL to the SFT policy, summed over a response")                   \
  METRIC(NON_SCORE_REWARD, "objective/non_score_reward", "", "mean KL penalty of a response: -kl_coef * KL")         \
  METRIC(ENTROPY, "objective/entropy", "nats a token", "entropy of the sampling distribution")                       \
  METRIC(REWARD_CORRECTNESS_MEAN, "rewards/correctness/mean", "", "correctness stream")                              \
  METRIC(REWARD_CORRECTNESS_STD, "rewards/correctness/std", "", "correctness stream")                                \
  METRIC(REWARD_LENGTH_MEAN, "rewards/length/mean", "", "length stream")                                             \
  METRIC(REWARD_LENGTH_STD, "rewards/length/std", "", "length stream")                                               \
  METRIC(REWARD_LENGTH_C, "rewards/length/c", "tokens", "C of the length reward, as decayed")                        \
  METRIC(REWARD_CORRELATION, "rewards/correlation", "", "correlation of the two streams over responses")             \
  METRIC(REWARD_ZERO_STD, "frac_reward_zero_std", "share", "prompts whose responses all got the same reward")        \
  METRIC(APPROX_KL, "policy/approxkl_avg", "nats a token", "KL of the update: old policy to new")                    \
  METRIC(CLIP_FRACTION, "policy/clipfrac_avg", "share", "tokens whose ratio was clipped")                            \
  METRIC(RATIO, "val/ratio", "", "mean ratio of new to old probability")                                             \
  METRIC(RATIO_MAX, "val/ratio_max", "", "largest ratio of new to old probability")                                  \
  METRIC(VALUE_CLIP_FRACTION, "val/clipfrac_avg", "share", "tokens whose value was clipped")                         \
  METRIC(EXPLAINED, "critic/vf_explained_var", "", "variance of the returns that the values explain")                \
  METRIC(EXPLAINED_CORRECTNESS, "critic/correctness/vf_explained_var", "", "the same, correctness stream")           \
  METRIC(EXPLAINED_LENGTH, "critic/length/vf_explained_var", "", "the same, length stream")                          \
  METRIC(LENGTH_MEAN, "completions/mean_length", "tokens", "response length")                                        \
  METRIC(LENGTH_MIN, "completions/min_length", "tokens", "shortest response")                                        \
  METRIC(LENGTH_MAX, "completions/max_length", "tokens", "longest response")                                         \
  METRIC(CLIPPED_RATIO, "completions/clipped_ratio", "share", "responses cut at response_max")                       \
  METRIC(ACCURACY, "accuracy", "share", "responses whose last attempt is right")                                     \
  METRIC(ATTEMPTS, "behaviours/attempts", "attempts", "attempts a response")                                         \
  METRIC(DEPTH2_SHARE, "behaviours/depth2_share", "share", "responses with two retries or more: never demonstrated") \
  METRIC(DISTINCT_RATIO, "behaviours/distinct_ratio", "share",                                                       \
         "distinct attempts among those of responses that retry")                                                    \
  METRIC(CHECK_PRECISION, "behaviours/check_precision", "share", "OK checks that are true")                          \
  METRIC(RETRY_RATE, "behaviours/retry_rate", "share", "failed attempts that are followed by another")               \
  METRIC(NO_ANSWER, "behaviours/no_answer", "share", "responses in which no answer can be read")                     \
  METRIC(UNDECIDED, "verdicts/undecided", "share", "responses that the verifier could not decide on")                \
  METRIC(ANSWER_FOUND, "verdicts/answer", "share", "responses with an answer: right, wrong or undecided")            \
  METRIC(ANSWER_NONE, "verdicts/no_answer/none", "share", "no answer is there")                                      \
  METRIC(ANSWER_EMPTY, "verdicts/no_answer/empty", "share", "an empty one")                                          \
  METRIC(ANSWER_SEVERAL, "verdicts/no_answer/several", "share", "several that differ")                               \
  METRIC(ANSWER_UNTERMINATED, "verdicts/no_answer/unterminated", "share", "a box without its end")                   \
  METRIC(ANSWER_ECHO, "verdicts/no_answer/echo", "share", "the prompt again")                                        \
  METRIC(ANSWER_TRUNCATED, "verdicts/no_answer/truncated", "share", "cut at response_max")                           \
  METRIC(ANSWER_TOO_LONG, "verdicts/no_answer/too_long", "share", "longer than an answer may be")                    \
  METRIC(EVAL_PASS, "eval/countdown/pass@1", "share", "test problems solved by one response")                        \
  METRIC(EVAL_STDERR, "eval/countdown/stderr", "share", "its standard error over problems")                          \
  METRIC(EVAL_LENGTH, "eval/countdown/mean_length", "tokens", "response length")                                     \
  METRIC(EVAL_ATTEMPTS, "eval/countdown/mean_attempts", "attempts", "attempts a response")                           \
  METRIC(EVAL_DEPTH2_SHARE, "eval/countdown/depth2_share", "share", "responses with two retries or more")            \
  METRIC(EVAL_DISTINCT_RATIO, "eval/countdown/distinct_ratio", "share",                                              \
         "distinct attempts among those of responses that retry")                                                    \
  METRIC(EVAL_CHECK_PRECISION, "eval/countdown/check_precision", "share", "OK checks that are true")                 \
  METRIC(EVAL_UNDECIDED, "eval/countdown/undecided", "share", "responses that the verifier could not decide on")      \
  METRIC(ROLLOUT_DIFF, "training/rollout_probs_diff_max", "",                                                        \
         "largest difference of rollout and training log-probs; exact: 0")                                           \
  METRIC(PERF_TOKENS, "perf/tokens_per_second", "tokens/s", "of this step; not reproducible")                        \
  METRIC(PERF_SECONDS, "perf/seconds", "s", "wall time of this step; not reproducible")

#endif
