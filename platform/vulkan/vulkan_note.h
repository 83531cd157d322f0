/* Why a GPU that is in this machine may not be among the Vulkan devices, and what to do: this user may not open it, the container was
 * not given it, or was given it without its driver. Looks at device nodes alone. Called where devices are listed and where none is
 * found. Owns nothing, never fails. */
#ifndef RLSP_PLATFORM_VULKAN_NOTE_H
#define RLSP_PLATFORM_VULKAN_NOTE_H

#include "engine/types.h"

/* root: "" (tests: a folder that holds dev, sys and proc). nvidia_listed: Vulkan lists a device of NVIDIA's. note: "" when there is
 * nothing to say. */
void vulkan_access_note(const char *root, bool nvidia_listed, char *note, u32 note_bytes);

#endif
