/* The one door to compute. Two devices stand behind it: cpu (platform/cpu) and vulkan (platform/vulkan).
 *
 * Memory: one arena of device_memory_reserve bytes in chunks of CHUNK_BYTES_MAX; tensors are byte offsets in it (engine/memory/arena.h), and
 * device_address turns an offset into what kernels read through. Programs: engine/kernels/program.h lists, loaded once before the
 * freeze, replayed after. After device_freeze no call here allocates on our side. All calls come from one thread.
 * Errors: STATUS_DEVICE with the device's name as place; STATUS_DOES_NOT_FIT from device_memory_reserve. */
#ifndef RLSP_PLATFORM_DEVICE_H
#define RLSP_PLATFORM_DEVICE_H

#include "engine/kernels/program.h"
#include "engine/status.h"

#define DEVICE_NAME_BYTES 128u
#define DEVICES_MAX 32u

enum device_kind { DEVICE_KIND_CPU, DEVICE_KIND_VULKAN };

struct device_info {
  enum device_kind kind;
  u32 index;                      /* vulkan:N */
  char name[DEVICE_NAME_BYTES];   /* "cpu", or the driver's device name */
  char driver[DEVICE_NAME_BYTES]; /* cpu: the SIMD set in use; vulkan: driver name, its version, API version */
  char type[16];                  /* "discrete", "integrated", "cpu", "virtual", "other" */
  u64 memory_bytes, free_bytes;   /* of the device-local heap; cpu: physical memory, available memory */
  bool free_known;                /* false: the driver does not tell what is free */
  u32 subgroup_size;              /* vulkan only */
  char missing[96];               /* vulkan: what rlsp needs and this device lacks; "" = fit */
};

enum simd { SIMD_AUTO, SIMD_BASELINE, SIMD_AVX2, SIMD_AVX512 };
const char *simd_name(enum simd simd);

struct device_options {
  const char *select; /* auto | cpu | vulkan | vulkan:N | part of a name (run.device) */
  u32 threads;        /* CPU workers; 0 = all */
  enum simd simd;     /* CPU only; AUTO = the best this CPU has */
  /* Vulkan only. Memory the driver's own objects are to lie in (16-byte aligned; NULL: the heap), which stays the caller's and must
   * stay mapped until device_close has said that the driver is done with it; and the folder that compiled pipelines are kept in
   * ("" or NULL: nowhere). */
  void *driver_memory;
  u64 driver_memory_bytes;
  const char *cache_folder;
};

/* What happened since the device was opened; all zero on the CPU device. */
struct device_report {
  u64 submits, submit_p50_ns, submit_p99_ns, submit_max_ns; /* transfers count too */
  u32 pipelines, segments, dispatches, barriers;            /* compiled; recorded */
  u64 pipelines_ns;                                         /* compiling and first dispatches */
  u64 pipelines_cache_bytes; /* of the cache file that the driver was given; 0 = there was none */
  u64 driver_bytes;          /* of driver_memory, at most */
};

struct device;
struct device_operations {
  enum status (*memory_reserve)(struct device *, u64 bytes, struct error *);
  u64 (*address)(const struct device *, u64 offset);
  enum status (*upload)(struct device *, u64 offset, const void *data, u64 bytes, struct error *);
  enum status (*download)(struct device *, u64 offset, void *data, u64 bytes, struct error *);
  enum status (*program_load)(struct device *, struct program *, struct error *);
  enum status (*program_run)(struct device *, struct program *, struct error *);
  /* Runs `count` cases of an operation of the probe (platform/probe.h): arena offsets of u32 [count][3] and of u32 [count]. */
  enum status (*probe)(struct device *, u64 cases, u64 results, u32 operation, u32 count, struct error *);
  enum status (*freeze)(struct device *, struct error *);
  void (*report)(const struct device *, struct device_report *);
  bool (*close)(struct device *);
};

struct device {
  const struct device_operations *operations; /* NULL = closed */
  struct device_info info;
  u32 threads;
  char note[512]; /* under run.device = auto: why the CPU device was taken; "" otherwise */
  void *state;    /* the implementation's */
};

/* Lists every device: the Vulkan ones in the loader's order, then cpu. Returns how many (at most `capacity`). *vulkan_note says why there
 * is no Vulkan device, or why a GPU may be missing among them: no loader, no driver, no permission, and what to do ("" = nothing to say). */
u32 device_list(struct device_info *infos, u32 capacity, char *vulkan_note, u32 vulkan_note_bytes);

/* Opens what options->select names. `auto`: discrete GPU, integrated GPU, else the CPU device; a Vulkan driver that itself runs on the CPU is
 * never chosen by auto. *device is zeroed first; the caller always calls device_close, whatever the status. */
enum status device_open(struct device *device, const struct device_options *options, struct error *error) MUST_USE;
enum status device_memory_reserve(struct device *device, u64 bytes, struct error *error) MUST_USE;
u64 device_address(const struct device *device, u64 offset);
enum status device_upload(struct device *device, u64 offset, const void *data, u64 bytes, struct error *error) MUST_USE;
enum status device_download(struct device *device, u64 offset, void *data, u64 bytes, struct error *error) MUST_USE;
/* Prepares a recorded program (command buffers, pipelines). A kernel the device does not have is STATUS_DEVICE, named. */
enum status device_program_load(struct device *device, struct program *program, struct error *error) MUST_USE;
/* Runs it to its end. */
enum status device_program_run(struct device *device, struct program *program, struct error *error) MUST_USE;
/* After the last program is loaded, before the first is run: makes ready what a first run would. After it no call here allocates on
 * our side. */
enum status device_freeze(struct device *device, struct error *error) MUST_USE;
void device_report(const struct device *device, struct device_report *report);
/* false: the driver did not come to rest (a lost device), and may still use memory it was given: leave that mapped and end the
 * process. */
bool device_close(struct device *device);

/* The implementations; only platform/device.c calls these. */
enum status cpu_device_open(struct device *device, const struct device_options *options, struct error *error);
void cpu_device_describe(struct device_info *info, enum simd simd);
/* Gives the CPU device its workers' scratch, device->threads x KERNEL_SCRATCH_BYTES from the host arena; does nothing on another device. Before
 * the first program runs. */
void cpu_device_scratch(struct device *device, void *scratch);
/* How many workers run.threads means here (0 = all cores). */
u32 cpu_threads(u32 wanted);
enum status vulkan_device_open(struct device *device, u32 index, const struct device_options *options,
                               struct error *error);
u32 vulkan_device_list(struct device_info *infos, u32 capacity, char *note, u32 note_bytes);

#endif
