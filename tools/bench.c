/* rlsp bench: what this machine could do, what its matrix products do, and what learning makes of them; each figure the
 * median of repetitions. */
#include <stdio.h>
#include <string.h>

#include "engine/config/config_number.h"
#include "platform/device.h"
#include "tools/bench_learning.h"
#include "tools/bench_matmul.h"
#include "tools/commands.h"

#define REPETITIONS 9

static enum status read_repetitions(const struct invocation *invocation, u32 *repetitions, struct error *error) {
  const char *text = invocation_option(invocation, "repetitions");
  i64 value = REPETITIONS;
  if (text != NULL &&
      (number_read_integer(text, &value) != NUMBER_OK || value < 1 || value > (i64)BENCH_REPETITIONS_MAX))
    return status_fail(error, STATUS_USAGE, "command line",
                       "--repetitions %.60s is not among 1 to %u; choose one of these", text, BENCH_REPETITIONS_MAX);
  *repetitions = (u32)value;
  return STATUS_OK;
}

static enum status read_parts(const struct invocation *invocation, bool *matmul, bool *learning, struct error *error) {
  const char *only = invocation_option(invocation, "only");
  *matmul = only == NULL || strcmp(only, "matmul") == 0;
  *learning = only == NULL || strcmp(only, "learning") == 0;
  if (*matmul || *learning) return STATUS_OK;
  return status_fail(error, STATUS_USAGE, "command line",
                     "--only %.60s is no part of the bench; write matmul or learning", only);
}

static enum status read_config(const struct invocation *invocation, struct config *config, struct error *error) {
  if (invocation->operand != NULL) return invocation_config(invocation, config, error);
  config_defaults(config);
  return STATUS_OK;
}

enum status command_bench(const struct invocation *invocation, struct error *error) {
  static struct bench_table table; /* large */
  struct config config;
  struct device_info cpu;
  struct bench_facts facts = {.config = invocation->operand != NULL ? invocation->operand : "defaults", .workload = ""};
  bool matmul = true, learning = true;
  enum status status = read_config(invocation, &config, error);
  if (status == STATUS_OK) status = read_repetitions(invocation, &facts.repetitions, error);
  if (status == STATUS_OK) status = read_parts(invocation, &matmul, &learning, error);
  if (status != STATUS_OK) return status;
  table.count = 0;
  cpu_device_describe(&cpu, (enum simd)config.run_simd);
  facts.device = cpu.name, facts.simd = cpu.driver, facts.threads = cpu_threads((u32)config.run_threads);
#if !defined(__OPTIMIZE__)
  fprintf(stderr, "rlsp: this build is not optimized: the figures say nothing about a release build\n");
#endif
  if (matmul) status = bench_matmul(&config, facts.repetitions, &table, &facts, error);
  if (status == STATUS_OK && learning) status = bench_learning(&config, facts.repetitions, &table, &facts, error);
  if (status != STATUS_OK) return status;
  if (invocation_option(invocation, "json") != NULL)
    bench_table_print_json(&table, &facts);
  else
    bench_table_print(&table, &facts);
  return STATUS_OK;
}
