/* The parts of the Vulkan device that need no driver: its host memory, durations, and which calls wait for which. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "platform/vulkan/access.h"
#include "platform/vulkan/durations.h"
#include "platform/vulkan/vulkan_host_memory.h"

#define REGION_BYTES (1u << 20)
#define LIVE_MAX 200u

static _Alignas(64) u8 region[REGION_BYTES];

struct piece {
  u8 *at;
  u64 bytes;
  u8 mark;
};

static u32 next_random(u32 *random) {
  *random = *random * 1664525u + 1013904223u;
  return *random >> 8;
}

static void expect_marked(const struct piece *piece, u64 bytes) {
  for (u64 i = 0; i < bytes; i++)
    if (piece->at[i] != piece->mark) fail_msg("byte %llu of a piece was overwritten", (unsigned long long)i);
}

/* Thousands of requests, each filled with its own mark: nobody's bytes move, alignment holds, and at the end all is one again. */
static void host_memory_keeps_pieces_apart(void **state) {
  (void)state;
  struct vulkan_host_memory memory;
  struct piece pieces[LIVE_MAX] = {{0}};
  u32 random = 7, refused = 0;
  vulkan_host_memory_open(&memory, region, REGION_BYTES);
  const VkAllocationCallbacks *host = vulkan_host_callbacks(&memory);
  for (u32 step = 0; step < 40000; step++) {
    struct piece *piece = &pieces[next_random(&random) % LIVE_MAX];
    const u64 alignment = (u64)1 << next_random(&random) % 9, bytes = next_random(&random) % 20000;
    if (piece->at == NULL) {
      piece->at = host->pfnAllocation(host->pUserData, bytes, alignment, VK_SYSTEM_ALLOCATION_SCOPE_OBJECT);
    } else if (next_random(&random) % 2 == 0) {
      expect_marked(piece, piece->bytes);
      host->pfnFree(host->pUserData, piece->at);
      piece->at = NULL;
      continue;
    } else {
      u8 *moved =
          host->pfnReallocation(host->pUserData, piece->at, bytes + 1, alignment, VK_SYSTEM_ALLOCATION_SCOPE_OBJECT);
      if (moved == NULL) {
        refused++;
        expect_marked(piece, piece->bytes);
        continue;
      }
      piece->at = moved;
      expect_marked(piece, piece->bytes < bytes ? piece->bytes : bytes);
    }
    if (piece->at == NULL) {
      refused++;
      continue;
    }
    assert_int_equal((uintptr_t)piece->at % alignment, 0);
    assert_true(piece->at >= region && piece->at + bytes <= region + REGION_BYTES);
    piece->bytes = bytes;
    piece->mark = (u8)step;
    memset(piece->at, piece->mark, bytes);
  }
  assert_true(refused > 0 && memory.refused == refused && memory.high <= REGION_BYTES);
  for (u32 i = 0; i < LIVE_MAX; i++) {
    if (pieces[i].at != NULL) expect_marked(&pieces[i], pieces[i].bytes);
    host->pfnFree(host->pUserData, pieces[i].at);
  }
  assert_int_equal(memory.used, 0);
  void *whole = host->pfnAllocation(host->pUserData, REGION_BYTES - 64, 16, VK_SYSTEM_ALLOCATION_SCOPE_OBJECT);
  assert_non_null(whole);
  host->pfnFree(host->pUserData, whole);
  vulkan_host_memory_close(&memory);
}

static void host_memory_answers_odd_requests(void **state) {
  (void)state;
  struct vulkan_host_memory memory;
  vulkan_host_memory_open(&memory, NULL, 0);
  assert_null(vulkan_host_callbacks(&memory));
  vulkan_host_memory_open(&memory, region, REGION_BYTES);
  const VkAllocationCallbacks *host = vulkan_host_callbacks(&memory);
  const VkSystemAllocationScope scope = VK_SYSTEM_ALLOCATION_SCOPE_COMMAND;
  assert_null(host->pfnAllocation(host->pUserData, REGION_BYTES + 1, 16, scope));
  assert_null(host->pfnAllocation(host->pUserData, SIZE_MAX, 16, scope));
  void *nothing = host->pfnAllocation(host->pUserData, 0, 1, scope);
  assert_non_null(nothing);
  assert_null(host->pfnReallocation(host->pUserData, nothing, 0, 1, scope));
  host->pfnFree(host->pUserData, NULL);
  assert_int_equal(memory.used, 0);
  vulkan_host_memory_close(&memory);
}

static void durations_know_their_quantiles(void **state) {
  (void)state;
  static struct durations durations;
  assert_int_equal(durations_quantile_ns(&durations, 0.5), 0);
  for (u64 ns = 1; ns <= 1000000; ns += 7) durations_add(&durations, ns);
  const f64 shares[] = {0.01, 0.5, 0.9, 0.99};
  for (u32 i = 0; i < COUNT_OF(shares); i++) {
    const f64 got = (f64)durations_quantile_ns(&durations, shares[i]), right = shares[i] * 1e6;
    assert_true(got >= right * 0.999 && got <= right * 1.07);
  }
  assert_int_equal(durations_quantile_ns(&durations, 1.0), durations.max_ns);
  durations_add(&durations, UINT64_MAX);
  assert_true(durations_quantile_ns(&durations, 1.0) == UINT64_MAX);
}

static void calls_wait_for_what_they_share(void **state) {
  (void)state;
  const struct access q = {.address = 4096, .row_bytes = 64, .stride_bytes = 192, .rows = 10, .write = true};
  struct access k = q, row = {.address = 4096 + 192, .row_bytes = 64, .stride_bytes = 64, .rows = 1};
  assert_true(access_conflict(&q, &k)); /* both write */
  k.address += 64;
  assert_false(access_conflict(&q, &k)); /* the next columns of the same rows */
  k.row_bytes = 129;
  assert_true(access_conflict(&q, &k)); /* they reach into the next row's q */
  assert_true(access_conflict(&q, &row));
  row.address = 4096 + 192 * 9 + 64;
  assert_false(access_conflict(&q, &row)); /* behind its last byte */
  row.address = 4095;
  row.row_bytes = 1;
  assert_false(access_conflict(&q, &row));
  row.rows = ACCESS_ROWS_UNKNOWN;
  assert_true(access_conflict(&q, &row));
  struct access reader = q;
  reader.write = false;
  assert_false(access_conflict(&reader, &row)); /* nobody writes */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(host_memory_keeps_pieces_apart),
      cmocka_unit_test(host_memory_answers_odd_requests),
      cmocka_unit_test(durations_know_their_quantiles),
      cmocka_unit_test(calls_wait_for_what_they_share),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
