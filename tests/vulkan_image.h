/* Kernels on every Vulkan device against their C definitions. All cases of a kernel are one program over one image of memory: the
 * definition runs on a copy in host memory, the shader in the arena, and then the two whole images are compared, so that poisoned
 * outputs, guard bytes and inputs are compared too. Owned by the test program; one device is open at a time, closed by the teardown.
 * Fails by cmocka's assertions; without a Vulkan driver a test is skipped. */
#ifndef RLSP_TESTS_VULKAN_IMAGE_H
#define RLSP_TESTS_VULKAN_IMAGE_H

#include "engine/kernels/program.h"
#include "platform/device.h"

#define IMAGE_BYTES (24u << 20)
#define CHUNK_BYTES (4u << 20) /* small, so that the image takes several */
#define CALLS_MAX 512u
#define POISON 0xa5

/* A layout of tensors, made twice by the same code: once to fill and run in host memory, once for the device's addresses. */
struct image {
  const struct device *device; /* NULL = host memory, to be filled */
  u64 used;
  u32 random;
};
typedef void record_function(struct image *image, struct program *program);

extern struct device_info infos[DEVICES_MAX];
extern u32 vulkan_count;
extern struct device device;           /* the one a test has open */
extern u8 *image_bytes, *result_bytes; /* IMAGE_BYTES each */
extern struct program_call calls[CALLS_MAX];

/* Lists the devices and takes the memory; 1 = no memory. images_close gives it back. */
int images_open(void);
void images_close(void);

u32 next_u32(struct image *image);
u32 next_below(struct image *image, u32 end);
/* One of 1, 2, 3, 15, 16, 17, 31, 63, 64, 65, 97, 127, 128, 129, 130, 193. */
u32 next_size(struct image *image);

/* Each gives the tensor's address. count floats of either sign with exponents in [low, high): most of the kernels' range, without
 * what the exact profile rules out; an output that is only assigned stays poisoned: low == high. */
u64 floats(struct image *image, u64 count, i32 low, i32 high);
u64 words(struct image *image, const u32 *values, u32 count);
u64 float_words(struct image *image, const f32 *values, u32 count);
/* Words below `end`. */
u64 next_words(struct image *image, u64 count, u32 end);
/* The host's copy of a tensor while it is being filled, to change values in; NULL on the device's pass. */
u32 *host_words(const struct image *image, u64 address);
/* How many rows are live: the address of none given (0), none, some, more than the bound. */
u64 next_count(struct image *image, u32 bound);

void need_vulkan(void);
void expect_ok(enum status status, const struct error *error);
void open_device(const char *select);
void open_vulkan(u32 index, bool staged);
int close_device(void **state);
/* Fills the host image (target NULL), or records with the addresses of the device; the layouts are equal. */
void record(struct image *image, struct program *program, const struct device *target, record_function *function);
void run_definitions(const struct program *program);
void expect_equal_images(u64 bytes);
/* What each call touches against access.c; then on every Vulkan device there is: as it is, and with staging and cut into many
 * submits. */
void compare_on_all(record_function *function);

#endif
