#include "tools/bench_matmul.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/learn/learner.h"
#include "engine/random.h"
#include "engine/task/countdown.h"
#include "platform/clock.h"
#include "platform/memory.h"
#include "tools/bench_ceiling.h"

#define CASES_MAX 48u
/* A try is long beside the clock and the start of a thread, and short beside what disturbs a shared machine. */
#define TRY_SECONDS 0.004
/* On a GPU a program is one product so many times over: to submit one would take longer than most products. */
#define CALLS_MAX 64u
#define TRIES 5u

struct product {
  u32 orientation, m, n, k;
  struct program program;
  struct program_call calls[CALLS_MAX];
  u32 runs; /* that take TRY_SECONDS, at least one */
  struct bench_row *row;
};

struct products {
  struct device device;
  void *scratch;
  u64 scratch_bytes;
  u64 a, b, c, bytes;     /* offsets of the operands, each as large as the largest */
  u64 sizes, sizes_bytes; /* offset of the programs' sizes; of each */
  u32 calls;              /* of one product in its program */
  struct product cases[CASES_MAX];
  u32 count;
};

/* Of one run of its program. */
static f64 flops_of(const struct product *product) {
  return 2.0 * product->m * product->n * product->k * product->program.count;
}

static const char *const orientation_names[] = {[MATMUL_NT] = "nt", [MATMUL_NN] = "nn", [MATMUL_TN] = "tn"};

static void add_case(struct products *products, struct bench_table *table, const char *section, const char *what,
                     u32 orientation, u32 m, u32 n, u32 k) {
  static const char *const said[] = {[MATMUL_NT] = "NT", [MATMUL_NN] = "NN", [MATMUL_TN] = "TN"};
  char key[BENCH_KEY_BYTES], label[BENCH_LABEL_BYTES];
  CHECK(products->count < CASES_MAX, "%u products", products->count);
  snprintf(key, sizeof key, "matmul.%s%s%s.%ux%ux%u", what, what[0] != 0 ? "." : "", orientation_names[orientation], m,
           n, k);
  snprintf(label, sizeof label, "%s  %4u x %4u x %4u  %s", said[orientation], m, n, k, what);
  products->cases[products->count++] = (struct product){
      .orientation = orientation, .m = m, .n = n, .k = k, .row = bench_row_add(table, section, "GFLOP/s", key, label)};
}

/* The products of y = x W^T and of its backward, `rows` tokens deep. */
static void add_training(struct products *products, struct bench_table *table, const char *what, u32 rows, u32 in,
                         u32 out) {
  static const char section[] =
      "Matrix product, exact profile: the shapes of a training pass of this config (optim.micro_tokens rows)";
  add_case(products, table, section, what, MATMUL_NT, rows, out, in);
  add_case(products, table, section, what, MATMUL_NN, rows, in, out);
  add_case(products, table, section, what, MATMUL_TN, out, in, rows);
}

static void add_cases(struct products *products, const struct config *config, struct bench_table *table) {
  static const char fixed[] =
      "Matrix product, exact profile: M x N x K (M rows and N columns of the result, sums of K products)";
  static const char decode[] =
      "Matrix product, exact profile: the shapes of a decode step of this config (rollout.slots rows)";
  const struct model_shape shape = learner_shape(config, COUNTDOWN_VOCAB);
  const struct {
    const char *name;
    u32 in, out;
  } layers[] = {{"qkv", shape.width, model_qkv_width(&shape)},
                {"attention_out", model_attention_width(&shape), shape.width},
                {"gate_up", shape.width, 2 * shape.ffn},
                {"down", shape.ffn, shape.width},
                {"head", shape.width, shape.vocab}};
  for (u32 o = MATMUL_NT; o <= MATMUL_TN; o++) add_case(products, table, fixed, "", o, 512, 512, 512);
  for (u32 o = MATMUL_NT; o <= MATMUL_TN; o++) add_case(products, table, fixed, "", o, 1024, 2048, 1024);
  for (u32 i = 0; i < COUNT_OF(layers); i++)
    add_training(products, table, layers[i].name, (u32)config->optim_micro_tokens, layers[i].in, layers[i].out);
  for (u32 i = 0; i < COUNT_OF(layers); i++)
    add_case(products, table, decode, layers[i].name, MATMUL_NT, (u32)config->rollout_slots, layers[i].out,
             layers[i].in);
}

static u64 larger(u64 a, u64 b) { return a > b ? a : b; }

static u64 operand_bytes(const struct products *products) {
  u64 floats = 0;
  for (u32 i = 0; i < products->count; i++) {
    const struct product *p = &products->cases[i];
    floats = larger(floats, larger((u64)p->m * p->n, larger((u64)p->m * p->k, (u64)p->n * p->k)));
  }
  return (4 * floats + TENSOR_ALIGN_BYTES - 1) / TENSOR_ALIGN_BYTES * TENSOR_ALIGN_BYTES;
}

/* Uniform on [-1, 1): no product is denormal. */
static enum status fill_operands(struct products *products, struct error *error) {
  void *memory;
  enum status status = host_memory_reserve(products->bytes, &memory, error);
  if (status != STATUS_OK) return status;
  f32 *values = memory;
  struct random_stream random;
  random_open(&random, 1, RANDOM_TEST, 0);
  for (u64 i = 0; i < products->bytes / 4; i++) values[i] = (f32)(2 * random_unit(&random) - 1);
  status = device_upload(&products->device, products->a, values, products->bytes, error);
  if (status == STATUS_OK) status = device_upload(&products->device, products->b, values, products->bytes, error);
  host_memory_release(memory, products->bytes);
  return status;
}

static void record_case(struct products *products, struct product *p) {
  const struct device *device = &products->device;
  const bool a_turned = p->orientation == MATMUL_TN, b_turned = p->orientation == MATMUL_NT;
  p->program.calls = p->calls;
  p->program.capacity = CALLS_MAX;
  p->program.sizes = products->sizes + products->sizes_bytes * (u64)(p - products->cases);
  program_begin(&p->program, "bench_matmul");
  for (u32 i = 0; i < products->calls; i++)
    PROGRAM_CALL(&p->program, matmul, .a = device_address(device, products->a),
                 .b = device_address(device, products->b), .c = device_address(device, products->c), .m = p->m,
                 .n = p->n, .k = p->k, .lda = a_turned ? p->m : p->k, .ldb = b_turned ? p->k : p->n, .ldc = p->n,
                 .orientation = p->orientation);
}

static bool is_cpu_device(const struct products *products) { return products->device.info.kind == DEVICE_KIND_CPU; }

static enum status reserve(struct products *products, struct error *error) {
  const u64 threads = is_cpu_device(products) ? products->device.threads : 1;
  products->calls = strcmp(products->device.info.type, "cpu") == 0 ? 1 : CALLS_MAX;
  products->scratch_bytes = threads * KERNEL_SCRATCH_BYTES;
  products->bytes = operand_bytes(products);
  products->b = products->bytes;
  products->c = 2 * products->bytes;
  products->sizes = 3 * products->bytes;
  products->sizes_bytes = ((u64)PROGRAM_SIZES_ROWS(CALLS_MAX) * PROGRAM_SIZES_WORDS * 4 + TENSOR_ALIGN_BYTES - 1) /
                          TENSOR_ALIGN_BYTES * TENSOR_ALIGN_BYTES;
  enum status status = host_memory_reserve(products->scratch_bytes, &products->scratch, error);
  if (status == STATUS_OK) cpu_device_scratch(&products->device, products->scratch);
  if (status == STATUS_OK)
    status = device_memory_reserve(&products->device, products->sizes + CASES_MAX * products->sizes_bytes, error);
  return status;
}

static enum status load_cases(struct products *products, struct error *error) {
  enum status status = reserve(products, error);
  if (status == STATUS_OK) status = fill_operands(products, error);
  for (u32 i = 0; i < products->count && status == STATUS_OK; i++) {
    record_case(products, &products->cases[i]);
    status = device_program_load(&products->device, &products->cases[i].program, error);
  }
  return status == STATUS_OK ? device_freeze(&products->device, error) : status;
}

/* *flops: of `runs` runs of the product. */
static enum status time_case(struct products *products, struct product *product, u32 runs, f64 *flops,
                             struct error *error) {
  enum status status = STATUS_OK;
  const u64 begin_ns = clock_monotonic_ns();
  for (u32 i = 0; i < runs && status == STATUS_OK; i++)
    status = device_program_run(&products->device, &product->program, error);
  *flops = runs * flops_of(product) / ((f64)(clock_monotonic_ns() - begin_ns) * 1e-9);
  return status;
}

/* The first run warms up, the second says how many fill TRY_SECONDS. */
static enum status count_runs(struct products *products, struct product *product, struct error *error) {
  f64 flops = 0;
  enum status status = time_case(products, product, 1, &flops, error);
  if (status == STATUS_OK) status = time_case(products, product, 1, &flops, error);
  product->runs = (u32)(TRY_SECONDS * flops / flops_of(product)) + 1;
  return status;
}

static f64 higher(f64 a, f64 b) { return a > b ? a : b; }

/* One repetition of one product: the best of TRIES; *ceiling grows to the best met between them, on the CPU device. What
 * disturbs the machine for a while spoils neither. */
static enum status measure_case(struct products *products, struct product *product, f64 *ceiling, struct error *error) {
  f64 best = 0;
  enum status status = STATUS_OK;
  for (u32 i = 0; i < TRIES && status == STATUS_OK; i++) {
    f64 flops = 0, beside = 0;
    status = time_case(products, product, product->runs, &flops, error);
    if (status == STATUS_OK && is_cpu_device(products))
      status = bench_ceiling(bench_simd(&products->device.info), products->device.threads, TRY_SECONDS, &beside, error);
    best = higher(best, flops);
    *ceiling = higher(*ceiling, beside);
  }
  bench_row_value(product->row, best * 1e-9);
  return status;
}

/* The ceiling's rows; none but on the CPU device. */
struct ceiling_rows {
  struct bench_row *single, *all;
};

static enum status measure_round(struct products *products, const struct ceiling_rows *rows, struct error *error) {
  enum status status = STATUS_OK;
  f64 one = 0, best = 0;
  for (u32 i = 0; i < products->count && status == STATUS_OK; i++) {
    f64 alone = 0;
    status = measure_case(products, &products->cases[i], &best, error);
    if (status == STATUS_OK && is_cpu_device(products))
      status = bench_ceiling(bench_simd(&products->device.info), 1, TRY_SECONDS, &alone, error);
    one = higher(one, alone);
  }
  if (status != STATUS_OK || !is_cpu_device(products)) return status;
  bench_row_value(rows->single, one * 1e-9);
  bench_row_value(rows->all, best * 1e-9);
  for (u32 i = 0; i < products->count; i++) {
    struct bench_row *row = products->cases[i].row;
    bench_row_share(row, row->values[row->count - 1] / (best * 1e-9));
  }
  return STATUS_OK;
}

static enum status measure(struct products *products, u32 repetitions, const struct ceiling_rows *rows,
                           struct error *error) {
  enum status status = STATUS_OK;
  for (u32 i = 0; i < products->count && status == STATUS_OK; i++)
    status = count_runs(products, &products->cases[i], error);
  for (u32 i = 0; i < repetitions && status == STATUS_OK; i++) status = measure_round(products, rows, error);
  return status;
}

static struct ceiling_rows add_ceiling(const struct products *products, struct bench_table *table) {
  static const char section[] =
      "The machine's ceiling: product and sum rounded apart, in registers (the best met in a repetition); the "
      "products' "
      "last columns: share of it";
  char label[BENCH_LABEL_BYTES];
  struct ceiling_rows rows;
  rows.single = bench_row_add(table, section, "GFLOP/s", "ceiling.1_thread", "1 thread");
  snprintf(label, sizeof label, "all threads of this run (%u)", products->device.threads);
  rows.all = bench_row_add(table, section, "GFLOP/s", "ceiling.threads", label);
  return rows;
}

static void describe(const struct products *products, struct bench_facts *facts) {
  static char device[DEVICE_NAME_BYTES], driver[DEVICE_NAME_BYTES];
  snprintf(device, sizeof device, "%s", products->device.info.name);
  snprintf(driver, sizeof driver, "%s", products->device.info.driver);
  facts->device = device;
  facts->simd = driver;
}

enum status bench_matmul(const struct config *config, u32 repetitions, struct bench_table *table,
                         struct bench_facts *facts, struct error *error) {
  static struct products products; /* large; one bench is run at a time */
  struct ceiling_rows rows = {0};
  const struct device_options options = {
      .select = config->run_device, .threads = (u32)config->run_threads, .simd = (enum simd)config->run_simd};
  memset(&products, 0, sizeof products);
  enum status status = device_open(&products.device, &options, error);
  if (status == STATUS_OK) {
    describe(&products, facts);
    if (is_cpu_device(&products)) rows = add_ceiling(&products, table);
    add_cases(&products, config, table);
    status = load_cases(&products, error);
  }
  if (status == STATUS_OK) status = measure(&products, repetitions, &rows, error);
  device_close(&products.device);
  host_memory_release(products.scratch, products.scratch_bytes);
  return status;
}
