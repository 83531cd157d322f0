#include "tools/bench_ceiling.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "platform/clock.h"

/* One piece of work is CHAIN_STEPS steps of every chain: some tens of microseconds. */
#define CHAIN_STEPS 20000u

typedef f32 chains_function(u32 steps, f32 factor, f32 term);

/* Sums under way: 4 cycles of latency on 2 pipes want 8, and pipes are not chosen well; with the factors and a product,
 * 12 still fit 16 registers. */
#define CHAINS 12u

/* Makes the compiler believe that x changed, so that every product is computed. No instruction. */
#if defined(__x86_64__)
#define CHANGED(x) __asm__ volatile("" : "+x"(x))
#elif defined(__aarch64__)
#define CHANGED(x) __asm__ volatile("" : "+w"(x))
#else
#define CHANGED(x) __asm__ volatile("" : "+m"(x))
#endif

#define DEFINE_CHAINS(name, target, bytes)                       \
  typedef f32 name##_vector __attribute__((vector_size(bytes))); \
  target static f32 name(u32 steps, f32 factor, f32 term) {      \
    name##_vector x = factor - (name##_vector){0}, sums[CHAINS]; \
    const name##_vector y = term - (name##_vector){0};           \
    for (u32 i = 0; i < CHAINS; i++) sums[i] = x;                \
    for (u32 step = 0; step < steps; step++) {                   \
      for (u32 i = 0; i < CHAINS; i++) {                         \
        CHANGED(x);                                              \
        sums[i] = sums[i] + x * y;                               \
      }                                                          \
    }                                                            \
    f32 total = 0;                                               \
    for (u32 i = 0; i < CHAINS; i++) total += sums[i][0];        \
    return total;                                                \
  }

DEFINE_CHAINS(chains_baseline, , 16)
#if defined(__x86_64__)
DEFINE_CHAINS(chains_avx2, __attribute__((target("avx2"))), 32)
DEFINE_CHAINS(chains_avx512, __attribute__((target("avx512f"))), 64)
#endif

struct chains {
  chains_function *run;
  f64 flops; /* of one piece */
};

static struct chains chains_of(enum simd simd) {
  struct chains chains = {chains_baseline, 2.0 * 4 * CHAINS * CHAIN_STEPS};
#if defined(__x86_64__)
  if (simd == SIMD_AVX2) chains = (struct chains){chains_avx2, 2.0 * 8 * CHAINS * CHAIN_STEPS};
  if (simd == SIMD_AVX512) chains = (struct chains){chains_avx512, 2.0 * 16 * CHAINS * CHAIN_STEPS};
#else
  (void)simd;
#endif
  return chains;
}

/* All threads take pieces until the time is over; each ends with the piece it is in. */
struct measurement {
  struct chains chains;
  u64 end_ns;
  _Atomic u64 pieces;
};

static void *take_pieces(void *argument) {
  struct measurement *measurement = argument;
  const volatile f32 one = 1.0f, little = 1e-8f;
  volatile f32 result;
  while (clock_monotonic_ns() < measurement->end_ns) {
    result = measurement->chains.run(CHAIN_STEPS, one, little);
    atomic_fetch_add(&measurement->pieces, 1);
  }
  (void)result;
  return NULL;
}

/* The device's workers look for more to do for a while before they sleep; they would be counted out of the ceiling. */
static void let_workers_sleep(void) {
  const struct timespec while_they_look = {.tv_nsec = 1000000};
  nanosleep(&while_they_look, NULL);
}

enum status bench_ceiling(enum simd simd, u32 threads, f64 seconds, f64 *flops, struct error *error) {
  pthread_t others[THREADS_MAX];
  let_workers_sleep();
  const u64 begin_ns = clock_monotonic_ns();
  struct measurement measurement = {.chains = chains_of(simd), .end_ns = begin_ns + (u64)(seconds * 1e9)};
  u32 started = 0;
  int code = 0;
  while (started + 1 < threads && code == 0) {
    code = pthread_create(&others[started], NULL, take_pieces, &measurement);
    started += code == 0;
  }
  if (code == 0) take_pieces(&measurement);
  for (u32 i = 0; i < started; i++) pthread_join(others[i], NULL);
  *flops = (f64)measurement.pieces * measurement.chains.flops / ((f64)(clock_monotonic_ns() - begin_ns) * 1e-9);
  if (code == 0) return STATUS_OK;
  return status_fail(error, STATUS_FAILED, "bench", "thread %u of %u cannot be started: %s; set run.threads lower",
                     started + 2, threads, strerror(code));
}

enum simd bench_simd(const struct device_info *info) {
  for (int simd = SIMD_BASELINE; simd <= SIMD_AVX512; simd++)
    if (strcmp(info->driver, simd_name((enum simd)simd)) == 0) return (enum simd)simd;
  return SIMD_BASELINE;
}
