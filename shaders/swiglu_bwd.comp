// Gradient of SwiGLU of engine/kernels/swiglu_bwd.c, bit for bit: one thread a pair of gate and up, so that both are read
// before either is written.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(swiglu_bwd)

void main() {
  uint i = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (i >= live_rows(p.count, 0u, p.rows_max) * p.width) return;
  uint row = i / p.width, column = i % p.width;
  uint at_gate = 2u * row * p.width + column, at_up = at_gate + p.width;
  float gate = p.gate_up.v[at_gate], up = p.gate_up.v[at_up], dout = p.dout.v[i];
  P float s = ex_sigmoid(gate);
  P float dgate = dout * up;
  dgate = dgate * s;
  P float slope = 1.0 - s;
  slope = gate * slope;
  slope = 1.0 + slope;
  dgate = dgate * slope;
  P float dup = dout * gate;
  dup = dup * s;
  p.d_gate_up.v[at_gate] = ex_quiet(dgate);
  p.d_gate_up.v[at_up] = ex_quiet(dup);
}
