// Asks a device what the exact profile relies on: one invocation a case, every case of a call the same operation. What must
// come out: platform/probe.c.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"
#include "shaders/probe_cases.h"
#include "shaders/probe_params.h"
#include "shaders/row_sum.glsl"

layout(local_size_x = 256) in;
KERNEL(probe)

shared uint exchange[PROBE_GROUP];

void main() {
  uint lane = gl_LocalInvocationID.x, i = group_index() * PROBE_GROUP + lane;
  if (group_index() * PROBE_GROUP >= p.count) return;
  uint a = p.cases.v[3u * i], b = p.cases.v[3u * i + 1u], c = p.cases.v[3u * i + 2u];
  uint result;
  if (p.operation == PROBE_ROW_SUM) {
    result = ex_bits(row_sum(probe_ordinary(a)));
  } else if (p.operation == PROBE_EXCHANGE) {
    exchange[lane] = a;
    barrier();
    result = exchange[probe_partner(lane, b)] ^ exchange[PROBE_GROUP - 1u - lane];
  } else {
    result = probe_case(p.operation, a, b, c);
  }
  p.result.v[i] = result;
}
