#include "platform/vulkan/vulkan_note.h"

#include <stdio.h>
#include <unistd.h>

#include "engine/memory/limits.h"

/* Linux numbers the render nodes of GPUs from 128 to 191. */
#define RENDER_NODE_FIRST 128u
#define RENDER_NODE_END 192u

static bool there(const char *root, const char *path, int mode) {
  char whole[PATH_BYTES_MAX];
  snprintf(whole, sizeof whole, "%s%s", root, path);
  return access(whole, mode) == 0;
}

static bool note_render_node(const char *root, u32 node, char *note, u32 note_bytes) {
  char device[32], seen[48], nvidia[96];
  snprintf(device, sizeof device, "/dev/dri/renderD%u", node);
  snprintf(seen, sizeof seen, "/sys/class/drm/renderD%u", node);
  snprintf(nvidia, sizeof nvidia, "%s/device/driver/module/drivers/pci:nvidia", seen);
  if (there(root, nvidia, F_OK)) return false; /* its Vulkan driver does without the node */
  if (there(root, device, R_OK | W_OK)) return false;
  if (there(root, device, F_OK)) {
    snprintf(note, note_bytes,
             "the GPU at %s may not be opened by this user; join its group (sudo usermod -aG render USER) and log in "
             "again",
             device);
    return true;
  }
  /* Its sysfs entry may not say whose it is. */
  if (!there(root, seen, F_OK) || there(root, "/proc/driver/nvidia/version", F_OK)) return false;
  snprintf(note, note_bytes,
           "this machine has a GPU (%s) that this container was not given; start it with --device /dev/dri", seen);
  return true;
}

static void note_nvidia(const char *root, char *note, u32 note_bytes) {
  if (!there(root, "/proc/driver/nvidia/version", F_OK)) return;
  if (!there(root, "/dev/nvidiactl", F_OK))
    snprintf(note, note_bytes,
             "this machine has an NVIDIA GPU that this container was not given; start it with --gpus all -e "
             "NVIDIA_DRIVER_CAPABILITIES=all");
  else if (!there(root, "/dev/nvidiactl", R_OK | W_OK))
    snprintf(note, note_bytes,
             "the NVIDIA GPU may not be opened by this user; ask for access to /dev/nvidiactl and /dev/nvidia0");
  else
    snprintf(note, note_bytes,
             "an NVIDIA GPU is here, but not its Vulkan driver; install it (nvidia-vulkan-icd and libxext6), or start "
             "the container with -e NVIDIA_DRIVER_CAPABILITIES=all");
}

void vulkan_access_note(const char *root, bool nvidia_listed, char *note, u32 note_bytes) {
  note[0] = '\0';
  for (u32 node = RENDER_NODE_FIRST; node < RENDER_NODE_END; node++)
    if (note_render_node(root, node, note, note_bytes)) return;
  if (!nvidia_listed) note_nvidia(root, note, note_bytes);
}
