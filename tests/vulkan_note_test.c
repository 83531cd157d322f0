/* What is said of a GPU that is there and not listed, over made-up device nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/files.h"
#include "platform/vulkan/vulkan_note.h"

static char root[] = "/tmp/rlsp_note_XXXXXX";
static struct files files;

static int make_root(void **state) {
  (void)state;
  strcpy(root + strlen(root) - 6, "XXXXXX");
  return mkdtemp(root) == NULL;
}

static int remove_root(void **state) {
  struct error error;
  (void)state;
  return files_remove_tree(&files, root, &error) != STATUS_OK;
}

static void put(const char *folder, const char *name, unsigned mode) {
  char path[PATH_BYTES_MAX];
  struct error error;
  struct file file;
  snprintf(path, sizeof path, "%s%s", root, folder);
  assert_int_equal(files_make_folders(&files, path, &error), STATUS_OK);
  snprintf(path, sizeof path, "%s%s/%s", root, folder, name);
  assert_int_equal(files_create(&files, &file, path, &error), STATUS_OK);
  files_close(&file);
  assert_int_equal(chmod(path, mode), 0);
}

static void expect_note(bool nvidia_listed, const char *part) {
  char note[512];
  vulkan_access_note(root, nvidia_listed, note, sizeof note);
  if (part == NULL)
    assert_string_equal(note, "");
  else if (strstr(note, part) == NULL)
    fail_msg("'%s' does not say '%s'", note, part);
}

static void nothing_to_say(void **state) {
  (void)state;
  expect_note(false, NULL);
  put("/sys/class/drm", "renderD128", 0444);
  put("/dev/dri", "renderD128", 0666);
  expect_note(false, NULL);
}

static void a_node_of_others_names_the_group(void **state) {
  (void)state;
  if (geteuid() == 0) {
    print_message("skipped: root may open everything\n");
    skip();
  }
  put("/dev/dri", "renderD129", 0000);
  expect_note(false, "usermod -aG render");
}

static void a_container_without_the_node_is_told(void **state) {
  (void)state;
  put("/sys/class/drm", "renderD128", 0444);
  expect_note(false, "--device /dev/dri");
}

static void nvidia_in_a_container(void **state) {
  (void)state;
  put("/proc/driver/nvidia", "version", 0444);
  put("/sys/class/drm", "renderD128", 0444);
  expect_note(false, "--gpus all");
  put("/dev", "nvidiactl", 0666);
  expect_note(false, "NVIDIA_DRIVER_CAPABILITIES=all");
  expect_note(true, NULL);
}

/* With nvidia-drm its nodes may be closed to the user, which its Vulkan driver does not mind. */
static void nvidia_nodes_are_not_the_matter(void **state) {
  (void)state;
  put("/sys/class/drm/renderD128/device/driver/module/drivers", "pci:nvidia", 0444);
  put("/dev/dri", "renderD128", 0000);
  expect_note(true, NULL);
  put("/proc/driver/nvidia", "version", 0444);
  put("/dev", "nvidiactl", 0666);
  expect_note(false, "NVIDIA_DRIVER_CAPABILITIES=all");
  /* Deeper than remove_root goes. */
  char path[PATH_BYTES_MAX];
  snprintf(path, sizeof path, "%s/sys/class/drm/renderD128/device/driver/module/drivers/pci:nvidia", root);
  assert_int_equal(unlink(path), 0);
  for (u32 i = 0; i < 4; i++) {
    *strrchr(path, '/') = '\0';
    assert_int_equal(rmdir(path), 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(nothing_to_say, make_root, remove_root),
      cmocka_unit_test_setup_teardown(a_node_of_others_names_the_group, make_root, remove_root),
      cmocka_unit_test_setup_teardown(a_container_without_the_node_is_told, make_root, remove_root),
      cmocka_unit_test_setup_teardown(nvidia_in_a_container, make_root, remove_root),
      cmocka_unit_test_setup_teardown(nvidia_nodes_are_not_the_matter, make_root, remove_root),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
