/* Programs on a Vulkan device: a pipeline per kernel, a recorded command buffer per program. See vulkan_device.h. */
#include <string.h>

#include "engine/check.h"
#include "platform/vulkan/shaders.h"
#include "platform/vulkan/vulkan_device.h"

static bool is_pipeline(const struct vulkan_pipeline *pipeline, u32 kernel, const struct dispatch *dispatch) {
  return pipeline->kernel == kernel && pipeline->constant_count == dispatch->constant_count &&
         memcmp(pipeline->constants, dispatch->constants, dispatch->constant_count * sizeof(u32)) == 0;
}

static const struct vulkan_pipeline *find_pipeline(const struct vulkan_device *vulkan, u32 kernel,
                                                   const struct dispatch *dispatch) {
  for (u32 i = 0; i < vulkan->pipeline_count; i++)
    if (is_pipeline(&vulkan->pipelines[i], kernel, dispatch)) return &vulkan->pipelines[i];
  return NULL;
}

static enum status create_pipeline(struct vulkan_device *vulkan, u32 kernel, const struct dispatch *dispatch,
                                   struct error *error) {
  const struct vulkan_api *api = &vulkan->api;
  const struct shader *shader = &shaders[kernel];
  CHECK(vulkan->pipeline_count < VULKAN_PIPELINES_MAX, "more than %u pipelines", VULKAN_PIPELINES_MAX);
  struct vulkan_pipeline *made = &vulkan->pipelines[vulkan->pipeline_count];
  *made = (struct vulkan_pipeline){.kernel = kernel, .constant_count = dispatch->constant_count};
  VkSpecializationMapEntry entries[DISPATCH_CONSTANTS_MAX];
  for (u32 i = 0; i < dispatch->constant_count; i++) {
    made->constants[i] = dispatch->constants[i];
    entries[i] = (VkSpecializationMapEntry){.constantID = i, .offset = i * (u32)sizeof(u32), .size = sizeof(u32)};
  }
  const VkSpecializationInfo constants = {.mapEntryCount = dispatch->constant_count,
                                          .pMapEntries = entries,
                                          .dataSize = dispatch->constant_count * sizeof(u32),
                                          .pData = made->constants};
  const VkShaderModuleCreateInfo create = {
      .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = *shader->bytes, .pCode = shader->words};
  VkShaderModule module = VK_NULL_HANDLE;
  VkResult result = api->CreateShaderModule(vulkan->device, &create, NULL, &module);
  if (result == VK_SUCCESS) {
    const VkComputePipelineCreateInfo pipeline = {
        .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
        .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                  .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                  .module = module,
                  .pName = "main",
                  .pSpecializationInfo = &constants},
        .layout = vulkan->layout};
    result = api->CreateComputePipelines(vulkan->device, VK_NULL_HANDLE, 1, &pipeline, NULL, &made->pipeline);
    api->DestroyShaderModule(vulkan->device, module, NULL);
  }
  if (result != VK_SUCCESS)
    return status_fail(error, STATUS_DEVICE, vulkan->name,
                       "the driver does not compile the kernel %s: %s; update the driver", shader->name,
                       vulkan_result_text(result));
  vulkan->pipeline_count++;
  return STATUS_OK;
}

static enum status create_pipelines(struct vulkan_device *vulkan, const struct program *program, struct error *error) {
  for (u32 i = 0; i < program->count; i++) {
    const struct program_call *call = &program->calls[i];
    if (shaders[call->kernel].words == NULL)
      return status_fail(error, STATUS_DEVICE, vulkan->name, "the kernel %s has no shader yet; set run.device = cpu",
                         shaders[call->kernel].name);
    struct dispatch dispatch;
    vulkan_dispatch(call->kernel, call->params, &dispatch);
    if (find_pipeline(vulkan, call->kernel, &dispatch) != NULL) continue;
    const enum status status = create_pipeline(vulkan, call->kernel, &dispatch, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

static void record(const struct vulkan_device *vulkan, VkCommandBuffer commands, const struct program *program) {
  const struct vulkan_api *api = &vulkan->api;
  for (u32 i = 0; i < program->count; i++) {
    const struct program_call *call = &program->calls[i];
    const u32 group_base = 0;
    struct dispatch dispatch;
    vulkan_dispatch(call->kernel, call->params, &dispatch);
    const u64 groups = dispatch_groups(&dispatch, dispatch.rows_max);
    if (groups == 0) continue;
    vulkan_barrier(vulkan, commands); /* each call may read what any before it wrote */
    api->CmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE,
                         find_pipeline(vulkan, call->kernel, &dispatch)->pipeline);
    api->CmdPushConstants(commands, vulkan->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, call->params_bytes, call->params);
    api->CmdPushConstants(commands, vulkan->layout, VK_SHADER_STAGE_COMPUTE_BIT, GROUP_BASE_OFFSET, sizeof group_base,
                          &group_base);
    api->CmdDispatch(commands, groups < WORKGROUPS_MAX ? (u32)groups : WORKGROUPS_MAX,
                     (u32)((groups + WORKGROUPS_MAX - 1) / WORKGROUPS_MAX), 1);
  }
  vulkan_barrier(vulkan, commands);
}

enum status vulkan_program_load(struct device *device, struct program *program, struct error *error) {
  struct vulkan_device *vulkan = device->state;
  CHECK(program->calls != NULL, "program %s is not recorded", program->name);
  CHECK(program->device_state == NULL, "program %s is loaded already", program->name);
  CHECK(vulkan->program_count < VULKAN_PROGRAMS_MAX, "more than %u programs", VULKAN_PROGRAMS_MAX);
  enum status status = create_pipelines(vulkan, program, error);
  if (status != STATUS_OK) return status;
  struct vulkan_program *recorded = &vulkan->programs[vulkan->program_count++];
  const VkCommandBufferAllocateInfo allocate = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                                .commandPool = vulkan->pool,
                                                .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                                .commandBufferCount = 1};
  status = vulkan_checked(vulkan, vulkan->api.AllocateCommandBuffers(vulkan->device, &allocate, &recorded->commands),
                          "vkAllocateCommandBuffers", error);
  if (status != STATUS_OK) return status;
  const VkCommandBufferBeginInfo begin = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
  status =
      vulkan_checked(vulkan, vulkan->api.BeginCommandBuffer(recorded->commands, &begin), "vkBeginCommandBuffer", error);
  if (status != STATUS_OK) return status;
  record(vulkan, recorded->commands, program);
  status = vulkan_checked(vulkan, vulkan->api.EndCommandBuffer(recorded->commands), "vkEndCommandBuffer", error);
  if (status == STATUS_OK) program->device_state = recorded;
  return status;
}

enum status vulkan_program_run(struct device *device, struct program *program, struct error *error) {
  const struct vulkan_program *recorded = program->device_state;
  CHECK(recorded != NULL, "program %s is not loaded", program->name);
  return vulkan_submit(device->state, recorded->commands, program->name, error);
}

void vulkan_programs_release(struct vulkan_device *vulkan) {
  for (u32 i = 0; i < vulkan->pipeline_count; i++)
    vulkan->api.DestroyPipeline(vulkan->device, vulkan->pipelines[i].pipeline, NULL);
  vulkan->pipeline_count = 0;
  vulkan->program_count = 0; /* the command buffers go with their pool */
}
