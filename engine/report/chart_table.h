/* Every chart of report.html, in order: phase, title, and the metrics drawn in it (at most CHART_CURVES_MAX, of like
 * size and unit). Curves without a point and charts without a curve are left out. */
#ifndef RLSP_ENGINE_REPORT_CHART_TABLE_H
#define RLSP_ENGINE_REPORT_CHART_TABLE_H

#define CHART_CURVES_MAX 4u

#define CHART_LIST(CHART)                                                                                         \
  CHART(PHASE_PPO, "Accuracy", METRIC_ACCURACY)                                                                   \
  CHART(PHASE_PPO, "Response length", METRIC_LENGTH_MEAN)                                                         \
  CHART(PHASE_PPO, "Correctness reward", METRIC_REWARD_CORRECTNESS_MEAN)                                          \
  CHART(PHASE_PPO, "Length reward", METRIC_REWARD_LENGTH_MEAN)                                                    \
  CHART(PHASE_PPO, "KL to the SFT policy", METRIC_KL)                                                             \
  CHART(PHASE_PPO, "Entropy", METRIC_ENTROPY)                                                                     \
  CHART(PHASE_PPO, "Attempts", METRIC_ATTEMPTS)                                                                   \
  CHART(PHASE_PPO, "Searching", METRIC_DEPTH2_SHARE, METRIC_RETRY_RATE)                                           \
  CHART(PHASE_PPO, "Honesty of the search", METRIC_CHECK_PRECISION, METRIC_DISTINCT_RATIO)                        \
  CHART(PHASE_PPO, "Without an end or an answer", METRIC_CLIPPED_RATIO, METRIC_NO_ANSWER)                         \
  CHART(PHASE_PPO, "Explained variance", METRIC_EXPLAINED, METRIC_EXPLAINED_CORRECTNESS, METRIC_EXPLAINED_LENGTH) \
  CHART(PHASE_PPO, "Clipped share", METRIC_CLIP_FRACTION, METRIC_VALUE_CLIP_FRACTION)                             \
  CHART(PHASE_PPO, "Size of the update", METRIC_APPROX_KL)                                                        \
  CHART(PHASE_PPO, "Policy loss", METRIC_LOSS_POLICY)                                                             \
  CHART(PHASE_PPO, "Value loss", METRIC_LOSS_VALUE)                                                               \
  CHART(PHASE_PPO, "Gradient norm", METRIC_GRAD_NORM, METRIC_CRITIC_GRAD_NORM)                                    \
  CHART(PHASE_SFT, "SFT loss", METRIC_LOSS_SFT)                                                                   \
  CHART(PHASE_SFT, "SFT gradient norm", METRIC_GRAD_NORM)

#endif
