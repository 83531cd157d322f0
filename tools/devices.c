/* rlsp devices: a table of what run.device can name. */
#include <stdio.h>

#include "engine/report/plan_text.h"
#include "platform/device.h"
#include "tools/commands.h"

#define NOTE_BYTES 512u

static void print_device(const struct device_info *info) {
  char select[24] = "cpu", memory[SIZE_TEXT_BYTES], free_memory[SIZE_TEXT_BYTES] = "unknown";
  if (info->kind == DEVICE_KIND_VULKAN) snprintf(select, sizeof select, "vulkan:%u", info->index);
  if (info->free_bytes > 0) size_text(info->free_bytes, free_memory);
  printf("%-10s  %-10s  %10s  %10s  %s (%s)\n", select, info->type, size_text(info->memory_bytes, memory), free_memory,
         info->name, info->driver);
  if (info->missing[0] != 0) printf("%-10s  cannot be used: it lacks %s\n", "", info->missing);
}

enum status command_devices(const struct invocation *invocation, struct error *error) {
  struct device_info infos[DEVICES_MAX];
  char note[NOTE_BYTES] = "";
  (void)invocation;
  (void)error;
  const u32 count = device_list(infos, DEVICES_MAX, note, sizeof note);
  printf("%-10s  %-10s  %10s  %10s  %s\n", "run.device", "type", "memory", "free", "name (driver)");
  for (u32 i = 0; i < count; i++) print_device(&infos[i]);
  if (note[0] != 0) printf("%s\n", note);
  return STATUS_OK;
}
