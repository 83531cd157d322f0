#include "platform/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "platform/clock.h"

/* `timeout` and a closing terminal deliver one event twice; people need longer than this to press a key again. */
#define SAME_EVENT_NS 50000000u

/* The exception to "no mutable globals" (signals.h): 0, or the first signal, and when it came. */
static volatile sig_atomic_t noted;
static volatile u64 noted_ns; /* written and read by the handler alone, with all three signals blocked */

static void note(int number) {
  const int code = errno;
  const u64 now = clock_monotonic_ns();
  if (noted != 0 && now - noted_ns >= SAME_EVENT_NS) _exit(number == SIGTERM ? STATUS_TERMINATED : STATUS_INTERRUPTED);
  if (noted == 0) {
    noted = number;
    noted_ns = now;
  }
  errno = code;
}

enum status signals_install(struct error *error) {
  static const int stops[] = {SIGINT, SIGTERM, SIGHUP}, ignored[] = {SIGPIPE, SIGXFSZ};
  struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART}, before;
  sigemptyset(&action.sa_mask);
  for (u32 i = 0; i < COUNT_OF(stops); i++) sigaddset(&action.sa_mask, stops[i]);
  bool failed = false;
  for (u32 i = 0; i < COUNT_OF(stops); i++) {
    failed = failed || sigaction(stops[i], NULL, &before) != 0;
    if (before.sa_handler != SIG_IGN) failed = failed || sigaction(stops[i], &action, NULL) != 0;
  }
  action.sa_handler = SIG_IGN;
  for (u32 i = 0; i < COUNT_OF(ignored); i++) failed = failed || sigaction(ignored[i], &action, NULL) != 0;
  if (failed) return status_fail(error, STATUS_FAILED, "signals", "cannot be installed (error %d)", errno);
  return STATUS_OK;
}

enum status signals_pending(void) {
  if (noted == 0) return STATUS_OK;
  return noted == SIGTERM ? STATUS_TERMINATED : STATUS_INTERRUPTED;
}
