/* Programs on a Vulkan device: recorded when loaded, replayed by every run. See vulkan_segments.h. */
#include "engine/check.h"
#include "platform/vulkan/vulkan_device.h"

enum status vulkan_program_load(struct device *device, struct program *program, struct error *error) {
  struct vulkan_device *vulkan = device->state;
  CHECK(program->calls != NULL, "program %s is not recorded", program->name);
  CHECK(program->device_state == NULL, "program %s is loaded already", program->name);
  CHECK(vulkan->program_count < VULKAN_PROGRAMS_MAX, "more than %u programs", VULKAN_PROGRAMS_MAX);
  struct vulkan_program *recorded = &vulkan->programs[vulkan->program_count++];
  *recorded = (struct vulkan_program){.program = program};
  const enum status status = vulkan_segments_record(vulkan, recorded, error);
  if (status == STATUS_OK) program->device_state = recorded;
  return status;
}

enum status vulkan_program_run(struct device *device, struct program *program, struct error *error) {
  struct vulkan_program *recorded = program->device_state;
  CHECK(recorded != NULL, "program %s is not loaded", program->name);
  return vulkan_segments_run(device->state, recorded, error);
}
