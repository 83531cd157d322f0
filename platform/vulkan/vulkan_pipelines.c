#include "platform/vulkan/vulkan_pipelines.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/formats/hash64.h"
#include "platform/clock.h"
#include "platform/files.h"
#include "platform/memory.h"
#include "platform/vulkan/shaders.h"
#include "platform/vulkan/vulkan_device.h"

#define CACHE_MAGIC "rlspvkc1"
/* Drivers keep some tens of kilobytes a pipeline; a larger file is not ours. */
#define CACHE_BYTES_MAX (256ull << 20)

struct cache_header {
  char magic[8];
  u64 bytes, hash; /* of the driver's data, which follows */
};

/* ---- the file ---- */

static u64 hash_of(const void *data, u64 bytes) {
  struct hash64 hash;
  hash64_begin(&hash);
  hash64_add(&hash, data, bytes);
  return hash64_end(&hash);
}

static bool cache_path(const struct vulkan_device *vulkan, char *path) {
  char name[96], *end = name;
  struct error error;
  if (vulkan->cache_folder[0] == '\0') return false;
  end += snprintf(name, sizeof name, "pipelines-%04x-%04x-", vulkan->limits.vendor, vulkan->limits.device);
  for (u32 i = 0; i < VK_UUID_SIZE; i++) end += snprintf(end, 3, "%02x", (unsigned)vulkan->limits.pipeline_uuid[i]);
  memcpy(end, ".bin", 5);
  return files_path(path, vulkan->cache_folder, name, &error) == STATUS_OK;
}

/* The driver's data in a file that is whole: *bytes of it, else 0. `memory` is the caller's to release. */
static const void *read_cache(const char *path, void **memory, u64 *capacity, u64 *bytes) {
  struct error error;
  struct file file;
  struct cache_header header;
  u64 size = 0;
  *bytes = 0;
  if (files_open_read(&file, path, &error) == STATUS_OK && files_size(&file, &size, &error) != STATUS_OK) size = 0;
  files_close(&file);
  if (size <= sizeof header || size > CACHE_BYTES_MAX) return NULL;
  *capacity = size + 1;
  if (host_memory_reserve(*capacity, memory, &error) != STATUS_OK) return NULL;
  u64 read;
  if (files_read_whole(path, *memory, *capacity, &read, &error) != STATUS_OK || read != size) return NULL;
  memcpy(&header, *memory, sizeof header);
  const u8 *data = (const u8 *)*memory + sizeof header;
  if (memcmp(header.magic, CACHE_MAGIC, sizeof header.magic) != 0 || header.bytes != size - sizeof header ||
      header.hash != hash_of(data, header.bytes))
    return NULL;
  *bytes = header.bytes;
  return data;
}

enum status vulkan_pipelines_open(struct vulkan_device *vulkan, const char *folder, struct error *error) {
  struct vulkan_pipelines *pipelines = &vulkan->pipelines;
  char path[PATH_BYTES_MAX];
  void *memory = NULL;
  u64 capacity = 0;
  snprintf(vulkan->cache_folder, sizeof vulkan->cache_folder, "%s", folder == NULL ? "" : folder);
  VkPipelineCacheCreateInfo create = {.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO};
  if (cache_path(vulkan, path)) create.pInitialData = read_cache(path, &memory, &capacity, &pipelines->cache_bytes);
  create.initialDataSize = pipelines->cache_bytes;
  VkResult result = vulkan->api.CreatePipelineCache(vulkan->device, &create, vulkan->api.host, &pipelines->cache);
  if (result != VK_SUCCESS && pipelines->cache_bytes > 0) { /* a driver may refuse what it wrote: then without */
    create.initialDataSize = pipelines->cache_bytes = 0;
    create.pInitialData = NULL;
    result = vulkan->api.CreatePipelineCache(vulkan->device, &create, vulkan->api.host, &pipelines->cache);
  }
  host_memory_release(memory, capacity);
  return vulkan_checked(vulkan, result, "vkCreatePipelineCache", error);
}

/* Nothing is lost where it fails: the next run compiles again. */
static void write_cache(struct vulkan_device *vulkan) {
  struct vulkan_pipelines *pipelines = &vulkan->pipelines;
  char path[PATH_BYTES_MAX];
  struct files files = {0};
  struct error error;
  void *memory = NULL;
  size_t bytes = 0;
  struct cache_header header = {.magic = CACHE_MAGIC};
  if (!cache_path(vulkan, path)) return;
  if (vulkan->api.GetPipelineCacheData(vulkan->device, pipelines->cache, &bytes, NULL) != VK_SUCCESS) return;
  if (bytes == 0 || bytes == pipelines->cache_bytes || bytes > CACHE_BYTES_MAX - sizeof header) return;
  if (host_memory_reserve(sizeof header + bytes, &memory, &error) != STATUS_OK) return;
  u8 *data = (u8 *)memory + sizeof header;
  const u64 capacity = sizeof header + bytes;
  if (vulkan->api.GetPipelineCacheData(vulkan->device, pipelines->cache, &bytes, data) == VK_SUCCESS) {
    header.bytes = bytes;
    header.hash = hash_of(data, bytes);
    memcpy(memory, &header, sizeof header);
    if (files_make_folders(&files, vulkan->cache_folder, &error) == STATUS_OK)
      (void)!files_replace(&files, path, memory, sizeof header + bytes, &error);
  }
  host_memory_release(memory, capacity);
}

/* ---- pipelines ---- */

static bool is_pipeline(const struct vulkan_pipeline *pipeline, u32 shader, const struct dispatch *dispatch) {
  return pipeline->shader == shader && pipeline->constant_count == dispatch->constant_count &&
         memcmp(pipeline->constants, dispatch->constants, dispatch->constant_count * sizeof(u32)) == 0;
}

static VkResult compile(struct vulkan_device *vulkan, struct vulkan_pipeline *made) {
  const struct vulkan_api *api = &vulkan->api;
  const struct shader *shader = &shaders[made->shader];
  VkSpecializationMapEntry entries[DISPATCH_CONSTANTS_MAX];
  for (u32 i = 0; i < made->constant_count; i++)
    entries[i] = (VkSpecializationMapEntry){.constantID = i, .offset = i * (u32)sizeof(u32), .size = sizeof(u32)};
  const VkSpecializationInfo constants = {.mapEntryCount = made->constant_count,
                                          .pMapEntries = entries,
                                          .dataSize = made->constant_count * sizeof(u32),
                                          .pData = made->constants};
  const VkShaderModuleCreateInfo create = {
      .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = *shader->bytes, .pCode = shader->words};
  VkShaderModule module = VK_NULL_HANDLE;
  VkResult result = api->CreateShaderModule(vulkan->device, &create, api->host, &module);
  if (result != VK_SUCCESS) return result;
  const VkComputePipelineCreateInfo pipeline = {.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
                                                .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                                                          .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                                                          .module = module,
                                                          .pName = "main",
                                                          .pSpecializationInfo = &constants},
                                                .layout = vulkan->layout};
  result =
      api->CreateComputePipelines(vulkan->device, vulkan->pipelines.cache, 1, &pipeline, api->host, &made->pipeline);
  api->DestroyShaderModule(vulkan->device, module, api->host);
  return result;
}

enum status vulkan_pipeline_get(struct vulkan_device *vulkan, u32 shader, const struct dispatch *dispatch,
                                const struct program_call *call, VkPipeline *pipeline, struct error *error) {
  struct vulkan_pipelines *pipelines = &vulkan->pipelines;
  for (u32 i = 0; i < pipelines->count; i++) {
    if (!is_pipeline(&pipelines->all[i], shader, dispatch)) continue;
    *pipeline = pipelines->all[i].pipeline;
    return STATUS_OK;
  }
  CHECK(pipelines->count < VULKAN_PIPELINES_MAX, "more than %u pipelines", VULKAN_PIPELINES_MAX);
  struct vulkan_pipeline *made = &pipelines->all[pipelines->count];
  *made = (struct vulkan_pipeline){.shader = shader, .constant_count = dispatch->constant_count, .call = call};
  memcpy(made->constants, dispatch->constants, sizeof made->constants);
  const u64 began = clock_monotonic_ns();
  const VkResult result = compile(vulkan, made);
  pipelines->ns += clock_monotonic_ns() - began;
  if (result == VK_ERROR_OUT_OF_HOST_MEMORY || result == VK_ERROR_OUT_OF_DEVICE_MEMORY)
    return vulkan_checked(vulkan, result, "compiling a shader", error);
  if (result != VK_SUCCESS)
    return status_fail(error, STATUS_DEVICE, vulkan->name,
                       "the driver does not compile the kernel %s: %s; update the driver, or set run.device = cpu",
                       shaders[shader].name, vulkan_result_text(result));
  pipelines->count++;
  *pipeline = made->pipeline;
  return STATUS_OK;
}

/* ---- warming ---- */

/* The group after the call's last: every shader ends at once there (shaders/kernel.glsl). What no call stands behind
 * (dispatch_sizes) ends at once where it is given no rows. */
static void record_idle(const struct vulkan_device *vulkan, const struct vulkan_pipeline *pipeline) {
  static const u8 nothing[PARAMS_BYTES_MAX] = {0};
  const struct vulkan_api *api = &vulkan->api;
  const struct program_call *call = pipeline->call;
  u32 group_base = 0;
  if (call != NULL) {
    struct dispatch dispatch;
    vulkan_dispatch(call->kernel, call->params, vulkan->on_cpu, &dispatch);
    group_base = (u32)dispatch_groups(&dispatch, dispatch.rows_max);
  }
  api->CmdBindPipeline(vulkan->transfer, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline->pipeline);
  api->CmdPushConstants(vulkan->transfer, vulkan->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                        call == NULL ? sizeof nothing : call->params_bytes, call == NULL ? nothing : call->params);
  api->CmdPushConstants(vulkan->transfer, vulkan->layout, VK_SHADER_STAGE_COMPUTE_BIT, GROUP_BASE_OFFSET,
                        sizeof group_base, &group_base);
  api->CmdDispatch(vulkan->transfer, 1, 1, 1);
}

enum status vulkan_pipelines_warm(struct vulkan_device *vulkan, struct error *error) {
  struct vulkan_pipelines *pipelines = &vulkan->pipelines;
  if (pipelines->warm_count == pipelines->count) return STATUS_OK;
  const u64 began = clock_monotonic_ns();
  enum status status = vulkan_transfer_begin(vulkan, error);
  if (status != STATUS_OK) return status;
  for (u32 i = pipelines->warm_count; i < pipelines->count; i++) record_idle(vulkan, &pipelines->all[i]);
  status = vulkan_transfer_end(vulkan, "the first dispatches", error);
  if (status != STATUS_OK) return status;
  pipelines->warm_count = pipelines->count;
  pipelines->ns += clock_monotonic_ns() - began;
  write_cache(vulkan);
  return STATUS_OK;
}

void vulkan_pipelines_close(struct vulkan_device *vulkan) {
  struct vulkan_pipelines *pipelines = &vulkan->pipelines;
  for (u32 i = 0; i < pipelines->count; i++)
    vulkan->api.DestroyPipeline(vulkan->device, pipelines->all[i].pipeline, vulkan->api.host);
  vulkan->api.DestroyPipelineCache(vulkan->device, pipelines->cache, vulkan->api.host);
  memset(pipelines, 0, sizeof *pipelines);
}
