#include "platform/vulkan/vulkan_door.h"

#include <string.h>

#include "platform/allocations.h"
#include "platform/vulkan/vulkan_constrain.h"

/* The driver's own functions behind the doors, and the fault to come: an exception to "no mutable globals", since a door has
 * Vulkan's signature and nowhere to carry them. */
static struct {
#define MEMBER_RESULT(name, parameters, arguments, errors) PFN_vk##name name;
#define MEMBER_OTHER(type, name, parameters, arguments) PFN_vk##name name;
  VULKAN_GLOBAL_FUNCTIONS(MEMBER_RESULT, MEMBER_OTHER)
  VULKAN_INSTANCE_FUNCTIONS(MEMBER_RESULT, MEMBER_OTHER)
  VULKAN_DEVICE_FUNCTIONS(MEMBER_RESULT, MEMBER_OTHER)
} driver;
static struct {
  u64 calls, nth; /* nth 0 = none */
  u32 choice;
  bool lasting;
  struct vulkan_fault_report report;
} fault;

void vulkan_fault_set(u64 nth, u32 choice, bool lasting) {
  memset(&fault, 0, sizeof fault);
  fault.nth = nth;
  fault.choice = choice;
  fault.lasting = lasting;
}

u64 vulkan_fault_calls(void) { return fault.calls; }
struct vulkan_fault_report vulkan_fault_reported(void) {
  return fault.report;
}

/* Whether this call is to fail, and how. A lasting fault strikes every later call with the first of its errors that is like the
 * chosen one, else with the first it has. */
static bool strikes(const char *function, const VkResult *errors, u32 count, VkResult *result) {
  fault.calls++;
  if (fault.nth == 0 || fault.calls < fault.nth || (fault.calls > fault.nth && !fault.lasting)) return false;
  if (fault.calls == fault.nth) {
    fault.report = (struct vulkan_fault_report){.function = function, .choices = count};
    if (fault.choice >= count) {
      fault.nth = 0;
      return false;
    }
    fault.report.result = errors[fault.choice];
  }
  *result = errors[0];
  for (u32 i = 0; i < count; i++)
    if (errors[i] == fault.report.result) *result = errors[i];
  return true;
}

#define LIST(...) __VA_ARGS__
#define DOOR_RESULT(name, parameters, arguments, errors)                           \
  static VKAPI_ATTR VkResult VKAPI_CALL door_##name parameters {                   \
    static const VkResult possible[] = {LIST errors};                              \
    VkResult result;                                                               \
    if (strikes("vk" #name, possible, COUNT_OF(possible), &result)) return result; \
    allocations_driver_begin();                                                    \
    result = driver.name arguments;                                                \
    allocations_driver_end();                                                      \
    return result;                                                                 \
  }
#define DOOR_OTHER(type, name, parameters, arguments) DOOR_##type(name, parameters, arguments)
#define DOOR_void(name, parameters, arguments)               \
  static VKAPI_ATTR void VKAPI_CALL door_##name parameters { \
    allocations_driver_begin();                              \
    driver.name arguments;                                   \
    allocations_driver_end();                                \
  }
#define DOOR_VALUE(type, name, parameters, arguments)        \
  static VKAPI_ATTR type VKAPI_CALL door_##name parameters { \
    allocations_driver_begin();                              \
    const type value = driver.name arguments;                \
    allocations_driver_end();                                \
    return value;                                            \
  }
#define DOOR_VkDeviceAddress(name, parameters, arguments) DOOR_VALUE(VkDeviceAddress, name, parameters, arguments)
#define DOOR_PFN_vkVoidFunction(name, parameters, arguments) DOOR_VALUE(PFN_vkVoidFunction, name, parameters, arguments)
VULKAN_GLOBAL_FUNCTIONS(DOOR_RESULT, DOOR_OTHER)
VULKAN_INSTANCE_FUNCTIONS(DOOR_RESULT, DOOR_OTHER)
VULKAN_DEVICE_FUNCTIONS(DOOR_RESULT, DOOR_OTHER)

#define OPEN(name, address)                   \
  driver.name = (PFN_vk##name)(address);      \
  if (driver.name == NULL) return "vk" #name; \
  api->name = door_##name;

const char *vulkan_door_open_global(struct vulkan_api *api) {
#define OPEN_GLOBAL(name, parameters, arguments, errors) \
  OPEN(name, api->GetInstanceProcAddr(VK_NULL_HANDLE, "vk" #name))
#define OPEN_GLOBAL_OTHER(type, name, parameters, arguments) OPEN_GLOBAL(name, parameters, arguments, )
  VULKAN_GLOBAL_FUNCTIONS(OPEN_GLOBAL, OPEN_GLOBAL_OTHER)
  return NULL;
}

const char *vulkan_door_open_instance(struct vulkan_api *api) {
#define OPEN_INSTANCE(name, parameters, arguments, errors) \
  OPEN(name, api->GetInstanceProcAddr(api->instance, "vk" #name))
#define OPEN_INSTANCE_OTHER(type, name, parameters, arguments) OPEN_INSTANCE(name, parameters, arguments, )
  VULKAN_INSTANCE_FUNCTIONS(OPEN_INSTANCE, OPEN_INSTANCE_OTHER)
  return NULL;
}

const char *vulkan_door_open_device(struct vulkan_api *api, VkDevice device) {
#define OPEN_DEVICE(name, parameters, arguments, errors) OPEN(name, api->GetDeviceProcAddr(device, "vk" #name))
#define OPEN_DEVICE_OTHER(type, name, parameters, arguments) OPEN_DEVICE(name, parameters, arguments, )
  VULKAN_DEVICE_FUNCTIONS(OPEN_DEVICE, OPEN_DEVICE_OTHER)
  return NULL;
}
