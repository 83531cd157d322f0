/* Checkpoints: what is saved loads bit for bit; a fault at any write, a death at any write, a cut or a flipped bit
 * anywhere leave a good one to go on from. */
#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/learn/checkpoint.h"

#define STAGING_BYTES 4096u /* the smallest: every tensor of any size crosses it */
#define MEMORY_BYTES 40000u

static char folder[64];

/* The "device": an array, reached only through callbacks of bounded size. */
struct device_memory {
  u8 bytes[MEMORY_BYTES];
  u64 largest; /* transfer */
};

static enum status memory_read(void *context, u64 offset, void *data, u64 bytes, struct error *error) {
  struct device_memory *const memory = context;
  if (bytes > memory->largest) memory->largest = bytes;
  if (offset + bytes > MEMORY_BYTES) return status_fail(error, STATUS_DEVICE, "test", "read past the end");
  memcpy(data, memory->bytes + offset, bytes);
  return STATUS_OK;
}

static enum status memory_write(void *context, u64 offset, const void *data, u64 bytes, struct error *error) {
  struct device_memory *const memory = context;
  if (bytes > memory->largest) memory->largest = bytes;
  if (offset + bytes > MEMORY_BYTES) return status_fail(error, STATUS_DEVICE, "test", "write past the end");
  memcpy(memory->bytes + offset, data, bytes);
  return STATUS_OK;
}

/* Everything one save or load needs. */
struct bench {
  struct files files;
  struct checkpoints checkpoints;
  struct device_memory memory;
  struct tensor_entry weights[3], moments[2];
  struct checkpoint_file parts[2];
  struct checkpoint_text text;
  struct checkpoint_value values[2];
  struct checkpoint_content content;
  u8 staging[STAGING_BYTES];
};

/* Memory and values that only `step` gives. */
static void fill(struct bench *bench, u64 step) {
  u64 state = step * 0x9E3779B97F4A7C15ull + 1;
  for (u32 i = 0; i < MEMORY_BYTES; i++) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    bench->memory.bytes[i] = (u8)(state >> 56);
  }
  bench->values[0].value = step;
  bench->values[1].value = UINT64_MAX - step;
}

static void bench_open_at(struct bench *bench, bool write) {
  memset(bench, 0, sizeof *bench);
  tensor_entry_set(&bench->weights[0], "model.embed_tokens.weight", DTYPE_F32, 0, 50, 40, 0, 0);
  tensor_entry_set(&bench->weights[1], "model.norm.weight", DTYPE_F32, 8192, 40, 0, 0, 0);
  tensor_entry_set(&bench->weights[2], "lm_head.weight", DTYPE_F32, 8448, 7, 3, 5, 0);
  tensor_entry_set(&bench->moments[0], "moment1", DTYPE_F32, 10240, 5000, 0, 0, 0);
  tensor_entry_set(&bench->moments[1], "counts", DTYPE_U8, 35000, 4999, 0, 0, 0);
  bench->parts[0] = (struct checkpoint_file){"model.safetensors", bench->weights, 3};
  bench->parts[1] = (struct checkpoint_file){"state.safetensors", bench->moments, 2};
  bench->text = (struct checkpoint_text){"config.json", "{\"a\": 1}\n", 9};
  bench->values[0].name = "step";
  bench->values[1].name = "metrics_bytes";
  bench->content = (struct checkpoint_content){.files = bench->parts,
                                               .file_count = 2,
                                               .texts = &bench->text,
                                               .text_count = 1,
                                               .values = bench->values,
                                               .value_count = 2,
                                               .read = memory_read,
                                               .write = memory_write,
                                               .context = &bench->memory};
  struct error error;
  assert_int_equal(
      checkpoints_open(&bench->checkpoints, &bench->files, folder, 2, bench->staging, STAGING_BYTES, write, &error),
      STATUS_OK);
}

static void bench_open(struct bench *bench) { bench_open_at(bench, true); }

static void save(struct bench *bench, u64 step) {
  struct error error = {.text = ""};
  fill(bench, step);
  const enum status status = checkpoint_save(&bench->checkpoints, step, &bench->content, &error);
  if (status != STATUS_OK) print_error("%s: %s\n", error.place, error.text);
  assert_int_equal(status, STATUS_OK);
}

/* Loads `step` into clean memory and compares all that was saved. */
static void expect_loads(struct bench *bench, u64 step) {
  static struct bench saved;
  struct error error;
  fill(&saved, step);
  memset(&bench->memory, 0, sizeof bench->memory);
  bench->values[0].value = bench->values[1].value = 0;
  assert_int_equal(checkpoint_load(&bench->checkpoints, step, &bench->content, &error), STATUS_OK);
  assert_int_equal(bench->values[0].value, step);
  assert_true(bench->values[1].value == UINT64_MAX - step);
  for (u32 part = 0; part < 2; part++)
    for (u32 i = 0; i < bench->parts[part].count; i++) {
      const struct tensor_entry *const tensor = &bench->parts[part].tensors[i];
      assert_memory_equal(bench->memory.bytes + tensor->offset, saved.memory.bytes + tensor->offset, tensor->bytes);
    }
  assert_true(bench->memory.largest <= STAGING_BYTES);
}

/* The newest good one; what was passed over is in `note`. */
static u64 newest(struct bench *bench, char *note) {
  struct checkpoint_found found;
  struct error error;
  assert_int_equal(checkpoint_newest(&bench->checkpoints, &found, &error), STATUS_OK);
  assert_true(found.any);
  if (note != NULL) strcpy(note, found.note);
  return found.step;
}

static void path_of(char *path, const char *format, ...) PRINTF_LIKE(2, 3);
static void path_of(char *path, const char *format, ...) {
  char name[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(name, sizeof name, format, arguments);
  va_end(arguments);
  assert_int_equal(files_path(path, folder, name, NULL), STATUS_OK);
}

/* `latest` must name a checkpoint that verifies. */
static u64 latest(struct bench *bench) {
  char path[PATH_BYTES_MAX], text[64];
  u64 bytes;
  unsigned long long step;
  struct error error;
  path_of(path, "checkpoints/latest");
  assert_int_equal(files_read_whole(path, text, sizeof text, &bytes, &error), STATUS_OK);
  assert_int_equal(sscanf(text, "step_%llu\n", &step), 1);
  assert_int_equal(checkpoint_verify(&bench->checkpoints, step, &error), STATUS_OK);
  return step;
}

static int folder_make(void **state) {
  (void)state;
  strcpy(folder, "/dev/shm/rlsp-checkpoint-XXXXXX"); /* in memory: thousands of syncs cost nothing there */
  if (mkdtemp(folder) != NULL) return 0;
  strcpy(folder, "/tmp/rlsp-checkpoint-XXXXXX");
  return mkdtemp(folder) == NULL;
}

static int folder_remove(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  return files_remove_tree(&files, folder, NULL) != STATUS_OK;
}

static void test_save_load_prune(void **state) {
  (void)state;
  static struct bench bench;
  struct error error;
  struct checkpoint_found found;
  bench_open_at(&bench, false);
  assert_int_equal(checkpoint_newest(&bench.checkpoints, &found, &error), STATUS_OK);
  assert_false(found.any);
  bench_open(&bench);
  assert_int_equal(checkpoint_newest(&bench.checkpoints, &found, &error), STATUS_OK);
  assert_false(found.any);
  static const u64 steps[] = {0, 9, 10, 1000};
  for (u32 i = 0; i < COUNT_OF(steps); i++) {
    save(&bench, steps[i]);
    assert_int_equal(newest(&bench, NULL), steps[i]);
    assert_int_equal(latest(&bench), steps[i]);
    expect_loads(&bench, steps[i]);
  }
  char path[PATH_BYTES_MAX];
  for (u32 i = 0; i < COUNT_OF(steps); i++) {
    path_of(path, "checkpoints/step_%u", (unsigned)steps[i]);
    assert_int_equal(files_exists(path), i >= 2);
  }
  expect_loads(&bench, 10);
  u64 value;
  assert_int_equal(checkpoint_value(&bench.checkpoints, 10, "step", &value, &error), STATUS_OK);
  assert_int_equal(value, 10);
  assert_int_equal(checkpoint_value(&bench.checkpoints, 10, "nothing", &value, &error), STATUS_DAMAGED);
  save(&bench, 1000); /* again: replaced */
  expect_loads(&bench, 1000);
}

/* A configuration of other shapes is told which tensor differs. */
static void test_other_shapes(void **state) {
  (void)state;
  static struct bench bench;
  struct error error;
  bench_open(&bench);
  save(&bench, 5);
  tensor_entry_set(&bench.weights[1], "model.norm.weight", DTYPE_F32, 8192, 41, 0, 0, 0);
  assert_int_equal(checkpoint_load(&bench.checkpoints, 5, &bench.content, &error), STATUS_DAMAGED);
  assert_non_null(strstr(error.text, "model.norm.weight"));
  tensor_entry_set(&bench.weights[1], "model.norm.weight", DTYPE_F32, 8192, 40, 0, 0, 0);
  bench.parts[0].count = 2;
  assert_int_equal(checkpoint_load(&bench.checkpoints, 5, &bench.content, &error), STATUS_DAMAGED);
  bench.parts[0].count = 3;
  bench.content.file_count = 1; /* the weights alone */
  assert_int_equal(checkpoint_load(&bench.checkpoints, 5, &bench.content, &error), STATUS_OK);
}

/* For each n, the nth write of a save fails: the one before stays and loads, `latest` is right, the error says what to
 * do, the next save works. */
static void fault_loop(enum files_fault_kind kind, bool lasting) {
  static struct bench bench;
  bool clean = false;
  u64 faults = 0;
  for (u64 nth = 1; !clean; nth++) {
    struct error error = {.text = ""};
    bench_open(&bench);
    save(&bench, 20);
    save(&bench, 30);
    fill(&bench, 40);
    bench.files.fault = (struct files_fault){.kind = kind, .nth = nth, .lasting = lasting};
    const enum status status = checkpoint_save(&bench.checkpoints, 40, &bench.content, &error);
    clean = bench.files.fault.nth > (lasting ? 1u : 0u) || (lasting && status == STATUS_OK);
    bench.files.fault = (struct files_fault){.kind = FILES_FAULT_NONE};
    if (status != STATUS_OK) {
      assert_int_equal(status, STATUS_FAILED);
      assert_non_null(strstr(error.text, kind == FILES_FAULT_IO ? "I/O error" : "disk is full"));
      assert_non_null(strstr(error.place, folder));
      faults++;
    }
    bench_open(&bench); /* as a new process would */
    const u64 step = newest(&bench, NULL), named = latest(&bench);
    assert_true(step == 40 || (step == 30 && status != STATUS_OK));
    assert_true(named == 40 || (named == 30 && status != STATUS_OK));
    expect_loads(&bench, step);
    save(&bench, 50);
    expect_loads(&bench, 50);
    char path[PATH_BYTES_MAX];
    path_of(path, "checkpoints");
    assert_int_equal(files_remove_tree(&bench.files, path, &error), STATUS_OK);
    assert_true(nth < 200);
  }
  assert_true(faults >= 20); /* a save is at least this many writes */
}

static void test_faults_no_space(void **state) {
  (void)state;
  fault_loop(FILES_FAULT_NO_SPACE, false);
  fault_loop(FILES_FAULT_NO_SPACE, true);
}

static void test_faults_io(void **state) {
  (void)state;
  fault_loop(FILES_FAULT_IO, false);
  fault_loop(FILES_FAULT_IO, true);
}

/* For each n, the process is killed at the nth write of a save, also of one that replaces its own step. */
static void test_kills(void **state) {
  (void)state;
  static struct bench bench;
  for (u64 replaced = 0; replaced < 2; replaced++) {
    bool clean = false;
    for (u64 nth = 1; !clean; nth++) {
      struct error error;
      bench_open(&bench);
      save(&bench, 20);
      save(&bench, 30);
      const u64 step = replaced != 0 ? 30 : 40;
      const pid_t child = fork();
      if (child == 0) {
        bench.files.fault = (struct files_fault){.kind = FILES_FAULT_KILL, .nth = nth};
        fill(&bench, step);
        _exit(checkpoint_save(&bench.checkpoints, step, &bench.content, NULL) == STATUS_OK ? 0 : 1);
      }
      int status;
      assert_int_equal(waitpid(child, &status, 0), child);
      clean = WIFEXITED(status);
      assert_true(!clean || WEXITSTATUS(status) == 0);
      bench_open(&bench);
      const u64 found = newest(&bench, NULL);
      assert_true(found == step || (found == 30 && !clean));
      expect_loads(&bench, found);
      latest(&bench);
      save(&bench, 50);
      char path[PATH_BYTES_MAX];
      path_of(path, "checkpoints");
      assert_int_equal(files_remove_tree(&bench.files, path, &error), STATUS_OK);
      assert_true(nth < 200);
    }
  }
}

static u64 size_of(const char *path) {
  struct file file;
  u64 bytes;
  assert_int_equal(files_open_read(&file, path, NULL), STATUS_OK);
  assert_int_equal(files_size(&file, &bytes, NULL), STATUS_OK);
  files_close(&file);
  return bytes;
}

static const char *const names[] = {"model.safetensors", "state.safetensors", "config.json", "manifest"};

/* Damages a copy of step_40 and asks which one is taken. */
static void expect_passed_over(struct bench *bench, const char *file, u64 cut_to, i64 flipped_bit) {
  static u8 whole[MEMORY_BYTES * 2];
  char path[PATH_BYTES_MAX], note[CHECKPOINT_NOTE_BYTES];
  u64 bytes;
  path_of(path, "checkpoints/step_40/%s", file);
  assert_int_equal(files_read_whole(path, whole, sizeof whole, &bytes, NULL), STATUS_OK);
  const u64 changed = flipped_bit >= 0 ? (u64)flipped_bit / 8 : 0;
  if (flipped_bit >= 0) whole[changed] ^= (u8)(1u << (flipped_bit % 8));
  assert_int_equal(files_replace(&bench->files, path, whole, flipped_bit >= 0 ? bytes : cut_to, NULL), STATUS_OK);
  assert_int_equal(newest(bench, note), 30);
  assert_non_null(strstr(note, "step_40 is passed over"));
  assert_non_null(strstr(note, file));
  if (flipped_bit >= 0) whole[changed] ^= (u8)(1u << (flipped_bit % 8));
  assert_int_equal(files_replace(&bench->files, path, whole, bytes, NULL), STATUS_OK);
}

static void test_damage(void **state) {
  (void)state;
  static struct bench bench;
  bench_open(&bench);
  save(&bench, 30);
  save(&bench, 40);
  u64 random = 12345;
  for (u32 i = 0; i < COUNT_OF(names); i++) {
    char path[PATH_BYTES_MAX];
    path_of(path, "checkpoints/step_40/%s", names[i]);
    const u64 bytes = size_of(path);
    const u64 cuts[] = {0, 1, bytes / 2, bytes - 1};
    for (u32 k = 0; k < COUNT_OF(cuts); k++) expect_passed_over(&bench, names[i], cuts[k], -1);
    for (u32 k = 0; k < 40; k++) {
      random = random * 6364136223846793005ull + 1442695040888963407ull;
      expect_passed_over(&bench, names[i], 0, (i64)((random >> 20) % (bytes * 8)));
    }
    assert_int_equal(unlink(path), 0);
    char note[CHECKPOINT_NOTE_BYTES];
    assert_int_equal(newest(&bench, note), 30);
    save(&bench, 40); /* the damaged one is replaced */
    assert_int_equal(newest(&bench, note), 40);
    assert_string_equal(note, "");
  }
  expect_loads(&bench, 30);
}

/* None good: refused, not silently begun again. */
static void test_all_damaged(void **state) {
  (void)state;
  static struct bench bench;
  struct checkpoint_found found;
  struct error error;
  char path[PATH_BYTES_MAX];
  bench_open(&bench);
  save(&bench, 30);
  save(&bench, 40);
  for (u32 step = 30; step <= 40; step += 10) {
    path_of(path, "checkpoints/step_%u/manifest", step);
    assert_int_equal(files_replace(&bench.files, path, "x", 1, &error), STATUS_OK);
  }
  assert_int_equal(checkpoint_newest(&bench.checkpoints, &found, &error), STATUS_DAMAGED);
  assert_false(found.any);
  assert_non_null(strstr(error.text, "step_30"));
  assert_non_null(strstr(error.text, "step_40"));
}

/* What a dead run left is cleared; what is not ours is left alone and never taken for a checkpoint. */
static void test_leftovers(void **state) {
  (void)state;
  static struct bench bench;
  struct error error;
  char path[PATH_BYTES_MAX], kept[PATH_BYTES_MAX];
  bench_open(&bench);
  save(&bench, 50);
  path_of(path, "checkpoints/tmp-step_7/inner");
  assert_int_equal(files_make_folders(&bench.files, path, &error), STATUS_OK);
  path_of(kept, "checkpoints/step_007");
  assert_int_equal(files_make_folders(&bench.files, kept, &error), STATUS_OK);
  path_of(kept, "checkpoints/step_99999999999999999999");
  assert_int_equal(files_make_folders(&bench.files, kept, &error), STATUS_OK);
  bench_open(&bench);
  assert_false(files_exists(path));
  assert_true(files_exists(kept));
  assert_int_equal(newest(&bench, NULL), 50);
}

/* A device that cannot be read is told as such, and leaves no checkpoint. */
static enum status failing_read(void *context, u64 offset, void *data, u64 bytes, struct error *error) {
  (void)data, (void)bytes;
  if (offset < 12000) return memory_read(context, offset, data, bytes, error);
  return status_fail(error, STATUS_DEVICE, "gpu", "lost");
}

static void test_device_error(void **state) {
  (void)state;
  static struct bench bench;
  struct error error;
  bench_open(&bench);
  save(&bench, 60);
  bench.content.read = failing_read;
  assert_int_equal(checkpoint_save(&bench.checkpoints, 70, &bench.content, &error), STATUS_DEVICE);
  assert_string_equal(error.place, "gpu");
  assert_int_equal(newest(&bench, NULL), 60);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define EACH(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)
      EACH(test_save_load_prune), EACH(test_other_shapes), EACH(test_faults_no_space),
      EACH(test_faults_io),       EACH(test_kills),        EACH(test_damage),
      EACH(test_all_damaged),     EACH(test_leftovers),    EACH(test_device_error),
  };
  return cmocka_run_group_tests_name("checkpoint", tests, NULL, NULL);
}
