/* SIGINT, SIGHUP and SIGTERM: the first is noted and the run ends after its step and a checkpoint; the second ends the
 * process at once.
 *
 * Called by: tools (install, once), the trainer (pending, each step). The one mutable global of the product lives
 * behind this header: a signal handler has no other way in. A signal ignored by our parent (nohup, a background job)
 * stays ignored. SIGPIPE and SIGXFSZ are ignored, so that a closed pipe or a file limit is an error of the write and
 * not the death of the run. */
#ifndef RLSP_PLATFORM_SIGNALS_H
#define RLSP_PLATFORM_SIGNALS_H

#include "engine/status.h"

enum status signals_install(struct error *error) MUST_USE;
/* STATUS_OK, STATUS_INTERRUPTED (SIGINT, SIGHUP) or STATUS_TERMINATED (SIGTERM): what the process should exit with. */
enum status signals_pending(void);

#endif
