/* The door to compute: chooses a device and forwards to it. Owns nothing; the caller owns struct device from
 * device_open to device_close. Called by the trainer, the commands and the tests. Fails as device.h says: an explicit
 * device that is not there is STATUS_DEVICE. */
#include "platform/device.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"

#define NOTE_BYTES 512u
#define SELECT_VULKAN "vulkan"

struct candidates {
  struct device_info infos[DEVICES_MAX];
  u32 count;
  char note[NOTE_BYTES];
};

u32 device_list(struct device_info *infos, u32 capacity, char *vulkan_note, u32 vulkan_note_bytes) {
  CHECK(capacity > 0, "a list of devices without room");
  u32 count = vulkan_device_list(infos, capacity - 1, vulkan_note, vulkan_note_bytes);
  cpu_device_describe(&infos[count++], SIMD_AUTO);
  return count;
}

/* Smaller is better. `auto` stops before "virtual". */
static u32 type_rank(const char *type) {
  static const char *const order[] = {"discrete", "integrated", "virtual", "other"};
  for (u32 rank = 0; rank < COUNT_OF(order); rank++)
    if (strcmp(type, order[rank]) == 0) return rank;
  return COUNT_OF(order); /* "cpu" */
}
#define RANK_AUTO_END 2u
#define RANK_END 100u

/* The best fit device with a rank below rank_end, or count when there is none. */
static u32 best(const struct candidates *list, u32 rank_end) {
  u32 chosen = list->count, chosen_rank = rank_end;
  for (u32 i = 0; i < list->count; i++) {
    const u32 rank = type_rank(list->infos[i].type);
    if (list->infos[i].missing[0] != '\0' || rank >= chosen_rank) continue;
    chosen = i;
    chosen_rank = rank;
  }
  return chosen;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool contains(const char *text, const char *part) {
  for (; *text != '\0'; text++) {
    u32 i = 0;
    while (part[i] != '\0' && lower(text[i]) == lower(part[i])) i++;
    if (part[i] == '\0') return true;
  }
  return false;
}

/* "vulkan:0 (NAME), vulkan:1 (NAME)" of the devices whose name contains part; returns how many those are. */
static u32 name_them(const struct candidates *list, const char *part, char *text, size_t text_bytes) {
  u32 matches = 0;
  size_t used = 0;
  text[0] = '\0';
  for (u32 i = 0; i < list->count; i++) {
    if (!contains(list->infos[i].name, part)) continue;
    const int more = snprintf(text + used, text_bytes - used, "%svulkan:%u (%s)", matches++ == 0 ? "" : ", ",
                              list->infos[i].index, list->infos[i].name);
    if (more < 0 || (size_t)more >= text_bytes - used)
      used = text_bytes - 1;
    else
      used += (size_t)more;
  }
  return matches;
}

static enum status no_device(const struct candidates *list, const char *select, struct error *error) {
  char names[NOTE_BYTES];
  if (name_them(list, "", names, sizeof names) == 0)
    return status_fail(error, STATUS_DEVICE, select, "there is no Vulkan device: %s", list->note);
  return status_fail(error, STATUS_DEVICE, select,
                     "there is no such device; this machine has cpu, %s%s%s; set run.device to one of them or to auto",
                     names, list->note[0] == '\0' ? "" : "; ", list->note);
}

/* "vulkan:N": N without sign, spaces or leftovers. */
static bool parse_index(const char *digits, u32 *index) {
  *index = 0;
  if (digits[0] == '\0') return false;
  for (; *digits != '\0'; digits++) {
    if (*digits < '0' || *digits > '9' || *index > 1000) return false;
    *index = *index * 10 + (u32)(*digits - '0');
  }
  return true;
}

static enum status select_by_index(const struct candidates *list, const char *select, u32 *chosen,
                                   struct error *error) {
  u32 index;
  if (!parse_index(select + strlen(SELECT_VULKAN) + 1, &index))
    return status_fail(error, STATUS_DEVICE, select, "after vulkan: comes a device's number; rlsp devices lists them");
  for (*chosen = 0; *chosen < list->count; ++*chosen)
    if (list->infos[*chosen].index == index) return STATUS_OK;
  return no_device(list, select, error);
}

static enum status select_by_name(const struct candidates *list, const char *select, u32 *chosen, struct error *error) {
  char names[NOTE_BYTES];
  const u32 matches = name_them(list, select, names, sizeof names);
  if (matches == 0) return no_device(list, select, error);
  if (matches > 1)
    return status_fail(error, STATUS_DEVICE, select, "several devices have that in their name: %s; choose by number",
                       names);
  *chosen = 0;
  while (!contains(list->infos[*chosen].name, select)) ++*chosen;
  return STATUS_OK;
}

static enum status select_vulkan(const struct candidates *list, const char *select, u32 *chosen, struct error *error) {
  if (strncmp(select, SELECT_VULKAN ":", strlen(SELECT_VULKAN) + 1) == 0)
    return select_by_index(list, select, chosen, error);
  if (strcmp(select, SELECT_VULKAN) != 0) return select_by_name(list, select, chosen, error);
  *chosen = best(list, RANK_END);
  if (*chosen == list->count && list->count > 0) *chosen = 0; /* none is fit: opening it says what the first lacks */
  return *chosen == list->count ? no_device(list, select, error) : STATUS_OK;
}

/* The CPU device under `auto`, and why. */
static enum status open_cpu_instead(struct device *device, const struct device_options *options,
                                    const struct candidates *list, struct error *error) {
  u32 lacking = 0;
  while (lacking < list->count && list->infos[lacking].missing[0] == '\0') lacking++;
  if (lacking < list->count)
    snprintf(device->note, sizeof device->note, "running on the CPU: %.120s cannot be used, it lacks %.300s",
             list->infos[lacking].name, list->infos[lacking].missing);
  else
    snprintf(device->note, sizeof device->note, "running on the CPU: no GPU was found%s%.440s",
             list->note[0] == '\0' ? "" : ": ", list->note);
  return cpu_device_open(device, options, error);
}

enum status device_open(struct device *device, const struct device_options *options, struct error *error) {
  memset(device, 0, sizeof *device);
  const char *select = options->select == NULL || options->select[0] == '\0' ? "auto" : options->select;
  const bool is_auto = strcmp(select, "auto") == 0;
  if (strcmp(select, "cpu") == 0) return cpu_device_open(device, options, error);

  struct candidates list;
  list.count = vulkan_device_list(list.infos, DEVICES_MAX, list.note, NOTE_BYTES);
  u32 chosen = 0;
  if (is_auto) {
    chosen = best(&list, RANK_AUTO_END);
    if (chosen == list.count) return open_cpu_instead(device, options, &list, error);
  } else {
    const enum status status = select_vulkan(&list, select, &chosen, error);
    if (status != STATUS_OK) return status;
  }
  return vulkan_device_open(device, list.infos[chosen].index, options, error);
}

enum status device_memory_reserve(struct device *device, u64 bytes, struct error *error) {
  return device->operations->memory_reserve(device, bytes, error);
}

u64 device_address(const struct device *device, u64 offset) { return device->operations->address(device, offset); }

enum status device_upload(struct device *device, u64 offset, const void *data, u64 bytes, struct error *error) {
  return device->operations->upload(device, offset, data, bytes, error);
}

enum status device_download(struct device *device, u64 offset, void *data, u64 bytes, struct error *error) {
  return device->operations->download(device, offset, data, bytes, error);
}

enum status device_program_load(struct device *device, struct program *program, struct error *error) {
  return device->operations->program_load(device, program, error);
}

enum status device_program_run(struct device *device, struct program *program, struct error *error) {
  return device->operations->program_run(device, program, error);
}

enum status device_freeze(struct device *device, struct error *error) {
  return device->operations->freeze(device, error);
}

void device_report(const struct device *device, struct device_report *report) {
  memset(report, 0, sizeof *report);
  device->operations->report(device, report);
}

bool device_close(struct device *device) {
  const bool at_rest = device->operations == NULL || device->operations->close(device);
  memset(device, 0, sizeof *device);
  return at_rest;
}
