/* The CPU device: kernels on a thread pool, the arena one mmap. Its state is static: a process opens at most one (CHECKed), because the
 * pool is large and nothing may be allocated. Memory lives from device_memory_reserve to device_close. */
#define _GNU_SOURCE /* sched_getaffinity */
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/check.h"
#include "platform/cpu/thread_pool.h"
#include "platform/device.h"
#include "platform/probe.h"

struct cpu_device {
  bool open;
  const struct kernel_entry *kernels;
  struct thread_pool pool;
  u8 *arena;
  u64 arena_bytes;
};

static struct cpu_device the_cpu; /* the one exception to "no mutable globals": see the top */

const char *simd_name(enum simd simd) {
  static const char *const names[] = {"auto", "baseline", "avx2", "avx512"};
  return names[simd];
}

static enum simd simd_best(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return SIMD_AVX512;
  if (__builtin_cpu_supports("avx2")) return SIMD_AVX2;
#endif
  return SIMD_BASELINE;
}

static const struct kernel_entry *kernels_of(enum simd simd) {
#if defined(__x86_64__)
  if (simd == SIMD_AVX512) return kernels_avx512;
  if (simd == SIMD_AVX2) return kernels_avx2;
#else
  (void)simd;
#endif
  return kernels_baseline;
}

static u64 pages_bytes(int name) {
  const long pages = sysconf(name), page_bytes = sysconf(_SC_PAGESIZE);
  return pages < 0 || page_bytes < 0 ? 0 : (u64)pages * (u64)page_bytes;
}

void cpu_device_describe(struct device_info *info, enum simd simd) {
  memset(info, 0, sizeof *info);
  info->kind = DEVICE_KIND_CPU;
  strcpy(info->name, "cpu");
  strcpy(info->type, "cpu");
  strcpy(info->driver, simd_name(simd == SIMD_AUTO ? simd_best() : simd));
  info->memory_bytes = pages_bytes(_SC_PHYS_PAGES);
  info->free_bytes = pages_bytes(_SC_AVPHYS_PAGES);
  info->free_known = info->free_bytes > 0;
}

static enum status cpu_memory_reserve(struct device *device, u64 bytes, struct error *error) {
  struct cpu_device *cpu = device->state;
  void *arena = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (arena == MAP_FAILED)
    return status_fail(error, STATUS_DOES_NOT_FIT, "cpu",
                       "%llu bytes cannot be mapped; run rlsp plan to see what takes them", (unsigned long long)bytes);
  cpu->arena = arena;
  cpu->arena_bytes = bytes;
  memset(cpu->arena, 0, bytes); /* touched now: it fits, or the run ends before its first step */
  return STATUS_OK;
}

static u64 cpu_address(const struct device *device, u64 offset) {
  const struct cpu_device *cpu = device->state;
  return (u64)(uintptr_t)(cpu->arena + offset);
}

static enum status cpu_upload(struct device *device, u64 offset, const void *data, u64 bytes, struct error *error) {
  struct cpu_device *cpu = device->state;
  (void)error;
  CHECK(offset <= cpu->arena_bytes && bytes <= cpu->arena_bytes - offset, "upload beyond the arena");
  memcpy(cpu->arena + offset, data, bytes);
  return STATUS_OK;
}

static enum status cpu_download(struct device *device, u64 offset, void *data, u64 bytes, struct error *error) {
  const struct cpu_device *cpu = device->state;
  (void)error;
  CHECK(offset <= cpu->arena_bytes && bytes <= cpu->arena_bytes - offset, "download beyond the arena");
  memcpy(data, cpu->arena + offset, bytes);
  return STATUS_OK;
}

static enum status cpu_program_load(struct device *device, struct program *program, struct error *error) {
  (void)device, (void)program, (void)error;
  return STATUS_OK;
}

static enum status cpu_program_run(struct device *device, struct program *program, struct error *error) {
  struct cpu_device *cpu = device->state;
  (void)error;
  CHECK(cpu->pool.scratch != NULL, "the CPU device has no scratch");
  const u64 mode = denormals_flush();
  for (u32 i = 0; i < program->count; i++) {
    const struct program_call *call = &program->calls[i];
    const struct kernel_entry *kernel = &cpu->kernels[call->kernel];
    thread_pool_run(&cpu->pool, kernel->run, call->params, kernel->groups(call->params));
  }
  denormals_restore(mode);
  return STATUS_OK;
}

/* Its kernels and the probe's expectations are the same text. */
static enum status cpu_probe(struct device *device, u64 cases, u64 results, u32 operation, u32 count,
                             struct error *error) {
  struct cpu_device *cpu = device->state;
  (void)error;
  probe_expected(operation, (const u32 *)(const void *)(cpu->arena + cases), (u32 *)(void *)(cpu->arena + results),
                 count);
  return STATUS_OK;
}

static enum status cpu_freeze(struct device *device, struct error *error) {
  (void)device, (void)error;
  return STATUS_OK;
}

static void cpu_report(const struct device *device, struct device_report *report) { (void)device, (void)report; }

static bool cpu_close(struct device *device) {
  struct cpu_device *cpu = device->state;
  thread_pool_close(&cpu->pool);
  if (cpu->arena != NULL) munmap(cpu->arena, cpu->arena_bytes);
  memset(cpu, 0, sizeof *cpu);
  return true;
}

static const struct device_operations cpu_operations = {
    .memory_reserve = cpu_memory_reserve,
    .address = cpu_address,
    .upload = cpu_upload,
    .download = cpu_download,
    .program_load = cpu_program_load,
    .program_run = cpu_program_run,
    .probe = cpu_probe,
    .freeze = cpu_freeze,
    .report = cpu_report,
    .close = cpu_close,
};

u32 cpu_threads(u32 wanted) {
  cpu_set_t allowed; /* what a container or taskset leaves us */
  const int counted = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
  const u32 cores = counted < 1 ? 1 : (u32)counted;
  const u32 threads = wanted == 0 ? cores : wanted;
  return threads < THREADS_MAX ? threads : THREADS_MAX;
}

enum status cpu_device_open(struct device *device, const struct device_options *options, struct error *error) {
  const enum simd best = simd_best();
  const enum simd simd = options->simd == SIMD_AUTO ? best : options->simd;
  if (simd > best)
    return status_fail(error, STATUS_DEVICE, "cpu", "this CPU has no %s; set run.simd = auto", simd_name(simd));
  CHECK(!the_cpu.open, "the CPU device is open already");
  the_cpu.open = true;
  the_cpu.kernels = kernels_of(simd);
  device->operations = &cpu_operations;
  device->state = &the_cpu;
  device->threads = cpu_threads(options->threads);
  cpu_device_describe(&device->info, simd);
  return thread_pool_open(&the_cpu.pool, device->threads, error);
}

void cpu_device_scratch(struct device *device, void *scratch) {
  if (device->info.kind != DEVICE_KIND_CPU) return;
  struct cpu_device *cpu = device->state;
  cpu->pool.scratch = scratch;
}
