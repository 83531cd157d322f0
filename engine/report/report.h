/* report.html: one self-contained page made from the files of a run directory.
 *
 * Reads summary.json, metrics.jsonl, samples.jsonl, config.ini, plan.txt (each may be absent or end in half a line:
 * what is there is shown). Memory: the caller's, REPORT_MEMORY_BYTES; longer files are streamed and curves thinned to
 * REPORT_POINTS_MAX points. Called by: the trainer at the end, `rlsp report`. Fails: as files do. Bytes depend only on
 * the files read. */
#ifndef RLSP_ENGINE_REPORT_REPORT_H
#define RLSP_ENGINE_REPORT_REPORT_H

#include "platform/files.h"

#define REPORT_MEMORY_BYTES (4u << 20)
#define REPORT_POINTS_MAX 512u /* of a curve: about one a pixel */
#define REPORT_SAMPLES_MAX 24u /* shown: the newest */

/* Writes RUNDIR/report.html. */
enum status report_write(struct files *files, const char *run_folder, void *memory, u64 memory_bytes,
                         struct error *error) MUST_USE;

#endif
