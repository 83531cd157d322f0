/* rlsp devices: a table of what run.device can name. */
#include <stdio.h>

#include "engine/report/plan_text.h"
#include "platform/probe.h"
#include "tools/commands.h"

#define NOTE_BYTES 512u

static void print_device(const struct device_info *info) {
  char select[24] = "cpu", memory[SIZE_TEXT_BYTES], free_memory[SIZE_TEXT_BYTES] = "unknown";
  if (info->kind == DEVICE_KIND_VULKAN) snprintf(select, sizeof select, "vulkan:%u", info->index);
  if (info->free_known) size_text(info->free_bytes, free_memory);
  printf("%-10s  %-10s  %10s  %10s  %s (%s)\n", select, info->type, size_text(info->memory_bytes, memory), free_memory,
         info->name, info->driver);
  if (info->missing[0] != 0) printf("%-10s  cannot be used: it lacks %s\n", "", info->missing);
}

/* Opens it, asks it, closes it. Prints why where it cannot be asked. *ended: it came to rest, so that another can be opened. */
static enum status probe_device(const struct device_info *info, bool *matches, bool *ended) {
  struct device device;
  struct probe_verdict verdict;
  struct error error = {0};
  char select[24], text[PROBE_TEXT_BYTES];
  snprintf(select, sizeof select, "vulkan:%u", info->index);
  const struct device_options options = {.select = select};
  enum status status = device_open(&device, &options, &error);
  if (status == STATUS_OK) status = device_memory_reserve(&device, PROBE_ARENA_BYTES, &error);
  if (status == STATUS_OK) status = device_probe(&device, PROBE_THOROUGH, &verdict, &error);
  *matches = status == STATUS_OK && verdict.failed == NULL;
  if (status == STATUS_OK)
    printf("%-10s  %s%s\n", select, *matches ? "" : "bits do not match: ", probe_verdict_text(&verdict, text));
  else
    printf("%-10s  cannot be asked: %s\n", select, error.text);
  fflush(stdout);
  *ended = device_close(&device);
  return status;
}

static enum status probe_all(const struct device_info *infos, u32 count, struct error *error) {
  u32 asked = 0, failed = 0;
  printf("\n");
  for (u32 i = 0; i < count; i++) {
    bool matches, ended;
    if (infos[i].kind != DEVICE_KIND_VULKAN || infos[i].missing[0] != 0) continue;
    asked++;
    if (probe_device(&infos[i], &matches, &ended) != STATUS_OK || !matches) failed++;
    if (!ended)
      return status_fail(error, STATUS_DEVICE, infos[i].name,
                         "the device hangs or was lost, and those after it were not asked; see dmesg, and update its "
                         "driver or set run.device to another");
  }
  if (asked == 0)
    return status_fail(error, STATUS_DEVICE, "devices",
                       "there is no Vulkan device to probe; the CPU device needs none");
  if (failed == 0) return STATUS_OK;
  return status_fail(error, STATUS_DEVICE, "devices",
                     "%u of %u devices cannot run the exact profile; use another, or run.device = cpu", failed, asked);
}

enum status command_devices(const struct invocation *invocation, struct error *error) {
  struct device_info infos[DEVICES_MAX];
  char note[NOTE_BYTES] = "";
  const u32 count = device_list(infos, DEVICES_MAX, note, sizeof note);
  printf("%-10s  %-10s  %10s  %10s  %s\n", "run.device", "type", "memory", "free", "name (driver)");
  for (u32 i = 0; i < count; i++) print_device(&infos[i]);
  if (note[0] != 0) printf("%s\n", note);
  return invocation_option(invocation, "probe") == NULL ? STATUS_OK : probe_all(infos, count, error);
}
