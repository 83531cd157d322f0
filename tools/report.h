/* rlsp report RUNDIR | CONFIG.ini [section.key=value ...]: rebuilds report.html from what a run directory holds. Also of a run that is going on. */
#ifndef RLSP_TOOLS_REPORT_H
#define RLSP_TOOLS_REPORT_H

#include "engine/status.h"

/* target: a run directory, or a config file that names one. Prints the path of the report. */
enum status report_rebuild(const char *target, const char *const *overrides, u32 override_count, struct error *error);

#endif
