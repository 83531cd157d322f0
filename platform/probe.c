#include "platform/probe.h"

#include <stdio.h>
#include <string.h>

#include "platform/clock.h"
#include "platform/cpu/thread_pool.h"
#include "shaders/probe_cases.h"

#define ROW_LANES 64u
#define CALLS_FUNCTION 1024u /* of a thorough probe */
#define CALLS_OTHER 64u

static const char *const names[PROBE_OPERATIONS] = {
    [PROBE_EXP] = "exp",
    [PROBE_LOG] = "log",
    [PROBE_SQRT] = "square root",
    [PROBE_RSQRT] = "reciprocal square root",
    [PROBE_SIGMOID] = "sigmoid",
    [PROBE_SILU] = "silu",
    [PROBE_TANH] = "tanh",
    [PROBE_DIVISION] = "division",
    [PROBE_ADD_PRODUCT] = "a * b + c (fused?)",
    [PROBE_SUBTRACT_PRODUCT] = "c - a * b (fused?)",
    [PROBE_SUM_OF_PRODUCTS] = "a * b - b * c (fused?)",
    [PROBE_ADD_AND_TAKE_AWAY] = "(a + b) - a (simplified?)",
    [PROBE_SUM_ORDER] = "a + b + c + a (reordered?)",
    [PROBE_PRODUCT_ORDER] = "a * b * c * a (reordered?)",
    [PROBE_DISTRIBUTION] = "a * b + a * c (factored?)",
    [PROBE_ERROR_OF_SUM] = "error of a + b (simplified?)",
    [PROBE_LONG_SUM] = "sum of 64 products",
    [PROBE_THRESHOLDS] = "small numbers to zero",
    [PROBE_TINY_PRODUCT] = "products of the smallest operands",
    [PROBE_NEGATIVE_ZERO] = "sums and products with -0",
    [PROBE_COMPARISON] = "comparisons",
    [PROBE_SHIFT] = "shifts and integer division",
    [PROBE_INTEGER_PRODUCT] = "integer products (Philox)",
    [PROBE_CONVERSION] = "conversions",
    [PROBE_ROW_SUM] = "sum over a workgroup",
    [PROBE_EXCHANGE] = "exchange in a workgroup",
};

/* Words at the edges: zeros, ones, the smallest and largest numbers, denormals, infinities, NaNs, the profile's thresholds. */
static const u32 special[] = {0x00000000u, 0x00000001u, 0x007fffffu, 0x00800000u, 0x00800001u, 0x0d7fffffu,
                              0x0d800000u, 0x25ffffffu, 0x26000000u, 0x33800000u, 0x3effffffu, 0x3f000000u,
                              0x3f0ccccdu, 0x3f7fffffu, 0x3f800000u, 0x3f800001u, 0x40000000u, 0x41200000u,
                              0x42ae0000u, 0x42b17217u, 0x42b17218u, 0x4b000000u, 0x4b7fffffu, 0x4b800000u,
                              0x5f000000u, 0x7f7fffffu, 0x7f800000u, 0x7f800001u, 0x7fc00000u, 0x7fffffffu};

static u32 mixed(u32 x) { /* a bijection of words: neighbours become unlike */
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  return x ^ x >> 16;
}

/* Cases of the call-th call: the first begins with all pairs of special words, either sign. */
static void fill(u32 operation, u32 call, u32 *cases) {
  const u32 specials = 2 * COUNT_OF(special);
  for (u32 i = 0; i < PROBE_CALL_CASES; i++) {
    const u64 n = (u64)call * PROBE_CALL_CASES + i;
    u32 *words = cases + 3 * i;
    for (u32 w = 0; w < 3; w++) words[w] = mixed((u32)(3 * n + w) ^ operation * 0x9e3779b9u);
    if (call > 0 || i >= specials * specials) continue;
    words[0] = special[i % specials / 2] | (i % 2 == 0 ? 0 : EX_SIGN);
    words[1] = special[i / specials / 2] | (i / specials % 2 == 0 ? 0 : EX_SIGN);
  }
}

static f32 row_sum(const u32 *cases) {
  f32 lane[ROW_LANES];
  for (u32 l = 0; l < ROW_LANES; l++) lane[l] = probe_ordinary(cases[3 * l]);
  for (u32 apart = ROW_LANES / 2; apart > 0; apart /= 2)
    for (u32 l = 0; l < apart; l++) lane[l] = lane[l] + lane[l + apart];
  return lane[0];
}

void probe_expected(u32 operation, const u32 *cases, u32 *result, u32 count) {
  const u64 mode = denormals_flush();
  for (u32 i = 0; i < count; i++) {
    const u32 *words = cases + 3 * i, *group = cases + 3 * (i / PROBE_GROUP * PROBE_GROUP);
    const u32 lane = i % PROBE_GROUP;
    if (operation == PROBE_ROW_SUM)
      result[i] = lane == 0 ? ex_bits(row_sum(group)) : result[i - lane];
    else if (operation == PROBE_EXCHANGE)
      result[i] = group[3 * probe_partner(lane, words[1])] ^ group[3 * (PROBE_GROUP - 1 - lane)];
    else
      result[i] = probe_case(operation, words[0], words[1], words[2]);
  }
  denormals_restore(mode);
}

/* One call: uploads, asks, and compares. */
static enum status ask(struct device *device, u32 operation, u32 call, struct probe_verdict *verdict,
                       struct error *error) {
  u32 cases[3 * PROBE_CALL_CASES], expected[PROBE_CALL_CASES], got[PROBE_CALL_CASES];
  const u64 results = sizeof cases;
  fill(operation, call, cases);
  probe_expected(operation, cases, expected, PROBE_CALL_CASES);
  memset(got, 0xa5, sizeof got);
  enum status status = device_upload(device, 0, cases, sizeof cases, error);
  if (status == STATUS_OK) status = device_upload(device, results, got, sizeof got, error);
  if (status == STATUS_OK) status = device->operations->probe(device, 0, results, operation, PROBE_CALL_CASES, error);
  if (status == STATUS_OK) status = device_download(device, results, got, sizeof got, error);
  if (status != STATUS_OK) return status;
  verdict->cases += PROBE_CALL_CASES;
  for (u32 i = 0; i < PROBE_CALL_CASES && verdict->failed == NULL; i++) {
    if (expected[i] == got[i]) continue;
    verdict->failed = names[operation];
    memcpy(verdict->input, cases + 3 * i, sizeof verdict->input);
    verdict->expected = expected[i];
    verdict->got = got[i];
  }
  return STATUS_OK;
}

enum status device_probe(struct device *device, enum probe_depth depth, struct probe_verdict *verdict,
                         struct error *error) {
  const u64 began = clock_monotonic_ns();
  enum status status = STATUS_OK;
  *verdict = (struct probe_verdict){.operations = PROBE_OPERATIONS};
  for (u32 operation = 0; operation < PROBE_OPERATIONS && status == STATUS_OK; operation++) {
    const u32 thorough = operation <= PROBE_DIVISION ? CALLS_FUNCTION : CALLS_OTHER;
    const u32 calls = depth == PROBE_SHORT ? 1 : thorough;
    for (u32 call = 0; call < calls && status == STATUS_OK && verdict->failed == NULL; call++)
      status = ask(device, operation, call, verdict, error);
  }
  static const u8 zeros[PROBE_ARENA_BYTES];
  if (status == STATUS_OK) status = device_upload(device, 0, zeros, sizeof zeros, error);
  verdict->seconds = (f64)(clock_monotonic_ns() - began) * 1e-9;
  return status;
}

const char *probe_verdict_text(const struct probe_verdict *verdict, char text[PROBE_TEXT_BYTES]) {
  if (verdict->failed == NULL)
    snprintf(text, PROBE_TEXT_BYTES, "bits match (%llu cases of %u operations, %.2f s)",
             (unsigned long long)verdict->cases, verdict->operations, verdict->seconds);
  else
    snprintf(text, PROBE_TEXT_BYTES, "%s: of %08x %08x %08x it makes %08x, not %08x", verdict->failed,
             verdict->input[0], verdict->input[1], verdict->input[2], verdict->got, verdict->expected);
  return text;
}

const char *probe_operation_name(u32 operation) { return names[operation]; }
u32 probe_operation_count(void) { return PROBE_OPERATIONS; }
