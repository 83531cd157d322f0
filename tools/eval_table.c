#include "tools/eval_table.h"

#include <stdio.h>
#include <string.h>

static const char *title_of(const char *phase) {
  return strcmp(phase, "sft") == 0 ? "SFT" : strcmp(phase, "rlsp") == 0 ? "after RLSP" : "checkpoint";
}

static void print_share(f64 value) {
  if (value == value)
    printf("  %8.3f", value);
  else
    printf("  %8s", "-"); /* not a number: nothing to take it over */
}

void eval_table_print(const struct summary_eval *evals, u32 count) {
  if (count == 0) return;
  printf("\n%-12s %16s  %8s  %8s  %8s  %8s  %8s\n", "", "pass@1 (stderr)", "length", "attempts", "depth>=2", "distinct",
         "OK true");
  for (u32 i = 0; i < count; i++) {
    const struct summary_eval *eval = &evals[i];
    printf("%-12s  %6.3f (%.3f)  %9.1f  %8.2f", title_of(eval->phase), eval->pass_at_1, eval->stderr_pass,
           eval->mean_length, eval->mean_attempts);
    print_share(eval->depth2_share);
    print_share(eval->distinct_ratio);
    print_share(eval->check_precision);
    printf("\n");
  }
  printf("on %llu problems that training never saw, %llu response%s each\n", (unsigned long long)evals[0].problems,
         (unsigned long long)evals[0].samples, evals[0].samples == 1 ? "" : "s");
}
