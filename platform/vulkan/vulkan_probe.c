/* Runs probe.comp, for platform/probe.c. See vulkan_device.h. */
#include "platform/vulkan/shaders.h"
#include "platform/vulkan/vulkan_constrain.h"
#include "platform/vulkan/vulkan_device.h"
#include "shaders/probe_cases.h"
#include "shaders/probe_params.h"

/* A test's: the operation that is asked for in place of the one meant, and one; an exception to "no mutable globals", for it must outlive
 * the opening of a device. */
static u32 wrong_operation;

void vulkan_probe_corrupt(u32 operation) { wrong_operation = operation + 1; }
void vulkan_probe_heal(void) { wrong_operation = 0; }

enum status vulkan_probe(struct device *device, u64 cases, u64 results, u32 operation, u32 count, struct error *error) {
  struct vulkan_device *vulkan = device->state;
  const struct vulkan_api *api = &vulkan->api;
  const u32 group_base = 0;
  const struct dispatch dispatch = {0};
  const bool wrong = wrong_operation == operation + 1;
  const struct probe_params params = {.cases = vulkan_arena_address(vulkan, cases),
                                      .result = vulkan_arena_address(vulkan, results),
                                      .count = count,
                                      .operation = wrong ? (operation + 1) % PROBE_OPERATIONS : operation};
  VkPipeline pipeline = VK_NULL_HANDLE;
  enum status status = vulkan_pipeline_get(vulkan, KERNEL_COUNT + SHADER_probe, &dispatch, NULL, &pipeline, error);
  if (status == STATUS_OK) status = vulkan_transfer_begin(vulkan, error);
  if (status != STATUS_OK) return status;
  api->CmdBindPipeline(vulkan->transfer, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline);
  api->CmdPushConstants(vulkan->transfer, vulkan->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof params, &params);
  api->CmdPushConstants(vulkan->transfer, vulkan->layout, VK_SHADER_STAGE_COMPUTE_BIT, GROUP_BASE_OFFSET,
                        sizeof group_base, &group_base);
  api->CmdDispatch(vulkan->transfer, (count + PROBE_GROUP - 1) / PROBE_GROUP, 1, 1);
  return vulkan_transfer_end(vulkan, "the probe", error);
}
