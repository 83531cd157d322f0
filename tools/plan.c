/* rlsp plan: every buffer of a run and whether they fit, without making one of them. */
#include <stdio.h>

#include "engine/learn/plan_fit.h"
#include "engine/learn/trainer.h"
#include "engine/report/plan_text.h"
#include "platform/device.h"
#include "tools/commands.h"

#define LINE_BYTES 2048u

static void print_line(void *context, const char *line, u64 bytes) {
  (void)context;
  fwrite(line, 1, bytes, stdout);
}

/* What --device-memory says, or what the device that run.device names has. */
static enum status find_limit(const struct invocation *invocation, const struct config *config,
                              struct plan_limit *limit, char *where, u64 where_bytes, struct error *error) {
  struct device device;
  *limit = (struct plan_limit){0};
  snprintf(where, where_bytes, "given by --device-memory");
  enum status status = invocation_size(invocation, "device-memory", &limit->bytes, error);
  if (status != STATUS_OK || limit->bytes > 0) return status;
  const struct device_options options = {
      .select = config->run_device, .threads = (u32)config->run_threads, .simd = (enum simd)config->run_simd};
  status = device_open(&device, &options, error);
  /* A GPU's driver holds a run to what is free; the CPU's memory can be freed by others until the run starts. */
  const bool free_counts = device.info.kind == DEVICE_KIND_VULKAN && device.info.free_known;
  limit->bytes = free_counts ? device.info.free_bytes : device.info.memory_bytes;
  limit->host_counts = device.info.kind == DEVICE_KIND_CPU;
  snprintf(where, where_bytes, "%son %s", free_counts ? "free " : "", device.info.name);
  device_close(&device);
  return status;
}

enum status command_plan(const struct invocation *invocation, struct error *error) {
  static struct plan plan; /* large; the process makes one plan */
  struct config config;
  struct plan_limit limit;
  struct plan_fit fit;
  char where[DEVICE_NAME_BYTES + 32], line[LINE_BYTES];
  u64 host_bytes = 0, device_bytes = 0;
  enum status status = invocation_config(invocation, &config, error);
  if (status == STATUS_OK) status = find_limit(invocation, &config, &limit, where, sizeof where, error);
  if (status == STATUS_OK)
    status = plan_fit(&config, &limit, trainer_measure, &plan, &host_bytes, &device_bytes, &fit, error);
  if (status != STATUS_OK) return status;
  error->text[0] = 0; /* a tensor that is too large is part of the answer */
  plan_text(&plan, host_bytes, device_bytes, print_line, NULL);
  printf("%s\n", plan_fit_text(&fit, &limit, where, line, sizeof line));
  return fit.fits ? STATUS_OK : STATUS_DOES_NOT_FIT;
}
