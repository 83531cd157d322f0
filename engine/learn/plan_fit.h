/* Whether a plan fits a device, and which settings would make it fit.
 *
 * Called by: rlsp plan. Every figure is measured, by placing the altered config anew. Owns nothing; the caller owns
 * plan and fit. Fails: as the measuring does, except that STATUS_DOES_NOT_FIT (a tensor larger than a chunk) is an
 * answer. */
#ifndef RLSP_ENGINE_LEARN_PLAN_FIT_H
#define RLSP_ENGINE_LEARN_PLAN_FIT_H

#include "engine/config/config.h"
#include "engine/memory/arena.h"

/* trainer_measure, or a test's. */
typedef enum status plan_measure(const struct config *config, struct plan *plan, u64 *host_bytes, u64 *device_bytes,
                                 struct error *error);

struct plan_limit {
  u64 bytes;
  bool host_counts; /* the CPU device: host region and device arena lie in the same memory */
};

/* Settings that shrink a run when they are halved, the least harmful first; RUN: of how it goes; MODEL: of what is
 * trained. */
#define PLAN_KNOBS(RUN, MODEL) \
  RUN("rollout.slots")         \
  RUN("optim.micro_tokens")    \
  RUN("rollout.samples") RUN("rollout.response_max") MODEL("model.layers") MODEL("model.ffn") MODEL("model.width")

#define PLAN_KNOB_COUNTED(name) +1
#define PLAN_KNOB_SKIPPED(name)
enum {
  PLAN_RUN_KNOBS = 0 PLAN_KNOBS(PLAN_KNOB_COUNTED, PLAN_KNOB_SKIPPED),
  PLAN_KNOB_COUNT = 0 PLAN_KNOBS(PLAN_KNOB_COUNTED, PLAN_KNOB_COUNTED)
};
#undef PLAN_KNOB_COUNTED
#undef PLAN_KNOB_SKIPPED

struct plan_change {
  const char *setting; /* "optim.micro_tokens" */
  i64 value;           /* what it would have to be */
  u64 saved;           /* bytes */
};

struct plan_fit {
  bool fits;
  u64 needed; /* bytes that count against the limit; 0 = unknown, as a tensor is larger than a chunk, or there are too many */
  bool too_many;                             /* more tensors than a plan lists */
  struct plan_change alone[PLAN_KNOB_COUNT]; /* each would do by itself */
  u32 alone_count;
  /* All of these do together: of how the run goes, where none of those does alone; of the model too, where nothing does
   * alone. */
  struct plan_change together[PLAN_KNOB_COUNT];
  u32 together_count;
  u64 shortfall;           /* where nothing helps: bytes missing after all of them */
  struct plan_row largest; /* the largest tensor that counts against the limit */
};

/* Measures into *plan (the config's own when it returns) and fills *fit. */
enum status plan_fit(const struct config *config, const struct plan_limit *limit, plan_measure *measure,
                     struct plan *plan, u64 *host_bytes, u64 *device_bytes, struct plan_fit *fit,
                     struct error *error) MUST_USE;

/* One line without newline: "fits: ..." or "does not fit: ...". where: what the limit is ("on cpu", "given by
 * --device-memory"). Returns text. */
const char *plan_fit_text(const struct plan_fit *fit, const struct plan_limit *limit, const char *where, char *text,
                          u64 bytes);

#endif
