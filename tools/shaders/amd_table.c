/* What a driver makes of every shader, without running one: a line for each pipeline, and a fault for each that spills registers, has
 * more shared memory than every device has, or multiplies and adds in one rounding. Meant for Mesa's RADV with
 * RADV_FORCE_FAMILY set, a device that is not there: it compiles with AMD's real compiler, and nothing else works on it.
 * tools/shaders/amd_table.sh runs it.
 *
 * usage: amd_table            (the first device the loader lists)
 *   stdout: a table, with a line "fault: TEXT" below what has one.  Exit: 0 no fault, 1 faults, 2 no such device (the reason on stderr). */
#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "platform/vulkan/shaders.h"
#include "platform/vulkan/vulkan_describe.h"
#include "platform/vulkan/dispatch.h"

#define PIPELINES_MAX 160u
#define STATISTICS_MAX 64u
#define TEXTS_MAX 8u
#define TEXT_BYTES_MAX (8u << 20)
#define PUSH_BYTES 128u
#define NO_DEVICE 2

struct pipeline {
  u32 shader, constant_count, constants[DISPATCH_CONSTANTS_MAX];
};

struct compiler {
  struct vulkan_api api;
  VkDevice device;
  VkPipelineLayout layout;
  PFN_vkGetPipelineExecutableStatisticsKHR statistics;
  PFN_vkGetPipelineExecutableInternalRepresentationsKHR texts;
  struct pipeline pipelines[PIPELINES_MAX];
  u32 count, faults;
};

/* ---- every pipeline our programs may ask for ---- */

static void add(struct compiler *compiler, u32 shader, const u32 *constants, u32 constant_count) {
  struct pipeline pipeline = {.shader = shader, .constant_count = constant_count};
  for (u32 i = 0; i < constant_count; i++) pipeline.constants[i] = constants[i];
  for (u32 i = 0; i < compiler->count; i++)
    if (memcmp(&compiler->pipelines[i], &pipeline, sizeof pipeline) == 0) return;
  CHECK(compiler->count < PIPELINES_MAX, "more than %u pipelines", PIPELINES_MAX);
  compiler->pipelines[compiler->count++] = pipeline;
}

static void add_call(struct compiler *compiler, enum kernel kernel, const void *params) {
  struct dispatch dispatch;
  for (u32 on_cpu = 0; on_cpu < 2; on_cpu++) {
    vulkan_dispatch(kernel, params, on_cpu != 0, &dispatch);
    add(compiler, kernel, dispatch.constants, dispatch.constant_count);
  }
}

/* Sizes from 1 to 8192 by powers of two: every tile of the table is chosen for some of them. */
static void add_products(struct compiler *compiler) {
  for (u32 orientation = 0; orientation < 3; orientation++)
    for (u32 size = 0; size < 13 * 13 * 13; size++)
      add_call(compiler, KERNEL_matmul,
               &(struct matmul_params){
                   .m = 1u << size % 13, .n = 1u << size / 13 % 13, .k = 1u << size / 169, .orientation = orientation});
}

static void add_attention(struct compiler *compiler) {
  static const u32 head_dims[] = {16, 32, 64, 80, 96, 128, 256};
  for (u32 i = 0; i < COUNT_OF(head_dims); i++) {
    const u32 d = head_dims[i];
    add_call(compiler, KERNEL_attention_fwd,
             &(struct attention_fwd_params){.head_dim = d, .heads = 1, .kv_heads = 1, .q_stride = d, .kv_stride = d});
    add_call(
        compiler, KERNEL_attention_fwd,
        &(struct attention_fwd_params){.head_dim = d, .heads = 1, .kv_heads = 1, .q_stride = d, .kv_stride = d + 1});
    add_call(compiler, KERNEL_attention_bwd_q,
             &(struct attention_bwd_q_params){.head_dim = d, .heads = 1, .kv_heads = 1});
    add_call(compiler, KERNEL_attention_bwd_kv,
             &(struct attention_bwd_kv_params){.head_dim = d, .heads = 1, .kv_heads = 1});
  }
}

static void add_vocabulary(struct compiler *compiler) {
  for (u32 vocab = 32; vocab <= 1u << 18; vocab *= 4) {
    add_call(compiler, KERNEL_logprob_fwd, &(struct logprob_fwd_params){.vocab = vocab});
    add_call(compiler, KERNEL_sample, &(struct sample_params){.vocab = vocab});
  }
}

/* Those above whose shader asks for constants; of all others, the one pipeline there is. */
static void add_all(struct compiler *compiler) {
  add_products(compiler);
  add_attention(compiler);
  add_vocabulary(compiler);
  for (u32 i = 0; i < KERNEL_COUNT + SHADERS_COUNT; i++) {
    bool has_some = shaders[i].words == NULL;
    for (u32 j = 0; j < compiler->count; j++) has_some = has_some || compiler->pipelines[j].shader == i;
    if (!has_some) add(compiler, i, NULL, 0);
  }
}

/* ---- faults ---- */

static void describe(const struct pipeline *pipeline, char text[128]) {
  char *end = text + snprintf(text, 96, "%-17s", shaders[pipeline->shader].name);
  for (u32 i = 0; i < pipeline->constant_count && end < text + 112; i++)
    end += snprintf(end, 12, " %u", pipeline->constants[i]);
}

static void fault(struct compiler *compiler, const struct pipeline *pipeline, const char *what, const char *detail) {
  char name[128];
  describe(pipeline, name);
  printf("fault: %s: %s%s\n", name, what, detail);
  compiler->faults++;
}

/* v_fma*, v_fmac*, v_pk_fma*, v_dual_fmac* and their like round once. v_mad_f32 and v_mac_f32 of GCN round product and sum
 * apart (LLVM's FMAD: "the same result as the separately rounded operations"; denormals, which they flush, the exact
 * profile never makes), and ACO makes them of precise operations for that reason. Of halves and others we have none. */
static bool is_fused(const char *line) {
  if (strstr(line, "fma") != NULL) return true;
  const char *mad = strstr(line, "v_ma");
  if (mad == NULL || (strncmp(mad + 4, "d_", 2) != 0 && strncmp(mad + 4, "c_", 2) != 0)) return false;
  return strstr(mad, "f16") != NULL || strstr(mad, "f64") != NULL || strstr(mad, "mix") != NULL;
}

static void check_assembly(struct compiler *compiler, const struct pipeline *pipeline, char *text) {
  for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    char *comment = strchr(line, ';');
    if (comment != NULL) *comment = '\0';
    if (is_fused(line)) fault(compiler, pipeline, "a fused multiply-add: ", line);
  }
}

static bool find_assembly(struct compiler *compiler, const struct pipeline *pipeline, VkPipeline made) {
  static char bytes[TEXT_BYTES_MAX];
  VkPipelineExecutableInternalRepresentationKHR texts[TEXTS_MAX];
  u32 count = TEXTS_MAX;
  const VkPipelineExecutableInfoKHR info = {.sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INFO_KHR, .pipeline = made};
  for (u32 i = 0; i < TEXTS_MAX; i++)
    texts[i] = (VkPipelineExecutableInternalRepresentationKHR){
        .sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INTERNAL_REPRESENTATION_KHR};
  if (compiler->texts(compiler->device, &info, &count, texts) != VK_SUCCESS) return false;
  for (u32 i = 0; i < count; i++) { /* the second call fills all that have room: one does */
    if (strstr(texts[i].name, "ssembly") == NULL || texts[i].dataSize >= sizeof bytes) continue;
    memset(bytes, 0, sizeof bytes);
    texts[i].pData = bytes;
    if (compiler->texts(compiler->device, &info, &count, texts) != VK_SUCCESS) return false;
    check_assembly(compiler, pipeline, bytes);
    return true;
  }
  return false;
}

/* ---- the table ---- */

static u64 statistic(const VkPipelineExecutableStatisticKHR *statistics, u32 count, const char *name) {
  for (u32 i = 0; i < count; i++)
    if (strcmp(statistics[i].name, name) == 0) return statistics[i].value.u64;
  return 0;
}

static void print_row(struct compiler *compiler, const struct pipeline *pipeline, VkPipeline made) {
  VkPipelineExecutableStatisticKHR all[STATISTICS_MAX];
  u32 count = STATISTICS_MAX;
  char name[128];
  const VkPipelineExecutableInfoKHR info = {.sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INFO_KHR, .pipeline = made};
  for (u32 i = 0; i < STATISTICS_MAX; i++)
    all[i] = (VkPipelineExecutableStatisticKHR){.sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_STATISTIC_KHR};
  if (compiler->statistics(compiler->device, &info, &count, all) != VK_SUCCESS) count = 0;
  if (count == 0) fault(compiler, pipeline, "the driver gives no statistics", "");
  const u64 spills = statistic(all, count, "Spilled VGPRs") + statistic(all, count, "Spilled SGPRs");
  const u64 scratch = statistic(all, count, "Scratch size"), shared = statistic(all, count, "LDS size");
  describe(pipeline, name);
  printf("%-38s %5llu %5llu %6llu %7llu %6llu %5llu %7llu\n", name, (unsigned long long)statistic(all, count, "VGPRs"),
         (unsigned long long)statistic(all, count, "SGPRs"), (unsigned long long)spills, (unsigned long long)scratch,
         (unsigned long long)shared, (unsigned long long)statistic(all, count, "Subgroups per SIMD"),
         (unsigned long long)statistic(all, count, "Instructions"));
  if (spills > 0) fault(compiler, pipeline, "registers are spilled", "");
  if (scratch > 0) fault(compiler, pipeline, "an array lies in scratch memory", "");
  if (shared > SHARED_BYTES_MAX) fault(compiler, pipeline, "more shared memory than every device has", "");
}

static VkResult create_pipeline(struct compiler *compiler, const struct pipeline *pipeline, VkPipeline *made) {
  const struct vulkan_api *api = &compiler->api;
  const struct shader *shader = &shaders[pipeline->shader];
  VkSpecializationMapEntry entries[DISPATCH_CONSTANTS_MAX];
  for (u32 i = 0; i < pipeline->constant_count; i++)
    entries[i] = (VkSpecializationMapEntry){.constantID = i, .offset = i * (u32)sizeof(u32), .size = sizeof(u32)};
  const VkSpecializationInfo constants = {.mapEntryCount = pipeline->constant_count,
                                          .pMapEntries = entries,
                                          .dataSize = pipeline->constant_count * sizeof(u32),
                                          .pData = pipeline->constants};
  const VkShaderModuleCreateInfo words = {
      .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = *shader->bytes, .pCode = shader->words};
  VkShaderModule module = VK_NULL_HANDLE;
  VkResult result = api->CreateShaderModule(compiler->device, &words, NULL, &module);
  if (result != VK_SUCCESS) return result;
  const VkComputePipelineCreateInfo create = {.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
                                              .flags = VK_PIPELINE_CREATE_CAPTURE_STATISTICS_BIT_KHR |
                                                       VK_PIPELINE_CREATE_CAPTURE_INTERNAL_REPRESENTATIONS_BIT_KHR,
                                              .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                                                        .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                                                        .module = module,
                                                        .pName = "main",
                                                        .pSpecializationInfo = &constants},
                                              .layout = compiler->layout};
  result = api->CreateComputePipelines(compiler->device, VK_NULL_HANDLE, 1, &create, NULL, made);
  api->DestroyShaderModule(compiler->device, module, NULL);
  return result;
}

static void compile_all(struct compiler *compiler) {
  printf("%-38s %5s %5s %6s %7s %6s %5s %7s\n", "kernel, constants", "VGPRs", "SGPRs", "spills", "scratch", "LDS",
         "waves", "instrs");
  for (u32 i = 0; i < compiler->count; i++) {
    const struct pipeline *pipeline = &compiler->pipelines[i];
    VkPipeline made = VK_NULL_HANDLE;
    const VkResult result = create_pipeline(compiler, pipeline, &made);
    if (result != VK_SUCCESS) {
      fault(compiler, pipeline, "does not compile: ", vulkan_result_text(result));
      continue;
    }
    print_row(compiler, pipeline, made);
    if (!find_assembly(compiler, pipeline, made)) fault(compiler, pipeline, "the driver gives no assembly", "");
    compiler->api.DestroyPipeline(compiler->device, made, NULL);
  }
}

/* ---- the device ---- */

static enum status open_device(struct compiler *compiler, VkPhysicalDevice physical, u32 family, struct error *error) {
  struct vulkan_api *api = &compiler->api;
  static const char *const extension = VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME;
  const float priority = 1.0f;
  const VkDeviceQueueCreateInfo queue = {.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                         .queueFamilyIndex = family,
                                         .queueCount = 1,
                                         .pQueuePriorities = &priority};
  VkPhysicalDevicePipelineExecutablePropertiesFeaturesKHR statistics = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PIPELINE_EXECUTABLE_PROPERTIES_FEATURES_KHR,
      .pipelineExecutableInfo = VK_TRUE};
  const VkPhysicalDeviceVulkan12Features features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES,
                                                     .pNext = &statistics,
                                                     .bufferDeviceAddress = VK_TRUE};
  const VkDeviceCreateInfo create = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                                     .pNext = &features,
                                     .queueCreateInfoCount = 1,
                                     .pQueueCreateInfos = &queue,
                                     .enabledExtensionCount = 1,
                                     .ppEnabledExtensionNames = &extension};
  VkResult result = api->CreateDevice(physical, &create, NULL, &compiler->device);
  if (result != VK_SUCCESS)
    return status_fail(error, STATUS_DEVICE, "vkCreateDevice", "%s", vulkan_result_text(result));
  const enum status status = vulkan_api_load_device(api, compiler->device, error);
  if (status != STATUS_OK) return status;
  PFN_vkVoidFunction function =
      api->GetDeviceProcAddr(compiler->device, "vkGetPipelineExecutableInternalRepresentationsKHR");
  memcpy(&compiler->texts, &function, sizeof function);
  function = api->GetDeviceProcAddr(compiler->device, "vkGetPipelineExecutableStatisticsKHR");
  memcpy(&compiler->statistics, &function, sizeof function);
  const VkPushConstantRange range = {VK_SHADER_STAGE_COMPUTE_BIT, 0, PUSH_BYTES};
  const VkPipelineLayoutCreateInfo layout = {.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
                                             .pushConstantRangeCount = 1,
                                             .pPushConstantRanges = &range};
  result = api->CreatePipelineLayout(compiler->device, &layout, NULL, &compiler->layout);
  if (result != VK_SUCCESS || compiler->texts == NULL || compiler->statistics == NULL)
    return status_fail(error, STATUS_DEVICE, "device", "it has no pipeline statistics");
  return STATUS_OK;
}

static enum status open_compiler(struct compiler *compiler, struct device_info *info, struct error *error) {
  VkPhysicalDevice physical;
  struct vulkan_limits limits;
  u32 count;
  enum status status = vulkan_api_open(&compiler->api, NULL, error);
  if (status == STATUS_OK) status = vulkan_api_devices(&compiler->api, &physical, 1, &count, error);
  if (status != STATUS_OK) return status;
  vulkan_describe(&compiler->api, physical, 0, info, &limits);
  return open_device(compiler, physical, limits.queue_family, error);
}

int main(void) {
  static struct compiler compiler;
  struct device_info info;
  struct error error = {0};
  if (open_compiler(&compiler, &info, &error) != STATUS_OK) {
    fprintf(stderr, "%s: %s\n", error.place, error.text);
    return NO_DEVICE;
  }
  printf("%s (%s)\n", info.name, info.driver);
  add_all(&compiler);
  compile_all(&compiler);
  compiler.api.DestroyPipelineLayout(compiler.device, compiler.layout, NULL);
  compiler.api.DestroyDevice(compiler.device, NULL);
  vulkan_api_close(&compiler.api);
  return compiler.faults == 0 ? 0 : 1;
}
