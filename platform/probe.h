/* Whether a device computes as the exact profile needs: small cases (shaders/probe_cases.h) run on the device and compared, word for word,
 * with what C makes of them. Called by the trainer before a run, and by rlsp devices --probe. Needs PROBE_ARENA_BYTES of a reserved
 * arena that nothing lies in yet, and leaves it cleared. Owns nothing. */
#ifndef RLSP_PLATFORM_PROBE_H
#define RLSP_PLATFORM_PROBE_H

#include "platform/device.h"

/* Cases of one call; 4 words each on the device, and on this stack. */
#define PROBE_CALL_CASES 4096u
#define PROBE_ARENA_BYTES (16u * PROBE_CALL_CASES)

enum probe_depth {
  PROBE_SHORT /* before each run: a call an operation */,
  PROBE_THOROUGH /* 2^22 words a function, 2^18 cases else */
};

struct probe_verdict {
  u64 cases;
  u32 operations;
  f64 seconds;
  const char *failed; /* the first operation that does not match; NULL = the bits match */
  u32 input[3], expected, got;
};

/* STATUS_OK whatever the verdict; errors are the device's. */
enum status device_probe(struct device *device, enum probe_depth depth, struct probe_verdict *verdict,
                         struct error *error) MUST_USE;
/* "exp of 3f800000 is 402df855, not 402df854": for messages. */
#define PROBE_TEXT_BYTES 160u
const char *probe_verdict_text(const struct probe_verdict *verdict, char text[PROBE_TEXT_BYTES]);
/* What C says: the words that `count` cases [count][3] of an operation must give; count a multiple of 256. For tests too. */
void probe_expected(u32 operation, const u32 *cases, u32 *result, u32 count);
const char *probe_operation_name(u32 operation);
u32 probe_operation_count(void);

#endif
