// The clipped value loss of engine/kernels/ppo_value.c, bit for bit: one thread a loss row's stream.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "shaders/kernel.glsl"

layout(local_size_x = GROUP_ELEMENTS) in;
KERNEL(ppo_value)

void main() {
  uint i = group_index() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (i >= live_rows(p.count, 0u, p.rows_max) * p.streams) return;
  uint t = i / p.streams, stream = i % p.streams;
  uint record = stream * p.records + p.record.v[t];
  P float value = p.value.v[i];
  P float old = p.old_value.v[record];
  P float ret = p.ret.v[record];
  P float scale = p.scale.v[0];
  P float moved = value - old;
  P float above = old + p.clip;
  P float below = old - p.clip;
  float limited = value;
  if (p.clip > 0.0 && moved > p.clip) limited = above;
  if (p.clip > 0.0 && moved < -p.clip) limited = below;
  P float error = value - ret;
  P float limited_error = limited - ret;
  P float square = error * error;
  square = ex_flush(square);
  P float limited_square = limited_error * limited_error;
  limited_square = ex_flush(limited_square);
  bool clipped = limited_square > square;
  P float loss = (clipped ? limited_square : square) * 0.5;
  loss = ex_flush(loss) * scale;
  P float gradient = error * scale;
  p.loss.v[i] = ex_flush(loss);
  p.dvalue.v[i] = clipped ? 0.0 : ex_quiet(gradient);
  p.stat.v[i] = clipped ? 1.0 : 0.0;
}
