/* The table a run ends with: one row an evaluation. Called by train and eval; prints on standard output. */
#ifndef RLSP_TOOLS_EVAL_TABLE_H
#define RLSP_TOOLS_EVAL_TABLE_H

#include "engine/report/summary.h"

void eval_table_print(const struct summary_eval *evals, u32 count);

#endif
