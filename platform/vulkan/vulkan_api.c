#include "platform/vulkan/vulkan_api.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "platform/vulkan/vulkan_door.h"
#include "platform/vulkan/vulkan_note.h"

#define LOADER "libvulkan.so.1"

static const char no_driver_cure[] =
    "no Vulkan driver answers; install one (Debian, Ubuntu: apt install mesa-vulkan-drivers for AMD, Intel and the "
    "CPU; "
    "nvidia-vulkan-icd for NVIDIA) or set run.device = cpu";

const char *vulkan_result_text(VkResult result) {
  switch (result) {
    case VK_SUCCESS:
      return "success";
    case VK_TIMEOUT:
      return "timeout";
    case VK_ERROR_OUT_OF_HOST_MEMORY:
      return "out of host memory";
    case VK_ERROR_OUT_OF_DEVICE_MEMORY:
      return "out of device memory";
    case VK_ERROR_INITIALIZATION_FAILED:
      return "initialization failed";
    case VK_ERROR_DEVICE_LOST:
      return "device lost";
    case VK_ERROR_LAYER_NOT_PRESENT:
      return "layer not present";
    case VK_ERROR_EXTENSION_NOT_PRESENT:
      return "extension not present";
    case VK_ERROR_FEATURE_NOT_PRESENT:
      return "feature not present";
    case VK_ERROR_INCOMPATIBLE_DRIVER:
      return "incompatible driver";
    case VK_ERROR_TOO_MANY_OBJECTS:
      return "too many objects";
    case VK_ERROR_MEMORY_MAP_FAILED:
      return "memory map failed";
    case VK_ERROR_FRAGMENTED_POOL:
      return "fragmented pool";
    case VK_ERROR_UNKNOWN:
      return "unknown error (VK_ERROR_UNKNOWN)";
    case VK_ERROR_INVALID_OPAQUE_CAPTURE_ADDRESS:
      return "invalid opaque capture address";
    default:
      return "an unexpected error";
  }
}

static enum status no_driver(struct error *error) {
  char note[384];
  vulkan_access_note("", false, note, sizeof note);
  return status_fail(error, STATUS_DEVICE, VULKAN_PLACE, "%s", note[0] == '\0' ? no_driver_cure : note);
}

/* A driver that may not open its device may say so at its first calls. */
static enum status not_reached(const char *what, VkResult result, struct error *error) {
  char note[384];
  vulkan_access_note("", false, note, sizeof note);
  return status_fail(error, STATUS_DEVICE, VULKAN_PLACE, "%s: %s; %s", what, vulkan_result_text(result),
                     note[0] == '\0' ? "see whether vulkaninfo works" : note);
}

static enum status missing_function(const char *name, struct error *error) {
  return status_fail(error, STATUS_DEVICE, VULKAN_PLACE, "the Vulkan loader or driver has no %s; install a newer one",
                     name);
}

static enum status load_library(struct vulkan_api *api, struct error *error) {
  api->library = dlopen(LOADER, RTLD_NOW | RTLD_LOCAL);
  if (api->library == NULL)
    return status_fail(error, STATUS_DEVICE, VULKAN_PLACE,
                       "no Vulkan loader (%s); install it with a driver (Debian, Ubuntu: apt install libvulkan1 "
                       "mesa-vulkan-drivers) or set run.device = cpu",
                       LOADER);
  void *symbol = dlsym(api->library, "vkGetInstanceProcAddr");
  if (symbol == NULL) return missing_function("vkGetInstanceProcAddr", error);
  memcpy(&api->GetInstanceProcAddr, &symbol,
         sizeof symbol); /* ISO C has no cast from an object's to a function's address */
  const char *missing = vulkan_door_open_global(api);
  return missing == NULL ? STATUS_OK : missing_function(missing, error);
}

static enum status create_instance(struct vulkan_api *api, struct error *error) {
  const VkApplicationInfo application = {.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
                                         .pApplicationName = "rlsp",
                                         .pEngineName = "rlsp",
                                         .apiVersion = VK_API_VERSION_1_2};
  const VkInstanceCreateInfo create = {.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
                                       .pApplicationInfo = &application};
  const VkResult result = api->CreateInstance(&create, api->host, &api->instance);
  if (result == VK_ERROR_INCOMPATIBLE_DRIVER) return no_driver(error);
  if (result != VK_SUCCESS) return not_reached("no Vulkan instance", result, error);
  return STATUS_OK;
}

enum status vulkan_api_open(struct vulkan_api *api, const VkAllocationCallbacks *host, struct error *error) {
  memset(api, 0, sizeof *api);
  api->host = host;
  enum status status = load_library(api, error);
  if (status == STATUS_OK) status = create_instance(api, error);
  if (status != STATUS_OK) return status;
  const char *missing = vulkan_door_open_instance(api);
  return missing == NULL ? STATUS_OK : missing_function(missing, error);
}

enum status vulkan_api_load_device(struct vulkan_api *api, VkDevice device, struct error *error) {
  const char *missing = vulkan_door_open_device(api, device);
  return missing == NULL ? STATUS_OK : missing_function(missing, error);
}

enum status vulkan_api_devices(const struct vulkan_api *api, VkPhysicalDevice *devices, u32 capacity, u32 *count,
                               struct error *error) {
  *count = capacity;
  const VkResult result = api->EnumeratePhysicalDevices(api->instance, count, devices);
  if (result != VK_SUCCESS && result != VK_INCOMPLETE) {
    *count = 0;
    return not_reached("the Vulkan devices cannot be listed", result, error);
  }
  return *count == 0 ? no_driver(error) : STATUS_OK;
}

void vulkan_api_close(struct vulkan_api *api) {
  if (api->DestroyInstance != NULL) api->DestroyInstance(api->instance, api->host);
  if (api->library != NULL) dlclose(api->library);
  memset(api, 0, sizeof *api);
}
