/* How fast run.device multiplies matrices, through the door that training uses, and on the CPU device what share of the
 * ceiling that is.
 *
 * Sizes: two that are always measured, and those of one training pass and one decode step of the config. Called by: the
 * bench. Opens the device and closes it again. Fails: with the device, or where memory is short. */
#ifndef RLSP_TOOLS_BENCH_MATMUL_H
#define RLSP_TOOLS_BENCH_MATMUL_H

#include "engine/config/config.h"
#include "tools/bench_table.h"

/* Adds the ceiling's rows, then one a product, and names the device in *facts. Each repetition goes round all products; product and ceiling are tried
 * in turn, the best try of each counts, and a share is of the repetition's best ceiling: the highest there was. */
enum status bench_matmul(const struct config *config, u32 repetitions, struct bench_table *table,
                         struct bench_facts *facts, struct error *error) MUST_USE;

#endif
